"""In which order to settle blocks of fields, so that few are between the first and last of a term.

A block is *held* from when it is settled until every term that reads it is finished: what is left
of the terms then depends on its state. The product of the states of held blocks bounds the places
of a layer, so its sum over the steps is what an order costs. Where most terms read most blocks the
product says little, and leaving few terms unfinished works better: hence two orders to try.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoreline.scorecard.checks.clock import Clock

STARTS = 12


def good_orders(
    sizes: Sequence[int], terms: Sequence[frozenset[int]], clock: Clock
) -> list[list[int]]:
    """The blocks (0, 1, ...) in two orders that are likely to be cheap, the better one unknown.

    sizes: states of each block; terms: the blocks that each term reads.

    >>> good_orders([2, 2, 2], [frozenset({0, 1}), frozenset({0, 2})], Clock(60))
    [[1, 0, 2], [1, 0, 2]]
    """
    readers = [[i for i, term in enumerate(terms) if block in term] for block in range(len(sizes))]
    if len(sizes) < 2:
        return [[*range(len(sizes))]]
    starts = sorted(range(len(sizes)), key=lambda block: (len(readers[block]), block))[:STARTS]
    tries = [_Try(sizes, terms, readers, clock) for _ in starts]
    for start, attempt in zip(starts, tries, strict=True):
        attempt.run(start)
    cheapest = min(tries, key=lambda attempt: attempt.cost).order
    return [cheapest, _few_unfinished(sizes, terms, clock)]


def _few_unfinished(
    sizes: Sequence[int], terms: Sequence[frozenset[int]], clock: Clock
) -> list[int]:
    """Next comes the block that begins the fewest terms, less those that it finishes."""
    missing = [set(term) for term in terms]
    rest = set(range(len(sizes)))
    order: list[int] = []

    def growth(block: int) -> tuple[int, int, int]:
        clock.work(len(terms))
        reading = [(term, left) for term, left in zip(terms, missing, strict=True) if block in left]
        begun = sum(len(left) == len(term) > 1 for term, left in reading)
        finished = sum(len(left) == 1 < len(term) for term, left in reading)
        return (begun - finished, sizes[block], block)

    while rest:
        order.append(min(rest, key=growth))
        rest.remove(order[-1])
        for left in missing:
            left.discard(order[-1])
    return order


class _Try:
    """One greedy order."""

    def __init__(
        self,
        sizes: Sequence[int],
        terms: Sequence[frozenset[int]],
        readers: Sequence[Sequence[int]],
        clock: Clock,
    ) -> None:
        self.clock = clock
        self.sizes = sizes
        self.readers = readers
        self.terms = terms
        self.order: list[int] = []
        self.cost = 0
        self._missing = [len(term) for term in terms]
        self._unfinished = [len(reading) for reading in readers]
        self._held: set[int] = set()

    def run(self, block: int | None) -> None:
        """Take the start, then whatever leaves the least held."""
        rest = set(range(len(self.sizes)))
        while block is not None:
            rest.remove(block)
            self._take(block)
            near = {b for held in self._held for i in self.readers[held] for b in self.terms[i]}
            self.clock.work(sum(len(self.readers[held]) for held in self._held))
            choice = (near & rest) or rest
            block = min(choice, key=lambda b: (self._weight(b), b)) if choice else None

    def _take(self, block: int) -> None:
        self.cost += self._product(self._held) * self.sizes[block]
        self._held.add(block)
        self.order.append(block)
        for i in self.readers[block]:
            self._missing[i] -= 1
            if not self._missing[i]:
                for other in self.terms[i]:
                    self._unfinished[other] -= 1
        self._held = {b for b in self._held if self._unfinished[b]}

    def _weight(self, block: int) -> int:
        """The product of the states held after a block is taken."""
        finished = [i for i in self.readers[block] if self._missing[i] == 1]
        self.clock.work(len(self.readers[block]) + 2 * len(self._held))
        left = dict.fromkeys({*self._held, block}, 0)
        for i in finished:
            for other in self.terms[i]:
                left[other] += 1
        return self._product({b for b, count in left.items() if self._unfinished[b] > count})

    def _product(self, blocks: set[int]) -> int:
        product = 1
        for block in blocks:
            product *= self.sizes[block]
        return product
