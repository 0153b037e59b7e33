"""Segments that no record can reach."""

from __future__ import annotations

from collections.abc import Iterator

from scoreline.errors import Finding
from scoreline.scorecard.checks.clock import TooManyPathsError
from scoreline.scorecard.checks.reach import Reach
from scoreline.scorecard.checks.scores import Scores, scores_of
from scoreline.scorecard.checks.wording import bound_if
from scoreline.scorecard.model import Scorecard, Segment
from scoreline.scorecard.points import points_text

UNREACHABLE = "segment-unreachable"


def check_segments(reach: Reach, *, rough: bool = False) -> Iterator[Finding]:
    """A warning for each segment that no reachable score falls into.

    rough: not every score that can be reached is known, only the ends: events age, or have no cap.
    """
    card = reach.card
    scores: Scores | None = None
    try:
        with reach.clock.within(0.85):
            scores = scores_of(reach) if len(card.segments) > 1 and not rough else None
    except TooManyPathsError:
        yield Finding(
            "bound",
            "info",
            "bound: the card has too many different scores to look at each; a segment that lies "
            "between two of them is not found.",
        )
    for segment, first, last in ranges(card):
        if not _is_reached(reach, scores, first, last):
            yield Finding(
                UNREACHABLE,
                "warning",
                bound_if(
                    not reach.exact,
                    f"No record can be in `{segment.name}` ({segment.rule}): scores go from "
                    f"{points_text(reach.low)} to {points_text(reach.high)}"
                    f"{_better(card, segment)}.",
                ),
                "Move its bound or the points.",
                line=segment.line,
            )


def _better(card: Scorecard, segment: Segment) -> str:
    better = card.segments[: card.segments.index(segment)]
    return "" if not better else f", and `{better[-1].name}` takes {better[-1].rule}"


def _is_reached(reach: Reach, scores: Scores | None, first: int | None, last: int | None) -> bool:
    first = reach.low if first is None else max(first, reach.low)
    last = reach.high if last is None else min(last, reach.high)
    if first > last:
        return False
    return scores is None or scores.meet(first, last)


def ranges(card: Scorecard) -> Iterator[tuple[Segment, int | None, int | None]]:
    """Each segment with its least and most scaled scores, both included; None is open."""
    last: int | None = None
    for place, segment in enumerate(card.segments):
        yield segment, segment.lowest, last
        if segment.lowest is None:
            # Nothing is left for segments after the one that takes the rest.
            yield from ((after, 1, 0) for after in card.segments[place + 1 :])
            return
        last = segment.lowest - 1 if last is None else min(last, segment.lowest - 1)
