import pytest

from mfa.optimization.solvers import available


@pytest.fixture(params=["glpk", "highs"])
def solver(request):
    """Each solver in turn; glpsol has no wheel for Windows."""
    if available()[request.param] is None:
        pytest.skip(f"{request.param} is not installed")
    return request.param
