"""Grids as one SELECT, with events and without, against the oracle of grids."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest

from scoreline.engines.sql.events import EventSource
from scoreline.engines.sql.query import CardQuery
from scoreline.jobs.typed_events import events_frame
from scoreline.scorecard.file import load_card
from tests.conformance import happenings
from tests.conformance.databases import ROW, Run, as_stored
from tests.conformance.grids import draw_grid, draw_pair
from tests.conformance.outcomes import by_row
from tests.conformance.test_grids import by_oracle, merged

FIRST_SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
GRIDS = int(os.environ.get("CONFORMANCE_GRIDS", "60"))
RECORDS, CHUNK = 10, 20
KEY = "id of the record"


@pytest.mark.parametrize("chunk", range(GRIDS // CHUNK))
def test_a_grid_is_a_select_too(chunk: int, database: tuple[str, Run], tmp_path: Path) -> None:
    dialect, run = database
    counted: Counter[str] = Counter()
    for seed in range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK):
        random = Random(seed)  # noqa: S311 - test data, not secrets
        grid = draw_grid(random, Counter())
        pairs = [draw_pair(random, grid, Counter()) for _ in range(RECORDS)]
        folder = tmp_path / str(seed)
        folder.mkdir()
        card = load_card(grid.write(folder))
        events = [
            happenings.draw_events(random, grid.whole, Counter()) if card.counts_events else []
            for _ in pairs
        ]
        records = [merged(grid, pair) for pair in pairs]
        typed = as_stored(grid.whole, records)
        typed = typed.with_columns(pl.col(ROW).cast(pl.String).alias(KEY))
        tables, source = {"typed": typed}, None
        if card.counts_events:
            frame = events_frame(happenings.as_frames(events), card)
            tables["happened"], source = frame.collect(), EventSource("happened", KEY)
        query = CardQuery(card, dialect, grid.as_of, reasons=0)
        rows = run(query.sql("typed", [ROW], events=source), tables)
        for pair, own, row in zip(pairs, events, rows, strict=True):
            expected = by_oracle(grid, pair, own).without_lines()
            told = f"seed {seed}\n{grid.file}{[s.file for s in grid.sides]}\n{pair}\n{own}"
            assert by_row(row) == expected, told
        counted["with events"] += card.counts_events
    assert counted["with events"] > 1
