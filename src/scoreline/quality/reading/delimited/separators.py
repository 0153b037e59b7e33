"""Which character separates the cells of a csv file, from its first lines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice

from scoreline.errors import UsageError
from scoreline.quality.reading.delimited.grammar import Grammar
from scoreline.quality.reading.delimited.rows import RecordReader
from scoreline.quality.reading.lines import Lines
from scoreline.quality.table import Notes

SEPARATORS = (",", ";", "\t", "|")
NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_SPOKEN = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "pipe": "|"}
_SAMPLE_ROWS = 100


@dataclass(frozen=True, slots=True)
class Guess:
    """A separator and whether the first lines leave no doubt."""

    separator: str
    sure: bool


@dataclass(frozen=True, slots=True)
class _Trial:
    separator: str
    rows: int
    width: int
    share: float  # of the rows that are as wide as the header
    parted: float  # of the rows that it parts

    @property
    def tier(self) -> int:
        return 2 if self.share >= 0.9 else 1 if self.share >= 0.5 else 0


def said_separator(word: str) -> str:
    """The separator that the user named.

    >>> said_separator("tab") == "\\t"
    True
    """
    separator = _SPOKEN.get(word.lower(), word)
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n\0':
        raise UsageError(
            f"The separator must be one character, not {word!r}.",
            "Say --separator ';' or --separator tab",
        )
    return separator


def guess_separator(sample: bytes, whole: bool, prefer: str | None = None) -> Guess:
    """The separator under which the first rows are as wide as the header.

    sample: the first bytes, UTF-8; whole: they are the whole file, else the last line is left out;
    prefer: the separator that the file's extension promises, taken if the header holds it.

    >>> guess_separator(b"name;budget\\nAnna;1,5\\nBoris;2,5\\n", whole=True)
    Guess(separator=';', sure=True)
    """
    if not whole:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    trials = [_try(separator, sample) for separator in SEPARATORS]
    for trial in trials:
        if trial.separator == prefer and trial.width > 1:
            return Guess(trial.separator, sure=True)
    wide = [trial for trial in trials if trial.width > 1]
    if not wide:
        best = max(trials, key=lambda trial: trial.share)
        return Guess(best.separator, sure=best.tier == 2)
    best = max(wide, key=lambda trial: (trial.tier, trial.width))
    rivals = [trial for trial in wide if trial is not best and trial.tier >= best.tier]
    # a header that only one sign parts says which it is, however ragged the rows, unless they
    # are parted by another: then the first line is a title
    others = [trial for trial in trials if trial is not best]
    plain = len(wide) == 1 and all(trial.parted < 0.5 for trial in others)
    return Guess(best.separator, sure=not rivals and (plain or best.tier > 0 or best.rows < 5))


def _try(separator: str, sample: bytes) -> _Trial:
    lines = Lines(io.BytesIO(sample))
    records = RecordReader(lines, Grammar(separator), 0, Notes())
    widths = [len(record.cells) for record in islice(records, _SAMPLE_ROWS + 1)]
    if not widths:
        return _Trial(separator, 0, 0, 0.0, 0.0)
    head, rows = widths[0], widths[1:]
    if not rows:
        return _Trial(separator, 0, head, 1.0, 0.0)
    parted = sum(width > 1 for width in rows)
    return _Trial(separator, len(rows), head, rows.count(head) / len(rows), parted / len(rows))
