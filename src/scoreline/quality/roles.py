"""What the columns of a file hold when no card says it: by their headers and by their values.

A header proposes roles, the longest phrase first; the values must bear the role out. Without a
telling header only values of an unmistakable form have a role: an e-mail address, an IBAN, a date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, get_args

from scoreline.quality.lists import word_lines
from scoreline.quality.regions import is_region
from scoreline.quality.text import folded, normal

Role = Literal[
    "key",
    "email",
    "phone",
    "given name",
    "surname",
    "full name",
    "organisation",
    "street",
    "house number",
    "city",
    "region",
    "postcode",
    "country",
    "birth date",
    "date",
    "company id",
    "personal id",
    "iban",
    "web",
    "money",
    "number",
    "text",
]
"""What a column holds."""

SAMPLE = 1_000
"""Values of a column that are looked at: the margin of a share is then below 3.2 % (2 sigma)."""

_MOST, _NEARLY_ALL = 0.5, 0.8
"""Shares of values that must fit: with a header that says so, and without one."""


def roles(columns: Mapping[str, Sequence[str | None]]) -> dict[str, Role]:
    """The role of each column: header -> role, in the order of the columns.

    columns: header -> values, whole or from the top of the file; blank and None are missing.
    At most one column is the key: the first that has no value twice and is called like one, else
    the first column of all if it has a value in each row, none twice, and no role of its own.

    >>> roles({"Nr": ["1", "2"], "Vorname": ["Eva", "Jan"], "Kontakt": ["e@x.de", "j@y.org"]})
    {'Nr': 'key', 'Vorname': 'given name', 'Kontakt': 'email'}
    """
    looked = {header: _Values.of(values) for header, values in columns.items()}
    found = {header: _role(header, values) for header, values in looked.items()}
    key = _key(found, looked)
    _one_word_names(found, looked)
    return {
        header: "key" if header == key else _plain(role, looked[header])
        for header, role in found.items()
    }


@dataclass(frozen=True, slots=True)
class _Values:
    """What is looked at of a column.

    sample: values that are there, in normal form, evenly drawn; unique: each row has one, none
    twice.
    """

    sample: tuple[str, ...]
    unique: bool

    @classmethod
    def of(cls, values: Sequence[str | None]) -> _Values:
        there = [text for value in values if value is not None and (text := normal(str(value)))]
        step = max(1, -(-len(there) // SAMPLE))
        unique = bool(there) and len(there) == len(values) == len(set(there))
        # In order, so that a file sorted otherwise has the same sample.
        return cls(tuple(sorted(there)[::step] if step > 1 else there), unique)

    def share(self, fits: Callable[[str], object]) -> float:
        """The share of values that fit; 1 where there is none, for nothing speaks against it."""
        return sum(map(bool, map(fits, self.sample))) / len(self.sample) if self.sample else 1.0

    def says(self, fits: Callable[[str], object], least: float = _NEARLY_ALL) -> bool:
        """Whether the values say by themselves that they are such."""
        return bool(self.sample) and self.share(fits) >= least


def _role(header: str, values: _Values) -> Role:
    for shape, role in _UNMISTAKABLE:
        if values.says(shape):
            return role
    for role in proposed(header):
        fits = _FITS.get(role)
        if fits is None or values.share(fits) >= _MOST:
            return _kind_of_name(values) if role == "full name" else role
    if values.says(_is_date):
        return "date"
    return "text"


def _plain(role: Role, values: _Values) -> Role:
    """Numbers among what has no other role; a key that is none is a number or text."""
    if role in ("text", "key"):
        return "number" if values.says(_is_number) else "text"
    return role


def _kind_of_name(values: _Values) -> Role:
    """A column that is called `name` holds organisations if a tenth of it says so by a word."""
    return "organisation" if values.says(_is_organisation, _TENTH) else "full name"


_TENTH = 0.1
"""Of names of people less than one in a hundred holds such a word; of companies more than half."""


def _one_word_names(found: dict[str, Role], looked: Mapping[str, _Values]) -> None:
    """A `name` of one word beside a surname is a given name; a `nom` of more words a full name."""
    named = set(found.values())
    for header, role in found.items():
        single = looked[header].says(lambda text: " " not in text)
        if role == "full name" and single and "surname" in named and "given name" not in named:
            found[header] = "given name"
        elif role == "surname" and "given name" not in named:
            several = looked[header].says(lambda text: " " in text, _MOST)
            if several:
                found[header] = _kind_of_name(looked[header])


def _key(found: Mapping[str, Role], looked: Mapping[str, _Values]) -> str | None:
    for header, role in found.items():
        if looked[header].unique and role == "key":
            return header
    first = next(iter(found), None)
    if first is None or not looked[first].unique or found[first] != "text":
        return None
    return None if looked[first].says(_is_measure) else first


def words(text: str) -> tuple[str, ...]:
    """The words of a header, folded, without accents, digits at the end and signs.

    >>> words("FirstName_2"), words("Straße / Hausnr.")
    (('first', 'name'), ('strasse', 'hausnr'))
    """
    split = re.sub(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])", " ", text)
    found = re.findall(r"[^\W_]+", without_accents(folded(normal(split))))
    kept = [re.sub(r"(?<=\D)\d+$", "", word) for word in found if not word.isdigit()]
    return tuple(kept)


def without_accents(text: str) -> str:
    """The text without accents; й and ё become и and е, ß (folded) stays ss.

    >>> without_accents("Zoë Müller, Алёна")
    'Zoe Muller, Алена'
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def proposed(header: str) -> list[Role]:
    """The roles a header may stand for: longer phrases first, then those further right.

    >>> proposed("company e-mail"), proposed("street number"), proposed("score")
    (['email', 'organisation'], ['house number', 'key', 'street'], [])
    """
    tokens, phrases = words(header), _phrases()
    if tokens in _ALONE:
        return [_ALONE[tokens]]
    found: list[tuple[int, int, Role]] = []
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + 1):
            role = phrases.get(tokens[start:end])
            if role is not None:
                found.append((start - end, -end, role))
    return list(dict.fromkeys(role for _, _, role in sorted(found, key=lambda one: one[:2])))


