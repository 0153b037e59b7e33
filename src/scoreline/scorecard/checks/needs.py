"""What the best segment asks for: compulsory terms, vetoes, and how many terms may be missing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from scoreline.errors import Finding
from scoreline.scorecard.checks.paths import TooManyPathsError
from scoreline.scorecard.checks.reach import Reach
from scoreline.scorecard.checks.wording import bound_if, listed
from scoreline.scorecard.model import Segment
from scoreline.scorecard.points import points_text, signed_text

MOST_CHOICES = 60


def check_needs(reach: Reach) -> Iterator[Finding]:
    """Infos about the best segment; none if every record or no record is in it."""
    best = next(iter(reach.card.segments), None)
    if best is None or best.lowest is None or not reach.low < best.lowest <= reach.high:
        return
    try:
        yield from _Needs(reach, best, best.lowest).findings()
    except TooManyPathsError:
        yield Finding(
            "bound",
            "info",
            f"bound: what `{best.name}` asks for was not worked out in time; compulsory terms and "
            "vetoes may be left out.",
        )


class _Needs:
    """The needs of one segment that takes scores of `least` and more."""

    def __init__(self, reach: Reach, best: Segment, least: int) -> None:
        self.reach = reach
        self.best = best
        self.least = least
        self.terms = reach.card.terms

    def findings(self) -> Iterator[Finding]:
        """Compulsory terms, then vetoes, then how many may be missing."""
        compulsory = [term for term in range(len(self.terms)) if self._is_compulsory(term)]
        yield from map(self._compulsory, compulsory)
        for term in range(len(self.terms)):
            for points in sorted(p for p in self.reach.points[term] if p < 0):
                if self.reach.best_given[term, points] < self.least:
                    yield self._veto(term, points)
        yield from self._at_most([t for t in self._helpful() if t not in compulsory])

    def _helpful(self) -> Iterator[int]:
        """Terms that can give points above 0, and can also give none."""
        for term, points in self.reach.points.items():
            if max(points) > 0 >= min(points):
                yield term

    def _without(self, term: int) -> int:
        """The most that a record scores to which the term gives no points above 0."""
        lacking = [points for points in self.reach.points[term] if points <= 0]
        return max(self.reach.best_given[term, points] for points in lacking)

    def _is_compulsory(self, term: int) -> bool:
        points = self.reach.points[term]
        return max(points) > 0 >= min(points) and self._without(term) < self.least

    def _compulsory(self, place: int) -> Finding:
        term = self.terms[place]
        wins = [points for points in self.reach.points[place] if points > 0]
        enough = [p for p in wins if self.reach.best_given[place, p] >= self.least]
        only = ""
        if len(enough) < len(wins):
            only = f" Of its points only {' or '.join(map(signed_text, sorted(enough)))} will do."
        return Finding(
            "compulsory",
            "info",
            bound_if(
                not self.reach.exact,
                f"`{term.name}` is compulsory for `{self.best.name}`: without its points a record "
                f"scores {points_text(self._without(place))} at most, and the segment takes "
                f"{self.best.rule}.{only}",
            ),
            term=term.name,
            line=term.line,
        )

    def _veto(self, place: int, points: int) -> Finding:
        term = self.terms[place]
        bins = [b for b in term.bins if b.points == points]
        most = points_text(self.reach.best_given[place, points])
        where = "" if term.is_condition and bins[0].label == "yes" else f" ({bins[0].label})"
        return Finding(
            "veto",
            "info",
            bound_if(
                not self.reach.exact,
                f"`{term.name}`{where} is a veto for `{self.best.name}`: with its "
                f"{points_text(points)} a record scores {most} at most, and the segment takes "
                f"{self.best.rule}.",
            ),
            term=term.name,
            line=bins[0].line or term.line,
        )

    def _at_most(self, terms: Sequence[int]) -> Iterator[Finding]:
        most = self.reach.most_lacking(terms, self.least) if len(terms) > 1 else len(terms)
        if not 0 <= most < len(terms):
            return
        names = [self.terms[term].name for term in sorted(terms)]
        some = f" (not any {most} of them)" if self._depends(terms, most) else ""
        yield Finding(
            "at-most-n-missing",
            "info",
            bound_if(
                not self.reach.exact,
                f"Of {listed(names)} at most {most} may be missing for `{self.best.name}`{some}.",
            ),
            line=self.best.line,
        )

    def _depends(self, terms: Sequence[int], most: int) -> bool:
        """Whether some choice of so many missing terms is too much; False if too many choices."""
        if math.comb(len(terms), most) > MOST_CHOICES:
            return False
        found = (self.reach.best_lacking(some) for some in itertools.combinations(terms, most))
        return any(best is None or best < self.least for best in found)
