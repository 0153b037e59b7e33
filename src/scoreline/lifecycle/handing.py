"""Moves on their way to people: which are handed over, to whom and when; the rest say why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scoreline.lifecycle.handlers.message import Message, canonical_json
from scoreline.lifecycle.lines import points_by_line
from scoreline.scorecard.ageing import duration_text
from scoreline.scorecard.points import unscaled
from scoreline.scoring.moments import moment_text
from scoreline.store import identity, moves, records, scores, versions
from scoreline.store.moments import moment_of
from scoreline.store.moves import NewMove

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scoreline.lifecycle.manner import Manner, Outcome
    from scoreline.lifecycle.settings import Rule, Settings

SECOND = 1_000_000
NO_NET_CHANGE = "back again within one batch"
PASSED_THROUGH = "passed through within one batch"
SCORES_ONLY = "scores only"
"""Why a move was not handed over."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of a move, under which rule, and from when on; a handler's name."""

    handler: str
    rule: str
    due: int


def hand_over(connection: Connection, settings: Settings, manner: Manner, done: Outcome) -> Outcome:
    """Keep the moves of a batch, each with what became of it, and queue the messages."""
    net = _net(done.moves)
    decided, told = _decided(connection, settings, manner, done.moves, net)
    done.moves, done.net = decided, list(net.values())
    done.handed = sum(len(some) for some in told.values())
    if manner.dry or not decided:
        return done
    moves.cancel_early(connection, _left(net.values(), done.since))
    if not told:
        moves.add(connection, decided)
    else:
        numbers = moves.add_numbered(connection, decided)
        writer = MessageWriter(connection, settings.name, [net[place] for place in told])
        queue: list[moves.NewDelivery] = []
        for place, some in told.items():
            message = writer.message(numbers[place], net[place])
            body = canonical_json(message).decode()
            queue += [
                moves.NewDelivery(numbers[place], one.handler, one.rule, message.id, body, one.due)
                for one in some
            ]
        moves.queue(connection, queue)
    return done


def _net(made: Sequence[NewMove]) -> dict[int, NewMove]:
    """What each record's moves come to, by the place of its last one; nothing if it is back."""
    paths: dict[tuple[str, int], list[int]] = {}
    for place, move in enumerate(made):
        paths.setdefault((move.card, move.record), []).append(place)
    return {
        path[-1]: replace(made[path[-1]], old=made[path[0]].old)
        for path in paths.values()
        if made[path[0]].old != made[path[-1]].new
    }


def _left(
    net: Iterable[NewMove], since: Mapping[tuple[str, int], int]
) -> dict[tuple[str, int], int]:
    """When each record left its segment; time may have moved it long before we looked."""
    return {
        (move.card, move.record): since.get((move.card, move.record), move.at)
        for move in net
        if move.old is not None
    }


def _decided(
    connection: Connection,
    settings: Settings,
    manner: Manner,
    made: Sequence[NewMove],
    net: Mapping[int, NewMove],
) -> tuple[list[NewMove], dict[int, list[Told]]]:
    """The moves with what became of each; by place, who is told: each handler once."""
    moved = {(move.card, move.record) for move in net.values()}
    decided = [
        move
        if place in net
        else replace(
            move, handed=PASSED_THROUGH if (move.card, move.record) in moved else NO_NET_CHANGE
        )
        for place, move in enumerate(made)
    ]
    told: dict[int, dict[str, Told]] = {}
    for rule in settings.rules:
        matched = [n for n, move in net.items() if rule.matches(move.card, move.old, move.new)]
        for place, some, why in _by_rule(connection, rule, manner, net, matched):
            for one in some:
                known = told.setdefault(place, {}).get(one.handler)
                if known is None or known.due < one.due:
                    told[place][one.handler] = one
            decided[place] = replace(decided[place], handed=_joined(decided[place].handed, why))
    return decided, {place: list(some.values()) for place, some in told.items()}


def _by_rule(
    connection: Connection,
    rule: Rule,
    manner: Manner,
    net: Mapping[int, NewMove],
    matched: Sequence[int],
) -> Iterator[tuple[int, list[Told], str]]:
    """For each move that a rule matches: who is told, and what became of it."""
    recent: dict[tuple[str, str], dict[int, int]] = {}
    ids = sorted({net[place].record for place in matched})
    if rule.cool_down and manner.actions:
        recent = {
            (card, handler): moves.last_handed(connection, card, handler, rule.text, ids)
            for card in sorted({net[place].card for place in matched})
            for handler in rule.send
        }
    for place in matched:
        move = net[place]
        if not manner.actions:
            yield place, [], SCORES_ONLY
            continue
        some, held = [], []
        for handler in rule.send:
            last = recent.get((move.card, handler), {}).get(move.record)
            again = None if last is None else last + rule.cool_down * SECOND
            if again is not None and again > move.at:
                held.append(f"not to {handler}: cool-down until {moment_text(moment_of(again))}")
            else:
                some.append(Told(handler, rule.text, move.at + rule.minimum_stay * SECOND))
        names = ", ".join(one.handler for one in some)
        stay = f" after a stay of {duration_text(rule.minimum_stay)}" if rule.minimum_stay else ""
        yield place, some, "; ".join([*([f"to {names}{stay}"] if some else []), *held])


def _joined(*texts: str) -> str:
    return "; ".join(text for text in texts if text)


class MessageWriter:
    """Messages about the moves of a batch."""

    def __init__(self, connection: Connection, workspace: str, made: Sequence[NewMove]) -> None:
        self._id = identity.workspace_id(connection)
        self._workspace = workspace
        self._numbers = versions.numbers(connection)
        self._owners = records.by_ids(connection, sorted({move.record for move in made}))
        self._scores = {
            (card, record): score
            for card in sorted({move.card for move in made})
            for record, score in scores.of_records(
                connection, card, [move.record for move in made if move.card == card]
            ).items()
        }

    def message(self, number: int, move: NewMove) -> Message:
        """The message about a move; its id is the same for ever, and no other's."""
        record, score = self._owners[move.record], self._scores[move.card, move.record]
        lines = points_by_line(score.reasons)
        payload = {
            "workspace": self._workspace,
            "card": move.card,
            "version": self._numbers[move.version][1],
            "key": record.key,
            "from": move.old,
            "to": move.new,
            "score": unscaled(score.score),
            "reasons": [{"term": n, "points": unscaled(p)} for n, p in lines.items()],
            "owner": record.owner,
            "as_of": moment_text(moment_of(move.at)),
        }
        return Message(f"{self._id}-{number}", "move", moment_of(move.at), payload)
