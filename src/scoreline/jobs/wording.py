"""A card's bins and lines in the words of a page, where `explain` and files keep the card's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from scoreline.language.tree import Scalar, value_text
from scoreline.pages import figures as f
from scoreline.pages import numbers
from scoreline.quality.table import READER_FINDINGS
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Bin, Edge, Missing, OneOf, Otherwise, Range, Segment, Test
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.reasons import Lines, Reason

GROUPED_FROM = 10_000
"""Numbers of a card below this have no thousands marks: they may be years."""


def words_of(bin_: Bin) -> str:
    """What a bin, or a cell of a pair table, holds."""
    if bin_.cell is not None:
        return ", ".join(bin_words(one.test) for one in bin_.cell)
    return bin_words(bin_.test)


def bin_words(test: Test) -> str:
    """What a bin holds: `25 to below 40`, `1,000,000 or more`, `anything else`, `not known`."""
    match test:
        case Range(None, None):
            return "any"
        case Range(lower, None) if lower is not None:
            return f"{_edge(lower)} or {'later' if isinstance(lower, dt.date) else 'more'}"
        case Range(lower, upper) if upper is not None:
            end = f"{'before' if isinstance(upper, dt.date) else 'below'} {_edge(upper)}"
            return end if lower is None else f"{_edge(lower)} to {end}"
        case OneOf(values):
            return ", ".join(map(_value, values))
        case Otherwise():
            return "anything else"
        case Missing():
            return "not known"
    return "yes"


def _edge(edge: Edge) -> str:
    """An end of a range: a day in words, a number with thousands marks."""
    if isinstance(edge, dt.date):
        return numbers.moment(edge.isoformat())
    return _number(edge, "," if abs(edge) >= GROUPED_FROM else "")


def _value(value: Scalar) -> str:
    """A value as it stands in the data; a number may be a code, so it isn't grouped."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, "")
    return value_text(value)


def _number(number: float, mark: str) -> str:
    exact = int(number) if number == int(number) else Decimal(repr(number))
    return f"{exact:{mark}{'d' if isinstance(exact, int) else 'f'}}".replace("-", numbers.MINUS)


def segment_rule(segment: Segment) -> str:
    """Which scores a segment holds: `more than 6`, `0 or more`, `the rest`."""
    if segment.bound is None:
        return segment.rule
    bound = numbers.points(segment.bound / SCALE)
    return f"more than {bound}" if segment.strict else f"{bound} or more"


def reject_words(reason: str) -> str:
    """Why a row was rejected, without the code that names the kind.

    >>> reject_words("ragged: 14 cells where the header has 12")
    '14 cells where the header has 12'
    """
    code, _, detail = reason.partition(": ")
    return detail if detail and code in READER_FINDINGS else reason


class PageLines:
    """The lines of a card's scores as a page shows them: base first, then terms, then clamps."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lines = Lines(layout)
        terms = layout.card.terms
        self._bins = [words_of(terms[bit.term].bins[bit.bin]) for bit in layout.bits]

    def of(self, mask: int, tallies: Sequence[int] = ()) -> tuple[f.Reason, ...]:
        """All lines of a score, from its mask and the points of its event terms."""
        layout, terms = self._layout, self._layout.card.terms
        happened = [
            Reason(terms[place].name, "", points)
            for (place, _), points in zip(layout.card.tallies, tallies, strict=True)
        ]
        found = self._lines.of(mask, None, happened)
        bits = layout.set_bits(mask & layout.strong)
        words = {terms[bit.term].name: self._bins[layout.place[bit.term, bit.bin]] for bit in bits}
        count = len(bits) + sum(points != 0 for points in tallies)
        given = [
            f.Reason(_titled(line.term, words.get(line.term, "yes")), line.points)
            for line in found[:count]
        ]
        others = [_adjustment(line) for line in found[count:]]
        base = [line for line in others if line.part == "base"]
        return (*base, *given, *(line for line in others if line.part == "clamp"))


def _titled(term: str, words: str) -> str:
    """What a line was given for; the bin where the term alone does not say it."""
    return term if words == "yes" else f"{term}: {words}"


def _adjustment(line: Reason) -> f.Reason:
    """Base, or a clamp that bites: `total: cap 8`."""
    if not line.bin:
        return f.Reason(line.term, line.points, "base")
    name = line.term.rpartition(" ")[0]
    return f.Reason(f"{name}: {line.bin.replace('-', numbers.MINUS)}", line.points, "clamp")
