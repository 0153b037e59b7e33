"""Raw records through the boundary: one by one, as a file and as a frame, they score the same.

Each cell must be typed as it was meant, and the typed record scored as the oracle scores it.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

import scoreline
from scoreline.quality.typing.values import type_record
from tests.conformance.cards import Drawn, draw_card
from tests.conformance.outcomes import by_oracle, by_result, by_row
from tests.conformance.raw import CELLS, raw_cell
from tests.conformance.records import draw_records

SEEDS = range(1, 61)
RECORDS = 25
TRAPS = [
    *("blank cell", "NULL", "NaN", "invalid cell", "infinity", "beyond 2^53"),
    *("decomposed cell", "blanks around a cell"),
]


def draw(seed: int, traps: Counter[str]) -> tuple[Drawn, list[dict[str, Any]], list[Any]]:
    """A card, its typed records and the raw ones they are meant by."""
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = draw_card(random, Counter())
    records = draw_records(random, drawn, RECORDS, Counter())
    kinds = {name: field["type"] for name, field in drawn.card["fields"].items()}
    raw = [
        {name: raw_cell(random, record[name], kind, traps) for name, kind in kinds.items()}
        for record in records
    ]
    return drawn, records, raw


@pytest.mark.parametrize("seed", SEEDS)
def test_raw_records_score_as_their_typed_values(seed: int, tmp_path: Path) -> None:
    drawn, records, raws = draw(seed, Counter())
    (tmp_path / "card.yaml").write_text(drawn.file, encoding="utf-8")
    card = scoreline.load(tmp_path / "card.yaml")
    file = write_csv(tmp_path / "raw.csv", raws)
    frame = pl.DataFrame({name: [as_text(raw[name]) for raw in raws] for name in raws[0]})
    from_file = card.score_table(file, as_of=drawn.as_of, reasons=0).to_dicts()
    from_frame = card.score_table(frame, as_of=drawn.as_of, reasons=0).to_dicts()
    assert len(from_file) == len(from_frame) == len(raws)
    for i, raw in enumerate(raws):
        typed = type_record(card.model.fields, raw).values
        for name, field in drawn.card["fields"].items():
            if field["type"] not in CELLS:
                assert typed[name] == records[i][name], (seed, name, field, raw[name])
        expected = by_oracle(drawn, typed)
        where = (seed, drawn.file, raw, typed)
        assert by_result(card.score(raw, as_of=drawn.as_of)) == expected, where
        assert by_row(from_file[i]) == expected.without_lines(), where
        assert by_row(from_frame[i]) == expected.without_lines(), where


def as_text(cell: Any) -> str | None:
    """The cell as a file of text holds it."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def write_csv(path: Path, raws: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(list(raws[0]))
        writer.writerows([[as_text(cell) for cell in raw.values()] for raw in raws])
    return path


def test_every_trap_is_drawn(record_property: Callable[[str, object], None]) -> None:
    traps = Counter(dict.fromkeys(TRAPS, 0))
    for seed in SEEDS:
        draw(seed, traps)
    drawn = ", ".join(f"{name} {count}" for name, count in traps.items())
    record_property("printed", f"Raw cells: {drawn}")
    assert not [name for name in TRAPS if not traps[name]]
    assert not set(traps) - set(TRAPS)
