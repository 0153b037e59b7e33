"""Values that stand for all that a field, a fact or the moment of scoring can hold when known.

A text may be any text, a fact any of its listed values or any text, a number any double of its
type; sentinels under `missing` are never values.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scoreline.language import values
from scoreline.language.fields import fact_of_type
from scoreline.language.tree import AsOf, Node, Ref, Scalar
from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.cuts import CutPoint, dates_around
from scoreline.scorecard.checks.lines import DATE, TIME, WHOLE, Line, line_of, stand_ins
from scoreline.scorecard.checks.sentinels import Held
from scoreline.scorecard.checks.settle import Known
from scoreline.scorecard.checks.texts import Part, text_stand_ins

MOST_STATES = 20_000


class TooManyStatesError(Exception):
    """What hangs together has too many states to look at one by one."""


def known_values(
    cluster: Sequence[Ref | AsOf], cuts: Mapping[Node, set[CutPoint]], held: Held, clock: Clock
) -> dict[Node, tuple[Scalar, ...]]:
    """For each variable of a cluster (compared with each other, or one alone): its stand-ins."""
    shared: set[CutPoint] = {cut for variable in cluster for cut in cuts[variable]}
    plain = [held[v.field] for v in cluster if isinstance(v, Ref) and not v.fact]
    shared.update(value for holdings in plain for value in holdings.values)
    shared.update(0.0 for holdings in plain if holdings.counts)
    kind = cluster[0].kind
    if kind == "yes/no":
        return dict.fromkeys(cluster, (True, False))
    if len(cluster) ** len(cluster) > MOST_STATES:  # each has so many different values
        raise TooManyStatesError
    found = (
        _texts(cluster, shared, clock) if kind in ("text", "choice") else _ordered(cluster, shared)
    )
    return {v: tuple(x for x in found[v] if _allowed(v, x, held)) for v in cluster}


def _allowed(variable: Ref | AsOf, value: Scalar, held: Held) -> bool:
    if isinstance(variable, AsOf) or variable.fact:
        return True
    return held[variable.field].can_be(value)


def listed_values(variable: Ref | AsOf) -> tuple[str, ...]:
    """The values of a fact that has only these; none if it is open."""
    fact = fact_of_type(variable.field_type, variable.fact) if isinstance(variable, Ref) else None
    return fact.values if fact else ()


def _texts(
    cluster: Sequence[Ref | AsOf], shared: set[CutPoint], clock: Clock
) -> dict[Ref | AsOf, tuple[Scalar, ...]]:
    literals = {cut for cut in shared if isinstance(cut, str)}
    literals.update(value for variable in cluster for value in listed_values(variable))
    parts = sorted((cut for cut in shared if isinstance(cut, Part)), key=repr)
    found = text_stand_ins(sorted(literals), parts, clock, len(cluster))
    if found is None:
        raise TooManyStatesError
    return {variable: listed_values(variable) or found for variable in cluster}


def _ordered(
    cluster: Sequence[Ref | AsOf], shared: set[CutPoint]
) -> dict[Ref | AsOf, tuple[Scalar, ...]]:
    """Stand-ins on lines; the coarser lines first, for they cut the finer ones."""
    found: dict[Ref | AsOf, tuple[Scalar, ...]] = {}
    lines = {variable: line_of(variable) or TIME for variable in cluster}
    cuts: set[Any] = {cut for cut in shared if not isinstance(cut, Part)}
    cuts.update(_ends(lines.values()))
    moments = any(line is TIME for line in lines.values())
    if moments:
        cuts = {_moment(cut) for cut in cuts}
    for coarse in (True, False):
        now = [v for v, line in lines.items() if (line is DATE or line is WHOLE) == coarse]
        for variable in now:
            line = lines[variable]
            on_line: Iterable[Any] = dates_around(cuts) if moments and line is DATE else cuts
            found[variable] = stand_ins(line, on_line, len(cluster))
        cuts.update(_moment(v) if moments else v for variable in now for v in found[variable])
    return found


def _moment(value: Any) -> Any:
    return value if isinstance(value, dt.datetime) else values.midnight(value)


def _ends(lines: Iterable[Line]) -> Iterator[Scalar]:
    """The ends of lines that lie beside others: what is on one may be beyond another."""
    apart = list({id(line): line for line in lines}.values())
    if len(apart) > 1:
        yield from (line.value(place) for line in apart for place in (line.low, line.high))


def field_states(variables: Sequence[Ref], known: Mapping[Node, tuple[Scalar, ...]]) -> list[Known]:
    """The states of one field with its facts: missing, invalid where that is seen, known."""
    states: list[Known] = [dict.fromkeys(variables)]
    if any("invalid" in listed_values(v) for v in variables):
        states.append({v: "invalid" if listed_values(v) else None for v in variables})
    choices = [_when_valid(variable, known[variable]) for variable in variables]
    if len(variables) > 1 and math.prod(map(len, choices)) > MOST_STATES:
        raise TooManyStatesError
    return states + [
        dict(zip(variables, some, strict=True)) for some in itertools.product(*choices)
    ]


def _when_valid(variable: Ref, known: Sequence[Scalar]) -> list[Scalar | None]:
    """What a field or fact can be when the field is neither missing nor invalid."""
    if listed_values(variable):
        return [value for value in known if value != "invalid"]
    fact = fact_of_type(variable.field_type, variable.fact)
    return [*known] if fact is None or fact.sure else [*known, None]
