"""Probabilities that fall where the score rises: the card says two things at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scoreline.errors import Finding
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import points_text
from scoreline.scorecard.probability import percent_text


def check_chances(card: Scorecard) -> Iterator[Finding]:
    """A warning for each range of scores that is less probable than the one below it."""
    chances = () if card.probability is None else card.probability.chances
    for lower, higher in pairwise(chances):
        if higher.share < lower.share and higher.start is not None:
            yield Finding(
                "probability-falls",
                "warning",
                f"From {points_text(higher.start)} on the probability falls from "
                f"{percent_text(lower.share)} to {percent_text(higher.share)}, though the score "
                "rises.",
                "Join the two ranges, or look at the points.",
                line=higher.line,
            )
