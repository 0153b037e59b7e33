"""Who moves when a card changes, and by which line."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def all_64(tmp_path: Path) -> Path:
    """Every combination of the lead card's six terms."""
    answers = [
        ("+79123456789", "123456789012"),
        ("a@acme.ru", "a@gmail.com"),
        ("CTO", ""),
        ("250000", "5"),
        ("smm", "site"),
        ("yes", "no"),
    ]
    path = tmp_path / "all.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(
            ["lead_id", "phone", "email", "position", "budget", "service", "has_spec", "company"]
        )
        for number, row in enumerate(product(*answers), start=1):
            write.writerow([number, *row, "Acme"])
    return path


@pytest.fixture
def richer_card(lead_card: Path, tmp_path: Path) -> Path:
    """The lead card with e-mail +2."""
    text = lead_card.read_text(encoding="utf-8").partition("\ncases:")[0]
    old = "\"email.kind = 'corporate'\",  points: 1"
    assert old in text
    path = tmp_path / "new.yaml"
    path.write_text(text.replace(old, old.replace("1", "2")), encoding="utf-8")
    return path


def test_two_more_qualify_by_their_e_mail(
    scoreline: Run, all_64: Path, lead_card: Path, richer_card: Path
) -> None:
    found = scoreline("diff", lead_card, richer_card, all_64, "--format", "json").json
    assert found["rows"] == 64
    up = {"from": "marketing", "to": "qualified", "count": 2}
    assert up in found["moves"]
    assert {"term": "corporate e-mail", **up} in found["by_term"]
    assert sum(m["count"] for m in found["moves"]) == sum(t["count"] for t in found["by_term"])


def test_the_way_back_is_blamed_on_the_same_term(
    scoreline: Run, all_64: Path, lead_card: Path, richer_card: Path
) -> None:
    found = scoreline("diff", richer_card, lead_card, all_64, "--format", "json").json
    assert {
        "term": "corporate e-mail",
        "from": "qualified",
        "to": "marketing",
        "count": 2,
    } in found["by_term"]


def test_new_bounds_alone_are_blamed_on_the_segments(
    scoreline: Run, all_64: Path, lead_card: Path, tmp_path: Path
) -> None:
    text = lead_card.read_text(encoding="utf-8").replace("above: 6", "above: 5")
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")
    ran = scoreline("diff", lead_card, "new.yaml", all_64, "--format", "json", "--out", "moves.csv")
    assert ran.json["by_term"] == [
        {"term": "segments", "from": "marketing", "to": "qualified", "count": 4}
    ]
    with (tmp_path / "moves.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["lead_id", "from", "to", "by", "old_score", "new_score"]
    assert {(row["by"], row["old_score"], row["new_score"]) for row in rows} == {
        ("segments", "6", "6")
    }


def test_the_same_card_moves_nobody(scoreline: Run, all_64: Path, lead_card: Path) -> None:
    found = scoreline("diff", lead_card, lead_card, all_64, "--format", "json").json
    assert found == {"rows": 64, "moves": [], "by_term": []}


def test_rejected_rows_are_told_and_a_new_key_changes_nothing(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    data = "lead_id,phone,email,company,position,budget,service,has_spec\nL-1,,,,,,,\n,,,,,,,\n"
    (tmp_path / "d.csv").write_text(data, encoding="utf-8")
    other = lead_card.read_text(encoding="utf-8").replace("key: lead_id\n", "")
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    ran = scoreline("diff", lead_card, "other.yaml", "d.csv")
    assert "0 of 1 record move" in ran.out
    assert "1 row could not be scored" in ran.out


def test_the_card_that_lacks_columns_is_named(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    data = "lead_id,phone,email,company,position,budget,service,has_spec\nL-1,,,,,,,\n"
    (tmp_path / "d.csv").write_text(data, encoding="utf-8")
    other = lead_card.read_text(encoding="utf-8").replace("lead-readiness", "second", 1)
    (tmp_path / "other.yaml").write_text(
        other.replace("fields:\n", "fields:\n  town: text\n", 1), encoding="utf-8"
    )
    ran = scoreline("diff", lead_card, "other.yaml", "d.csv")
    assert (ran.code, "that the card `second` declares: `town`" in ran.err) == (2, True), ran.err
