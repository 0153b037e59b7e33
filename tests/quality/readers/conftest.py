"""Helpers of the reader tests: a file from text, and what a table says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scoreline.quality.readers import ReadOptions, open_table


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


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Seen]:
    """`read("a,b\\n1,2\\n")`: writes the text (or bytes) to a file and reads it."""

    def read_text(content: str | bytes, name: str = "file.csv", **options: str) -> Seen:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return see(path, **options)

    return read_text
