"""Which column of a file feeds which field: exact header first, then without blanks and case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache, partial

from scoreline.errors import Finding, MissingColumnsError, nearest
from scoreline.language.fields import Field
from scoreline.quality.text import fold_normal, normal

TAKEN = frozenset({"as_of", "base", "other", "segments", "total cap", "total floor"})
"""What no field and no term of a card may be called."""


def header_of(wanted: Sequence[str], headers: Collection[str]) -> str | None:
    """The header that stands for the first of `wanted` that has one; None if none has.

    Each is looked for as it is, then in normal form, then folded if only one header folds to it.

    >>> header_of(["budget", "Бюджет, руб"], [" Budget "])
    ' Budget '
    """
    for name in wanted:  # mostly the first one, exactly
        if name in headers:
            return name
        found = _loosely(name, tuple(headers))
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _loosely(name: str, headers: tuple[str, ...]) -> str | None:
    """The header that is `name` but for blanks, NFC or case."""
    wanted = normal(name)
    for header in headers:
        if normal(header) == wanted:
            return header
    same = [header for header in headers if fold_normal(normal(header)) == fold_normal(wanted)]
    return same[0] if len(same) == 1 else None


@dataclass(frozen=True, slots=True)
class Spellings:
    """Headers that may stand for a name, each before the next.

    alone: none of them does in a row that has two of them.
    """

    headers: tuple[str, ...]
    alone: bool


def spellings(wanted: Sequence[str], headers: Collection[str]) -> list[Spellings]:
    """What `header_of` would take in rows that have some of these headers each, best first.

    >>> [one.headers for one in spellings(["minutes"], ["Minutes", "mail", " minutes"])]
    [(' minutes',), ('Minutes', ' minutes')]
    """
    found = []
    for name in wanted:
        like = normal(name)
        exact = [name] if name in headers else []
        same = tuple(dict.fromkeys([*exact, *(one for one in headers if normal(one) == like)]))
        fold = fold_normal(like)
        folded = tuple(one for one in headers if fold_normal(normal(one)) == fold)
        found += [Spellings(same, False), Spellings(folded, True)]
    return [one for one in found if one.headers]


def headers_of(field: Field) -> tuple[str, ...]:
    """The headers to look for, in order, each once.

    >>> headers_of(Field("budget", "money", column=("budget", "Budget, EUR")))
    ('budget', 'Budget, EUR')
    """
    return tuple(dict.fromkeys((*field.column, field.name)))


def match_headers(
    fields: Sequence[Field], key: str | None, headers: Sequence[str]
) -> tuple[dict[str, str | None], str | None]:
    """Field name -> header (None for an absent optional field), and the header of the key.

    Raises MissingColumnsError, naming every declared column that is absent.
    """
    found: dict[str, str | None] = {}
    absent: list[Sequence[str]] = []
    for field in fields:
        wanted = headers_of(field)
        found[field.name] = header_of(wanted, headers)
        if found[field.name] is None and not field.optional:
            absent.append(wanted)
    key_header = None
    if key is not None:
        by_field = {field.name: headers_of(field) for field in fields}
        wanted = by_field.get(key, (key,))
        key_header = header_of(wanted, headers)
        if key_header is None and wanted not in absent:
            absent.insert(0, wanted)
    if absent:
        raise _missing(absent, headers)
    return found, key_header


def mistaken_names(fields: Sequence[Field], names: Sequence[str]) -> tuple[Finding, ...]:
    """A finding for each field that a record lacks while it has a name that looks like it."""
    return tuple(
        Finding(
            "name-mistaken",
            "warning",
            f"The record has no `{name}`, but it has `{near}`, which no field reads.",
            f"Call it `{name}`, or name it in `column:` of the field.",
            field=name,
        )
        for name, near in mistaken(fields, names).items()
    )


def mistaken(fields: Sequence[Field], names: Sequence[str]) -> dict[str, str]:
    """The names of fields that have no header, each with the nearest name that no field reads.

    A name is given once: to the field that it looks most like, the first of those.

    >>> mistaken([Field("budget", "money"), Field("phone", "phone")], ["buget", "phone"])
    {'budget': 'buget'}
    >>> mistaken([Field("phone1", "phone"), Field("phone2", "phone")], ["phone"])
    {'phone1': 'phone'}
    """
    wanted = {field.name: (*field.column, field.name) for field in fields}
    found = {name: header_of(headers, names) for name, headers in wanted.items()}
    spare = [str(name) for name in names if name not in found.values()]
    absent = [name for name, header in found.items() if header is None]
    given: dict[str, str] = {}
    while likes := {name: near[0] for name in absent if (near := nearest(name, spare))}:
        for like in set(likes.values()):
            rivals = [name for name in likes if likes[name] == like]
            given[max(rivals, key=partial(_likeness, like))] = like
        absent = [name for name in absent if name not in given]
        spare = [name for name in spare if name not in given.values()]
    return {name: given[name] for name in found if name in given}


def _likeness(one: str, other: str) -> float:
    """How much two names look alike, capitals and small letters aside: 1 is the same."""
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _missing(absent: Sequence[Sequence[str]], headers: Sequence[str]) -> MissingColumnsError:
    """One error that names all absent columns, with the nearest headers."""
    lines = []
    for wanted in absent:
        names = " or ".join(f"`{name}`" for name in wanted)
        close = list(dict.fromkeys(near for name in wanted for near in nearest(name, headers)))
        guess = f" (nearest: {', '.join(f'`{near}`' for near in close[:3])})" if close else ""
        lines.append(f"{names}{guess}")
    number = "a column" if len(lines) == 1 else f"{len(lines)} columns"
    shown = ", ".join(f"`{header}`" for header in headers[:20])
    return MissingColumnsError(
        f"The data lack {number} that the card declares: {'; '.join(lines)}.",
        f"The data have: {shown}{', ...' if len(headers) > 20 else ''}. "
        "Name the header in `column:` of the field, or mark the field `optional: yes`.",
    )


def names_of(headers: Iterable[str]) -> tuple[str, ...]:
    """What columns are called as fields of a card: their headers, as far as these can be names.

    A name is plain text without dots and semicolons, has no two low lines beside each other (the
    columns of facts have), is no line that every score has, and no two are the same.

    >>> names_of(["E-Mail", "tel. 1", "tel  1", "", "__row__", "base"])
    ('E-Mail', 'tel 1', 'tel 1 (3)', 'column 4', '_row_', 'base (6)')
    """
    found: list[str] = []
    for number, header in enumerate(headers, start=1):
        plain = "".join(one if one.isprintable() and one not in ".;" else " " for one in header)
        name = normal(re.sub("__+", "_", plain)) or f"column {number}"
        while name in found or name.casefold() in TAKEN:
            name = f"{name} ({number})"
        found.append(name)
    return tuple(found)
