"""Finished sentences are told again in the other language, with names for ids; what fits nothing stays as it is."""

import pytest
from views.example_park import scenario

from mfa.views import retelling
from mfa.views.wording import Names

CATALOGUE = {
    "{material} of {firm} has nowhere to go": "{firm}的{material}无处可去",
    "need: {target} can take no more {material}": "需求：{target}不能再接收{material}",
    "the link's capacity": "链接的输送能力",
    "replaces {what} a year at {target}": "每年在{target}替代{what}",
    "limit at {firm}: {limit}": "{firm}的限值：{limit}",
    "{shown} of {all}": "共{all}条，列{shown}条",
}


@pytest.fixture
def tell(monkeypatch):
    """Return a function that tells a sentence in a language."""
    monkeypatch.setattr(retelling, "chinese", lambda: CATALOGUE)
    retelling.templates.cache_clear()
    retelling._plain.cache_clear()
    yield lambda text, language: retelling.teller(Names((scenario(),), language)).tell(text)
    retelling.templates.cache_clear()
    retelling._plain.cache_clear()


BEYOND = "Red mud of Alumina refinery has nowhere to go", "氧化铝厂的赤泥无处可去"
OWN = "a sentence of a user's own function"


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        ("red_mud of alumina has nowhere to go", *BEYOND),
        ("alumina的red_mud无处可去", *BEYOND),
        ("the link's capacity", "the link's capacity", "链接的输送能力"),
        (
            "the link's capacity; need: kiln can take no more clay",
            "the link's capacity; need: Clinker kiln can take no more Clay",
            "链接的输送能力；需求：熟料生产线不能再接收黏土",
        ),
        (
            "replaces 5,965 t clay a year at kiln",
            "replaces 5.96 kt Clay a year at Clinker kiln",
            "每年在熟料生产线替代5,965 吨 黏土",
        ),
        ("limit at kiln: Cl ≤ 0.0004", "limit at Clinker kiln: Cl ≤ 0.0004", "熟料生产线的限值：Cl ≤ 0.0004"),
        ("all of kiln", "all of kiln", "all of kiln"),
        (OWN, OWN, OWN),
        ("", "", ""),
    ],
)
def test_sentences_are_told_in_both_languages(tell, said, english, chinese):
    assert tell(said, "en") == english
    assert tell(said, "zh") == chinese


@pytest.mark.usefixtures("tell")
def test_a_firm_that_is_called_like_a_material_is_not_taken_for_it():
    teller = retelling.Teller(Names((), "en"), ids={"clay": "Clay works"}, materials={"clay": "Clay"})
    assert teller.tell("replaces 5 t clay a year at clay") == "replaces 5 t Clay a year at Clay works"
    assert teller.tell("need: clay can take no more clay") == "need: Clay works can take no more Clay"


def test_a_sentence_with_braces_is_only_text(tell):
    assert tell("{material} of {0} has nowhere to go", "zh") == "{0}的{material}无处可去"
