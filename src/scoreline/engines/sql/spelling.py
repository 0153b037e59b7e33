"""How whole numbers, bits and texts are spelt in the SQL of a database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from scoreline.language.dialects import DIALECTS, Dialect
from scoreline.scorecard.points import SCALE

DECIMALS = 4
PIECE = "sl_"
"""Begins the names of columns that exist only inside the SELECT."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of one database beyond those of conditions.

    fence: ends a subquery that is worked out once, and not again wherever its columns are used;
    text, double: the types; shifted: a word without so many of its lowest bits; quotient: of whole
    numbers, towards zero.
    """

    dialect: Dialect
    fence: str
    text: str
    double: str
    shifted: Callable[[str, int], str]
    quotient: Callable[[str, int], str]

    @property
    def name(self) -> str:
        """SQLGlot's name of the database."""
        return self.dialect.name

    def quoted(self, name: str) -> str:
        """A name in its quotes."""
        return exp.to_identifier(name, quoted=True).sql(self.name)

    def literal(self, text: str) -> str:
        """A text in its quotes."""
        return exp.Literal.string(text).sql(self.name)


def big(number: int) -> str:
    """A whole number of 64 bits."""
    return f"CAST({number} AS BIGINT)"


def choice(tests: Iterable[tuple[str, str]], default: str) -> str:
    """The value beside the first test that is true."""
    whens = " ".join(f"WHEN {test} THEN {value}" for test, value in tests)
    return f"CASE {whens} ELSE {default} END" if whens else default


def sum_of(parts: Sequence[str]) -> str:
    """The sum of whole numbers, in brackets by halves: a card may have thousands of terms."""
    if not parts:
        return big(0)
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({sum_of(parts[:half])} + {sum_of(parts[half:])})"


def clamped(points: str, floor: int | None, cap: int | None) -> str:
    """Points inside a floor and a cap."""
    if cap is not None:
        points = f"LEAST({points}, {big(cap)})"
    return points if floor is None else f"GREATEST({points}, {big(floor)})"


def has(word: str, bits: int) -> str:
    """Whether a word has one of some bits."""
    return f"({word} & {big(bits)}) <> 0"


def signed(points: str, spelling: Spelling, *, whole: bool) -> str:
    """Scaled points as reasons show them: `+3`, `-0.25`; whole: that they have no decimals."""
    sign = f"CASE WHEN {points} < 0 THEN '-' ELSE '+' END"
    units = f"CAST({spelling.quotient(f'ABS({points})', SCALE)} AS {spelling.text})"
    if whole:
        return f"{sign} || {units}"
    rest = f"(ABS({points}) % {SCALE})"
    digits = f"SUBSTRING(CAST({rest} + {SCALE} AS {spelling.text}), 2, {DECIMALS})"
    decimals = f"CASE WHEN {rest} = 0 THEN '' ELSE '.' || TRIM(TRAILING '0' FROM {digits}) END"
    return f"{sign} || {units} || {decimals}"


def _shifted(word: str, bits: int) -> str:
    return f"({word} >> {bits})"


SPELLINGS = {
    "duckdb": Spelling(
        DIALECTS["duckdb"], "", "VARCHAR", "DOUBLE", _shifted, lambda n, by: f"({n} // {by})"
    ),
    "postgres": Spelling(
        DIALECTS["postgres"],
        " OFFSET 0",
        "TEXT",
        "DOUBLE PRECISION",
        _shifted,
        lambda n, by: f"({n} / {by})",
    ),
    "spark": Spelling(
        DIALECTS["spark"],
        "",
        "STRING",
        "DOUBLE",
        lambda word, bits: f"SHIFTRIGHT({word}, {bits})",
        lambda n, by: f"({n} DIV {by})",
    ),
}
