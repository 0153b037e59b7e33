"""The quality of a checked base in points: of each record, by channel and over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from scoreline.analytics.base_score import (
    PART,
    SCORE,
    SEGMENT,
    SOUND,
    Part,
    Trend,
    by_channel,
    over_time,
    whole,
)
from scoreline.analytics.naming import one_spelling
from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.language.fields import Field, fact_column
from scoreline.quality.boundary import KEPT, ROW, Boundary
from scoreline.quality.quality_card import QualityCard, weights_by
from scoreline.quality.roles import Role
from scoreline.quality.writing.files import as_texts
from scoreline.scorecard.model import Scorecard

STATUS = "status"


@dataclass(frozen=True)
class BaseScore:
    """The quality of a base in points, 0 to 100.

    card: what each record was scored by; base: all records; channels, trend: where they were asked
    for.
    """

    card: QualityCard
    base: Part
    channels: tuple[Part, ...] = ()
    trend: Trend | None = None

    def json(self) -> dict[str, object]:
        """The object that `quality --format json` prints."""
        return {
            "score": round(self.base.score, 4),
            "poor": self.base.poor,
            "weights": {
                self.card.names[name]: tenths / 10 for name, tenths in self.card.tenths.items()
            },
            "channels": [part.json() for part in self.channels],
            "trend": None
            if self.trend is None
            else {
                "period": self.trend.period,
                "parts": [part.json() for part in self.trend.parts],
            },
        }


def card_of(
    fields: Sequence[Field], roles: Mapping[str, Role], card: Scorecard | None, key: str | None
) -> QualityCard | None:
    """The card of the quality of records; None if no field matters.

    By a card its fields weigh what they can move there; without one each column weighs the same,
    but for the key and what may be anything: text without a role.
    """
    if card is not None:
        weights = weights_by(card)
        objective = card.name
    else:
        own = {"key", "text"}
        weights = {one.name: Fraction(1) for one in fields if roles.get(one.name) not in own}
        objective = ""
    if not weights:
        return None
    heavy = [one for one in fields if one.name in weights]
    return QualityCard(heavy, weights, objective, key)


def score_base(
    frame: pl.DataFrame,
    card: QualityCard,
    sound: pl.Series,
    as_of: dt.datetime,
    channel: str | None,
    created: tuple[str, str | None] | None,
) -> BaseScore | None:
    """The quality of a checked base; None without records.

    frame: typed fields, their `status` facts, input columns; sound: records in which nothing is
    bad or doubtful; channel: the header of the column that names it; created: the header of the
    column that says when a record came in, and the order of day, month and year in it.
    """
    wanted = []
    for one in card.fields:
        name, status = card.names[one.name], fact_column(one.name, STATUS)
        wanted.append(exactly(one.name).alias(name))
        if status in frame.columns:
            wanted.append(exactly(status).alias(fact_column(name, STATUS)))
    engine = LocalEngine(card.card, as_of, reasons=1)
    typed = frame.lazy().select(ROW, *wanted)
    scored = engine.lazy(typed, keep=[ROW], columns=(SCORE, SEGMENT)).collect()
    scored = scored.with_columns(sound.alias(SOUND))
    base = whole(scored)
    if base is None:
        return None
    channels: tuple[Part, ...] = ()
    if channel is not None:
        written = as_texts(frame[KEPT + channel]).fill_null("")
        named = written.replace_strict(one_spelling(written), return_dtype=pl.String)
        channels = by_channel(scored.with_columns(named.replace("", None).alias(PART)))
    trend = None
    if created is not None:
        days = _days(frame, *created)
        if days.null_count() == len(days):
            raise DataError(
                f"No cell of `{created[0]}` is a date that can be read.",
                "Name the column that says when a record came in; say --order dmy if it is needed.",
            )
        trend = over_time(scored.with_columns(days.alias(PART)))
    return BaseScore(card, base, channels, trend)


def _days(frame: pl.DataFrame, header: str, order: str | None) -> pl.Series:
    """The day of each row; null where it can't be read."""
    name = "created"
    raw = frame.select(ROW, exactly(KEPT + header).alias(name))
    boundary = Boundary([Field(name, "time", order=order)], None, [name], (), dict(raw.schema))
    return boundary.lazy(raw.lazy()).collect()[name].dt.date()
