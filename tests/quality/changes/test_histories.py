"""Random lives of a base: changes, merges, undos; forward and backward always exact."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from scoreline.errors import UsageError
from scoreline.quality.changes.acts import Act
from scoreline.quality.changes.change import (
    STANDS,
    Change,
    OtherBaseError,
    Place,
    backward,
    forward,
)
from scoreline.quality.changes.merging import merged
from scoreline.quality.changes.undo import DependsError, in_force, undone

HISTORIES = int(os.environ.get("CHANGE_HISTORIES", "10000"))
NOW = datetime(2026, 11, 22, tzinfo=UTC)
RECORDS, FIELDS = ("1", "2", "3", "4"), ("name", "email", "phone")
VALUES = (None, "a", "b", "c", " a ", "")


def step_of(log: list[Change]) -> int:
    return max((change.step for change in log), default=0) + 1


def changed(
    rng: Random, cells: dict[Place, str | None], log: list[Change], record: str
) -> list[Change]:
    field, new = rng.choice(FIELDS), rng.choice(VALUES)
    old = cells.get((record, field))
    return [Change(step_of(log), record, field, old, new, "by hand", "1", NOW, "anna")]


def drawn(rng: Random, cells: dict[Place, str | None], log: list[Change]) -> list[Change]:
    """The next step: a change, a merge, or a step taken back; UsageError where it is refused."""
    standing = [record for record in RECORDS if cells.get((record, STANDS)) is None]
    kind = rng.random()
    if kind < 0.45 or not log:
        return changed(rng, cells, log, rng.choice(standing))
    if kind < 0.6:
        kept, *gone = rng.sample(RECORDS, rng.randint(2, 3))
        return merged(
            cells,
            kept,
            gone,
            FIELDS,
            rank=lambda field, value: len(value),
            step=step_of(log),
            act=Act("merge", "1", NOW, "anna"),
        )
    return undone(log, rng.randint(1, step_of(log)), NOW, "anna")


def test_random_histories_go_forward_and_backward_exactly() -> None:
    told: Counter[str] = Counter()
    for seed in range(HISTORIES):
        rng = Random(seed)  # noqa: S311 - histories to try, no secrets
        start = {
            (record, field): value
            for record in RECORDS
            for field in FIELDS
            if (value := rng.choice(VALUES)) is not None
        }
        cells: dict[Place, str | None] = dict(start)
        log: list[Change] = []
        for _ in range(rng.randint(4, 14)):
            before = dict(cells)
            try:
                new = drawn(rng, cells, log)
            except UsageError as error:
                told[type(error).__name__] += 1
                continue
            forward(cells, new)
            log += new
            told["undo" if new and new[0].undoes else new[0].rule if new else "nothing"] += 1
            assert_undone(before, cells, new)
        again = dict(start)
        forward(again, log)
        assert again == cells, "replayed forward it is the base as it stands"
        backward(again, log)
        assert again == start, "replayed backward it is the base before all changes"
    assert min(told[kind] for kind in ("by hand", "merge", "undo", "DependsError")) > HISTORIES / 10


def assert_undone(
    before: dict[Place, str | None], after: dict[Place, str | None], step: list[Change]
) -> None:
    back = dict(after)
    backward(back, step)
    assert back == before


def test_a_step_is_taken_back_only_before_what_depends_on_it() -> None:
    cells: dict[Place, str | None] = {("1", "name"): "a"}
    log = []
    for number, (old, new) in enumerate((("a", "b"), ("b", "c")), 1):
        log.append(Change(number, "1", "name", old, new, "by hand", "1", NOW, "anna"))
    forward(cells, log)
    with pytest.raises(DependsError) as refused:
        undone(log, 1, NOW, "boris")
    assert refused.value.steps == (2,)
    for step in (2, 1):
        back = undone(log, step, NOW, "boris")
        forward(cells, back)
        log += back
    assert cells == {("1", "name"): "a"}
    assert in_force(log) == {1: False, 2: False, 3: True, 4: True}
    with pytest.raises(UsageError, match="taken back already"):
        undone(log, 1, NOW, "boris")
    forward(cells, undone(log, 4, NOW, "boris"))
    assert cells == {("1", "name"): "b"}, "taking back what takes back brings it back"


def test_another_change_of_the_same_record_is_not_in_the_way() -> None:
    first = Change(1, "1", "name", "a", "b", "by hand", "1", NOW, "anna")
    other = Change(2, "1", "email", None, "x", "by hand", "1", NOW, "anna")
    assert undone([first, other], 1, NOW, "anna")[0].new == "a"


def test_a_base_that_was_changed_by_other_means_is_refused() -> None:
    change = Change(1, "1", "name", "a", "b", "by hand", "1", NOW, "anna")
    with pytest.raises(OtherBaseError, match="does not hold"):
        forward({("1", "name"): "z"}, [change])


def test_records_joined_and_parted() -> None:
    cells: dict[Place, str | None] = {
        ("1", "name"): "Anna", ("1", "email"): None, ("2", "email"): "a@acme.ru",
        ("2", "name"): "Anna Karenina",
    }  # fmt: skip
    start = {place: value for place, value in cells.items() if value is not None}
    cells = dict(start)
    step = merged(
        cells,
        "1",
        ["2"],
        ["name", "email"],
        rank=lambda field, value: -len(value),
        step=1,
        act=Act("merge", "1", NOW, "anna"),
    )
    forward(cells, step)
    assert cells["1", "name"] == "Anna Karenina", "the longer name survives by this rank"
    assert {r: cells.get((r, STANDS)) for r in RECORDS if cells.get((r, STANDS))} == {"2": "1"}
    with pytest.raises(UsageError, match="part of 1 already"):
        merged(
            cells,
            "3",
            ["2"],
            ["name"],
            rank=lambda field, value: 0,
            step=2,
            act=Act("merge", "1", NOW, "anna"),
        )
    forward(cells, undone(step, 1, NOW, "anna"))
    assert cells == start
