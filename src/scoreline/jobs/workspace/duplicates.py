"""Duplicates among the records of a workspace: merges to look at, and what register looks up by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.jobs.duplicates import stop_points, threshold_points
from scoreline.jobs.labels import Answered, LabelFile, Labelled
from scoreline.jobs.options import Progress
from scoreline.lifecycle.learning import Columns, Learnt, learn
from scoreline.lifecycle.workspace import Workspace
from scoreline.quality.duplicates.labels import NO_LABELS, Labels
from scoreline.quality.duplicates.links import Link, strongest_links
from scoreline.quality.roles import Role
from scoreline.store.moments import stored

EQUAL = "equal in all that is compared"
"""The reason of records that are one customer without a pair that was looked at."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that are rather one: `scoreline merge KEPT GONE`, and why.

    points, reasons: of the strongest link that `gone` has to one of the records of its cluster.
    """

    kept: str
    gone: str
    points: float | None
    reasons: str

    def json(self) -> dict[str, object]:
        """The object that `duplicates` prints."""
        return {name: getattr(self, name) for name in ("kept", "gone", "points", "reasons")}


@dataclass(frozen=True)
class WorkspaceDuplicates:
    """What was found and learnt.

    clusters: the key of the first record of each record's cluster, in the order of `keys`; links:
    the strongest of each record that has one, by its row; merges: the most certain ones first;
    index: what records are looked up by, in words; card: the match model as a file; labelled: what
    became of labels, if there is a file of them.
    """

    keys: Sequence[str]
    clusters: Sequence[str]
    links: Mapping[int, Link]
    merges: tuple[Proposal, ...]
    threshold: float | None
    columns: Mapping[str, Role]
    index: Sequence[str]
    card: str
    labelled: Labelled | None = None

    @property
    def several(self) -> int:
        """How many clusters have two records or more."""
        return len({merge.kept for merge in self.merges})

    def json(self) -> dict[str, Any]:
        """The object that `--format json` prints."""
        labels = {"labels": self.labelled.json()} if self.labelled else {}
        return labels | {
            "rows": len(self.keys),
            "clusters": self.several,
            "duplicates": len(self.merges),
            "threshold": self.threshold,
            "columns": dict(self.columns),
            "index": list(self.index),
            "merges": [merge.json() for merge in self.merges],
        }

    def table(self, key: str) -> pl.DataFrame:
        """Key, cluster, points and reasons of each record, as `--out` writes those of a file."""
        links = [self.links.get(row) for row in range(len(self.keys))]
        return pl.DataFrame(
            {
                key: self.keys,
                "cluster": self.clusters,
                "points": [None if link is None else link.points for link in links],
                "reasons": [None if link is None else link.reasons for link in links],
            },
            schema_overrides={"points": pl.Float64, "reasons": pl.String},
        )


def learn_duplicates(
    workspace: Workspace,
    now: dt.datetime,
    seed: int = 0,
    progress: Progress | None = None,
    labels: Path | None = None,
) -> WorkspaceDuplicates:
    """The duplicates among the records; from now on `register` looks new ones up.

    labels: the file of answers, which is read and continued. Nothing is merged. Raises DataError
    where there is nothing to compare.
    """
    read: list[tuple[LabelFile, Answered]] = []

    def answers(keys: Sequence[str], columns: Columns) -> Labels:
        if labels is None:
            return NO_LABELS
        file = LabelFile(labels, workspace.settings.key, keys, columns)
        read.append((file, file.answered()))
        return read[0][1].labels

    learnt = learn(workspace, stored(now), seed, progress or (lambda _: None), answers)
    labelled = [file.go_on(learnt.found, answered, seed) for file, answered in read]
    first, links = learnt.found.clusters.first, strongest_links(learnt.found)
    merges = [
        Proposal(
            learnt.keys[one],
            learnt.keys[row],
            links[row].points if row in links else None,
            links[row].reasons if row in links else EQUAL,
        )
        for row, one in enumerate(first)
        if one != row
    ]
    merges.sort(key=lambda merge: -inf if merge.points is None else -merge.points)
    return WorkspaceDuplicates(
        learnt.keys,
        [learnt.keys[one] for one in first],
        links,
        tuple(merges),
        stop_points(learnt.found),
        learnt.columns,
        index_text(learnt),
        learnt.found.model.yaml(threshold_points(learnt.found)),
        labelled[0] if labelled else None,
    )


def index_text(learnt: Learnt) -> list[str]:
    """What records are looked up by, each key in words: `surname and birth date`."""
    names = {one.code: one.name for one in learnt.kept.comparisons}
    return [
        " and ".join(names[code] for code in dict.fromkeys(key.columns)) for key in learnt.kept.keys
    ]
