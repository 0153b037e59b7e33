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


def test_an_unreadable_value_is_named_and_adjustments_come_last(
    scoreline: Run, tmp_path: Path
) -> None:
    (tmp_path / "card.yaml").write_text(
        "scorecard: c\nkey: id\nbase: 5\nfields: {id: text, n: number, m: number}\nterms:\n"
        "  - {name: a, when: n > 1, points: 2}\n  - {name: b, when: m > 1, points: 3}\n",
        encoding="utf-8",
    )
    (tmp_path / "d.csv").write_text("id,n,m\nx,ca. 50,2\nx,1,1\n", encoding="utf-8")
    ran = scoreline("explain", "d.csv", "--card", "card.yaml", "--id", "x")
    assert "ca. 50" in ran.out
    assert "1 more row has this key" in ran.out
    found = scoreline("explain", "d.csv", "--card", "card.yaml", "--id", "x", "--format", "json")
    assert [line["term"] for line in found.json["reasons"]] == ["b", "a", "base"]


def test_a_record_that_is_not_there_says_no_other_keys(scoreline: Run, tmp_path: Path) -> None:
    card = "scorecard: c\nfields: {n: number}\nterms: [{name: a, when: n > 1, points: 2}]\n"
    (tmp_path / "card.yaml").write_text(card, encoding="utf-8")
    (tmp_path / "d.csv").write_text("n,m\n1,1\n2,3,4\n3,1\n", encoding="utf-8")
    ran = scoreline("explain", "d.csv", "--card", "card.yaml", "--id", "9")
    assert (ran.code, "row numbers: 1 to 3" in ran.err) == (2, True)
    ran = scoreline("explain", "d.csv", "--card", "card.yaml", "--id", "2")
    assert (ran.code, "Row 2, line 3 was rejected" in ran.err) == (2, True)
    keyed = card.replace("fields: {", "key: id\nfields: {id: text, ")
    (tmp_path / "keyed.yaml").write_text(keyed, encoding="utf-8")
    (tmp_path / "k.csv").write_text("id,n\nanna@acme.ru,1\n", encoding="utf-8")
    ran = scoreline("explain", "k.csv", "--card", "keyed.yaml", "--id", "ana@acme.ru")
    assert (ran.code, "anna@" in ran.err) == (2, False)
