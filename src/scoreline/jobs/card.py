"""A card ready to score: what `scoreline.load` gives."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import polars as pl
from msgspec import structs

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.engines.base import Result
from scoreline.engines.record.engine import CompiledCard, compile_card
from scoreline.errors import Finding, UsageError, counted
from scoreline.jobs.columns import table_columns
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.point_in_time import behaviour_table
from scoreline.jobs.score import scored_frame
from scoreline.language.fields import Field
from scoreline.quality.checks.record import RecordChecker
from scoreline.quality.headers import mistaken_names
from scoreline.quality.reading.frames import Frame
from scoreline.quality.text import sentence, with_article
from scoreline.quality.typing.values import type_record
from scoreline.quality.typing.verdicts import Verdict
from scoreline.scorecard.file import load_card
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import Behaviour
from scoreline.scoring.events import Events, counted_kinds, happened, typed_events
from scoreline.scoring.moments import AsOf, moment
from scoreline.scoring.rows import TypedRows, typed_rows
from scoreline.scoring.sources import Source


class Card:
    """A scorecard with its engines: scores one record or a whole table.

    model: the frozen scorecard. Cards with equal fingerprints score equally.
    """

    def __init__(self, model: Scorecard) -> None:
        self.model = model

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits of the card's meaning."""
        return self.model.fingerprint

    @cached_property
    def _record(self) -> CompiledCard:
        return compile_card(self.model)

    def score(
        self,
        record: Mapping[str, object],
        events: Iterable[Mapping[str, object] | Happened] | None = None,
        as_of: AsOf = None,
    ) -> Result:
        """The result of one raw record, as a form or an API gives it.

        record: values by header or field name, texts or Python values; what is absent, blank or
        unreadable is missing, and `.findings` of the result says what could not be read. events:
        what happened, mappings with `event`, `at`, maybe `event_id`, and properties, [] if nothing
        did; a card that counts events needs them. as_of: the moment of scoring, now unless said.
        """
        if not isinstance(record, Mapping):
            raise UsageError(
                sentence(f"{with_article(type(record).__name__)} is no record."),
                "Give a mapping of names to values.",
            )
        typed = type_record(self.model.fields, record, facts=self.model.facts)
        now = moment(as_of)
        behaviour, found = self._behaviour(events, now)
        result = self._record.score(typed.values, now, behaviour)
        findings = (*self._names(tuple(record)), *typed.findings, *found)
        return structs.replace(result, findings=findings) if findings else result

    @cached_property
    def _names(self) -> Callable[[tuple[str, ...]], tuple[Finding, ...]]:
        """What is wrong with the names of a record's values; records mostly have the same ones."""
        return lru_cache(maxsize=256)(partial(mistaken_names, self.model.fields))

    def check(self, record: Mapping[str, object], as_of: AsOf = None) -> dict[str, Verdict]:
        """What is right and wrong in one raw record, by field: for a form while it is filled in.

        A verdict is ok, suspect, bad, missing or unknown, with the code of its finding, the normal
        form, and what was probably meant. `scoreline quality` gives a file the same verdicts.
        as_of: the moment at which births lie in the future; now unless said.
        """
        return self._checker.check(record, moment(as_of))

    @cached_property
    def _checker(self) -> RecordChecker:
        return RecordChecker(self.model.fields)

    def score_fields(
        self,
        record: Mapping[str, object],
        as_of: AsOf = None,
        events: Iterable[Mapping[str, object]] = (),
    ) -> Result:
        """The result of a raw record whose keys are field names, as in a card's `cases`.

        events: what happened, properties under their own names too.
        """
        now = moment(as_of)
        typed = type_record(_bare(self.model.fields), record, facts=self.model.facts)
        kinds = {
            name: replace(event, properties=_bare(event.properties))
            for name, event in counted_kinds(self.model).items()
        }
        behaviour = behaviour_of(self.model, typed_events(events, kinds)[0], now)
        return self._record.score(typed.values, now, behaviour)

    def score_typed(
        self,
        values: Mapping[str, Any],
        as_of: AsOf = None,
        events: Iterable[Happened] | None = None,
    ) -> Result:
        """The result of a record whose values are typed already, facts (`email__kind`) included.

        Values count as they are: what typing would refuse (infinities, 1.5 in an integer field,
        money below zero) is given. None, NaN, NaT and NA are missing. as_of: the moment of scoring;
        now unless given. events: typed too, for a card that counts some.
        """
        now = moment(as_of)
        return self._record.score(values, now, self._behaviour(events, now)[0])

    def _behaviour(
        self, events: Iterable[Mapping[str, object] | Happened] | None, as_of: dt.datetime
    ) -> tuple[Behaviour | None, tuple[Finding, ...]]:
        """What the events come to, and what could not be read of them."""
        if not self.model.counts_events:
            if events is not None:
                raise UsageError(
                    f"The card `{self.model.name}` counts no events.", "Leave `events` out."
                )
            return None, ()
        if events is None:
            raise UsageError(
                f"The card `{self.model.name}` counts events.",
                "Give them, or say that there are none: events=[].",
            )
        found, findings = happened(events, self.model)
        return behaviour_of(self.model, found, as_of), findings

    def score_table(
        self,
        table: str | Path | Frame,
        as_of: AsOf = None,
        reasons: int = 3,
        with_data: bool = False,
        events: Events = None,
    ) -> pl.DataFrame:
        """The table that `scoreline score --out` writes.

        table: a file, or a frame of Polars, pandas or Arrow; reasons: lines of reasons, 0 for all;
        with_data: input columns first. Rows that can't be scored are left out, with a warning
        (RejectedRowsWarning) that says how many and why.
        """
        options = ScoreOptions(as_of=moment(as_of), reasons=reasons, with_data=with_data)
        with typed_rows(table, self.model, keep=with_data, events=events) as rows:
            scored = scored_frame(rows, self.model, options)
            columns = table_columns(rows, self.model, options)
            found = scored.select(columns).collect(engine="streaming")
            _warn_of_rejected(rows)
            return found

    def behaviour_table(self, table: str | Path | Frame, events: Source, time: str) -> pl.DataFrame:
        """Features and points of event terms as of each row's own moment, for learning.

        table: a row a record and moment; time: the column of the moment; events: as for
        `score_table`. Nothing that happened after a row's moment is seen by it.
        """
        return behaviour_table(self.model, table, events, time)


def _bare(fields: Iterable[Field]) -> tuple[Field, ...]:
    """The fields under their own names alone, whatever `column` says."""
    return tuple(replace(field, column=()) for field in fields)


class RejectedRowsWarning(UserWarning):
    """Rows of a table could not be scored and are not in the result."""


def _warn_of_rejected(rows: TypedRows) -> None:
    if rejected := rows.rejected_rows():
        first = rejected[0]
        message = (
            f"{counted(len(rejected), 'row')} could not be scored and left out; the first is row "
            f"{first.row}: {first.reason}."
        )
        warnings.warn(message, RejectedRowsWarning, stacklevel=3)


def load(path: str | Path) -> Card:
    """The card of a file, ready to score.

    Raises CardError; its text names every problem with line and term.
    """
    if not isinstance(path, str | Path):
        what = with_article(type(path).__name__)
        raise UsageError(sentence(f"{what} is no file name."), "Give the card's file.")
    return Card(load_card(path))
