"""Every way through a card: which points its terms can give together.

Blocks of fields are settled one after another. What is left of the expressions of unfinished terms
is all that the rest of the way depends on, so ways that leave the same remainders meet in one
place: a graph, far smaller than the product of all states, with the points given on its arrows.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoreline.language.tree import AsOf, Const, Node, Ref, walk
from scoreline.scorecard.checks.domains import Block, Domains
from scoreline.scorecard.checks.falls import NO_BIN, fall_of
from scoreline.scorecard.checks.order import good_orders
from scoreline.scorecard.checks.settle import settle
from scoreline.scorecard.model import Term

MOST_ARROWS = 300_000
_DONE = -1
Fall = tuple[int, int]
"""(term, bin), both by their places; the bin may be NO_BIN."""
Given = tuple[Fall, ...]
Arrow = tuple[int, int, int]
"""(place in one layer, index of what is given, place in the next layer)."""


class TooManyPathsError(Exception):
    """The ways through some terms are too many, or take too long."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds of computing (not of waiting), from start to end; afterwards answers are bounds."""

    start: float
    end: float

    @staticmethod
    def of(seconds: float) -> Clock:
        """A clock that starts now."""
        now = time.thread_time()
        return Clock(now, now + seconds)

    def part(self, share: float) -> Clock:
        """The same clock, ending after a share of its time."""
        return Clock(self.start, self.start + share * (self.end - self.start))

    def check(self) -> None:
        """Raises TooManyPathsError once the time is over."""
        if time.thread_time() > self.end:
            raise TooManyPathsError


@dataclass(frozen=True, slots=True)
class Paths:
    """The ways through some terms, from one first place to one last place.

    layers: the arrows between neighbouring layers; sizes: places of each layer, the first one
    included; given: what arrows give; exact: whether some record takes each way.
    """

    terms: tuple[int, ...]
    layers: tuple[tuple[Arrow, ...], ...]
    sizes: tuple[int, ...]
    given: tuple[Given, ...]
    exact: bool

    def falls(self) -> dict[int, set[int]]:
        """The bins that each term can fall into, by its place in the card."""
        found: dict[int, set[int]] = {term: set() for term in self.terms}
        for given in self.given:
            for term, fall in given:
                found[term].add(fall)
        return found


