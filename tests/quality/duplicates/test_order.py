"""The order of rows says nothing: a file that is sorted otherwise has the same clusters."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.quality.duplicates.generating import Dirt, people

from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.labels import NO_LABELS, Labels
from scoreline.quality.roles import roles

Columns = dict[str, list[str | None]]
WORDS = st.sampled_from(["Anna", "Ana", "Hanna", "Kim", "Kimm", "Lee", None])


def found_in(columns: Columns, rows: Sequence[int], labels: Labels = NO_LABELS) -> Duplicates:
    """The duplicates where the rows stand in this order; labels name rows of the first order."""
    shuffled = {header: [cells[row] for row in rows] for header, cells in columns.items()}
    place = {row: n for n, row in enumerate(rows)}
    there = Labels.of((place[a], place[b], same) for (a, b), same in labels.answers.items())
    keys = [f"K{row}" for row in rows]
    return find_duplicates(shuffled, roles(shuffled), labels=there, keys=keys)


def groups(rows: Sequence[int], found: Duplicates) -> set[frozenset[int]]:
    """The clusters as sets of rows of the first order."""
    by_first: dict[int, set[int]] = {}
    for row, first in zip(rows, found.clusters.first, strict=True):
        by_first.setdefault(first, set()).add(row)
    return {frozenset(one) for one in by_first.values()}


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_shuffled_rows_have_the_same_clusters(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=14))
    columns: Columns = {
        "first name": [one for one, _ in names],
        "surname": [other for _, other in names],
    }
    rows = range(len(names))
    answers = data.draw(
        st.dictionaries(
            st.tuples(st.sampled_from(rows), st.sampled_from(rows)), st.booleans(), max_size=3
        )
    )
    labels = Labels.of((one, other, same) for (one, other), same in answers.items())
    shuffled = data.draw(st.permutations(rows))
    one, other = found_in(columns, rows, labels), found_in(columns, shuffled, labels)
    assert groups(rows, one) == groups(shuffled, other)
    assert one.model == other.model


def test_a_sample_of_a_larger_base_is_the_same_however_it_is_sorted() -> None:
    base = people(3, 900, dirt=Dirt(slips=0.3, missing=0.3))
    columns = {header: cells for header, cells in base.columns.items() if header != "id"}
    rows = range(len(base.truth))
    assert len(rows) > 1000
    backwards = rows[::-1]
    one, other = found_in(columns, rows), found_in(columns, backwards)
    assert one.model == other.model
    assert groups(rows, one) == groups(backwards, other)


def test_everything_that_is_found_is_by_the_rows_of_the_file() -> None:
    base = people(3, 60)
    found = find_duplicates(base.columns, roles(base.columns))
    surnames = found.base.frame["c1"].to_list()
    assert [one is None for one in surnames] == [one is None for one in base.columns["surname"]]
    pairs = found.scored.pairs
    assert (pairs.left < pairs.right).all()
    codes = pairs.left * len(surnames) + pairs.right
    assert (codes[1:] > codes[:-1]).all()
    assert all(first <= row for row, first in enumerate(found.clusters.first))
