"""Register a record, note an event, merge two records: one of each, scored at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoreline.engines.base import Result
from scoreline.errors import DataError, UsageError, did_you_mean
from scoreline.jobs.workspace.columns import unmatched
from scoreline.jobs.workspace.telling import standing_json
from scoreline.lifecycle import merging
from scoreline.lifecycle.batch import Batch
from scoreline.lifecycle.facts import Stored, check_text, row_of, store_rows
from scoreline.lifecycle.happenings import Kept, RawEvents, store_events
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.reading import Standing, standings
from scoreline.lifecycle.workspace import Workspace
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.text import normal, plain_text
from scoreline.quality.typing.values import type_record
from scoreline.scorecard.events import AT
from scoreline.scoring.events import ID, KIND
from scoreline.scoring.moments import moment_text
from scoreline.scoring.stored import plain_values
from scoreline.store import records
from scoreline.store.moments import moment_of, stored
from scoreline.store.moves import NewMove
from scoreline.store.records import Changed

REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that a new one looks like: its key, what the card says of the two, why in short."""

    key: str
    result: Result
    reasons: str

    @property
    def text(self) -> str:
        """In words: `looks like L-4, 14.2 points: phone: same +9.1; ...`."""
        return f"looks like {self.key}, {self.result.score:g} points: {self.reasons}"

    def json(self) -> dict[str, object]:
        """The object that `register` prints."""
        lines = [line for line in self.result.reasons if line.scaled]
        return {
            "key": self.key,
            "points": self.result.score,
            "reasons": [
                {"term": line.term, "bin": line.bin, "points": line.points} for line in lines
            ],
        }


@dataclass(frozen=True)
class Registered:
    """A record after it was registered, or after something happened to it.

    new: whether it was not known before; scores: by each card in force; moves: those it made;
    warnings: what could not be read, what no card counts, what was known before; counts_from: the
    moment from which an event counts that is still to come; looks_like: records that are rather one
    customer with it than two, the likeliest first.
    """

    key: str
    new: bool
    scores: tuple[Standing, ...]
    moves: tuple[NewMove, ...]
    warnings: tuple[str, ...] = ()
    counts_from: dt.datetime | None = None
    looks_like: tuple[Alike, ...] = ()

    def json(self) -> dict[str, object]:
        """The object that `register`, `event`, `merge` and `unmerge` print."""
        return {
            "key": self.key,
            "new": self.new,
            "scores": [standing_json(s, s.card.publication.number) for s in self.scores],
            "moves": [
                {"card": m.card, "from": m.old, "to": m.new, "by": m.line, "handed": m.handed}
                for m in self.moves
            ],
            "warnings": list(self.warnings),
            "counts_from": None if self.counts_from is None else moment_text(self.counts_from),
            "looks_like": [one.json() for one in self.looks_like],
        }


def register(
    workspace: Workspace, values: Mapping[str, object], as_of: dt.datetime, owner: str | None = None
) -> Registered:
    """Keep a record's facts and score it, in one transaction.

    values: by column; one that is absent or blank (NaN too) stays as it is known, None takes an
    answer back.
    """
    key, given = row_of(workspace.settings.key, values)

    def work(
        batch: Batch,
    ) -> tuple[Stored, tuple[Standing, ...], tuple[str, ...], tuple[Alike, ...]]:
        done = store_rows(batch, [(key, given)])
        if owner is not None:
            _set_owner(batch, batch.people[key], normal(owner) or None)
        findings = tuple(dict.fromkeys(batch.findings))
        return done, _standings(batch, key), findings, _looks_like(batch, key)

    (done, standing, warnings, alike), whole = workspace.batch(Manner(as_of, REGISTERED), work)
    warnings += (*_later(standing, as_of), *_unread(standing, given, workspace.settings.key))
    if workspace.shelf.trouble:
        warnings += (workspace.shelf.trouble,)
    moves = tuple(whole.moves)
    return Registered(key, done.new == 1, standing, moves, warnings, looks_like=alike)


