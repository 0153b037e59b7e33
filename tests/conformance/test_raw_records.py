"""Raw records through the boundary: typed as the rules say, then scored as the oracle scores."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from scoreline.engines.record import compile_card
from scoreline.quality.typing import type_record
from scoreline.scorecard.file import parse_card
from tests.conformance.cards import draw_card
from tests.conformance.outcomes import by_oracle, by_result
from tests.conformance.raw import CELLS, raw_cell
from tests.conformance.records import draw_records

SEEDS = range(1, 61)
RECORDS = 25
TRAPS = [
    *("blank cell", "NULL", "NaN", "invalid cell", "infinity", "beyond 2^53"),
    *("decomposed cell", "blanks around a cell"),
]


def raw_record(random: Random, record: dict[str, Any], fields: Any, traps: Any) -> dict[str, Any]:
    kinds = {name: field["type"] for name, field in fields.items()}
    return {name: raw_cell(random, record[name], kinds[name], traps) for name in kinds}


@pytest.mark.parametrize("seed", SEEDS)
def test_raw_records_score_as_their_typed_values(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = draw_card(random, Counter())
    card = parse_card(drawn.file)
    compiled = compile_card(card)
    for record in draw_records(random, drawn, RECORDS, Counter()):
        raw = raw_record(random, record, drawn.card["fields"], Counter())
        typed = type_record(card.fields, raw).values
        for name, field in drawn.card["fields"].items():
            if field["type"] not in CELLS:
                assert typed[name] == record[name], (seed, name, field, raw[name])
        found = by_result(compiled.score(typed, drawn.as_of))
        assert found == by_oracle(drawn, typed), (seed, drawn.file, raw, typed)


def test_every_trap_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    traps = Counter(dict.fromkeys(TRAPS, 0))
    for seed in SEEDS:
        random = Random(seed)  # noqa: S311
        drawn = draw_card(random, Counter())
        for record in draw_records(random, drawn, RECORDS, Counter()):
            raw_record(random, record, drawn.card["fields"], traps)
    with capsys.disabled():
        print("\nraw cells: " + ", ".join(f"{name} {count}" for name, count in traps.items()))
    assert not [name for name in TRAPS if not traps[name]]
    assert not set(traps) - set(TRAPS)
