"""What events come to, as columns: points of event terms, features, and lines in order of size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoreline.engines.sql.columns import Input
from scoreline.engines.sql.events import feature_column, points_column
from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, Spelling, big, choice, clamped, signed
from scoreline.scorecard.model import Scorecard

NONE_LEFT = big(-1)


def feature_inputs(card: Scorecard, spelling: Spelling, *, happened: bool) -> dict[str, Input]:
    """The columns of features by name; where nothing happened, what they come to then."""
    double = spelling.double
    types = {"number": double, "yes/no": "BOOLEAN", "date": "DATE", "time": "TIMESTAMP"}
    found = {}
    for number, feature in enumerate(card.features):
        kind, nothing = feature.as_field.kind, feature.of_nothing
        text = feature_column(number)
        if not happened:
            text = f"CAST(NULL AS {types.get(kind, spelling.text)})"
        if nothing is not None:
            text = f"COALESCE({text}, CAST({nothing} AS {double}))"
        found[feature.name] = Input(text, kind)
    return found


class Tallies:
    """The scaled points of a card's event terms after their own clamps, and their lines.

    points: a column for each; nothing: whether it counts none of its events.
    """

    def __init__(self, card: Scorecard, layers: Layers, *, happened: bool) -> None:
        self.card = card
        self._layers = layers
        self.points: list[str] = []
        self.nothing: list[str] = []
        for number, (term, _) in enumerate(card.tallies):
            clamp = card.terms[term].clamp
            found = points_column(number) if happened else "CAST(NULL AS BIGINT)"
            raw = layers.add(f"{PIECE}y{number}", found)
            held = clamped(f"COALESCE({raw}, {big(0)})", clamp.floor, clamp.cap)
            self.points.append(layers.add(f"{PIECE}p{number}", held))
            self.nothing.append(f"{raw} IS NULL")

    def rank(self, points: int, term: int) -> int:
        """How far in front the line of a term with so many scaled points stands; all differ."""
        terms = len(self.card.terms)
        return abs(points) * terms + terms - 1 - term

    def lines(self, label: str) -> list[Line]:
        """The lines of event terms with points, strongest first.

        label: what stands before each line.
        """
        terms, literal = len(self.card.terms), self._layers.spelling.literal
        names = [literal(f"{label}{self.card.terms[term].name} ") for term, _ in self.card.tallies]
        ranks = [
            self._layers.add(
                f"{PIECE}k0_{number}",
                choice([(f"{one} <> 0", f"ABS({one}) * {terms} + {terms - 1 - term}")], NONE_LEFT),
            )
            for number, ((term, _), one) in enumerate(
                zip(self.card.tallies, self.points, strict=True)
            )
        ]
        return [self._first(place, ranks, names) for place in range(len(names))]

    def _first(self, place: int, ranks: list[str], names: Sequence[str]) -> Line:
        """The strongest line of those left, which leaves `ranks`."""
        add = self._layers.add
        best = f"GREATEST({', '.join(ranks)})" if len(ranks) > 1 else ranks[0]
        rank = add(f"{PIECE}lead{place}", best)
        here = [f"{rank} = {one}" for one in ranks]
        points = add(
            f"{PIECE}worth{place}",
            choice([(f"{rank} < 0", big(0)), *zip(here, self.points, strict=True)], big(0)),
        )
        shown = signed(points, self._layers.spelling, whole=self.card.whole)
        named = choice(zip(here, names, strict=True), names[0])
        empty = self._layers.spelling.literal("")
        text = add(f"{PIECE}line{place}", choice([(f"{rank} < 0", empty)], f"{named} || {shown}"))
        for number, one in enumerate(ranks):
            left = choice([(f"{rank} = {one}", NONE_LEFT)], one)
            ranks[number] = add(f"{PIECE}k{place + 1}_{number}", left)
        return Line(rank, points, text)


@dataclass(frozen=True, slots=True)
class Line:
    """Columns of a line: its rank, below 0 where there is none; its scaled points; its text."""

    rank: str
    points: str
    text: str
