"""Every engine against the oracle: random cards, random records, equal to the last point.

The cards and records of a run follow from a seed; a failure prints the seed of its card, the card
file and the record. `CONFORMANCE_SEED=7 CONFORMANCE_CARDS=2000` runs others and more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoreline.engines.record.engine import compile_card
from scoreline.scorecard.file import parse_card
from tests.conformance.cards import Drawn, draw_card
from tests.conformance.outcomes import by_local, by_oracle, by_result
from tests.conformance.records import draw_records, hide

FIRST_SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
CARDS = int(os.environ.get("CONFORMANCE_CARDS", "260"))
RECORDS = 40
CHUNK = 20
TRAPS = [
    *("value", "on an edge or beside it", "missing", "invalid", "fact of an invalid value"),
    *(
        "complete record",
        "NULL fact of a known value",
        "minus zero",
        "subnormal",
        "near overflow",
        "integer of 2^53",
    ),
    *("leap day in a record", "Cyrillic in a record", "dotted or dotless i in a record"),
    *("sharp s in a record", "quote in a record", "accent in a record"),
    *("card", "more than 63 bins", "three or more groups", "cap", "floor", "clamp of a term"),
    *("probability", "probability without an interval"),
    *("points with four decimals", "negative points", "when with missing points"),
    *("missing bin", "missing value", "otherwise value", "gap between bins"),
    *("pair table", "pair table of one field", "pair table with otherwise"),
    *(
        "pair table with missing",
        "pair table that leaves nothing out",
        "bins of an expression",
        "several fields in a term",
        "CASE",
        "coalesce",
        "division",
    ),
    *("simple CASE", "NULL in a CASE", "IS TRUE, IS FALSE"),
    *(
        "condition as a value",
        "days_between",
        "part of a text",
        "accent",
        "not NFC",
        "Cyrillic",
        "Turkish i",
        "sharp s",
    ),
    *("quote", "semicolon", "looks like a newline", "2^53", "2^53 + 1", "2^63"),
    *("leap day", "change of clocks", "keyword as a name", "minus zero in a card"),
]


def differences(drawn: Drawn, records: list[dict[str, Any]]) -> Iterator[str]:
    """What the engines and the oracle say differently, and what can never be right."""
    card = parse_card(drawn.file)
    compiled = compile_card(card)
    table = by_local(drawn, card, records)
    if by_local(drawn, card, records, plain_rows=len(records)) != table:
        yield "the plain and the compiled decoder of the local engine differ"
    for record, (local, mask) in zip(records, table, strict=True):
        expected = by_oracle(drawn, record)
        result = compiled.score(record, drawn.as_of)
        found = by_result(result)
        if found != expected:
            yield f"record engine: {found}\noracle: {expected}\nrecord: {record}"
        if local != expected.without_lines():
            yield f"local engine: {local}\noracle: {expected}\nrecord: {record}"
        if mask != result.mask:
            yield f"masks: record {result.mask:b}, local {mask:b}\nrecord: {record}"
        if sum(line.points for line in found.lines) != found.score:
            yield f"reasons do not sum to the score: {found}\nrecord: {record}"


def draw(seed: int, traps: Counter[str]) -> tuple[Drawn, list[dict[str, Any]]]:
    """The card and the records of a seed."""
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = draw_card(random, traps)
    return drawn, draw_records(random, drawn, RECORDS, traps)


@pytest.mark.parametrize("chunk", range(CARDS // CHUNK))
def test_engines_equal_the_oracle(chunk: int) -> None:
    for seed in range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK):
        drawn, records = draw(seed, Counter())
        for difference in differences(drawn, records):
            pytest.fail(f"seed {seed}\n{drawn.file}\nas of {drawn.as_of}\n{difference}")


def test_every_trap_is_drawn(record_property: Callable[[str, object], None]) -> None:
    """The same draws again, only counted: at least 10,000 pairs, 30 % on edges, 20 % missing."""
    traps = Counter(dict.fromkeys(TRAPS, 0))
    pairs = sum(len(draw(FIRST_SEED + i, traps)[1]) for i in range(CARDS // CHUNK * CHUNK))
    drawn = ", ".join(f"{name} {traps[name]}" for name in TRAPS)
    record_property("printed", f"{pairs:,} (card, record) pairs: {drawn}")
    assert pairs >= 10_000
    assert traps["on an edge or beside it"] >= 0.30 * traps["value"]
    assert traps["missing"] >= 0.20 * traps["value"]
    assert traps["complete record"] >= 0.05 * pairs
    assert not [name for name in TRAPS if not traps[name]]
    assert not set(traps) - set(TRAPS)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 40))
def test_no_answer_leaves_the_interval(seed: int) -> None:
    """Known fields are hidden: what the record really scores lies within what was promised."""
    drawn, records = draw(seed, Counter())
    random = Random(seed)  # noqa: S311
    compiled = compile_card(parse_card(drawn.file))
    for record in records:
        full = compiled.score(record, drawn.as_of)
        assert full.low <= full.score <= full.high
        hidden = hide(random, record, drawn.card["fields"])
        before = compiled.score(hidden, drawn.as_of)
        assert before.low <= full.score <= before.high, (seed, drawn.file, record, hidden)
        assert before.low <= full.low <= full.high <= before.high, (seed, record, hidden)
        if before.certain:
            assert full.segment == before.segment, (seed, drawn.file, record, hidden)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_hypothesis_finds_no_difference(random: Random) -> None:
    """The same draws, made by hypothesis: a failing example is shrunk to a small card."""
    drawn = draw_card(random, Counter(), size="small")
    for difference in differences(drawn, draw_records(random, drawn, 3, Counter())):
        pytest.fail(f"{drawn.file}\nas of {drawn.as_of}\n{difference}")
