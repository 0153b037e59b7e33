"""Grids: both engines against the oracle, with random cards, cut-offs, records and events."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.tables import behaviour_frame
from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import load_card
from tests import oracle_grid
from tests.conformance import happenings, quotients
from tests.conformance.grids import DrawnGrid, draw_grid, draw_pair, grid_of_two
from tests.conformance.outcomes import (
    Line,
    Outcome,
    by_result,
    by_row,
    joined,
    kind_of,
    typed_table,
)
from tests.oracle_pair import settled

FIRST_SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
GRIDS = int(os.environ.get("CONFORMANCE_GRIDS", "120"))
RECORDS, CHUNK = 20, 30
MANY = 400


def by_oracle(grid: DrawnGrid, pair: list[dict[str, Any]], events: list[dict[str, Any]]) -> Outcome:
    sides = [
        side | {"card": settled(side["card"], side["record"], grid.as_of)}
        for side in grid.oracle_sides(pair, events)
    ]
    found = oracle_grid.score(sides, grid.as_of)
    lines = [Line(term, kind_of(bin_), points) for term, bin_, points in found["reasons"]]
    for (name, points), side in zip(found["adjustments"], sides_of(grid, found), strict=True):
        word = "" if name == f"{side}: base" else " cap" if points < 0 else " floor"
        lines.append(Line(name + word, "", points))
    plain = {k: found[k] for k in ("score", "segment", "low", "high", "certain", "ask")}
    return Outcome(**plain, reasons=joined(lines), lines=tuple(lines))


def sides_of(grid: DrawnGrid, found: dict[str, Any]) -> list[str]:
    """The side of each adjustment."""
    return [
        next(name for name in grid.names if line.startswith(f"{name}: "))
        for line, _ in found["adjustments"]
    ]


def merged(grid: DrawnGrid, pair: list[dict[str, Any]]) -> dict[str, Any]:
    """The record as the grid types it."""
    record: dict[str, Any] = {}
    for own, names in zip(pair, grid.fields, strict=True):
        for key, value in own.items():
            field, mark, fact = key.partition("__") if key not in names else (key, "", "")
            record[names[field] + mark + fact] = value
    return record


def compare(seed: int, folder: Path, traps: Counter[str]) -> int:
    """Hold a grid and its records against the oracle; the pairs that were compared."""
    random = Random(seed)  # noqa: S311 - test data, not secrets
    grid = draw_grid(random, traps)
    pairs = [draw_pair(random, grid, traps) for _ in range(RECORDS)]
    counts = any("event" in term for side in grid.sides for term in side.card["terms"])
    events = [
        happenings.draw_events(random, grid.whole, Counter()) if counts else [] for _ in pairs
    ]
    hold_against_the_oracle(f"seed {seed}", grid, folder, pairs, events, traps)
    return len(pairs)


def hold_against_the_oracle(
    seed: str,
    grid: DrawnGrid,
    folder: Path,
    pairs: list[list[dict[str, Any]]],
    events: list[list[dict[str, Any]]],
    traps: Counter[str],
) -> None:
    """Both engines: one record by one, and all of them in one table."""
    card = load_card(grid.write(folder))
    records = [merged(grid, pair) for pair in pairs]
    rows = typed_table(grid.whole, records).lazy().with_row_index("__key__")
    keyed = rows.with_columns(rows.collect()["__key__"].cast(str))
    points = behaviour_frame(card, happenings.as_frames(events), grid.as_of)
    table = keyed.join(points, on="__key__", how="left", maintain_order="left")
    by_local = [
        LocalEngine(card, grid.as_of, reasons=0, plain_rows=plain)
        .lazy(table)
        .collect(engine="streaming")
        .to_dicts()
        for plain in (0, len(records))
    ]
    compiled = compile_card(card)
    for number, (pair, record, happened) in enumerate(zip(pairs, records, events, strict=True)):
        expected = by_oracle(grid, pair, happened)
        behaviour = behaviour_of(card, happenings.as_happened(happened), grid.as_of)
        found = by_result(compiled.score(record, grid.as_of, behaviour))
        told = f"{seed}\n{grid.file}{[s.file for s in grid.sides]}\n{record}\n{happened}"
        assert found == expected, told
        assert sum((line.points for line in found.lines), Fraction(0)) == found.score, told
        assert found.low <= found.score <= found.high, told
        for way in by_local:
            assert by_row(way[number]) == expected.without_lines(), told
        traps["known by events alone"] += any(
            all(side["record"][field] is None for field in side["names"])
            and any(term.get("counted") for term in side["card"]["terms"])
            for side in grid.oracle_sides(pair, happened)
        )
        traps["unknown side"] += "?" in (found.segment or "")
        traps["certain"] += found.certain
        traps["asked of the second side"] += found.ask in {*grid.fields[1].values()}


@pytest.mark.parametrize("chunk", range(GRIDS // CHUNK))
def test_engines_equal_the_oracle(
    chunk: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    traps: Counter[str] = Counter()
    seeds = range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK)
    pairs = sum(compare(seed, tmp_path, traps) for seed in seeds)
    drawn = ", ".join(f"{name} {count}" for name, count in sorted(traps.items()))
    record_property("printed", f"{pairs} (grid, record) pairs: {drawn}")
    expected = {"unknown side", "certain", "asked of the second side", "side without a value"}
    expected |= {"known by events alone"}
    expected |= {"field declared alike", "field declared differently", "last class left out"}
    expected |= {"events on both sides", "events on one side", "cut-off beside a sum"}
    assert not [name for name in expected if not traps[name]]


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 2))
def test_quotients_of_many_rows_are_equal_to_the_last_digit(seed: int, tmp_path: Path) -> None:
    """Divisions on both sides, of fields and of sums: Polars multiplies by reciprocals."""
    random = Random(seed)  # noqa: S311
    sides = [quotients.draw_card(random) for _ in range(2)]
    grid = grid_of_two(random, [side.drawn for side in sides], ["fit", "engagement"], Counter())
    pairs = [[{"x": quotients.draw_x(random, sides)}] * 2 for _ in range(MANY)]
    events = [quotients.draw_events(random, sides) for _ in pairs]
    hold_against_the_oracle(f"seed {seed}", grid, tmp_path, pairs, events, Counter())
