"""A card as one SELECT: typed columns in, results out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from scoreline.engines.sql.columns import Columns, inputs_of
from scoreline.engines.sql.events import EventSource, EventsQuery
from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.reasons import ReasonsText
from scoreline.engines.sql.spelling import PIECE, SPELLINGS, big, choice
from scoreline.engines.sql.tallies import Tallies, feature_inputs
from scoreline.engines.sql.totals import Totals
from scoreline.engines.sql.words import Words
from scoreline.errors import UsageError, did_you_mean
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scorecard.probability import COLUMNS

RESULTS = ("score", "segment", "low", "high", "certain", "ask", "reasons")
"""Those of every card."""
OPENED = frozenset({"low", "high", "certain", "ask"})
"""Those that need to know which fields are missing."""


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
        self.card = card
        self.layout = Layout(card)
        self._spelling = SPELLINGS[dialect]
        self._as_of = as_of
        self._most = reasons
        self._masks = masks

    @property
    def masks(self) -> tuple[str, ...]:
        """The columns of the words of the mask, where they are wanted."""
        return tuple(f"mask_{word}" for word in range(self.layout.words)) if self._masks else ()

    def sql(
        self,
        source: str,
        keep: Sequence[str] = (),
        results: Sequence[str] | None = None,
        events: EventSource | None = None,
    ) -> str:
        """The SELECT from a table or a subquery in brackets.

        keep: columns handed through; results: those wanted, all unless said; events: what happened,
        None where nothing did.
        """
        spelling = self._spelling
        wanted = (*self.results, *self.masks) if results is None else results
        layers = Layers(spelling)
        outer = {
            spelling.quoted(name): layers.add(f"{PIECE}k{number}", spelling.quoted(name))
            for number, name in enumerate(keep)
        }
        happened = events is not None and self.card.counts_events
        found = _Results(
            self.card, self.layout, layers, self._as_of, self._most, wanted, happened=happened
        )
        for name in wanted:
            outer[spelling.quoted(name)] = found.sql(name)
        if events is not None and happened:
            source = EventsQuery(self.card, spelling, self._as_of).joined(source, events)
        return layers.query(source, outer)

    @property
    def results(self) -> tuple[str, ...]:
        """The result columns: probabilities come last, where the card has any."""
        chances = self.card.probability.columns if self.card.probability is not None else ()
        return (*RESULTS, *chances)


class _Results:
    """The expressions of results over layers.

    wanted: the results that will be asked for; happened: whether the source has what events come
    to beside the records.
    """

    def __init__(
        self,
        card: Scorecard,
        layout: Layout,
        layers: Layers,
        as_of: dt.datetime,
        reasons: int,
        wanted: Sequence[str],
        *,
        happened: bool,
    ) -> None:
        self.card = card
        self._layers = layers
        self._most = reasons
        zeros = any(name.startswith("mask_") for name in wanted)
        inputs = inputs_of(card.fields, layers.spelling)
        inputs |= feature_inputs(card, layers.spelling, happened=happened)
        columns = Columns(inputs, layers, as_of)
        tallies = Tallies(card, layers, happened=happened)
        # Whether anything is known of a side of a grid is read from its missing fields.
        opened = bool(card.parts) or not OPENED.isdisjoint(wanted)
        self._words = Words(layout, columns, tallies, layers, zeros=zeros, opened=opened)
        self._totals = Totals(layout, self._words, tallies, layers)
        self._reasons = ReasonsText(layout, self._words, self._totals, tallies, layers, reasons)

    def sql(self, name: str) -> str:
        """The expression of a result."""
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
                return self._totals.ask()
            case "reasons":
                return self._reasons.sql()
        if name in COLUMNS:
            return self._chance(COLUMNS.index(name))
        return self._words.masks[int(name.removeprefix("mask_"))]

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
