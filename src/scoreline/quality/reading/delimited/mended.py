"""A file with flaws as one that Polars can read: flawed records mended, the rest as it is.

`scan` says how far the records are regular; the record there goes through the robust parser, and
the scan goes on behind it. Between records the parser remembers nothing but the number of the line,
so what it makes of a record is what it makes of it in the whole file. Where flaws stand close
together the parser keeps more and more records, for each stop of the scan costs 0.1 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from scoreline.quality.formulas import RISKY_BYTES
from scoreline.quality.reading.delimited.grammar import Grammar
from scoreline.quality.reading.delimited.rows import Record, RecordReader
from scoreline.quality.reading.delimited.scan import Scan, scan_csv_bytes
from scoreline.quality.reading.lines import Lines
from scoreline.quality.table import ROW, Notes

FAR = 2_000
"""Regular records after which a flaw counts as alone."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Mended:
    """What the mended file holds.

    rows: data rows, those left out counted; empty_quotes and plain: as in `Scan`.
    """

    rows: int
    empty_quotes: bool
    plain: tuple[bool, ...]


def mend(
    path: Path,
    scan: Scan,
    start: int,
    line: int,
    separator: str,
    notes: Notes,
    reject: Callable[[int, Record], None],
    out: BinaryIO,
    look: Callable[[Scan], None] = lambda scan: None,
) -> Mended:
    """Write the records from byte `start` on to `out`, all regular.

    scan: that of the file from there; line: how many physical lines stand before; reject: is given
    the number of each row that can't be mended, and its record, which is left out; look: is shown
    each scan, and may raise.
    """
    width = len(scan.plain)
    plain, quotes = list(scan.plain), scan.empty_quotes
    number, run = 0, 1
    grammar = Grammar(separator)
    while True:
        line += _copied(path, start, scan.end, out)
        number += scan.rows
        if scan.clean:
            return Mended(number, quotes, tuple(plain))
        run = 1 if scan.rows >= FAR else 2 * run
        with path.open("rb") as stream:
            stream.seek(scan.end)
            lines = Lines(stream, line)
            for record in islice(RecordReader(lines, grammar, width, notes), run):
                number += 1
                if record.fault is not None:
                    reject(number, record)
                    continue
                quotes = True
                out.write(_written(record.cells, separator))
                for place, cell in enumerate(record.cells):
                    if plain[place] and cell[:1].encode()[:1] in _RISKY:
                        plain[place] = False
            start, line = scan.end + lines.size, lines.number
        scan = scan_csv_bytes(path, start, separator, width)
        look(scan)
        plain = [both and one for both, one in zip(plain, scan.plain, strict=True)]
        quotes = quotes or scan.empty_quotes


def numbers_without(rejected: list[int]) -> pl.Expr:
    """The numbers of the rows of a mended file, where these are left out of it."""
    cuts = np.array(rejected) - np.arange(len(rejected))

    def numbered(places: pl.Series) -> pl.Series:
        return places + pl.Series(np.searchsorted(cuts, places.to_numpy(), side="right"))

    return pl.col(ROW).map_batches(numbered, return_dtype=pl.Int64, is_elementwise=True)


_RISKY = frozenset(bytes([byte]) for byte in RISKY_BYTES)


def _written(cells: list[str], separator: str) -> bytes:
    """A record in the strict grammar, every cell in quotes."""
    quoted = separator.join('"' + cell.replace('"', '""') + '"' for cell in cells)
    return quoted.encode() + b"\n"


def _copied(path: Path, start: int, end: int, out: BinaryIO) -> int:
    """Copy these bytes, and count the lines in them: LF, CR LF and a bare CR end one."""
    count, before = 0, b""
    with path.open("rb") as stream:
        stream.seek(start)
        while start < end:
            block = stream.read(min(_BLOCK, end - start))
            out.write(block)
            start += len(block)
            count += block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
            count -= before == b"\r" and block[:1] == b"\n"
            before = block[-1:]
    return count
