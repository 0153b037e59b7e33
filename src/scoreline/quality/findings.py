"""The findings of a run: exact counts, and the first examples of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import islice
from threading import Lock

from scoreline.errors import Finding

EXAMPLES = 100
"""Examples kept of each (code, field) unless said otherwise."""


class FindingLog:
    """Counts findings by (code, field) and keeps the first examples; safe between threads.

    Batches may arrive in any order: the examples kept are those of the lowest rows, whatever
    thread was first, so two runs over one file tell the same.
    """

    def __init__(self, examples: int = EXAMPLES) -> None:
        self.most = examples
        self._lock = Lock()
        self._counts: dict[tuple[str, str], int] = {}
        self._examples: dict[tuple[str, str], list[tuple[int, Finding]]] = {}

    def add(self, row: int, finding: Finding) -> None:
        """Record one finding about a row."""
        self.add_many(finding.code, finding.field or "", 1, [(row, finding)])

    def add_many(
        self, code: str, field: str, count: int, examples: Iterable[tuple[int, Finding]]
    ) -> None:
        """Record `count` findings of one kind; examples: (row, finding) in order of rows."""
        where = (code, field)
        with self._lock:
            self._counts[where] = self._counts.get(where, 0) + count
            both = merge(self._examples.get(where, ()), examples, key=lambda pair: pair[0])
            self._examples[where] = list(islice(both, self.most))

    def counts(self) -> dict[tuple[str, str], int]:
        """How often each (code, field) was found, most first."""
        with self._lock:
            return dict(sorted(self._counts.items(), key=lambda item: (-item[1], item[0])))

    def by_code(self) -> dict[str, int]:
        """How often each code was found, over all fields."""
        totals: dict[str, int] = {}
        for (code, _), count in self.counts().items():
            totals[code] = totals.get(code, 0) + count
        return totals

    def examples(self, code: str, field: str) -> Sequence[Finding]:
        """The first findings of a kind, in order of rows."""
        with self._lock:
            return tuple(finding for _, finding in self._examples.get((code, field), ()))

    def total(self) -> int:
        """How many findings there are."""
        with self._lock:
            return sum(self._counts.values())
