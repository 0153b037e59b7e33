"""What a score is worth: ties by fractions, honest verdicts, round histograms."""

from __future__ import annotations

import itertools
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.analytics.worth import (
    EVERYONE,
    Cut,
    rank_deviation,
    score_histogram,
    segment_figures,
    tally,
    top,
    worth,
)

CUTS = (
    Cut("qualified", "more than 6", 6, strict=True),
    Cut("marketing", "0 or more", 0),
    Cut("garbage", "the rest"),
)


def scored(scores, outcomes=None, **options):
    frame = pl.DataFrame({"score": scores}, schema={"score": pl.Float64}).with_columns(
        segment=pl.when(pl.col("score") > 6)
        .then(pl.lit("qualified"))
        .when(pl.col("score") >= 0)
        .then(pl.lit("marketing"))
        .otherwise(pl.lit("garbage"))
    )
    if outcomes is None:
        return tally(frame, **options)
    return tally(frame.with_columns(outcome=pl.Series(outcomes)), outcome="outcome", **options)


def words(text):
    return [{"w": "won", "l": "lost", "o": "open"}[letter] for letter in text]


def test_segments_with_counts_and_rates():
    counts = scored([8, 7, 7, 3, 0, -1], words("wwllol"))
    qualified, marketing, garbage = segment_figures(counts, CUTS)
    assert (qualified.count, qualified.rate.hits, qualified.rate.of) == (3, 2, 3)
    assert (marketing.count, marketing.rate.hits, marketing.rate.of) == (2, 0, 1)
    assert (garbage.count, garbage.share, garbage.rate.value) == (1, 1 / 6, 0)
    assert counts.open == 1


def test_without_outcomes_there_are_no_rates():
    figures = segment_figures(scored([8, 3]), CUTS)
    assert [s.count for s in figures] == [1, 1, 0]
    assert all(s.rate is None for s in figures)


def test_open_records_count_only_where_nothing_says_who_is_lost():
    assert scored([8, 7, 3], words("woo")).base.of == 1
    counts = scored([8, 7, 3], words("woo"), lost_known=False)
    assert (counts.base.of, counts.open) == (3, 0)
    assert worth(counts, "x").lost_known is False


def test_ties_at_the_cut_count_by_fractions():
    counts = scored([9, 5, 5, 5, 5, 1, 1, 1, 1, 1], words("wwlllwllll"))
    part = top(counts, 3)
    assert part.rate.hits == pytest.approx(1 + 2 / 4)
    assert part.lift == pytest.approx((1.5 / 3) / (3 / 10))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=6), st.integers(1, 6)
)
def test_fractions_are_the_mean_over_all_orders_of_tied_records(rows, number):
    number = min(number, len(rows))
    counts = scored([s for s, _ in rows], ["won" if won else "lost" for _, won in rows])
    orders = [
        order
        for order in itertools.permutations(rows)
        if all(a[0] >= b[0] for a, b in itertools.pairwise(order))
    ]
    total = sum(sum(won for _, won in order[:number]) for order in orders)
    assert top(counts, number).rate.hits == pytest.approx(float(Fraction(total, len(orders))))


def test_the_order_of_rows_does_not_matter():
    rows = list(zip(range(40), words("wl" * 20), strict=True))
    first = worth(scored(*zip(*rows, strict=True)), "x")
    for mixed in (rows[::-1], rows[1::2] + rows[::2]):
        assert worth(scored(*zip(*mixed, strict=True)), "x") == first


def test_a_good_score_a_bad_one_and_one_that_is_chance():
    scores = list(range(200))
    climbing = ["won" if s > 150 or s % 9 == 0 else "lost" for s in scores]
    assert worth(scored(scores, climbing), "x").verdict == "yes"
    assert worth(scored(scores, climbing[::-1]), "x").verdict == "no"
    assert worth(scored(scores, words("wlll" * 50)), "x").verdict == "unclear"
    assert worth(scored([1] * 200, climbing), "x").verdict == "unclear"
    assert worth(scored(range(8), words("llllwwww")), "x").verdict == "unclear", "too few"


def test_nobody_won_and_nothing_known():
    nobody = worth(scored(range(50), words("l" * 50)), "x")
    assert (nobody.base.value, nobody.tops[0].lift, nobody.verdict) == (0, None, "unclear")
    nothing = worth(scored(range(5), words("o" * 5)), "x")
    assert (nothing.base.of, nothing.tops, nothing.open) == (0, (), 5)
    empty = worth(scored([], []), "x")
    assert (empty.base.of, empty.tops) == (0, ())


def test_the_rank_test_by_hand():
    # without ties the deviation is (U - mn/2) / sqrt(mn(N+1)/12)
    counts = scored(range(1, 13), words("lllwlwlwlwww"))
    below = {4: 3, 6: 4, 8: 5, 10: 6, 11: 6, 12: 6}
    u = sum(below.values())
    assert rank_deviation(counts) == pytest.approx((u - 18) / (36 * 13 / 12) ** 0.5)


