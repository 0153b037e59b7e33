"""The local engine: files of any size on one machine, typed columns in, results out, streaming.

Polars turns typed columns into words (`words.py`); a compiled decoder turns words into every
result (`decoder.py`), inside the streaming plan and in the order of the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from scoreline.engines.local.edition import is_compiled
from scoreline.engines.local.plain import PlainDecoder
from scoreline.engines.local.results import INTERVAL, exactly, result_types, results_of
from scoreline.engines.local.words import PREFIX, Words, words_of
from scoreline.errors import UsageError
from scoreline.language.fields import fact_column
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import nothing_happened

if TYPE_CHECKING:
    from scoreline.engines.local.decoding import Decoder

PLAIN_ROWS, PLAIN_ROWS_AT_FIRST = 10_000, 100_000
"""What plain Python decodes before the compiled decoder is loaded, which takes about a second; and
before it is compiled, which takes many, the first time on a machine."""


class LocalEngine:
    """A card compiled for tables of typed records.

    as_of: the moment of scoring, aware; reasons: lines of the text of reasons, 0 means all;
    plain_rows: rows decoded in plain Python before the compiled decoder is loaded; None chooses.
    """

    def __init__(
        self,
        card: Scorecard,
        as_of: dt.datetime,
        reasons: int = 3,
        plain_rows: int | None = None,
    ) -> None:
        self.card = card
        self.layout = Layout(card)
        self.words = Words(self.layout, as_of)
        self.types = result_types(self.layout, self.words.open)
        # More lines than there can be are all of them.
        lines = len(self.layout.bits) + len(card.tallies) + len(self.layout.clamps)
        lines += 2 * len(card.sides)
        self._reasons = min(reasons, lines)
        if plain_rows is None:
            plain_rows = PLAIN_ROWS if is_compiled("decoder.decode") else PLAIN_ROWS_AT_FIRST
        self._plain_rows = plain_rows
        self.mask_columns = tuple(f"mask_{word}" for word in range(self.layout.words))
        self.tally_columns = tuple(tally_column(n) for n in range(len(card.tallies)))
        # A card by itself has a segment whether or not anything happened.
        events = len(card.tallies) if card.parts else 0
        self._happened = tuple(f"{PREFIX}happened {number}" for number in range(events))
        self.open_columns = tuple(f"open_{word}" for word in range(self.words.open.words))

    def lazy(
        self,
        frame: pl.LazyFrame,
        keep: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        *,
        masks: bool = False,
    ) -> pl.LazyFrame:
        """The rows in their order: columns kept, then results.

        frame: typed columns, one for each field and fact (`email__kind`); absent or null is
        missing; and what events come to, null without events: the scaled points of event terms
        (`tally_column`), and features by name, NaN where one is missing though it could be 0. keep:
        columns handed through; None keeps all but those of fields and facts.
        columns: results wanted, of `results_of`; None takes them all. masks: also `mask_0`,
        `mask_1`, ..., `open_0`, ... and the scaled points of event terms.
        Raises UsageError for a column of another type, or a kept one named like a result.
        """
        columns = results_of(self.card) if columns is None else columns
        # Whether anything is known of a side of a grid is read from its missing fields.
        opened = masks or bool(self.card.parts) or not INTERVAL.isdisjoint(columns)
        words = dict(zip(self.mask_columns, self.words.mask_names, strict=True)) if masks else {}
        if masks:
            words |= zip(self.open_columns, self.words.open_names, strict=True)
            words |= zip(self.tally_columns, self.tally_columns, strict=True)
        return self._plan(frame, keep, columns, words, opened=opened)

    def score_and_mask(
        self, frame: pl.LazyFrame, keep: Sequence[str] | None = None
    ) -> pl.LazyFrame:
        """The rows in their order: columns kept, `score`, `mask_0`, ...; nothing else is made."""
        words = dict(zip(self.mask_columns, self.words.mask_names, strict=True))
        return self._plan(frame, keep, ["score"], words, opened=False)

    def _plan(
        self,
        frame: pl.LazyFrame,
        keep: Sequence[str] | None,
        columns: Sequence[str],
        words: dict[str, str],
        *,
        opened: bool,
    ) -> pl.LazyFrame:
        """words: further columns wanted, by name: words of the plan. opened: the interval too."""
        schema = frame.collect_schema()
        kept = [name for name in schema if name not in self._read()] if keep is None else [*keep]
        _check_names(kept, [*columns, *words])
        masks, opens = self.words.mask_names, self.words.open_names if opened else ()

        seen, lock = 0, Lock()

        def decode(rows: pl.DataFrame) -> pl.DataFrame:
            nonlocal seen
            with lock:  # Polars calls from its threads
                seen += rows.height
                decoder = self.plain_decoder if seen <= self._plain_rows else self.compiled_decoder
            lit = self.words.masks(rows)
            points = words_of(rows, self.tally_columns).astype(np.int64, copy=False)
            counted = words_of(rows, self._happened).astype(np.bool_, copy=False)
            found = decoder.decode(lit, points, counted, words_of(rows, opens), columns)
            through = [rows.get_column(name) for name in kept]
            beside = [
                pl.Series(name, lit[masks.index(word)])
                if word in masks
                else rows.get_column(word).alias(name)
                for name, word in words.items()
            ]
            return pl.DataFrame([*through, *found, *beside])

        types = {name: schema[name] for name in kept}
        types |= {name: self.types[name] for name in columns}
        types |= {name: pl.Int32() if word in opens else pl.Int64() for name, word in words.items()}
        happened = [
            (pl.col(name) if name in schema else pl.lit(None, pl.Int64))
            for name in self.tally_columns
        ]
        nothing = zip(happened, nothing_happened(self.card), strict=True)
        points = [column.fill_null(line.scaled) for column, line in nothing]
        flags = zip(happened, self._happened, strict=False)
        tallies = [
            *(column.alias(name) for column, name in zip(points, self.tally_columns, strict=True)),
            *(column.is_not_null().alias(name) for column, name in flags),
        ]
        plan = self.words.lazy(frame.with_columns(tallies), schema, opened=opened)
        values = (*self.tally_columns, *self._happened, *self.words.value_names)
        needed = (*kept, *masks, *values, *opens)
        return plan.select([exactly(name) for name in needed]).map_batches(
            decode, schema=types, streamable=True
        )

    @cached_property
    def plain_decoder(self) -> PlainDecoder:
        """The decoder for few rows."""
        return PlainDecoder(self.layout, self.words.open, self._reasons, self.types)

    @cached_property
    def compiled_decoder(self) -> Decoder:
        """The decoder for many rows."""
        # numba takes a second to load, which small files must not pay.
        from scoreline.engines.local.decoding import Decoder

        return Decoder(self.layout, self.words.open, self._reasons, self.types)

    def _read(self) -> set[str]:
        """Columns of fields and facts: not handed through unless asked for."""
        facts = {fact_column(f.name, fact.name) for f in self.card.fields for fact in f.facts}
        features = {feature.name for feature in self.card.features}
        return facts | self.card.field.keys() | features | {*self.tally_columns}


def tally_column(number: int) -> str:
    """The column of the points of a card's event term, by its number among them."""
    return f"__tally__{number}"


def _check_names(kept: Sequence[str], results: Sequence[str]) -> None:
    taken = [name for name in kept if name in results or name.startswith(PREFIX)]
    if taken:
        raise UsageError(
            f"The column `{taken[0]}` would stand beside a result of that name.",
            f"Rename it first, say to `input_{taken[0]}`.",
        )
