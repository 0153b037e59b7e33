"""How much a text looks like words of Russian or of a western language, under one encoding.

A simple rule of our own, for short lists of names, where general detectors guess badly: each
non-ASCII letter scores by how usual it is and by its neighbours. Russian words hold no Latin
letters and no capital after a small letter; accented letters stand among plain ones.
Frequencies of Russian letters: Russian National Corpus, in letters per thousand (ё, which few
write but names hold, counts as if written).
"""

from __future__ import annotations

from math import log2

_RUSSIAN = {
    "о": 110, "е": 85, "а": 80, "и": 74, "н": 67, "т": 63, "с": 55, "р": 47, "в": 45, "л": 44,
    "к": 35, "м": 32, "д": 30, "п": 28, "у": 26, "я": 20, "ы": 19, "ь": 17, "г": 17, "з": 16,
    "б": 16, "ч": 14, "й": 12, "х": 10, "ж": 9, "ш": 7, "ю": 6, "ц": 5, "щ": 4, "э": 3, "ф": 3,
    "ъ": 1, "ё": 8,
}  # fmt: skip
_CYRILLIC = {letter: log2(count * 33 / 1000) for letter, count in _RUSSIAN.items()}
_CYRILLIC |= dict.fromkeys("іїєґў", 0.0)
_WESTERN = dict.fromkeys("éèàçäöüñáíó", 2.5) | dict.fromkeys("êôûîâëïßãõåøæúù", 1.5)
_WESTERN |= dict.fromkeys("œìòýšžðþÿ", 0.5)
_SIGNS = dict.fromkeys("№«»—–…“”„’€°\u00a0", 1.0) | dict.fromkeys("£§©®™‘•²½×", 0.0)

_CYRILLIC_ENCODINGS = {"windows-1251", "cp866", "koi8-r"}
NOT_WORDS = -2.5
"""Words of rare letters alone reach this; bytes at random mostly don't."""
_IMPOSSIBLE = -6.0
_ODD = -4.0


def likeness(text: bytes, encoding: str) -> float:
    """Mean score of the non-ASCII characters; above 0 it looks like words.

    >>> likeness("Анна".encode("cp866"), "cp866") > likeness("Анна".encode("cp866"), "koi8-r")
    True
    """
    decoded = f" {text.decode(encoding, 'replace')} "
    cyrillic = encoding in _CYRILLIC_ENCODINGS
    total, seen = 0.0, 0
    for position in range(1, len(decoded) - 1):
        letter = decoded[position]
        if letter < "\x80":
            continue
        seen += 1
        before, after = decoded[position - 1], decoded[position + 1]
        if letter == "\N{REPLACEMENT CHARACTER}" or "\x80" <= letter < "\xa0":
            total += _IMPOSSIBLE
        elif letter in _SIGNS:
            total += _SIGNS[letter] if letter == "’" else _sign(before, letter, after)
        elif cyrillic:
            total += _cyrillic(before, letter, after)
        else:
            total += _western(before, letter, after)
    return total / seen if seen else 0.0


def _sign(before: str, letter: str, after: str) -> float:
    """A sign is odd within a word."""
    return _SIGNS[letter] - (3.0 if before.isalpha() and after.isalpha() else 0.0)


def _cyrillic(before: str, letter: str, after: str) -> float:
    usual = _CYRILLIC.get(letter.lower())
    if usual is None:
        return _ODD
    if _plain_letter(before) or _plain_letter(after):
        return _ODD
    if letter.isupper() and before.islower():
        return _ODD
    return usual


def _western(before: str, letter: str, after: str) -> float:
    usual = _WESTERN.get(letter.lower())
    if usual is None:
        return _ODD
    if letter.isupper() and before.islower():
        return _ODD
    if letter.islower() and after.isupper():
        return _ODD
    if letter.isupper() and not (after.isupper() or not before.isalpha()):
        return _ODD
    neighbours = [other for other in (before, after) if other.isalpha()]
    if neighbours and not any(map(_plain_letter, neighbours)):
        return _ODD
    return usual if neighbours else 0.0


def _plain_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
