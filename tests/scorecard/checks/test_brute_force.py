"""Proof-reading finds what looking at every combination of values finds."""

import re
from collections import Counter
from typing import Any

from hypothesis import given, settings

from scoreline.scorecard.checks import CheckResult, check_card
from scoreline.scorecard.model import Scorecard
from tests.scorecard import naive
from tests.scorecard.cards import VALUES, card_trees, linked_trees, read, values_of, whole
from tests.scorecard.checks.checking import PATIENT, veto_of

BIN_CODES = ("bin-dead", "bin-overlap", "bin-gap", "tautology")


def found_by(result: CheckResult) -> dict[str, Any]:
    """What was found about the whole card."""
    by_code: dict[str, list[Any]] = {}
    for finding in result.findings:
        by_code.setdefault(finding.code, []).append(finding)
    names = [
        re.search(r"can be in `(.*?)` ", f.message) for f in by_code.get("segment-unreachable", [])
    ]
    limits = [re.search(r"at most (\d+)", f.message) for f in by_code.get("at-most-n-missing", [])]
    return {
        "min": result.min,
        "max": result.max,
        "unreachable": {name[1] for name in names if name},
        "compulsory": sorted(f.term for f in by_code.get("compulsory", [])),
        "veto": sorted(map(veto_of, by_code.get("veto", []))),
        "at most": int(limits[0][1]) if limits and limits[0] else None,
    }


def wanted_of(card: Scorecard, values: dict[str, Any]) -> dict[str, Any]:
    wanted = {"compulsory": [], "veto": [], "at most": None} | naive.answers(card, values)
    return wanted | {"min": whole(wanted["min"]), "max": whole(wanted["max"])}


@settings(max_examples=60, deadline=None)
@given(card_trees())
def test_every_answer_equals_brute_force(tree: dict[str, Any]) -> None:
    card = read(tree)
    values = {field.name: VALUES[field.name] for field in card.fields}
    result = check_card(card, PATIENT)
    assert result.exact
    assert found_by(result) == wanted_of(card, values)
    counts = Counter((f.term, f.code) for f in result.findings)
    never = {
        f.term
        for f in result.findings
        if "The condition is" in f.message and f.code == "contradiction"
    }
    for term in card.terms:
        wanted = naive.term_answers(term, values)
        assert {code: counts[term.name, code] for code in BIN_CODES if code in wanted} == {
            code: wanted[code] for code in BIN_CODES if code in wanted
        }
        assert (term.name in never) == wanted.get("contradiction", False)


def test_fields_compared_with_each_other() -> None:
    exact: Counter[bool] = Counter()

    @settings(max_examples=60, deadline=None)
    @given(linked_trees())
    def compare(tree: dict[str, Any]) -> None:
        card = read(tree)
        result, wanted = check_card(card, PATIENT), wanted_of(card, values_of(card))
        exact[result.exact] += 1
        if result.exact:
            assert found_by(result) == wanted
        else:
            assert result.min <= wanted["min"] <= wanted["max"] <= result.max
            assert found_by(result)["unreachable"] <= wanted["unreachable"]

    compare()
    assert exact[True] > 10
    assert exact[False] > 0
