"""A card tried on records that it has not seen: by time if there is one, else at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoreline.jobs.capacity import Capacity
from scoreline.jobs.learning.asked import FEWEST, Peer, Reached
from scoreline.jobs.learning.reading import Records
from scoreline.learn.columns import Column, Floats, parts
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.points import learn_points
from scoreline.learn.validation.challenger import NAME, learn_trees
from scoreline.learn.validation.figures import (
    Figures,
    Learner,
    Rows,
    Says,
    figures,
    folds,
    later_rows,
    mean_figures,
    unseen,
)
from scoreline.learn.validation.leaks import area_alone
from scoreline.scoring.moments import moment_text
from scoreline.store.moments import moment_of

FEWEST_LATER = 10
"""Of either outcome, of records that a card is tried on: with fewer an area is known to +-.2 only.
"""


@dataclass(frozen=True)
class Trial:
    """How cards are tried.

    columns, events: of all records; seen: the rows to learn from; later: those to try on, None
    where each fifth is tried with a card learnt from the others; split: the same in words.
    """

    columns: Sequence[Column]
    events: Floats
    seen: Rows
    later: Rows | None
    split: str

    @classmethod
    def of(cls, columns: Sequence[Column], records: Records) -> Trial:
        """By time if there is one and it leaves enough outcomes on both sides, else at random."""
        events, everybody = records.events, np.arange(len(records.events))
        split = "random: each fifth of the records was tried with a card learnt from the others"
        if records.times is None:
            return cls(columns, events, everybody, None, split)
        seen, later = later_rows(records.times)
        if not _has(events[seen], FEWEST) or not _has(events[later], FEWEST_LATER):
            split += "; by time there were too few outcomes on one side"
            return cls(columns, events, everybody, None, split)
        begin = moment_text(moment_of(int(records.times[later].min())))
        split = f"time: learnt from records before {begin}, tried on later ones"
        return cls(columns, events, seen, later, split)

    @property
    def tried(self) -> Rows:
        """The rows that are tried on."""
        return self.seen if self.later is None else self.later

    def said(self, learner: Learner, columns: Sequence[Column] | None = None) -> list[Floats]:
        """What is said of the records tried on, by cards that did not see them; once a draw."""
        own = self.columns if columns is None else columns
        if self.later is None:
            return list(unseen(own, self.events, learner))
        return [learner(self.seen).log_odds(parts(own, self.later))]

    def figures(self, several: Sequence[Floats]) -> Figures:
        """The figures of what was said; the mean of several draws."""
        return mean_figures([figures(said, self.events[self.tried]) for said in several])

    def best_single(self) -> Peer:
        """The column that tells most by itself, and the area of a card of it alone."""
        seen, events = parts(self.columns, self.seen), self.events[self.seen]
        areas = [area_alone(column, events) for column in seen]
        best = self.columns[int(np.argmax(areas))]

        def alone(rows: Rows) -> Says:
            return learn_points([best.part(rows)], self.events[rows])

        return Peer(best.name, self.figures(self.said(alone, [best])).auc)

    def challenger(self) -> Peer:
        """Boosted trees, and their area; raises UsageError where they are not installed."""

        def trees(rows: Rows) -> Says:
            return learn_trees(parts(self.columns, rows), self.events[rows])

        return Peer(NAME, self.figures(self.said(trees)).auc)

    def reached(self, several: Sequence[Floats], capacity: Capacity) -> Reached:
        """Who is among the best, as many as can be reached; ties by their share.

        Of records drawn at random the best of each fifth, which one card has scored: two cards
        give equal records scores that differ a little, the wrong way round.
        """
        events = self.events[self.tried]
        count = min(capacity.of(len(events)), len(events))
        share, hits = count / len(events), 0.0
        for draw, said in enumerate(several):
            groups = [np.arange(len(events))]
            if self.later is None:
                groups = [rest for _, rest in folds(self.events, draw)]
            for own in groups:
                ranked = Ranked.of(np.round(said[own], 9), events[own])
                hits += ranked.captured(share) * float(events[own].sum()) / len(several)
        return Reached(count, len(events), hits, hits / count / float(events.mean()))


def _has(events: Floats, fewest: int) -> bool:
    """Whether there are so many of either outcome."""
    return bool(min(events.sum(), len(events) - events.sum()) >= fewest)
