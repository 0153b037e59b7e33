"""Results of workspace commands as objects that JSON and people can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scoreline.errors import Finding
from scoreline.lifecycle.manner import BatchDone
from scoreline.lifecycle.reading import Standing as Standing
from scoreline.scoring.moments import moment_text
from scoreline.store.moves import NewMove


@dataclass(frozen=True, slots=True)
class MoveCount:
    """How many records moved from one segment of a card to another."""

    card: str
    old: str | None
    new: str | None
    count: int

    def json(self) -> dict[str, object]:
        """The object that commands print."""
        return {"card": self.card, "from": self.old, "to": self.new, "count": self.count}


def move_counts(moves: Iterable[NewMove]) -> tuple[MoveCount, ...]:
    """The moves by card, from and to, the most frequent first."""
    counts = Counter((move.card, move.old, move.new) for move in moves)
    return tuple(MoveCount(card, old, new, n) for (card, old, new), n in counts.most_common())


@dataclass(frozen=True)
class Effects:
    """What a batch did to scores: worked out, changed, moves, messages for the outbox.

    later: how many were as of a later moment before, and did not go back in time.
    """

    recomputed: int
    changed: int
    moves: tuple[MoveCount, ...]
    handed_over: int
    later: int = 0

    def json(self) -> dict[str, object]:
        """The part of an object that commands print."""
        return {
            "recomputed": self.recomputed,
            "scores_changed": self.changed,
            "moves": [move.json() for move in self.moves],
            "handed_over": self.handed_over,
            "later": self.later,
        }


def effects(done: BatchDone) -> Effects:
    """What a batch did, counted; moves: what each record's come to."""
    counts = move_counts(done.net)
    return Effects(done.computed, done.changed, counts, done.handed, len(done.later))


def standing_json(standing: Standing, number: int) -> dict[str, object]:
    """A record's score by a card, as `explain --format json` shows one."""
    r = standing.result
    leaves = standing.leaves
    return {
        "card": standing.card.name,
        "version": number,
        "score": r.score,
        "segment": r.segment,
        "low": r.low,
        "high": r.high,
        "certain": r.certain,
        "ask": r.ask,
        "reasons": [
            {"term": line.term, "bin": line.bin, "points": line.points} for line in r.reasons
        ],
        "since": moment_text(standing.since),
        "as_of": moment_text(r.as_of),
        "leaves": None
        if leaves is None
        else {"segment": leaves.segment, "at": moment_text(leaves.at)},
    }


def findings_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings of a file as `import --format json` prints them: no values, no records."""
    return [
        {
            "code": one.code,
            "level": one.level,
            "field": one.field,
            "count": one.count,
            "message": one.message,
            "hint": one.hint,
        }
        for one in findings
    ]
