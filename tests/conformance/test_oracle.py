"""The oracle itself, held against answers worked out by hand."""

from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests import oracle

PHONE_OK = ("=", ("fact", "phone", "status"), ("choice", "ok"))
CORPORATE = ("=", ("fact", "email", "kind"), ("choice", "corporate"))
COMPANY_AND_POSITION = (
    "and",
    ("not", ("is null", ("field", "company"))),
    ("not", ("is null", ("field", "position"))),
)
BUDGET = (">=", ("field", "budget"), ("number", "100000"))
NOT_CORE = ("in", ("field", "service"), [("choice", "smm"), ("choice", "mobile app")])
FIELDS = ["phone", "email", "company", "position", "budget", "service", "has_spec"]
LEAD_CARD: dict[str, Any] = {
    "fields": {name: {} for name in FIELDS},
    "terms": [
        {"name": "contact phone", "when": PHONE_OK, "points": "1"},
        {"name": "corporate e-mail", "when": CORPORATE, "points": "1"},
        {"name": "company and position", "when": COMPANY_AND_POSITION, "points": "2"},
        {"name": "budget suits", "when": BUDGET, "points": "3"},
        {"name": "not our core work", "when": NOT_CORE, "points": "-5"},
        {"name": "technical specification", "when": ("field", "has_spec"), "points": "1"},
    ],
    "segments": [
        {"name": "qualified", "above": "6"},
        {"name": "marketing", "from": "0"},
        {"name": "garbage"},
    ],
}
EVERYTHING_RIGHT = {
    **{"phone": "+79123456789", "phone__status": "ok"},
    **{"email": "anna@acme.ru", "email__kind": "corporate"},
    **{"company": "Acme", "position": "CTO", "budget": 250000.0, "service": "crm"},
    "has_spec": True,
}
NO_PHONE = {"phone": None, "phone__status": None}
GMAIL = {"email": "anna@gmail.com", "email__kind": "free"}
BAD_EMAIL = {"email": None, "email__kind": "invalid"}


@pytest.mark.parametrize(
    ("change", "score", "segment", "low", "high", "ask"),
    [
        ({}, 8, "qualified", 8, 8, None),
        (NO_PHONE, 7, "qualified", 7, 8, None),
        (NO_PHONE | GMAIL, 6, "marketing", 6, 7, "phone"),
        ({"service": "smm"}, 3, "marketing", 3, 3, None),
        ({"position": None}, 6, "marketing", 6, 8, "position"),
        (BAD_EMAIL, 7, "qualified", 7, 8, None),
        ({"email": None, "email__kind": None}, 7, "qualified", 7, 8, None),
        (dict.fromkeys(EVERYTHING_RIGHT), 0, "marketing", -5, 8, "service"),
        (dict.fromkeys(EVERYTHING_RIGHT) | {"service": "smm"}, -5, "garbage", -5, 3, "budget"),
    ],
)
def test_scenarios_of_the_lead_card(
    change: dict[str, Any], score: int, segment: str, low: int, high: int, ask: str | None
) -> None:
    found = oracle.score(LEAD_CARD, EVERYTHING_RIGHT | change)
    assert (found["score"], found["segment"]) == (score, segment)
    assert (found["low"], found["high"]) == (low, high)
    assert (found["ask"], found["certain"]) == (ask, ask is None)


def test_reasons_come_strongest_first_then_as_in_the_card() -> None:
    assert [(term, int(points)) for term, _, points in lines(EVERYTHING_RIGHT)] == [
        ("budget suits", 3),
        ("company and position", 2),
        ("contact phone", 1),
        ("corporate e-mail", 1),
        ("technical specification", 1),
    ]
    assert lines(EVERYTHING_RIGHT | {"service": "smm"})[0][::2] == ("not our core work", -5)


def lines(record: dict[str, Any]) -> list[Any]:
    return list(oracle.score(LEAD_CARD, record)["reasons"])


