"""What checking says of a cell: a verdict, a finding, the normal form, what was probably meant.

One check, two speeds: `check_value` answers for one value, and a table gets the same as columns
`field__verdict`, `field__finding`, `field__normal`, `field__suggestion` (`boundary`); the tests
compare both ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from scoreline.language.fields import Fact, Field
from scoreline.quality.typing.checked import Checked
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.values import Result, cell_typer

VerdictWord = Literal["ok", "suspect", "bad", "missing", "unknown"]
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)

VERDICT, FINDING, NORMAL, SUGGESTION = CHECKED = (
    Fact("verdict", "text", VERDICTS, "ok, suspect, bad, missing or unknown"),
    Fact("finding", "text", (), "the code of the finding"),
    Fact("normal", "text", (), "the value in its normal form"),
    Fact("suggestion", "text", (), "what was probably meant"),
)
"""What checking says, as columns of a table beside the facts; cards do not read them."""

DEFAULT_DATES = tuple(
    date.fromisoformat(day)
    for day in ("1899-12-30", "1900-01-01", "1904-01-01", "1970-01-01", "9999-12-31")
)
"""Days that programs write where no date is known: their first and last ones."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking says of a value.

    verdict: `ok`, `suspect` (doubtful), `bad` (can't be used), `missing`, or `unknown` (can't be
    told); finding: the code of what was found, empty if nothing; normal: the normal form, which
    stands beside the value and never replaces it; suggestion: what was probably meant.
    """

    verdict: VerdictWord
    finding: str = ""
    normal: str | None = None
    suggestion: str | None = None


def check_value(field: Field, raw: object) -> Verdict:
    """The verdict on a raw value.

    >>> found = check_value(Field("e", "email"), "anna@gmial.com")
    >>> found.verdict, found.finding, found.suggestion
    ('suspect', 'email-typo', 'anna@gmail.com')
    """
    return verdict_of(cell_typer(field).read(raw))


def verdict_of(result: Result) -> Verdict:
    """The verdict in what reading a cell gave."""
    if result is None:
        return Verdict("missing")
    if isinstance(result, Refusal):
        return Verdict("bad", result.code, suggestion=result.details.get("suggestion"))
    if isinstance(result, Checked):
        return Verdict(result.status, result.code, result.normal, result.suggestion)
    if type(result) is date and result in DEFAULT_DATES:
        return Verdict("suspect", "date-default", result.isoformat())
    return Verdict("ok", normal=_text(result))


def _text(value: object) -> str | None:
    """The normal form of a value that is its own: texts and dates, None for all else."""
    if isinstance(value, str):
        return value
    return (
        value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else None
    )


def verdict_fact(result: Result, name: str) -> str | None:
    """A part of the verdict, as a column has it."""
    found: str | None = getattr(verdict_of(result), name)
    return found or None
