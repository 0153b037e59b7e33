"""What records did before their moment, as columns to learn from and as features of a card.

Of each kind of event it counts how many there were in a month, a quarter and a year, and how many
days ago the last one was. A card takes the same from events as of any moment, so what was learnt is
what is scored; nothing that happened after a record's own moment is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError, did_you_mean
from scoreline.jobs.learning.asked import LeftOut
from scoreline.language.names import written
from scoreline.learn.columns import Numbers
from scoreline.learn.wording import Clue
from scoreline.quality.headers import header_of
from scoreline.quality.text import normal
from scoreline.scorecard.events import AT
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.yamltree import write_tree
from scoreline.scoring.events import KIND, Events, event_rows
from scoreline.scoring.point_in_time import behaviour_at
from scoreline.scoring.sources import opened

DAYS = (30, 90, 365)
"""Within so many days events are counted: a month, a quarter, a year."""
MOST_KINDS = 20
"""Kinds of events that are learnt from, the commonest."""
Entries = dict[str, Any]


@dataclass(frozen=True)
class Happened:
    """What records did: columns with their clues, and how a card takes each, by its name.

    features: the entry of each column in the card; left_out: kinds of events that are too many, and
    columns that are not wanted, each with the reason.
    """

    columns: tuple[Numbers, ...] = ()
    clues: tuple[Clue, ...] = ()
    features: Mapping[str, Entries] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


def happened(
    events: Events,
    rows: pl.DataFrame,
    key: str,
    taken: frozenset[str],
    unwanted: Collection[str] = (),
) -> Happened:
    """What the records of some rows did before their moments.

    rows: `__key__` and `at`, the moment of each; key: what it is called in the file of events;
    taken: names that fields have already; unwanted: columns that are not learnt from.

    Raises DataError for a file that is no file of events.
    """
    kinds = _kinds(events, key)
    features = dict(_features(kinds[:MOST_KINDS], taken))
    asked: dict[str, Any] = {
        "scorecard": "events",
        "key": key,
        "fields": {},
        "events": {one["event"]: {} for one in features.values()},
        "features": features,
        "terms": [
            {"name": name, "when": f"{written(name)} > 0", "points": "1"} for name in features
        ],
    }
    card = parse_card(write_tree(asked))
    with event_rows(events, card) as there:
        assert there is not None  # noqa: S101  the card counts events, and there is a file
        found = behaviour_at(card, rows, there)
    wanted = {name: one for name, one in features.items() if name not in unwanted}
    columns = tuple(
        Numbers(name, found[name].cast(pl.Float64).fill_null(float("nan")).to_numpy())
        for name in wanted
    )
    clues = tuple(Clue(name, name, written(name)) for name in wanted)
    rare = f"events of this kind are not among the {MOST_KINDS} commonest"
    left_out = (
        *(LeftOut(name, "you left it out") for name in features if name in unwanted),
        *(LeftOut(kind, rare) for kind in kinds[MOST_KINDS:]),
    )
    return Happened(columns, clues, wanted, left_out)


def _kinds(events: Events, key: str) -> list[str]:
    """The kinds of events of a file, the commonest first."""
    assert events is not None  # noqa: S101  asked for only where a file is named
    with opened(events) as table:  # type: ignore[arg-type]  # a file or a frame
        for name in (KIND.name, AT.name, key):
            if header_of([name], table.columns) is None:
                raise DataError(
                    f"The file of events has no column `{name}`.",
                    did_you_mean(name, table.columns) or "It has the key, `event` and `at`.",
                )
        header = header_of([KIND.name], table.columns) or KIND.name
        kinds = table.frame.select(exactly(header).cast(pl.String)).collect(engine="streaming")
    counts = Counter(normal(kind or "") for kind in kinds.to_series().to_list())
    del counts[""]
    if not counts:
        raise DataError("The file of events holds none.", "")
    return [kind for kind, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _features(kinds: list[str], taken: frozenset[str]) -> Iterator[tuple[str, Entries]]:
    """What is taken of each kind, under a name that no field has."""
    for kind in kinds:
        plain = kind.replace(".", " ")
        for days in DAYS:
            entry = {"event": kind, "take": "count", "within": f"{days} days"}
            yield _free(f"{plain} in {days} days", taken), entry
        yield _free(f"days since {plain}", taken), {"event": kind, "take": "days since last"}


def _free(name: str, taken: frozenset[str]) -> str:
    while name in taken:
        name += " (events)"
    return name
