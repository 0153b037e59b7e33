"""The record engine: one typed record in process, by a function generated for the card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from scoreline.engines.base import Result
from scoreline.engines.recordcode import EXACT, generate, typed
from scoreline.errors import UsageError
from scoreline.language.fields import Kind, fact_column
from scoreline.scorecard.interval import next_question
from scoreline.scorecard.layout import Layout, places
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import unscaled
from scoreline.scorecard.reasons import Reason, adjustments, term_reasons

CHUNK_BITS = 8
CHUNK = (1 << CHUNK_BITS) - 1
"""Reasons are looked up for eight bits of the mask at once."""


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
        self.source, self._masks = generate(self.layout)
        self._strong = self.layout.strong
        self._chunks = [
            lru_cache(maxsize=4096)(partial(_chunk_reasons, reasons))
            for reasons in _runs(term_reasons(self.layout), CHUNK_BITS)
        ]
        # Few sums bite in many ways: equal ones are worked out once.
        self._adjustments = lru_cache(maxsize=65_536)(
            lambda sums: tuple(adjustments(self.layout, sums))
        )
        self._segments = tuple((s.lowest, s.name) for s in card.segments)
        self._fingerprint = card.fingerprint

    def score(self, values: Mapping[str, Any], as_of: dt.datetime) -> Result:
        """The result of a typed record.

        values: by field name and fact column (`email__kind`); None, NaN or absent is missing.
        as_of: an aware moment in UTC. Raises UsageError for a value that is not of its type.
        """
        try:
            mask, opened, total, low, high, bites, sums = self._masks(values, as_of)
        except (TypeError, AttributeError, OverflowError):
            self._explain_types(values, as_of)
            raise
        segment = self._segment(total)
        certain, ask = True, ""
        open_terms: tuple[int, ...] = ()
        if opened:
            open_terms = places(opened)
            certain = low == high or self._segment(low) == self._segment(high)
            if not certain:
                missing = [f for f in self.layout.readers if _is_missing(values.get(f))]
                ask = next_question(self.layout, mask, sums, open_terms, missing)
        lines: tuple[Reason, ...] = ()
        strong = mask & self._strong
        for chunk in self._chunks:
            if not strong:
                break
            lines += chunk(strong & CHUNK)
            strong >>= CHUNK_BITS
        if bites:
            lines += self._adjustments(sums)
        return Result(
            unscaled(total),
            segment,
            unscaled(low),
            unscaled(high),
            certain,
            ask,
            lines,
            self._fingerprint,
            as_of,
            mask,
            open_terms,
        )

    def _segment(self, score: int) -> str | None:
        for lowest, name in self._segments:
            if lowest is None or score >= lowest:
                return name
        return None

    def _explain_types(self, values: Mapping[str, Any], as_of: object) -> None:
        """Raise UsageError naming the value that is not of its type."""
        if not isinstance(as_of, dt.datetime) or as_of.tzinfo is None:
            raise UsageError("`as_of` is not a moment.", "Give a datetime with a time zone.")
        for field in self.card.fields:
            facts = {fact_column(field.name, fact.name): fact.kind for fact in field.facts}
            for column, kind in ((field.name, field.kind), *facts.items()):
                value = values.get(column)
                if value is None or _fits(kind, value):
                    continue
                zone = " with a time zone" if kind == "time" else ""
                raise UsageError(
                    f"The value of `{column}` is a {type(value).__name__}; it must be a "
                    f"{EXACT[kind].__name__}{zone}.",
                    "Use score() for raw values; score_typed() takes them already typed.",
                ) from None


def _fits(kind: Kind, value: object) -> bool:
    try:
        value = typed(kind, value)
    except (TypeError, OverflowError):
        return False
    return not isinstance(value, dt.datetime) or value.tzinfo is not None


def _is_missing(value: object) -> bool:
    return value is None or value != value


def _runs(items: Sequence[Reason], size: int) -> Iterator[Sequence[Reason]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _chunk_reasons(reasons: Sequence[Reason], bits: int) -> tuple[Reason, ...]:
    return tuple(reasons[place] for place in places(bits))
