"""What the best segment asks for (scenarios 11 and 13)."""

import pytest

from scoreline.scorecard.checks import CheckResult, check_card
from scoreline.scorecard.file import parse_card

LEADS = """
scorecard: lead-readiness
fields:
  phone:    {type: phone, country: RU}
  email:    email
  company:  text
  position: text
  budget:   {type: money, currency: RUB, missing: [not sure]}
  service:  choice
  has_spec: yes/no
terms:
  - {name: contact phone,        when: "phone.status = 'ok'",       points: 1}
  - {name: corporate e-mail,     when: "email.kind = 'corporate'",  points: 1}
  - {name: company and position, when: company is not null and position is not null, points: 2}
  - {name: budget suits,         when: budget >= 100000,            points: 3}
  - {name: not our core work,    when: "service in ('smm', 'mobile app')", points: -5}
  - {name: technical specification, when: has_spec,                 points: 1}
segments:
  - {name: qualified, above: 6}
  - {name: marketing, from: 0}
  - {name: garbage}
"""


def check(terms: str, above: str, fields: str = "a: yes/no, b: yes/no, c: yes/no") -> CheckResult:
    return check_card(
        parse_card(
            f"scorecard: t\nfields: {{{fields}}}\nterms:\n{terms}\n"
            f"segments: [{{name: good, above: {above}}}, {{name: rest}}]"
        )
    )


def messages(result: CheckResult, code: str) -> list[str]:
    return [finding.message for finding in result.findings if finding.code == code]


def test_scenario_13_proof_reading_the_lead_card() -> None:
    result = check_card(parse_card(LEADS))
    assert (result.min, result.max, result.exact) == (-5, 8, True)
    found = {(f.code, f.term, f.level, f.line) for f in result.findings}
    assert found == {
        ("compulsory", "budget suits", "info", 15),
        ("compulsory", "company and position", "info", 14),
        ("veto", "not our core work", "info", 16),
        ("at-most-n-missing", None, "info", 19),
    }
    assert messages(result, "at-most-n-missing") == [
        "Of `contact phone`, `corporate e-mail` and `technical specification` at most 1 may be "
        "missing for `qualified`."
    ]


def test_scenario_11_email_worth_two_makes_it_two() -> None:
    result = check_card(
        parse_card(LEADS.replace("'corporate'\",  points: 1", "'corporate'\", points: 2"))
    )
    assert result.max == 9
    assert "at most 2 may be missing" in messages(result, "at-most-n-missing")[0]


def test_unequal_points_say_that_not_any_will_do() -> None:
    terms = (
        "  - {name: A, when: a, points: 4}\n  - {name: B, when: b, points: 2}\n"
        "  - {name: C, when: c, points: 2}\n  - {name: D, when: d, points: 1}"
    )
    result = check(terms, "3", "a: yes/no, b: yes/no, c: yes/no, d: yes/no")
    assert messages(result, "at-most-n-missing") == [
        "Of `A`, `B`, `C` and `D` at most 3 may be missing for `good` (not any 3 of them)."
    ]


def test_only_the_bins_that_are_enough_are_named() -> None:
    terms = (
        "  - {name: age, of: age, bins: [{below: 20, points: 1}, {from: 20, points: 5}]}\n"
        "  - {name: A, when: a, points: 2}"
    )
    result = check(terms, "4", "a: yes/no, age: integer")
    assert messages(result, "compulsory") == [
        "`age` is compulsory for `good`: without its points a record scores 2 at most, and the "
        "segment takes more than 4. Of its points only +5 will do."
    ]


def test_fields_that_terms_share_decide() -> None:
    # Either is worth 3, but no record has both: without them 2 is the most.
    terms = (
        "  - {name: ads, when: \"source = 'ads'\", points: 3}\n"
        "  - {name: fair, when: \"source = 'fair'\", points: 3}\n"
        "  - {name: A, when: a, points: 2}"
    )
    result = check(terms, "3", "a: yes/no, source: choice")
    assert result.max == 5
    assert [f.term for f in result.findings if f.code == "compulsory"] == ["A"]
    assert "at most 1" in messages(result, "at-most-n-missing")[0]


@pytest.mark.parametrize(
    ("values", "more", "vetoes"),
    [
        # b is made up for by another term, a is not.
        ("{is: a, points: -1}, {is: b, points: -1}, {otherwise: 4}", "b", ["a"]),
        ("{is: a, points: -1}, {is: b, points: -1}, {otherwise: 4}", "c", ["a", "b"]),
        (
            "{is: a, points: 1}, {is: b, points: 4}, {missing: 1}, {otherwise: 4}",
            "c",
            ["a", "miss"],
        ),
        ("{is: a, points: 0}, {is: b, points: 4}, {missing: 4}, {otherwise: 4}", "c", []),
        ("{is: a, points: 4}, {is: [b, d], points: 4}, {otherwise: 0}", "-a", ["a"]),
    ],
)
def test_each_bin_is_a_veto_by_itself(values: str, more: str, vetoes: list[str]) -> None:
    sign, job = ("-", more[1:]) if more[0] == "-" else ("", more)
    terms = (
        f"  - {{name: job, of: job, values: [{values}]}}\n"
        f"  - {{name: more, when: \"job = '{job}'\", points: {sign}5}}"
    )
    found = messages(check(terms, "3", "job: choice"), "veto")
    labels = [message.partition("(")[2] for message in found if message.startswith("`job`")]
    assert len(labels) == len(vetoes)
    assert all(label.startswith(veto) for label, veto in zip(labels, vetoes, strict=True))


@pytest.mark.parametrize(("above", "codes"), [("9", {"segment-unreachable"}), ("-9", set())])
def test_nothing_is_compulsory_where_all_or_none_qualify(above: str, codes: set[str]) -> None:
    result = check("  - {name: A, when: a, points: 4}", above)
    assert {f.code for f in result.findings} >= codes
    assert not {"compulsory", "veto"} & {f.code for f in result.findings}
