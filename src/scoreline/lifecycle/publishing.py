"""Versions of cards: looked at before, put in force, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scoreline.errors import UsageError, did_you_mean
from scoreline.lifecycle.batch import Batch
from scoreline.lifecycle.idle import idle_rules
from scoreline.lifecycle.manner import BatchDone, Manner
from scoreline.lifecycle.rescoring import rescore_all, rescore_due
from scoreline.lifecycle.scorer import Scorer
from scoreline.lifecycle.shelf import CardInForce, identity, in_force, model_of
from scoreline.lifecycle.workspace import Workspace
from scoreline.quality.headers import header_of, headers_of
from scoreline.scorecard.file import load_files
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reading.events import TAKEN
from scoreline.store import records, versions
from scoreline.store.moments import stored
from scoreline.store.versions import NewPublication, Publication

if TYPE_CHECKING:
    from sqlalchemy import Connection

PUBLISH, ROLLBACK = "publish", "rollback"
_NEW = -1
"""The row of a version that is only looked at."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A card with its files, on its way to be put in force."""

    model: Scorecard
    files: Mapping[str, str]
    kind: str = PUBLISH


@dataclass(frozen=True)
class Published:
    """What putting a version in force does, or would do.

    number: of the version; None for a new one that was only looked at. old: the number of the
    version that it replaces. done: scores, moves and messages that it brings about. idle_rules:
    those of the workspace that match no move, for their segment is in no card in force and in none
    that waits in the folder `cards`.
    """

    card: str
    number: int | None
    fingerprint: str
    old: int | None
    records: int
    actions: bool
    done: BatchDone
    by_time: BatchDone
    idle_rules: tuple[str, ...] = ()

    @property
    def by_term(self) -> Counter[tuple[str, str | None, str | None]]:
        """How many records each line moves, from and to."""
        return Counter((move.line, move.old, move.new) for move in self.done.net)


def edition_of(path: Path) -> Edition:
    """A card's file, or a grid's with its cards; raises CardError for what is wrong with it."""
    return Edition(*load_files(path))


def publish(workspace: Workspace, edition: Edition, manner: Manner) -> Published:
    """Put a version in force and score every record by it, in one transaction.

    With a dry manner nothing is written: what it would do is worked out from the same state.
    """
    return _done(workspace, lambda _: edition, manner)


def roll_back(workspace: Workspace, card: str, number: int | None, manner: Manner) -> Published:
    """Put an earlier version in force again: that of a number, else the one before.

    Rolled back again, it goes further back: what a roll-back left is not returned to.
    """

    def chosen(connection: Connection) -> Edition:
        past = versions.all_publications(connection, card)
        if not past:
            known = [one.card for one in versions.in_force(connection)]
            raise UsageError(f"No card `{card}` was published.", did_you_mean(card, known))
        wanted = _earlier(past, card, number)
        return Edition(model_of(wanted.text), versions.decode_files(wanted.text), ROLLBACK)

    return _done(workspace, chosen, manner)


def _done(
    workspace: Workspace, choose: Callable[[Connection], Edition], manner: Manner
) -> Published:
    if manner.dry:
        with workspace.database.reading() as connection:
            return _published(workspace, connection, choose(connection), manner)

    def whole(connection: Connection) -> Published:
        versions.lock_cards(connection)
        return _published(workspace, connection, choose(connection), manner)

    return workspace.database.write(whole)


def _earlier(past: list[Publication], card: str, number: int | None) -> Publication:
    if number is None:
        standing = _standing(past)
        if len(standing) < 2:
            raise UsageError(f"`{card}` has no earlier version to go back to.")
        return standing[-2]
    found = next((one for one in reversed(past) if one.number == number), None)
    if found is None:
        known = ", ".join(str(n) for n in sorted({one.number for one in past}))
        raise UsageError(f"`{card}` has no version {number}.", f"There are: {known}.")
    return found


