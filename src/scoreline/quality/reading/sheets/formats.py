"""Number formats of workbooks: which styles show dates, times or leading zeros.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import re

_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
_BUILT_IN_TIMES = {*range(18, 22), 32, 33, 34, 35, 45, 47}
_NOT_A_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZEROS = re.compile("0{2,15}")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)


def format_kind(number: int, code: str | None) -> str | None:
    """What a number format shows: "date" (maybe with a time), "time", "elapsed", or None.

    Zeros alone, as in `00000` of postcodes, are what they are: so many digits are shown at least.

    >>> format_kind(164, '[$-419]d mmmm yyyy" г."'), format_kind(0, None), format_kind(46, None)
    ('date', None, 'elapsed')
    >>> format_kind(165, "00000")
    '00000'
    """
    if code is not None and _ZEROS.fullmatch(code):
        return code
    if code is None:
        if number == 46:
            return "elapsed"
        return (
            "date" if number in _BUILT_IN_DATES else "time" if number in _BUILT_IN_TIMES else None
        )
    bare = _NOT_A_CODE.sub("", code.partition(";")[0])
    if _ELAPSED.search(bare):
        return "elapsed"
    letters = bare.lower().replace("general", "")
    if re.search("[dy]", letters) or ("m" in letters and not re.search("[hs]", letters)):
        return "date"
    return "time" if re.search("[hs]", letters) else None
