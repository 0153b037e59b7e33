"""What is known of records: scores as of now, history, moves, and the list of whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoreline.behaviour.leaving import Leaving, leaving
from scoreline.engines.base import Result
from scoreline.engines.record.engine import compile_card
from scoreline.errors import UsageError, counted, did_you_mean
from scoreline.lifecycle.batch import Batch, Touched
from scoreline.lifecycle.lines import points_by_line
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.past import Behind
from scoreline.lifecycle.shelf import CardInForce, in_force, model_of
from scoreline.lifecycle.then import Known, cards_then, entered, known_then
from scoreline.lifecycle.workspace import Workspace
from scoreline.scorecard.points import signed_text
from scoreline.scoring.moments import moment_text
from scoreline.store import events, moves, outcomes, records, scores, versions
from scoreline.store.moments import moment_of, stored
from scoreline.store.moves import StoredDelivery, StoredMove, Wanted
from scoreline.store.records import StoredRecord
from scoreline.store.scores import PastScore, StoredScore

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True)
class Standing:
    """A record's score by a card as of a moment: the result, and when it leaves its segment."""

    card: CardInForce
    result: Result
    since: dt.datetime
    leaves: Leaving | None


@dataclass(frozen=True)
class Life:
    """Everything that is known of a record.

    now: its scores as of the moment from what is known today, by the cards in force today; then: by
    what was known at that moment and the cards that were in force.
    numbers: card and number of each version that history names.
    """

    record: StoredRecord
    stands_for: StoredRecord | None
    now: tuple[Standing, ...]
    then: tuple[Standing, ...]
    past: tuple[PastScore, ...]
    moves: tuple[StoredMove, ...]
    messages: dict[int, list[StoredDelivery]]
    changes: tuple[tuple[int, str], ...]
    outcomes: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, str | None, str, str], ...]
    numbers: dict[int, tuple[str, int]]

    @property
    def otherwise(self) -> bool:
        """Whether what was known then comes to something else than what is known today."""
        now, then = (
            [(s.card.publication.version, s.result.score, s.result.segment) for s in some]
            for some in (self.now, self.then)
        )
        return now != then


def life_of(workspace: Workspace, key: str, as_of: dt.datetime, card: str | None = None) -> Life:
    """The life of a record up to a moment, and its scores as of it.

    A record that was merged into another has that one's scores. Raises DataError for a key that
    nobody has.
    """
    with workspace.database.reading() as connection:
        until = stored(as_of)
        [record] = records.existing(connection, [key])
        root = records.by_ids(connection, [record.root])[record.root]
        cards = chosen(connection, card)
        before = known_then(connection, record.id, until)
        past = scores.history(connection, record.id, card)
        wanted = Wanted(card=card, record=record.id, until=until)
        made = tuple(moves.find(connection, wanted))
        changes = ((at, cause) for at, cause, *_ in records.changes_of(connection, record.id))
        return Life(
            record,
            None if root.id == record.id else root,
            tuple(standings(connection, cards, root.id, as_of, ahead=True)),
            tuple(_standings_then(connection, before, as_of, card)) if before else (),
            tuple(one for one in past if one.as_of <= until),
            made,
            moves.of_moves(connection, [one.id for one in made]),
            tuple(one for one in changes if one[0] <= until),
            tuple(one for one in outcomes.of_record(connection, record.id) if one[1] <= until),
            tuple(scores.findings_of(connection, root.id)),
            versions.numbers(connection),
        )


def _standings_then(
    connection: Connection, then: Known, as_of: dt.datetime, only: str | None
) -> Iterator[Standing]:
    """A person's score by what was known then, by each card that was in force."""
    for card in cards_then(connection, stored(as_of)):
        if only not in (None, card.name):
            continue
        kept = scores.of_records(connection, card.name, [then.root]).get(then.root)
        if then.as_now and kept is not None and card.reads(kept):
            values = card.scorer.typed.values(kept.typed)
        else:
            values = card.scorer.typed.of(then.given, str(then.root)).values
        happened = card.scorer.events(then.events)
        since = moment_of(entered(connection, then.root, card.name, stored(as_of)))
        yield Standing(card, card.scorer.result(values, happened, as_of), since, None)


def check_card(connection: Connection, card: str | None) -> None:
    """Raise UsageError for the name of a card that was never published."""
    names = sorted(name for name, _ in versions.state(connection) if name) if card else []
    if card and card not in names:
        hint = did_you_mean(card, names) if names else "Publish one: scoreline publish CARD"
        raise UsageError(f"No card `{card}` was published.", hint)


def check_segments(
    connection: Connection, card: str | None, wanted: Collection[str | None]
) -> None:
    """Raise UsageError for a segment of no version of a card, or of all cards, ever published."""
    missing = {name for name in wanted if name is not None}
    published = versions.all_publications(connection, card) if missing else []
    known: dict[str, None] = {}
    for text in reversed({one.version: one.text for one in published}.values()):
        known |= dict.fromkeys(segment.name for segment in model_of(text).segments)
        missing -= known.keys()
        if not missing:
            return
    for name in sorted(missing):
        hint = did_you_mean(name, known) if known else "Publish a card: scoreline publish CARD"
        raise UsageError(f"There is no segment `{name}`.", hint)


def chosen(connection: Connection, card: str | None) -> list[CardInForce]:
    """The cards in force, or the one of a name; raises UsageError where it is not there."""
    cards = in_force(connection)
    if card is None:
        return cards
    found = [one for one in cards if one.name == card]
    if not found:
        known = [one.name for one in cards]
        hint = did_you_mean(card, known) if known else "Put one in force: scoreline publish CARD"
        raise UsageError(f"No card `{card}` is in force.", hint)
    return found


