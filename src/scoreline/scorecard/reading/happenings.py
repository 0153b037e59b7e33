"""The `events` of a case: raw, as a file or a call would give them, and what they can name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from scoreline.errors import did_you_mean, nearest
from scoreline.language.literals import RawText, settled
from scoreline.language.text import normal
from scoreline.scorecard import schema
from scoreline.scorecard.events import AT, Choice, Event
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree

KIND = "event"


@dataclass(frozen=True)
class Happenings:
    """What can happen in a case.

    declared: the kinds of event of the card, None if they can't be read; choices: what counts them;
    whole: whether all that stands before the cases could be read.
    """

    declared: Mapping[str, Event] | None
    choices: Iterable[Choice]
    whole: bool

    @cached_property
    def kinds(self) -> dict[str, Event] | None:
        """The kinds of event by name; None where a finding says already why they aren't known."""
        if self.declared is None or not (self.declared or self.whole):
            return None
        return {**{one.event.name: one.event for one in self.choices}, **self.declared}

    @property
    def none_counts(self) -> bool:
        """Whether the card counts no events, as far as anybody can tell."""
        return self.whole and not self.choices


def read_happenings(
    reader: Reader, case: Entries, names: Happenings
) -> tuple[dict[str, str | None], ...]:
    """What happened in a case; () where nothing did."""
    if "events" in case.entries and names.none_counts:
        reader.problem(
            case.lines["events"],
            "The card counts no events.",
            "Leave `events` out, or give points for them: event: webinar_attended",
        )
        return ()
    found = (_happening(reader, tree, names.kinds) for tree in reader.items(case, "events"))
    return tuple(one for one in found if one is not None)


def _happening(
    reader: Reader, tree: Tree, kinds: Mapping[str, Event] | None
) -> dict[str, str | None] | None:
    """One event; None if it can't be read."""
    if not isinstance(tree, Entries):
        hint = "Write {event: webinar_attended, at: 2026-01-31}."
        reader.problem(tree.line, "An event of a case is a mapping (key: value).", hint)
        return None
    lines = {normal(name): line for name, line in tree.lines.items()}
    tree = Entries({normal(name): v for name, v in tree.entries.items()}, lines, tree.line)
    name = reader.text(tree, KIND)
    if name is None:
        _say_nameless(reader, tree)
        return None
    if kinds is None:
        return None
    if name not in kinds:
        message, hint = f"There is no event `{name}`.", did_you_mean(name, kinds)
        reader.problem(lines[KIND], message, hint)
        return None
    entries = reader.entries(tree, _keys(kinds[name]), f"the event `{name}`")
    if entries is None:
        return None
    said = isinstance(entries.entries.get(AT.name), Text)
    if said and (at := reader.text(entries, AT.name)):
        reader.attempt(entries.lines[AT.name], lambda: settled(RawText(at), "time"))
    return raw_values(reader, entries)


def _say_nameless(reader: Reader, tree: Entries) -> None:
    """Note that an event has no kind, unless a blank one was noted already."""
    if KIND in tree.entries:
        return
    if close := nearest(KIND, tree.entries, 1):
        message = f"`{close[0]}` is not a key of an event of a case."
        reader.problem(tree.lines[close[0]], message, did_you_mean(close[0], [KIND]))
        return
    hint = f"Say what happened and when: {KIND}: webinar_attended, {AT.name}: 2026-01-31"
    reader.problem(tree.line, f"An event of a case needs `{KIND}`.", hint)


def _keys(event: Event) -> tuple[schema.Key, ...]:
    """What can stand in an event of this kind."""
    return (*schema.HAPPENED, *(schema.Key(f.name, f.type, "") for f in event.properties))


def raw_values(reader: Reader, given: Entries) -> dict[str, str | None]:
    """Raw values by name."""
    values: dict[str, str | None] = {}
    for name, below in given.entries.items():
        if isinstance(below, Text):
            values[normal(name)] = below.text
        else:
            reader.problem(given.lines[name], f"`{name}` is one value, not a list or mapping.")
    return values
