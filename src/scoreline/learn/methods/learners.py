"""The ways to learn a table of points, by name: all take the same and give the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scoreline.learn.columns import Column, Floats
from scoreline.learn.methods.additive import learn_additive
from scoreline.learn.methods.points import learn_points
from scoreline.learn.methods.short import learn_short
from scoreline.learn.methods.woe import learn_woe
from scoreline.learn.table import LearnOptions, PointsTable

Method = Callable[[Sequence[Column], Floats, Floats | None, LearnOptions | None], PointsTable]
"""What makes a table of columns, events, weights and options."""
LEARNERS: Mapping[str, Method] = {
    "points": learn_points,
    "woe": learn_woe,
    "short": learn_short,
    "additive": learn_additive,
}
PAIRED = ("points", "additive")
"""Methods whose tables may look at two columns at once."""


def learn_table(
    method: str,
    columns: Sequence[Column],
    events: Floats,
    weights: Floats | None = None,
    options: LearnOptions | None = None,
) -> PointsTable:
    """A table of points by a method, on the scale that is asked for.

    events: 1 for an event, 0 for none, at least one of each; weights: of the records.
    """
    table = LEARNERS[method](columns, events, weights, options)
    scale = options.scale if options else None
    return table if scale is None else table.at(*scale)
