"""Columns that seem to know the outcome: filled in after it, or because of it.

A score is made before the outcome. What is known only afterwards predicts too well, and a card
made with it is worth nothing. Three signs: a column that alone ranks better than all ordinary ones
together; one whose being filled in tells the outcome; one whose name says that it tells how the
record ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoreline.learn.columns import Column, Floats, parts
from scoreline.learn.cutting import fine_bins
from scoreline.learn.measures import Ranked
from scoreline.learn.methods.points import learn_points
from scoreline.learn.validation.figures import folds

STRONG = 0.8
"""Area above which a column by itself is looked at: single fields known before an outcome reach
0.75 in the sets of the docs, what is known after it begins at 0.8."""
SURE = 0.95
"""Area of a column that is told though there is nothing to compare it with."""
FILLED = 0.75
"""Area of whether there is a value, above which the filling in itself tells the outcome."""


ENDS = frozenset(
    {"outcome", "won", "lost", "close", "closed", "churned", "converted", "conversion", "defaulted"}
)
"""Words of a name that tell how a record ended."""
EARLIER = frozenset({"previous", "prev", "prior", "last", "former", "before", "past"})
"""Words that say that it is the end of an earlier one."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A column that seems to know the outcome, and the sign of it."""

    column: str
    why: str


def find_leaks(columns: Sequence[Column], events: Floats) -> list[Leak]:
    """The columns that seem to know the outcome, in their order.

    events: 1 for an event and 0 for none, at least five of each.
    """
    alone = {column.name: area_alone(column, events) for column in columns}
    found: dict[str, str] = {}
    for column in columns:
        filled = _filled_area(column, events)
        if filled >= FILLED:
            found[column.name] = f"whether it is filled in tells the outcome (area {filled:.2f})"
        elif _names_the_end(column.name):
            found[column.name] = "its name says that it tells how a record ended"
    strong = [c for c in columns if c.name not in found and alone[c.name] >= STRONG]
    plain = [c for c in columns if c.name not in found and alone[c.name] < STRONG]
    others = _area_of_all(plain, events) if strong else 0.0
    for column in strong:
        area = alone[column.name]
        if area > (others if plain else SURE):
            found[column.name] = (
                f"alone it tells more than all other fields together (area {area:.2f} against "
                f"{others:.2f})"
            )
    return [Leak(column.name, found[column.name]) for column in columns if column.name in found]


def _names_the_end(name: str) -> bool:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)  # CloseDate
    words = set(re.findall(r"[^\W_]+", apart.casefold()))
    return bool(words & ENDS) and not words & EARLIER


def area_alone(column: Column, events: Floats) -> float:
    """The area of a column by itself: of the rate of each fine bin, by records outside of it."""
    cutter = fine_bins(column, events, np.ones(len(events)))
    if cutter is None:
        return 0.5
    places = cutter.places(column)
    said = np.empty(len(events))
    rate = float(events.mean())
    for seen, rest in folds(events):
        hits = np.bincount(places[seen], events[seen], cutter.size) + rate
        all_ = np.bincount(places[seen], minlength=cutter.size) + 1.0
        said[rest] = (hits / all_)[places[rest]]
    return Ranked.of(said, events).auc


def _area_of_all(columns: Sequence[Column], events: Floats) -> float:
    """The area of a card of several columns, on records that it has not seen."""
    if not columns:
        return 0.5
    seen, rest = next(iter(folds(events)))
    table = learn_points(parts(columns, seen), events[seen])
    return Ranked.of(table.scores(parts(columns, rest)), events[rest]).auc


def _filled_area(column: Column, events: Floats) -> float:
    """The area of whether there is a value, whichever way it points."""
    there = column.there
    if there.all() or not there.any():
        return 0.5
    area = Ranked.of(there.astype(np.float64), events).auc
    return max(area, 1 - area)
