"""Cells that a spreadsheet would take for a formula, and how they are made harmless.

A cell is risky if it begins, also after blanks, with = + - @ or their full-width or small forms,
or with a tab or line end. It gets a leading apostrophe, which spreadsheets read as "this is text".

Numbers stay as they are: -5, 1.5e-3, and any cell made only of digits, blanks and + - ( ) . , % /
and currency signs, so that +7 (912) 345-67-89 is still a phone. That is safe: to run anything or
to read another cell a formula needs a name or a reference, hence a letter, or the | and ! of a
data link; without them it can at most be arithmetic on constants.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import polars as pl

APOSTROPHE = "'"
_BLANKS = r" \u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
_RISKY = rf"^[{_BLANKS}]*[=+\-@\t\r\n\v\f\u0085\u2212＝＋－＠﹦﹢﹣﹫]"
_NUMBER = (
    rf"^[0-9{_BLANKS}+\-\u2212().,%/€£$¥₽₴₸₹]*$|^[ ]*[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+[ ]*$"
)
_BEGINS = re.compile(_RISKY)

RISKY_BYTES = b"\t\n\v\f\r =+-@\xc2\xe1\xe2\xe3\xef"
"""First bytes, in UTF-8, of all that a risky cell can begin with."""


def neutralised(frame: pl.LazyFrame, plain: Collection[str] = ()) -> pl.LazyFrame:
    """The frame with risky cells and headers behind an apostrophe.

    plain: columns known to hold none.

    >>> neutralised(pl.LazyFrame({"a": ["=1+1", "-5", "+7 912"]})).collect()["a"].to_list()
    ["'=1+1", '-5', '+7 912']
    """
    schema = frame.collect_schema()
    changed = []
    for name, kind in schema.items():
        if name in plain or (isinstance(kind, pl.Enum) and not any(map(begins, kind.categories))):
            continue
        if kind in (pl.String, pl.Categorical, pl.Enum):
            text = pl.col(name) if kind == pl.String else pl.col(name).cast(pl.String)
            changed.append(
                text.map_batches(_cells, return_dtype=pl.String, is_elementwise=True).alias(name)
            )
    return frame.with_columns(changed).rename(harmless_headers(schema.names()))


def begins(text: str) -> bool:
    """Whether a cell that begins with this text may be risky.

    >>> begins("=1"), begins("budget +3")
    (True, False)
    """
    return _BEGINS.match(text) is not None


def harmless_text(text: str) -> str:
    """A text as a cell or a header that no spreadsheet runs.

    >>> harmless_text("=1+1"), harmless_text("-5")
    ("'=1+1", '-5')
    """
    return str(_cells(pl.Series([text], dtype=pl.String))[0]) if begins(text) else text


def harmless_headers(headers: Sequence[str]) -> dict[str, str]:
    """Headers -> headers that no spreadsheet runs, all different as they were.

    >>> harmless_headers(["=a", "'=a", "b"])
    {'=a': "''=a", "'=a": "'=a", 'b': 'b'}
    """
    found = {}
    for header in headers:
        safe = harmless_text(header)
        while safe != header and safe in headers:
            safe = APOSTROPHE + safe
        found[header] = safe
    return found


def _cells(cells: pl.Series) -> pl.Series:
    """The cells, risky ones behind an apostrophe.

    Most cells are cleared by comparing them with a few bounds, which is ten times cheaper than an
    expression; most of the others are numbers.
    """
    maybe = (
        (cells < "0")
        | ((cells >= "=") & (cells < "A"))
        | ((cells >= "\x7f") & (cells < "\u00a1"))
        | ((cells >= "\u1680") & (cells < "\u3001"))
        | (cells >= "\ufe00")
    )
    places = maybe.arg_true()
    if places.is_empty():
        return cells
    some = cells.gather(places)
    unclear = ~some.cast(pl.Float64, strict=False).is_finite().fill_null(False)
    places, some = places.filter(unclear), some.filter(unclear)
    risky = some.str.contains(_RISKY) & ~some.str.contains(_NUMBER)
    if not risky.any():
        return cells
    return cells.clone().scatter(places.filter(risky), APOSTROPHE + some.filter(risky))
