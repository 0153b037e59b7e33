"""Bursts: events that come too thick for a person are ignored, and said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.bursts import frame_without_bursts
from scoreline.behaviour.happened import Happened
from scoreline.engines.local.expressions import MOMENT
from scoreline.scorecard.file import parse_card

CARD = parse_card("""
scorecard: mail
fields: {name: text}
events:
  letter_opened: {mail: text, ignore: {burst: 3 in 2 seconds}}
  click: {}
features:
  opened: {event: letter_opened, take: count}
terms:
  - {name: opens, event: letter_opened, points: 1}
  - {name: clicks, event: click, points: 1}
  - {name: often, when: opened > 10, points: 1}
""")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def left(
    *seconds: float, kind: str = "letter_opened", as_of: float = 100
) -> tuple[object, object, int]:
    """(points of opens, opened, ignored) of events so many seconds after the start."""
    events = [Happened(kind, START + timedelta(seconds=second)) for second in seconds]
    found = behaviour_of(CARD, events, START + timedelta(seconds=as_of))
    return found.lines[0].points, found.features["opened"], found.ignored


@pytest.mark.parametrize(
    ("seconds", "stay"),
    [
        ((0, 1, 2), 0),
        ((0, 1, 2.000001), 3),
        ((0, 0), 2),
        ((0, 0, 0), 0),
        ((0, 1, 2, 3, 4), 0),
        ((0, 1, 2, 10, 11), 2),
        ((2, 10, 0, 11, 1), 2),
        ((0, 2, 3, 4), 1),
    ],
)
def test_so_many_in_so_short_a_time_are_ignored(seconds: tuple[float, ...], stay: int) -> None:
    assert left(*seconds) == (stay, stay, len(seconds) - stay)


def test_a_file_has_the_bursts_that_a_record_has() -> None:
    """The seconds that the card names are still within, in a table as well."""
    for last, stay in ((2, 0), (2.000001, 3)):
        moments = [START + timedelta(seconds=second) for second in (0, 1, last)]
        events = pl.LazyFrame({"key": ["a"] * 3, "at": moments}).cast({"at": MOMENT})
        burst = CARD.bursts["letter_opened"]
        left_out = frame_without_bursts(events, "key", burst, START + timedelta(seconds=100))
        assert left_out.collect().height == stay


def test_what_happens_after_the_moment_makes_no_burst() -> None:
    assert left(0, 1, 2, as_of=1) == (2, 2, 0)
    assert left(0, 1, 2, as_of=2) == (0, 0, 3)


def test_other_kinds_of_event_have_no_bursts() -> None:
    assert left(0, 0, 0, kind="click") == (0, 0, 0)


def test_repeats_of_an_id_are_one_event() -> None:
    events = [Happened("letter_opened", START, name) for name in ("a", "a", "b", "b")]
    assert behaviour_of(CARD, events, START).ignored == 0
