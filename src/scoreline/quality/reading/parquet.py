"""A Parquet file as a table: its own types, columns under clean names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from scoreline.errors import DataError
from scoreline.quality.reading.columns import unique_headers
from scoreline.quality.table import ROW, Notes, Scratch, Table, damaged

LARGEST_UNFOLDED = 8 << 30
RATIO = 2_000


def read_parquet(source: str, path: Path, scratch: Scratch) -> Table:
    """The Parquet file at `path` as a table."""
    notes = Notes()
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 4))
        if stream.read() != b"PAR1":
            raise DataError("The Parquet file is cut off.", "Copy or download it again.")
    with readable(source):
        scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = scan.collect_schema()
        rows = int(scan.select(pl.len()).collect().item())
    unfolded = 8 * rows * max(len(schema), 1)
    if unfolded > LARGEST_UNFOLDED and unfolded > RATIO * path.stat().st_size:
        raise DataError(
            f"The Parquet file claims {rows:,} rows in {path.stat().st_size:,} bytes.",
            "It looks like a decompression bomb, not like a table.",
        )
    columns = unique_headers(schema.names(), notes)
    if not columns:
        raise DataError("The Parquet file has no columns.")
    renamed = [pl.col(old).alias(new) for old, new in zip(schema.names(), columns, strict=True)]
    # Numbered by the scan itself, filters reach the file: rows that are left out are not read.
    number = ROW
    while number in schema:
        number += "_"
    numbered = pl.scan_parquet(
        path, glob=False, hive_partitioning=False, row_index_name=number, row_index_offset=1
    )
    frame = numbered.select(*renamed, pl.col(number).cast(pl.Int64).alias(ROW))
    return Table(source, "parquet", columns, frame, [], notes.findings(), rows, scratch)


@contextmanager
def readable(source: str) -> Iterator[None]:
    """Inside it, what Polars finds wrong with a file becomes one DataError.

    Pages are read only when the frame is collected: do that inside `with table`, or inside this.
    """
    try:
        yield
    except (PolarsError, PanicException, OSError) as error:
        raise damaged(source, error) from None
