"""The columns of a file as fields and clues: what each may tell, and what is no use at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.jobs.learning.asked import LearnAsked, LeftOut
from scoreline.language.fields import Field
from scoreline.language.names import written
from scoreline.learn.cutting import SMALLEST, SMALLEST_SHARE
from scoreline.learn.wording import Clue
from scoreline.quality.checks.fields import currency_of_values, fields_of_roles
from scoreline.quality.reading.files import Table
from scoreline.quality.roles import SAMPLE, Role, are_years, roles
from scoreline.quality.text import folded, normal, plain_text

FACTS = {"email": "kind", "phone": "status"}
"""What is learnt of values that are each one person's own: the fact of their type."""
OWN = ("name", "company id", "iban")
"""Types of which each value is one person's own, and tells nothing but that it was given."""
_MOST = 0.5
"""Levels are learnt from where common ones hold half of the records; else it only counts that
there is a value."""


@dataclass(frozen=True)
class Candidates:
    """What may be learnt from: fields with their clues, and what is left out from the start."""

    fields: tuple[Field, ...]
    clues: tuple[Clue, ...]
    left_out: tuple[LeftOut, ...]


def candidates(table: Table, asked: LearnAsked, known: Collection[str]) -> Candidates:
    """The fields of a table that may tell something.

    known: headers of the target, the key and the time.
    """
    headers = [header for header in table.columns if header not in known]
    texts = table.frame.select(map(exactly, headers)).collect(engine="streaming")
    roles_, fields = _fields({name: texts[name] for name in headers}, asked)
    found: list[tuple[Field, Clue]] = []
    left_out: list[LeftOut] = []
    for header, role, one in zip(headers, roles_, fields, strict=True):
        use = _use(role, one, texts[header], asked)
        if header in asked.left_out:
            use = Use(one, why="you left it out")
        if use.why and header not in asked.insisted:
            left_out.append(LeftOut(header, use.why))
        else:
            found.append((use.field, _clue(use, texts[header])))
    fields_, clues = (tuple(part) for part in zip(*found, strict=True)) if found else ((), ())
    return Candidates(fields_, clues, tuple(left_out))


@dataclass(frozen=True)
class Use:
    """How a column is learnt from; why: not at all; given: only whether there is a value."""

    field: Field
    why: str = ""
    given: bool = False


def _fields(
    texts: Mapping[str, pl.Series], asked: LearnAsked
) -> tuple[list[Role], Sequence[Field]]:
    samples = {h: list(map(plain_text, cells.head(SAMPLE).to_list())) for h, cells in texts.items()}
    found = roles(samples)
    money = {h: currency_of_values(samples[h]) for h, role in found.items() if role == "money"}
    years = {h for h, role in found.items() if role == "birth date" and are_years(samples[h])}
    fields = fields_of_roles(found, asked.country, asked.order, money, years)
    return list(found.values()), fields


def _use(role: Role, one: Field, cells: pl.Series, asked: LearnAsked) -> Use:
    if role == "key":
        return Use(one, why="it names the record")
    if one.type in ("date", "time"):
        return Use(one) if asked.time else Use(one, why=NO_TIME)
    if one.type in OWN:
        return _given(replace(one, type="text"), cells)
    if one.type in ("text", "postcode"):
        counts = _counts(cells)
        common = sum(count for count in counts.values() if count >= _least(len(cells)))
        if common < _MOST * sum(counts.values()):
            return _given(one, cells)
        return Use(replace(one, type="choice", country=None))
    return Use(one)


NO_TIME = "a date tells something only beside the moment of the record: say its column, --time COL"


def _given(one: Field, cells: pl.Series) -> Use:
    """A column of which it only counts whether there is a value, if that differs."""
    missing = sum(not text for text in map(plain_text, cells.to_list()))
    if min(missing, len(cells) - missing) < _least(len(cells)):
        return Use(one, why="nearly every record has a value of its own")
    return Use(one, given=True)


def _least(rows: int) -> float:
    return max(SMALLEST_SHARE * rows, SMALLEST)


def _counts(cells: pl.Series) -> Counter[str]:
    """How often each level stands there, by its folded text."""
    found: Counter[str] = Counter()
    for raw, count in cells.cast(pl.String).value_counts().iter_rows():
        text = normal(raw or "")
        if text:
            found[folded(text)] += count
    return found


def _clue(use: Use, cells: pl.Series) -> Clue:
    name, fact = use.field.name, None if use.given else FACTS.get(use.field.type)
    of = written(name, fact)
    if use.field.type in ("date", "time"):
        of = f"days_between({of}, as_of)"
    spelt = _spelt(cells) if use.field.type == "choice" else {}
    return Clue(name, name, of, spelt, use.given)


def _spelt(cells: pl.Series) -> dict[str, str]:
    """How people write each level: as they do most often."""
    found: dict[str, str] = {}
    counts = cells.cast(pl.String).value_counts().sort("count", descending=True)
    for raw in counts[:, 0].to_list():
        text = normal(raw or "")
        if text:
            found.setdefault(folded(text), text)
    return found