_ALONE: Mapping[tuple[str, ...], Role] = {("first",): "given name", ("last",): "surname"}
"""Words that are a header by themselves, and mean much else beside others: `last contact`."""


@cache
def _phrases() -> dict[tuple[str, ...], Role]:
    """The words of headers -> the role they stand for."""
    table: dict[tuple[str, ...], Role] = {}
    known = get_args(Role)
    for line in word_lines("headers.txt"):
        name, _, phrases = line.partition(": ")
        role = known[known.index(name)]
        for phrase in phrases.split(";"):
            table.setdefault(words(phrase), role)
    return table


@cache
def organisation_words() -> frozenset[str]:
    """Words that stand in names of organisations, folded and without accents."""
    return frozenset(
        word
        for line in word_lines("organisation_words.txt")
        for word in map(without_accents, line.split())
    )


_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]{2,}\Z")
_PHONE = re.compile(r"\+?[\d\s().,/\-–]{5,24}(?:(?:ext|x|доб)\.?\s*\d{1,6})?\Z", re.IGNORECASE)
_WEB = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?#:]\S*)?\Z", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+\.\S+\Z", re.IGNORECASE)
_NUMBER = re.compile(
    r"[-+]?(?:\d+|\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+)(?:[.,]\d+)?(?:e[-+]?\d+)?\Z", re.I
)
_AMOUNT = re.compile(
    r"(?:[^\W\d_]{1,4}\.? ?|\W ?)?\+?(?:\d+|\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+)(?:[.,]\d+)?"
    r"(?: ?[^\W\d_]{1,9}\.?| ?[^\w\s%])?\Z"
)
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ].*)?\Z")
_WHOLE_DATE = re.compile(r"(1[89]|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\Z")
_DATE_WORDS = re.compile(
    r"(?:\d{1,2}\.? [^\W\d_]{3,}\.?,? \d{4}|[^\W\d_]{3,}\.? \d{1,2},? \d{4})\Z"
)
_YEAR = re.compile(r"(1[89]|20)\d\d\Z")
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}\Z")


