"""The score of records by other points of the same card: groups and clamps as the card has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.jobs.evidence.reading import Criterion
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Clamp, Scorecard
from scoreline.scorecard.points import SCALE

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Totals:
    """How the criteria of a card add up to a score."""

    card: Scorecard
    criteria: tuple[Criterion, ...]

    def of(self, met: Floats, points: Floats) -> Floats:
        """The score of each record; points: of the criteria.

        A term of events is clamped as the card clamps it, then groups, then the total. Sums are of
        ten-thousandths, rounded to whole ones: equal scores are equal numbers.
        """
        layout = Layout(self.card)
        scaled = np.rint(points * SCALE)
        slots = np.array([layout.slots[one.term] for one in self.criteria], dtype=np.int64)
        total = np.full(len(met), float(self.card.base))
        for slot, clamp in enumerate(layout.clamps):
            own = slots == slot
            if own.any():
                total += _clamped(np.rint(met[:, own] @ scaled[own]), clamp)
        return _clamped(total, self.card.total) / SCALE


def _clamped(points: Floats, clamp: Clamp) -> Floats:
    if clamp.is_open:
        return points
    floor = -np.inf if clamp.floor is None else clamp.floor
    cap = np.inf if clamp.cap is None else clamp.cap
    return np.clip(points, floor, cap)
