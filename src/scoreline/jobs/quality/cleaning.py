"""Clean a base by rules that were asked for: every change is in a log beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.jobs.quality.beside import NewBase, Written, for_spreadsheets, write_clean
from scoreline.jobs.quality.merging import MergeAsked, Merger
from scoreline.jobs.quality.source import SourceFile
from scoreline.jobs.quality.standing import comes_back, with_cells, with_stands
from scoreline.jobs.quality.suggesting import suggestions
from scoreline.language.fields import Field
from scoreline.quality.boundary import KEPT
from scoreline.quality.changes.acts import Act
from scoreline.quality.changes.change import STANDS, Change, Place
from scoreline.quality.changes.rules import BESIDE, FORMULA, OWN_VERSION, Rule, harmless
from scoreline.quality.roles import Role
from scoreline.quality.writing.files import as_texts, ending_of


@dataclass(frozen=True)
class Joined:
    """Rows that were joined: how many clusters, and which rows went into another.

    unnamed: rows that the file of clusters does not name; base: every row after joining; gone:
    whether each is one of those that went.
    """

    clusters: int
    unnamed: int
    base: pl.DataFrame = field(repr=False)
    gone: pl.Series = field(repr=False)


@dataclass(frozen=True)
class Cleaned:
    """What cleaning came to: changed cells by rule, suggestions that wait, and joined rows.

    before, after: the base with its columns as texts, and what the rules made of it; waiting: the
    table of suggestions; joined: where rows were; written: what stands beside the base.
    """

    by_rule: dict[str, int]
    before: pl.DataFrame = field(repr=False)
    after: pl.DataFrame = field(repr=False)
    waiting: pl.DataFrame = field(repr=False)
    joined: Joined | None
    written: Written

    @property
    def suggestions(self) -> int:
        """How many suggestions wait."""
        return self.waiting.height

    @property
    def clusters(self) -> int:
        """Of how many clusters one row stays."""
        return self.joined.clusters if self.joined else 0

    @property
    def gone(self) -> int:
        """How many rows went into another."""
        return int(self.joined.gone.sum()) if self.joined else 0

    @property
    def unnamed(self) -> int:
        """How many rows the file of clusters did not name."""
        return self.joined.unnamed if self.joined else 0

    @property
    def accepted(self) -> pl.DataFrame:
        """The base as it would be if every suggestion were accepted."""
        frame = self.after
        for name in self.waiting["column"].unique(maintain_order=True):
            some = self.waiting.filter(pl.col("column") == name)
            meant = as_texts(frame[name]).scatter(some["row"] - 1, some["meant"])
            frame = frame.with_columns(meant.alias(name))
        return frame


@dataclass(frozen=True)
class CleaningAsked:
    """How a base is cleaned.

    out: the file to write; rules: what is changed; source: the name of the base; file: where its
    bytes are, None if it is no file; merging: which rows are joined.
    """

    out: str
    rules: Sequence[Rule]
    source: str
    file: SourceFile | None = None
    merging: MergeAsked | None = None


def clean(
    checked: pl.DataFrame,
    fields: Sequence[tuple[Field, str]],
    roles: Mapping[str, Role],
    asked: CleaningAsked,
) -> Cleaned:
    """Write the clean base, its log and its suggestions beside it.

    checked: the input columns under `__input__...` and the verdicts of the fields; fields: with
    the header of each; roles: of the fields, by name.
    """
    before = checked.select(exactly(KEPT + h).alias(h) for h in _inputs(checked))
    if asked.merging is not None and ending_of(asked.out) != ".parquet":
        odd = (one for one in before if not comes_back(one.dtype))
        before = before.with_columns(as_texts(one) for one in odd)
    after, changes = _by_rules(before, checked, fields, asked)
    made = dict.fromkeys((rule.name for rule in asked.rules), 0)
    made |= Counter(change.rule for change in changes)
    waiting = suggestions(checked, after, fields)
    joined: Joined | None = None
    standing = after
    if asked.merging is not None:
        verdicts = {header: checked[f"{one.name}__verdict"] for one, header in fields}
        by_header = {header: roles[one.name] for one, header in fields if one.name in roles}
        merger = Merger(after, verdicts, by_header, asked.merging)
        joined, joins = _joined(after, merger, _last_step(changes))
        standing = with_cells(with_stands(after), _after(joins), joins)
        waiting = _not_of(waiting, joins)
        changes += joins
    new = NewBase(asked.source, asked.file, before, standing, changes, waiting)
    written = write_clean(new, asked.out)
    return Cleaned(made, before, after, waiting, joined, written)


def _by_rules(
    base: pl.DataFrame,
    checked: pl.DataFrame,
    fields: Sequence[tuple[Field, str]],
    asked: CleaningAsked,
) -> tuple[pl.DataFrame, list[Change]]:
    """The base after the rules that were asked for, harmless to spreadsheets that open it."""
    changes: list[Change] = []
    for rule in asked.rules:
        for one, header in fields:
            found = rule.clean(one, base[header], checked)
            name = None if found is None else _free(header, *found, base)
            if found is not None and name is not None:
                base = _changed(base, found[1].alias(name), (rule.name, rule.version), changes)
    if for_spreadsheets(asked.out):
        for cells in harmless(base):
            base = _changed(base, cells, (FORMULA, OWN_VERSION), changes)
    return base, changes


def _last_step(changes: Sequence[Change]) -> int:
    return changes[-1].step if changes else 0


def _free(header: str, name: str, cells: pl.Series, after: pl.DataFrame) -> str | None:
    """What a rule's column is called: a column beside is a new one, and what stands in one of that
    name is the user's. None if it is there already, or is the column beside another one.
    """
    if name == header:
        return name
    if header.endswith(BESIDE) and header.removesuffix(BESIDE) in after.columns:
        return None
    while name in after.columns:
        if as_texts(after[name]).fill_null("").equals(cells.fill_null("")):
            return None
        name += "_"
    return name


def _joined(base: pl.DataFrame, merger: Merger, step: int) -> tuple[Joined, list[Change]]:
    """The rows that are joined, and the changes that join them, from a step on."""
    joins = [change for some in merger.changes(step) for change in some]
    into = {row for rows in merger.groups for row in rows[1:]}
    gone = pl.Series([row in into for row in range(base.height)], dtype=pl.Boolean)
    # What goes is scored no more, so it matters only what became of the rows that stay.
    stay = [change for change in joins if change.field != STANDS]
    whole = with_cells(base, _after(stay), stay)
    return Joined(len(merger.groups), merger.unnamed, whole, gone), joins


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


def _inputs(checked: pl.DataFrame) -> list[str]:
    return [name.removeprefix(KEPT) for name in checked.columns if name.startswith(KEPT)]


def _changed(
    base: pl.DataFrame, cells: pl.Series, rule: tuple[str, str], changes: list[Change]
) -> pl.DataFrame:
    """The base with a column's cells after a rule, and the changes in the list.

    rule: its name and version.
    """
    name = cells.name
    blank = pl.Series(name, [None] * base.height, pl.String)
    old = as_texts(base[name]) if name in base.columns else blank
    places = (old.fill_null("") != cells.fill_null("")).arg_true()
    act, step = Act.of_now(*rule), _last_step(changes)
    pairs = zip(places, old.gather(places), cells.gather(places), strict=True)
    for place, before, left in pairs:
        step += 1
        changes.append(act.change(step, (str(place + 1), name), before or None, left or None))
    return base.with_columns(cells) if len(places) else base
