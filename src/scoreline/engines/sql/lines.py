"""The lines of terms, strongest first: those of bins by the bits of a mask, those of event terms
by how many points they come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, big, choice, has, sum_of
from scoreline.engines.sql.tallies import NONE_LEFT, Line, Tallies
from scoreline.engines.sql.words import Words
from scoreline.scorecard.layout import WORD_BITS, Layout
from scoreline.scorecard.reasons import term_reasons

JOINT = "; "


@dataclass(frozen=True, slots=True)
class Shown:
    """texts: of the lines, blank where there is none; given: for each, whether there is one; left:
    the points of the lines that are not shown, summed.
    """

    texts: Sequence[str]
    given: Sequence[str]
    left: Sequence[str]


class TermLines:
    """Writes the lines of a card's terms."""

    def __init__(self, layout: Layout, words: Words, tallies: Tallies, layers: Layers) -> None:
        self.layout = layout
        self._words = words
        self._tallies = tallies
        self._layers = layers
        self._lines = [line for line in term_reasons(layout) if line.scaled]
        self._empty = layers.spelling.literal("")

    @property
    def most(self) -> int:
        """How many lines there can be."""
        return len(self._lines) + len(self._tallies.points)

    def all(self) -> list[str]:
        """The texts of all lines; those of event terms stand between bins by their points."""
        counted = self._tallies.lines(JOINT)
        texts, above = [], ""
        for place in range(len(self._lines)):
            rank = self._rank(place)
            texts += [self._between(line, above, rank) for line in counted]
            label = self._label(place)
            lit = has(self._words.masks[place // WORD_BITS], 1 << place % WORD_BITS)
            texts.append(choice([(lit, label)], self._empty))
            above = rank
        return texts + [self._between(line, above, NONE_LEFT) for line in counted]

    def first(self, most: int) -> Shown:
        """The first lines: again and again the lowest bit that is left, or an event term."""
        if self._tallies.points:
            return self._first_of_both(most)
        left = list(self._strong())
        if not left:
            return Shown((), (), ())
        texts, given = [], []
        for line in range(min(most, len(self._lines))):
            texts.append(self._layers.add(f"{PIECE}n{line}", self._lowest(line, left, self._label)))
            given.append(_any(left))
            left = self._without_first(line, left)
        return Shown(texts, given, self._rest(left, min(most, len(self._lines))))

    # -- bits and event terms together -----------------------------------------------------------

    def _first_of_both(self, most: int) -> Shown:
        add, left = self._layers.add, list(self._strong())
        counted = self._tallies.lines(JOINT)
        used, texts, given = big(0), [], []
        for line in range(min(most, self.most)):
            bit = add(f"{PIECE}j{line}", self._lowest(line, left, self._rank, NONE_LEFT))
            lead = add(f"{PIECE}e{line}", _at(used, [one.rank for one in counted], NONE_LEFT))
            label = self._lowest(line, left, self._label)
            text = _at(used, [one.text for one in counted], self._empty)
            texts.append(add(f"{PIECE}n{line}", choice([(f"{lead} > {bit}", text)], label)))
            given.append(f"GREATEST({lead}, {bit}) >= 0")
            cut = self._without_first(line, left)
            left = [
                add(f"{PIECE}d{line}_{number}", choice([(f"{lead} > {bit}", word)], rest))
                for number, (word, rest) in enumerate(zip(left, cut, strict=True))
            ]
            more = choice([(f"{lead} > {bit}", big(1))], big(0))
            used = add(f"{PIECE}used{line}", f"({used} + {more})")
        unused = [
            choice([(f"{used} <= {place}", one.points)], big(0))
            for place, one in enumerate(counted)
        ]
        return Shown(texts, given, [*self._rest(left, 0), *unused])

    def _between(self, line: Line, above: str, below: str) -> str:
        tests = [f"{line.rank} > {below}", *([f"{line.rank} < {above}"] if above else [])]
        return choice([(" AND ".join(tests), line.text)], self._empty)

    # -- bits of a mask --------------------------------------------------------------------------

    def _label(self, place: int) -> str:
        return self._layers.spelling.literal(JOINT + self._lines[place].text)

    def _rank(self, place: int) -> str:
        bit = self.layout.bits[place]
        return big(self._tallies.rank(bit.points, bit.term))

    def _strong(self) -> Iterator[str]:
        """The words of the mask with the bits of lines alone."""
        for number, word in enumerate(self._words.masks):
            bits = len(self._lines) - number * WORD_BITS
            if bits <= 0:
                continue
            held = self._words.bits - number * WORD_BITS
            whole = bits >= min(held, WORD_BITS)
            text = word if whole else f"({word} & {big((1 << bits) - 1)})"
            yield self._layers.add(f"{PIECE}z{number}", text)

    def _lowest(
        self, line: int, left: Sequence[str], value: Callable[[int], str], none: str = ""
    ) -> str:
        """What is said of the lowest bit of the first word that has one."""
        none = none or self._empty
        tests = []
        for number, word in enumerate(left):
            low = self._layers.add(f"{PIECE}f{line}_{number}", f"({word} & (-{word}))")
            first = number * WORD_BITS
            values = [
                (str(1 << place - first), value(place))
                for place in range(first, min(first + WORD_BITS, len(self._lines)))
            ]
            tests.append((f"{word} <> 0", _by_value(low, values, none)))
        return choice(tests, none)

    def _without_first(self, line: int, left: Sequence[str]) -> list[str]:
        """The words without the lowest bit of the first that has one."""
        rest = []
        for number, word in enumerate(left):
            cut = f"({word} & ({word} - {big(1)}))"
            before = _any(left[:number])
            text = choice([(before, word)], cut) if before else cut
            rest.append(self._layers.add(f"{PIECE}r{line}_{number}", text))
        return rest

    def _rest(self, left: Sequence[str], shown: int) -> list[str]:
        """The points of the bits that are left; shown: lines before the first that can be left."""
        points = []
        for place in range(shown, len(self._lines)):
            word, bit = divmod(place, WORD_BITS)
            test = has(left[word], 1 << bit)
            points.append(choice([(test, big(self._lines[place].scaled))], big(0)))
        return [choice([(_any(left), sum_of(points))], big(0))] if points else []


def _any(words: Sequence[str]) -> str:
    return " OR ".join(f"{word} <> 0" for word in words)


def _at(place: str, values: Sequence[str], default: str) -> str:
    return _by_value(place, [(str(n), value) for n, value in enumerate(values)], default)


def _by_value(value: str, tests: Sequence[tuple[str, str]], default: str) -> str:
    whens = " ".join(f"WHEN {test} THEN {text}" for test, text in tests)
    return f"CASE {value} {whens} ELSE {default} END" if whens else default
