"""Typed records into a table of PostgreSQL, batch by batch: what is there already stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from scoreline.engines.sql.event_table import EVENT, ROW, EventTable
from scoreline.engines.sql.into import create_table, upsert
from scoreline.engines.sql.spelling import SPELLINGS
from scoreline.errors import UsageError
from scoreline.jobs.export import key_column, typed_columns
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.reading.postgres import Address, connected, quoted
from scoreline.quality.table import Scratch
from scoreline.scorecard.events import AT
from scoreline.scorecard.model import Scorecard

if TYPE_CHECKING:
    from psycopg import Connection

POSTGRES = SPELLINGS["postgres"]
BATCH = 50_000
"""Records that are committed together: as many are lost, and typed again, if the run is stopped."""
FACTS = "facts_version"
_BATCH = "scoreline_batch"
TYPES = {"number": "DOUBLE PRECISION", "yes/no": "BOOLEAN", "date": "DATE", "time": "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of filling a table: records added or changed, and those whose key another has."""

    written: int
    repeated: int


def fill_table(records: pl.LazyFrame, card: Scorecard, into: Address) -> Kept:
    """Keep typed records in a table, which is made if it is not there.

    A table has one record a key: of several with one key the last is kept. A record that is there
    with the same values is not touched, so that a run that was stopped is done again, and only what
    is missing is written. Raises UsageError for a card without a key.
    """
    key = key_column(card)
    if key is None:
        raise UsageError(
            f"The card `{card.name}` names no key.", "Records of a table need one: key: lead_id."
        )
    types = {name: TYPES.get(kind, "TEXT") for name, kind, _ in typed_columns(card)}
    columns = {**types, FACTS: "TEXT"}
    written = 0
    scratch = Scratch()
    try:
        kept = scratch.path(".parquet")
        records.sink_parquet(kept)
        every = pl.scan_parquet(kept)
        count = every.select(pl.len()).collect().item()
        last = every.unique(key, keep="last", maintain_order=True).collect()
        with connected(into, writes=True) as connection:
            connection.execute(create_table(quoted(into), key, columns).encode())
            connection.commit()
            for batch in last.iter_slices(BATCH):
                written += _put(connection, into, key, columns, batch)
                connection.commit()
    finally:
        scratch.close()
    return Kept(written, count - last.height)


def _put(
    connection: Connection[Any],
    into: Address,
    key: str,
    columns: dict[str, str],
    batch: pl.DataFrame,
) -> int:
    """One batch: into a table of its own, and from there what differs."""
    connection.execute(b"DROP TABLE IF EXISTS scoreline_batch")
    _make_batch(connection, create_table(_BATCH, key, columns))
    _copy(connection, batch.with_columns(pl.lit(FACTS_VERSION).alias(FACTS)))
    put = upsert(quoted(into), _BATCH, key, list(columns), [])
    return connection.execute(put.encode()).rowcount


def keep_events(events: pl.LazyFrame, card: Scorecard, into: Address) -> int:
    """Keep typed events in a table, which is made if it is not there; rows added, changed or gone.

    Afterwards the table holds these events and no others. All is one transaction: events have no
    key of their own, so half of them would be wrong scores.
    """
    table = EventTable(card)
    types = {table.key: "TEXT", EVENT: "TEXT", AT.name: "TIMESTAMP"}
    types |= {one.name: TYPES.get(one.kind, "TEXT") for one in table.properties}
    scratch = Scratch()
    try:
        kept = scratch.path(".parquet")
        events.select(ROW, *types).sink_parquet(kept)
        every = pl.scan_parquet(kept)
        count = every.select(pl.len()).collect().item()
        with connected(into, writes=True) as connection:
            connection.execute(create_table(quoted(into), ROW, types, "BIGINT").encode())
            _make_batch(connection, create_table(_BATCH, ROW, types, "BIGINT"))
            for first in range(0, count, BATCH):
                _copy(connection, every.slice(first, BATCH).collect())
            gone = f"DELETE FROM {quoted(into)} AS t WHERE NOT EXISTS "  # noqa: S608
            gone += f"(SELECT FROM {_BATCH} AS b WHERE b.{ROW} = t.{ROW})"
            changed = connection.execute(gone.encode()).rowcount
            put = upsert(quoted(into), _BATCH, ROW, list(types), [])
            changed += connection.execute(put.encode()).rowcount
            connection.commit()
    finally:
        scratch.close()
    return changed


def _make_batch(connection: Connection[Any], create: str) -> None:
    made = create.replace("CREATE TABLE IF NOT EXISTS", "CREATE TEMP TABLE")
    connection.execute(made.encode())


def _copy(connection: Connection[Any], rows: pl.DataFrame) -> None:
    with connection.cursor().copy(f"COPY {_BATCH} FROM STDIN".encode()) as copy:
        for row in rows.iter_rows():
            copy.write_row(row)
