"""Proof-reading finds what looking at every combination of values finds."""

import re
from typing import Any

from hypothesis import given, settings

from scoreline.scorecard.checks import CheckResult, check_card
from scoreline.scorecard.model import Scorecard
from tests.scorecard import naive
from tests.scorecard.cards import VALUES, card_trees, read, whole


def found_by(result: CheckResult, card: Scorecard) -> dict[str, Any]:
    by_code: dict[str, list[Any]] = {}
    for finding in result.findings:
        by_code.setdefault(finding.code, []).append(finding)
    found: dict[str, Any] = {"min": result.min, "max": result.max}
    names = [
        re.match(r".* in `(.*?)` ", f.message)[1] for f in by_code.get("segment-unreachable", [])
    ]
    found["unreachable"] = set(names)
    for code in ("compulsory", "veto"):
        found[code] = sorted(f.term for f in by_code.get(code, []))
    limits = by_code.get("at-most-n-missing", [])
    found["at most"] = int(re.search(r"at most (\d+)", limits[0].message)[1]) if limits else None
    return found


@settings(max_examples=300, deadline=None)
@given(card_trees())
def test_every_answer_equals_brute_force(tree: dict[str, Any]) -> None:
    card = read(tree)
    wanted = {"compulsory": [], "veto": [], "at most": None}
    wanted |= naive.answers(card, {f.name: VALUES[f.name] for f in card.fields})
    wanted |= {"min": whole(wanted["min"]), "max": whole(wanted["max"])}
    result = check_card(card)
    assert result.exact
    assert found_by(result, card) == wanted