def _looks_like(batch: Batch, key: str) -> tuple[Alike, ...]:
    """The records that one looks like by what is new of it; none where its keys are as before."""
    root = batch.people[key]
    if batch.matching is None or root not in batch.rekeyed:
        return ()
    [person] = records.people(batch.connection, [root])
    found = batch.matching.like(batch.connection, root, person.given)
    return tuple(Alike(one.key, one.result, one.reasons) for one in found)


def _unread(scores: Sequence[Standing], given: Mapping[str, object], key: str) -> Iterator[str]:
    """What was said of a record that no card in force reads, and the field that was meant perhaps.

    It is kept all the same: a card of later may read it.
    """
    fields = [field for score in scores for field in score.card.model.fields]
    names = list(given)
    if not fields or {name for field in fields for name in headers_of(field)}.issuperset(names):
        return  # as nearly always: no need to look for names that are alike
    for one in unmatched(fields, names, {header_of([key], names)}, "record", "value"):
        if one.code != "fields-absent":
            yield one.in_a_line


def _later(scores: Sequence[Standing], as_of: dt.datetime) -> tuple[str, ...]:
    """That a record was scored as of a later moment than was said, where it is so."""
    moments = [score.result.as_of for score in scores if score.result.as_of > as_of]
    if not moments:
        return ()
    last = moment_text(max(moments))
    return (f"It was scored as of {last} before, and is again: no score goes back in time.",)


def _set_owner(batch: Batch, root: int, owner: str | None) -> None:
    """Who looks after a record from now on; who did before stands in its changes."""
    before = records.by_ids(batch.connection, [root])[root].owner
    if before != owner:
        records.set_owner(batch.connection, root, owner)
        change = Changed(root, {"owner": before}, {"owner": owner})
        records.note_changes(batch.connection, [change], batch.now, records.OWNER)


def note_event(
    workspace: Workspace, key: str, raw: Mapping[str, object], as_of: dt.datetime
) -> Registered:
    """Keep an event of a record and score it, in one transaction.

    raw: `event`, `at` (the moment of scoring unless said), maybe `event_id`, and properties.
    Raises DataError for a record that is not known.
    """
    wanted = normal(key)
    event = raw_event(wanted, raw, as_of)

    def work(batch: Batch) -> tuple[tuple[Standing, ...], tuple[str, ...], bool]:
        kept = store_events(batch, event)
        if kept.nobody:
            raise DataError(
                f"No record has the key `{wanted[:60]}`, so nothing can happen to it.",
                "Register it first: scoreline register.",
            )
        return _standings(batch, wanted), _event_warnings(batch, event, kept), kept.new > 0

    cause = f"event {event.events[0]}"
    (scores, warnings, new), whole = workspace.batch(Manner(as_of, cause), work)
    warnings += _later(scores, as_of)
    at = moment_of(event.moments[0])
    to_come = at if new and at > as_of else None
    return Registered(wanted, False, scores, tuple(whole.moves), warnings, to_come)


def _event_warnings(batch: Batch, event: RawEvents, kept: Kept) -> tuple[str, ...]:
    found, own, kind = [], event.ids[0], event.events[0]
    if kept.differing:
        found.append(f"The event `{own}` is known, and was another one; it stays.")
    elif kept.repeats:
        found.append(f"The event `{own}` is known; it counts once.")
    if batch.cards and not any(card.scorer.counts([kind]) for card in batch.cards):
        known = sorted({kind for card in batch.cards for kind in card.scorer.kinds})
        hint = did_you_mean(kind, known)
        found.append(f"No card in force counts `{kind}`. {hint}")
    return (*found, *_misnamed(batch, event), *_unreadable(batch, event))


