"""What `import mfa` offers, and that it stays light."""

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

import mfa


@pytest.mark.parametrize("name", sorted(set(mfa.__all__) - {"__version__"}))
def test_every_public_name_is_there(name):
    home = next(home for home, names in mfa.HOMES.items() if name in names)
    assert getattr(mfa, name) is getattr(import_module(home), name)


def test_no_public_name_hides_a_submodule():
    assert set(mfa.__all__) & {module.name for module in iter_modules(mfa.__path__)} == set()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'mfa' has no attribute 'simulates'"):
        _ = mfa.simulates


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, mfa; print(*sorted({'numpy', 'pandas', 'networkx', 'pyomo', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
