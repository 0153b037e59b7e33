"""Polars expressions that accept plain names of persons in bulk.

As in `cells`: what is accepted comes to what `type_value` gives, without a finding. Accepted are
words of small letters behind one capital, of one alphabet, in which `person_names` finds no doubt.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from scoreline.language.fields import Field
from scoreline.quality.typing import lists
from scoreline.quality.typing.fast.cells import Cells, Fast, sentinels_of
from scoreline.quality.typing.person_names import ROWS, RUN, VOWELS, bare

_LATIN = "[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+"
_CYRILLIC = "[А-ЯЁ][а-яё]+"
_SHAPE = "|".join(f"{word}(?:[ -]{word})*" for word in (_LATIN, _CYRILLIC))


def name_fast(field: Field, cells: Cells) -> Fast:
    """Names with their capitals, whose every word might be a name."""
    folded = cells.keep("folded", cells.raw.str.to_lowercase())
    accepted = cells.raw.str.contains(f"^(?:{_SHAPE})$") & ~folded.str.contains(_doubtful())
    if field.missing:
        accepted &= ~folded.is_in(sentinels_of(field))
    return Fast(accepted, cells.raw, {"status": pl.lit("ok")})


def _doubtful() -> str:
    """What no accepted name holds: more than is doubted one by one, never less.

    A letter three times, a run of keys, a word that stands for a placeholder, a long word without
    a vowel; letters count as they are without their marks.
    """
    letters = _letters()
    thrice = [f"{some}{{3}}" for some in letters.values()]
    rows = [row for found in ROWS for row in (found, found[::-1])]
    runs = {row[i : i + RUN] for row in rows for i in range(len(row) - RUN + 1)}
    marked = ["".join(letters[sign] for sign in run) for run in sorted(runs)]
    vowels = "".join(letters.get(sign, sign).strip("[]") for sign in VOWELS)
    no_vowel = f"(?:^|[ -])[^{vowels} -]{{{RUN},}}(?:$|[ -])"
    placeholders = [word for word in sorted(lists.placeholder_names()) if word.isalpha()]
    words = f"(?:^|[ -])(?:{'|'.join(placeholders)})(?:$|[ -])"
    return "|".join([*thrice, *marked, no_vowel, words])


@cache
def _letters() -> dict[str, str]:
    """Letter without marks -> the class of those that are the same but for marks."""
    found: dict[str, str] = {}
    for sign in map(
        chr, (*range(ord("a"), ord("z") + 1), *range(0xDF, 0x100), *range(0x430, 0x460))
    ):
        found[bare(sign)] = found.get(bare(sign), "") + sign
    return {sign: f"[{some}]" for sign, some in found.items() if sign}
