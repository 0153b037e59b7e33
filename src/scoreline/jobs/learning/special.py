"""Codes in a column of numbers that are no numbers: 9999 for `refused`, -9 for `no account`.

They have points of their own: the column tells what numbers say, a second one which code stands
there. Both read one field of the card, as expressions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import numpy as np
import polars as pl

from scoreline.errors import Finding, UsageError
from scoreline.learn.columns import Floats, Levels, Numbers
from scoreline.learn.cutting import SMALLEST

VALUE = "a number"
"""The level of all that is no code."""
NINES = tuple(float("9" * count) for count in range(2, 10))
"""What people write for `unknown` where only numbers fit."""
DIGITS = 15
"""Codes have fewer digits than a number can keep exactly."""
Codes = tuple[str, ...]


def special_of(texts: Sequence[str]) -> dict[str, Codes]:
    """What `--special COL=CODE,CODE` says, by column.

    >>> special_of(["bureau=-9, 9999"])
    {'bureau': ('-9', '9999')}
    """
    found: dict[str, Codes] = {}
    for text in texts:
        column, equals, codes = text.rpartition("=")
        numbers = tuple(dict.fromkeys(map(_code, codes.split(","))))
        if not equals or not column.strip() or None in numbers:
            raise UsageError(
                f"`--special {text[:80]}` does not name a column and its codes.",
                "Write --special bureau=-9,9999.",
            )
        found[column.strip()] = tuple(code for code in numbers if code is not None)
    return found


def _code(text: str) -> str | None:
    """A code as a card writes it; None where the text is no number that a column could hold."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not -DIGITS < number.adjusted() < DIGITS:
        return None
    return format(number.normalize() + 0, "f")


def numbers_alone(of: str, codes: Codes) -> str:
    """What a card looks at for the numbers that are no codes.

    >>> numbers_alone("bureau", ("-9", "9999"))
    'case when bureau not in (-9, 9999) then bureau end'
    """
    return f"case when {of} not in ({', '.join(codes)}) then {of} end"


def codes_alone(of: str, codes: Codes) -> str:
    """What a card looks at for the codes.

    >>> codes_alone("bureau", ("-9",))
    "case when bureau = -9 then '-9' when bureau is not null then 'a number' end"
    """
    whens = " ".join(f"when {of} = {code} then '{code}'" for code in codes)
    return f"case {whens} when {of} is not null then '{VALUE}' end"


def without_codes(column: Numbers, codes: Codes) -> Numbers:
    """The numbers of a column; codes are missing."""
    coded = np.isin(column.values, [float(code) for code in codes])
    return Numbers(column.name, np.where(coded, np.nan, column.values))


def which_codes(name: str, values: Floats, codes: Codes) -> Levels:
    """The code of each row, or that it has a number."""
    told = {float(code): code for code in codes}
    return Levels.of(
        name, (None if np.isnan(one) else told.get(one, VALUE) for one in values.tolist())
    )


def seems_special(name: str, values: pl.Series) -> Finding | None:
    """What is to be said of a column that seems to hold codes.

    A run of nines that is twice as large as all else, or one number below zero where no other is,
    in twenty records at least.

    >>> seems_special("bureau", pl.Series([9999.0] * 20 + [500.0, 700.0])).hint
    'If they say something else than a number, say --special bureau=9999.'
    """
    counts = values.drop_nulls().drop_nans().value_counts().sort(values.name)
    numbers, often = counts[values.name].to_list(), counts["count"].to_list()
    codes = []
    if len(numbers) > 2 and numbers[0] < 0 <= numbers[1] and often[0] >= SMALLEST:
        codes.append(numbers[0])
    if len(numbers) > 2 and numbers[-1] in NINES and often[-1] >= SMALLEST:
        codes += [numbers[-1]] * (numbers[-1] >= 2 * numbers[-2])
    if not codes:
        return None
    told = ",".join(f"{code:g}" for code in codes)
    return Finding(
        "special-codes",
        "warning",
        f"{' and '.join(f'{code:g}' for code in codes)} may be codes: no other number is like that",
        f"If they say something else than a number, say --special {name}={told}.",
        field=name,
        count=int(sum(often[numbers.index(code)] for code in codes)),
    )


def check_special(special: Mapping[str, Codes], numbers: Sequence[str]) -> None:
    """Refuse codes of what is no column of numbers."""
    for name in special:
        if name not in numbers:
            raise UsageError(f"`--special` names `{name}`, which is no column of numbers.", "")
