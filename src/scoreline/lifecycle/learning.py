"""A match model learnt from the records of a workspace, kept there with the index of its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scoreline.errors import DataError
from scoreline.lifecycle.batch import PIECE
from scoreline.lifecycle.matching import Matching
from scoreline.lifecycle.workspace import Workspace, actor
from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.kept import KeptModel, keep
from scoreline.quality.duplicates.labels import NO_LABELS, Labels
from scoreline.quality.headers import header_of
from scoreline.quality.roles import Role, roles
from scoreline.quality.text import fold_normal, normal, plain_text
from scoreline.store import audit, identity, matching, records, versions
from scoreline.store.records import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

Columns = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Learnt:
    """What was found among the records of a workspace.

    keys: of the records, by their row; columns: what each was taken for; kept: what new records are
    looked up by.
    """

    keys: Sequence[str]
    columns: Mapping[str, Role]
    found: Duplicates
    kept: KeptModel


def learn(
    workspace: Workspace,
    now: int,
    seed: int = 0,
    told: Callable[[int], None] = lambda _: None,
    answers: Callable[[list[str], Columns], Labels] = lambda _keys, _columns: NO_LABELS,
) -> Learnt:
    """The duplicates among the records, and the model in force with its index.

    now: the moment, as the store keeps it; told: of records that were read; answers: those of
    people, given keys and columns. What was merged counts as one. Raises DataError where there are
    no two records, or nothing says who they are.
    """
    with workspace.database.reading() as connection:
        salt = identity.workspace_id(connection)
        keys, columns = _columns(_people(connection, told), workspace.settings.key)
    if len(keys) < 2:
        raise DataError(
            "The workspace has no two records to compare.", "Import some: scoreline import FILE"
        )
    taken_for = roles(columns)
    found = find_duplicates(columns, taken_for, seed, answers(keys, columns), keys)
    kept, classes = keep(found, columns, salt)
    with workspace.database.reading() as connection:
        keyed = _keyed(_people(connection, lambda _: None), Matching(kept))
    work = _Installing(kept, classes, len(keys), now, keyed)
    workspace.database.write(work.done)
    return Learnt(keys, taken_for, found, kept)


def _people(connection: Connection, told: Callable[[int], None]) -> Iterator[Person]:
    """All records that are scored, by their numbers."""
    after = 0
    while some := records.roots(connection, after, PIECE):
        yield from records.people(connection, some)
        after = some[-1]
        told(len(some))


def _columns(people: Iterator[Person], key: str) -> tuple[list[str], dict[str, list[str | None]]]:
    """The keys, and the raw texts by column; headers that differ in blanks or case are one."""
    keys: list[str] = []
    columns: dict[str, list[str | None]] = {}
    named: dict[str, str] = {}
    for row, person in enumerate(people):
        keys.append(person.key)
        for header, value in person.given.items():
            name = named.get(header)
            if name is None:
                name = named[header] = named.setdefault(fold_normal(normal(header)), header)
            cells = columns.setdefault(name, [])
            if len(cells) <= row:
                cells += [None] * (row - len(cells))
                cells.append(plain_text(value))
    for cells in columns.values():
        cells += [None] * (len(keys) - len(cells))
    own = header_of([key], columns)
    return keys, {name: cells for name, cells in columns.items() if name != own}


Keyed = Mapping[int, tuple[int, frozenset[int]]]
"""The keys of records by their numbers, with a hash of the values that they were made of."""


def _keyed(people: Iterator[Person], index: Matching) -> Keyed:
    """The keys of all records, made before anybody has to wait."""
    return {one.id: (_hash(one.given), index.keys(one.given)) for one in people}


def _hash(given: Mapping[str, object]) -> int:
    return hash(msgspec.json.encode(given))


@dataclass(frozen=True)
class _Installing:
    """A model on its way into the store, in one transaction: it is in force with a true index.

    keyed: the keys that were made of records before; those of records that have changed since, or
    have come, are made in the transaction.
    """

    kept: KeptModel
    classes: Mapping[int, int]
    records: int
    now: int
    keyed: Keyed

    def done(self, connection: Connection) -> None:
        """Whoever scores waits meanwhile; what came in since it was learnt is in the index too."""
        versions.lock_cards(connection)
        matching.replace(connection, self.kept.text(), self.classes, self.records, self.now)
        index = Matching(self.kept)
        after = 0
        while some := records.roots(connection, after, PIECE):
            people = records.people(connection, some)
            keys = {one.id: self._keys(one, index) for one in people}
            matching.add(connection, [(key, one) for one, found in keys.items() for key in found])
            after = some[-1]
        detail = {"records": self.records, "keys": len(self.kept.keys)}
        audit.note(connection, self.now, actor(), "duplicates learnt", detail)

    def _keys(self, one: Person, index: Matching) -> frozenset[int]:
        made_of, keys = self.keyed.get(one.id, (None, frozenset[int]()))
        return keys if made_of == _hash(one.given) else index.keys(one.given)
