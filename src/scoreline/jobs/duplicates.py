"""Find the duplicates of a file: each row gets its cluster, and why it is there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError, Finding, counted, did_you_mean
from scoreline.jobs.labels import Answered, LabelFile, Labelled
from scoreline.jobs.outputs import Outputs
from scoreline.quality.duplicates.comparisons import comparisons, of_people
from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.households import households
from scoreline.quality.duplicates.links import strongest_links
from scoreline.quality.headers import header_of
from scoreline.quality.roles import Role, roles
from scoreline.quality.table import ReadOptions, RejectedRow, Table
from scoreline.quality.text import normal
from scoreline.quality.writing.files import sink, write_text
from scoreline.scoring.sources import Source, opened

COLUMNS = ("cluster", "points", "reasons")
"""What `--out` writes after the key."""
HOUSEHOLD = "household"
"""What it writes behind them if it is asked for."""
BLANK_KEY = "the key is blank"


@dataclass(frozen=True)
class DuplicateOptions:
    """How duplicates are looked for; labels: the file of answers; households: whether they are
    wanted; progress: told of rows done.
    """

    key: str | None = None
    seed: int = 0
    read: ReadOptions = field(default_factory=ReadOptions)
    model: Path | None = None
    labels: Path | None = None
    households: bool = False
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True)
class DuplicateSummary:
    """What was found.

    rows: those that were compared; clusters: of two records or more; duplicates: records that are
    not the first of their cluster; threshold: points of a link that is as likely as the mean at
    which clusters were no longer joined, None where no pair was likely enough; pairs: those that
    were compared; columns: what each was taken for; households: how many, if they were asked for.
    """

    rows: int
    rejected: int
    clusters: int
    duplicates: int
    threshold: float | None
    pairs: int
    key: str
    columns: Mapping[str, Role]
    findings: Sequence[Finding] = field(default=())
    labelled: Labelled | None = None
    households: int | None = None

    def json(self) -> dict[str, Any]:
        """The object that `--format json` prints."""
        names = ("rows", "rejected", "clusters", "duplicates", "threshold", "pairs", "key")
        found = {name: getattr(self, name) for name in names} | {"columns": dict(self.columns)}
        found["findings"] = [
            {"code": one.code, "level": one.level, "message": one.message, "hint": one.hint}
            for one in self.findings
        ]
        if self.households is not None:
            found["households"] = self.households
        return found | ({"labels": self.labelled.json()} if self.labelled else {})


def duplicates_of_file(
    data: Source, outputs: Outputs, options: DuplicateOptions
) -> DuplicateSummary:
    """Finds the duplicates of a file and writes the table, and the model if it is asked for."""
    with opened(data, options.read) as table:
        key = _key(table, options.key)
        frame, blank = _texts(table, key)
        rejected = sorted([*table.rejected, *blank], key=lambda row: row.row)
        told = [*table.findings, *_repeated(frame[key], key)]
    if options.progress is not None:
        options.progress(frame.height)
    records = _Records(key, frame)
    if options.households:
        _refuse_homeless(records.roles)
    file = options.labels and LabelFile(options.labels, key, records.keys, records.columns)
    answered = file.answered() if file else Answered()
    found = _found(records, options.seed, answered)
    homes = _homes(found, frame.height) if options.households else None
    labelled = file.go_on(found, answered, options.seed) if file and found else None
    if outputs.table is not None:
        sink(_table(records, found, homes).lazy(), outputs.table)
        outputs.write_rejected(rejected)
    if options.model is not None:
        write_text(_model(found), options.model)
    told += labelled.findings if labelled else answered.findings
    summary = _summary(found, records, len(rejected), [*told, *_made_of_others(found)])
    return replace(
        summary, labelled=labelled, households=None if homes is None else len(set(homes))
    )


class _Records:
    """The records of a file: their keys by row, the cells of the other columns, and their roles."""

    def __init__(self, key: str, frame: pl.DataFrame) -> None:
        self.key = key
        self.keys: list[str] = frame[key].to_list()
        self.columns = {name: frame[name].to_list() for name in frame.columns if name != key}
        self.roles = roles(self.columns)


def _found(records: _Records, seed: int, answered: Answered) -> Duplicates | None:
    """The duplicates among records; None where there are no two."""
    if len(records.keys) < 2:
        return None
    return find_duplicates(records.columns, records.roles, seed, answered.labels, records.keys)


def _refuse_homeless(roles: Mapping[str, Role]) -> None:
    """Raise DataError, before anything is searched, where no column says who lives together."""
    compared = comparisons(roles)
    if not {"street", "phone"} & {one.role for one in compared} or not of_people(compared):
        raise NO_HOMES


def _homes(found: Duplicates | None, rows: int) -> list[int]:
    """The first record of each record's household.

    Raises DataError where no column says who lives together.
    """
    if found is None:
        return list(range(rows))
    homes = households(found)
    if homes is None:
        raise NO_HOMES
    return homes


NO_HOMES = DataError(
    "No columns say who lives together: names of people, and a street or a phone, are needed.",
    "Leave --households out, or name the columns by what they hold.",
)


def _key(table: Table, wanted: str | None) -> str:
    """The header of the key: the one that is named, else the first column."""
    if not table.columns:
        raise DataError(f"{table.source} has no columns.", "Give it a line of headers.")
    if wanted is None:
        return table.columns[0]
    found = header_of([wanted], table.columns)
    if found is None:
        raise DataError(
            f"{table.source} has no column `{wanted}`.", did_you_mean(wanted, table.columns)
        )
    return found


def _repeated(keys: pl.Series, key: str) -> list[Finding]:
    """What is to be said of keys that stand in several rows: clusters are named by them."""
    several = keys.filter(keys.is_duplicated()).n_unique()
    if not several:
        return []
    return [
        Finding(
            "key-repeated",
            "warning",
            f"Clusters are named by `{key}`, which repeats ({counted(several, 'value')} in several "
            "rows): those clusters can't be told apart.",
            "Name a column with a value of its own in each row: --key COL.",
        )
    ]


def _made_of_others(found: Duplicates | None) -> list[Finding]:
    """What is to be said of columns that were not compared, for others say the same."""
    return [
        Finding(
            "column-made-of-others",
            "info",
            f"What `{name}` says stands in {' and '.join(f'`{one}`' for one in parts)} too; it is "
            "not compared beside that.",
            "Take the other out of the file if it is the better one.",
        )
        for name, parts in (found.made_of.items() if found else ())
    ]


def _texts(table: Table, key: str) -> tuple[pl.DataFrame, list[RejectedRow]]:
    """All cells as text, without the rows whose key is blank; and those."""
    schema = table.frame.collect_schema()
    cells = [_text(name, schema[name]) for name in table.columns]
    frame = table.frame.select("__row__", *cells).collect()
    keys = [None if cell is None else normal(cell) or None for cell in frame[key].to_list()]
    frame = frame.with_columns(pl.Series(key, keys, dtype=pl.String))
    blank = frame.filter(exactly(key).is_null())["__row__"].to_list()
    empty = frame.filter(exactly(key).is_null()).drop("__row__", key)
    told = [" | ".join(cell or "" for cell in row) for row in empty.iter_rows()]
    rejected = [
        RejectedRow(row, None, BLANK_KEY, raw) for row, raw in zip(blank, told, strict=True)
    ]
    return frame.filter(exactly(key).is_not_null()).drop("__row__"), rejected


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    cell = exactly(name)
    if kind.is_nested() or kind in (pl.Binary, pl.Duration, pl.Time, pl.Object):
        return pl.lit(None, pl.String).alias(name)
    if kind.is_float():  # 79123456789.0 is what a column of numbers with gaps becomes
        whole = cell.cast(pl.Int64, strict=False)
        return (
            pl.when(whole == cell)
            .then(whole.cast(pl.String))
            .otherwise(cell.cast(pl.String))
            .alias(name)
        )
    return cell.cast(pl.String)


def _table(
    records: _Records, found: Duplicates | None, homes: Sequence[int] | None
) -> pl.DataFrame:
    """Key, cluster (the key of its first record), points and reasons of the strongest link, and
    the household where they were asked for.
    """
    keys, header = records.keys, records.key
    first = found.clusters.first if found else range(len(keys))
    links = strongest_links(found) if found else {}
    told = [links.get(row) for row in range(len(keys))]
    while header in (*COLUMNS, HOUSEHOLD):
        header = f"input_{header}"
    columns = [
        pl.Series(header, keys, dtype=pl.String),
        pl.Series("cluster", [keys[row] for row in first], dtype=pl.String),
        pl.Series("points", [one and one.points for one in told], dtype=pl.Float64),
        pl.Series("reasons", [one and one.reasons for one in told], dtype=pl.String),
    ]
    if homes is not None:
        columns.append(pl.Series(HOUSEHOLD, [keys[row] for row in homes], dtype=pl.String))
    return pl.DataFrame(columns)


def _model(found: Duplicates | None) -> str:
    if found is None:
        raise DataError("There are no two records to learn from.", "Leave --model out.")
    return found.model.yaml(threshold_points(found))


def stop_points(found: Duplicates) -> float | None:
    """The points at which clusters stop; None where no two records were put together by a pair."""
    return threshold_points(found) if found.clusters.expected > 0 else None


def threshold_points(found: Duplicates) -> float:
    """The points of a link that is as likely as the mean at which clusters stop, to 4 decimals."""
    mean = min(max(found.clusters.threshold, 2.0**-30), 1 - 2.0**-30)
    return round(math.log2(mean / (1 - mean)), 4)


def _summary(
    found: Duplicates | None, records: _Records, rejected: int, findings: Sequence[Finding]
) -> DuplicateSummary:
    rows, apart = len(records.keys), found.made_of if found else {}
    columns = {name: role for name, role in records.roles.items() if name not in apart}
    sizes = found.clusters.sizes if found else {}
    return DuplicateSummary(
        rows,
        rejected,
        sum(size > 1 for size in sizes.values()),
        rows - len(sizes) if found else 0,
        stop_points(found) if found else None,
        len(found.scored.pairs) if found else 0,
        records.key,
        columns,
        findings,
    )
