"""Given name and family name in each other's place: only what is proved is told."""

from itertools import product
from random import Random

import polars as pl
import pytest

from scoreline.quality.checks.swapped import proves_swapped, swapped_in_base

GIVEN = [f"Given{n}" for n in range(30)]
SURNAMES = [f"Family{n}" for n in range(200)]


@pytest.mark.parametrize(
    ("given", "surname"),
    [
        ("Smith", "Jennifer"),
        ("MÜLLER", "Jürgen"),
        ("Иванов", "Сергей"),
        ("Ковалёва", "Анна Ивановна"),
    ],
)
def test_a_list_proves_both(given: str, surname: str) -> None:
    assert proves_swapped(given, surname)
    assert not proves_swapped(surname, given)


@pytest.mark.parametrize(
    ("given", "surname"),
    [
        ("Thomas", "Martin"),  # each may be either
        ("Li", "Jennifer"),  # one of the two proves nothing
        ("Smith", "Li"),
        ("Марина", "Александр"),
        ("Лев", "Константин"),
        ("Anna", "Anna"),
        ("", "Jennifer"),
    ],
)
def test_one_list_alone_proves_nothing(given: str, surname: str) -> None:
    assert not proves_swapped(given, surname)


def base(swapped: int, rows: int = 10_000) -> pl.DataFrame:
    """People drawn with a fixed seed; the first ones have their names swapped."""
    rng = Random(7)  # noqa: S311 - names to try, no secrets
    people = [(rng.choice(GIVEN), rng.choice(SURNAMES)) for _ in range(rows)]
    people[:swapped] = [(surname, given) for given, surname in people[:swapped]]
    return pl.DataFrame(people, schema=["given", "surname"], orient="row")


def test_the_base_itself_proves_it() -> None:
    frame = base(swapped=20)
    found = swapped_in_base(frame["given"], frame["surname"])
    assert found.arg_true().to_list() == list(range(20))


def test_a_base_of_true_names_has_none() -> None:
    frame = base(swapped=0)
    assert not swapped_in_base(frame["given"], frame["surname"]).any()


def test_names_that_are_both_prove_nothing() -> None:
    """Where each name is a given name as often as a surname, no order is better."""
    both = [f"Name{n}" for n in range(20)]
    frame = pl.DataFrame(list(product(both, both)), schema=["given", "surname"], orient="row")
    assert not swapped_in_base(frame["given"], frame["surname"]).any()


def test_one_record_many_times_is_one_record() -> None:
    few = pl.DataFrame({"given": ["Kim"] * 500 + ["Ann"], "surname": ["Lee"] * 500 + ["Kim"]})
    more = pl.concat([few, pl.DataFrame({"given": ["Lee"] * 500, "surname": ["Ann"] * 500})])
    assert not swapped_in_base(more["given"], more["surname"]).any()


def test_missing_names_are_no_evidence() -> None:
    frame = base(swapped=20).with_columns(pl.lit(None, pl.String).alias("given"))
    assert not swapped_in_base(frame["given"], frame["surname"]).any()
