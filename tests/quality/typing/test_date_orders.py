"""The order of dates: a habit is proved by a share of the dates, slips prove nothing."""

from __future__ import annotations

import datetime as dt
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.quality.duplicates.standard import date_order
from scoreline.quality.typing.date_orders import Order, Proved, order_proved

WRITTEN: dict[Order, str] = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%y-%m-%d"}


def dates(
    count: int, form: str, years: tuple[int, int] = (2020, 2026), last: int = 28
) -> list[str]:
    """Dates of the first days of months, drawn evenly."""
    rng = Random(1)  # noqa: S311 - dates to try, no secrets
    days = ((rng.randint(*years), rng.randint(1, 12), rng.randint(1, last)) for _ in range(count))
    return [f"{dt.date(*day):{form}}" for day in days]


def proved(cells: list[str]) -> Order | None:
    found = order_proved(pl.Series(cells, dtype=pl.String))
    return None if found is None else found.order


@pytest.mark.parametrize("order", WRITTEN)
def test_a_habit_is_proved_and_a_few_slips_change_nothing(order: Order) -> None:
    """One date in a hundred may be a slip; the years of two digits are those no day can be."""
    cells = dates(1000, WRITTEN[order], (1940, 1999))
    slips = ["13/14/2026", "31/04/26"] + ["04/13/2026", "13/04/2026"] * (order != "ymd")
    assert proved(cells) == order
    assert proved(cells + slips) == order


def test_slips_prove_no_order() -> None:
    """3,000 days of dd/mm/yy could be read year first; impossible days do not make it so."""
    cells = dates(3000, "%d/%m/%y")
    assert proved(cells) is None
    assert proved([*cells, "31/04/26", "31/06/25", "31/11/24"]) is None


def test_slips_do_not_turn_a_column_of_early_days_round() -> None:
    cells = dates(5000, "%d/%m/%Y", last=10)
    assert proved([*cells, "04/13/2026", "04/14/2026", "05/15/2026"]) is None


def test_no_year_is_first_where_one_stands_last() -> None:
    """A single 13/04/2026 settles what years of two digits leave open."""
    cells = dates(1000, "%y-%m-%d", (1940, 1999))
    assert proved(cells) == "ymd"
    assert proved([*cells, "13/04/2026"]) is None
    assert proved([*dates(1000, "%d/%m/%y"), "13/04/2026"]) == "dmy"


@settings(deadline=None)
@given(
    st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=60),
    st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%d-%m-%y", "%y/%m/%d"]),
)
def test_what_is_proved_fails_at_one_in_a_hundred_at_most(days: list[dt.date], form: str) -> None:
    cells = [f"{day:{form}}" for day in days]
    found = order_proved(pl.Series(cells))
    if found is not None:
        assert found.cells >= max(3, 0.078 * len(cells))
        assert found == order_proved(pl.Series(cells[::-1])), "in whatever order they stand"


def test_duplicates_ask_the_same_rule() -> None:
    """They need an order in any case: day first where none is proved."""
    for form in WRITTEN.values():
        cells = dates(500, form, (1940, 1999))
        assert date_order(cells) == proved(cells)
    slips = [*dates(5000, "%d/%m/%Y", last=10), "04/13/2026", "04/14/2026", "05/15/2026"]
    assert date_order(slips) == "dmy"
    assert order_proved(pl.Series([None], dtype=pl.String)) is None
    assert order_proved(pl.Series(["13/04/2026"] * 3)) == Proved("dmy", 3)
