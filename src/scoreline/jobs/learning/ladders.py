"""Levels in an order that is said: points do not fall along them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoreline.errors import UsageError, did_you_mean
from scoreline.learn.columns import MISSING, Levels, Numbers
from scoreline.quality.typing.words import yes_no

SHOWN = 5


def on_ladder(column: Levels, ladder: Sequence[str], kind: str) -> Numbers:
    """The place of each row's level in a ladder: numbers, so that a trend can be kept.

    kind: the type of its field. Raises UsageError where a level of the column is not named, or one
    that is named is not there.

    >>> on_ladder(Levels.of("school", ["b", None, "a"]), ("a", "b"), "choice").values.tolist()
    [1.0, nan, 0.0]
    """
    if kind == "yes/no":
        ladder = [str(yes_no(name)).lower() for name in ladder]
    unnamed = [name for name in column.names if name not in ladder]
    if unnamed:
        more = f" and {len(unnamed) - SHOWN:,} more" if len(unnamed) > SHOWN else ""
        raise UsageError(
            f"`--trend {column.name}=...` does not name {', '.join(unnamed[:SHOWN])}{more}.",
            "Name every level, the least first, with < between them.",
        )
    strange = [name for name in ladder if name not in column.names]
    if strange:
        raise UsageError(
            f"`{column.name}` has no level `{strange[0]}`.", did_you_mean(strange[0], column.names)
        )
    place = np.array([*(float(ladder.index(name)) for name in column.names), np.nan])
    return Numbers(column.name, place[np.where(column.codes == MISSING, -1, column.codes)])