def _is_iban(text: str) -> bool:
    bare = text.replace(" ", "")
    if not _IBAN.match(bare) or not bare.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1


def _is_phone(text: str) -> bool:
    return bool(_PHONE.match(text)) and 5 <= sum(map(str.isdigit, text)) <= 17


def _is_whole_phone(text: str) -> bool:
    return text.startswith("+") and _is_phone(text) and sum(map(str.isdigit, text)) >= 9


def _is_number(text: str) -> bool:
    return bool(_NUMBER.match(text))


def _is_measure(text: str) -> bool:
    """Whether a text is a number that has decimals: measured, where a key is counted or drawn."""
    return _is_number(text) and bool(re.search(r"[.,][0-9]+$", text))


def _is_amount(text: str) -> bool:
    """Whether a text is a number, maybe with the sign or code of a currency around it."""
    return bool(_AMOUNT.match(text))


def _is_price(text: str) -> bool:
    """Whether a text is an amount with the sign of a currency, maybe below zero."""
    bare = text.strip("()").removeprefix("-").removeprefix("−").strip()
    return any(unicodedata.category(sign) == "Sc" for sign in text) and _is_amount(bare)


def _is_date(text: str) -> bool:
    parts = _DATE.match(text)
    if parts is None:
        return bool(_WHOLE_DATE.match(text) or _DATE_WORDS.match(text))
    first, second, third = map(int, parts.groups())
    orders = ((first, second, third), (third, second, first), (third, first, second))
    return any(_exists(*order) for order in orders)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year + (1900 if year < 100 else 0), month, day)
    except ValueError:
        return False
    return True


def _is_birth_date(text: str) -> bool:
    return _is_date(text) or bool(_YEAR.match(text))


def are_years(values: Sequence[str | None]) -> bool:
    """Whether most of some values are years and not dates.

    >>> are_years(["1980", "1975", None, "31.1.1990"]), are_years(["1980-01-31"])
    (True, False)
    """
    return _Values.of(values).says(_YEAR.match, _MOST)


def _is_name(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= 1 and not any(map(str.isdigit, text)) and "@" not in text


def _is_words(text: str) -> bool:
    return any(map(str.isalpha, text)) and not _EMAIL.match(text)


def _is_organisation(text: str) -> bool:
    return any(word in organisation_words() for word in words(text))


def _is_short_code(text: str) -> bool:
    return len(text) <= 12 and any(map(str.isdigit, text)) and not _is_date(text)


def _is_house_number(text: str) -> bool:
    return len(text) <= 12 and any(map(str.isdigit, text))


def _is_code(text: str) -> bool:
    return len(text) <= 40 and sum(map(str.isdigit, text)) >= 4


_UNMISTAKABLE: tuple[tuple[Callable[[str], object], Role], ...] = (
    (_EMAIL.match, "email"),
    (_is_iban, "iban"),
    (_is_whole_phone, "phone"),
    (_LINK.match, "web"),
    (_is_price, "money"),
)
"""Forms that say by themselves what they are, whatever the header says."""

_FITS: Mapping[Role, Callable[[str], object]] = {
    "email": _EMAIL.match,
    "phone": _is_phone,
    "given name": _is_name,
    "surname": _is_name,
    "full name": _is_words,
    "organisation": _is_words,
    "street": _is_words,
    "house number": _is_house_number,
    "city": _is_words,
    "region": is_region,
    "postcode": _is_short_code,
    "country": _is_words,
    "birth date": _is_birth_date,
    "date": _is_date,
    "company id": _is_code,
    "personal id": _is_code,
    "iban": _is_iban,
    "web": _WEB.match,
    "money": _is_amount,
}
"""What half of the values must be where a header proposes a role."""
