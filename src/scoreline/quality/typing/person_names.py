"""Text -> name of a person and its fact: status. Nothing is refused: names are what people have.

`suspect` is a name that was typed to get past a form (`qwerty`), one that is no name (`anna@x.ru`),
in two alphabets at once, or all in capitals or small letters; for the last two it is suggested how
it was probably meant.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from scoreline.quality.typing import lists
from scoreline.quality.typing.checked import Checked, Status

_WORD = re.compile(r"[^\W\d_]+")
_CONTACT = re.compile(r"@|https?:|www\.|\d[\d\s()-]{5,}\d")
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\ufffd")
"""What is left of a letter that a file's encoding could not hold: `M?ller`."""
_REPEATED = re.compile(r"([^\W\d_])\1\1")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "ицукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
RUN = 5
"""Keys beside each other, in a row, that no name has: `were` has four."""
VOWELS = "aeiouyrlаеиоуыэюярлієѣ"
"""Letters that a word can't be without; r and l are vowels in Krk and Vlk."""
_VOWEL = re.compile(f"[{VOWELS}]")
_CYRILLIC_AS_LATIN = str.maketrans("АВЕКМНОРСТУХаеорсухіј", "ABEKMHOPCTYXaeopcyxij")
_LATIN_AS_CYRILLIC = {new: old for old, new in _CYRILLIC_AS_LATIN.items()}


@dataclass(frozen=True, slots=True)
class PersonName(Checked):
    """A name as written, with its verdict."""

    text: str
    status: Status = "ok"
    code: str = ""
    suggestion: str | None = None


def read_name(text: str) -> PersonName:
    """The name in a normal text.

    >>> read_name("Анна Каренина").status, read_name("qwerty").code
    ('ok', 'name-placeholder')
    >>> read_name("JEAN-PAUL DUPONT").suggestion
    'Jean-Paul Dupont'
    """
    code = _doubt(text)
    if code:
        return PersonName(text, "suspect", code)
    if any(map(_is_mixed, _WORD.findall(text))):
        return PersonName(text, "suspect", "name-alphabets", _in_one_alphabet(text))
    if _has_lost_case(text):
        return PersonName(text, "suspect", "name-case", capitalised(text))
    return PersonName(text)


def _doubt(text: str) -> str:
    """Why a text is no name, as the code of a finding; empty if it may be one."""
    if _CONTACT.search(text):
        return "name-contact"
    folded = text.casefold()
    words = _WORD.findall(folded)
    if folded in lists.placeholder_names() or (
        words and all(word in lists.placeholder_names() for word in words)
    ):
        return "name-placeholder"
    if not words or any(sign.isdecimal() for sign in text) or _LOST.search(text):
        return "name-signs"
    if any(map(_is_gibberish, words)):
        return "name-gibberish"
    return ""


def _is_gibberish(word: str) -> bool:
    """Whether no name has such a word: one letter three times, a row of keys, no vowel."""
    plain = bare(word)
    if _REPEATED.search(plain):
        return True
    runs = {plain[i : i + RUN] for i in range(len(plain) - RUN + 1)}
    if any(run in row or run[::-1] in row for run in runs for row in ROWS):
        return True
    known = all("a" <= c <= "z" or "а" <= c <= "я" for c in plain)
    return len(plain) >= RUN and known and not _VOWEL.search(plain)


def bare(word: str) -> str:
    """The letters of a word without their marks.

    >>> bare("élodie"), bare("й")
    ('elodie', 'и')
    """
    return "".join(c for c in unicodedata.normalize("NFD", word) if c.isalpha())


def _is_mixed(word: str) -> bool:
    """Whether a word has Latin and Cyrillic letters beside each other."""
    return bool(re.search("[a-zA-Z]", word)) and bool(re.search("[а-яёА-ЯЁіїєІЇЄ]", word))


def _in_one_alphabet(text: str) -> str | None:
    """The text with letters that look the same in the alphabet of most; None if some do not."""
    cyrillic = len(re.findall("[а-яёА-ЯЁіїєІЇЄ]", text))
    to_cyrillic = cyrillic > len(re.findall("[a-zA-Z]", text))
    found = text.translate(_LATIN_AS_CYRILLIC if to_cyrillic else _CYRILLIC_AS_LATIN)
    return None if any(map(_is_mixed, _WORD.findall(found))) else found


def _has_lost_case(text: str) -> bool:
    """Whether a name is all in capitals or all in small letters; initials and Ng may be."""
    if text.islower():
        return True
    return text.isupper() and any(len(word) > 2 for word in _WORD.findall(text))


def capitalised(text: str) -> str:
    """A name with capitals where they belong: `van der Berg`, `O'Neil`, `McDonald`.

    >>> capitalised("LUDWIG VAN BEETHOVEN"), capitalised("анна-мария")
    ('Ludwig van Beethoven', 'Анна-Мария')
    """
    from nameparser import HumanName  # 40 ms: only where a name has lost its capitals

    parts = []
    for part in text.split(","):  # the library would put what follows a comma first
        name = HumanName(part)
        name.capitalize(force=True)
        parts.append(str(name))
    return ", ".join(parts)
