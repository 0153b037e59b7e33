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
    numbers, towards zero; even: a double rounded to a whole one, half to even; listed: the value at
    a place, from 0, of a list of whole numbers; utmost: of a group's values that pass a test the
    first or last by some columns.
    """

    dialect: Dialect
    fence: str
    text: str
    double: str
    shifted: Callable[[str, int], str]
    quotient: Callable[[str, int], str]
    even: str
    listed: Callable[[Sequence[int], str], str]
    utmost: Callable[[str, str, Sequence[str], bool], str]

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

    def by_code_points(self, text: str) -> str:
        """A text that is compared and grouped by code points, whatever its column's collation."""
        return f'{text} COLLATE "C"' if self.name == "postgres" else text


def big(number: int) -> str:
    """A whole number of 64 bits."""
    return f"CAST({number} AS BIGINT)"


def choice(tests: Iterable[tuple[str, str]], default: str) -> str:
    """The value beside the first test that is true."""
    whens = " ".join(f"WHEN {test} THEN {value}" for test, value in tests)
    return f"CASE {whens} ELSE {default} END" if whens else default


def sum_of(parts: Sequence[str]) -> str:
    """The sum of whole numbers."""
    return _by_halves(parts, "+") if parts else big(0)


def texts_of(parts: Sequence[str]) -> str:
    """Texts, at least one, put together."""
    return _by_halves(parts, "||")


def _by_halves(parts: Sequence[str], sign: str) -> str:
    """Bracketed by halves: a card may have thousands of terms, and databases go only so deep."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_by_halves(parts[:half], sign)} {sign} {_by_halves(parts[half:], sign)})"


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


def _comma(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def _of_list(value: str, test: str, by: Sequence[str], last: bool) -> str:
    order = ", ".join(f"{name} DESC" if last else name for name in by)
    return f"(ARRAY_AGG({value} ORDER BY {order}) FILTER (WHERE {test}))[1]"


def _by_struct(value: str, test: str, by: Sequence[str], last: bool) -> str:
    name = "MAX_BY" if last else "MIN_BY"
    return f"{name}({value}, STRUCT({', '.join(by)})) FILTER (WHERE {test})"


SPELLINGS = {
    "duckdb": Spelling(
        DIALECTS["duckdb"],
        fence="",
        text="VARCHAR",
        double="DOUBLE",
        shifted=_shifted,
        quotient=lambda n, by: f"({n} // {by})",
        even="ROUND_EVEN({}, 0)",
        listed=lambda numbers, place: f"CAST([{_comma(numbers)}] AS BIGINT[])[{place} + 1]",
        utmost=_of_list,
    ),
    "postgres": Spelling(
        DIALECTS["postgres"],
        fence=" OFFSET 0",
        text="TEXT",
        double="DOUBLE PRECISION",
        shifted=_shifted,
        quotient=lambda n, by: f"({n} / {by})",
        even="ROUND({})",  # of doubles; decimals it rounds half up
        listed=lambda numbers, place: f"(CAST('{{{_comma(numbers)}}}' AS BIGINT[]))[{place} + 1]",
        utmost=_of_list,
    ),
    "spark": Spelling(
        DIALECTS["spark"],
        fence="",
        text="STRING",
        double="DOUBLE",
        shifted=lambda word, bits: f"SHIFTRIGHT({word}, {bits})",
        quotient=lambda n, by: f"({n} DIV {by})",
        even="RINT({})",
        listed=lambda numbers, place: f"CAST(ARRAY({_comma(numbers)}) AS ARRAY<BIGINT>)[{place}]",
        utmost=_by_struct,
    ),
}