def _misnamed(batch: Batch, event: RawEvents) -> Iterator[str]:
    """Properties that cards in force declare and an event lacks, where it has one like it."""
    choices = (choice for card in batch.cards for choice in card.model.choices)
    kinds = (choice.event for choice in choices if choice.event.name == event.events[0])
    declared = dict.fromkeys(field for kind in kinds for field in kind.properties)
    given = list(json.loads(event.properties[0]))
    for one in unmatched(list(declared), given, (), "event", "property"):
        if one.level == "warning":
            yield one.in_a_line


def _unreadable(batch: Batch, event: RawEvents) -> Iterator[str]:
    """What cards in force can't read in the properties of an event, each once."""
    raw = json.loads(event.properties[0])
    read = (card.scorer.kinds.get(event.events[0]) for card in batch.cards)
    properties = dict.fromkeys(field for kind in read if kind for field in kind.properties)
    yield from dict.fromkeys(one.in_a_line for one in type_record([*properties], raw).findings)


def raw_event(key: str, raw: Mapping[str, object], as_of: dt.datetime) -> RawEvents:
    """An event as an API gives it, on its way to the store."""
    head = type_record([KIND, AT, ID], raw)
    name, at, own = (head.values[field.name] for field in (KIND, AT, ID))
    if name is None:
        raise DataError("The event has no `event`.", "Say what happened: event=webinar_attended.")
    if at is None and raw.get(AT.name) not in (None, ""):
        why = ", ".join(one.message for one in head.findings if one.field == AT.name)
        raise DataError(
            f"The moment `{str(raw[AT.name])[:40]}` of the event can't be read: {why}.",
            "Write 2026-01-31 or 2026-01-31T10:00:00Z.",
        )
    moment = at if isinstance(at, dt.datetime) else as_of
    check_text(str(name), "name of the event")
    check_text(str(own or ""), "id of the event")
    texts = {n: plain_text(v) for n, v in plain_values(raw).items() if n not in head.values}
    properties = {name: text for name, text in texts.items() if text is not None and text.strip()}
    return RawEvents.of_one(
        key, str(name), stored(moment), None if own is None else str(own), properties
    )


def merge(workspace: Workspace, kept: str, gone: str, as_of: dt.datetime) -> Registered:
    """One record stands for both from now on."""
    if normal(kept) == normal(gone):
        raise UsageError("A record can't be merged with itself.", "Give two different keys.")

    def work(batch: Batch) -> tuple[str, tuple[Standing, ...]]:
        done = merging.merge(batch, normal(kept), normal(gone))
        workspace.note(batch.connection, batch.manner, "merge", kept=done.root, gone=done.other)
        return done.kept, _standings(batch, done.kept)

    (key, scores), whole = workspace.batch(Manner(as_of, "merged"), work)
    return Registered(key, False, scores, tuple(whole.moves), _later(scores, as_of))


def unmerge(workspace: Workspace, gone: str, as_of: dt.datetime) -> list[Registered]:
    """Both are records of their own again; the one that had stood for both first."""

    def work(batch: Batch) -> list[tuple[str, int, tuple[Standing, ...]]]:
        done = merging.unmerge(batch, normal(gone))
        workspace.note(batch.connection, batch.manner, "unmerge", kept=done.root, gone=done.other)
        both = ((done.kept, done.root), (done.gone, done.other))
        return [(key, number, _standings(batch, key)) for key, number in both]

    found, whole = workspace.batch(Manner(as_of, "unmerged"), work)
    return [
        Registered(key, False, scores, tuple(m for m in whole.moves if m.record == number))
        for key, number, scores in found
    ]


def _standings(batch: Batch, key: str) -> tuple[Standing, ...]:
    """A record's score by each card: what the batch came to, else what it is now."""
    root = batch.people.get(key)
    if root is None:
        record = records.by_key(batch.connection, key)
        if record is None:
            return ()
        root = record.root
    done = [batch.results.get((card.name, root)) for card in batch.cards]
    if None in done:
        return tuple(standings(batch.connection, batch.cards, root, batch.manner.as_of))
    return tuple(
        Standing(card, one[0], moment_of(one[1].since), None)
        for card, one in zip(batch.cards, done, strict=True)
        if one is not None
    )