def _standing(past: list[Publication]) -> list[Publication]:
    """The publications that led to the version in force; those that were rolled back are not."""
    found: list[Publication] = []
    for one in past:
        places = [n for n, other in enumerate(found) if other.version == one.version]
        if places and (one.kind == ROLLBACK or places[-1] == len(found) - 1):
            found = found[: places[-1]]
        found.append(one)
    return found


def _check_key(workspace: Workspace, model: Scorecard) -> None:
    key = workspace.settings.key
    if model.key != key:
        named = "names no key" if model.key is None else f"names the key `{model.key}`"
        raise UsageError(
            f"The card `{model.name}` {named}, the workspace `{key}`.",
            f"Write `key: {key}` in the card: records are the same for all cards.",
        )


def _check_properties(workspace: Workspace, model: Scorecard) -> None:
    """No property reads a column that an event itself is made of: none of them is kept as one."""
    own = {workspace.settings.key: "whose it is", **TAKEN}
    for event in model.events:
        for field in event.properties:
            for header in headers_of(field):
                if (column := header_of([header], own)) is not None:
                    where = f" (line {field.line})" if field.line else ""
                    raise UsageError(
                        f"`{field.name}` of the event `{event.name}`{where} reads the column "
                        f"`{header}`, which is no property: every event has it, {own[column]}.",
                        "Give the property a column of its own, in the card and in the files of "
                        "events.",
                    )


def _published(
    workspace: Workspace, connection: Connection, edition: Edition, manner: Manner
) -> Published:
    model = edition.model
    _check_key(workspace, model)
    _check_properties(workspace, model)
    before = next((one for one in in_force(connection) if one.name == model.name), None)
    card, number = _card(connection, edition, manner)
    by_time, done = _scored(workspace, connection, before, card, manner)
    if not manner.dry:
        moved = len(done.moves)
        _keep(connection, edition, card, manner, moved)
        workspace.note(
            connection, manner, edition.kind, card=model.name, version=number, moved=moved
        )
    return Published(
        card=model.name,
        number=number,
        fingerprint=model.fingerprint,
        old=None if before is None else before.publication.number,
        records=records.count(connection),
        actions=manner.actions,
        done=done,
        by_time=by_time,
        idle_rules=idle_rules(workspace, connection, model),
    )


def _card(
    connection: Connection, edition: Edition, manner: Manner
) -> tuple[CardInForce, int | None]:
    """The card as it would be in force, and the number of its version; None if it has none yet.

    A version that was not seen before gets its number here, unless nothing is to be written.
    """
    model, now = edition.model, stored(manner.as_of)
    known = identity(model)
    row, number = versions.find(connection, known) or (_NEW, None)
    if not manner.dry and number is None:
        row, number = versions.add(connection, known, now)
    alike = versions.reading_alike(connection, known) | {row}
    publication = Publication(
        0, model.name, row, number or 0, model.fingerprint, now, edition.kind, False, 0, ""
    )
    return CardInForce(publication, model, Scorer(model), alike), number


def _keep(
    connection: Connection, edition: Edition, card: CardInForce, manner: Manner, moved: int
) -> None:
    """Add to the publications what was put in force."""
    one = card.publication
    added = NewPublication(
        one.card, one.version, one.at, one.kind, manner.actions, moved, edition.files
    )
    versions.publish(connection, added)


def _scored(
    workspace: Workspace,
    connection: Connection,
    before: CardInForce | None,
    card: CardInForce,
    manner: Manner,
) -> tuple[BatchDone, BatchDone]:
    """Every record by a card: first what time did by the old one, then what the new one does.

    What time did is handed over whether or not the new version is to be: it is no work of it.
    """
    by_time, settled = None, BatchDone()
    if before is not None:
        manner_of_time = replace(manner, actions=True)
        settings = workspace.settings
        by_time = Batch(connection, [before], settings, manner_of_time, keeping=True)
        rescore_due(by_time)
        settled = by_time.finish()
        if before.publication.version == card.publication.version:
            return settled, BatchDone()
    batch = Batch(connection, [card], workspace.settings, manner)
    if by_time is not None:
        batch.kept = by_time.kept
    rescore_all(batch)
    return settled, batch.finish()
