"""What a card is told about its numbers, codes, cases and names; and how labels are spelt."""

import phonenumbers
import pycountry
import pytest

from scoreline.language.fields import FIELD_TYPES
from scoreline.quality.typing.lists import _currency_words
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.reading.codes import CURRENCIES, REGIONS
from scoreline.scorecard.write import card_yaml
from tests.scorecard.reading.refusing import findings


def card(
    field: str = "number", term: str = "when: a is not null, points: 1", rest: str = ""
) -> str:
    return f"scorecard: c\nfields:\n  a: {field}\nterms:\n- {{name: t, {term}}}\n{rest}"


def test_codes_are_those_that_the_libraries_know() -> None:
    assert phonenumbers.SUPPORTED_REGIONS == REGIONS
    iso = {currency.alpha_3 for currency in pycountry.currencies}
    read = {code for codes in _currency_words().values() for code in codes.split()}
    assert iso | read == CURRENCIES


@pytest.mark.parametrize(
    ("field", "message", "hint"),
    [
        (
            "{type: phone, country: XX}",
            "`XX` is no code of a country",
            "Codes that begin with X: XK.",
        ),
        ("{type: phone, country: UK}", "`UK` is no code", "Did you mean GB?"),
        ("{type: phone, country: Germany}", "`Germany` is no code", "Codes that begin with G"),
        ("{type: money, currency: EUO}", "`EUO` is no code of a currency", "Did you mean EUR?"),
        ("{type: money, currency: rur}", "`rur` is no code of a currency", "Did you mean RUB?"),
        ("{type: money, currency: '€'}", "`€` is no code of a currency", "Codes look like"),
    ],
)
def test_codes_that_do_not_exist(field: str, message: str, hint: str) -> None:
    (finding,) = findings(card(field))
    assert finding.line == 3
    assert finding.message.startswith(message)
    assert finding.hint.startswith(hint)


def test_codes_may_be_small() -> None:
    text = card("{type: phone, country: ru}")
    assert parse_card(text).fields[0].country == "RU"
    assert (
        parse_card(text.replace("phone, country: ru", "money, currency: eur")).fields[0].currency
        == "EUR"
    )


def test_a_type_far_from_all_is_told_all_types() -> None:
    (finding,) = findings(card("zzz"))
    assert all(kind in finding.hint for kind in FIELD_TYPES)


def test_a_decimal_sign_that_is_none() -> None:
    (finding,) = findings(card("{type: number, decimal: ;}"))
    assert finding.message == '`decimal` is "." or ",", not `;`.'


@pytest.mark.parametrize(
    ("term", "message", "number"),
    [
        ("when: a > 1, points: 1,5", "`points: 1,5` is no number in a card.", "1.5"),
        ("when: a > 1, points: -0,25", "`points: -0,25` is no number in a card.", "-0.25"),
        ("when: a > 1, points: '1,5'", "`1,5` is not a number of points.", "1.5"),
        ("when: a > 1, points: 1 000", "`1 000` is not a number of points.", "1000"),
        ("of: a, bins: [{below: '1,5', points: 1}]", "`1,5` is not a number.", "1.5"),
        ("of: a, bins: [{below: 10 000, points: 1}]", "`10 000` is not a number.", "10000"),
        ("when: a > 100_000, points: 1", "`100_000` is no number in a condition.", "100000"),
    ],
)
def test_numbers_as_people_write_them(term: str, message: str, number: str) -> None:
    (finding,) = findings(card(term=term))
    assert (finding.line, finding.message) == (5, message)
    assert finding.hint == f"Write {number}: a decimal point, and nothing between thousands."


SEGMENTS = "segments: [{name: qualified, above: 1}, {name: rest}]\n"


@pytest.mark.parametrize(
    ("expected", "message", "hint"),
    [
        ("segment: qualifed", "There is no segment `qualifed`.", "Did you mean qualified?"),
        ("ask: aa", "There is no field `aa`.", "Did you mean a?"),
    ],
)
def test_a_case_expects_what_the_card_has(expected: str, message: str, hint: str) -> None:
    text = card(rest=f"{SEGMENTS}cases: [{{given: {{a: 1}}, {expected}}}]\n")
    (finding,) = findings(text)
    assert (finding.line, finding.message, finding.hint) == (7, message, hint)
    assert findings(text.replace("qualifed", "qualified").replace("ask: aa", 'ask: ""')) == []


def test_a_segment_of_a_card_without_segments() -> None:
    text = card(rest="cases: [{given: {a: 1}, segment: hot}]\n")
    assert [finding.hint for finding in findings(text)] == ["The card has no segments."]
    assert findings(text.replace("hot", '""')) == []


def test_no_term_is_called_segments() -> None:
    """`diff` blames a line of that name for moves that no term explains."""
    (finding,) = findings(card().replace("name: t", "name: segments"))
    assert "`scoreline diff`" in finding.message


def test_labels_show_the_spelling_of_the_card() -> None:
    text = card(
        "choice", "of: a, values: [{is: [Groß, GROSS, XL], points: 2}, {is: klein, points: 1}]"
    )
    folded = text.replace("[Groß, GROSS, XL]", "[gross, xl]")
    spelt = parse_card(text)
    assert [b.label for b in spelt.terms[0].bins] == ["Groß, XL", "klein"]
    assert spelt.fingerprint == parse_card(folded).fingerprint
    assert spelt == parse_card(folded)
    assert parse_card(card_yaml(spelt)).terms[0].bins[0].label == "Groß, XL"


def test_values_that_are_no_choices_are_shown_as_they_are_compared() -> None:
    text = card(term="of: a, values: [{is: [1.50, 2], points: 2}]")
    assert parse_card(text).terms[0].bins[0].label == "1.5, 2"
