"""Typed events as a table -> for each tally and feature, whether it chooses an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from scoreline.engines.local.expressions import MOMENT, Compiler, Stages
from scoreline.engines.local.results import exactly
from scoreline.scorecard.events import AT, Choice


@dataclass(frozen=True)
class Tested:
    """Events up to a moment.

    tests: for each choice a column that says whether an event is one of its own; columns: where the
    columns that choices read are.
    """

    events: pl.LazyFrame
    tests: Sequence[pl.Expr]
    columns: Mapping[str, str]


def tested(
    choices: Sequence[Choice], events: pl.LazyFrame, as_of: dt.datetime, keep: Sequence[str]
) -> Tested:
    """The events of a kind up to the moment, tested for each choice.

    keep: further columns, besides those that the choices read; they begin with `__`.
    """
    at, now = pl.col(AT.name), pl.lit(as_of, dtype=MOMENT)
    columns = sorted({column for choice in choices for column in choice.reads} - {AT.name})
    safe = {column: f"__read__{n}" for n, column in enumerate(columns)}
    read = events.filter(at <= now).select(
        *keep, AT.name, *(exactly(column).alias(name) for column, name in safe.items())
    )
    safe[AT.name] = AT.name
    stages, tests = Stages("__step__"), []
    compiler = Compiler(safe.__getitem__, as_of, stages)
    for choice in choices:
        test = pl.lit(True)
        if choice.within is not None:
            test = at > now - pl.duration(seconds=choice.within)
        if choice.where is not None:
            test &= compiler.value(choice.where).fill_null(False)
        tests.append(test)
    for stage in stages.stages:
        read = read.with_columns(stage)
    named = [f"__chosen__{number}" for number in range(len(tests))]
    read = read.with_columns(test.alias(name) for test, name in zip(tests, named, strict=True))
    return Tested(read, [pl.col(name) for name in named], safe)
