"""What happened to records and to those merged into them: one by one, or as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from scoreline.lifecycle.scorer import Scorer
from scoreline.scoring.bundled import ID, RECORD, read_properties, unbundled
from scoreline.store import events

if TYPE_CHECKING:
    from sqlalchemy import Connection

Behind = Mapping[int, Sequence[int]]
"""The records merged into each record that has some."""
Limits = Mapping[int, int]
"""The last event, by its number, that counts yet, of records that have such a limit."""


def events_by_record(
    connection: Connection, scorer: Scorer, roots: Sequence[int], behind: Behind, limits: Limits
) -> dict[int, list[events.StoredEvent]]:
    """The events of records and of those merged into them, in the order of recording."""
    if not scorer.counts_events or not roots:
        return {}
    root_of = {record: root for root in roots for record in (root, *behind.get(root, ()))}
    found: dict[int, list[events.StoredEvent]] = {}
    for one in events.of_records(connection, sorted(root_of)):
        root = root_of[one.record]
        if one.id <= limits.get(root, one.id):
            found.setdefault(root, []).append(one)
    for root in behind:
        found.get(root, []).sort(key=lambda one: one.id)
    return found


def event_table(
    connection: Connection, scorer: Scorer, roots: Sequence[int], behind: Behind, limits: Limits
) -> pl.DataFrame | None:
    """The same of many records, as a table; None where the card counts no events."""
    kinds = scorer.kinds
    if not kinds:
        return None
    root_of = {record: root for root in behind for record in behind[root]}
    asked = sorted([*roots, *root_of])
    wanted = bool(read_properties(kinds))
    found = events.bundles(connection, asked, list(kinds), properties=wanted)
    table = unbundled(list(found), kinds)
    record = pl.col(RECORD)
    if root_of:
        table = table.with_columns(record.replace(root_of))
    if limits:
        last = record.replace_strict(limits, default=None, return_dtype=pl.Int64)
        table = table.filter(last.is_null() | (pl.col(ID) <= last))
    return table.sort(RECORD, ID)
