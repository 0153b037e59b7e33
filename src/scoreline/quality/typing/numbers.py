"""Text -> number: what a cell says by itself, and what only a declaration can settle.

A number is read under both decimal signs. One possible reading is taken, whatever is declared:
`1 234,56`, `1.234,56`, `1,234.56`, `0,25` and `1,234,567` say what they are. Two readings
(`1,234`, `1.234`) go by the declared `decimal`. Undeclared, a lone dot is the decimal point, for
that is how programs write numbers; a lone comma is ambiguous, and so is a dot where no program
writes one: beside a currency sign (`150.000 €`), and in a field of integers (`1.234`).

Groups of thousands are parted by blanks, apostrophes, or the sign that is not the decimal one;
Indian groups (`12,34,567`) count. Brackets mean below zero, as accountants write. Decimal digits
of any script count as digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from scoreline.quality.text import fold_normal
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.lists import currency_of

BIGGEST = 2**53
"""Whole numbers beyond this can't be told apart once they are binary floats."""

LONGEST = 400
"""Characters beyond which a text is a number only if it is digits as a program writes them."""

_MACHINE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}([ ',.])\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d\d)+,\d{3}", re.ASCII)
_EXPONENT = re.compile(r"(.*\d[.,]?)[eE]([+-]?\d+)", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_FIRST_TO_LAST_DIGIT = re.compile(r"\d(?:.*\d)?", re.DOTALL)
_NO_WORD = re.compile(r"[-+()\d]")
_MULTIPLIERS = frozenset(
    {
        *("k", "thousand", "mille", "lakh", "crore", "т", "тыс", "тысяч", "тысячи"),
        *("m", "mm", "mn", "mln", "mio", "million", "millions", "млн", "миллион", "миллиона"),
        *("b", "bn", "milliard", "milliards", "billion", "миллионов", "млрд"),
    }
)
_INFINITE = frozenset({"inf", "infinity", "infinite", "∞"})
_SIGNS = str.maketrans(
    dict.fromkeys("−‐‑–﹣－", "-") | dict.fromkeys("＋", "+") | dict.fromkeys("’‘ʼ`´′＇", "'")
)


class Amount:
    """A number as it is written: canonical digits, and the currency beside it."""

    __slots__ = ("currency", "digits")

    def __init__(self, digits: str, currency: str | None) -> None:
        self.digits = digits  # what float() and Decimal() read: -1234.56e3
        self.currency = currency  # ISO codes that the sign may stand for, first the usual one

    def as_float(self) -> float:
        """The nearest binary float; -0.0 is 0.0."""
        return float(self.digits) + 0.0

    def is_whole_text(self) -> bool:
        """Whether it is written without decimals and exponent."""
        return _WHOLE.fullmatch(self.digits) is not None


def read_amount(text: str, decimal: str | None, *, whole: bool = False) -> Amount | Refusal:
    """The number in a normal text, with the currency written beside it if any.

    decimal: the declared sign; whole: the field holds integers.

    >>> read_amount("1 234,56 €", None).digits
    '1234.56'
    >>> read_amount("1,234", None).code
    'number-ambiguous'
    """
    if _MACHINE.fullmatch(text):
        by_dot = decimal == "." or (decimal is None and not whole)
        if by_dot or not _TWO_READINGS.fullmatch(text):
            return Amount(text, None)
    if len(text) > LONGEST:
        return Refusal("number-unreadable")
    text = _ascii_digits(text.translate(_SIGNS))
    sign, body, words = _parts(text)
    if words is None:
        return Refusal("number-unreadable")
    if not body:
        return Refusal("infinite" if fold_normal(words) in _INFINITE else "number-unreadable")
    currency = _currency(words)
    if isinstance(currency, Refusal):
        return _percentage(sign, body, decimal) if currency.code == "number-percent" else currency
    number = _resolve(body, decimal, by_program=not (currency or whole))
    if isinstance(number, Refusal):
        return number
    return Amount(sign + number, currency)


def read_integer(amount: Amount) -> int | Refusal:
    """The whole number an amount stands for.

    >>> read_integer(Amount("3.0", None)), read_integer(Amount("3.5", None)).code
    (3, 'integer-fraction')
    """
    try:
        value = Decimal(amount.digits)
    except InvalidOperation:  # an exponent of 20 digits
        return Refusal("integer-too-big" if amount.as_float() else "integer-fraction")
    if value.copy_abs() > BIGGEST:
        return Refusal("integer-too-big")
    whole = int(value)
    return whole if value == whole else Refusal("integer-fraction")


def _ascii_digits(text: str) -> str:
    """Digits of every script as 0-9; superscripts and fractions are no decimal digits."""
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def _parts(text: str) -> tuple[str, str, str | None]:
    """Sign, digits with their separators, and the words around; words None if it makes no sense."""
    match = _FIRST_TO_LAST_DIGIT.search(text)
    if match is None:
        return "", "", text.lstrip("+-")
    lead, body, tail = text[: match.start()], match[0], text[match.end() :]
    if lead[-1:] in (".", ",") and not lead[-2:-1].isalpha():
        lead, body = lead[:-1], lead[-1] + body
    if tail == ".":  # 5. is what C prints
        tail = ""
    sign = ""
    if "(" in lead and ")" in tail:
        lead, tail, sign = lead.replace("(", "", 1), tail.replace(")", "", 1), "-"
    elif "-" in lead or "+" in lead:
        sign = "-" if "-" in lead else ""
        lead = lead.replace("-", "", 1) if sign else lead.replace("+", "", 1)
    tail = re.sub(r"^[.,]-(?= |$)", "", tail)  # 100,- means no cents
    words = f"{lead.strip()} {tail.strip()}".strip()
    return sign, body, None if _NO_WORD.search(words) else words


def _currency(words: str) -> str | Refusal | None:
    """The currencies that words beside a number may stand for; None if there are no words."""
    if not words:
        return None
    found = currency_of(fold_normal(words))
    if found:
        return found
    if words == "%" or words == "٪":
        return Refusal("number-percent")
    tokens = re.findall(r"[^\W\d_]+", fold_normal(words))
    if any(token in _MULTIPLIERS for token in tokens):
        return Refusal("number-multiplied")
    return Refusal("number-unreadable")


def _percentage(sign: str, body: str, decimal: str | None) -> Refusal:
    """What a percentage may mean: the number itself or its hundredth part."""
    number = _resolve(body, decimal, by_program=True)
    if isinstance(number, Refusal):
        return number
    try:
        share = Decimal(sign + number).scaleb(-2).normalize()
    except InvalidOperation:  # an exponent of 20 digits
        return Refusal("number-unreadable")
    shown = f"{share:f}" if -20 < share.adjusted() < 20 else str(share)
    return Refusal("number-percent", {"whole": sign + number, "share": shown})


def _resolve(body: str, decimal: str | None, *, by_program: bool) -> str | Refusal:
    """Canonical digits of a body such as 1.234,56 or 1e5."""
    exponent = ""
    if match := _EXPONENT.fullmatch(body):
        body, exponent = match[1], "e" + match[2]
        if not re.fullmatch(r"\d*[.,]?\d*", body):
            return Refusal("number-unreadable")
    readings: Mapping[str, str | None] = {mark: _reading(body, mark) for mark in ".,"}
    distinct = {reading for reading in readings.values() if reading is not None}
    if not distinct:
        return Refusal("number-unreadable")
    if len(distinct) == 1:
        return distinct.pop() + exponent
    if decimal is None and ("," in body or not by_program):
        shown = " or ".join(sorted(distinct))
        return Refusal("number-ambiguous", {"readings": shown})
    return str(readings[decimal or "."]) + exponent


def _reading(body: str, mark: str) -> str | None:
    """Digits of the body if `mark` is its decimal sign; None if it can't be."""
    whole, found, fraction = body.partition(mark)
    if found and not re.fullmatch(r"\d+" if mark == "," else r"\d*", fraction, re.ASCII):
        return None
    if not whole:
        return f"0.{fraction}" if fraction else None
    if not whole.isdecimal():
        if not _GROUPED.fullmatch(whole):
            return None
        whole = re.sub(r"[ ',.]", "", whole)
    return f"{whole}.{fraction}" if fraction else whole
