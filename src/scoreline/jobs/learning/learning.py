"""Learn a card: read, leave out what knows the outcome, fit, try it on unseen records, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from scoreline.errors import DataError, UsageError, counted, did_you_mean
from scoreline.jobs.learning.asked import FEWEST, WEAK, LearnAsked, Learned, LeftOut
from scoreline.jobs.learning.columns import dated_later
from scoreline.jobs.learning.reading import Records, read_records
from scoreline.jobs.learning.trying import Trial
from scoreline.learn.card import Frame, learned_card
from scoreline.learn.columns import Column, Floats, Numbers, parts
from scoreline.learn.methods.learners import PAIRED, learn_table
from scoreline.learn.methods.pairs import gaining_pairs
from scoreline.learn.methods.short import STRAIGHT
from scoreline.learn.probability import Band, bands, tenths
from scoreline.learn.table import LearnOptions, PointsTable
from scoreline.learn.validation.figures import Figures, Rows
from scoreline.learn.validation.leaks import find_leaks
from scoreline.learn.validation.maturity import fades
from scoreline.learn.validation.stability import Stability, stability
from scoreline.quality.text import normal
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.sources import Source


def learn(data: Source, asked: LearnAsked) -> Learned:
    """A card learnt from a file of records and what became of them.

    Raises DataError for too few outcomes, saying how many are missing.
    """
    _check_options(asked)
    records = read_records(data, asked)
    events = records.events
    _check_enough(events, asked)
    leaks = find_leaks(records.columns, events)
    suspected = {leak.column: leak.why for leak in leaks} | dated_later(
        records.fields, records.columns
    )
    leaking = {name: why for name, why in suspected.items() if name not in asked.insisted}
    columns = [column for column in records.columns if column.name not in leaking]
    if not columns:
        raise _nothing_left(records, leaking)
    _check_trends(columns, asked)
    _check_pairs(columns, asked)
    learner = partial(_table, columns, records, asked)
    trial = Trial.of(columns, records)
    several = trial.said(learner)
    worth, said = trial.figures(several), np.mean(several, axis=0)
    seen, table = trial.seen, learner(trial.seen)
    if not table.columns:
        raise _nothing_told(table, asked)
    outcomes = events[trial.tried]
    means = bands(np.rint((said - table.intercept) / table.unit), outcomes)
    card, text = _card(records, asked, table, trial, worth, means)
    hits = int(events[seen].sum())
    return Learned(
        card=card,
        text=text,
        table=table,
        clues=records.clues,
        bands=means,
        target=_in_time(asked, records),
        rows=len(seen),
        positives=hits,
        open=records.open,
        split=trial.split,
        figures=worth,
        left_out=_left_out(records, table, leaking, asked),
        insisted=tuple(
            LeftOut(name, why, leak=True) for name, why in suspected.items() if name not in leaking
        ),
        findings=records.findings,
        counts=records.counts,
        weak=min(hits, len(seen) - hits) < WEAK,
        best_single=trial.best_single(),
        challenger=trial.challenger() if asked.challenger else None,
        reached=None if asked.capacity is None else trial.reached(several, asked.capacity),
        stability=_stability(table, columns, trial),
        groups=tenths(said, outcomes),
        method=asked.method,
        window=records.window,
        fades=records.window is None and records.times is not None and fades(records.times, events),
    )


def _in_time(asked: LearnAsked, records: Records) -> str:
    """What the card foresees, in words."""
    within = f" within {records.window.days} days" if records.window else ""
    return f"{asked.target.text}{within}"


def _nothing_told(table: PointsTable, asked: LearnAsked) -> DataError:
    """Why there is no card."""
    more = "" if asked.method == "points" else ", or try --method points, which asks for less"
    told = [f"{name}: {why}." for name, why in list(table.left_out.items())[:5]]
    return DataError(
        f"No column tells more about {asked.target.text} than chance does: there is no card.",
        "\n".join([*told, f"Say columns that may tell it{more}."]),
    )


def _check_options(asked: LearnAsked) -> None:
    """Refuses options that contradict one another."""
    both = [name for name in asked.insisted if name in asked.left_out]
    if both:
        raise UsageError(
            f"`{both[0]}` is to be left out and insisted on.", "Say --without or --insist."
        )
    if asked.key is not None and normal(asked.key) == asked.target.column:
        raise UsageError(
            f"`{asked.key}` can't be both the target and the --key.",
            "The key is another column: the one that names a record.",
        )
    if asked.doubling and asked.method == "short":
        raise UsageError(
            "A short card chooses its own scale: its points lie within 5.",
            "Leave --double out, or take another --method.",
        )


def _stability(table: PointsTable, columns: Sequence[Column], trial: Trial) -> Stability | None:
    """How much records have changed; at random the parts are alike, and it says nothing."""
    if trial.later is None:
        return None
    return stability(table, parts(columns, trial.seen), parts(columns, trial.later))


def _nothing_left(records: Records, leaking: Mapping[str, str]) -> DataError:
    told = [f"{one.field}: {one.why}." for one in records.left_out]
    told += [f"{name}: {why}; --insist {name} takes it." for name, why in leaking.items()]
    more = [f"And {len(told) - 5:,} more."] if len(told) > 5 else []
    return DataError("No column is left to learn from.", "\n".join([*told[:5], *more]))


TOGETHER = "together they tell nothing beside their sum"


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
    trial: Trial,
    worth: Figures,
    means: Sequence[Band],
) -> tuple[Scorecard, str]:
    """The card of a table: its segments are twice and half the average odds."""
    hits = records.events[trial.seen]
    rate = float(hits.mean())
    used = table.columns
    middle = (float(np.log(rate / (1 - rate))) - table.intercept) / table.unit
    above, below = (int(np.ceil(middle + step * table.doubling)) for step in (1, -1))
    above = max(above, below + 1)  # where less than a point doubles the odds
    frame = Frame(
        name=asked.name,
        title=f"How likely is {_in_time(asked, records)}?",
        objective=f"Learnt from {counted(len(hits), 'record')} and their outcomes",
        key=records.key,
        segments=(("high", above), ("medium", below), ("low", None)),
        bands=means,
        of=_in_time(asked, records),
        learned={
            "method": asked.method,
            "from": f"{counted(len(hits), 'record')}, {int(hits.sum()):,} with "
            f"{_in_time(asked, records)}",
            "tried": trial.split,
            "AUC": f"{worth.auc:.4f}",
        },
        features=records.features,
    )
    clues = [clue for clue in records.clues if clue.column in used]
    read = {clue.reads for clue in clues}
    return learned_card(
        table,
        clues,
        [one for one in records.fields if one.name in read],
        frame,
    )


def _left_out(
    records: Records, table: PointsTable, leaking: Mapping[str, str], asked: LearnAsked
) -> tuple[LeftOut, ...]:
    """All columns, and tables asked for, that are not in the card, with the reason of each."""
    paired = {frozenset(pair.columns) for pair in table.pairs}
    unused = [pair for pair in asked.pairs or () if frozenset(pair) not in paired]
    return (
        *(LeftOut(" with ".join(pair), TOGETHER) for pair in unused),
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
