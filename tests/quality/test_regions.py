"""Regions of countries: many spellings are one region; a slip has a suggestion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.quality.regions import is_region, is_region_of, known_regions, meant_region

LISTED = ("US", "CA", "AU", "RU", "IT", "ES", "BR", "MX", "UA", "JP", "IN")


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("US", "CA"),
        ("US", "california"),
        ("US", "N.Y."),
        ("US", "New York State"),
        ("US", "District of Columbia"),
        ("CA", "Québec"),
        ("CA", "Colombie-Britannique"),
        ("AU", "nsw"),
        ("IT", "Lombardia"),
        ("IT", "Lombardy"),
        ("IT", "RM"),
        ("ES", "Cataluña"),
        ("RU", "Московская обл."),
        ("RU", "г. Москва"),
        ("RU", "Татарстан"),
        ("RU", "Moscow"),
        ("JP", "Tokyo"),
        ("JP", "東京都"),
    ],
)
def test_one_region_is_written_in_many_ways(country: str, text: str) -> None:
    assert is_region_of(country, text) is True


@pytest.mark.parametrize(
    ("country", "text", "meant"),
    [
        ("US", "Califronia", "California"),
        ("US", "Massachusets", "Massachusetts"),
        ("RU", "Сверловская область", "Свердловская область"),
        ("US", "Ontario", None),
        ("CA", "CA", None),
        ("US", "EMEA", None),
        ("AU", "Auckland", None),
    ],
)
def test_a_slip_has_a_suggestion_and_what_is_no_slip_has_none(
    country: str, text: str, meant: str | None
) -> None:
    assert is_region_of(country, text) is False
    assert meant_region(country, text) == meant


@pytest.mark.parametrize("country", ["FR", "DE", "GB", "CH", "XX"])
def test_where_no_regions_are_listed_nothing_is_told(country: str) -> None:
    assert is_region_of(country, "Bayern") is None


@pytest.mark.parametrize("country", LISTED)
def test_every_listed_region_is_known(country: str) -> None:
    for name in set(known_regions(country).values()):
        assert is_region_of(country, name)


def test_values_bear_out_that_a_column_holds_regions() -> None:
    """Most names of each country are known as some region, whatever the country of the record."""
    for country in LISTED:
        names = [name for name in known_regions(country).values() if name.isascii()]
        assert sum(map(is_region, names)) >= 0.7 * len(names), country


@given(st.sampled_from(LISTED), st.text(max_size=30))
def test_any_text(country: str, text: str) -> None:
    known = is_region_of(country, text)
    assert known in (True, False)
    meant = meant_region(country, text)
    assert meant is None or is_region_of(country, meant)
