"""Postcodes that lost their first zero in a spreadsheet."""

import pytest

from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.postcodes import read_postcode


@pytest.mark.parametrize(
    ("text", "country", "meant"),
    [("2134", "US", "02134"), ("1000", "FR", "01000"), ("12705", "RU", None)],
)
def test_a_zero_is_given_back_only_where_codes_begin_with_one(text, country, meant):
    found = read_postcode(text, country)
    assert isinstance(found, Refusal)
    assert found.details.get("suggestion") == meant
