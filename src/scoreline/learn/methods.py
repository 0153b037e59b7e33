"""The ways to learn a table of points, by name: all take the same and give the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scoreline.learn.columns import Column, Floats
from scoreline.learn.points import learn_points
from scoreline.learn.short import learn_short
from scoreline.learn.table import LearnOptions, PointsTable

Method = Callable[[Sequence[Column], Floats, Floats | None, LearnOptions | None], PointsTable]
"""What makes a table of columns, events, weights and options."""
LEARNERS: Mapping[str, Method] = {"points": learn_points, "short": learn_short}
