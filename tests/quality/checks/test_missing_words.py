"""Words for nothing in columns of numbers, dates and contacts."""

import polars as pl
import pytest

from scoreline.quality.checks.missing_words import declaration, missing_words
from scoreline.scorecard.file import parse_card


def told(*cells: str, sound: int = 10) -> tuple[str, ...]:
    raw = pl.Series([*map(str, range(sound)), *cells])
    return missing_words(raw, pl.Series(["ok"] * sound + ["bad"] * len(cells)))


@pytest.mark.parametrize("word", ["н/д", "tbc", "xx", "keine", "TBC", "-", "néant", "k.A."])
def test_a_listed_word_is_told_of_at_once(word: str) -> None:
    assert told(word) == (word,)


def test_another_word_must_stand_in_three_records() -> None:
    assert told("zzz", "zzz") == ()
    assert told("zzz", "zzz", "zzz", "tbc") == ("zzz", "tbc")


@pytest.mark.parametrize("cell", ["12 or so", "a@b", "a sentence that says much"])
def test_what_may_be_someones_data_is_no_word(cell: str) -> None:
    assert told(cell, cell, cell) == ()


def test_a_column_of_words_has_none() -> None:
    assert told("tbc", "anna", "boris", "vera", sound=1) == ()
    assert told("tbc", sound=0) == ()


@pytest.mark.parametrize("words", [["н/д", "tbc"], ["-", "?"], ["no: never", 'a"b', "k.A."]])
def test_a_card_takes_what_is_proposed(words: list[str]) -> None:
    card = parse_card(
        f"scorecard: c\nfields: {{budget: {{type: number, {declaration(words)}}}}}\n"
        "terms: [{name: known, when: budget is not null, points: 1}]\n",
        "card",
    )
    assert list(card.fields[0].missing) == [word.lower() for word in words]
