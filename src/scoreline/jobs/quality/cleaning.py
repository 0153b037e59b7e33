"""Clean a base by rules that were asked for, and go back: every change is in a log beside it."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.jobs.quality.merging import MergeAsked, Merger, cell_text, gone_rows
from scoreline.language.fields import Field
from scoreline.quality.boundary import FACTS_VERSION, KEPT, KEY
from scoreline.quality.changes.change import STANDS, Change, Place, backward, forward
from scoreline.quality.changes.log import SOURCE, hash_of, log_file, read_log, write_log
from scoreline.quality.changes.rules import FORMULA, OWN_VERSION, Rule, harmless
from scoreline.quality.changes.undo import in_force, undone
from scoreline.quality.reading.files import open_table
from scoreline.quality.roles import Role
from scoreline.quality.typing.lists import LISTS_VERSION
from scoreline.quality.writing.files import FOR_SPREADSHEETS, sink

NO_ROLES: Mapping[str, Role] = {}
SUGGESTIONS = ".suggestions.csv"
_WAITING = {
    "row": pl.Int64,
    "record": pl.String,
    "column": pl.String,
    "is": pl.String,
    "meant": pl.String,
    "finding": pl.String,
}
BY_HAND = "by hand"


@dataclass(frozen=True)
class Cleaned:
    """What cleaning came to: changed cells by rule, suggestions that wait, and joined rows.

    before, after: the base with its columns as texts, and what the rules made of it; waiting: the
    table of suggestions; clusters: of rows that were joined, of each of which one stays; gone: the
    rows that went into another.
    """

    by_rule: dict[str, int]
    before: pl.DataFrame = field(repr=False)
    after: pl.DataFrame = field(repr=False)
    waiting: pl.DataFrame = field(repr=False)
    clusters: int = 0
    gone: int = 0

    @property
    def suggestions(self) -> int:
        """How many suggestions wait."""
        return self.waiting.height

    @property
    def accepted(self) -> pl.DataFrame:
        """The base as it would be if every suggestion were accepted."""
        frame = self.after
        for name in self.waiting["column"].unique(maintain_order=True):
            some = self.waiting.filter(pl.col("column") == name)
            meant = frame[name].cast(pl.String).scatter(some["row"] - 1, some["meant"])
            frame = frame.with_columns(meant.alias(name))
        return frame


def clean(
    checked: pl.DataFrame,
    fields: Sequence[tuple[Field, str]],
    rules: Sequence[Rule],
    out: str,
    source: str,
    merging: MergeAsked | None = None,
    roles: Mapping[str, Role] = NO_ROLES,
) -> Cleaned:
    """Write the cleaned base to `out`, its log and its suggestions beside it.

    checked: the input columns under `__input__...` and the verdicts of the fields; fields: with
    the header of each; merging: which rows are joined; roles: of the fields, by name.
    """
    base = checked.select(exactly(KEPT + h).alias(h) for h in _inputs(checked))
    log = [_first(base, source)]
    made = dict.fromkeys((rule.name for rule in rules), 0)
    after = base
    for rule in rules:
        for one, header in fields:
            if base[header].dtype != pl.String:
                continue
            found = rule.clean(one, after[header], checked)
            if found is not None:
                name, cells = found
                # A column beside is a new one: what stands in one of that name is the user's.
                while name != header and name in after.columns:
                    name += "_"
                after = _changed(after, name, cells, (rule.name, rule.version), log)
    if _for_spreadsheets(out):
        safe = harmless(after)
        for name in safe.columns:
            after = _changed(after, name, safe[name], (FORMULA, OWN_VERSION), log)
    for change in log[1:]:
        made[change.rule] = made.get(change.rule, 0) + 1
    waiting = _suggestions(checked, after, fields)
    groups: list[list[int]] = []
    standing = after
    if merging is not None:
        groups, joins = _joined(after, checked, fields, roles, merging, log)
        standing = _with_cells(_with_stands(after), _after(joins), joins)
        waiting = _not_of(waiting, joins)
        log += joins
    _write(standing, log, out)
    if waiting.height:
        sink(waiting.lazy(), f"{out}{SUGGESTIONS}")
    else:
        Path(f"{out}{SUGGESTIONS}").unlink(missing_ok=True)
    gone = sum(map(len, groups)) - len(groups)
    return Cleaned(made, base, after, waiting, len(groups), gone)


def _joined(
    base: pl.DataFrame,
    checked: pl.DataFrame,
    fields: Sequence[tuple[Field, str]],
    roles: Mapping[str, Role],
    asked: MergeAsked,
    log: Sequence[Change],
) -> tuple[list[list[int]], list[Change]]:
    """The rows of each cluster, and the changes that join them."""
    verdicts = {header: checked[f"{one.name}__verdict"] for one, header in fields}
    by_header = {header: roles[one.name] for one, header in fields if one.name in roles}
    merger = Merger(base, verdicts, by_header, asked)
    steps = merger.changes(log[-1].step, _now(), _who())
    return merger.groups, [change for some in steps for change in some]


def _after(changes: Iterable[Change]) -> dict[Place, str | None]:
    """What the cells hold after changes that they are touched by."""
    return {change.place: change.new for change in changes}


def _not_of(waiting: pl.DataFrame, changes: Iterable[Change]) -> pl.DataFrame:
    """The suggestions of cells that some changes left as they were."""
    if not waiting.height:
        return waiting
    places = {change.place for change in changes}
    rows = zip(waiting["row"].to_list(), waiting["column"].to_list(), strict=True)
    return waiting.filter(pl.Series([(str(row), column) not in places for row, column in rows]))


def _with_stands(frame: pl.DataFrame) -> pl.DataFrame:
    """The base with a column that says of each row what it is part of."""
    return frame.with_columns(pl.lit(None, pl.String).alias(STANDS))


def _inputs(checked: pl.DataFrame) -> list[str]:
    return [name.removeprefix(KEPT) for name in checked.columns if name.startswith(KEPT)]


def _first(base: pl.DataFrame, source: str) -> Change:
    columns = json.dumps(base.columns, ensure_ascii=False)
    return Change(0, "", source, columns, hash_of(base), SOURCE, FACTS_VERSION, _now(), _who())


def _changed(
    base: pl.DataFrame, name: str, cells: pl.Series, rule: tuple[str, str], log: list[Change]
) -> pl.DataFrame:
    """The base with a column's cells after a rule, and the changes in the log.

    rule: its name and version.
    """
    old = base[name] if name in base.columns else pl.Series(name, [None] * base.height, pl.String)
    places = (old.fill_null("") != cells.fill_null("")).arg_true()
    at, by, step = _now(), _who(), log[-1].step
    pairs = zip(places, old.gather(places), cells.gather(places), strict=True)
    for place, before, now in pairs:
        step += 1
        was, now_is = before or None, now or None
        log.append(Change(step, str(place + 1), name, was, now_is, *rule, at, by))
    return base.with_columns(cells.alias(name)) if len(places) else base


def _suggestions(
    checked: pl.DataFrame, after: pl.DataFrame, fields: Sequence[tuple[Field, str]]
) -> pl.DataFrame:
    """What waits for somebody to accept it: row, record, column, as it is, meant, why."""
    parts = []
    for one, header in fields:
        meant = checked[f"{one.name}__suggestion"]
        rows = meant.is_not_null()
        parts.append(
            pl.DataFrame(
                {
                    "row": (rows.arg_true() + 1).cast(pl.Int64),
                    "record": checked[KEY].filter(rows).cast(pl.String),
                    "column": pl.repeat(header, int(rows.sum()), dtype=pl.String, eager=True),
                    "is": after[header].filter(rows).cast(pl.String),
                    "meant": meant.filter(rows),
                    "finding": checked[f"{one.name}__finding"].filter(rows),
                }
            )
        )
    return pl.concat([pl.DataFrame(schema=_WAITING), *parts]).sort("row")


def beside(out: str | Path) -> tuple[Path, Path]:
    """The files that stand beside a cleaned one: its log, and the suggestions that wait."""
    return log_file(out), Path(f"{out}{SUGGESTIONS}")


class CleanFile:
    """A cleaned file with its log: its changes can be listed, taken back, and more accepted."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.log = read_log(log_file(path))
        with open_table(self.path) as table:
            frame = table.frame.select(map(exactly, table.columns)).collect(engine="streaming")
        self.frame = _with_gone(frame, self.changes)
        self._check()

    @property
    def changes(self) -> list[Change]:
        """The log without the line of the source."""
        return self.log[1:]

    def standing(self) -> dict[int, bool]:
        """Whether each step is in force."""
        return in_force(self.changes)

    def undo(self, steps: Sequence[int]) -> None:
        """Take steps back, the last one first, and write the file and its log.

        Raises DependsError where a later step changed the same cells; then nothing is written.
        """
        for step in sorted(set(steps), reverse=True):
            self._do(undone(self.changes, step, _now(), _who()))
        self._save()

    def accept(self, file: str | Path) -> int:
        """Carry out the suggestions in a file; how many were carried out.

        Raises DataError for a row that does not fit the file as it stands; then nothing is
        written.
        """
        with open_table(file) as table:
            wanted = ("row", "column", "is", "meant")
            lacking = [name for name in wanted if name not in table.columns]
            if lacking:
                raise DataError(
                    f"{file} lacks the column `{lacking[0]}`.",
                    "It is not a file of suggestions that `quality --out` wrote.",
                )
            rows = table.frame.collect().to_dicts()
        for number, row in enumerate(rows, 1):
            try:
                self._do([self._accepted(row)])
            except DataError as error:
                raise DataError(f"{file}, row {number}: {error.message}", error.hint) from None
        self._save()
        return len(rows)

    def _accepted(self, row: Mapping[str, str | None]) -> Change:
        """The change that a suggestion comes to."""
        record, column, meant = row["row"], row["column"] or "", row["meant"]
        if not column or column not in self.frame.columns or not self._has(record):
            raise DataError("There is no such cell.", "`row` and `column` name the cell.")
        if not meant:
            raise DataError("`meant` is blank.", "Take the row out, or say what is meant.")
        old = self.frame[column][int(record or 0) - 1] or None
        if (row["is"] or None) != old:
            raise DataError(
                "The cell holds something else by now.",
                "Take the row out, or make the suggestions anew.",
            )
        rule, version = row.get("finding") or BY_HAND, f"scoreline lists {LISTS_VERSION}"
        step = self.log[-1].step + 1
        return Change(
            step, str(int(record or 0)), column, old, meant, rule, version, _now(), _who()
        )

    def back(self, out: str | Path) -> None:
        """Write the base as it was before all changes.

        Raises DataError if what comes out is not what went in: the file was changed otherwise; or
        for the file that was cleaned, which has what a log of cells has not: how it was written,
        and rows that could not be read.
        """
        if Path(out).exists() and Path(out).name == Path(self.log[0].field).name:
            raise DataError(
                f"{out} is the file that was cleaned, or is called like it.",
                "Write the base beside it under another name.",
            )
        cells = self._cells(self.changes)
        backward(cells, self.changes)
        frame = self._with(cells, self.changes)
        frame = frame.select(map(exactly, self._first_columns()))
        self._compare(frame)
        sink(frame.lazy(), str(out), formulas="keep")

    def _first_columns(self) -> list[str]:
        """The columns that the base had before all changes."""
        columns: list[str] = json.loads(self.log[0].old or "[]")
        lacking = [name for name in columns if name not in self.frame.columns]
        if lacking:
            raise DataError(f"{self.path} lacks the column `{lacking[0]}`.", "It was there once.")
        return columns

    def _compare(self, frame: pl.DataFrame) -> None:
        if hash_of(frame) != self.log[0].new:
            raise DataError(
                f"{self.path} is not the file that its log was written for.",
                "It was changed by other means since.",
            )

    def _check(self) -> None:
        unknown = {c.field for c in self.changes} - set(self.frame.columns)
        if unknown:
            raise DataError(f"{self.path} lacks the column `{min(unknown)}` of its log.", "")

    def _has(self, record: object) -> bool:
        return str(record).isdecimal() and 0 < int(str(record)) <= self.frame.height

    def _do(self, changes: Sequence[Change]) -> None:
        cells = self._cells(changes)
        forward(cells, changes)
        self.frame = self._with(cells, changes)
        self.log += changes

    def _cells(self, changes: Iterable[Change]) -> dict[Place, str | None]:
        """The cells that changes touch, as they are."""
        found: dict[Place, str | None] = {}
        for change in changes:
            if not self._has(change.record):
                raise DataError(f"{self.path} has no row {change.record}, which its log names.", "")
            value = cell_text(self.frame[change.field][int(change.record) - 1])
            if value is not None:
                found[change.place] = value
        return found

    def _with(self, cells: dict[Place, str | None], changes: Iterable[Change]) -> pl.DataFrame:
        """The file with the cells that changes touch as given."""
        return _with_cells(self.frame, cells, changes)

    def _save(self) -> None:
        _write(self.frame, self.log, self.path)


