"""A file as typed rows of a card: reading, then the boundary, for every job that scores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from scoreline.errors import Finding, MissingColumnsError
from scoreline.quality.boundary import KEPT, Boundary
from scoreline.quality.reading.files import ReadOptions, RejectedRow, Table
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.events import EventRows, Events, event_rows
from scoreline.scoring.sources import Source, opened


@dataclass(frozen=True)
class TypedRows:
    """The typed rows of a source: `frame` holds `__row__`, `__key__`, fields and facts.

    With `keep`, the input columns come first under their own names.
    """

    table: Table
    boundary: Boundary
    frame: pl.LazyFrame
    events: EventRows | None = None

    def findings(self) -> dict[str, int]:
        """Counts by code, of the file and of its values; whole only after the frame was run."""
        totals: dict[str, int] = {}
        for (code, _), count in self.counts().items():
            totals[code] = totals.get(code, 0) + count
        return dict(sorted(totals.items()))

    def counts(self) -> dict[tuple[str, str | None], int]:
        """Counts by code and field, None for the file; whole only after the frame was run."""
        counts: dict[tuple[str, str | None], int] = {
            (found.code, None): found.count for found in self.table.findings
        }
        counts |= {(code, field): n for (code, field), n in self.boundary.findings.counts().items()}
        for where, count in self.events.counts().items() if self.events else ():
            counts[where] = counts.get(where, 0) + count
        return counts

    def examples(self) -> tuple[Finding, ...]:
        """The file's findings, then examples of each kind found in values, frequent kinds first."""
        log = self.boundary.findings
        values = (found for code, field in log.counts() for found in log.examples(code, field))
        events = self.events.examples() if self.events else ()
        return (*self.table.findings, *values, *events)

    def rejected_rows(self) -> list[RejectedRow]:
        """Rows that could not be scored, by their number; whole only after the frame was run."""
        blank = [RejectedRow(row, None, reason, "") for row, reason in self.boundary.rejected]
        return sorted([*self.table.rejected, *blank], key=lambda row: row.row)

    def rejected_events(self) -> list[RejectedRow]:
        """Events that could not be used, by their number; whole only after the frame was run."""
        return self.events.rejected_rows() if self.events else []

    def rejected(self) -> int:
        """How many rows could not be scored."""
        return len(self.rejected_rows())


def input_column(name: str) -> str:
    """The name under which an input column travels beside typed fields of the same name."""
    return KEPT + name


def _missing_columns(
    error: MissingColumnsError, table: Table, card: Scorecard
) -> MissingColumnsError:
    """The error with the card's name, and with what else may have gone wrong in reading."""
    hints = [error.hint]
    hints += [f"{f.message} {f.hint}" for f in table.findings if f.code == "sheets"]
    if table.format in ("csv", "tsv") and len(table.columns) == 1:
        hints.append("There is one column only: say the separator, --separator ';'")
    message = error.message.replace(
        "that the card declares", f"that the card `{card.name}` declares"
    )
    return MissingColumnsError(message, "\n".join(hints))


@contextmanager
def typed_rows(
    data: Source,
    card: Scorecard,
    read: ReadOptions | None = None,
    *,
    keep: bool = False,
    events: Events = None,
) -> Iterator[TypedRows]:
    """Opens a source for a card, and its events; temporary files go when the block ends."""
    with opened(data, read) as table, event_rows(events, card) as happened:
        dtypes = dict(table.frame.collect_schema())
        try:
            boundary = Boundary(card.fields, card.key, table.columns, card.facts, dtypes)
        except MissingColumnsError as error:
            raise _missing_columns(error, table, card) from None
        yield TypedRows(table, boundary, boundary.lazy(table.frame, keep=keep), happened)
