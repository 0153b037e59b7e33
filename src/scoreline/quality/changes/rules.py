"""The rules by which cells are changed when they are asked for by name; none runs by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import UsageError, did_you_mean
from scoreline.language.fields import Field
from scoreline.quality.formulas import neutralised
from scoreline.quality.text import normal

OWN_VERSION = "1"
"""Of the rules that stand on no library."""
FORMULA = "formula"
"""Done in files that spreadsheets open, unless it is refused: a cell that they would run."""
BESIDE = "_e164"
"""What the name of a column of international phone numbers ends with."""

Cleaned = tuple[str, pl.Series]
"""A column, which may be a new one, and its cells after a rule."""


@dataclass(frozen=True)
class Rule:
    """A rule: its name, what it does in words, and what it makes of a column.

    clean: of a field, its raw cells, and its columns of verdicts; None where it has no business;
    behind: the library behind it, whose version each change tells.
    """

    name: str
    doc: str
    clean: Callable[[Field, pl.Series, pl.DataFrame], Cleaned | None]
    behind: str = ""

    @property
    def version(self) -> str:
        """Of the library behind it, or of the rule itself."""
        return f"{self.behind} {metadata.version(self.behind)}" if self.behind else OWN_VERSION


def _trim(field: Field, raw: pl.Series, checked: pl.DataFrame) -> Cleaned | None:
    if raw.dtype != pl.String:
        return None
    distinct = raw.unique().drop_nulls()
    tidy = pl.Series([normal(text) for text in distinct], dtype=pl.String)
    return raw.name, raw.replace_strict(distinct, tidy, default=None, return_dtype=pl.String)


def _domain(field: Field, raw: pl.Series, checked: pl.DataFrame) -> Cleaned | None:
    """Where an address differs from its normal form by small and capital letters alone."""
    if field.type != "email" or raw.dtype != pl.String:
        return None
    address = checked[f"{field.name}__normal"]
    same = (address.str.to_lowercase() == raw.str.to_lowercase()) & address.is_not_null()
    return raw.name, address.zip_with(same.fill_null(value=False), raw)


def _e164(field: Field, raw: pl.Series, checked: pl.DataFrame) -> Cleaned | None:
    """Only numbers that can be dialled; what was written stays where it is."""
    if field.type != "phone":
        return None
    good = checked[f"{field.name}__verdict"] == "ok"
    number = checked[f"{field.name}__normal"].zip_with(good, pl.Series([None], dtype=pl.String))
    return raw.name + BESIDE, number


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("trim", "blanks around and double ones inside; letters in one form (NFC)", _trim),
        Rule(
            "email-domain",
            "the domain of an e-mail address in small letters",
            _domain,
            "email-validator",
        ),
        Rule(
            "e164",
            "phones in international form, in a column of their own beside",
            _e164,
            "phonenumbers",
        ),
    )
}
"""The rules by name, in the order in which they work."""


def chosen(names: Sequence[str]) -> list[Rule]:
    """The rules that were asked for, in the order in which they work.

    Raises UsageError for a name that is no rule's.
    """
    for name in names:
        if name not in RULES:
            near = did_you_mean(name, RULES)
            raise UsageError(f"There is no rule `{name}`.", near or f"Rules: {', '.join(RULES)}.")
    return [rule for name, rule in RULES.items() if name in names]


def harmless(frame: pl.DataFrame) -> list[pl.Series]:
    """The columns of text with an apostrophe before cells that a spreadsheet would run."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = neutralised(frame.select(map(exactly, texts)).lazy()).collect()
    return [cells.alias(name) for cells, name in zip(safe, texts, strict=True)]