def _with_cells(
    frame: pl.DataFrame, cells: Mapping[Place, str | None], changes: Iterable[Change]
) -> pl.DataFrame:
    """A base with the cells that changes touch as given."""
    by_column: dict[str, dict[int, str | None]] = {}
    for change in changes:
        place = int(change.record) - 1
        by_column.setdefault(change.field, {})[place] = cells.get(change.place)
    for name, values in by_column.items():
        texts = pl.Series(list(values.values()), dtype=pl.String)
        column = frame[name].clone().scatter(list(values), texts.cast(frame[name].dtype))
        frame = frame.with_columns(column.alias(name))
    return frame


def _with_gone(written: pl.DataFrame, changes: Sequence[Change]) -> pl.DataFrame:
    """The base of a file, with an empty row in the place of each that is part of another."""
    gone = set(gone_rows(changes))
    frame = _with_stands(written)
    if not gone:
        return frame
    standing = iter(range(written.height))
    rows = [
        None if row in gone else next(standing, None) for row in range(written.height + len(gone))
    ]
    into = {int(c.record) - 1: c.new for c in changes if c.field == STANDS}
    stands = [into[row] if row in gone else None for row in range(len(rows))]
    whole = frame.select(pl.all().gather(pl.Series(rows, dtype=pl.UInt32)))
    return whole.with_columns(pl.Series(STANDS, stands, dtype=pl.String))


def _write(frame: pl.DataFrame, log: Sequence[Change], out: str) -> None:
    """The rows that stand, and the log; what spreadsheets would run was made harmless before."""
    if STANDS in frame.columns:
        frame = frame.filter(exactly(STANDS).is_null()).drop(STANDS)
    sink(frame.lazy(), out, formulas="keep")
    write_log(log, log_file(out))


def _for_spreadsheets(out: str) -> bool:
    return out.lower().endswith(FOR_SPREADSHEETS)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
