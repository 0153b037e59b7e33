"""Suggestions for cells of a base: a table that waits, and what accepting a row of it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.errors import DataError
from scoreline.language.fields import Field
from scoreline.quality.boundary import KEY
from scoreline.quality.changes.change import Place
from scoreline.quality.changes.log import is_row_number
from scoreline.quality.formulas import APOSTROPHE, harmless_text
from scoreline.quality.reading.files import open_table
from scoreline.quality.typing.lists import LISTS_VERSION
from scoreline.quality.writing.files import as_texts

WAITING = {
    "row": pl.Int64,
    "record": pl.String,
    "column": pl.String,
    "is": pl.String,
    "meant": pl.String,
    "finding": pl.String,
}
"""The columns of a table of suggestions; rows count from 1."""
VERSION = f"scoreline lists {LISTS_VERSION}"
BY_HAND = "by hand"


def suggestions(
    checked: pl.DataFrame, after: pl.DataFrame, fields: Sequence[tuple[Field, str]]
) -> pl.DataFrame:
    """What waits for somebody to accept it: row, record, column, as it is, meant, why.

    checked: the verdicts of the fields; after: the base as it is written; fields: with the header
    of each. Where two fields read one column, a cell has one suggestion: the first field's.
    """
    parts = []
    for one, header in fields:
        meant, by = checked[f"{one.name}__suggestion"], f"{one.name}__suggested_by"
        by = by if by in checked.columns else f"{one.name}__finding"
        rows = meant.is_not_null()
        parts.append(
            pl.DataFrame(
                {
                    "row": (rows.arg_true() + 1).cast(pl.Int64),
                    "record": checked[KEY].filter(rows).cast(pl.String),
                    "column": pl.repeat(header, int(rows.sum()), dtype=pl.String, eager=True),
                    "is": as_texts(after[header].filter(rows)),
                    "meant": meant.filter(rows),
                    "finding": checked[by].filter(rows),
                }
            )
        )
    found = pl.concat([pl.DataFrame(schema=WAITING), *parts])
    return found.unique(["row", "column"], keep="first", maintain_order=True).sort("row")


@dataclass(frozen=True)
class Accepted:
    """A suggestion that is to be carried out.

    number: of its row in its file; row, column: the cell, rows from 0; found: what it is said to
    hold, as a file for spreadsheets would have it; meant: what it shall hold; rule: why.
    """

    number: int
    row: int
    column: str
    found: str | None
    meant: str
    rule: str

    @property
    def place(self) -> Place:
        """The cell, as the log names it."""
        return str(self.row + 1), self.column

    def fits(self, cell: str | None) -> bool:
        """Whether the cell still holds what it held when the suggestion was made."""
        return self.found in (cell, None if cell is None else harmless_text(cell))

    def to_write(self, *, for_spreadsheets: bool) -> str:
        """What the cell shall hold, as its file has texts that look like formulas."""
        if for_spreadsheets:
            return harmless_text(self.meant)
        bare = self.meant.removeprefix(APOSTROPHE)
        return bare if harmless_text(bare) == self.meant else self.meant


def read_suggestions(file: str | Path, columns: Sequence[str], rows: int) -> Iterator[Accepted]:
    """What a file of suggestions says, row by row.

    columns, rows: of the base. Raises DataError for a row that names no cell, or means nothing.
    """
    with open_table(file) as table:
        lacking = [name for name in ("row", "column", "is", "meant") if name not in table.columns]
        if lacking:
            raise DataError(
                f"{file} lacks the column `{lacking[0]}`.",
                "It is not a file of suggestions that `quality --out` wrote.",
            )
        lines = table.frame.collect().to_dicts()
    known = set(columns)
    for number, line in enumerate(lines, 1):
        yield _accepted(line, number, f"{file}, row {number}:", known, rows)


def _accepted(
    line: Mapping[str, object], number: int, where: str, columns: set[str], rows: int
) -> Accepted:
    row, column = str(line["row"]), str(line["column"] or "")
    if column not in columns or not is_row_number(row) or not 0 < int(row) <= rows:
        raise DataError(f"{where} There is no such cell.", "`row` and `column` name the cell.")
    if not line["meant"]:
        raise DataError(f"{where} `meant` is blank.", "Take the row out, or say what is meant.")
    found = None if line["is"] in (None, "") else str(line["is"])
    rule = str(line.get("finding") or BY_HAND)
    return Accepted(number, int(row) - 1, column, found, str(line["meant"]), rule)
