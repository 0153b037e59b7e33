"""Explaining a record: lines that add up, zero lines with why, the open question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Ran

Run = Callable[..., Ran]


def test_every_term_has_a_line_and_the_lines_add_up(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    leads = lead_card.parent / "leads.csv"
    ran = scoreline("explain", leads, "--card", lead_card, "--id", "L-2", "--format", "json")
    found = ran.json
    assert list(found) == [
        "key",
        "score",
        "segment",
        "low",
        "high",
        "certain",
        "ask",
        "reasons",
        "leaves",
    ]
    assert sum(line["points"] for line in found["reasons"]) == found["score"] == 3
    assert {line["term"]: line["bin"] for line in found["reasons"]} == {
        "budget suits": "yes",
        "contact phone": "missing",
        "corporate e-mail": "no",
        "company and position": "missing",
        "not our core work": "no",
        "technical specification": "no",
    }


def test_the_text_says_what_is_still_open(scoreline: Run, lead_card: Path) -> None:
    ran = scoreline("explain", lead_card.parent / "leads.csv", "--card", lead_card, "--id", "L-4")
    assert "0, marketing" in ran.out
    assert "-5 to 8" in ran.out
    assert "Ask next: service" in ran.out
