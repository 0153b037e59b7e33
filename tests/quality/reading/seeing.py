"""What a table says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scoreline.quality.reading.files import ReadOptions, open_table


@dataclass
class Seen:
    """A table as plain values: rows as tuples, rejected rows as (row, line, code)."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    numbers: list[int]
    rejected: list[tuple[int, int | None, str]]
    raw: list[str]
    findings: dict[str, str]
    lines: dict[str, int | None]
    format: str


def see(path: Path | str, **options: str) -> Seen:
    """The table at `path`, all of it; rows in = rows + rejected rows is checked on the way."""
    with open_table(path, ReadOptions(**options)) as table:
        frame = table.frame.collect()
        numbers = frame["__row__"].to_list()
        assert table.rows == frame.height + len(table.rejected)
        together = sorted(numbers + [row.row for row in table.rejected])
        assert together == list(range(1, table.rows + 1))
        assert frame.columns == [*table.columns, "__row__"]
        return Seen(
            table.columns,
            frame.drop("__row__").rows(),
            numbers,
            [(row.row, row.line, row.reason.partition(":")[0]) for row in table.rejected],
            [row.raw for row in table.rejected],
            {finding.code: finding.message for finding in table.findings},
            {finding.code: finding.line for finding in table.findings},
            table.format,
        )