def test_a_histogram_of_whole_scores_has_whole_bars_and_thresholds_between_scores():
    histogram = score_histogram(scored([8, 7, 7, 3, 0, -1], words("wwllol")), CUTS)
    assert [b.label for b in histogram.bins] == [
        *("−1", "0", "1", "2", "3", "4", "5", "6", "7", "8")
    ]
    assert [b.parts for b in histogram.bins][-2:] == [(2, 0, 0), (1, 0, 0)]
    assert histogram.bins[0].low == -1.5
    assert [t.at for t in histogram.thresholds] == [6.5, -0.5]
    assert histogram.bins[1].rate is None, "open only"
    assert histogram.bins[8].rate.hits == 1


@pytest.mark.parametrize(
    ("scores", "most_bins"),
    [
        ([0, 1000], 40),
        ([-537, 612, 3], 40),
        ([0.25, 7.5], 40),
        ([-0.0001, 0.0001], 40),
        ([5], 1),
        ([2.5], 1),
        ([-2.5, -2.5], 1),
        ([1e9, -1e9], 41),
        (list(range(41)), 41),
    ],
)
def test_any_scores_fall_into_few_round_bars(scores, most_bins):
    histogram = score_histogram(scored(scores), CUTS)
    assert len(histogram.bins) <= most_bins + 1
    assert sum(b.count for b in histogram.bins) == len(scores)
    assert all(a.high == pytest.approx(b.low) for a, b in itertools.pairwise(histogram.bins))
    for score in scores:
        inside = [b for b in histogram.bins if b.low <= score < b.high and b.count]
        assert len(inside) == 1


CUT = st.tuples(st.integers(-300, 300), st.booleans())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(-40_000, 40_000), min_size=1, max_size=40),
    st.lists(CUT, max_size=4, unique_by=lambda cut: cut[0]),
    st.sampled_from([10_000, 2_500, 1]),
)
def test_no_bar_holds_two_segments(scores, cuts, step):
    cuts = [Cut(str(i), "", at / 10, strict=s) for i, (at, s) in enumerate(sorted(cuts)[::-1])]
    cuts = (*cuts, Cut("rest"))

    def segment(score):
        held = (c.at is None or (score > c.at if c.strict else score >= c.at) for c in cuts)
        return cuts[list(held).index(True)].name

    found = [round(score * step / 10_000, 4) for score in scores]
    frame = pl.DataFrame({"score": found, "segment": [segment(score) for score in found]})
    histogram = score_histogram(tally(frame.cast({"score": pl.Float64})), cuts)
    bins = histogram.bins
    assert sum(b.count for b in bins) == len(found)
    assert all(sum(part > 0 for part in b.parts) <= 1 for b in bins)
    assert all(a.high == pytest.approx(b.low) for a, b in itertools.pairwise(bins))
    widths = {round(b.high - b.low, 4) for b in bins}
    width = 1 if histogram.width is None else histogram.width
    assert max(widths) <= width + 1e-9
    assert histogram.divided or widths == {width}
    assert len(bins) <= 41 + len(cuts)


def test_bars_are_counted_from_where_a_segment_begins():
    cuts = (Cut("good", "", 60), Cut("fair", "", 45), Cut("poor"))
    histogram = score_histogram(scored(range(8, 75)), cuts)
    assert (histogram.width, histogram.divided) == (3, False), "2 does not divide 60 - 45"
    assert {"42 to 44", "45 to 47", "57 to 59", "60 to 62"} <= {b.label for b in histogram.bins}


def test_a_bar_in_which_a_segment_begins_is_divided():
    cuts = (Cut("good", "", 62), Cut("fair", "", 45), Cut("poor"))
    histogram = score_histogram(scored(range(8, 75)), cuts)
    assert (histogram.width, histogram.divided) == (2, True)
    assert {"44", "45", "46 to 47", "60 to 61", "62 to 63"} <= {b.label for b in histogram.bins}


def test_bars_of_decimals_say_where_their_ends_belong():
    cuts = (Cut("good", "", 6, strict=True), Cut("poor"))
    labels = [b.label for b in score_histogram(scored([5.5, 6, 6.5, 70]), cuts).bins]
    assert labels[:3] == ["4 to 6", "above 6 to below 8", "8 to below 10"]


def test_nothing_scored_has_no_histogram():
    assert score_histogram(scored([]), CUTS).bins == ()


def test_a_card_without_segments_has_everyone_in_one():
    frame = pl.DataFrame({"score": [1, 2], "segment": pl.Series([None, None], dtype=pl.String)})
    counts = tally(frame)
    assert [s.name for s in segment_figures(counts, ())] == [EVERYONE]
    assert sum(b.count for b in score_histogram(counts, ()).bins) == 2


def test_equal_decimals_are_equal_scores():
    counts = scored([0.1 + 0.2, 0.3, 0.3])
    assert counts.rows.height == 1
