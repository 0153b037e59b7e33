"""Event terms: both engines against the oracle, with random cards, records and events."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.tables import behaviour_frame
from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from tests.conformance import happenings, quotients
from tests.conformance.cards import Drawn
from tests.conformance.outcomes import by_oracle, by_result, by_row, typed_table
from tests.conformance.records import draw_records

FIRST_SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
CARDS = int(os.environ.get("CONFORMANCE_EVENT_CARDS", "120"))
RECORDS, CHUNK = 20, 40
MANY = 400


def compare(seed: int, traps: Counter[str]) -> int:
    """Hold a card of events and its records against the oracle; the pairs that were compared."""
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = happenings.draw_card_of_events(random, traps)
    records = draw_records(random, drawn, RECORDS, Counter())
    events = [happenings.draw_events(random, drawn, traps) for _ in records]
    hold_against_the_oracle(f"seed {seed}", drawn, records, events, traps)
    return len(records)


def hold_against_the_oracle(
    seed: str,
    drawn: Drawn,
    records: list[dict[str, Any]],
    events: list[list[dict[str, Any]]],
    traps: Counter[str],
) -> None:
    """Both engines: one record by one, and all of them in one table."""
    card = parse_card(drawn.file)
    compiled = compile_card(card)
    table = typed_table(drawn, records).lazy().with_columns()
    keyed = table.with_row_index("__key__").with_columns(__key__="__key__")
    points = behaviour_frame(card, happenings.as_frames(events), drawn.as_of)
    keys = keyed.with_columns(keyed.collect()["__key__"].cast(str))
    rows = keys.join(points, on="__key__", how="left", maintain_order="left")
    by_local = [
        LocalEngine(card, drawn.as_of, reasons=0, plain_rows=plain)
        .lazy(rows)
        .collect(engine="streaming")
        .to_dicts()
        for plain in (0, len(records))
    ]
    for number, (record, happened) in enumerate(zip(records, events, strict=True)):
        known = happenings.with_features(drawn, record, happened)
        expected = by_oracle(happenings.tallied(drawn, happened), known)
        behaviour = behaviour_of(card, happenings.as_happened(happened), drawn.as_of)
        found = by_result(compiled.score(record, drawn.as_of, behaviour))
        told = f"{seed}\n{drawn.file}\nas of {drawn.as_of}\n{record}\n{happened}"
        assert found == expected, told
        assert sum(line.points for line in found.lines) == found.score, told
        for way in by_local:
            assert by_row(way[number]) == expected.without_lines(), told
        traps["points of events"] += any(line.scaled for line in behaviour.lines)
        traps["feature of something"] += any(behaviour.features.values())
        traps["missing feature"] += None in behaviour.features.values()
        traps["ignored in bursts"] += behaviour.ignored


@pytest.mark.parametrize("chunk", range(CARDS // CHUNK))
def test_engines_equal_the_oracle(
    chunk: int, record_property: Callable[[str, object], None]
) -> None:
    traps: Counter[str] = Counter()
    seeds = range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK)
    pairs = sum(compare(seed, traps) for seed in seeds)
    drawn = ", ".join(f"{name} {count}" for name, count in sorted(traps.items()))
    record_property("printed", f"{pairs} (card, record) pairs with events: {drawn}")
    expected = {"repeated id", "in the future", "property missing", "points of events", "each"}
    expected |= {*happenings.TAKES, "feature of something", "missing feature", "ignored in bursts"}
    expected |= {"once", "distinct(mail)", "within", "half_life", "linear", "where", "cap", "floor"}
    assert not [name for name in expected if not traps[name]]
    assert traps["on an edge of time or beside it"] > 0.3 * traps["event"]


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 2))
def test_quotients_of_many_rows_are_equal_to_the_last_digit(seed: int) -> None:
    """Divisions in conditions, bins, `where` and sums: Polars multiplies by reciprocals."""
    random = Random(seed)  # noqa: S311
    dividing = quotients.draw_card(random)
    records = [{"x": quotients.draw_x(random, [dividing])} for _ in range(MANY)]
    events = [quotients.draw_events(random, [dividing]) for _ in records]
    hold_against_the_oracle(f"seed {seed}", dividing.drawn, records, events, Counter())
