"""Columns that know the outcome are told; those that only predict well are not."""

import numpy as np
import pytest

from scoreline.learn.columns import Levels, Numbers
from scoreline.learn.validation.leaks import find_leaks
from tests.learn.people import people


def test_clean_columns_are_not_told() -> None:
    columns, bought, _ = people(5_000)
    assert find_leaks(columns, bought) == []


def test_a_column_filled_in_after_the_sale_is_told() -> None:
    columns, bought, _ = people(5_000)
    random = np.random.default_rng(1)
    date = Numbers("paid", np.where(bought == 1, random.random(5_000), np.nan))
    assert [leak.column for leak in find_leaks([*columns, date], bought)] == ["paid"]


def test_a_copy_of_the_outcome_is_told_even_with_slips() -> None:
    columns, bought, _ = people(5_000)
    slips = np.random.default_rng(1).random(5_000) < 0.05
    copy = Levels.of("stage", np.where((bought == 1) ^ slips, "closed", "still open").tolist())
    found = find_leaks([*columns, copy], bought)
    assert [leak.column for leak in found] == ["stage"]
    assert "alone it tells more" in found[0].why


def test_two_leaks_do_not_hide_each_other() -> None:
    columns, bought, _ = people(5_000)
    random = np.random.default_rng(1)
    calls = Numbers("length of the call", bought * 300 + random.normal(200, 150, 5_000))
    visits = Numbers("pages of the order", bought * 3 + random.normal(2, 1.5, 5_000))
    found = {leak.column for leak in find_leaks([*columns, calls, visits], bought)}
    assert found == {"length of the call", "pages of the order"}


def test_a_name_may_say_it() -> None:
    columns, bought, _ = people(2_000)
    random = np.random.default_rng(1)
    weak = [
        Numbers(name, bought + random.normal(0, 5, 2_000))
        for name in ("lost_reason", "outcome of the call", "previous outcome", "poutcome", "slow")
    ]
    found = [leak.column for leak in find_leaks([*columns, *weak], bought)]
    assert found == ["lost_reason", "outcome of the call"]


@pytest.mark.parametrize("name", ["CloseDate", "IsWon", "ConvertedDate", "lostReason", "is_won"])
def test_names_of_other_programs_tell_the_end_too(name: str) -> None:
    random = np.random.default_rng(0)
    column = Numbers(name, random.normal(size=500))
    other = Numbers("LastWonDeal", random.normal(size=500))
    events = (random.random(500) < 0.3).astype(np.float64)
    assert [leak.column for leak in find_leaks([column, other], events)] == [name]
