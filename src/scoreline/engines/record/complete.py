"""The function that is called: at once for a complete record, else by `any_record`.

A complete record of plain classes needs no test for missing values: a third less to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from scoreline.engines.record.columns import EXACT, picker
from scoreline.engines.record.writer import Writer
from scoreline.language.complete import CompleteEmitter
from scoreline.language.fields import Kind
from scoreline.scorecard.layout import Layout

AT_ONCE = 50
"""Numbers added in one expression: Python's own compiler goes as deep as a sum is long."""
ELSE = "return any_record(record, as_of, tallies, row)"


class CompleteRecord(Writer):
    """Writes `score(record, as_of, tallies)`, which may call `any_record`.

    columns: those of the row, in order.
    """

    name = "score"
    emitter: CompleteEmitter

    def __init__(self, layout: Layout, columns: Iterable[str]) -> None:
        emitter = CompleteEmitter()
        for column in columns:
            emitter.variable(column)
        super().__init__(layout, emitter)

    @cached_property
    def source(self) -> str:
        """The whole function."""
        lines = [*self.reads(), *self.points(), *self.result()]
        return (
            "def score(record, as_of, tallies):\n" + "\n".join(f"  {line}" for line in lines) + "\n"
        )

    def reads(self) -> list[str]:
        """Each column into its variable; a record that is not complete and plain leaves here."""
        constant = self.emitter.constant
        lines = ["row = ()"]
        if columns := tuple(self.emitter.variables):
            self.emitter.constants.update(
                astuple=msgspec.structs.astuple,
                convert=msgspec.convert,
                ValidationError=msgspec.ValidationError,
            )
            pick, row = constant(picker(columns)), constant(_struct(tuple(self.kinds)))
            lines = [
                # A mapping of another class may make what it lacks, or know it by `get` alone.
                "try:",
                f"  row = {pick}(record) if record.__class__ is dict else None",
                "except KeyError:",
                "  row = None",
                f"if row is None: row = tuple(map(record.get, {constant(columns)}))",
                "try:",
                f"  {self.unpack()}= astuple(convert(row, {row}))",
                f"except ValidationError: {ELSE}",
            ]
        for kind in ("date", "time"):
            cls = constant(EXACT[kind])
            lines += [f"if {v}.__class__ is not {cls}: {ELSE}" for v in self.of_kind(kind)]
        if numbers := self.of_kind("number"):
            # Not a number if one of them is not, or if infinities meet.
            lines += ["x = 0.0"]
            lines += [f"x += {' + '.join(some)}" for some in _batches(numbers)]
            lines += [f"if x != x: {ELSE}"]
        if self.emitter.reads_today:
            lines += [f"if as_of.tzinfo is not {constant(dt.UTC)}: {ELSE}"]
            lines += ["today = as_of.toordinal()"]
        return lines


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_ONCE):
        yield names[start : start + AT_ONCE]


@lru_cache(maxsize=64)
def _struct(kinds: tuple[Kind, ...]) -> type[msgspec.Struct]:
    """A row whose conversion makes numbers floats and refuses what is missing or does not fit.

    Dates and moments stay to be tested: a conversion would read them from texts.
    """
    fields: list[tuple[str, Any]] = [
        (f"v{n}", Any if kind in ("date", "time") else EXACT[kind]) for n, kind in enumerate(kinds)
    ]
    return msgspec.defstruct("Row", fields, array_like=True, gc=False)
