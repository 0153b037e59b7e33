"""The columns of a file as fields and clues: what each may tell, and what is no use at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.jobs.dated import own_order
from scoreline.jobs.learning.asked import LearnAsked, LeftOut
from scoreline.jobs.learning.special import check_special, codes_alone, numbers_alone
from scoreline.language.fields import Field
from scoreline.language.names import written
from scoreline.learn.cutting import SMALLEST, SMALLEST_SHARE
from scoreline.learn.wording import Clue
from scoreline.quality.checks.fields import currency_of_values, fields_of_roles
from scoreline.quality.checks.missing_words import OTHER_THAN_WORDS, missing_words
from scoreline.quality.reading.files import Table
from scoreline.quality.roles import SAMPLE, Role, are_years, roles
from scoreline.quality.text import folded, normal, plain_text
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.values import cell_typer

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
    found = [(one, replace(clue, ladder=asked.ladders.get(one.name, ()))) for one, clue in found]
    found = _with_codes(found, asked, table.columns)
    fields_, clues = (tuple(part) for part in zip(*found, strict=True)) if found else ((), ())
    return Candidates(fields_, clues, tuple(left_out))


def _with_codes(
    found: Sequence[tuple[Field, Clue]], asked: LearnAsked, headers: Sequence[str]
) -> list[tuple[Field, Clue]]:
    """The fields and clues, and a clue more for each column that holds codes.

    Raises UsageError for codes of what is no column of numbers.
    """
    by_header = {one.column[0] if one.column else one.name: one for one, _ in found}
    numbers = [name for name, one in by_header.items() if one.kind == "number"]
    check_special(asked.special, numbers)
    codes = {by_header[header].name: codes for header, codes in asked.special.items()}
    all_ = []
    for one, clue in found:
        if one.name not in codes:
            all_.append((one, clue))
            continue
        own = codes[one.name]
        name = f"{one.name} code"
        while name in headers:
            name += "_"
        alone = replace(clue, of=numbers_alone(clue.of, own), codes=own)
        which = Clue(name, name, codes_alone(clue.of, own), field=one.name, codes=own, apart=True)
        all_ += [(one, alone), (one, which)]
    return all_


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
    read = [
        _in_own_order(_with_words_for_nothing(one, cells), cells)
        for one, cells in zip(fields, texts.values(), strict=True)
    ]
    return list(found.values()), read


def _with_words_for_nothing(one: Field, cells: pl.Series) -> Field:
    """A field that calls missing what its column says where it knows nothing: `n/a`, `-`."""
    if one.type not in OTHER_THAN_WORDS or cells.dtype != pl.String:
        return one
    wordy = ~cells.str.contains(r"\d").fill_null(value=True)
    typer = cell_typer(one)
    unread = [w for w in cells.filter(wordy).unique() if isinstance(typer.read(w), Refusal)]
    verdicts = pl.Series(["ok"]).new_from_index(0, len(cells))
    bad = pl.Series(["bad"]).new_from_index(0, len(cells))
    words = missing_words(cells, verdicts.zip_with(~cells.is_in(unread), bad)) if unread else ()
    return replace(one, missing=(*one.missing, *words))


def _in_own_order(one: Field, cells: pl.Series) -> Field:
    """A field of dates in the order that its cells prove, where nobody said one."""
    return replace(one, order=own_order(cells)) if one.type == "date" and not one.order else one


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


OWN_VALUES = "nearly every record has a value of its own"
PERCENTS = "its numbers can't be read: write 12.5 instead of 12.5%"


def _given(one: Field, cells: pl.Series) -> Use:
    """A column of which it only counts whether there is a value, if that differs."""
    texts = list(filter(None, map(plain_text, cells.to_list())))
    if min(len(texts), len(cells) - len(texts)) < _least(len(cells)):
        percents = sum(text.endswith("%") for text in texts)
        return Use(one, why=PERCENTS if percents > _MOST * len(texts) else OWN_VALUES)
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
