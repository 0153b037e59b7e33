"""Fields of a card: options go with the types that read them."""

from pathlib import Path

import pytest

from scoreline.errors import CardError
from scoreline.language.fields import FIELD_TYPES
from scoreline.scorecard import schema
from scoreline.scorecard.file import load_card
from tests.scorecard.reading.refusing import findings

VALUES = {"decimal": '","', "order": "dmy", "currency": "RUB", "country": "RU"}
TAKEN_BY = {
    "decimal": {"number", "integer", "money"},
    "order": {"date", "time"},
    "currency": {"money"},
    "country": {"phone", "postcode", "company id"},
}


def card(field: str) -> str:
    return f"""scorecard: c
fields:
  a: {field}
terms:
- {{name: known, when: a is not null, points: 1}}
"""


def test_every_option_of_some_types_is_looked_at() -> None:
    assert {key.name for key in schema.FIELD if key.types} == VALUES.keys()


@pytest.mark.parametrize("kind", FIELD_TYPES)
@pytest.mark.parametrize("option", VALUES)
def test_an_option_is_taken_by_its_types_alone(option: str, kind: str) -> None:
    found = findings(card(f"{{type: {kind}, {option}: {VALUES[option]}}}"))
    if kind in TAKEN_BY[option]:
        assert found == []
    else:
        (finding,) = found
        assert (finding.code, finding.line) == ("card-format", 3)
        assert f"`a` is of type {kind}, which takes no `{option}`" in finding.message
        assert all(taker in finding.message for taker in TAKEN_BY[option])


def test_the_refusal_names_file_line_field_and_types(tmp_path: Path) -> None:
    path = tmp_path / "lead.yaml"
    path.write_text(card('{type: text, decimal: ","}'), encoding="utf-8")
    with pytest.raises(CardError) as refused:
        load_card(path)
    assert str(refused.value) == (
        "lead.yaml:3: The field `a` is of type text, which takes no `decimal`; number, integer "
        "and money do. Leave `decimal` out, or give the field one of these types."
    )


def test_options_without_a_type_are_one_finding() -> None:
    """The type was forgotten: that terms compare a text with a number is no second mistake."""
    text = card('{decimal: ",", currency: RUB}').replace("a is not null", "a > 1")
    (finding,) = findings(text)
    assert "takes no `decimal`" in finding.message
