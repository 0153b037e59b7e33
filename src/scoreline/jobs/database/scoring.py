"""Score a table of typed records inside PostgreSQL: nothing but results leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from scoreline.engines.sql.event_table import EVENT, ROW, EventTable
from scoreline.engines.sql.events import EventSource
from scoreline.engines.sql.into import AS_OF, FINGERPRINT, create_table, result_types, upsert
from scoreline.engines.sql.query import CardQuery
from scoreline.engines.sql.spelling import SPELLINGS
from scoreline.errors import DataError, UsageError, did_you_mean
from scoreline.jobs.export import key_column, typed_columns
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.summary import ScoreSummary
from scoreline.quality.reading.postgres import (
    Address,
    TableColumn,
    address_of,
    columns_of,
    connected,
    is_postgres,
    quoted,
    read_query,
    telling,
)
from scoreline.quality.table import Scratch
from scoreline.quality.writing.files import sink
from scoreline.scorecard.events import AT
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import NONE, Events
from scoreline.scoring.moments import moment_text

if TYPE_CHECKING:
    from psycopg import Connection

POSTGRES = SPELLINGS["postgres"]
NUMBERS = ("int2", "int4", "int8", "float4", "float8", "numeric")
FITS = {
    "number": NUMBERS,
    "text": ("text", "varchar"),
    "choice": ("text", "varchar"),
    "yes/no": ("bool",),
    "date": ("date",),
    "time": ("timestamp",),
}
"""The types of PostgreSQL that a typed column may have, by kind."""


def score_in_postgres(
    data: object, card: Scorecard, outputs: Outputs, options: ScoreOptions
) -> ScoreSummary:
    """Scores a table of typed records where it lies; into a table of that database, or a file.

    Raises UsageError for data that is no such table, DataError for columns that are not there or
    of another type.
    """
    if not is_postgres(data):
        raise UsageError(
            "The engine `postgres` scores a table of PostgreSQL.",
            "Give its address: postgresql://host/database?table=typed_records.",
        )
    where = address_of(str(data))
    key = key_column(card)
    if key is None:
        raise UsageError(
            f"The card `{card.name}` names no key.", "Records of a table need one: key: lead_id."
        )
    query = CardQuery(card, "postgres", options.as_of, reasons=options.reasons)
    happened = _events(card, options.events, where)
    into = address_of(str(outputs.table)) if outputs.in_database else None
    if into is not None and into.connect != where.connect:
        raise UsageError(
            "The table of results lies in another database.",
            "Name one in the database of the records, or write a file.",
        )
    with connected(where, writes=into is not None) as connection:
        _check(connection, where, _needed(card, key), f"--card {card.name}.yaml")
        source = None
        if happened is not None:
            own = _needed_of_events(EventTable(card))
            _check(connection, happened, own, f"--card {card.name}.yaml --events EVENTS")
            source = EventSource(quoted(happened), key)
        select = query.sql(quoted(where), [key], events=source)
        if into is not None:
            with telling(into):
                counts = _into_table(connection, into, card, query, select, key, options)
        else:
            counts = _into_file(connection, where, card, query, select, key, outputs, options)
    return _summary(card, options, counts)


def _events(card: Scorecard, events: Events, where: Address) -> Address | None:
    """The table of events in the database of the records; None where nothing happened."""
    if not card.counts_events:
        if events is not None and events != NONE:
            raise UsageError(f"The card `{card.name}` counts no events.", "Leave `events` out.")
        return None
    if events == NONE:
        return None
    if not isinstance(events, str) or not is_postgres(events):
        raise UsageError(
            f"The card `{card.name}` counts events, and in the database it reads typed ones.",
            "Type them, `scoreline fill --events EVENTS --events-out TABLE`, and name their table: "
            "--events 'postgresql://host/database?table=typed_events'; or --events none.",
        )
    found = address_of(events)
    if found.connect != where.connect:
        raise UsageError(
            "The table of events lies in another database.",
            "Name one in the database of the records.",
        )
    return found


def _check(
    connection: Connection[Any],
    where: Address,
    needed: Iterable[tuple[str, str | None]],
    options: str,
) -> None:
    """Refuses a table that lacks a column, or has one of another type; options: of `fill`."""
    found = {
        column.name: column
        for column in columns_of(connection, where, f"SELECT * FROM {quoted(where)}")  # noqa: S608
    }
    for name, kind in needed:
        if name not in found:
            near = did_you_mean(name, found)
            raise DataError(
                f"{where.words} has no column `{name}`.",
                near or f"Type the records first: scoreline fill DATA {options}.",
            )
        if kind is not None and found[name].type not in FITS[kind]:
            raise DataError(
                f"The column `{name}` of {where.words} is of type {_type(found[name])}; a typed "
                f"{kind} is {' or '.join(FITS[kind])}.",
                "Type the records first: scoreline fill.",
            )


def _needed(card: Scorecard, key: str) -> Iterator[tuple[str, str | None]]:
    yield key, None
    for name, kind, _ in typed_columns(card):
        yield name, kind


def _needed_of_events(table: EventTable) -> Iterator[tuple[str, str | None]]:
    yield from ((table.key, None), (EVENT, "text"), (AT.name, "time"), (ROW, "number"))
    yield from ((one.name, one.kind) for one in table.properties)


def _type(column: TableColumn) -> str:
    return column.type or "another kind"


def _into_table(
    connection: Connection[Any],
    into: Address,
    card: Scorecard,
    query: CardQuery,
    select: str,
    key: str,
    options: ScoreOptions,
) -> dict[str | None, int]:
    """Records by segment; only rows that differ are written, all in one transaction."""
    types = result_types(card, query.results)
    columns = {**types, FINGERPRINT: "TEXT", AS_OF: "TIMESTAMPTZ"}
    connection.execute(create_table(quoted(into), key, columns).encode())
    literal = POSTGRES.literal
    own = POSTGRES.quoted(key)
    told = [f"CAST({own} AS TEXT) AS {own}", *map(POSTGRES.quoted, query.results)]
    told.append(f"{literal(card.fingerprint)} AS {FINGERPRINT}")
    told.append(f"CAST({literal(moment_text(options.as_of))} AS TIMESTAMPTZ) AS {AS_OF}")
    scored = f"SELECT {', '.join(told)} FROM ({select}) AS scored"  # noqa: S608
    connection.execute(f"CREATE TEMP TABLE scoreline_scored ON COMMIT DROP AS {scored}".encode())
    put = upsert(quoted(into), "scoreline_scored", key, [*types, FINGERPRINT], [AS_OF])
    connection.execute(put.encode())
    rows = connection.execute(
        b"SELECT segment, count(*) FROM scoreline_scored GROUP BY segment"
    ).fetchall()
    return {segment: int(count) for segment, count in rows}


def _into_file(
    connection: Connection[Any],
    where: Address,
    card: Scorecard,
    query: CardQuery,
    select: str,
    key: str,
    outputs: Outputs,
    options: ScoreOptions,
) -> dict[str | None, int]:
    """Records by segment; the same columns as a file of `score`."""
    scratch = Scratch()
    try:
        frame = read_query(connection, where, select, scratch).frame
        frame = frame.select(
            pl.col(key).cast(pl.String),
            *map(pl.col, query.results),
            pl.lit(card.fingerprint).alias(FINGERPRINT),
            pl.lit(moment_text(options.as_of)).alias(AS_OF),
        )
        if outputs.table is not None:
            sink(frame, outputs.table, formulas=options.formulas)
        counted = frame.group_by("segment").len().collect()
        return {segment: int(count) for segment, count in counted.rows()}
    finally:
        scratch.close()


def _summary(card: Scorecard, options: ScoreOptions, counts: dict[str | None, int]) -> ScoreSummary:
    scored = sum(counts.values())
    return ScoreSummary(
        card=card,
        as_of=options.as_of,
        rows=scored,
        scored=scored,
        rejected=0,
        segments={one.name: counts.get(one.name, 0) for one in card.segments},
        findings={},
        counts={},
        examples=(),
        rejected_rows=(),
    )
