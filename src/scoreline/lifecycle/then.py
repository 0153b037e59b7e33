"""What was known of a record at a moment: its facts, its events, its merges, the cards in force.

For today that is what is known now. For a day of the past it is what was known that day: an event
that arrived later, a fact that was told later and a version that was published later had no say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoreline.lifecycle.shelf import CardInForce, compiled
from scoreline.store import events, records, scores, versions
from scoreline.store.events import StoredEvent
from scoreline.store.records import Given
from scoreline.store.versions import Publication

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a person.

    root: the record that was scored; given: its raw values, with those of the records merged into
    it; as_now: whether no fact is another one now; events: in the order of recording.
    """

    root: int
    given: Given
    as_now: bool
    events: Sequence[StoredEvent]


def known_then(connection: Connection, record: int, moment: int) -> Known | None:
    """What was known of a record at a moment; None if it was not registered yet."""
    members = records.members_then(connection, record, moment)
    root = members[0]
    people = records.by_ids(connection, members)
    registered = records.registered(connection, members)
    if registered[record] > moment:
        return None
    later = {one: records.changes_since(connection, one, moment) for one in members}
    facts = [_undone(people[one].values, later[one]) for one in members]
    behind = records.behind(connection, [root]).get(root, [])
    as_now = people[root].merged_into is None and sorted(members) == sorted([root, *behind])
    told = events.known_by(connection, members, moment)
    return Known(root, records.united(facts), as_now and not any(later.values()), told)


def _undone(given: Given, changes: Sequence[tuple[Given, Given]]) -> Given:
    """Raw values before some changes, the latest of which stands first."""
    found = dict(given)
    for before, after in changes:
        for name in after:
            found.pop(name, None)
        found |= before
    return found


def cards_then(connection: Connection, moment: int) -> list[CardInForce]:
    """The cards that were in force at a moment, by name."""
    last: dict[str, Publication] = {}
    for one in versions.all_publications(connection):
        if one.at <= moment:
            last[one.card] = one
    return [compiled(connection, last[name]) for name in sorted(last)]


def entered(connection: Connection, record: int, card: str, moment: int) -> int:
    """When a record had entered the segment that it was in at a moment."""
    past = [one for one in scores.history(connection, record, card) if one.as_of <= moment]
    return scores.entered(past) if past else moment
