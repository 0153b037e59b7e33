"""A few values stand for all: compared with many values, one by one."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.lines import NUMBER, WHOLE, number_at, number_place, stand_ins
from scoreline.scorecard.checks.numbersets import PIECE, NumberSet
from scoreline.scorecard.checks.texts import Part, text_stand_ins
from scoreline.scorecard.model import Clamp
from tests.scorecard.checks.checking import PATIENT

parts = st.builds(
    Part,
    st.sampled_from(("starts_with", "ends_with", "contains")),
    st.text("ab", min_size=1, max_size=2),
)
numbers = st.integers(-3 * PIECE, 3 * PIECE)


@given(st.sets(st.text("ab", min_size=1, max_size=3), max_size=2), st.sets(parts, max_size=4))
def test_texts_pass_the_tests_that_any_text_passes(literals: set[str], tests: set[Part]) -> None:
    def kind(text: str) -> object:
        return (text if text in literals else None, frozenset(t for t in tests if t.within(text)))

    found = text_stand_ins(sorted(literals), sorted(tests, key=repr), Clock(PATIENT))
    assert found is not None
    # Three letters, one of them in no test; 7 hold two starts, two parts and two ends side by side.
    texts = ("".join(t) for n in range(1, 7) for t in itertools.product("abx", repeat=n))
    assert {kind(text) for text in texts} <= {kind(text) for text in found}


def test_a_text_never_begins_or_ends_with_a_blank() -> None:
    found = text_stand_ins([], [Part("starts_with", " a"), Part("contains", " a")], Clock(PATIENT))
    assert found is not None
    assert not any(text.startswith(" ") for text in found)
    assert any(" a" in text for text in found)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_neighbouring_doubles_have_neighbouring_places(number: float) -> None:
    assert number_at(number_place(number)) == number
    above = math.nextafter(number, math.inf)
    if math.isfinite(above):
        assert number_place(above) - number_place(number) == 1


@pytest.mark.parametrize(("line", "cuts"), [(WHOLE, [2.5, 3.0, -1e300]), (NUMBER, [0.0, 1e308])])
def test_cuts_stand_for_themselves_and_gaps_have_one(line: object, cuts: list[float]) -> None:
    found = stand_ins(line, cuts)  # type: ignore[arg-type]
    assert list(found) == sorted(found)
    assert {cut for cut in cuts if cut.is_integer() and abs(cut) < 1e300} <= set(found)


@given(st.sets(numbers, max_size=6), st.sets(numbers, max_size=6), numbers)
def test_sums_are_sets(a: set[int], b: set[int], n: int) -> None:
    ours, other = NumberSet.of(a), NumberSet.of(b)
    assert list(ours.numbers()) == sorted(a)
    assert set((ours | other).numbers()) == a | b
    assert set(ours.moved(n).numbers()) == {x + n for x in a}
    assert set(ours.plus(other).numbers()) == {x + y for x in a for y in b}
    assert set(ours.between(n, None).numbers()) == {x for x in a if x >= n}
    clamp = Clamp(min(n, 5), max(n, 5))
    assert set(ours.clamped(clamp).numbers()) == {clamp.apply(x) for x in a}


def test_dense_sums_are_smeared() -> None:
    assert set(NumberSet.of(range(10)).plus(NumberSet.of(range(0, 30, 7))).numbers()) == set(
        range(38)
    )
