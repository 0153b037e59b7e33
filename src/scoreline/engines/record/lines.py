"""The reasons of a mask by look-up: of a block of its bits, and the adjustments of its sums."""

from __future__ import annotations

from collections.abc import Sequence

from scoreline.scorecard.layout import Layout, places
from scoreline.scorecard.reasons import Reason, adjustments


class Lines(dict[int, tuple[Reason, ...]]):
    """The bits of a block -> its reasons, worked out when first met.

    reasons: of each bit of the block. first: the place of its first bit in the integers looked up.
    """

    def __init__(self, reasons: Sequence[Reason], first: int) -> None:
        super().__init__()
        self._reasons = reasons
        self._first = first

    def __missing__(self, bits: int) -> tuple[Reason, ...]:
        lit = [self._reasons[place] for place in places(bits >> self._first)]
        self[bits] = tuple(reason for reason in lit if reason.scaled)
        return self[bits]


class Adjustments(dict[tuple[int, ...], tuple[Reason, ...]]):
    """The sums of the slots -> base and the clamps that bite; few sums bite in many ways."""

    MOST = 65_536

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def __missing__(self, sums: tuple[int, ...]) -> tuple[Reason, ...]:
        found = tuple(adjustments(self._layout, sums))
        if len(self) < self.MOST:
            self[sums] = found
        return found
