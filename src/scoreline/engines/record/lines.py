"""The reasons of a mask by look-up: of a block of its bits, and the adjustments of its sums."""

from __future__ import annotations

from collections.abc import Sequence

from scoreline.scorecard.layout import Layout, places
from scoreline.scorecard.reasons import Reason, adjustments


class Lines(dict[int, tuple[Reason, ...]]):
    """The bits of a block -> its reasons, worked out when first met."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__()
        self._reasons = reasons

    def __missing__(self, bits: int) -> tuple[Reason, ...]:
        self[bits] = tuple(self._reasons[p] for p in places(bits) if self._reasons[p].scaled)
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
