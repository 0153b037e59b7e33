"""The `terms` of a card: conditions or expressions, their bins, and how large all may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from scoreline.errors import did_you_mean
from scoreline.language.fields import Field
from scoreline.language.parse import parse_condition, parse_value
from scoreline.language.tree import size
from scoreline.scorecard import schema
from scoreline.scorecard.diff import SEGMENTS
from scoreline.scorecard.events import Choice, Event, Feature
from scoreline.scorecard.model import NOTHING, Group, Term
from scoreline.scorecard.reading.bins import of_bins, when_bins
from scoreline.scorecard.reading.pairs import is_pair, read_pair
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.reading.tallies import read_tally, refuse_tally_keys
from scoreline.scorecard.reasons import OTHER, adjustment_names
from scoreline.scorecard.yamltree import Entries, Tree

MAX_CARD_NODES = 10_000
MAX_TERMS = 2_000


@dataclass(frozen=True)
class Names:
    """What terms can name; groups and events are None if they can't be read."""

    fields: Mapping[str, Field]
    groups: Mapping[str, Group] | None
    events: Mapping[str, Event] | None
    features: Mapping[str, Feature]

    @cached_property
    def values(self) -> dict[str, Field]:
        """What conditions read: fields, and features like fields."""
        return {**self.fields, **{name: f.as_field for name, f in self.features.items()}}


def read_terms(reader: Reader, card: Entries, names: Names) -> tuple[Term, ...]:
    """The terms in the card's order."""
    trees = reader.items(card, "terms", "The card has no terms.")
    if len(trees) > MAX_TERMS:
        reader.problem(card.lines["terms"], f"{len(trees):,} terms; {MAX_TERMS:,} is the most.")
        return ()
    found = (_named_term(reader, tree, names) for tree in trees)
    terms = tuple(term for term in found if term is not None)
    _check_names(reader, terms, names.groups or {})
    _check_size(reader, terms, names.features.values(), card.line)
    return terms


def _check_names(reader: Reader, terms: tuple[Term, ...], groups: Iterable[str]) -> None:
    """Note names that stand twice, or are those of other lines of a score."""
    others = {*adjustment_names(groups), OTHER, SEGMENTS}
    seen: dict[str, Term] = {}
    for term in terms:
        if not term.name:  # noted already
            continue
        reader.term = term.name
        if term.name in others:
            reader.problem(
                term.line or 0,
                f"A term can't be called `{term.name}`: {_line_called(term.name)}, and nobody "
                "could tell the two apart.",
                "Give the term another name.",
            )
        if term.name in seen:
            reader.problem(
                term.line or 0,
                f"The term `{term.name}` stands twice (first on line {seen[term.name].line}).",
                "Give one of them another name.",
            )
        seen.setdefault(term.name, term)
    reader.term = None


def _line_called(name: str) -> str:
    """What the line of a score that has this name shows."""
    if name == "base":
        return "that is the line of the points every record starts with"
    if name == OTHER:
        return "that is the line that sums up the reasons not shown"
    if name == SEGMENTS:
        return "that is the line of `scoreline diff` for moves that no term explains"
    whose, _, end = name.rpartition(" ")
    whole = "the whole score" if whose == "total" else f"the group `{whose}`"
    return f"that is the line of the {end} of {whole}"


def _check_size(
    reader: Reader, terms: tuple[Term, ...], features: Iterable[Feature], line: int
) -> None:
    """Note that the conditions of all terms and features together are too large."""
    choices: list[Choice] = [term.tally for term in terms if term.tally is not None]
    choices += features
    wheres = [choice.where for choice in choices if choice.where is not None]
    nodes = sum(map(size, (*(term.of for term in terms), *wheres)))
    if nodes > MAX_CARD_NODES:
        reader.problem(
            line,
            f"The card has {nodes:,} condition parts; {MAX_CARD_NODES:,} is the most.",
            "Split it into several cards.",
        )


def _named_term(reader: Reader, tree: Tree, names: Names) -> Term | None:
    """One term; its name stands in the findings made meanwhile."""
    entries = reader.entries(tree, schema.TERM, "a term")
    if entries is None:
        return None
    reader.term = reader.name(entries)
    try:
        return _term(reader, entries, names)
    finally:
        reader.term = None


def _term(reader: Reader, entries: Entries, names: Names) -> Term | None:
    """The term that a mapping describes."""
    group = _group(reader, entries, names.groups)
    if "event" in entries.entries:
        clamp = reader.clamp_of(entries, reader.term or "term")
        tally = read_tally(reader, entries, names.events)
        if tally is None:
            return None
        return Term(
            name=reader.term or "",
            of=NOTHING,
            text=tally.event.name,
            bins=(),
            group=group,
            clamp=clamp,
            tally=tally,
            line=entries.line,
        )
    refuse_tally_keys(reader, entries)
    key = "when" if "when" in entries.entries else "of"
    if key == "of" and is_pair(entries):
        return read_pair(reader, entries, names.values, group)
    text = reader.text(entries, key)
    if text is None:
        if key not in entries.entries:
            reader.problem(
                entries.line, "A term needs `when: condition`, `of: field` or `event: name`."
            )
        return None
    parse = parse_condition if key == "when" else parse_value
    of = None
    if not reader.is_unread(text):
        of = reader.attempt(entries.lines[key], lambda: parse(text, names.values))
    clamp = reader.clamp_of(entries, reader.term or "term")
    bins = when_bins(reader, entries) if key == "when" else of_bins(reader, entries, of)
    if of is None:
        return None
    return Term(
        name=reader.term or "",
        of=of,
        text=text,
        bins=tuple(replace(b, points=clamp.apply(b.points), written=b.points) for b in bins),
        group=group,
        clamp=clamp,
        line=entries.line,
    )


def _group(reader: Reader, entries: Entries, groups: Mapping[str, Group] | None) -> str | None:
    """The declared group that a term names."""
    group = reader.text(entries, "group")
    if group is not None and groups is not None and group not in groups:
        reader.problem(
            entries.lines["group"],
            f"There is no group `{group}`.",
            did_you_mean(group, groups) + " Groups are declared under `groups`.",
        )
    return group
