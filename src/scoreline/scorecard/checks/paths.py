"""Every way through a card: which points its terms can give together.

Blocks of fields are settled one after another. What is left of the expressions of unfinished terms
is all that the rest of the way depends on, so ways that leave the same remainders meet in one
place: a graph, far smaller than the product of all states, with the points given on its arrows.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoreline.language.tree import AsOf, Const, Node, Ref, walk
from scoreline.scorecard.checks.cells import Block, Cells, cells
from scoreline.scorecard.checks.clock import Clock, TooManyPathsError
from scoreline.scorecard.checks.cuts import Cuts
from scoreline.scorecard.checks.domains import Domains
from scoreline.scorecard.checks.falls import NO_BIN, Bins
from scoreline.scorecard.checks.order import good_orders
from scoreline.scorecard.checks.settle import settle
from scoreline.scorecard.model import Term

MOST_ARROWS = 300_000
MOST_HELD = 4_000_000
"""Falls and remainders that the arrows and places of a graph may hold."""
_DONE = -1
Fall = tuple[int, int]
"""(term, bin), both by their places; the bin may be NO_BIN."""
Given = tuple[Fall, ...]
Arrow = tuple[int, int, int]
"""(place in one layer, index of what is given, place in the next layer)."""


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
        for term, fall in set[Fall]().union(*self.given):
            found[term].add(fall)
        return found


def all_paths(
    terms: Sequence[Term], domains: Domains, seen: Mapping[int, Iterable[int]], clock: Clock
) -> list[Paths]:
    """The ways through a card: a graph for each set of terms that share fields.

    seen: the falls of each term by itself, where they are known. Where a graph grows too large its
    terms are halved, as if the halves shared nothing: then too much is possible, never too little,
    and `exact` says so.
    """
    anything = [
        _any_of(place, seen.get(place, range(NO_BIN, len(term.bins))))
        for place, term in enumerate(terms)
    ]
    if not domains.trees:
        return anything
    readers = [
        Reader(place, term, tree, cuts)
        for place, (term, tree, cuts) in enumerate(
            zip(terms, domains.trees, domains.cuts, strict=True)
        )
    ]
    found: list[Paths] = []
    # Large ones come last, so that they take no time away from small ones.
    for group in sorted(_components(readers, domains), key=_size):
        proven = not any(reader.variables & domains.unproven.keys() for reader in group)
        try:
            with clock.within(0.55):
                builder = _Builder(group, domains, clock)
                found.append(builder.paths((MOST_ARROWS // 10, MOST_ARROWS), exact=proven))
        except TooManyPathsError:
            with clock.within(0.65):
                found += _halved(group, domains, anything, clock)
    return found


def _size(group: Sequence[Reader]) -> tuple[int, int]:
    return len(group), group[0].place


def _halved(
    group: Sequence[Reader], domains: Domains, anything: Sequence[Paths], clock: Clock
) -> list[Paths]:
    """Graphs of parts of some terms, as large as they can be."""
    middle = len(group) // 2
    found: list[Paths] = []
    for half in (group[:middle], group[middle:]):
        try:
            builder = _Builder([reader.fresh() for reader in half], domains, clock)
            found.append(builder.paths((MOST_ARROWS // 10,), exact=False))
        except TooManyPathsError:
            if len(half) == 1 or clock.is_over:
                found += [anything[reader.place] for reader in half]
            else:
                found += _halved(half, domains, anything, clock)
    return [paths for paths in found if paths.terms]


class Reader:
    """One term on its way: its remainders by number, and where its settled values fall.

    A remainder's number is 0 or more; the n-th different fall is -2 - n.
    """

    def __init__(self, place: int, term: Term, tree: Node, cuts: Cuts) -> None:
        self.place = place
        self.term = term
        self.tree = tree
        self.cuts = cuts
        self.variables = frozenset(part for part in walk(tree) if isinstance(part, Ref | AsOf))
        self.falls: list[Fall] = []
        self._by_fall: dict[Fall, int] = {}
        bins = Bins(term)
        self._fall = bins.fall_of
        self._size = 5 + len(self.variables) + bins.cost
        self._nodes: list[Node] = []
        self._numbers: dict[Node, int] = {}
        self._rows: dict[tuple[int, int], Sequence[int]] = {}
        self.start = self._number(tree)

    def fresh(self) -> Reader:
        """The same term with nothing read."""
        return Reader(self.place, self.term, self.tree, self.cuts)

    def row(self, number: int, seen: Cells, which: int, clock: Clock) -> Sequence[int]:
        """What is left of a remainder in each state of a block (the which-th of a builder).

        seen: what the term can tell apart in the block.
        """
        found = self._rows.get((number, which))
        if found is None:
            left: dict[Hashable, int] = dict.fromkeys(seen.examples, _DONE)
            if number != _DONE:
                node = self._nodes[number]
                for cell, state in seen.examples.items():
                    left[cell] = self._number(settle(node, state))
                    clock.work(self._size)
            found = self._rows[number, which] = [left[cell] for cell in seen.of]
            clock.work(len(found))
        return found

    def _number(self, node: Node) -> int:
        if isinstance(node, Const):
            fall = (self.place, self._fall(node.value))
            known = self._by_fall.setdefault(fall, len(self.falls))
            if known == len(self.falls):
                self.falls.append(fall)
            return -2 - known
        number = self._numbers.setdefault(node, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(node)
        return number


def _components(readers: Sequence[Reader], domains: Domains) -> list[list[Reader]]:
    """Terms that share blocks; a term that reads nothing is alone."""
    groups: dict[int, list[Reader]] = {}
    alone: list[list[Reader]] = []
    for reader in readers:
        read = {domains.place[variable] for variable in reader.variables}
        near = {id(groups[b]): groups[b] for b in read if b in groups}.values()
        merged = max(near, key=len, default=[])
        merged.append(reader)
        for group in near:
            if group is not merged:
                merged += group
        if len(near) > 1:
            for other in [b for b, group in groups.items() if any(group is g for g in near)]:
                groups[other] = merged
        groups.update(dict.fromkeys(read, merged))
        if not read:
            alone.append(merged)
    return alone + list({id(group): group for group in groups.values()}.values())


class _Builder:
    """Builds the graph of some terms."""

    def __init__(self, readers: Sequence[Reader], domains: Domains, clock: Clock) -> None:
        self.readers = sorted(readers, key=lambda reader: reader.place)
        self.clock = clock
        by_block: dict[int, list[Reader]] = {}
        for reader in self.readers:
            for place in {domains.place[variable] for variable in reader.variables}:
                by_block.setdefault(place, []).append(reader)
        self.reading = [by_block[place] for place in sorted(by_block)]
        self.seen: list[dict[Reader, Cells]] = []
        self.sizes: list[int] = []
        for which, place in enumerate(sorted(by_block)):
            self._merge(domains.blocks[place], which)
        self.limit = MOST_ARROWS

    def _merge(self, block: Block, which: int) -> None:
        """Note what each term sees of a block, without states that no term tells apart."""
        reading = self.reading[which]
        if len(reading) * len(block.states) > MOST_HELD:
            raise TooManyPathsError
        seen = {reader: cells(block, reader.cuts, self.clock) for reader in reading}
        first: dict[tuple[Hashable, ...], int] = {}
        for place, column in enumerate(zip(*(found.of for found in seen.values()), strict=True)):
            first.setdefault(column, place)
            self.clock.work(len(reading) // 10 + 1)
        kept = list(first.values())
        self.seen.append(
            {
                reader: Cells([found.of[place] for place in kept], found.examples)
                for reader, found in seen.items()
            }
        )
        self.sizes.append(len(kept))

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
        self.held = 0
        start: Given = tuple(r.falls[-2 - r.start] for r in self.readers if r.start < 0)
        layers: list[tuple[Arrow, ...]] = [((0, self._give(start), 0),)]
        sizes = [1, 1]
        places: dict[tuple[int, ...], int] = {(): 0}
        last = {reader: step for step, which in enumerate(order) for reader in self.reading[which]}
        readers: list[Reader] = []
        known: set[Reader] = set()
        for step, which in enumerate(order):
            begun = [reader for reader in self.reading[which] if reader not in known]
            known.update(begun)
            readers += begun
            starts = tuple(reader.start for reader in begun)
            keep = [i for i, reader in enumerate(readers) if last[reader] > step]
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
        seen = self.seen[which]
        here = [i for i, reader in enumerate(readers) if reader in seen]
        own = [(readers[i], seen[readers[i]]) for i in here]
        arrows: set[Arrow] = set()
        after: dict[tuple[int, ...], int] = {}
        for key, place in places:
            rows = [
                reader.row(key[i], found, which, self.clock)
                for i, (reader, found) in zip(here, own, strict=True)
            ]
            left = list(key)
            for column in dict.fromkeys(zip(*rows, strict=True)):
                given = []
                for i, number in zip(here, column, strict=True):
                    if number < _DONE:
                        given.append(readers[i].falls[-2 - number])
                        number = _DONE
                    left[i] = number
                to = after.setdefault(tuple([left[i] for i in keep]), len(after))
                arrows.add((place, self._give(tuple(given)), to))
                self.clock.work(len(here) + len(keep))
                self.held += len(given) + len(keep)
                if self.arrows + len(arrows) > self.limit or self.held > MOST_HELD:
                    raise TooManyPathsError
        self.arrows += len(arrows)
        return tuple(arrows), after

    def _give(self, given: Given) -> int:
        return self.given.setdefault(given, len(self.given))

    def _orders(self) -> list[list[int]]:
        reads: dict[Reader, set[int]] = {reader: set() for reader in self.readers}
        for which, reading in enumerate(self.reading):
            for reader in reading:
                reads[reader].add(which)
        return good_orders(self.sizes, [*map(frozenset, reads.values())], self.clock)


def loosened(paths: Paths) -> list[Paths]:
    """Graphs of one term each, as if the terms shared nothing."""
    return [_any_of(term, falls) for term, falls in paths.falls().items()]


def _any_of(term: int, falls: Iterable[int]) -> Paths:
    given = tuple(((term, fall),) for fall in sorted(falls))
    arrows = tuple((0, i, 0) for i in range(len(given)))
    return Paths((term,), (arrows,), (1, 1), given, exact=False)
