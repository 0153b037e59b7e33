"""What staying readable costs: boosted trees beside a card, on the same unseen records.

Needs lightgbm: `pip install 'scoreline[challenger]'`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoreline.errors import UsageError
from scoreline.learn.columns import MISSING, Column, Floats, Levels

NAME = "LightGBM"


@dataclass(frozen=True)
class Trees:
    """Trees that were learnt; they say log-odds as a table does."""

    machine: Any

    def log_odds(self, columns: Sequence[Column]) -> Floats:
        """What is said of the odds of each row."""
        return np.asarray(self.machine.predict(_matrix(columns), raw_score=True), dtype=np.float64)


def learn_trees(columns: Sequence[Column], events: Floats) -> Trees:
    """Boosted trees with the settings that LightGBM comes with; levels are levels to them.

    Raises UsageError where lightgbm is not installed.
    """
    try:
        import lightgbm
    except ModuleNotFoundError as error:
        if error.name != "lightgbm":
            raise
        raise UsageError(
            "A challenger needs lightgbm, which is not installed.",
            "pip install 'scoreline[challenger]'",
        ) from None
    except OSError as error:  # a library of the system that it is built on
        raise UsageError(f"lightgbm can't be loaded: {error}", "Install libgomp1.") from None
    levels = [n for n, column in enumerate(columns) if isinstance(column, Levels)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = lightgbm.Dataset(_matrix(columns), events, categorical_feature=levels)
        asked = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True}
        return Trees(lightgbm.train({**asked, "seed": 0}, data, num_boost_round=100))


def _matrix(columns: Sequence[Column]) -> Floats:
    """Numbers as they are, levels as their codes; NaN where missing."""
    return np.column_stack(
        [
            np.where(column.codes == MISSING, np.nan, column.codes)
            if isinstance(column, Levels)
            else column.values
            for column in columns
        ]
    )
