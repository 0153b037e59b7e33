"""Records by the criteria that they meet."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.learn.evidence.cases import Cases


@given(
    st.integers(0, 10_000),
    st.integers(1, 90),
    st.sampled_from([(0.0, 1.0), (0.0, 1.0, 7.0), (-1.5, 0.0, 0.25)]),
)
@settings(deadline=None, max_examples=50)
def test_records_that_meet_the_same_are_one(
    seed: int, criteria: int, values: tuple[float, ...]
) -> None:
    random = np.random.default_rng(seed)
    met = random.choice(values, (60, criteria))
    met = met[random.integers(0, 60, 200)]
    events = (random.random(200) < 0.3).astype(float)
    cases = Cases.of(met, events)
    rows, place = np.unique(met, axis=0, return_inverse=True)
    assert sorted(map(tuple, cases.met)) == sorted(map(tuple, rows))
    hits = dict(zip(map(tuple, cases.met), cases.events, strict=True))
    want = np.bincount(place.ravel(), events)
    assert [hits[tuple(row)] for row in rows] == want.tolist()
    assert cases.weight.sum() == len(met)
