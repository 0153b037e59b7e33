"""Who lives together, on bases whose households are known."""

from __future__ import annotations

import pytest
from tests.quality.duplicates.generating import BaseOfKnown, Dirt, organisations, people
from tests.quality.duplicates.test_finding import pairwise_f1

from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.households import households
from scoreline.quality.roles import roles

DIRTY = Dirt(slips=0.3, missing=0.25)


def found_in(base: BaseOfKnown, *left_out: str) -> Duplicates:
    columns = {name: values for name, values in base.columns.items() if name not in left_out}
    del columns["id"]
    return find_duplicates(columns, roles(columns))


@pytest.mark.parametrize(
    ("base", "left_out", "least"),
    [
        (people(11, 700), (), 0.98),
        (people(11, 700, "ru"), (), 0.98),
        (people(11, 700, "de", DIRTY), (), 0.94),
        (people(11, 700, "fr"), ("phone",), 0.98),
        (people(11, 700, dirt=Dirt(households=0.0)), (), 0.98),
    ],
    ids=["en", "ru", "dirty", "no phones", "everybody alone"],
)
def test_households_are_found(base: BaseOfKnown, left_out: tuple[str, ...], least: float) -> None:
    found = found_in(base, *left_out)
    homes = households(found)
    assert homes is not None
    assert pairwise_f1(base.houses, homes) >= least
    by_cluster = {(first, home) for first, home in zip(found.clusters.first, homes, strict=True)}
    assert len(by_cluster) == len(set(found.clusters.first)), "a customer has one household"
    assert all(homes[home] == home <= row for row, home in enumerate(homes)), "its first record"


def test_a_full_name_has_the_surname_in_it() -> None:
    base = people(11, 700, "de")
    given, surnames = base.columns.pop("first name"), base.columns.pop("surname")
    base.columns["name"] = [
        " ".join(word for word in pair if word) or None
        for pair in zip(given, surnames, strict=True)
    ]
    homes = households(found_in(base))
    assert homes is not None
    assert pairwise_f1(base.houses, homes) >= 0.95


def test_firms_of_one_building_are_no_household() -> None:
    assert households(found_in(organisations(11, 60))) is None
    assert households(found_in(people(11, 60), "street", "phone")) is None


def test_who_lives_in_another_street_lives_in_another_house() -> None:
    """Namesakes of one phone whose streets are known and differ are no household."""
    base = people(11, 500, dirt=Dirt(copied=0.0, missing=0.0))
    columns = {name: list(values) for name, values in base.columns.items() if name != "id"}
    of_house: dict[object, list[int]] = {}
    for row, house in enumerate(base.houses):
        of_house.setdefault(house, []).append(row)
    moved = [rows[:2] for rows in of_house.values() if len(rows) > 1]
    for one, other in moved:
        columns["phone"][other] = columns["phone"][one]
        columns["street"][other] = f"{other} Faraway Crescent"
    found = find_duplicates(columns, roles(columns))
    homes = households(found)
    assert homes is not None
    assert len(moved) >= 20
    together = [pair for pair in moved if homes[pair[0]] == homes[pair[1]]]
    assert len(together) <= 0.1 * len(moved)
