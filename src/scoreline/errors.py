"""Everything that can go wrong, drawn as one tree, and the finding every check returns.

    ScorelineError            one clear message, exit code 2
    |- UsageError             the command or call was wrong
    |- CardError              a card file is refused; carries its findings
    |  `- ConditionError      a condition is outside the language
    |- DataError              a data file is refused
    |  `- MissingColumnsError declared fields have no column; carries suggestions
    |- StoreError             a workspace's database is out of reach or refuses
    `- DeliveryError          a message was not delivered; says whether to try again

A *finding* is something wrong with data or a card. Checks return all of them; they do not raise.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with data or a card: what, where, and what to do.

    code: stable name, `bin-gap`; level: error, warning or info; message: what is wrong;
    hint: what to do. A card's finding names its term and line; a data finding its record (the
    key) or its event (the id), field and raw value. count: how many rows or cells it stands for;
    file: the card's file, where that is not the one that was named: one of a grid's two.
    """

    code: str
    level: Level
    message: str
    hint: str = ""
    term: str | None = None
    line: int | None = None
    record: str | None = None
    field: str | None = None
    raw: str | None = None
    count: int = 1
    file: str | None = None
    event: str | None = None

    @property
    def whose(self) -> str:
        """The record or the event that it is about; empty where it is about neither.

        >>> Finding("no-phone", "warning", "not a phone", record="L-5").whose
        'record L-5'
        """
        if self.event:
            return f"event {self.event}"
        return f"record {self.record}" if self.record else ""

    @property
    def in_a_line(self) -> str:
        """Where, what is wrong and what to do, as sentences of one line.

        >>> Finding("no-phone", "warning", "not a phone", "Mend it.", field="phone").in_a_line
        'phone: not a phone. Mend it.'
        """
        where = f"{self.field}: " if self.field else ""
        if not self.hint:
            return where + self.message
        end = "" if self.message.endswith((".", "!", "?", ":", ";")) else "."
        return f"{where}{self.message}{end} {self.hint}"


class ScorelineError(Exception):
    """A failure a user can cause and mend: says what, where and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(ScorelineError):
    """The command or the call was wrong."""


class CardError(ScorelineError):
    """A card is refused: `findings` says everything that is wrong with it."""

    def __init__(self, message: str, hint: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message, hint)
        self.findings = tuple(findings)


class ConditionError(CardError):
    """A condition is outside the language; `code` says how.

    code: `not-in-subset`, `unknown-field` or `type-mismatch`; field: the name that is unknown.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        code: str = "not-in-subset",
        field: str | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.code = code
        self.field = field


class DataError(ScorelineError):
    """A data file is refused."""


class MissingColumnsError(DataError):
    """Declared fields have no column in the file."""


class StoreError(ScorelineError):
    """A workspace's database is out of reach, or refuses; `again` says whether it may come back."""

    def __init__(self, message: str, hint: str = "", *, again: bool = False) -> None:
        super().__init__(message, hint)
        self.again = again


class DeliveryError(ScorelineError):
    """A message was not delivered; `again` says whether another try makes sense.

    The message is kept and listed: it names no person, no address of a letter and no secret.
    """

    def __init__(self, message: str, hint: str = "", *, again: bool = True) -> None:
        super().__init__(message, hint)
        self.again = again


def counted(count: int, noun: str, several: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(1200, "row"), counted(2, "entry", "entries")
    ('1 row', '1,200 rows', '2 entries')
    """
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Known names that look like `name`, nearest first; none if nothing is near.

    >>> nearest("buget", ["budget", "phone"])
    ['budget']
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=most, cutoff=0.6)
    return [by_folded[folded] for folded in found]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known names, or with all of them where none is near.

    >>> did_you_mean("buget", ["budget", "phone"])
    'Did you mean budget?'
    """
    known = list(known)
    close = nearest(name, known)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    if not known:
        return "There are none."
    shown = ", ".join(known[:12])
    return f"Known: {shown}{', ...' if len(known) > 12 else ''}."
