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

    from scoreline.lifecycle.manner import BatchDone, Manner
    from scoreline.lifecycle.settings import Rule, Settings
    from scoreline.lifecycle.staying import Staying

SECOND = 1_000_000
NO_NET_CHANGE = "back again within one batch"
PASSED_THROUGH = "passed through within one batch"
SCORES_ONLY = "scores only"
"""Why a move was not handed over."""


@dataclass(frozen=True, slots=True)
class Told:
    """A handler that is told of a move, under which rule, and after which stay in seconds."""

    handler: str
    rule: str
    stay: int


def hand_over(
    connection: Connection, settings: Settings, manner: Manner, done: BatchDone, staying: Staying
) -> BatchDone:
    """Keep the moves of a batch, each with what became of it, and queue the messages."""
    net = _net(done.moves)
    decided, told = _decided(connection, settings, manner, done.moves, net)
    done.moves, done.net = decided, list(net.values())
    done.handed = sum(len(some) for some in told.values())
    if manner.dry or not decided:
        return done
    _cancel_early(connection, net.values(), staying)
    if not told:
        moves.add(connection, decided)
    else:
        numbers = moves.add_numbered(connection, decided)
        writer = MessageWriter(connection, settings.name, [net[place] for place in told])
        queue: list[moves.NewDelivery] = []
        for place, some in told.items():
            message = writer.message(numbers[place], net[place])
            body = canonical_json(message).decode()
            queue += [_delivery(numbers[place], net[place], message.id, body, one) for one in some]
        moves.queue(connection, queue)
    return done


def _delivery(number: int, move: NewMove, key: str, body: str, told: Told) -> moves.NewDelivery:
    due = move.at + told.stay * SECOND
    until = due if told.stay else None
    return moves.NewDelivery(number, told.handler, told.rule, key, body, due, until)


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


def _cancel_early(connection: Connection, net: Iterable[NewMove], staying: Staying) -> None:
    """Cancel what waits for a minimum stay of records that left their segment before its end."""
    left: dict[str, dict[int, NewMove]] = {}
    for move in net:
        if move.old is not None:
            left.setdefault(move.card, {})[move.record] = move
    for card, by_record in left.items():
        early = [
            number
            for number, record, until in moves.held(connection, card, list(by_record))
            if by_record[record].at < until or staying.left_at(by_record[record]) < until
        ]
        moves.cancel(connection, early, moves.LEFT_EARLY)


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
    held: dict[int, list[str]] = {}
    for rule in settings.rules:
        matched = [n for n, move in net.items() if rule.matches(move.card, move.old, move.new)]
        for place, some, why in _by_rule(connection, rule, manner, net, matched):
            held.setdefault(place, []).extend(why)
            for one in some:  # of two rules the one that waits longer
                known = told.setdefault(place, {}).get(one.handler)
                if known is None or known.stay < one.stay:
                    told[place][one.handler] = one
    for place, why in held.items():
        handed = [_told_text(told.get(place, {}).values()), *dict.fromkeys(why)]
        decided[place] = replace(decided[place], handed="; ".join(filter(None, handed)))
    return decided, {place: list(some.values()) for place, some in told.items() if some}


def _by_rule(
    connection: Connection,
    rule: Rule,
    manner: Manner,
    net: Mapping[int, NewMove],
    matched: Sequence[int],
) -> Iterator[tuple[int, list[Told], list[str]]]:
    """For each move that a rule matches: who is told, and why others are not."""
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
            yield place, [], [SCORES_ONLY]
            continue
        some, held = [], []
        for handler in rule.send:
            last = recent.get((move.card, handler), {}).get(move.record)
            again = None if last is None else last + rule.cool_down * SECOND
            if again is not None and again > move.at:
                held.append(f"not to {handler}: cool-down until {moment_text(moment_of(again))}")
            else:
                some.append(Told(handler, rule.text, rule.minimum_stay))
        yield place, some, held


def _told_text(told: Iterable[Told]) -> str:
    """Who is told, by the stays that they wait for: `to chat; to crm after a stay of 1 hour`."""
    by_stay: dict[int, list[str]] = {}
    for one in told:
        by_stay.setdefault(one.stay, []).append(one.handler)
    return "; ".join(
        f"to {', '.join(names)}{f' after a stay of {duration_text(stay)}' if stay else ''}"
        for stay, names in by_stay.items()
    )


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
