"""Cases of a card that say what a record did: what they come to, and what is said where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import scoreline as library
from tests.conftest import Ran

Run = Callable[..., Ran]

CARD = """scorecard: readers
key: lead_id
fields: {name: text}
events:
  opened: {mail: text}
  bought: {amount: {type: money, column: sum}, sum: {type: money, column: amount}}
features:
  spent: {event: bought, take: sum(amount)}
  days: {event: opened, take: days since last}
terms:
  - {name: letters, event: opened, count: distinct(mail), points: 4, half_life: 30 days, cap: 10}
  - {name: spends, when: spent >= 100, points: 3}
  - {name: asleep, when: days > 40, points: -1, missing: -2}
segments: [{name: warm, from: 4}, {name: cold}]
cases:
  - given: {name: Anna}
    events:
      - {event: opened, at: 2026-01-02, mail: a}
      - {event: opened, at: 2026-02-01T00:00:00.000001Z, mail: b}
      - {event: bought, at: 2026-01-31, event_id: o-1, amount: 100}
      - {event: bought, at: 2026-01-31, event_id: o-1, amount: 100}
    as_of: 2026-02-01
"""

FIT = """scorecard: fit
key: lead_id
fields: {n: number}
terms: [{name: a, when: n > 1, points: 1}]
cases: [{given: {n: 2}, score: 1}]
"""


def checked(scoreline: Run, tmp_path: Path, text: str, *options: str) -> Ran:
    (tmp_path / "card.yaml").write_text(text, encoding="utf-8")
    return scoreline("check", "card.yaml", *options, "--format", "json")


def failure(ran: Ran) -> tuple[int, str]:
    """The line and words of the case that failed."""
    (failed,) = [found for found in ran.json["findings"] if found["code"] == "case-failed"]
    assert (ran.code, ran.json["cases"]["failed"]) == (1, 1)
    return failed["line"], failed["message"]


def test_points_and_features_of_a_case_come_of_its_events(scoreline: Run, tmp_path: Path) -> None:
    """Half of 4 points after 30 days; the letter after `as_of` and the repeated order don't count.

    Properties have their own names, whatever headers `column` has them under.
    """
    ran = checked(scoreline, tmp_path, CARD + "    score: 5\n    segment: warm\n    certain: yes\n")
    assert ran.json["cases"] == {"passed": 1, "failed": 0}


def test_a_case_without_events_is_of_somebody_who_did_nothing(
    scoreline: Run, tmp_path: Path
) -> None:
    text = CARD.partition("cases:")[0] + "cases: [{given: {}, score: -2, segment: cold}]\n"
    assert checked(scoreline, tmp_path, text).json["cases"] == {"passed": 1, "failed": 0}


def test_a_case_that_fails_is_named_by_its_line(scoreline: Run, tmp_path: Path) -> None:
    assert failure(checked(scoreline, tmp_path, CARD + "    score: 6\n")) == (
        16,
        "score is 5, not 6.",
    )


def test_events_need_a_moment_of_scoring(scoreline: Run, tmp_path: Path) -> None:
    text = CARD.replace("    as_of: 2026-02-01\n", "    score: 5\n")
    told = "The case says no `as_of`, and events count up to the moment of scoring."
    assert failure(checked(scoreline, tmp_path, text)) == (16, told)
    dated = checked(scoreline, tmp_path, text, "--as-of", "2026-02-01")
    assert dated.json["cases"] == {"passed": 1, "failed": 0}


def test_a_moment_that_can_not_be_read_is_said(scoreline: Run, tmp_path: Path) -> None:
    text = CARD.replace("as_of: 2026-02-01", "as_of: soon") + "    score: 5\n"
    assert failure(checked(scoreline, tmp_path, text)) == (16, "`soon` is not a moment.")
    refused = checked(scoreline, tmp_path, CARD.replace("2026-01-31", "31 feb") + "    score: 5\n")
    assert (refused.code, refused.json["findings"][0]["line"]) == (2, 20)


def test_cases_of_a_grid_s_cards_are_run_with_their_events(scoreline: Run, tmp_path: Path) -> None:
    (tmp_path / "readers.yaml").write_text(CARD + "    score: 5\n", encoding="utf-8")
    (tmp_path / "fit.yaml").write_text(FIT, encoding="utf-8")
    grid = "grid: g\nfit: {card: fit.yaml, A: {from: 1}}\ndid: {card: readers.yaml, 1: {from: 4}}\n"
    assert checked(scoreline, tmp_path, grid).json["cases"] == {"passed": 2, "failed": 0}


def test_cases_say_nothing_of_the_meaning(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CARD + "    score: 5\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(CARD.partition("cases:")[0], encoding="utf-8")
    a, b = (library.load(tmp_path / name) for name in ("a.yaml", "b.yaml"))
    assert a.fingerprint == b.fingerprint


@pytest.mark.parametrize("card", ["purchase-readiness", "email-response", "site-activity"])
def test_cards_of_a_new_workspace_have_cases_of_behaviour(
    scoreline: Run, tmp_path: Path, card: str
) -> None:
    scoreline("init", tmp_path / "w")
    path = tmp_path / "w" / "cards" / f"{card}.yaml"
    assert any(case.events for case in library.load(path).model.cases)
    ran = scoreline("check", path, "--format", "json")
    assert (ran.code, ran.json["cases"]["failed"]) == (0, 0)
