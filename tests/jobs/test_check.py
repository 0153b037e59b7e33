"""Proof-reading a card through the command line: findings, cases, exit codes, a trial on data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Ran

Run = Callable[..., Ran]

SMALL = """scorecard: small
fields: {budget: number, service: choice}
terms:
  - {name: budget suits, when: budget >= 10, points: 3}
segments: [{name: good, from: 1}, {name: rest}]
"""


def test_the_json_has_the_fixed_keys_and_the_card_s_limits(scoreline: Run, lead_card: Path) -> None:
    ran = scoreline("check", lead_card, "--format", "json")
    found = ran.json
    assert ran.code == 0
    assert list(found) == ["fingerprint", "min", "max", "findings", "cases"]
    assert (found["min"], found["max"]) == (-5, 8)
    assert found["cases"] == {"passed": 2, "failed": 0}
    assert list(found["findings"][0]) == ["code", "level", "term", "line", "message", "hint"]


def test_a_refused_card_says_everything_at_once_and_exits_2(scoreline: Run, tmp_path: Path) -> None:
    text = SMALL.replace("budget >= 10", "buget >= 10")
    text = text.replace(
        "segments", "  - {name: b, when: lower(service) = 'x', points: one}\nsegments"
    )
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    ran = scoreline("check", "bad.yaml", "--format", "json")
    assert ran.code == 2
    found = [(f["code"], f["line"], f["term"]) for f in ran.json["findings"]]
    assert found == [
        ("unknown-field", 4, "budget suits"),
        ("not-in-subset", 5, "b"),
        ("card-format", 5, "b"),
    ]
    assert "budget" in ran.json["findings"][0]["hint"]
    assert "choice" in ran.json["findings"][1]["hint"]


def test_a_case_that_fails_is_named_with_both_values(scoreline: Run, tmp_path: Path) -> None:
    text = SMALL + "cases:\n  - {given: {budget: 12}, score: 2, segment: good}\n"
    (tmp_path / "card.yaml").write_text(text, encoding="utf-8")
    ran = scoreline("check", "card.yaml", "--format", "json")
    assert ran.code == 1
    assert ran.json["cases"] == {"passed": 0, "failed": 1}
    (failed,) = [f for f in ran.json["findings"] if f["code"] == "case-failed"]
    assert failed["message"] == "score is 3, not 2."
    assert failed["line"] == 7


def test_a_trial_on_data_names_what_no_record_has(scoreline: Run, tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "data.csv").write_text("budget,service\n1,\n2,\n", encoding="utf-8")
    ran = scoreline("check", "card.yaml", "--data", "data.csv", "--format", "json")
    assert ran.code == 1
    codes = [
        (f["code"], f["term"]) for f in ran.json["findings"] if f["term"] or "field" in f["code"]
    ]
    assert ("field-empty", None) in codes
    assert ("bin-unused", "budget suits") in codes


def test_a_file_that_can_not_be_read_is_wrong_use(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    ran = scoreline("check", lead_card, "--data", "nowhere.csv")
    assert (ran.code, "nowhere.csv" in ran.err) == (2, True)


def test_a_trial_says_what_is_wrong_with_the_file(scoreline: Run, tmp_path: Path) -> None:
    card = "scorecard: c\nfields: {n: number}\nterms: [{name: a, when: n > 1, points: 2}]\n"
    (tmp_path / "card.yaml").write_text(card, encoding="utf-8")
    (tmp_path / "d.csv").write_text("n;m\n1;1\nmany;1\nlots;1\n1;2;3;4\n", encoding="utf-8")
    tried = ("check", "card.yaml", "--data", "d.csv", "--separator", ";", "--format", "json")
    found = {one["code"]: one["message"] for one in scoreline(*tried).json["findings"]}
    assert "1 row" in found["rejected-rows"]
    assert "n: not a number (2 cells)" in found["number-unreadable"]


def test_cases_without_a_moment_take_the_one_of_the_command(scoreline: Run, tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_text(
        "scorecard: c\nfields: {d: date}\nterms:\n"
        "  - {name: a, when: 'days_between(d, as_of) > 10', points: 2}\n"
        "cases: [{given: {d: 2026-01-01}, score: 2}]\n",
        encoding="utf-8",
    )
    assert scoreline("check", "card.yaml", "--format", "json").json["cases"]["failed"] == 1
    dated = ("check", "card.yaml", "--as-of", "2026-02-01", "--format", "json")
    assert scoreline(*dated).json["cases"] == {"passed": 1, "failed": 0}
