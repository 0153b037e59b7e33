"""Scoring a file: what the table holds, in every format, and what the summary says."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import Ran

Run = Callable[..., Ran]

LEADS = """lead_id,phone,email,company,position,budget,service,has_spec,score
L-1,+7 912 345-67-89,anna@acme.ru,Acme,CTO,250000,website,yes,hot
L-2,,ivan@gmail.com,,,150 000 ₽,website,no,cold
L-3,,,,,,SMM,,
"""
RESULTS = ["score", "segment", "low", "high", "certain", "ask", "reasons", "fingerprint", "as_of"]
COLUMNS = ["lead_id", *RESULTS]


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_scored_csv_keeps_the_order_and_says_everything(
    scoreline: Run, leads: Path, lead_card: Path, tmp_path: Path
) -> None:
    ran = scoreline(
        "score", leads, "--card", lead_card, "--out", "scored.csv", "--as-of", "2026-11-22"
    )
    assert ran.code == 0, ran.err
    rows = rows_of(tmp_path / "scored.csv")
    assert list(rows[0]) == COLUMNS
    assert [row["lead_id"] for row in rows] == ["L-1", "L-2", "L-3"]
    assert [row["score"] for row in rows] == ["8", "3", "-5"]
    assert [row["segment"] for row in rows] == ["qualified", "marketing", "garbage"]
    assert [(row["low"], row["high"]) for row in rows] == [("8", "8"), ("3", "6"), ("-5", "3")]
    assert [row["certain"] for row in rows] == ["true", "true", "false"]
    assert [row["ask"] for row in rows] == ["", "", "budget"]
    assert (
        rows[0]["reasons"] == "budget suits +3; company and position +2; contact phone +1; other +2"
    )
    assert {row["as_of"] for row in rows} == {"2026-11-22T00:00:00Z"}


def test_the_json_summary_has_the_fixed_keys(scoreline: Run, leads: Path, lead_card: Path) -> None:
    found = scoreline("score", leads, "--card", lead_card, "--format", "json").json
    assert list(found) == [
        "rows",
        "scored",
        "rejected",
        "fingerprint",
        "as_of",
        "facts_version",
        "segments",
        "findings",
    ]
    assert (found["rows"], found["scored"], found["rejected"]) == (3, 3, 0)
    assert found["segments"] == {"qualified": 1, "marketing": 1, "garbage": 1}


def test_with_data_puts_the_input_first_and_renames_what_clashes(
    scoreline: Run, leads: Path, lead_card: Path, tmp_path: Path
) -> None:
    ran = scoreline("score", leads, "--card", lead_card, "--out", "all.csv", "--with-data")
    assert ran.code == 0, ran.err
    rows = rows_of(tmp_path / "all.csv")
    header = LEADS.splitlines()[0].replace(",score", ",input_score").split(",")
    assert list(rows[0]) == header + RESULTS
    assert [row["input_score"] for row in rows] == ["hot", "cold", ""]
    assert rows[1]["budget"] == "150 000 ₽"


@pytest.mark.parametrize("name", ["scored.parquet", "scored.jsonl", "scored.xlsx"])
def test_every_format_holds_the_same_table(
    scoreline: Run, leads: Path, lead_card: Path, tmp_path: Path, name: str
) -> None:
    assert scoreline("score", leads, "--card", lead_card, "--out", name).code == 0
    path = tmp_path / name
    if name.endswith("parquet"):
        rows = pl.read_parquet(path).to_dicts()
    elif name.endswith("jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        header, *cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        rows = [dict(zip(header, row, strict=True)) for row in cells]
    assert [int(row["score"]) for row in rows] == [8, 3, -5]
    assert [row["segment"] for row in rows] == ["qualified", "marketing", "garbage"]


def test_the_table_goes_to_stdout_by_a_dash(scoreline: Run, leads: Path, lead_card: Path) -> None:
    ran = scoreline("score", "-", "--card", lead_card, "--out", "-", stdin=LEADS)
    assert ran.out.splitlines()[0] == ",".join(COLUMNS)
    assert len(ran.out.splitlines()) == 4


def test_rows_that_can_not_be_scored_are_kept_beside_and_counted(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(
        LEADS + "L-4,a,b,c,d,e,f,g,h,i,j\n ,,,,,,,,\n", encoding="utf-8"
    )
    ran = scoreline("score", "bad.csv", "--card", lead_card, "--out", "s.csv", "--format", "json")
    assert ran.code == 1
    assert (ran.json["rows"], ran.json["scored"], ran.json["rejected"]) == (5, 3, 2)
    rejected = rows_of(tmp_path / "s.csv.rejected.csv")
    assert [row["row"] for row in rejected] == ["4", "5"]


def test_without_a_key_the_row_number_names_a_record(
    scoreline: Run, leads: Path, lead_card: Path, tmp_path: Path
) -> None:
    card = tmp_path / "nokey.yaml"
    lines = lead_card.read_text(encoding="utf-8").splitlines()
    card.write_text(
        "\n".join(line for line in lines if not line.startswith("key:")), encoding="utf-8"
    )
    scoreline("score", leads, "--card", card, "--out", "s.csv")
    assert [row["row"] for row in rows_of(tmp_path / "s.csv")] == ["1", "2", "3"]
    assert (
        scoreline("explain", leads, "--card", card, "--id", "3", "--format", "json").json["score"]
        == -5
    )


def test_several_cards_stand_side_by_side(
    scoreline: Run, leads: Path, lead_card: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    text = lead_card.read_text(encoding="utf-8").replace("lead-readiness", "mail", 1)
    other.write_text(text.replace("points: 3}", "points: 4}", 1), encoding="utf-8")
    ran = scoreline("score", leads, "--card", lead_card, "--card", other, "--out", "s.csv")
    assert ran.code == 0, ran.err
    rows = rows_of(tmp_path / "s.csv")
    assert [row["lead-readiness.score"] for row in rows] == ["8", "3", "-5"]
    assert [row["mail.score"] for row in rows] == ["9", "4", "-5"]


def test_a_repeated_key_is_scored_row_by_row_with_one_finding(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    (tmp_path / "twice.csv").write_text(LEADS + LEADS.splitlines()[1] + "\n", encoding="utf-8")
    found = scoreline("score", "twice.csv", "--card", lead_card, "--format", "json").json
    assert found["scored"] == 4
    assert found["findings"]["repeated-key"] == 1


def test_a_column_that_is_not_there_is_refused_with_the_nearest_header(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    text = LEADS.replace("position", "positon", 1)
    (tmp_path / "leads.csv").write_text(text, encoding="utf-8")
    ran = scoreline("score", "leads.csv", "--card", lead_card)
    assert ran.code == 2
    assert "position" in ran.err
    assert "positon" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("score", "nope.csv", "--card", "CARD"), "nope.csv"),
        (("score", "leads.csv", "--card", "nope.yaml"), "nope.yaml"),
        (("score", "leads.csv", "--card", "CARD", "--as-of", "yesterday"), "moment"),
        (("score", "leads.csv", "--card", "CARD", "--out", "x.doc"), ".doc"),
        (("score", "leads.csv", "--card", "CARD", "--engine", "spark"), "spark"),
        (("score", "leads.csv", "--card", "CARD", "--events", "e.csv"), "counts no events"),
        (("score", "leads.csv", "--card", "CARD", "--lost", "a=b"), "--won"),
        (("score", "leads.csv", "--card", "CARD", "--won", "nope=1"), "nope"),
        (("score", "postgresql://x/y", "--card", "CARD"), "names no table of PostgreSQL"),
        (("explain", "leads.csv", "--card", "CARD", "--id", "L-9"), "L-9"),
        (("frobnicate",), "frobnicate"),
    ],
)
def test_wrong_use_is_one_message_and_exit_2(
    scoreline: Run, leads: Path, lead_card: Path, arguments: tuple[str, ...], says: str
) -> None:
    ran = scoreline(*(lead_card if word == "CARD" else word for word in arguments))
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""
