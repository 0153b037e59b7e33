"""What counts as missing is never a value, and what can't be told is a bound."""

import pytest

from scoreline.scorecard.checks import CheckResult, check_card
from scoreline.scorecard.file import parse_card
from tests.scorecard.checks.checking import PATIENT, found


def check(field: str, *conditions: str) -> CheckResult:
    """The result for conditions on a field `x`, each worth a point."""
    terms = "".join(f'\n- {{name: t{i}, when: "{c}", points: 1}}' for i, c in enumerate(conditions))
    return check_card(parse_card(f"scorecard: t\nfields: {{x: {field}}}\nterms:{terms}"), PATIENT)


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        ("{type: email, missing: [None@none.ru]}", "x = 'none@none.ru'"),
        ("{type: email, missing: [none@none.ru]}", "x in ('none@none.ru')"),
        ("{type: phone, missing: ['+7 000']}", "x = '+7 000'"),
        ("{type: country, missing: [xx]}", "x = 'XX'"),
        ("{type: text, missing: [Nobody]}", "x = 'nobody'"),
        ("{type: company id, missing: ['0']}", "x = '0'"),
        ("{type: number, decimal: ',', missing: ['-1,50']}", "x = -1.5"),
        ("{type: date, missing: ['1900-01-01']}", "x = '1900-01-01'"),
        ("{type: date, order: dmy, missing: ['02.01.1900']}", "x = '1900-01-02'"),
        ("{type: time, missing: ['1900-01-01 10:00']}", "x = '1900-01-01T10:00:00'"),
    ],
)
def test_a_sentinel_is_never_a_value(field: str, condition: str) -> None:
    result = check(field, condition)
    assert any("counts as missing" in f.message for f in found(result, "contradiction"))
    assert (result.max, result.exact) == (0, True)


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        # NA as a text is missing here, but Namibia is a country and its code is NA.
        ("{type: country, missing: [NA]}", "x = 'NA'"),
        ("{type: email, missing: [none@none.ru]}", "x = 'some@none.ru'"),
        ("{type: date, order: mdy, missing: ['02.01.1900']}", "x = '1900-01-02'"),
        ("{type: number, missing: [none, inf]}", "x = 0"),
    ],
)
def test_other_values_are_possible(field: str, condition: str) -> None:
    result = check(field, condition)
    assert (result.max, result.exact) == (1, True)
    assert not found(result, "contradiction")


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        ("{type: number, missing: ['1,234']}", "x = 1234"),
        ("{type: integer, missing: ['999 999']}", "x = 999999"),
        ("{type: date, missing: ['02.01.1900']}", "x = '1900-01-02'"),
        ("{type: date, missing: [1 Jan 1900]}", "x = '1900-01-01'"),
    ],
)
def test_a_sentinel_that_only_the_boundary_can_read_makes_a_bound(
    field: str, condition: str
) -> None:
    result = check(field, condition)
    assert (result.max, result.exact) == (1, False)
    assert "`t0` reads a field whose `missing` may mean" in found(result, "bound")[0].message


@pytest.mark.parametrize(
    ("field", "conditions"),
    [
        ("email", ["x = 'a@gmail.com' and x.domain = 'x.ru'"]),
        ("email", ["x = 'a@gmail.com'", "x.kind = 'corporate'"]),
        ("email", ["ends_with(x, '@gmail.com')", "x.domain = 'x.ru'"]),
        ("phone", ["x = '+79123456789' and x.e164 = '+33612345678'"]),
    ],
)
def test_a_value_beside_its_own_facts_is_a_bound(field: str, conditions: list[str]) -> None:
    result = check(field, *conditions)
    assert (result.max, result.exact) == (len(conditions), False)
    (finding,) = found(result, "bound")
    assert "a field beside its own facts" in finding.message


def test_whether_a_value_is_there_goes_with_its_facts() -> None:
    assert check("email", "x is not null", "x.kind = 'free'", "x.domain = 'x.ru'").exact
