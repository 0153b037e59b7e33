"""Join the clusters of a base: a row stays of each, with the best of every field, as changes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError, did_you_mean
from scoreline.jobs.quality.standing import cell_text, comes_back
from scoreline.quality.changes.acts import Act
from scoreline.quality.changes.change import Change, Place
from scoreline.quality.changes.merging import merged
from scoreline.quality.changes.rules import BESIDE, OWN_VERSION
from scoreline.quality.changes.surviving import OF_ROLE, OTHERWISE, Said, Surviving, ranks
from scoreline.quality.duplicates.standard import date_order, standard
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import open_table
from scoreline.quality.roles import Role
from scoreline.quality.text import normal, plain_text
from scoreline.quality.writing.files import as_texts

MERGE = "merge"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class MergeAsked:
    """How clusters are joined.

    clusters: the file that `duplicates --out` wrote; least: points that a record's strongest link
    must have; latest: the column that dates a record; surviving: rules by column, where they are
    not those of the column's role.
    """

    clusters: str
    least: float | None = None
    latest: str | None = None
    surviving: Mapping[str, Surviving] = field(default_factory=dict)


def groups_of(frame: pl.DataFrame, asked: MergeAsked) -> tuple[str, list[list[int]], int]:
    """The column of keys, the rows of each cluster of two or more, the one that stays first, and
    how many rows the file of clusters does not name.

    Raises DataError where the file of clusters is not of this base.
    """
    with open_table(asked.clusters) as table:
        lines = table.frame.select(map(exactly, table.columns)).collect()
    if len(table.columns) < 2 or table.columns[1] != "cluster":
        raise DataError(
            f"{asked.clusters} is no file of clusters.",
            "Write one: scoreline duplicates DATA --out CLUSTERS.",
        )
    if asked.least is not None and "points" not in table.columns:
        raise DataError(
            f"{asked.clusters} has no column `points`, by which --merge-from goes.",
            "Take the file that `duplicates --out` wrote, or leave --merge-from out.",
        )
    named = table.columns[0]
    key = header_of([named, named.removeprefix("input_")], frame.columns)
    if key is None:
        hint = did_you_mean(named, frame.columns) or "Take the clusters of this very file."
        raise DataError(f"The base has no column `{named}`, by which clusters are named.", hint)
    rows = _rows_by_key(frame[key])
    clusters: dict[str, list[tuple[bool, int]]] = {}
    points = lines["points"] if "points" in lines.columns else [None] * lines.height
    told = zip(lines[named], lines["cluster"], points, strict=True)
    for number, (cell, cluster, link) in enumerate(told, 1):
        row = rows.pop(_key(cell), None)
        if row is None:
            raise DataError(
                f"{asked.clusters} names records that the base does not have, or too often.",
                "Take the clusters of this very file.",
            )
        if not _key(cluster):  # taken out of its cluster by hand: blank is not one of its own
            continue
        if asked.least is None or _is_linked(link, asked.least, f"{asked.clusters}, row {number}"):
            first = _key(cell) == _key(cluster)
            clusters.setdefault(_key(cluster), []).append((not first, row))
    found = map(sorted, clusters.values())
    return key, [[row for _, row in some] for some in found if len(some) > 1], len(rows)


def _rows_by_key(cells: pl.Series) -> dict[str, int]:
    """The row of each key; a blank one names nobody. Raises DataError for a key of two rows."""
    rows: dict[str, int] = {}
    for row, cell in enumerate(cells.to_list()):
        key = _key(cell)
        if key in rows:
            raise DataError(
                f"Rows {rows[key] + 1:,} and {row + 1:,} have one key, so nobody can tell whose "
                "cluster is whose.",
                "Give each record a key of its own, then find the clusters again.",
            )
        if key:
            rows[key] = row
    return rows


def _is_linked(link: object, least: float, where: str) -> bool:
    """Whether the points of a record's strongest link are enough; one without is a cluster's first.

    Raises DataError for points that are no number.
    """
    if link is None or link == "":
        return True
    try:
        points = float(str(link))
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        raise DataError(
            f"{where}: `points` is no number.",
            "Take the file that `duplicates --out` wrote, or leave --merge-from out.",
        )
    return points >= least


def _key(cell: object) -> str:
    return normal(plain_text(cell) or "")


class Merger:
    """Joins rows of a base by rules of what survives.

    frame: the base as it is now; verdicts: of its columns, by header; roles: of those that have
    one.
    """

    def __init__(
        self,
        frame: pl.DataFrame,
        verdicts: Mapping[str, pl.Series],
        roles: Mapping[str, Role],
        asked: MergeAsked,
    ) -> None:
        self._frame, self._verdicts, self._asked = frame, verdicts, asked
        self._key, self.groups, self.unnamed = groups_of(frame, asked)
        for name in (*asked.surviving, *([asked.latest] if asked.latest else [])):
            if name not in frame.columns:
                raise DataError(
                    f"The base has no column `{name}`.", did_you_mean(name, frame.columns)
                )
        odd = [n for n, kind in frame.schema.items() if not comes_back(kind)]
        if odd and self.groups:
            raise DataError(
                f"Rows with values like those of `{odd[0]}` can't be joined.",
                "Write the clean base as csv, which holds any.",
            )
        self._rules = {
            name: asked.surviving.get(name, OF_ROLE.get(roles.get(name, "text"), OTHERWISE))
            for name in frame.columns
        }
        self._texts = {n: list(map(cell_text, as_texts(frame[n]))) for n in frame.columns}
        self._filled = [sum(map(bool, cells)) for cells in zip(*self._texts.values(), strict=True)]
        self._since = self._dates()

    def _dates(self) -> Sequence[tuple[str, str] | None]:
        """When each record was last known to be true, in an order that texts have."""
        if self._asked.latest is None:
            return [None] * self._frame.height
        cells = self._texts[self._asked.latest]
        order = date_order(cells)
        days = [standard("date", cell, order) for cell in cells]
        if any(cells) and not any(day and _DAY.match(day) for day in days):
            raise DataError(
                f"`--latest {self._asked.latest}` names a column without a date.",
                "Name the column that says when a record was last known to be true.",
            )
        return [(day, cell or "") if day else None for day, cell in zip(days, cells, strict=True)]

    def changes(self, step: int) -> Iterator[list[Change]]:
        """The changes of each cluster, from a step on; those of one are taken back together."""
        act = Act.of_now(MERGE, OWN_VERSION)
        for rows in self.groups:
            step += 1
            yield self._joined(rows, step, act)

    def _joined(self, rows: Sequence[int], step: int, act: Act) -> list[Change]:
        names = {row: str(row + 1) for row in rows}
        cells: dict[Place, str | None] = {
            (names[row], header): text
            for header, column in self._texts.items()
            for row in rows
            if (text := column[row]) is not None
        }
        best = {header: self._ranks(header, rows) for header in self._texts}
        kept, *gone = (names[row] for row in rows)
        fields = [header for header in self._texts if header != self._key]
        changes = merged(
            cells,
            kept,
            gone,
            fields,
            rank=lambda header, value: best[header][value],
            step=step,
            act=act,
        )
        # A row that is not written any more holds nothing: the log has it whole.
        left = [place for place in cells if place[0] != kept]
        return changes + [act.change(step, place, cells[place], None) for place in left]

    def _ranks(self, header: str, rows: Sequence[int]) -> dict[str, int]:
        """How good each value is; a number in international form is as good as what it is of."""
        basis = header.removesuffix(BESIDE)
        if basis == header or basis not in self._texts:
            return ranks(self._rules[header], [self._said(header, row) for row in rows])
        of_basis = ranks(self._rules[basis], [self._said(basis, row) for row in rows])
        found: dict[str, int] = {}
        for row in rows:
            value, raw = self._texts[header][row], self._texts[basis][row]
            if value is not None and raw is not None:
                found[value] = min(of_basis[raw], found.get(value, of_basis[raw]))
        return found

    def _said(self, header: str, row: int) -> Said:
        verdicts = self._verdicts.get(header)
        verdict = "unknown" if verdicts is None else str(verdicts[row])
        if header == self._asked.latest and self._since[row] is not None:
            verdict = "ok"  # what was believed for its date keeps that date
        return Said(self._texts[header][row], verdict, self._since[row], self._filled[row])
