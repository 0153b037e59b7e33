"""Publish a card, look at what that would do, roll it back, list its versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from scoreline.jobs.workspace.telling import Effects, effects
from scoreline.lifecycle.manner import Manner
from scoreline.lifecycle.publishing import Published, edition_of, publish, roll_back
from scoreline.lifecycle.reading import check_card
from scoreline.lifecycle.workspace import Workspace
from scoreline.scoring.moments import moment_text
from scoreline.store import scores, versions
from scoreline.store.moments import moment_of


@dataclass(frozen=True, slots=True)
class LineMoves:
    """How many records a line of the card moves from one segment to another."""

    line: str
    old: str | None
    new: str | None
    count: int


@dataclass(frozen=True)
class Publishing:
    """What putting a version in force did, or would do.

    version: its number; None for one that was only looked at. done: whether it was put in force.
    by_time: what time had done by the version before, which is settled first.
    """

    card: str
    version: int | None
    old: int | None
    fingerprint: str
    records: int
    actions: bool
    done: bool
    effects: Effects
    by_time: Effects
    by_term: tuple[LineMoves, ...]
    idle_rules: tuple[str, ...] = ()

    def json(self) -> dict[str, object]:
        """The object that `publish` and `rollback` print."""
        return {
            "card": self.card,
            "version": self.version,
            "replaces": self.old,
            "fingerprint": self.fingerprint,
            "records": self.records,
            "published": self.done,
            "actions": self.actions,
            "moves": [{"from": m.old, "to": m.new, "count": m.count} for m in self.effects.moves],
            "by_term": [
                {"term": m.line, "from": m.old, "to": m.new, "count": m.count} for m in self.by_term
            ],
            "changed": self.effects.changed,
            "handed_over": self.effects.handed_over,
            "later": self.effects.later,
            "by_time": {
                "moves": [m.json() for m in self.by_time.moves],
                "handed_over": self.by_time.handed_over,
            },
            "idle_rules": list(self.idle_rules),
        }


def publish_card(
    workspace: Workspace, path: Path, as_of: dt.datetime, *, actions: bool, preview: bool = False
) -> Publishing:
    """Put a card in force; preview: only say what that would do.

    actions: whether the moves that it makes are handed over; the preview counts what would be.
    """
    manner = Manner(as_of, "published", actions=actions or preview, dry=preview)
    return _told(publish(workspace, edition_of(path), manner), actions=actions, done=not preview)


def roll_back_card(
    workspace: Workspace,
    card: str,
    number: int | None,
    as_of: dt.datetime,
    *,
    actions: bool,
    preview: bool = False,
) -> Publishing:
    """Put an earlier version in force again, the one before unless a number is said."""
    manner = Manner(as_of, "rolled back", actions=actions or preview, dry=preview)
    return _told(roll_back(workspace, card, number, manner), actions=actions, done=not preview)


def _told(found: Published, *, actions: bool, done: bool) -> Publishing:
    lines = tuple(LineMoves(*kind, n) for kind, n in found.by_term.most_common())
    return Publishing(
        found.card,
        found.number,
        found.old,
        found.fingerprint,
        found.records,
        actions,
        done,
        effects(found.done),
        effects(found.by_time),
        lines,
        found.idle_rules,
    )


@dataclass(frozen=True)
class VersionLine:
    """A publication as a list shows it; segments: how many records each holds, if in force."""

    card: str
    version: int
    fingerprint: str
    at: dt.datetime
    kind: str
    actions: bool
    moved: int
    in_force: bool
    segments: dict[str | None, int]

    def json(self) -> dict[str, object]:
        """The object that `versions --format json` prints."""
        return {
            "card": self.card,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "at": moment_text(self.at),
            "kind": self.kind,
            "actions": self.actions,
            "moved": self.moved,
            "in_force": self.in_force,
            **({"segments": self.segments} if self.in_force else {}),
        }


def list_versions(workspace: Workspace, card: str | None = None) -> list[VersionLine]:
    """Every publication and roll-back, the oldest first."""
    with workspace.database.reading() as connection:
        check_card(connection, card)
        now = {one.id for one in versions.in_force(connection)}
        return [
            VersionLine(
                one.card,
                one.number,
                one.fingerprint,
                moment_of(one.at),
                one.kind,
                one.actions,
                one.moved,
                one.id in now,
                scores.segments(connection, one.card) if one.id in now else {},
            )
            for one in versions.all_publications(connection, card)
        ]
