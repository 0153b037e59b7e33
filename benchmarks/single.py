"""One record in process, beside a decision table of the same terms."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import polars as pl

from benchmarks.batch import AS_OF, CARD, Row
from benchmarks.data import parquet
from benchmarks.peers import numpy_select, sorted_lists, zen_record, zen_table
from benchmarks.timing import Work, cpu
from scoreline.engines.record.engine import CompiledCard
from scoreline.jobs.card import Card
from scoreline.scorecard.file import load_card

RECORDS = 4000
ROUNDS = 7
REPEATED = 20


def single() -> list[Row]:
    """The rows of the table."""
    model = load_card(CARD)
    compiled, card = CompiledCard(model), Card(model)
    records = pl.read_parquet(parquet(RECORDS)).to_dicts()
    complete = [record for record in records if None not in record.values()]
    tables = {by_field: zen_table(model, by_field=by_field) for by_field in (False, True)}
    agree(compiled, records, tables.values())
    given = [zen_record(record) for record in complete]
    raw = [{n: str(v) for n, v in record.items() if "__" not in n} for record in complete]
    works: dict[str, tuple[int, Work]] = {
        # As long a work as the others: two thousandths of a second measure the caches before them.
        "complete": _each(lambda r: compiled.score(r, AS_OF), complete * REPEATED),
        "kept": (
            len(complete) * REPEATED,
            lambda: [compiled.score(r, AS_OF) for r in complete * REPEATED],
        ),
        "gaps": _each(lambda r: compiled.score(r, AS_OF), records),
        "zen": _each(tables[False].evaluate, given),
        "zen by field": _each(tables[True].evaluate, given),
        "raw": _each(lambda r: card.score(r, as_of=AS_OF), raw),
        "compile": (1000, lambda: CompiledCard(load_card(CARD))),
    }
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, (times, work) in works.items():
            found.setdefault(name, []).append(cpu(work) / times * 1e6)
    typical = {name: statistics.median(values) for name, values in found.items()}
    lines = statistics.mean(len(compiled.score(record, AS_OF).reasons) for record in complete)
    return [
        (f"a typed record, complete, all {lines:.0f} reasons, µs", "10", typical["complete"]),
        ("the same, every answer kept: Python's collector counts them, µs", "", typical["kept"]),
        ("the same, a tenth of the values missing: interval, question, µs", "", typical["gaps"]),
        (
            "zen-engine's decision table, an expression a row, same reasons / ours (at least)",
            "50",
            typical["zen"] / typical["complete"],
        ),
        (
            "zen-engine's decision table, cells by field, same reasons / ours",
            "",
            typical["zen by field"] / typical["complete"],
        ),
        ("a raw record with e-mail and phone, all values distinct, µs", "200", typical["raw"]),
        ("card read, checked and compiled, ms", "50", typical["compile"]),
    ]


def _each(function: Callable[[Any], object], records: Sequence[Any]) -> tuple[int, Work]:
    """How many records, and the work of calling a function with each; no answer is kept."""

    def work() -> None:
        for record in records:
            function(record)

    return len(records), work


def agree(
    compiled: CompiledCard, records: list[dict[str, object]], decisions: Iterable[Any]
) -> None:
    """Hold every peer's points against ours before the clamps; AssertionError if they differ."""
    layout, path = compiled.layout, parquet(RECORDS)
    ours = {
        record["lead_id"]: sum(layout.sums(compiled.score(record, AS_OF).mask)) / 10_000
        for record in records
    }
    table = numpy_select(path, compiled.card)
    assert dict(zip(table.lead_id, table.points, strict=True)) == ours
    found = duckdb.sql(sorted_lists(compiled.card, path)).fetchall()
    assert {key: points or 0 for key, points, _ in found} == ours
    for decision in decisions:
        for record in records:
            if None not in record.values():
                lines = decision.evaluate(zen_record(record))["result"]
                assert sum(line["points"] for line in lines) == ours[record["lead_id"]]
