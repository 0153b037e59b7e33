"""Event terms and features in the SELECT of a card, against the oracle.

The cards and events are those of `test_events`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import polars as pl
import pytest

from scoreline.behaviour.as_of import behaviour_of
from scoreline.engines.record.engine import compile_card
from scoreline.engines.sql.events import EventSource
from scoreline.engines.sql.query import CardQuery
from scoreline.jobs.typed_events import events_frame
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.reasons import reasons_text
from tests.conformance import happenings
from tests.conformance.cards import Drawn
from tests.conformance.databases import ROW, Run, as_stored
from tests.conformance.outcomes import by_oracle, by_row
from tests.conformance.records import draw_records

FIRST_SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
CARDS = int(os.environ.get("CONFORMANCE_EVENT_CARDS", "120"))
RECORDS, CHUNK = 20, 20
KEY = "id"
Events = list[list[dict[str, Any]]]


def differences(
    drawn: Drawn, records: list[dict[str, Any]], events: Events, database: tuple[str, Run]
) -> Iterator[str]:
    """What a database says otherwise than the oracle, and of two reasons than the record engine."""
    card = parse_card(drawn.file)
    dialect, run = database
    typed = as_stored(drawn, records).with_columns(pl.col(ROW).cast(pl.String).alias(KEY))
    tables = {
        "typed": typed,
        "happened": events_frame(happenings.as_frames(events), card).collect(),
    }
    source = EventSource("happened", KEY)
    whole = CardQuery(card, dialect, drawn.as_of, reasons=0)
    rows = run(whole.sql("typed", [ROW], events=source), tables)
    first = CardQuery(card, dialect, drawn.as_of, reasons=2)
    shown = run(first.sql("typed", [ROW], ["reasons"], source), tables)
    compiled = compile_card(card)
    assert len(rows) == len(shown) == len(records)
    for record, own, row, short in zip(records, events, rows, shown, strict=True):
        told = f"record: {record}\nevents: {own}"
        known = happenings.with_features(drawn, record, own)
        expected = by_oracle(happenings.tallied(drawn, own), known)
        if by_row(row) != expected.without_lines():
            yield f"{by_row(row)}\noracle: {expected}\n{told}"
        behaviour = behaviour_of(card, happenings.as_happened(own), drawn.as_of)
        text = reasons_text(compiled.score(record, drawn.as_of, behaviour).reasons, 2)
        if short["reasons"] != text:
            yield f"two reasons: {text}\n{dialect}: {short['reasons']}\n{told}"


@pytest.mark.parametrize("chunk", range(CARDS // CHUNK))
def test_a_select_counts_events_as_the_oracle_does(chunk: int, database: tuple[str, Run]) -> None:
    for seed in range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK):
        random = Random(seed)  # noqa: S311 - test data, not secrets
        drawn = happenings.draw_card_of_events(random, Counter())
        records = draw_records(random, drawn, RECORDS, Counter())
        events = [happenings.draw_events(random, drawn, Counter()) for _ in records]
        for difference in differences(drawn, records, events, database):
            pytest.fail(f"seed {seed}\n{drawn.file}\nas of {drawn.as_of}\n{difference}")
