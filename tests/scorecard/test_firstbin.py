"""The bin of a value by look-up is the first bin whose test holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoreline.language.tree import Ref
from scoreline.scorecard.firstbin import FirstBin
from scoreline.scorecard.model import Bin, OneOf, Otherwise, Range, Term, Test

NUMBERS = st.integers(-4, 4).map(float)
RANGES = st.tuples(st.none() | NUMBERS, st.none() | NUMBERS).map(lambda ends: Range(*ends))
TESTS = RANGES | st.lists(NUMBERS, min_size=1, max_size=3).map(lambda values: OneOf((*values,)))


def term_of(tests: list[Test]) -> Term:
    return Term("t", Ref("n", None, "number", "number"), "n", tuple(Bin(test, 0) for test in tests))


def first_that_holds(tests: list[Test], value: float) -> int | None:
    for number, test in enumerate(tests):
        match test:
            case OneOf(values) if value in values:
                return number
            case Range(lower, upper):
                if (lower is None or value >= lower) and (upper is None or value < upper):
                    return number
            case _:
                pass
    return next((n for n, test in enumerate(tests) if isinstance(test, Otherwise)), None)


@given(st.lists(TESTS, max_size=8), st.booleans(), NUMBERS | st.floats(-5, 5))
def test_the_first_bin_that_holds_is_found(
    tests: list[Test], with_rest: bool, value: float
) -> None:
    tests = [*tests, Otherwise()] if with_rest else tests
    assert FirstBin(term_of(tests))(value) == first_that_holds(tests, value)


@given(st.lists(TESTS, max_size=8))
def test_below_is_where_a_value_under_every_edge_falls(tests: list[Test]) -> None:
    assert FirstBin(term_of(tests)).below() == first_that_holds(tests, -1e9)


def test_thousands_of_bins_are_looked_up_at_once() -> None:
    edges = [float(n) for n in range(5_000)]
    first = FirstBin(term_of([Range(n, n + 1) for n in edges] + [OneOf((-n,)) for n in edges]))
    assert [first(4_321.5), first(-4_321.0), first(-0.5)] == [4_321, 9_321, None]
