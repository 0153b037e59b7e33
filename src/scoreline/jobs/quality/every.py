"""Every finding of a checked base as a table: nothing is only counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.language.fields import Field
from scoreline.quality.boundary import FACTS_VERSION, KEPT, KEY, ROW
from scoreline.quality.typing.codes import CODES
from scoreline.quality.writing.files import as_texts

COLUMNS = {
    "row": pl.Int64,
    "record": pl.String,
    "column": pl.String,
    "finding": pl.String,
    "level": pl.String,
    "verdict": pl.String,
    "value": pl.String,
    "normal": pl.String,
    "meant": pl.String,
    "version": pl.String,
}
"""What is said of each finding; version: of the lists and libraries that it came from."""


def findings_table(
    frame: pl.DataFrame,
    fields: Sequence[tuple[Field, str | None]],
    together: Mapping[str, Mapping[str, pl.Series]],
    whole: Mapping[str, Sequence[str]],
) -> pl.DataFrame:
    """A row for each finding: of whole columns first, which have no row, then of each cell.

    frame: a checked base with its verdicts; fields: with the header of each; together: by field
    and code, the rows that fail a check of several cells or records; whole: by field, the codes
    of what is said of the whole column.
    """
    parts = [pl.DataFrame(schema=COLUMNS)]
    for name, codes in whole.items():
        told = {"column": [name] * len(codes), "finding": codes}
        parts.append(pl.DataFrame(told, schema={"column": pl.String, "finding": pl.String}))
    for one, header in fields:
        found = frame[f"{one.name}__finding"]
        parts.append(_rows(frame, one, header, found.is_not_null(), found))
        for code, rows in together.get(one.name, {}).items():
            fails = rows.fill_null(value=False)
            parts.append(_rows(frame, one, header, fails, pl.lit(code)))
    levels = {code: said.level for code, said in CODES.items()}
    level = pl.col("finding").replace_strict(levels, return_dtype=pl.String)
    version = pl.lit(FACTS_VERSION)
    table = pl.concat(parts, how="diagonal").with_columns(
        level.alias("level"), version.alias("version")
    )
    return table.sort("row", maintain_order=True, nulls_last=False)


def _rows(
    frame: pl.DataFrame,
    one: Field,
    header: str | None,
    rows: pl.Series,
    finding: pl.Series | pl.Expr,
) -> pl.DataFrame:
    value = pl.lit(None, pl.String) if header is None else pl.lit(as_texts(frame[KEPT + header]))
    told = frame.select(
        pl.col(ROW).alias("row"),
        pl.col(KEY).cast(pl.String).alias("record"),
        pl.lit(one.name).alias("column"),
        (finding if isinstance(finding, pl.Expr) else pl.lit(finding)).alias("finding"),
        pl.lit("").alias("level"),
        exactly(f"{one.name}__verdict").cast(pl.String).alias("verdict"),
        value.alias("value"),
        exactly(f"{one.name}__normal").cast(pl.String).alias("normal"),
        exactly(f"{one.name}__suggestion").cast(pl.String).alias("meant"),
        pl.lit("").alias("version"),
    )
    return told.filter(rows)