def test_all_64_combinations() -> None:
    wrong: list[dict[str, Any]]
    wrong = [NO_PHONE, GMAIL, {"company": None}, {"budget": 99999.99}, {}, {"has_spec": False}]
    right: list[dict[str, Any]] = [{}, {}, {}, {}, {"service": "smm"}, {}]
    scores = []
    for choice in product([True, False], repeat=6):
        record: dict[str, Any] = dict(EVERYTHING_RIGHT)
        for yes, *outcomes in zip(choice, wrong, right, strict=True):
            record |= outcomes[yes]
        scores.append(int(oracle.score(LEAD_CARD, record)["score"]))
    counts = {score: scores.count(score) for score in sorted(set(scores), reverse=True)}
    assert counts == dict(
        zip(range(8, -6, -1), [1, 3, 4, 5, 6, 6, 7, 7, 6, 6, 5, 4, 3, 1], strict=True)
    )
    assert sum(score > 6 for score in scores) == 4


def test_ten_times_six_tenths_is_six() -> None:
    terms = [{"name": f"t{i}", "when": ("field", "x"), "points": "0.6"} for i in range(10)]
    card = {"fields": {"x": {}}, "terms": terms, "segments": [{"name": "in", "from": "6"}]}
    assert oracle.score(card, {"x": True})["segment"] == "in"


def test_group_and_total_clamps_are_lines_of_their_own() -> None:
    def card(total: dict[str, str]) -> dict[str, Any]:
        when = ("field", "x")
        names = {"open": ("3", "g"), "click": ("4", "g"), "webinar": ("4", None)}
        names |= {"unsubscribe": ("-10", None)}
        terms = [
            {"name": n, "when": when, "points": p} | ({"group": g} if g else {})
            for n, (p, g) in names.items()
        ]
        return {"fields": {"x": {}}, "terms": terms, "groups": {"g": {"cap": "5"}}, "total": total}

    found = oracle.score(card({}), {"x": True})
    assert (found["score"], found["adjustments"]) == (-1, [("g", -2)])
    found = oracle.score(card({"floor": "0"}), {"x": True})
    assert (found["score"], found["adjustments"]) == (0, [("g", -2), ("total", 1)])


YES, NO, DUNNO, ASK = True, False, oracle.UNKNOWN, oracle.OPEN
T, F = ("yes/no", True), ("yes/no", False)
U = ("=", ("/", ("number", "1"), ("number", "0")), ("number", "1"))
O = ("field", "absent")  # noqa: E741 - the letter of an open test, beside T, F and U
N = ("number", "7")


@pytest.mark.parametrize(
    ("tree", "settled", "with_open"),
    [
        (O, DUNNO, ASK),
        (U, DUNNO, DUNNO),
        (("is null", O), YES, ASK),
        (("is null", U), YES, YES),
        (("and", F, O), NO, NO),
        (("and", T, O), DUNNO, ASK),
        (("and", U, O), DUNNO, ASK),
        (("and", U, F), NO, NO),
        (("or", O, T), YES, YES),
        (("or", U, O), DUNNO, ASK),
        (("or", U, F), DUNNO, DUNNO),
        (("not", O), DUNNO, ASK),
        (("not", U), DUNNO, DUNNO),
        (("coalesce", O, T), YES, ASK),
        (("coalesce", U, T), YES, YES),
        (("coalesce", T, O), YES, YES),
        (("case", [(O, T)], T), YES, YES),
        (("case", [(O, T)], F), NO, ASK),
        (("case", [(O, T)], None), DUNNO, ASK),
        (("case", [(F, O), (T, T)], None), YES, YES),
        (("case", [(U, T)], None), DUNNO, DUNNO),
        (("case", [(T, T), (O, F)], None), YES, YES),
        (("case", [(O, T), (T, T)], F), YES, YES),
        (("is true", O), NO, ASK),
        (("is true", U), NO, NO),
        (("is false", F), YES, YES),
        (("case", [(T, ("case", [], None))], F), DUNNO, DUNNO),
        (("in", ("field", "absent"), [N]), DUNNO, ASK),
        (("in", N, [("number", "8"), ("number", "7.0")]), YES, YES),
        (("between", N, ("number", "7"), ("number", "7")), YES, YES),
        (("<", ("*", ("number", "1e300"), ("number", "1e300")), N), DUNNO, DUNNO),
        (("=", ("+", ("number", "0.1"), ("number", "0.2")), ("number", "0.3")), NO, NO),
        (("=", ("number", "9007199254740993"), ("number", "9007199254740992")), YES, YES),
        (("=", ("number", "-0.0"), ("number", "0")), YES, YES),
        (("=", ("choice", "STRASSE"), ("choice", "Straße")), YES, YES),
        (("=", ("text", "Cafe\u0301"), ("text", "Café")), YES, YES),
        (("=", ("text", "İ"), ("text", "i")), NO, NO),
        (("starts_with", ("text", "мир"), ("text", "ми")), YES, YES),
        (("contains", ("text", "100%"), ("text", "%")), YES, YES),
    ],
)
def test_truth_with_and_without_openness(tree: Any, settled: object, with_open: object) -> None:
    assert oracle.read(tree, {}, None, oracle.UNKNOWN) is settled
    assert oracle.read(tree, {}, None, oracle.OPEN) is with_open


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (date(2024, 2, 28), date(2024, 3, 1), 2),
        (date(2026, 3, 28), date(2026, 3, 30), 2),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
        (datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC), date(2026, 1, 2), 0),
        (datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC), date(2026, 1, 1), -1),
        (datetime(2026, 1, 1, 12), datetime(2026, 1, 2, 12, tzinfo=UTC), 1),
    ],
)
def test_days_between_counts_whole_days_down(since: date, until: date, days: int) -> None:
    tree = ("days_between", ("field", "since"), ("field", "until"))
    assert oracle.read(tree, {"since": since, "until": until}, None, oracle.UNKNOWN) == days


