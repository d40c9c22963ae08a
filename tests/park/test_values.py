import ast
import copy
import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from mfa.errors import InputError, Problem
from mfa.park.firm import Firm, Line
from mfa.park.link import Link
from mfa.park.park import Park
from mfa.park.values import FrozenDict, Text

ROOT = Path(__file__).parents[2]
FIRM = Firm(id="kiln", lines={"burn": Line(id="burn", runs="clinker", capacity=10.0)}, storage={"ash": 3.0})


def test_a_value_refuses_to_change():
    with pytest.raises(ValidationError, match="frozen"):
        FIRM.sector = "C30"


@pytest.mark.parametrize(
    "change",
    [
        lambda storage: storage.__setitem__("ash", 4.0),
        lambda storage: storage.__delitem__("ash"),
        lambda storage: storage.update(ash=4.0),
        lambda storage: storage.setdefault("slag", 1.0),
        lambda storage: storage.pop("ash"),
        lambda storage: storage.popitem(),
        lambda storage: storage.clear(),
        lambda storage: storage.__ior__({"ash": 4.0}),
    ],
)
def test_a_mapping_inside_a_value_refuses_to_change(change):
    with pytest.raises(TypeError, match="belongs to a frozen value"):
        change(FIRM.storage)
    assert FIRM.storage == {"ash": 3.0}


def test_a_value_does_not_share_the_mapping_it_was_given():
    storage = {"ash": 3.0}
    firm = Firm(id="kiln", storage=storage)
    storage["ash"] = 99.0
    assert firm.storage == {"ash": 3.0}


def test_replace_validates_and_forgets_what_was_derived():
    park = Park(firms={"kiln": FIRM, "mill": Firm(id="mill")})
    assert park.graph.number_of_edges() == 0
    linked = park.replace(links=(Link(id="a", from_="kiln", to="mill", material="clinker"),))
    assert linked.graph.number_of_edges() == 1
    assert park.graph.number_of_edges() == 0
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        FIRM.lines["burn"].replace(capacity=-1.0)


def test_replace_takes_a_field_by_its_name_in_files_or_in_python():
    link = Link(id="a", from_="kiln", to="mill", material="clinker")
    assert link.replace(from_="mill") == link.replace(**{"from": "mill"})


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite(bad):
    with pytest.raises(ValidationError, match="finite"):
        Line(id="burn", runs="clinker", capacity=bad)


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Line(id="burn", runs="clinker", capacity=1.0, capacty=2.0)


def test_values_travel_between_processes():
    assert pickle.loads(pickle.dumps(FIRM)) == FIRM
    assert isinstance(pickle.loads(pickle.dumps(FIRM)).storage, FrozenDict)
    assert copy.deepcopy(FIRM) == FIRM


def test_errors_survive_being_made_anew_from_their_arguments():
    """SimPy does that when an error leaves a process, pickle when it leaves a worker."""
    error = InputError([Problem("a.yaml:1:2", "park", "wrong"), Problem("a.yaml:3:4", "", "doubtful", "warning")])
    for again in (type(error)(*error.args), pickle.loads(pickle.dumps(error))):
        assert again.problems == error.problems
        assert str(again) == "a.yaml:1:2: error: park: wrong\na.yaml:3:4: warning: doubtful"


def test_a_name_falls_back_to_the_other_language():
    assert Text(zh="窑").in_language("en") == "窑"
    assert Text(en="Kiln", zh="窑").in_language("zh") == "窑"
    assert Text().in_language("en") == ""


def test_nothing_but_replace_copies_a_value():
    """`model_copy(update=)` skips validation and keeps a stale graph."""
    files = [file for folder in ("mfa", "tests") for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 20
    copies = [
        f"{file}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("model_copy", "model_construct")
    ]
    assert copies == []
