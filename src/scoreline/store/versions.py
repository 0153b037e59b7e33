"""Published cards: versions by their fingerprint, and every publication and roll-back of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Select, func, insert, literal_column, select

from scoreline.store import bulk, direct
from scoreline.store.schema import cards, match_models, publications, versions, workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

decode_files = msgspec.json.Decoder(dict[str, str]).decode
"""The files of a publication by name, from their JSON."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A version put in force: version is its row, number what people call it.

    text: JSON of the card's files by name, the card itself first.
    """

    id: int
    card: str
    version: int
    number: int
    fingerprint: str
    at: int
    kind: str
    actions: bool
    moved: int
    text: str


_PUBLICATION = select(
    publications.c.id,
    publications.c.card,
    publications.c.version,
    versions.c.number,
    versions.c.fingerprint,
    publications.c.at,
    publications.c.kind,
    publications.c.actions,
    publications.c.moved,
    publications.c.files,
).join(versions, versions.c.id == publications.c.version)


def in_force(connection: Connection) -> list[Publication]:
    """The cards in force, by name."""
    asked = _PUBLICATION.join(cards, cards.c.publication == publications.c.id)
    return _read(connection, asked.order_by(publications.c.card))


MATCH_MODEL = ""
"""Stands for the match model where a card's name stands, which is never empty."""
_STATE = select(cards.c.name, cards.c.publication).union_all(
    select(literal_column("''"), func.max(match_models.c.id))
)
_SHARED = select(workspace.c.id).with_for_update(read=True)
_OWN = select(workspace.c.id).with_for_update()


def state(connection: Connection, *, lock: bool = False) -> tuple[tuple[str, int | None], ...]:
    """Which publication of each card is in force, and which match model, None if there is none.

    One question for both, in no order. lock: nothing else is in force until we are done.
    """
    if lock:
        _hold(connection, read=True)
    return tuple(direct.run(connection, _STATE))


def lock_cards(connection: Connection) -> None:
    """Whoever scores waits until we are done, and we wait for them."""
    _hold(connection, read=False)


def _hold(connection: Connection, *, read: bool) -> None:
    """Hold the one row that every workspace has; SQLite's writers come one by one anyhow."""
    if connection.dialect.name != "sqlite":
        direct.run(connection, _SHARED if read else _OWN)


def all_publications(connection: Connection, card: str | None = None) -> list[Publication]:
    """Every publication, the oldest first."""
    asked = _PUBLICATION.order_by(publications.c.id)
    return _read(connection, asked if card is None else asked.where(publications.c.card == card))


def _read(connection: Connection, asked: Select[Any]) -> list[Publication]:
    return [Publication(*row) for row in connection.execute(asked)]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a version is known by: its card, its meaning, and how it reads raw values."""

    card: str
    fingerprint: str
    reading: str


def find(connection: Connection, identity: Identity) -> tuple[int, int] | None:
    """(row, number) of the version of a card that has this meaning."""
    asked = select(versions.c.id, versions.c.number).where(
        versions.c.card == identity.card, versions.c.fingerprint == identity.fingerprint
    )
    found = connection.execute(asked).first()
    return None if found is None else (found.id, found.number)


def add(connection: Connection, identity: Identity, at: int) -> tuple[int, int]:
    """(row, number) of a new version."""
    last = select(func.coalesce(func.max(versions.c.number), 0)).where(
        versions.c.card == identity.card
    )
    number = int(connection.execute(last).scalar_one()) + 1
    row = {**bulk.row_of(identity), "number": number, "made_at": at}
    made = connection.execute(insert(versions).values(**row).returning(versions.c.id))
    return int(made.scalar_one()), number


def reading_alike(connection: Connection, identity: Identity) -> frozenset[int]:
    """The versions of a card that read raw values in the same way."""
    asked = select(versions.c.id).where(
        versions.c.card == identity.card, versions.c.reading == identity.reading
    )
    return frozenset(connection.execute(asked).scalars())


@dataclass(frozen=True, slots=True)
class NewPublication:
    """A publication on its way in; files: the card's own first."""

    card: str
    version: int
    at: int
    kind: str
    actions: bool
    moved: int
    files: Mapping[str, str]


def publish(connection: Connection, new: NewPublication) -> None:
    """Put a version in force."""
    row = {
        "card": new.card,
        "version": new.version,
        "at": new.at,
        "kind": new.kind,
        "actions": new.actions,
        "moved": new.moved,
        "files": msgspec.json.encode(dict(new.files)).decode(),
    }
    made = connection.execute(insert(publications).values(**row).returning(publications.c.id))
    bulk.upsert(connection, cards, [{"name": new.card, "publication": int(made.scalar_one())}])


_NUMBERS = select(versions.c.id, versions.c.card, versions.c.number)


def numbers(connection: Connection) -> dict[int, tuple[str, int]]:
    """Card and number of each version, by its row."""
    rows = direct.run(connection, _NUMBERS)
    return {row: (card, number) for row, card, number in rows}
