"""Learn a card: read, leave out what knows the outcome, fit, try it on unseen records, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from scoreline.errors import DataError, UsageError, counted, did_you_mean
from scoreline.jobs.learning.asked import FEWEST, WEAK, LearnAsked, Learned, LeftOut
from scoreline.jobs.learning.reading import Records, dated_later, read_records
from scoreline.learn.card import Frame, learned_card
from scoreline.learn.columns import Column, Floats, Numbers, parts
from scoreline.learn.leaks import find_leaks
from scoreline.learn.maturity import fades
from scoreline.learn.methods import PAIRED, learn_table
from scoreline.learn.pairs import gaining_pairs
from scoreline.learn.probability import Band, bands
from scoreline.learn.short import STRAIGHT
from scoreline.learn.table import LearnOptions, PointsTable
from scoreline.learn.validation import (
    Figures,
    Learner,
    Rows,
    figures,
    later_rows,
    mean_figures,
    unseen,
)
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.moments import moment_text
from scoreline.scoring.sources import Source
from scoreline.store.moments import moment_of


def learn(data: Source, asked: LearnAsked) -> Learned:
    """A card learnt from a file of records and what became of them.

    Raises DataError for too few outcomes, saying how many are missing.
    """
    records = read_records(data, asked)
    events = records.events
    _check_enough(events, asked)
    leaks = find_leaks(records.columns, events)
    leaking = {leak.column: leak.why for leak in leaks} | dated_later(records)
    leaking = {name: why for name, why in leaking.items() if name not in asked.insisted}
    columns = [column for column in records.columns if column.name not in leaking]
    if not columns:
        raise _nothing_left(records, leaking)
    _check_trends(columns, asked)
    _check_pairs(columns, asked)
    learner = partial(_table, columns, records, asked)
    tried = _tried(columns, records, learner)
    seen = tried.seen
    table = learner(seen)
    means = bands(np.rint((tried.log_odds - table.intercept) / table.unit), tried.events)
    card, text = _card(records, asked, table, tried, means)
    hits = int(events[seen].sum())
    return Learned(
        card=card,
        text=text,
        table=table,
        clues=records.clues,
        bands=means,
        target=asked.target.text,
        rows=len(seen),
        positives=hits,
        open=records.open,
        split=tried.split,
        figures=tried.figures,
        left_out=_left_out(records, table, leaking),
        findings=records.findings,
        counts=records.counts,
        weak=min(hits, len(seen) - hits) < WEAK,
        window=records.window,
        fades=records.window is None and records.times is not None and fades(records.times, events),
    )


def _nothing_left(records: Records, leaking: Mapping[str, str]) -> DataError:
    told = [f"{one.field}: {one.why}." for one in records.left_out]
    told += [f"{name}: {why}; --insist {name} takes it." for name, why in leaking.items()]
    more = [f"And {len(told) - 5:,} more."] if len(told) > 5 else []
    return DataError("No column is left to learn from.", "\n".join([*told[:5], *more]))


def _check_trends(columns: Sequence[Column], asked: LearnAsked) -> None:
    """Refuses trends of columns that are no numbers or are not learnt from."""
    numbers = [column.name for column in columns if isinstance(column, Numbers)]
    for name, trend in asked.trends.items():
        if name not in numbers:
            raise UsageError(
                f"`--trend {name}={trend}`: `{name}` is no column of numbers that is learnt from.",
                did_you_mean(name, numbers) or f"Columns of numbers: {', '.join(numbers)}.",
            )
        if asked.method in ("short", "additive") and trend not in STRAIGHT:
            raise UsageError(
                f"`--trend {name}={trend}`: with --method {asked.method} points rise or fall.",
                f"Say {name}=ascending or {name}=descending, or take another --method.",
            )


def _check_pairs(columns: Sequence[Column], asked: LearnAsked) -> None:
    """Refuses pairs of columns that are not learnt from, or are locked, or of another method."""
    names = [column.name for column in columns]
    for pair in asked.pairs or ():
        told = f"`--pair {','.join(pair)}`"
        for name in pair:
            if name not in names:
                raise UsageError(
                    f"{told}: there is no column `{name}` to learn from.",
                    did_you_mean(name, names) or f"Columns: {', '.join(names)}.",
                )
            if name in asked.trends:
                raise UsageError(
                    f"{told}: a table over `{name}` can't keep its --trend.",
                    "Leave out one of the two.",
                )
        if asked.method not in PAIRED:
            raise UsageError(
                f"{told} is for --method {' and '.join(PAIRED)}.", "Leave out one of the two."
            )


def _card(
    records: Records,
    asked: LearnAsked,
    table: PointsTable,
    tried: Tried,
    means: Sequence[Band],
) -> tuple[Scorecard, str]:
    """The card of a table: its segments are twice and half the average odds."""
    hits = records.events[tried.seen]
    rate = float(hits.mean())
    used = table.columns
    middle = (float(np.log(rate / (1 - rate))) - table.intercept) / table.unit
    above, below = (int(np.ceil(middle + step * table.doubling)) for step in (1, -1))
    frame = Frame(
        name=asked.name,
        title=f"How likely is {asked.target.text}?",
        objective=f"Learnt from {counted(len(records.events), 'record')} and their outcomes",
        key=records.key,
        segments=(("high", above), ("medium", below), ("low", None)),
        bands=means,
        of=asked.target.text,
        learned={
            "method": asked.method,
            "from": f"{counted(len(hits), 'record')}, {int(hits.sum()):,} with {asked.target.text}",
            "tried": tried.split,
            "AUC": f"{tried.figures.auc:.4f}",
        },
    )
    return learned_card(
        table,
        [clue for clue in records.clues if clue.column in used],
        [one for one in records.fields if one.name in used],
        frame,
    )


def _left_out(
    records: Records, table: PointsTable, leaking: Mapping[str, str]
) -> tuple[LeftOut, ...]:
    """All columns that are not in the card, with the reason of each."""
    return (
        *(LeftOut(name, why, leak=True) for name, why in leaking.items()),
        *records.left_out,
        *(LeftOut(name, why) for name, why in table.left_out.items()),
    )


def _check_enough(events: Floats, asked: LearnAsked) -> None:
    """Refuses too few outcomes."""
    hits = int(events.sum())
    others = len(events) - hits
    if min(hits, others) >= FEWEST:
        return
    lacking = [
        f"{FEWEST - count} more {what}"
        for count, what in ((hits, f"with {asked.target.text}"), (others, "without"))
        if count < FEWEST
    ]
    raise DataError(
        f"{counted(hits, 'record')} with {asked.target.text} and {others:,} without: too few to "
        f"learn from.",
        f"At least {FEWEST} of each are needed: {' and '.join(lacking)}.",
    )


def _table(
    columns: Sequence[Column], records: Records, asked: LearnAsked, rows: Rows
) -> PointsTable:
    """A table learnt from some of the records, as it is asked for."""
    own, events = parts(columns, rows), records.events[rows]
    options = LearnOptions(
        asked.doubling, asked.trends, scale=asked.scale, most_terms=asked.conditions
    )
    if asked.method in PAIRED and asked.pairs != ():
        times = None if records.times is None else records.times[rows]
        pairs = gaining_pairs(own, events, times, options) if asked.pairs is None else asked.pairs
        options = replace(options, pairs=pairs)
    table = learn_table(asked.method, own, events, options=options)
    if asked.progress is not None:
        asked.progress(len(events))
    return table


@dataclass(frozen=True)
class Tried:
    """How a card was tried on records that it has not seen.

    split: in words; seen: the rows to learn from; figures: of unseen records; log_odds, events:
    what was said of them, and what became of them.
    """

    split: str
    seen: Rows
    figures: Figures
    log_odds: Floats
    events: Floats


def _tried(columns: Sequence[Column], records: Records, learner: Learner) -> Tried:
    """By time if there is one and it leaves enough outcomes on both sides, else at random."""
    events = records.events
    if records.times is not None:
        seen, later = later_rows(records.times)
        if _enough(events[seen]) and len(set(events[later])) == 2:
            table = learner(seen)
            said = table.log_odds(parts(columns, later))
            begin = moment_text(moment_of(int(records.times[later].min())))
            split = f"time: learnt from records before {begin}, tried on later ones"
            return Tried(split, seen, figures(said, events[later]), said, events[later])
    several = list(unseen(columns, events, learner))
    split = "random: each fifth of the records was tried with a card learnt from the others"
    if records.times is not None:
        split += "; by time there were too few outcomes on one side"
    worth = mean_figures([figures(said, events) for said in several])
    return Tried(split, np.arange(len(events)), worth, np.mean(several, axis=0), events)


def _enough(events: Floats) -> bool:
    return bool(min(events.sum(), len(events) - events.sum()) >= FEWEST)
