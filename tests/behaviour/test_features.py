"""Features: what events come to as of a moment, read by conditions like fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.behaviour.features import sums_from
from scoreline.engines.local.engine import LocalEngine
from scoreline.errors import UsageError
from scoreline.jobs.card import Card
from scoreline.scorecard.file import parse_card

CARD = """
scorecard: shop
key: id
fields: {vip: yes/no}
events:
  order: {amount: number, status: choice}
features:
  it: {event: order, TAKE}
terms:
  - {name: as bins, of: it, bins: [{below: 3, points: 1}, {from: 3, points: 2}, {missing: -1}]}
  - {name: with a field, when: vip or it >= 3, points: 10, missing: -20}
segments: [{name: good, from: 5}, {name: rest}]
"""
AS_OF = datetime(2026, 2, 1, tzinfo=UTC)


def card(take: str) -> Card:
    return Card(parse_card(CARD.replace("TAKE", take)))


def order(day: int, amount: object = None, status: str | None = None, **more: object) -> Any:
    at = AS_OF - timedelta(days=day)
    return {"event": "order", "at": at, "amount": amount, "status": status, **more}


def value(take: str, *events: Any) -> float:
    """What a feature is, read from the score of a card that gives it as points' bin."""
    for least in range(100, -1, -1):
        text = CARD.replace("TAKE", take).replace("below: 3", f"below: {least}")
        text = text.replace("from: 3", f"from: {least}")
        result = Card(parse_card(text)).score({"vip": "no"}, events=events, as_of=AS_OF)
        bins = {reason.term: reason.points for reason in result.reasons}
        if bins["as bins"] == 2:
            return least
        if bins["as bins"] == -1:
            return -1
    return -2


MISSING = -1
SOME = (order(1, 5, "Paid"), order(40, 7, "open"), order(400, 9, "paid"), order(-1, 50, "late"))


@pytest.mark.parametrize(
    ("take", "is_"),
    [
        ("take: count", 3),
        ("take: count, within: 365 days", 2),
        ("take: count, within: 1 day", 0),
        ("take: count, where: status = 'PAID'", 2),
        ("take: distinct(status)", 2),
        ("take: sum(amount)", 21),
        ("take: sum(amount), within: 1 hour", 0),
        ("take: first(amount)", 9),
        ("take: last(amount)", 5),
        ("take: last(amount), where: status = 'gone'", MISSING),
        ("take: days since last", 1),
        ("take: days since first, within: 365 days", 40),
        ("take: days since first, within: 1 day", MISSING),
    ],
)
def test_what_is_taken(take: str, is_: float) -> None:
    assert value(take, *SOME) == is_


def test_of_one_moment_the_order_of_recording_decides_and_missing_values_are_skipped() -> None:
    same = (order(5, None), order(5, 2), order(5, 4), order(5, None))
    assert value("take: first(amount)", *same) == 2
    assert value("take: last(amount)", *same) == 4
    late = (order(5, 4), order(6, 3))  # recorded later, happened earlier
    assert (value("take: first(amount)", *late), value("take: last(amount)", *late)) == (3, 4)


def test_a_repeat_of_an_id_is_dropped_before_anything_is_taken() -> None:
    again = (order(5, 4, event_id="a"), order(1, 9, event_id="a"))
    assert value("take: sum(amount)", *again) == 4
    assert value("take: days since last", *again) == 5


@pytest.mark.parametrize(
    ("seconds", "days"), [(0, 0), (86_399, 0), (86_400, 1), (2 * 86_400 - 1, 1)]
)
def test_days_are_whole_days_that_are_over(seconds: int, days: int) -> None:
    event = {"event": "order", "at": AS_OF - timedelta(seconds=seconds)}
    assert value("take: days since last", event) == days


def test_a_feature_is_never_open_even_if_it_is_missing() -> None:
    shop = card("take: last(amount)")
    known = shop.score({"vip": "no"}, events=[], as_of=AS_OF)
    assert (known.score, known.low, known.high, known.ask) == (-21, -21, -21, "")
    unknown = shop.score({}, events=[], as_of=AS_OF)
    assert (unknown.low, unknown.high, unknown.ask) == (-21, 9, "vip")
    settled = shop.score({}, events=[order(1, 3)], as_of=AS_OF)
    assert (settled.score, settled.low, settled.high, settled.certain) == (12, 12, 12, True)


def test_a_card_of_features_needs_to_know_what_happened() -> None:
    shop = card("take: count")
    with pytest.raises(UsageError, match="counts events"):
        shop.score({"vip": "no"})
    with pytest.raises(UsageError, match="counts events"):
        shop.score_typed({"vip": False})
    assert shop.score({"vip": "no"}, events=[]).score == 1


def test_an_engine_without_events_takes_nothing_for_what_happened() -> None:
    model = card("take: count").model
    frame = pl.LazyFrame({"vip": [True]})
    assert LocalEngine(model, AS_OF).lazy(frame).collect()["score"].to_list() == [11]


amounts = st.lists(st.floats(-1e9, 1e9) | st.sampled_from([0.1, 0.00005, 0.00015, 1e11, -1e11]))


@given(amounts, st.randoms(use_true_random=False))
def test_a_sum_is_the_same_in_every_order(values: list[float], random: Random) -> None:
    shuffled = [*values]
    random.shuffle(shuffled)
    assert sums_from(values)[0] == sums_from(shuffled)[0]


def test_sums_are_of_values_at_four_decimals_and_end_at_900_billion() -> None:
    assert sums_from([0.1] * 10)[0] == 1
    assert sums_from([0.00004] * 10)[0] == 0
    assert sums_from([900_719_925_474.0991])[0] == 900_719_925_474.0991
    assert sums_from([900_719_925_474.0991, 0.0001])[0] is None
    assert sums_from([9e11, -9e11])[0] is None
