"""The record engine: one typed record in process, by a function generated for the card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from scoreline.engines.base import Result
from scoreline.engines.record.code import generate
from scoreline.engines.record.columns import IN_WORDS, NOTHING, fits
from scoreline.errors import UsageError
from scoreline.language.fields import Kind, fact_column
from scoreline.language.text import with_article
from scoreline.scorecard.interval import next_question
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import Behaviour, no_behaviour

FLOAT_BITS = 1024
"""Integers of so many bits are beyond every float."""


def compile_card(card: Scorecard) -> CompiledCard:
    """The card as a function of a record; the same object for cards that mean the same."""
    return _compiled(_Key(card))


class _Key:
    """A card by its meaning and the two orders that only ties and lines depend on."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        order = (tuple(card.field), tuple(card.group))
        self.identity = (card.fingerprint, order)

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity


@lru_cache(maxsize=64)
def _compiled(key: _Key) -> CompiledCard:
    return CompiledCard(key.card)


class CompiledCard:
    """A card compiled for scoring typed records one by one."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        self.layout = Layout(card)
        self._nothing = no_behaviour(card)
        self._columns = (*card.field, *card.facts)
        self.source, self._score = generate(self.layout, self._question)

    def score(
        self, values: Mapping[str, Any], as_of: dt.datetime, behaviour: Behaviour | None = None
    ) -> Result:
        """The result of a typed record.

        values: by field name and fact column (`email__kind`); None, NaN, NaT, NA and absent ones
        are missing. as_of: an aware moment in UTC. behaviour: what the record's events come to
        then; None: nothing happened. Raises UsageError for a value that is not of its type.
        """
        behaviour = behaviour or self._nothing
        try:
            if behaviour.features:
                values = {**{c: values.get(c) for c in self._columns}, **behaviour.features}
            return self._score(values, as_of, behaviour.lines)
        except (TypeError, AttributeError, OverflowError, ValueError):
            self._explain_types(values, as_of)
            raise

    def _question(
        self,
        values: Mapping[str, Any],
        mask: int,
        sums: tuple[int, ...],
        opened: int,
        unsure: tuple[bool, ...],
        unknown: tuple[bool, ...],
    ) -> str:
        """What to ask of a record of which a side is not certain."""

        def is_missing(field: str) -> bool:
            return _is_missing(values.get(field))

        return next_question(self.layout, mask, sums, opened, is_missing, unsure, unknown)

    def _explain_types(self, values: Mapping[str, Any], as_of: object) -> None:
        """Raise UsageError naming the value that is not of its type."""
        if not isinstance(as_of, dt.datetime) or as_of.tzinfo is None:
            raise UsageError("`as_of` is not a moment.", "Give a datetime with a time zone.")
        for field in self.card.fields:
            facts = {fact_column(field.name, fact.name): fact.kind for fact in field.facts}
            for column, kind in ((field.name, field.kind), *facts.items()):
                value = values.get(column)
                if _is_usable(kind, value):
                    continue
                raise UsageError(
                    f"The value of `{column}` is {_what(kind, value)}; "
                    f"it must be {IN_WORDS[kind]}.",
                    "Use score() for raw values; score_typed() takes them already typed.",
                ) from None


def _is_usable(kind: Kind, value: Any) -> bool:
    if not fits(kind, type(value)):
        return False
    if type(value).__name__ in NOTHING:
        return True
    if isinstance(value, float) and kind != "number":
        return value != value
    if isinstance(value, dt.datetime):
        return value.tzinfo is not None
    if isinstance(value, Decimal):
        return not value.is_snan()
    return not isinstance(value, int) or value.bit_length() < FLOAT_BITS


def _what(kind: Kind, value: object) -> str:
    """What a value that is not of its column's kind is, in words."""
    if kind == "time" and isinstance(value, dt.datetime):
        return f"{with_article(type(value).__name__)} without a time zone"
    if isinstance(value, int) and value.bit_length() >= FLOAT_BITS:
        return "an int beyond every float"
    return with_article(type(value).__name__)


def _is_missing(value: object) -> bool:
    return value is None or value != value
