"""The form in which values are compared: case, accents, alphabets and habits of writing are gone.

One function for one value; a column is its values one by one, each distinct one once. Nothing that
is written anywhere is changed by it. What is left empty is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

from scoreline.quality.lists import word_lines
from scoreline.quality.roles import Role, without_accents
from scoreline.quality.text import folded, normal
from scoreline.quality.typing.date_orders import Order, order_proved
from scoreline.quality.typing.months import MONTHS

_LATIN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhye", strict=True)),
        **{"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "iu"},
        **{"я": "ia", "ё": "e", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u"},
        **dict(zip("αβγδεζηικλμνξοπρσςτυφχω", "abgdeziiklmnxoprsstyfho", strict=True)),
        **{"θ": "th", "ψ": "ps", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th"},
        **{"ı": "i", "ð": "d"},
    }
)
"""Letters of other alphabets as Latin ones, so that Анна and Anna are the same name."""


def standard(role: Role, value: str | None, order: Order = "dmy") -> str | None:
    """The value as it is compared; None if it is missing.

    >>> standard("surname", " MÜLLER "), standard("given name", "Алёна")
    ('muller', 'alena')
    >>> standard("organisation", "Acme, Inc."), standard("street", "12 Main Street")
    ('acme', '12 main st')
    >>> standard("phone", "+7 (912) 345-67-89"), standard("birth date", "31.1.1990")
    ('123456789', '1990-01-31')
    """
    if value is None:
        return None
    text = latin(value)
    if role in ("birth date", "date"):
        return _date(text, order)
    made = _FORMS.get(role, _words)(text)
    return made or None


def column(role: Role, values: Sequence[str | None]) -> list[str | None]:
    """The values of a column as they are compared; dates in the order that the column shows."""
    order = date_order(values) if role in ("birth date", "date") else "dmy"
    known: dict[str | None, str | None] = {}
    for value in values:
        if value not in known:
            known[value] = standard(role, value, order)
    return [known[value] for value in values]


def date_order(values: Sequence[str | None]) -> Order:
    """The order that the dates prove together; day first if they prove none."""
    proved = order_proved(pl.Series(values, dtype=pl.String))
    return "dmy" if proved is None else proved.order


def latin(value: str) -> str:
    """The text folded, in Latin letters where it is Cyrillic or Greek, without accents."""
    text = folded(normal(value))
    return text if text.isascii() else without_accents(text.translate(_LATIN)).translate(_LATIN)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.replace("'", "").replace("’", "")))


def _organisation(text: str) -> str:
    names = _words(text.replace("&", " and ").replace(".", " " if " " not in text else "")).split()
    kept = [name for name in names if name not in _legal_forms()]
    return " ".join(kept or names)


def _street(text: str) -> str:
    short = _street_words()
    return " ".join(short.get(word, word) for word in _words(text).split())


def _email(text: str) -> str:
    return re.sub(r"\s|^mailto:", "", text)


def _digits(text: str) -> str:
    """The last nine digits, which country codes and trunk prefixes don't reach."""
    return re.sub(r"\D", "", re.sub(r"(?:ext|x|dob)\.?\s*\d+$", "", text))[-9:]


def _code(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _web(text: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text).split("/")[0].split("?")[0].strip()


_FORMS = {
    "organisation": _organisation,
    "street": _street,
    "email": _email,
    "phone": _digits,
    "postcode": _code,
    "house number": _code,
    "company id": _code,
    "personal id": _code,
    "iban": _code,
    "web": _web,
}

_DATE = re.compile(r"(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})(?!\d)")


def _date(text: str, order: Order) -> str | None:
    """The date in ISO form, be there such a day or not: a slip of the pen is not yet missing."""
    if re.fullmatch(r"\d{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if found := _DATE.match(text):
        first, second, third = found.groups()
        if len(first) >= 3 or (order == "ymd" and len(third) < 3):
            return f"{_century(first):0>4}-{second:0>2}-{third[:2]:0>2}"
        day, month = (second, first) if order == "mdy" else (first, second)
        if int(month) > 12 >= int(day):
            day, month = month, day
        return f"{_century(third)}-{month:0>2}-{day:0>2}"
    words = re.findall(r"\d+|[^\W\d_]+", text)
    months = [_months()[word] for word in words if word in _months()]
    numbers = sorted((word for word in words if word.isdigit()), key=len)
    if months and len(numbers) == 2:
        return f"{_century(numbers[1])}-{months[0]:02}-{numbers[0]:0>2}"
    return _code(text) or None


def _century(year: str) -> str:
    """A year of two digits in full: it is taken for the last hundred years before 2030."""
    return year if len(year) > 2 else f"{2000 + int(year) if int(year) < 30 else 1900 + int(year)}"


@cache
def _months() -> dict[str, int]:
    """Names of months, as `latin` writes them -> their number."""
    return {latin(name): number for name, number in MONTHS.items()}


@cache
def _legal_forms() -> frozenset[str]:
    return frozenset(" ".join(word_lines("legal_forms.txt")).split())


@cache
def _street_words() -> dict[str, str]:
    """Words of addresses -> their short form; the first line that has a word counts."""
    table: dict[str, str] = {}
    for line in word_lines("street_words.txt"):
        short, _, words = line.partition(": ")
        for word in words.split():
            table.setdefault(word, short)
    return table
