"""What the fields of a card can hold, as far as its terms can tell: blocks of finitely many states.

A field and its facts are one block; fields that are compared with each other share one. Whatever
states are chosen, one from each block, some record has them, unless a guess is not proven.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from scoreline.language.tree import (
    AsOf,
    Compare,
    Days,
    Node,
    Ref,
    Scalar,
    TextTest,
    refs,
    walk,
)
from scoreline.scorecard.checks.cells import Block
from scoreline.scorecard.checks.clock import Clock, TooManyPathsError
from scoreline.scorecard.checks.cuts import Cuts, bin_cuts
from scoreline.scorecard.checks.guesses import Guesses, is_guess, variable_of
from scoreline.scorecard.checks.proof import guessed
from scoreline.scorecard.checks.sentinels import Held
from scoreline.scorecard.checks.settle import Known, settle
from scoreline.scorecard.checks.variables import (
    MOST_STATES,
    TooManyStatesError,
    field_states,
    known_values,
)
from scoreline.scorecard.model import Scorecard

MOST_IN_ALL = 200_000
"""States of all blocks together: more are too many where fields compared make them, twice as many
whatever makes them."""
EARLY, LATE = dt.date(1000, 1, 1), dt.date(9000, 1, 1)
"""Moments of scoring from which dates reach `proof.FAR` days both ways."""
Variable = Ref | AsOf


class Doubt(Enum):
    """Why what is taken as possible may not be: what one term does, and what several do."""

    MIXED = ("computes with several fields", "compute with several fields")
    FACTS = ("tests a field beside its own facts", "test a field beside its own facts")
    STATES = ("makes too many tests to look at together", "make too many tests to look at together")
    FEATURES = (
        "reads a feature of events that another feature is of",
        "read features of the same events",
    )
    SENTINELS = (
        "reads a field whose `missing` may mean several values",
        "read fields whose `missing` may mean several values",
    )


@dataclass(frozen=True)
class Domains:
    """The blocks of a card, and the expressions of its terms as they read them.

    cuts: where each term cuts its variables; unproven: variables whose states may not all happen
    beside each other, and why. Without trees nothing is known of any term.
    """

    trees: tuple[Node, ...] = ()
    cuts: tuple[Cuts, ...] = ()
    blocks: tuple[Block, ...] = ()
    unproven: Mapping[Node, Doubt] = field(default_factory=dict)
    guesses: Guesses = field(default_factory=Guesses)

    def tree(self, part: Node) -> Node:
        """A part of a term's expression as the trees have it."""
        return self.guesses.rewrite(settle(part, {}))

    def blocks_of(self, tree: Node) -> list[Block]:
        """The blocks that an expression reads."""
        read = {self.place[part] for part in walk(tree) if isinstance(part, Ref | AsOf)}
        return [self.blocks[place] for place in sorted(read)]

    @cached_property
    def place(self) -> dict[Node, int]:
        """The block of each variable."""
        return {v: place for place, block in enumerate(self.blocks) for v in block.variables}


def domains_of(card: Scorecard, held: Held, clock: Clock) -> Domains:
    """What the fields of a card can hold; with as few guesses as can be looked at.

    Raises TooManyPathsError where the clock leaves no time for it.
    """
    for links, parts in ((True, True), (False, True)):
        try:
            return _Maker(card, held, Guesses(links, parts), clock).domains(loose=False)
        except TooManyStatesError:
            continue
    return _Maker(card, held, Guesses(links=False, parts=False), clock).domains(loose=True)


