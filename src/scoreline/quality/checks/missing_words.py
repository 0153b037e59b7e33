"""Words in columns of numbers, dates and contacts that seem to say that nothing is known."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from scoreline.language.fields import FieldType
from scoreline.quality.lists import word_lines

OTHER_THAN_WORDS: frozenset[FieldType] = frozenset(
    ("number", "integer", "money", "date", "time", "phone", "email", "iban", "company id")
)
"""Types whose values are no words; in others a word may be what it says."""
REPEATED, LONGEST = 3, 15
"""Records in which a word that is not listed must stand, and its letters: it is no one's data."""
SOUND = 0.5
"""Share of the filled cells, these words aside, that must be of the column's type."""


def missing_words(raw: pl.Series, verdicts: pl.Series) -> tuple[str, ...]:
    """The words of a column that its card should call missing, the most frequent first.

    raw: the cells; verdicts: on each. A word is short, has a letter and no digit or @, could not be
    read, and is listed or stands in three records.

    >>> raw = pl.Series(["1", "2", "н/д", "tbc", "anna"])
    >>> missing_words(raw, pl.Series(["ok", "ok", "bad", "bad", "bad"]))
    ('tbc', 'н/д')
    """
    frame = pl.DataFrame({"raw": raw.str.strip_chars(), "verdict": verdicts})
    texts = frame.filter(pl.col("verdict") == "bad")["raw"].drop_nulls().value_counts()
    short = pl.col("raw").str.len_chars() <= LONGEST
    wordy = pl.col("raw").str.contains(r"\pL|^\W+$") & ~pl.col("raw").str.contains(r"[\d@]")
    listed = pl.col("raw").str.to_lowercase().is_in(_listed())
    words = texts.filter(short & wordy & (listed | (pl.col("count") >= REPEATED)))
    left = int((frame["verdict"] != "missing").sum()) - int(words["count"].sum())
    sound = int(verdicts.is_in(["ok", "suspect", "unknown"]).sum())
    if words.is_empty() or sound == 0 or sound < SOUND * left:
        return ()
    ordered = words.sort(["count", "raw"], descending=[True, False])
    return tuple(ordered["raw"])


def declaration(words: Collection[str]) -> str:
    """What a card says of them: `missing: [tbc, н/д]`.

    >>> declaration(["tbc", "no: never"])
    'missing: [tbc, "no: never"]'
    """
    return f"missing: [{', '.join(map(_quoted, words))}]"


def _quoted(word: str) -> str:
    plain = all(sign.isalpha() or sign in " /" for sign in word)
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return word if plain else f'"{escaped}"'


def _listed() -> list[str]:
    return " ".join(word_lines("missing_words.txt")).split()
