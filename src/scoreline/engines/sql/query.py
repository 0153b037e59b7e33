"""A card as one SELECT: typed columns in, results out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property

from scoreline.engines.sql.columns import Columns
from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.reasons import ReasonsText
from scoreline.engines.sql.spelling import PIECE, SPELLINGS, big, choice
from scoreline.engines.sql.totals import Totals
from scoreline.engines.sql.words import Words
from scoreline.errors import UsageError, did_you_mean
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.probability import COLUMNS

RESULTS = ("score", "segment", "low", "high", "certain", "ask", "reasons")
"""Those of every card."""


class CardQuery:
    """The SELECT of a card in the SQL of a database.

    dialect: one of SPELLINGS; as_of: the moment of scoring, aware; reasons: lines of the text of
    reasons, 0 means all; masks: whether the words of the mask are wanted, with bins of 0 points.
    Raises UsageError for a dialect that is not there, and for what a SELECT can't say.
    """

    def __init__(
        self,
        card: Scorecard,
        dialect: str,
        as_of: dt.datetime,
        *,
        reasons: int = 3,
        masks: bool = False,
    ) -> None:
        if dialect not in SPELLINGS:
            raise UsageError(f"There is no SQL of `{dialect}`.", did_you_mean(dialect, SPELLINGS))
        if card.counts_events:
            raise UsageError("Terms that count events are not written as SQL yet.", "")
        self.card = card
        self.layout = Layout(card)
        self._layers = Layers(SPELLINGS[dialect])
        self._columns = Columns(card, self._layers, as_of)
        self._words = Words(self.layout, self._columns, self._layers, zeros=masks)
        self._totals = Totals(self.layout, self._words, self._layers)
        self._most = reasons

    @property
    def mask_words(self) -> int:
        """How many words the mask has."""
        return len(self._words.masks)

    def sql(
        self, source: str, keep: Sequence[str] = (), results: Sequence[str] | None = None
    ) -> str:
        """The SELECT from a table or a subquery in brackets.

        keep: columns handed through; results: those wanted, all unless said, and `mask_0`, ...
        """
        spelling = self._layers.spelling
        wanted = self.results if results is None else results
        outer = {}
        for number, name in enumerate(keep):
            inner = self._layers.add(f"{PIECE}k{number}", spelling.quoted(name))
            outer[spelling.quoted(name)] = inner
        for name in wanted:
            outer[spelling.quoted(name)] = self._result(name)
        return self._layers.query(source, outer)

    @property
    def results(self) -> tuple[str, ...]:
        """The result columns: probabilities come last, where the card has any."""
        chances = self.card.probability.columns if self.card.probability is not None else ()
        return (*RESULTS, *chances)

    def _result(self, name: str) -> str:
        match name:
            case "score":
                return self._points(self._totals.score)
            case "low" | "high":
                return self._points(self._totals.low_and_high()[name == "high"])
            case "segment":
                return self._totals.segment()
            case "certain":
                return self._totals.certain()
            case "ask":
                return self._ask
            case "reasons":
                return self._reasons
        if name in COLUMNS:
            return self._chance(COLUMNS.index(name))
        return self._words.masks[int(name.removeprefix("mask_"))]

    @cached_property
    def _ask(self) -> str:
        return self._totals.ask()

    @cached_property
    def _reasons(self) -> str:
        text = ReasonsText(self.layout, self._words, self._totals, self._layers, self._most)
        return text.sql()

    def _points(self, scaled: str) -> str:
        spelling = self._layers.spelling
        if self.card.whole:
            return spelling.quotient(scaled, SCALE)
        double = spelling.double
        return f"(CAST({scaled} AS {double}) / CAST({SCALE} AS {double}))"

    def _chance(self, place: int) -> str:
        """A column of probabilities, looked up by the scaled score."""
        if self.card.probability is None:
            raise UsageError("The card says no probability.", "Leave the column out.")
        double = self._layers.spelling.double
        values = [
            f"CAST({'NULL' if value is None else repr(value)} AS {double})"
            for value in (chance.values[place] for chance in self.card.probability.chances)
        ]
        score = self._totals.score
        cuts = zip(self.card.probability.cuts[::-1], values[:0:-1], strict=True)
        return choice([(f"{score} >= {big(cut)}", value) for cut, value in cuts], values[0])
