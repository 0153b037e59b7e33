"""A match model outlives its base: a new record comes to what the batch gives to the pair."""

from __future__ import annotations

import json

import pytest
from tests.quality.duplicates.generating import people

from scoreline.errors import DataError
from scoreline.quality.duplicates.blocking import LARGEST_BLOCK
from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.kept import KeptModel, Record, keep
from scoreline.quality.roles import roles

BASE = people(1, 150).columns
COLUMNS = {header: values for header, values in BASE.items() if header != "id"}
ROWS = [{h: values[row] for h, values in COLUMNS.items()} for row in range(len(BASE["id"]))]


@pytest.fixture(scope="module")
def found() -> Duplicates:
    return find_duplicates(COLUMNS, roles(COLUMNS))


@pytest.fixture(scope="module")
def kept(found: Duplicates) -> tuple[KeptModel, dict[int, int]]:
    model, classes = keep(found, COLUMNS, "a workspace")
    return KeptModel.of_text(model.text()), classes


@pytest.fixture(scope="module")
def records(kept: tuple[KeptModel, dict[int, int]]) -> list[Record]:
    model, classes = kept
    return [model.classed(model.prepared(row), classes) for row in ROWS]


def test_every_pair_comes_to_the_points_of_the_batch(
    found: Duplicates, kept: tuple[KeptModel, dict[int, int]], records: list[Record]
) -> None:
    model, _ = kept
    pairs = found.scored.pairs
    assert len(pairs) > 10_000
    for left, right, points in zip(pairs.left, pairs.right, found.scored.points, strict=True):
        assert model.pair(records[left], model.prepared(ROWS[right])).score == points
        assert model.pair(records[right], model.prepared(ROWS[left])).score == points


def test_a_few_keys_find_nearly_all_that_the_batch_finds(
    found: Duplicates, kept: tuple[KeptModel, dict[int, int]], records: list[Record]
) -> None:
    model, _ = kept
    assert len(model.keys) <= 8
    keys = [set(model.keys_of(record)) for record in records]
    pairs = found.scored.pairs
    likely = [
        (left, right)
        for left, right, points in zip(pairs.left, pairs.right, found.scored.points, strict=True)
        if points > 0
    ]
    met = sum(bool(keys[left] & keys[right]) for left, right in likely)
    assert met >= 0.95 * len(likely)


def test_the_best_are_those_of_most_points_and_rather_one_customer(
    kept: tuple[KeptModel, dict[int, int]], records: list[Record]
) -> None:
    model, _ = kept
    best = model.best(records[3], enumerate(records), LARGEST_BLOCK)
    assert best[0].key == 3, "nothing is more like a record than itself"
    points = [one.points for one in best]
    assert points == sorted(points, reverse=True)
    assert all(one > 0 for one in points)
    assert sum(line.scaled for line in best[0].result.reasons) == round(points[0] * 10_000)


def test_values_are_read_as_a_file_has_them(kept: tuple[KeptModel, dict[int, int]]) -> None:
    model, _ = kept
    text = {"phone": "447912345678", "Surname ": "Kim", "birth date": None}
    number = {"phone": 447912345678.0, "surname": "KIM", "city": ""}
    assert model.prepared(text) == model.prepared(number)


def test_what_is_kept_holds_nobody(
    found: Duplicates, kept: tuple[KeptModel, dict[int, int]]
) -> None:
    model, classes = kept
    assert all(isinstance(value, int) for value in classes)
    known = {value for name in ("surname", "street", "phone", "email") for value in COLUMNS[name]}
    assert not [value for value in known if value and value in model.text()]
    other, _ = keep(found, COLUMNS, "another workspace")
    record = model.prepared(ROWS[3])
    assert not set(model.keys_of(record)) & set(other.keys_of(record))


@pytest.mark.parametrize("change", [{"match_model": 99}, {"columns": []}])
def test_a_model_of_another_version_is_refused(
    kept: tuple[KeptModel, dict[int, int]], change: dict[str, object]
) -> None:
    text = json.dumps(json.loads(kept[0].text()) | change)
    with pytest.raises(DataError, match="another version"):
        KeptModel.of_text(text)


def test_a_model_whose_levels_are_not_those_of_today_is_refused(
    kept: tuple[KeptModel, dict[int, int]],
) -> None:
    tree = json.loads(kept[0].text())
    tree["columns"][0]["levels"].append("a level that was dropped")
    with pytest.raises(DataError, match="another version"):
        KeptModel.of_text(json.dumps(tree))


def test_nobody_is_lost_by_not_looking_to_the_end(
    kept: tuple[KeptModel, dict[int, int]], records: list[Record]
) -> None:
    model, _ = kept
    for new in records[::20]:
        best = model.best(new, enumerate(records), len(records))
        likely = {row for row, other in enumerate(records) if model.pair(new, other).score > 0}
        assert {one.key for one in best} == likely
