"""Polars expressions that accept numbers as people write them: the second look at a column.

Whole columns of `1 234,56` or `$1,234.50` have nothing for the first look, and would be read one
by one. Accepted are writings with one reading only (`numbers` tells which), with the declared
currency beside them or none; the tests compare both ways.
"""

from __future__ import annotations

import re

import polars as pl

from scoreline.language.fields import Field
from scoreline.quality.typing.fast.cells import DTYPES, Cells, Fast, but_missing
from scoreline.quality.typing.lists import words_of_currency
from scoreline.quality.typing.numbers import BIGGEST

_BLANKS = (" ", "\u00a0", "\u202f")
_HEAD = "[1-9][0-9]{0,2}"
_BY_BLANKS = "(?:" + "|".join(f"(?:{blank}[0-9]{{3}})+" for blank in _BLANKS) + ")"


def fast_written(field: Field, cells: Cells) -> Fast:
    """Numbers with groups, a decimal comma, or the sign of the declared currency."""
    bare = unsigned = cells.raw
    if field.type != "money":
        unsigned = cells.keep("unsigned", cells.raw.str.strip_prefix("-"))
    elif field.currency:
        bare = unsigned = cells.keep("bare", _without_currency(field, cells.raw))
    by_dot = unsigned.str.contains(_pattern(".", ",", field))
    by_comma = unsigned.str.contains(_pattern(",", ".", field))
    digits = (
        pl.when(by_dot)
        .then(bare.str.replace_many([*_BLANKS, ","], [""]))
        .when(by_comma)
        .then(bare.str.replace_many([*_BLANKS, "."], [""]).str.replace(",", ".", literal=True))
    )
    value = cells.keep("written", digits.cast(DTYPES[field.type], strict=False))
    return Fast(but_missing(value.is_between(1 - BIGGEST, BIGGEST - 1), value, field), value)


def _pattern(mark: str, other: str, field: Field) -> str:
    """Writings whose decimal sign can only be `mark`, for groups are parted by something else."""
    mark, other = re.escape(mark), re.escape(other)
    grouped = f"{_HEAD}(?:{other}[0-9]{{3}})"
    shapes = [f"{_HEAD}{_BY_BLANKS}", f"{grouped}{{2,}}"]
    if field.type != "integer":
        shapes += [f"{_HEAD}{_BY_BLANKS}{mark}[0-9]+", f"{grouped}+{mark}[0-9]+"]
        shapes += ["[0-9]+", f"[0-9]+{mark}[0-9]{{1,2}}", f"[0-9]{{4,}}{mark}[0-9]+"]
    return f"^(?:{'|'.join(shapes)})$"


def _without_currency(field: Field, raw: pl.Expr) -> pl.Expr:
    """The amount without a sign or code of the declared currency at one of its ends."""
    words = [re.escape(word) for word in words_of_currency(field.currency or "")]
    either = "|".join(sorted(words, key=len, reverse=True))
    return raw.str.replace(rf"^(?:{either}) ?|(?: |\u00a0)?(?:{either})$", "")