def all_paths(terms: Sequence[Term], domains: Domains, clock: Clock) -> list[Paths]:
    """The ways through a card: a graph for each set of terms that share fields.

    Where a graph grows too large its terms are halved, as if the halves shared nothing: then too
    much is possible, never too little, and `exact` says so.
    """
    readers = [
        Reader(place, term, tree)
        for place, (term, tree) in enumerate(zip(terms, domains.trees, strict=True))
    ]
    found: list[Paths] = []
    for group, blocks in _components(readers, domains.blocks):
        proven = not any(reader.variables & domains.unproven.keys() for reader in group)
        try:
            builder = _Builder(group, blocks, clock.part(0.4))
            found.append(builder.paths((MOST_ARROWS // 10, MOST_ARROWS), exact=proven))
        except TooManyPathsError:
            found += _halved(group, blocks, clock.part(0.6))
    return found


def _halved(group: Sequence[Reader], blocks: Sequence[Block], clock: Clock) -> list[Paths]:
    """Graphs of parts of some terms, as large as they can be."""
    if len(group) == 1:
        return [_any_of(group[0].place, range(NO_BIN, len(group[0].term.bins)))]
    middle = len(group) // 2
    found: list[Paths] = []
    for half in (group[:middle], group[middle:]):
        own = [b for b in blocks if any(r.variables & b.variables for r in half)]
        fresh = [Reader(r.place, r.term, r.tree) for r in half]
        try:
            found.append(_Builder(fresh, own, clock).paths((MOST_ARROWS // 10,), exact=False))
        except TooManyPathsError:
            found += _halved(half, own, clock)
    return found


class Reader:
    """One term on its way: its remainders by number, and where its settled values fall.

    A remainder's number is 0 or more; the n-th different fall is -2 - n.
    """

    def __init__(self, place: int, term: Term, tree: Node) -> None:
        self.place = place
        self.term = term
        self.tree = tree
        self.variables = frozenset(part for part in walk(tree) if isinstance(part, Ref | AsOf))
        self.falls: list[Fall] = []
        self._nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self._rows: dict[tuple[int, int], tuple[int, ...]] = {}
        self.start = self._number(tree)

    def row(self, number: int, block: Block, which: int) -> tuple[int, ...]:
        """What is left of a remainder in each state of a block (the which-th of the builder)."""
        if number == _DONE:
            return (_DONE,) * len(block.states)
        found = self._rows.get((number, which))
        if found is None:
            found = self._rows[number, which] = self.fresh_row(number, block)
        return found

    def fresh_row(self, number: int, block: Block) -> tuple[int, ...]:
        """The same for a block that no builder has numbered."""
        node = self._nodes[number]
        return tuple(self._number(settle(node, state)) for state in block.states)

    def _number(self, node: Node) -> int:
        if isinstance(node, Const):
            fall = (self.place, fall_of(self.term, node.value))
            if fall not in self.falls:
                self.falls.append(fall)
            return -2 - self.falls.index(fall)
        number = self._numbers.setdefault(node, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(node)
        return number


def _components(
    readers: Sequence[Reader], blocks: Sequence[Block]
) -> Iterator[tuple[list[Reader], list[Block]]]:
    """Terms that share blocks, and their blocks; a term that reads nothing is alone."""
    owner = {variable: i for i, block in enumerate(blocks) for variable in block.variables}
    groups: dict[int, tuple[list[Reader], set[int]]] = {}
    for reader in readers:
        read = {owner[variable] for variable in reader.variables}
        merged: tuple[list[Reader], set[int]] = ([reader], read)
        for group in {id(groups[b]): groups[b] for b in read if b in groups}.values():
            merged = (group[0] + merged[0], group[1] | merged[1])
        groups.update(dict.fromkeys(merged[1], merged))
        if not read:
            yield merged[0], []
    for terms, numbers in {id(group): group for group in groups.values()}.values():
        yield terms, [blocks[number] for number in sorted(numbers)]


class _Builder:
    """Builds the graph of some terms."""

    def __init__(self, readers: Sequence[Reader], blocks: Sequence[Block], clock: Clock) -> None:
        self.readers = sorted(readers, key=lambda reader: reader.place)
        self.clock = clock
        self.reading = [
            [reader for reader in self.readers if reader.variables & block.variables]
            for block in blocks
        ]
        self.blocks = [
            _merged(block, reading) for block, reading in zip(blocks, self.reading, strict=True)
        ]
        self.limit = MOST_ARROWS

    def paths(self, limits: Sequence[int], *, exact: bool) -> Paths:
        """The graph with the fewest arrows allowed; raises TooManyPathsError."""
        orders = self._orders()
        for self.limit, order in itertools.product(limits, orders):
            try:
                return self._paths(order, exact=exact)
            except TooManyPathsError:
                self.clock.check()
        raise TooManyPathsError

    def _paths(self, order: Sequence[int], *, exact: bool) -> Paths:
        self.given: dict[Given, int] = {}
        self.arrows = 0
        constant = [reader for reader in self.readers if reader.start < 0]
        start: Given = tuple(r.falls[-2 - r.start] for r in constant)
        layers: list[tuple[Arrow, ...]] = [((0, self._give(start), 0),)]
        sizes = [1, 1]
        places: dict[tuple[int, ...], int] = {(): 0}
        readers: list[Reader] = []
        for step, which in enumerate(order):
            later = {reader for block in order[step + 1 :] for reader in self.reading[block]}
            begun = [r for r in self.reading[which] if r not in readers]
            readers += begun
            starts = tuple(reader.start for reader in begun)
            keep = [i for i, reader in enumerate(readers) if reader in later]
            from_here = [(key + starts, place) for key, place in places.items()]
            layer, places = self._layer(which, readers, keep, from_here)
            readers = [readers[i] for i in keep]
            layers.append(layer)
            sizes.append(len(places))
        terms = tuple(reader.place for reader in self.readers)
        return Paths(terms, tuple(layers), tuple(sizes), tuple(self.given), exact)

    def _layer(
        self,
        which: int,
        readers: Sequence[Reader],
        keep: Sequence[int],
        places: Iterable[tuple[tuple[int, ...], int]],
    ) -> tuple[tuple[Arrow, ...], dict[tuple[int, ...], int]]:
        """The arrows of one block, and the places they lead to."""
        block = self.blocks[which]
        here = [i for i, reader in enumerate(readers) if reader in self.reading[which]]
        arrows: set[Arrow] = set()
        after: dict[tuple[int, ...], int] = {}
        for key, place in places:
            rows = [readers[i].row(key[i], block, which) for i in here]
            left = list(key)
            for column in set(zip(*rows, strict=True)):
                given = []
                for i, number in zip(here, column, strict=True):
                    if number < _DONE:
                        given.append(readers[i].falls[-2 - number])
                    left[i] = max(number, _DONE)
                to = after.setdefault(tuple([left[i] for i in keep]), len(after))
                arrows.add((place, self._give(tuple(given)), to))
            if self.arrows + len(arrows) > self.limit:
                raise TooManyPathsError
            self.clock.check()
        self.arrows += len(arrows)
        return tuple(arrows), after

    def _give(self, given: Given) -> int:
        return self.given.setdefault(given, len(self.given))

    def _orders(self) -> list[list[int]]:
        reads = [
            frozenset(i for i, reading in enumerate(self.reading) if reader in reading)
            for reader in self.readers
        ]
        return good_orders([len(block.states) for block in self.blocks], reads)


def _merged(block: Block, reading: Sequence[Reader]) -> Block:
    """The block without states that no term tells from an earlier one."""
    rows = [reader.fresh_row(reader.start, block) for reader in reading]
    seen = dict(zip(zip(*rows, strict=True), block.states, strict=True))
    return Block(block.variables, tuple(seen.values()))


def loosened(paths: Paths) -> list[Paths]:
    """Graphs of one term each, as if the terms shared nothing."""
    return [_any_of(term, falls) for term, falls in paths.falls().items()]


def _any_of(term: int, falls: Iterable[int]) -> Paths:
    given = tuple(((term, fall),) for fall in sorted(falls))
    arrows = tuple((0, i, 0) for i in range(len(given)))
    return Paths((term,), (arrows,), (1, 1), given, exact=False)
