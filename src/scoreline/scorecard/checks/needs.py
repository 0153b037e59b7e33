"""What the best segment asks for: compulsory terms, vetoes, and how many terms may be missing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from scoreline.errors import Finding
from scoreline.scorecard.checks.clock import TooManyPathsError
from scoreline.scorecard.checks.falls import NO_BIN
from scoreline.scorecard.checks.reach import Reach
from scoreline.scorecard.checks.wording import bound_if, listed
from scoreline.scorecard.model import Holds, Segment
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
            told = self._told(term) if term in compulsory else frozenset()
            for fall in sorted(self.reach.falls[term] - {NO_BIN}):
                points = self.reach.worth[term, fall]
                if self.reach.best_given[term, fall] < self.least and points not in told:
                    yield self._veto(term, fall)
        yield from self._at_most([t for t in self._helpful() if t not in compulsory])

    def _helpful(self) -> Iterator[int]:
        """Terms that can give points above 0, and can also give none."""
        for term, points in self.reach.points.items():
            if max(points) > 0 >= min(points):
                yield term

    def _best(self, term: int) -> dict[int, int]:
        """By the points that a term can give: the most that a record then scores."""
        best: dict[int, int] = {}
        for fall in self.reach.falls[term]:
            points, most = self.reach.worth[term, fall], self.reach.best_given[term, fall]
            best[points] = max(most, best.get(points, most))
        return best

    def _without(self, term: int) -> int:
        """The most that a record scores to which the term gives no points above 0."""
        return max(most for points, most in self._best(term).items() if points <= 0)

    def _is_compulsory(self, term: int) -> bool:
        points = self.reach.points[term]
        return max(points) > 0 >= min(points) and self._without(term) < self.least

    def _enough(self, term: int) -> list[int]:
        """The points above 0 of a term with which the segment is in reach."""
        best = self._best(term).items()
        return sorted(points for points, most in best if points > 0 and most >= self.least)

    def _told(self, term: int) -> frozenset[int]:
        """The points of which it is said with a compulsory term that they are not enough."""
        enough = self._enough(term)
        return frozenset(p for p in self.reach.points[term] if p >= 0 and p not in enough)

    def _compulsory(self, place: int) -> Finding:
        term = self.terms[place]
        wins = [points for points in self.reach.points[place] if points > 0]
        enough = self._enough(place)
        only = ""
        if len(enough) < len(wins):
            only = f" Of its points only {' or '.join(map(signed_text, enough))} will do."
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

    def _veto(self, place: int, fall: int) -> Finding:
        term, bin_ = self.terms[place], self.terms[place].bins[fall]
        where = "" if isinstance(bin_.test, Holds) else f" ({bin_.label})"
        most = points_text(self.reach.best_given[place, fall])
        return Finding(
            "veto",
            "info",
            bound_if(
                not self.reach.exact,
                f"`{term.name}`{where} is a veto for `{self.best.name}`: with its "
                f"{signed_text(bin_.points)} a record scores {most} at most, and the segment takes "
                f"{self.best.rule}.",
            ),
            term=term.name,
            line=bin_.line or term.line,
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