AGE = [
    {"below": ("number", "25"), "points": "-4"},
    {"from": ("number", "25"), "below": ("number", "40"), "points": "2"},
    {"from": ("number", "40"), "points": "6"},
]
JOB = [{"is": [("choice", "Management")], "points": "3"}]


@pytest.mark.parametrize(
    ("term", "value", "points", "low", "high"),
    [
        ({"bins": AGE}, 24.999999999999996, -4, -4, -4),
        ({"bins": AGE}, 25, 2, 2, 2),
        ({"bins": AGE}, 40.0, 6, 6, 6),
        ({"bins": AGE}, None, 0, -4, 6),
        ({"bins": [*AGE, {"missing": "7"}]}, None, 7, -4, 7),
        ({"bins": [{"from": ("number", "0"), "points": "5"}, {"missing": "5"}]}, None, 5, 0, 5),
        ({"bins": [{"points": "5"}, {"missing": "5"}]}, None, 5, 5, 5),
        ({"bins": [*AGE[1:], {"missing": "1"}]}, 3, 0, 0, 0),
        ({"values": JOB}, "management", 3, 3, 3),
        ({"values": JOB}, "clerk", 0, 0, 0),
        ({"values": JOB}, None, 0, 0, 3),
        ({"values": [*JOB, {"otherwise": "1"}, {"missing": "2"}]}, None, 2, 1, 3),
        ({"values": [*JOB, {"otherwise": "1"}, {"missing": "2"}]}, "clerk", 1, 1, 1),
        ({"values": JOB, "cap": "2"}, "management", 2, 2, 2),
        ({"values": JOB, "cap": "2"}, None, 0, 0, 2),
    ],
)
def test_bins_values_and_their_ranges(
    term: dict[str, Any], value: Any, points: int, low: int, high: int
) -> None:
    card = {"fields": {"f": {}}, "terms": [{"name": "t", "of": ("field", "f")} | term]}
    found = oracle.score(card, {"f": value})
    assert [found[name] for name in ("score", "low", "high")] == [points, low, high]


def test_an_unknown_condition_takes_the_missing_points() -> None:
    term = {"name": "t", "when": O, "points": "3", "missing": "-1"}
    found = oracle.score({"fields": {"absent": {}}, "terms": [term], "base": "0.5"}, {})
    assert (found["score"], found["low"], found["high"]) == (Fraction("-0.5"), -0.5, 3.5)
    assert found["reasons"] == [("t", "missing", -1)]
    assert found["adjustments"] == [("base", Fraction(1, 2))]
