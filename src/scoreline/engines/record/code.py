"""A card -> the source of Python functions of one record, and the one to call.

The only place that compiles code. Its source is written from the checked tree by the emitters of
`language` and holds numbered names and integers, never a text of the card.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scoreline.engines.base import Result
from scoreline.engines.record.anyrecord import AnyRecord
from scoreline.engines.record.complete import CompleteRecord
from scoreline.language.pyfunc import Emitter
from scoreline.language.tree import Node
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.reasons import Reason, nothing_happened

Score = Callable[[Mapping[str, Any], dt.datetime, Sequence[Reason]], Result]
"""(record, as_of, lines of event terms)."""
Question = Callable[
    [Mapping[str, Any], int, tuple[int, ...], int, tuple[bool, ...], tuple[bool, ...]], str
]
"""(record, mask, sum of each slot, open terms as a mask, which sides are not certain, and of which
nothing is known)."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def generate(layout: Layout, question: Question) -> tuple[str, Score]:
    """(source, function) that gives the result of a typed record.

    question: what to ask of a record whose segment is not certain.
    """
    writer = AnyRecord(layout, _empty_mask(layout))
    any_record = _function(writer, question=question)
    complete = CompleteRecord(layout, writer.emitter.variables)
    score = _function(complete, any_record=any_record)
    return f"{writer.source}\n\n{complete.source}", score


def compile_condition(node: Node) -> Callable[[Mapping[str, Any], dt.datetime], bool]:
    """A function that says whether a condition is true of typed values, at a moment.

    The values are by column, numbers as floats; None or absent is missing.
    """
    emitter = Emitter()
    test = emitter.true(node)
    values = [f"{v} = record.get({emitter.constant(c)})" for c, v in emitter.variables.items()]
    lines = [*values, *emitter.taken_setup(), f"return bool({test})"]
    source = "def holds(record, as_of):\n" + "\n".join(f"  {line}" for line in lines) + "\n"
    namespace = dict(emitter.constants)
    exec(compile(source, "<scorecard>", "exec"), namespace)  # noqa: S102 - see the module's head
    holds: Callable[[Mapping[str, Any], dt.datetime], bool] = namespace["holds"]
    return holds


def _empty_mask(layout: Layout) -> int:
    """The mask of an empty record: what its terms give as long as nothing is known."""
    writer = AnyRecord(layout, empty=0)

    def nothing_to_ask(*_: Any) -> str:
        return ""

    nothing, none = (None,) * len(writer.kinds), nothing_happened(layout.card)
    result = _function(writer, question=nothing_to_ask)({}, _EPOCH, none, nothing)
    return int(result.mask)


def _function(writer: AnyRecord | CompleteRecord, **others: Callable[..., Any]) -> Any:
    """The function of a source.

    others: functions that it calls.
    """
    code = compile(writer.source, "<scorecard>", "exec")
    namespace = {**writer.namespace, **others}  # whole once the source is written
    exec(code, namespace)  # noqa: S102 - see the module's head
    return namespace[writer.name]