class _Maker:
    """Makes the domains of a card."""

    def __init__(self, card: Scorecard, held: Held, guesses: Guesses, clock: Clock) -> None:
        self.held = held
        self.clock = clock
        self.states = 0
        self.guesses = guesses
        self.trees = tuple(guesses.rewrite(settle(term.of, {})) for term in card.terms)
        self.cuts = Cuts(clock)
        self.own: list[Cuts] = []
        for term, tree in zip(card.terms, self.trees, strict=True):
            own = Cuts(clock)
            own.look(tree, bin_cuts(term.bins))
            self.cuts.add(own)
            self.own.append(own)
        self.variables: list[Variable] = [
            v for v in self.cuts.at if isinstance(v, Ref | AsOf) and not is_guess(v)
        ]
        read = {_name(v) for v in self.variables}
        features = [feature for feature in card.features if feature.name in read]
        kinds = Counter(feature.event.name for feature in features)
        self.kin = {one.name for one in features if kinds[one.event.name] > 1}

    def domains(self, *, loose: bool) -> Domains:
        """The domains; loose: where a field has too many states, its facts go their own ways."""
        blocks, unproven = self._guessed()
        known = self._known()
        for group in _joined(self.variables, self._neighbours()):
            fields = [list(vs) for _, vs in itertools.groupby(sorted(group, key=_name), key=_name)]
            try:
                blocks.append(self._block(fields, known))
            except TooManyStatesError:
                if not loose:
                    raise
                blocks += [self._block([[v]], known) for v in group]
                unproven |= dict.fromkeys(group, Doubt.STATES)
        doubts = unproven | self._doubtful()
        return Domains(self.trees, tuple(self.own), tuple(blocks), doubts, self.guesses)

    def _block(
        self, fields: Sequence[Sequence[Variable]], known: Mapping[Node, tuple[Scalar, ...]]
    ) -> Block:
        """The states of fields that hang together."""
        choices: list[list[Known]] = []
        for variables in fields:
            plain = [v for v in variables if isinstance(v, Ref)]
            if not plain:
                choices.append([{AsOf(): v} for v in known[AsOf()]])
                continue
            states = field_states(plain, known)
            choices.append(states[1:] if self.held[plain[0].field].always else states)
        count = math.prod(map(len, choices))
        if len(fields) > 1 and (count > MOST_STATES or self.states + count > MOST_IN_ALL):
            raise TooManyStatesError
        self.states += count
        self.clock.work(count)
        if self.states > 2 * MOST_IN_ALL:
            raise TooManyPathsError
        together: Sequence[Known] = choices[0]
        if len(choices) > 1:
            together = [
                {v: value for part in parts for v, value in part.items()}
                for parts in itertools.product(*choices)
            ]
        return Block(frozenset(v for variables in fields for v in variables), tuple(together))

    def _known(self) -> dict[Node, tuple[Scalar, ...]]:
        found: dict[Node, tuple[Scalar, ...]] = {}
        for cluster in _joined(self.variables, self.cuts.links):
            found |= known_values(cluster, self.cuts.at, self.held, self.clock)
        return found

    def _neighbours(self) -> Iterator[tuple[Node, Node]]:
        """Pairs that belong to one block: compared with each other, or of one field."""
        yield from self.cuts.links
        ordered = sorted(self.variables, key=_name)
        yield from ((a, b) for a, b in itertools.pairwise(ordered) if _name(a) == _name(b))

    def _doubtful(self) -> dict[Node, Doubt]:
        """Fields with values that they may never hold, or never beside facts of their own."""
        plain = {v.field for v in self._seen if isinstance(v, Ref) and not v.fact}
        facts = {v.field for v in self.variables if isinstance(v, Ref) and v.fact}
        found: dict[Node, Doubt] = {}
        for variable in self.variables:
            name = _name(variable)
            if name in plain & facts:
                found[variable] = Doubt.FACTS
            elif name in plain and not self.held[name].clear:
                found[variable] = Doubt.SENTINELS
            elif name in self.kin:
                found[variable] = Doubt.FEATURES
        return found

    def _guessed(self) -> tuple[list[Block], dict[Node, Doubt]]:
        blocks: list[Block] = []
        unproven: dict[Node, Doubt] = {}
        for node, variable in self.guesses.found.items():
            edges = sorted({float(c) for c in self.cuts.at[variable] if isinstance(c, float)})
            guess = guessed(node, edges, self.clock, alone=self._alone(node))
            blocks.append(Block(frozenset({variable}), tuple({variable: v} for v in guess.values)))
            if not guess.proven:
                unproven[variable] = Doubt.STATES if _is_taken_apart(node) else Doubt.MIXED
        return blocks, unproven

    @cached_property
    def _seen(self) -> set[Node]:
        """The variables that a test looks into."""
        seen: set[Node] = {v for v, cuts in self.cuts.at.items() if cuts}
        return seen | {side for link in self.cuts.links for side in link}

    @cached_property
    def _free(self) -> set[Ref]:
        """The fields that one guess alone sees."""
        uses = Counter(
            ref for found in self.guesses.found for ref in walk(found) if isinstance(ref, Ref)
        )
        return {r for r, count in uses.items() if count == 1 and r not in self._seen and not r.fact}

    def _alone(self, node: Node) -> bool:
        """Whether each part of an expression has a field that nothing else sees."""
        free, seen = self._free, self._seen
        self.clock.work(len(free))
        rest = set(refs(node))
        for part in walk(node):
            if isinstance(part, Days):
                sides = {variable_of(part.start), variable_of(part.end)}
                if not any(self._moves(side, sides - {side}, seen) for side in sides & free):
                    return False
                rest -= sides
        return all(ref in free and not self.held[ref.field].texts for ref in rest)

    def _moves(self, date: Node, others: Iterable[Node], seen: Iterable[Node]) -> bool:
        """Whether a date can lie any number of days from the other one."""
        assert isinstance(date, Ref)  # noqa: S101 - only fields are free
        other: Any = next(iter(others), None)
        if other is None or (other in seen and self.held[date.field].texts):
            return False
        days = [_day(cut) for cut in self.cuts.at.get(other, ()) if isinstance(cut, dt.date)]
        return all(EARLY <= day <= LATE for day in days)


def _is_taken_apart(node: Node) -> bool:
    """Whether a guess stands for what is looked at exactly where there is less of it."""
    if isinstance(node, TextTest):
        return True
    sides = (node.left, node.right) if isinstance(node, Compare) else ()
    return bool(sides) and all(isinstance(variable_of(side), Ref | AsOf) for side in sides)


def _joined(
    variables: Iterable[Variable], pairs: Iterable[tuple[Node, Node]]
) -> list[list[Variable]]:
    """The variables in groups that are connected by pairs, in order of first use."""
    group: dict[Node, list[Variable]] = {v: [v] for v in variables}
    for a, b in pairs:
        if group[a] is not group[b]:
            group[a] += group[b]
            for v in group[b]:
                group[v] = group[a]
    return list({id(found): found for found in group.values()}.values())


def _name(variable: Variable) -> str:
    return variable.field if isinstance(variable, Ref) else ""


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment
