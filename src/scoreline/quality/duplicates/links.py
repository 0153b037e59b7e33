"""Why a record is in its cluster: its strongest link to another record there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoreline.engines.base import Result
from scoreline.quality.duplicates.finding import Duplicates
from scoreline.quality.duplicates.model import reasons_text


@dataclass(frozen=True, slots=True)
class Link:
    """The strongest link of a record: the other record's row, and what the card says of the two."""

    other: int
    result: Result

    @property
    def points(self) -> float:
        """The points of the pair."""
        return float(self.result.score)

    @property
    def reasons(self) -> str:
        """The lines of the pair that speak loudest."""
        return reasons_text(self.result)


def strongest_links(found: Duplicates) -> Mapping[int, Link]:
    """For each record of a cluster of two or more its strongest link in it; the first of equals."""
    pairs, scored = found.scored.pairs, found.scored
    first = np.array(found.clusters.first)
    together = np.flatnonzero(first[pairs.left] == first[pairs.right])
    points = scored.points[together]
    links: dict[int, Link] = {}
    for place in together[np.argsort(-points, kind="stable")].tolist():
        one, other = int(pairs.left[place]), int(pairs.right[place])
        if one in links and other in links:
            continue
        result = scored.results[scored.patterns.of[place]]
        links.setdefault(one, Link(other, result))
        links.setdefault(other, Link(one, result))
    return links
