"""Typed records into a table of PostgreSQL, batch by batch: what is there already stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from scoreline.engines.sql.into import create_table, upsert
from scoreline.engines.sql.spelling import SPELLINGS
from scoreline.errors import UsageError
from scoreline.jobs.export import key_column, typed_columns
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.reading.postgres import Address, connected, quoted
from scoreline.quality.table import Scratch
from scoreline.scorecard.model import Scorecard

if TYPE_CHECKING:
    from psycopg import Connection

POSTGRES = SPELLINGS["postgres"]
BATCH = 50_000
"""Records that are committed together: as many are lost, and typed again, if the run is stopped."""
FACTS = "facts_version"
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
    made = create_table("scoreline_batch", key, columns)
    connection.execute(made.replace("CREATE TABLE IF NOT EXISTS", "CREATE TEMP TABLE").encode())
    with connection.cursor().copy("COPY scoreline_batch FROM STDIN") as copy:
        for row in batch.with_columns(pl.lit(FACTS_VERSION).alias(FACTS)).iter_rows():
            copy.write_row(row)
    put = upsert(quoted(into), "scoreline_batch", key, list(columns), [])
    return connection.execute(put.encode()).rowcount
