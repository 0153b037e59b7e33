"""Answers of people: whether two records are one customer. What they bind, and what contradicts.

Two records that were answered yes are one customer, and so are those that a chain of such answers
connects; two that were answered no never are. An answer no between records that answers yes connect
can't be held beside them: one of these answers is given up, and said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

Pair = tuple[int, int]


@dataclass(frozen=True)
class Labels:
    """Answered pairs: the two rows, the smaller first -> whether they are one customer."""

    answers: Mapping[Pair, bool]

    def __len__(self) -> int:
        return len(self.answers)

    @classmethod
    def of(cls, answered: Iterable[tuple[int, int, bool]]) -> Labels:
        """The answers about pairs of rows; of a pair that is there twice the last one."""
        return cls({(min(a, b), max(a, b)): same for a, b, same in answered if a != b})

    @property
    def pairs(self) -> list[Pair]:
        """The answered pairs, in order."""
        return sorted(self.answers)

    @property
    def yes(self) -> int:
        """How many pairs were answered yes."""
        return sum(self.answers.values())

    @cached_property
    def _near(self) -> dict[int, list[int]]:
        near: dict[int, list[int]] = {}
        for one, other in self.pairs:
            if self.answers[one, other]:
                near.setdefault(one, []).append(other)
                near.setdefault(other, []).append(one)
        return near

    @cached_property
    def _group(self) -> dict[int, int]:
        """The first row of the group of each row that was answered yes."""
        found: dict[int, int] = {}
        for first in sorted(self._near):
            waiting = [] if first in found else [first]
            while waiting:
                row = waiting.pop()
                if found.setdefault(row, first) == first:
                    waiting += [other for other in self._near[row] if other not in found]
        return found

    @property
    def together(self) -> list[list[int]]:
        """Groups of rows that answers yes put together, each in order."""
        groups: dict[int, list[int]] = {}
        for row in sorted(self._group):
            groups.setdefault(self._group[row], []).append(row)
        return list(groups.values())

    @property
    def apart(self) -> list[Pair]:
        """Pairs that were answered no, without those that answers yes contradict."""
        return [pair for pair in self._no() if not self._connected(*pair)]

    @property
    def contradictions(self) -> list[Sequence[int]]:
        """For each answer no that can't be held the rows of a shortest chain of answers yes."""
        return [self._chain(*pair) for pair in self._no() if self._connected(*pair)]

    def held(self, slip: Mapping[Pair, float], most: float) -> Labels:
        """The answers that bind: without those yes that a chain contradicts and that look wrong.

        slip: the probability that each answer is wrong. Of answers that contradict each other the
        least likely one is given up if it is a yes of more than `most`, else the answer no.
        """
        answers, chains = dict(self.answers), self.contradictions
        while chains:
            given_up = set()
            for chain in chains:
                links = [(min(a, b), max(a, b)) for a, b in pairwise(chain)]
                worst = max(links, key=lambda link: slip[link])
                no = (min(chain[0], chain[-1]), max(chain[0], chain[-1]))
                if slip[worst] > max(most, slip[no]):
                    given_up.add(worst)
            if not given_up:
                break
            answers = {pair: same for pair, same in answers.items() if pair not in given_up}
            chains = Labels(answers).contradictions
        return Labels(answers)

    def _no(self) -> list[Pair]:
        return [pair for pair in self.pairs if not self.answers[pair]]

    def _connected(self, one: int, other: int) -> bool:
        return one in self._group and self._group[one] == self._group.get(other)

    def _chain(self, one: int, other: int) -> list[int]:
        before = {one: one}
        waiting = deque([one])
        while other not in before:
            row = waiting.popleft()
            for following in self._near[row]:
                if following not in before:
                    before[following] = row
                    waiting.append(following)
        chain = [other]
        while chain[-1] != one:
            chain.append(before[chain[-1]])
        return chain[::-1]


NO_LABELS = Labels({})
