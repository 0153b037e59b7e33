"""The three lines of Python: load a card, score a record, score a table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import scoreline

LEADS = {
    "lead_id": ["L-1", "L-2"],
    "phone": ["+7 912 345-67-89", None],
    "email": ["anna@acme.ru", "ivan@gmail.com"],
    "company": ["Acme", ""],
    "position": ["CTO", None],
    "budget": [250000.0, float("nan")],
    "service": ["site", "SMM"],
    "has_spec": [True, None],
}


def test_a_raw_record_gives_a_result_that_adds_up(lead_card: Path) -> None:
    card = scoreline.load(lead_card)
    result = card.score({name: values[0] for name, values in LEADS.items()}, as_of="2026-11-22")
    assert (result.score, result.segment, result.low, result.high) == (8, "qualified", 8, 8)
    assert sum(reason.points for reason in result.reasons) == result.score
    assert result.fingerprint == card.fingerprint
    assert result.as_of == dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def test_typed_values_skip_the_boundary(lead_card: Path) -> None:
    card = scoreline.load(lead_card)
    result = card.score_typed({"email": "x", "email__kind": "corporate", "budget": 1e5})
    assert result.score == 4
    assert (result.certain, result.ask) == (False, "service")


@pytest.mark.parametrize(
    "frame",
    [pl.DataFrame(LEADS), pl.LazyFrame(LEADS), pd.DataFrame(LEADS), pa.table(LEADS)],
    ids=["polars", "lazy polars", "pandas", "arrow"],
)
def test_a_frame_is_scored_like_its_records(lead_card: Path, frame: object) -> None:
    card = scoreline.load(lead_card)
    found = card.score_table(frame, as_of="2026-11-22")  # type: ignore[arg-type]
    assert found["lead_id"].to_list() == ["L-1", "L-2"]
    assert found["score"].to_list() == [8, -5]
    assert found["segment"].to_list() == ["qualified", "garbage"]


def test_a_file_is_scored_like_a_frame(lead_card: Path, tmp_path: Path) -> None:
    card = scoreline.load(lead_card)
    pl.DataFrame(LEADS).write_csv(tmp_path / "leads.csv")
    by_file = card.score_table(tmp_path / "leads.csv", as_of="2026-11-22")
    assert by_file.equals(card.score_table(pl.DataFrame(LEADS), as_of="2026-11-22"))


def test_a_wrong_type_is_named(lead_card: Path) -> None:
    with pytest.raises(scoreline.UsageError, match="budget"):
        scoreline.load(lead_card).score_typed({"budget": "250000"})
    with pytest.raises(scoreline.DataError, match="list"):
        scoreline.load(lead_card).score_table([1, 2])  # type: ignore[arg-type]


def test_what_could_not_be_read_is_told(lead_card: Path) -> None:
    card = scoreline.load(lead_card)
    found = card.score({"buget": 5, "phone": "call me", "email": "a@acme.ru"})
    assert [finding.code for finding in found.findings] == ["name-mistaken", "phone-unreadable"]
    assert card.score({"email": "a@acme.ru"}).findings == ()


def test_rows_that_are_left_out_are_told(lead_card: Path, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        "lead_id,phone,email,company,position,budget,service,has_spec\nL-1,,,,,,,\n,,,,,,,\n",
        encoding="utf-8",
    )
    with pytest.warns(scoreline.RejectedRowsWarning, match="1 row could not be scored.*row 2"):
        assert scoreline.load(lead_card).score_table(tmp_path / "d.csv").height == 1
