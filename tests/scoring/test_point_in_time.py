"""Each row sees what had happened by its own moment, and nothing from after it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import polars as pl
import pytest

from scoreline.behaviour.as_of import behaviour_of
from scoreline.behaviour.happened import Happened
from scoreline.errors import ScorelineError
from scoreline.jobs.card import Card
from scoreline.scorecard.file import parse_card

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CARD = """\
scorecard: behaviour
key: id
fields: {name: {type: text, optional: yes}}
events:
  order: {amount: number, status: choice, ignore: {burst: 3 in 2 seconds}}
  visit: {channel: choice}
features:
  orders:  {event: order, take: count, within: 20 days}
  spent:   {event: order, take: sum(amount), where: "status = 'paid'"}
  last:    {event: order, take: last(amount)}
  first:   {event: visit, take: first(channel)}
  ways:    {event: visit, take: distinct(channel)}
  days:    {event: order, take: days since last}
MORE
terms:
  - {name: many, when: orders > 2, points: 1}
  - {name: visits, event: visit, points: 2, half_life: 5 days, cap: 6}
  - {name: ways in, event: visit, count: distinct(channel), points: 1, within: 9 days}
"""
CALENDAR = """\
  new:     {event: visit, take: count, where: "at >= '2026-01-15'"}
  when:    {event: visit, take: last(at)}
"""


def drawn(random: Random, upto: dt.datetime | None = None) -> list[dict[str, object]]:
    """Events of five records within sixty days; some in bursts."""
    found = []
    for number in range(150):
        at = START + dt.timedelta(seconds=random.randrange(60 * 86_400))
        for _ in range(random.choice([1, 1, 1, 1, 3])):
            found.append(
                {
                    "id": str(random.randrange(5)),
                    "event": random.choice(["order", "visit"]),
                    "at": at,
                    "event_id": f"{number}-{len(found)}",
                    "amount": random.randrange(1_000) / 7,
                    "status": random.choice(["paid", "open"]),
                    "channel": random.choice("abc"),
                }
            )
    return found


def rows_of(random: Random) -> pl.DataFrame:
    """Records, several times each, at moments of their own; one that did nothing ever."""
    moments = [START + dt.timedelta(hours=random.randrange(60 * 24)) for _ in range(40)]
    keys = [str(random.randrange(6)) for _ in moments]
    return pl.DataFrame({"id": keys, "decided": moments})


@pytest.mark.parametrize("more", ["", CALENDAR], ids=["moved in time", "moment by moment"])
@pytest.mark.parametrize("seed", range(4))
def test_each_row_is_what_the_record_alone_comes_to_at_its_moment(seed: int, more: str) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    card = parse_card(CARD.replace("MORE\n", more))
    events, rows = drawn(random), rows_of(random)
    found = Card(card).behaviour_table(rows, pl.DataFrame(events), "decided")
    assert found["id"].to_list() == rows["id"].to_list()
    for row in found.iter_rows(named=True):
        past = [one for one in events if one["id"] == row["id"]]
        happened = [
            Happened(
                str(one["event"]),
                one["at"],  # type: ignore[arg-type]
                str(one["event_id"]),
                {n: one[n] for n in ("amount", "status", "channel")},
            )
            for one in past
        ]
        expected = behaviour_of(card, happened, row["at"])
        assert {n: row[n] for n in expected.features} == dict(expected.features)
        for line in expected.lines:
            assert row[line.term] == line.points


@pytest.mark.parametrize("more", ["", CALENDAR], ids=["moved in time", "moment by moment"])
def test_planted_events_of_the_future_change_nothing(more: str) -> None:
    random = Random(1)  # noqa: S311 - no secret
    card = Card(parse_card(CARD.replace("MORE\n", more)))
    events, rows = drawn(random), rows_of(random)
    last = dict(rows.sort("decided").iter_rows())
    tick = dt.timedelta(microseconds=1)
    planted = [
        {**one, "id": key, "event_id": f"planted-{key}-{n}", "at": moment + tick}
        for key, moment in last.items()
        for n, one in enumerate(events[:6])
    ]
    before = card.behaviour_table(rows, pl.DataFrame(events), "decided")
    after = card.behaviour_table(rows, pl.DataFrame([*planted, *events]), "decided")
    assert after.equals(before)
    # One microsecond earlier the same events are seen.
    seen = [{**one, "at": one["at"] - tick} for one in planted]
    assert not card.behaviour_table(rows, pl.DataFrame([*events, *seen]), "decided").equals(before)


def test_rows_without_a_moment_are_refused() -> None:
    card = Card(parse_card(CARD.replace("MORE\n", "")))
    events = pl.DataFrame(drawn(Random(2)))  # noqa: S311 - no secret
    rows = pl.DataFrame({"id": ["1", "2"], "decided": ["2026-01-20", "soon"]})
    with pytest.raises(ScorelineError, match="1 of 2 rows"):
        card.behaviour_table(rows, events, "decided")
    with pytest.raises(ScorelineError, match="no column `decide`"):
        card.behaviour_table(rows, events, "decide")


def test_the_draws_meet_what_they_are_for() -> None:
    random = Random(0)  # noqa: S311 - no secret
    kinds = Counter(str(one["event"]) for one in drawn(random))
    assert min(kinds["order"], kinds["visit"]) > 50
