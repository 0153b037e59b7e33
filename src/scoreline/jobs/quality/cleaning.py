"""Clean a base by rules that were asked for: every change is in a log beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.jobs.quality.clean_file import (
    for_spreadsheets,
    now,
    who,
    with_cells,
    with_stands,
    write_clean,
)
from scoreline.jobs.quality.merging import MergeAsked, Merger
from scoreline.jobs.quality.original import Original, original_of
from scoreline.jobs.quality.suggesting import suggestions
from scoreline.language.fields import Field
from scoreline.quality.boundary import FACTS_VERSION, KEPT
from scoreline.quality.changes.change import STANDS, Change, Place
from scoreline.quality.changes.log import SOURCE, hash_of
from scoreline.quality.changes.rules import BESIDE, FORMULA, OWN_VERSION, Rule, harmless
from scoreline.quality.roles import Role
from scoreline.quality.writing.files import as_texts

NO_ROLES: Mapping[str, Role] = {}


@dataclass(frozen=True)
class Joined:
    """Rows that were joined: how many clusters, and which rows went into another.

    base: every row after joining; gone: whether each is one of those that went.
    """

    clusters: int
    base: pl.DataFrame = field(repr=False)
    gone: pl.Series = field(repr=False)


@dataclass(frozen=True)
class Cleaned:
    """What cleaning came to: changed cells by rule, suggestions that wait, and joined rows.

    before, after: the base with its columns as texts, and what the rules made of it; waiting: the
    table of suggestions; joined: where rows were; copied: whether the source's bytes are kept.
    """

    by_rule: dict[str, int]
    before: pl.DataFrame = field(repr=False)
    after: pl.DataFrame = field(repr=False)
    waiting: pl.DataFrame = field(repr=False)
    joined: Joined | None = None
    copied: bool = False

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
    def accepted(self) -> pl.DataFrame:
        """The base as it would be if every suggestion were accepted."""
        frame = self.after
        for name in self.waiting["column"].unique(maintain_order=True):
            some = self.waiting.filter(pl.col("column") == name)
            meant = as_texts(frame[name]).scatter(some["row"] - 1, some["meant"])
            frame = frame.with_columns(meant.alias(name))
        return frame


def clean(
    checked: pl.DataFrame,
    fields: Sequence[tuple[Field, str]],
    rules: Sequence[Rule],
    out: str,
    source: str,
    file: Path | None = None,
    merging: MergeAsked | None = None,
    roles: Mapping[str, Role] = NO_ROLES,
) -> Cleaned:
    """Write the cleaned base to `out`, its log and its suggestions beside it.

    checked: the input columns under `__input__...` and the verdicts of the fields; fields: with
    the header of each; source: the name of the base; file: where its bytes are; merging: which
    rows are joined; roles: of the fields, by name.
    """
    base = checked.select(exactly(KEPT + h).alias(h) for h in _inputs(checked))
    original = original_of(source, file, base, out)
    log = [_first(base, original)]
    made = dict.fromkeys((rule.name for rule in rules), 0)
    after = base
    for rule in rules:
        for one, header in fields:
            found = rule.clean(one, after[header], checked)
            name = None if found is None else _free(header, *found, after)
            if found is not None and name is not None:
                after = _changed(after, name, found[1], (rule.name, rule.version), log)
    if for_spreadsheets(out):
        safe = harmless(after)
        for name in safe.columns:
            after = _changed(after, name, safe[name], (FORMULA, OWN_VERSION), log)
    for change in log[1:]:
        made[change.rule] = made.get(change.rule, 0) + 1
    waiting = suggestions(checked, after, fields)
    joined: Joined | None = None
    standing = after
    if merging is not None:
        joined, joins = _joined(after, checked, fields, roles, merging, log)
        standing = with_cells(with_stands(after), _after(joins), joins)
        waiting = _not_of(waiting, joins)
        log += joins
    write_clean(standing, log, waiting, out, file if original.copied else None)
    return Cleaned(made, base, after, waiting, joined, original.copied)


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


def _joined(
    base: pl.DataFrame,
    checked: pl.DataFrame,
    fields: Sequence[tuple[Field, str]],
    roles: Mapping[str, Role],
    asked: MergeAsked,
    log: Sequence[Change],
) -> tuple[Joined, list[Change]]:
    """The rows that are joined, and the changes that join them."""
    verdicts = {header: checked[f"{one.name}__verdict"] for one, header in fields}
    by_header = {header: roles[one.name] for one, header in fields if one.name in roles}
    merger = Merger(base, verdicts, by_header, asked)
    joins = [change for some in merger.changes(log[-1].step, now(), who()) for change in some]
    into = {row for rows in merger.groups for row in rows[1:]}
    gone = pl.Series([row in into for row in range(base.height)], dtype=pl.Boolean)
    # What goes is scored no more, so it matters only what became of the rows that stay.
    stay = [change for change in joins if change.field != STANDS]
    whole = with_cells(base, _after(stay), stay)
    return Joined(len(merger.groups), whole, gone), joins


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


def _first(base: pl.DataFrame, original: Original) -> Change:
    cells = hash_of(base.select(map(exactly, original.compared)))
    told = original.text()
    return Change(0, "", original.source, told, cells, SOURCE, FACTS_VERSION, now(), who())


def _changed(
    base: pl.DataFrame, name: str, cells: pl.Series, rule: tuple[str, str], log: list[Change]
) -> pl.DataFrame:
    """The base with a column's cells after a rule, and the changes in the log.

    rule: its name and version.
    """
    blank = pl.Series(name, [None] * base.height, pl.String)
    old = as_texts(base[name]) if name in base.columns else blank
    places = (old.fill_null("") != cells.fill_null("")).arg_true()
    at, by, step = now(), who(), log[-1].step
    pairs = zip(places, old.gather(places), cells.gather(places), strict=True)
    for place, before, left in pairs:
        step += 1
        was, left_is = before or None, left or None
        log.append(Change(step, str(place + 1), name, was, left_is, *rule, at, by))
    return base.with_columns(cells.alias(name)) if len(places) else base
