"""How often two records agree by chance: the u of every level, by Splink and by counting.

Splink compares a seeded sample of records, each with each. What levels of equal values come to is
counted over the whole base instead, which is exact and finds what is rare.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.errors import UsageError
from scoreline.quality.duplicates.comparisons import Comparison
from scoreline.quality.duplicates.pairtests import Same
from scoreline.quality.duplicates.prepare import ROW, Base

Floats = npt.NDArray[np.float64]

SAMPLE = 1_000
"""Records compared each with each: half a million pairs show 100 of what is 1 in 5,000."""


@dataclass(frozen=True)
class Chance:
    """How often pairs of the base fall into each level of one comparison, `other` first.

    share: sums to 1; pairs: how many pairs each share was counted on.
    """

    share: Floats
    pairs: Floats

    @property
    def error(self) -> Floats:
        """The standard error of each share: of a count k it is the root of k (and half a pair)."""
        return np.sqrt(self.share * self.pairs + 0.5) / self.pairs


def by_chance(base: Base, seed: int) -> list[Chance]:
    """For each comparison how often its levels come about between any two records."""
    sampled = splink_shares(base, seed)
    size = min(SAMPLE, base.frame.height)
    found = []
    for one, shares in zip(base.comparisons, sampled, strict=True):
        pairs = np.full(len(shares), max(1.0, size * (size - 1) / 2))
        exact = _counted(one, base.frame)
        rest = [place for place in range(len(shares)) if place not in exact]
        left = max(0.0, 1.0 - sum(share for share, _ in exact.values()))
        total = shares[rest].sum()
        shares[rest] = shares[rest] / total * left if total else left / len(rest)
        for place, (share, counted) in exact.items():
            shares[place], pairs[place] = share, counted
        found.append(Chance(shares / shares.sum(), pairs))
    return found


def _counted(one: Comparison, frame: pl.DataFrame) -> dict[int, tuple[float, float]]:
    """Levels of equal values: place from the end -> share of all pairs, and how many those are."""
    there = frame[one.code].drop_nulls().len()
    pairs = there * (there - 1) / 2
    if not pairs:
        return {}
    counts = frame.group_by(one.code, f"{one.code}_f").len().drop_nulls()
    equal = counts.group_by(f"{one.code}_f").agg(
        (pl.col("len") * (pl.col("len") - 1) // 2).sum().alias("pairs")
    )
    by_class = dict(equal.rows())
    found = {}
    for place, level in zip(range(len(one.levels), 0, -1), one.levels, strict=True):
        test = level.test
        if isinstance(test, Same) and test.column == one.code:
            equals = by_class.get(test.of_class, 0) if test.classed else sum(by_class.values())
            found[place] = (equals / pairs, pairs)
    return found


def splink_shares(base: Base, seed: int) -> list[Floats]:
    """What Splink estimates of each comparison's levels on a sample of records, `other` first."""
    linker = _linker(_sample(base.frame, seed), base.comparisons)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=float(SAMPLE**2), min_count_per_level=None, num_chunks=1
    )
    learnt = linker.misc.save_model_to_json(None)
    found = []
    for one in learnt["comparisons"]:
        levels = [level for level in one["comparison_levels"] if not level.get("is_null_level")]
        shares = [level.get("u_probability") or 0.0 for level in reversed(levels)]
        found.append(np.array(shares) if any(shares) else np.eye(len(shares))[0])
    return found


def _sample(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    if frame.height <= SAMPLE:
        return frame
    rows = random.Random(seed).sample(range(frame.height), SAMPLE)  # noqa: S311 - not a secret
    return frame[sorted(rows)]


def _linker(frame: pl.DataFrame, compared: Sequence[Comparison]) -> Any:
    try:
        import splink
    except ImportError:
        raise UsageError(
            "Finding duplicates needs Splink, which is not installed.",
            "Install it: pip install 'scoreline[duplicates]'",
        ) from None
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = splink.DuckDBAPI(connection=duckdb.connect())
    return splink.Linker(
        api.register(frame.to_arrow()), splink_settings(compared), log_level=logging.ERROR
    )


def splink_settings(compared: Sequence[Comparison]) -> dict[str, Any]:
    """The comparisons as Splink's settings."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": ROW,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": ["1=1"],
        "comparisons": [
            {
                "output_column_name": one.code,
                "comparison_levels": [
                    {
                        "sql_condition": one.missing_sql,
                        "label_for_charts": "missing",
                        "is_null_level": True,
                    },
                    *(
                        {"sql_condition": level.test.sql, "label_for_charts": level.name}
                        for level in one.levels
                    ),
                    {"sql_condition": "ELSE", "label_for_charts": "other"},
                ],
            }
            for one in compared
        ],
    }
