"""Which encoding a text file is in, and the file as UTF-8.

Order: a byte order mark; UTF-16 without one (every other byte of plain text is NUL); UTF-8 if
most of its non-ASCII text is valid; else one of the old single-byte encodings, by how much the
text looks like words. What can't be decoded becomes invalid UTF-8 again, so that the reader
behind rejects that line and no other.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scoreline.errors import UsageError, did_you_mean

SAMPLE = 1 << 20
_CHUNK = 4 << 20

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
UTF8_MARK = b"\xef\xbb\xbf"
COMMON = ("windows-1252", "windows-1251")  # in this order if signs alone do not tell
LEGACY = (*COMMON, "cp866", "koi8-r", "mac-roman")
_OFTEN_SAID = (*LEGACY, "utf-8", "utf-16", "iso-8859-1", "windows-1250", "shift_jis", "gb18030")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: its name, and whether it was guessed, and whether that guess is sure."""

    name: str
    guessed: bool = False
    sure: bool = True


def said_encoding(name: str) -> Encoding:
    """The encoding the user named.

    >>> said_encoding("cp1251").name
    'cp1251'
    """
    try:
        codecs.lookup(name)
        b"".decode(name)
    except (LookupError, ValueError, UnicodeError):
        raise UsageError(
            f"No encoding is called {name!r}.", did_you_mean(name, _OFTEN_SAID)
        ) from None
    return Encoding("utf-8" if codecs.lookup(name).name in ("utf-8", "ascii") else name)


def guess_encoding(sample: bytes, whole: bool = True) -> Encoding:
    """The encoding of a text that begins with `sample`.

    whole: the sample is all there is; else a character torn at its end is no fault.

    >>> guess_encoding("имя;город\\nАнна;Москва\\n".encode("windows-1251")).name
    'windows-1251'
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name)
    if unmarked := _utf16_without_mark(sample):
        return Encoding(unmarked, guessed=True)
    if sample.isascii() or _mostly_utf8(sample, whole):
        return Encoding("utf-8")
    return guess_legacy(sample)


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 by its NUL bytes: separators, digits and line ends have them all on one side."""
    head = sample[: 1 << 14]
    head = head[: len(head) // 2 * 2]
    low, high = head[::2], head[1::2]
    little = high.count(0) >= low.count(0)
    upper, name = (high, "utf-16-le") if little else (low, "utf-16-be")
    # in plain text the upper bytes are 0 and that of one more alphabet
    (_, other), *_ = Counter(upper.replace(b"\0", b"")).most_common(1) or [(0, 0)]
    zeros = upper.count(0)
    if len(upper) < 5 or zeros < 0.05 * len(upper) or zeros + other < 0.9 * len(upper):
        return None
    text = head.decode(name, "replace")
    odd = sum(not (letter.isprintable() or letter in "\t\r\n\ufeff") for letter in text)
    return name if odd <= 0.02 * len(text) else None


_SOUND = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH = re.compile(rb"[\x80-\xff]")


def _mostly_utf8(sample: bytes, whole: bool) -> bool:
    """Whether most lines with non-ASCII bytes are valid UTF-8."""
    sound = broken = 0
    for line in sample.splitlines() if whole else sample.splitlines()[:-1] or [sample[:-3]]:
        if line.isascii():
            continue
        if _HIGH.search(_SOUND.sub(b"", line)):
            broken += 1
        else:
            sound += 1
    return sound >= broken


def utf8_lines_in(sample: bytes) -> list[int]:
    """Numbers of the lines that look like UTF-8: two or more sound characters, nothing else."""
    found = []
    for number, line in enumerate(sample.split(b"\n"), start=1):
        if not line.isascii():
            rest, sound = _SOUND.subn(b"", line)
            if sound >= 2 and rest.isascii():
                found.append(number)
    return found


def transcode(source: Path, encoding: str, target: Path) -> None:
    """Write the file as UTF-8 without a byte order mark; undecodable bytes as invalid UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)("scoreline-mark")
    with source.open("rb") as stream, target.open("wb") as out:
        first = True
        while True:
            data = stream.read(_CHUNK)
            text = decoder.decode(data, final=not data)
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            out.write(text.encode("utf-8", "surrogatepass"))
            if not data:
                return


def _mark(error: UnicodeError) -> tuple[str, int]:
    """An undecodable byte as a lone surrogate, which `surrogatepass` makes invalid UTF-8."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    torn = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in torn), error.end


codecs.register_error("scoreline-mark", _mark)


def guess_legacy(sample: bytes) -> Encoding:
    """The single-byte encoding under which the text looks most like words.

    The rarer ones only if there is no doubt; UTF-8, so that these lines are rejected, if the text
    looks like words under none.
    """
    from scoreline.quality.reading.letters import NOT_WORDS, likeness

    lines = [line for line in sample.splitlines() if not line.isascii()]
    text = b"\n".join(lines)[: 1 << 16]
    enough = min(len(_HIGH.findall(text)), 20)
    scores = {name: likeness(text, name) for name in LEGACY}
    best, second = sorted(LEGACY, key=lambda name: -scores[name])[:2]
    sure = scores[best] > 0 and (scores[best] - scores[second]) * enough >= 4
    common = max(COMMON, key=lambda name: scores[name])
    if scores[best] <= 0 or (scores[best] - scores[common]) * enough < 2:
        best = common
    if scores[best] < NOT_WORDS:
        return Encoding("utf-8")
    return Encoding(best, guessed=True, sure=sure)
