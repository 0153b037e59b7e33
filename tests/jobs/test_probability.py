"""Probabilities come out wherever a score does, for cards that have some."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import scoreline as sl
from tests.conftest import Ran

Run = Callable[..., Ran]
CARD = """scorecard: likely
key: id
fields: {budget: number, has_spec: yes/no}
terms:
- {name: budget suits, when: budget >= 1000, points: 2.5}
- {name: specification, when: has_spec, points: -1}
"""
LIKELY = """probability:
  of: becomes a customer
  scores:
  - {below: 0, probability: 0.021}
  - {from: 0, below: 2.5, probability: 0.04, low: 0.03, high: 0.0525}
  - {from: 2.5, probability: 0.2, low: 0.1, high: 0.3}
"""
DATA = "id,budget,has_spec,probability\na,1000,no,x\nb,1,yes,y\nc,,,\n"
COLUMNS = ["probability", "probability_low", "probability_high"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "card.yaml").write_text(CARD + LIKELY, encoding="utf-8")
    (tmp_path / "plain.yaml").write_text(CARD.replace("likely", "plain"), encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_follow_the_reasons(scoreline: Run, folder: Path) -> None:
    ran = scoreline("score", "data.csv", "--card", "card.yaml", "--out", "s.csv")
    assert ran.code == 0, ran.err
    rows = rows_of(folder / "s.csv")
    assert list(rows[0])[-6:] == ["reasons", *COLUMNS, "fingerprint", "as_of"]
    assert [[row[name] for name in COLUMNS] for row in rows] == [
        ["0.2", "0.1", "0.3"],
        ["0.021", "", ""],
        ["0.04", "0.03", "0.0525"],
    ]


def test_a_card_without_intervals_has_no_columns_for_them(scoreline: Run, folder: Path) -> None:
    text = CARD + "probability: {scores: [{below: 2, probability: 0.1}, {from: 2, probability: 1}]}"
    (folder / "card.yaml").write_text(text, encoding="utf-8")
    scoreline("score", "data.csv", "--card", "card.yaml", "--out", "s.csv")
    rows = rows_of(folder / "s.csv")
    assert list(rows[0])[-4:] == ["reasons", "probability", "fingerprint", "as_of"]
    assert [float(row["probability"]) for row in rows] == [1, 0.1, 0.1]


def test_a_card_without_probabilities_has_the_columns_it_had(scoreline: Run, folder: Path) -> None:
    scoreline("score", "data.csv", "--card", "plain.yaml", "--out", "s.csv", "--with-data")
    header = list(rows_of(folder / "s.csv")[0])
    assert header[:4] == ["id", "budget", "has_spec", "probability"]
    assert header[-3:] == ["reasons", "fingerprint", "as_of"]


def test_an_input_column_of_that_name_stays_readable(scoreline: Run, folder: Path) -> None:
    scoreline("score", "data.csv", "--card", "card.yaml", "--out", "s.csv", "--with-data")
    row = rows_of(folder / "s.csv")[0]
    assert (row["input_probability"], row["probability"]) == ("x", "0.2")


def test_several_cards_stand_side_by_side(scoreline: Run, folder: Path) -> None:
    cards = ["--card", "plain.yaml", "--card", "card.yaml"]
    ran = scoreline("score", "data.csv", *cards, "--out", "s.parquet")
    assert ran.code == 0, ran.err
    table = pl.read_parquet(folder / "s.parquet")
    assert table["likely.probability"].to_list() == [0.2, 0.021, 0.04]
    assert table["likely.probability_low"].to_list() == [0.1, None, 0.03]
    assert "plain.probability" not in table.columns


def test_explain_says_it_in_words_and_in_json(scoreline: Run, folder: Path) -> None:
    said = ("explain", "data.csv", "--id", "c", "--card")
    assert (
        "probability 4 % (3 % to 5.25 %) of: becomes a customer\n"
        in scoreline(*said, "card.yaml").out
    )
    found = scoreline(*said, "card.yaml", "--format", "json").json
    assert found["probability"] == {"is": 0.04, "low": 0.03, "high": 0.0525}
    assert "probability" not in scoreline(*said, "plain.yaml").out
    assert "probability" not in scoreline(*said, "plain.yaml", "--format", "json").json


def test_from_python(folder: Path) -> None:
    card = sl.load(folder / "card.yaml")
    found = card.score({"budget": "1000"})
    assert (found.probability, found.probability_low, found.probability_high) == (0.2, 0.1, 0.3)
    found = card.score({"has_spec": "yes"})
    assert (found.probability, found.probability_low, found.probability_high) == (0.021, None, None)
    assert sl.load(folder / "plain.yaml").score({"budget": "1000"}).probability is None
    assert card.score_table(folder / "data.csv")["probability"].to_list() == [0.2, 0.021, 0.04]
