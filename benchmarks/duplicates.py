"""One pair of records by the match card, beside Splink's `score_pair` with the same numbers."""

from __future__ import annotations

import time
from collections.abc import Callable

import duckdb
import splink
from tests.quality.duplicates.generating import people

from benchmarks.batch import Row
from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.roles import roles

FEW, MANY = 20, 5_000
"""Pairs that Splink scores, and that the card scores."""


def one_pair() -> list[Row]:
    """Our time for a pair as a share of Splink's; the points are held against Splink's first."""
    base = people(3, 200)
    found = find_duplicates(base.columns, roles(base.columns))
    records = found.base.frame.to_dicts()
    pairs = found.scored.pairs
    linker = _linker(found)

    def ours(place: int) -> float:
        left, right = records[pairs.left[place]], records[pairs.right[place]]
        return float(found.model.pair(left, right).score)

    def splinks(place: int) -> float:
        left, right = records[pairs.left[place]], records[pairs.right[place]]
        scored = linker.inference.score_pair(left, right).as_record_list()
        return float(scored[0]["match_weight"])

    places = range(0, len(pairs), max(1, len(pairs) // MANY))
    few = places[:: max(1, len(places) // FEW)]
    assert all(abs(ours(place) - splinks(place)) <= 1e-9 for place in few)
    share = _seconds_each(ours, places) / _seconds_each(splinks, few)
    return [("a pair by the card, of Splink's score_pair", "0.001", share)]


def _seconds_each(score: Callable[[int], float], places: range) -> float:
    start = time.perf_counter()
    for place in places:
        score(place)
    return (time.perf_counter() - start) / len(places)


def _linker(found: Duplicates) -> splink.Linker:
    api = splink.DuckDBAPI(connection=duckdb.connect())
    frame = api.register(found.base.frame.to_arrow())
    return splink.Linker(frame, found.model.splink(), log_level=None)
