"""The clusters of duplicates that `duplicates --out` found, for the page of a base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.quality.reading.files import open_table

CLUSTER, REASONS = "cluster", "reasons"


@dataclass(frozen=True)
class Clusters:
    """Clusters of two records or more, the largest first.

    members: key and reasons of each record.
    """

    members: Sequence[tuple[tuple[str, str], ...]]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all their records."""
        return frozenset(key for one in self.members for key, _ in one)

    @property
    def too_many(self) -> int:
        """Records beyond the first of each cluster."""
        return sum(len(one) - 1 for one in self.members)

    def json(self) -> dict[str, object]:
        """The object that `quality --format json` prints."""
        return {"clusters": len(self.members), "duplicates": self.too_many}


def read_clusters(file: Path) -> Clusters:
    """The clusters in a file that `duplicates --out` wrote.

    Raises DataError if it is another file.
    """
    with open_table(file) as table:
        lacking = [name for name in (CLUSTER, REASONS) if name not in table.columns]
        if lacking or table.columns[0] == CLUSTER:
            raise DataError(
                f"{file} lacks the column `{(lacking or ['key'])[0]}`.",
                "Give the file that `scoreline duplicates --out` wrote.",
            )
        key = table.columns[0]
        told = table.frame.select(
            exactly(key).cast(pl.String).fill_null("").alias("key"),
            exactly(CLUSTER).cast(pl.String),
            exactly(REASONS).cast(pl.String).fill_null(""),
        ).collect()
    several = told.filter(pl.len().over(CLUSTER) > 1)
    groups = several.group_by(CLUSTER, maintain_order=True).agg("key", REASONS)
    members = [
        tuple(zip(keys, reasons, strict=True))
        for keys, reasons in groups.select("key", REASONS).iter_rows()
    ]
    return Clusters(sorted(members, key=len, reverse=True))