def standings(
    connection: Connection,
    cards: Sequence[CardInForce],
    root: int,
    as_of: dt.datetime,
    *,
    ahead: bool = False,
) -> list[Standing]:
    """A record's score by each card as of a moment, from what is known now.

    ahead: also when it leaves its segment, which takes a look at every day to come.
    """
    found = []
    behind = records.behind(connection, [root]).get(root, [])
    raw = sorted(events.of_records(connection, [root, *behind]), key=lambda one: one.id)
    for card in cards:
        kept = scores.of_records(connection, card.name, [root]).get(root)
        if kept is None:
            continue
        values, happened = card.scorer.typed.values(kept.typed), card.scorer.events(raw)
        result = card.scorer.result(values, happened, as_of)
        leaves = None
        if ahead:
            score = compile_card(card.model).score
            leaves = leaving(card.model, score, values, happened, as_of)
        found.append(Standing(card, result, moment_of(kept.since), leaves))
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of whom to call."""

    key: str
    score: StoredScore
    owner: str | None
    last_event_at: int | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which list is asked for: the only card and its best segment unless said."""

    card: str | None = None
    segment: str | None = None
    owner: str | None = None


def worklist(
    workspace: Workspace, as_of: dt.datetime, wanted: Chosen
) -> tuple[CardInForce, str, list[Entry]]:
    """The card, the segment and its records as of a moment: best score, latest activity, key.

    Raises UsageError for a card or segment that is not there.
    """
    with workspace.database.reading() as connection:
        one = _only(chosen(connection, wanted.card))
        names = [s.name for s in one.model.segments]
        if not names:
            raise UsageError(f"The card `{one.name}` has no segments.", "Give it `segments`.")
        segment = names[0] if wanted.segment is None else wanted.segment
        if segment not in names:
            raise UsageError(f"There is no segment `{segment}`.", did_you_mean(segment, names))
        batch = Batch(connection, [one], workspace.settings, Manner(as_of, "", dry=True))
        ids = scores.may_be_in(connection, one.name, segment, stored(as_of))
        behind = records.behind(connection, ids)
        current = [
            after
            for _, after in batch.computed(one, Touched(ids), behind)
            if after.segment == segment
        ]
        people = records.by_ids(connection, [score.record for score in current])
        active = _activity(connection, list(people), behind, stored(as_of))
        entries = [
            Entry(people[s.record].key, s, people[s.record].owner, active.get(s.record))
            for s in current
            if wanted.owner in (None, people[s.record].owner)
        ]
    entries.sort(key=lambda e: (-e.score.score, -(e.last_event_at or -(2**62)), e.key))
    return one, segment, entries


def _activity(
    connection: Connection, ids: Sequence[int], behind: Behind, now: int
) -> dict[int, int]:
    """When each record, or one merged into it, last did something."""
    root_of = {record: root for root in ids for record in (root, *behind.get(root, ()))}
    found: dict[int, int] = {}
    for record, at in events.latest(connection, sorted(root_of), now).items():
        root = root_of[record]
        found[root] = max(found.get(root, at), at)
    return found


def _only(cards: Sequence[CardInForce]) -> CardInForce:
    if not cards:
        raise UsageError("No card is in force.", "Put one in force: scoreline publish CARD")
    if len(cards) > 1:
        names = ", ".join(card.name for card in cards)
        raise UsageError(f"Several cards are in force: {names}.", "Say which: --card NAME")
    return cards[0]


TOLD = {
    moves.SENT: "told {}",
    moves.CANCELLED: "not {}: {}",
    moves.DEAD: "{} did not take it: {}",
}
"""What became of a message that waits no more, in words: handler, and why."""


def told_text(move: StoredMove, messages: Sequence[StoredDelivery]) -> str:
    """Who was told of a move by now, who was not, and why."""
    held = [part for part in move.handed.split("; ") if not part.startswith("to ")]
    done = [_became(move, one) for one in messages]
    return "; ".join(part for part in [*done, *held] if part)


def second_text(number: int) -> str:
    """A stored moment as people read it: to the second."""
    return moment_text(moment_of(number).replace(microsecond=0))


def _became(move: StoredMove, message: StoredDelivery) -> str:
    why, handler = message.error.partition("\n")[0], message.handler
    if message.state != moves.WAITING:
        return TOLD[message.state].format(handler, why)
    due = second_text(message.due)
    if message.attempts:
        tries = counted(message.attempts, "try", "tries")
        return f"waiting for {handler} after {tries}, again from {due} on: {why}"
    return f"waiting for {handler}{f' until {due}' if message.due > move.at else ''}"


def strongest(reasons: str, most: int) -> str:
    """The first lines of a text of reasons, the rest as `other`.

    >>> strongest("a +3; b +2; c -1", 1)
    'a +3; other +1'
    """
    lines = reasons.split("; ") if reasons else []
    if not most or len(lines) <= most:
        return reasons
    rest = sum(list(points_by_line(reasons).values())[most:])
    return "; ".join([*lines[:most], *([f"other {signed_text(rest)}"] if rest else [])])


def waiting(workspace: Workspace, as_of: dt.datetime) -> tuple[int, dict[str, int]]:
    """How many scores are due at a moment, and how many messages for each handler."""
    with workspace.database.reading() as connection:
        until = stored(as_of)
        return scores.count_due(connection, until), moves.count_due(connection, until)
