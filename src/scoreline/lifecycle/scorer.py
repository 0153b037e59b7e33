"""A card in force, ready to score stored records: one at a time, or many at once.

One record goes through the record engine, many through the local one; both come to the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import polars as pl

from scoreline.behaviour.ahead import (
    COMES,
    DAYS,
    NEAR,
    NEVER,
    SOON,
    STEP,
    ahead_frame,
    can_look_ahead,
    quiet_spans,
    steps_frame,
)
from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.behaviour.leaving import Score
from scoreline.behaviour.outlook import next_change
from scoreline.behaviour.turns import DAY
from scoreline.engines.base import Result
from scoreline.engines.local.engine import LocalEngine, tally_column
from scoreline.engines.record.engine import compile_card
from scoreline.quality.boundary import KEY
from scoreline.quality.typing.values import RecordTyper
from scoreline.scorecard.events import Event
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE
from scoreline.scoring.bundled import event_rows_of
from scoreline.scoring.events import EventRows, as_numbers, counted_kinds
from scoreline.scoring.stored import TypedValues
from scoreline.store.events import StoredEvent
from scoreline.store.moments import moment_of, stored

_decode = msgspec.json.Decoder(dict[str, str]).decode
_COLUMNS = ("score", "low", "high", "segment", "ask", "reasons")
FEW = 200
"""Records that are scored one by one: a plan for a table takes as long as about so many."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What a record comes to: points scaled, reasons as text, moments as the store keeps them.

    result: the record engine's, where that one scored it.
    """

    score: int
    low: int
    high: int
    segment: str | None
    ask: str
    reasons: str
    next_change: int | None
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class ToScore:
    """A stored record to be scored.

    typed: JSON of its typed values; events: its raw events, in the order of recording.
    """

    record: int
    typed: str
    events: Sequence[StoredEvent] = ()


class Scorer:
    """A card compiled for stored records."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        self.typed = TypedValues(card)
        self._compiled = compile_card(card)
        self._kinds = counted_kinds(card)
        self._typers = {name: _properties(event) for name, event in self._kinds.items()}
        self._looks_ahead = can_look_ahead(card)

    @property
    def counts_events(self) -> bool:
        """Whether events matter to it."""
        return bool(self._kinds)

    @property
    def kinds(self) -> Mapping[str, Event]:
        """The kinds of events that it counts, with the properties that it reads."""
        return self._kinds

    def counts(self, kinds: Iterable[str]) -> bool:
        """Whether events of one of these kinds matter to it."""
        return any(kind in self._kinds for kind in kinds)

    def one(self, row: ToScore, as_of: dt.datetime) -> Scored:
        """What one record comes to."""
        values, events = self.typed.values(row.typed), self.events(row.events)
        result = self.result(values, events, as_of)
        score = sum(line.scaled for line in result.reasons)
        ahead = next_change(self.card, score, values, events, as_of)
        return Scored(
            score,
            scaled(result.low),
            scaled(result.high),
            result.segment,
            result.ask,
            "; ".join(line.text for line in result.reasons),
            None if ahead is None else stored(ahead),
            result,
        )

    def result(
        self, values: Mapping[str, Any], events: Sequence[Happened], as_of: dt.datetime
    ) -> Result:
        """The record engine's result of typed values and events."""
        return self._compiled.score(values, as_of, behaviour_of(self.card, events, as_of))

    @property
    def score(self) -> Score:
        """The record engine's: a result of typed values, a moment, and what the events come to."""
        return self._compiled.score

    def events(self, raw: Sequence[StoredEvent]) -> list[Happened]:
        """Stored events as they are counted; kinds that the card does not count are left out."""
        found = []
        for one in raw:
            typer = self._typers.get(one.event)
            if typer is not None:
                found.append(Happened(one.event, moment_of(one.at), None, typer(one.properties)))
        return found

    def many(
        self, rows: Sequence[ToScore], happened: pl.DataFrame | None, as_of: dt.datetime
    ) -> Iterator[tuple[int, Scored]]:
        """What each record comes to, by its number, in their order.

        happened: the events of all of them as `unbundled` gives them, those of one record in the
        order of recording; None where the card counts none.
        """
        engine = LocalEngine(self.card, as_of, reasons=0)
        frame = self.typed.frame([str(row.record) for row in rows], [row.typed for row in rows])
        events, spans = None, None
        if happened is not None:
            events = event_rows_of(self.card, self._kinds, happened)
            frame = events.joined(frame.lazy(), as_of).collect()
            spans = self._spans(events, frame, as_of)
        table = engine.lazy(frame.lazy(), keep=[KEY], columns=_COLUMNS).collect()
        points = [_scaled_column(table[name]) for name in ("score", "low", "high")]
        rest = [table[name].cast(pl.String).to_list() for name in ("segment", "ask", "reasons")]
        looks = self._looks(rows, points[0], events, spans, as_of)
        whole = zip(rows, *points, *rest, looks, strict=True)
        for row, score, low, high, segment, ask, reasons, ahead in whole:
            yield row.record, Scored(score, low, high, segment, ask or "", reasons, ahead)

    def _spans(
        self, events: EventRows, frame: pl.DataFrame, as_of: dt.datetime
    ) -> pl.DataFrame | None:
        """What decides for how long each row can be left alone; None where only `outlook` knows."""
        if not self._looks_ahead:
            return None
        names = [tally_column(n) for n in range(len(self.card.tallies))]
        ahead = ahead_frame(self.card, events.kinds, as_of).collect()
        return frame.select(KEY, *names).join(ahead, on=KEY, how="left", maintain_order="left")

    def _looks(
        self,
        rows: Sequence[ToScore],
        scores: Sequence[int],
        events: EventRows | None,
        spans: pl.DataFrame | None,
        as_of: dt.datetime,
    ) -> list[int | None]:
        """When each row is to be looked at again."""
        if spans is None:
            return self._exact_looks(rows, scores, events, as_of)
        quiet = quiet_spans(self.card, np.array(scores, dtype=np.int64), spans)
        looks = spans.select(KEY, pl.col(COMES).cast(pl.Int64)).with_columns(pl.Series(DAYS, quiet))
        soon = looks.filter(pl.col(DAYS).is_between(NEAR, SOON))
        if events is not None and soon.height:
            steps = steps_frame(self.card, events.kinds, as_of, soon).collect()
            looks = looks.join(steps, on=KEY, how="left", maintain_order="left")
        else:
            looks = looks.with_columns(pl.lit(None, dtype=pl.Int64).alias(STEP))
        later = stored(as_of) + pl.col(DAYS) * (stored(as_of + DAY) - stored(as_of))
        fades = pl.when(pl.col(DAYS) != NEVER).then(pl.coalesce(STEP, later))
        return looks.select(pl.min_horizontal(COMES, fades)).to_series().to_list()

    def _exact_looks(
        self,
        rows: Sequence[ToScore],
        scores: Sequence[int],
        events: EventRows | None,
        as_of: dt.datetime,
    ) -> list[int | None]:
        keys = [str(row.record) for row in rows]
        happened = {} if events is None else events.of_each(keys)
        found: list[int | None] = []
        for row, key, score in zip(rows, keys, scores, strict=True):
            values = self.typed.values(row.typed)
            ahead = next_change(self.card, score, values, happened.get(key, []), as_of)
            found.append(None if ahead is None else stored(ahead))
        return found


def _properties(event: Event) -> Callable[[str], Mapping[str, Any]]:
    """What types the properties of a stored event, as far as the card reads them."""
    if not event.properties:
        return lambda _: {}
    typer = RecordTyper(event.properties)

    @lru_cache(maxsize=10_000)
    def typed(text: str) -> Mapping[str, Any]:
        return as_numbers(typer.typed(_decode(text)).values)

    return typed


def scaled(points: float) -> int:
    """The ten-thousandths of points."""
    return points * SCALE if isinstance(points, int) else round(points * SCALE)


def _scaled_column(points: pl.Series) -> list[int]:
    if points.dtype == pl.Int64:
        return (points * SCALE).to_list()
    found: list[int] = np.rint(points.to_numpy() * SCALE).astype(np.int64).tolist()
    return found
