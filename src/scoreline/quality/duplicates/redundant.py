"""Columns that are made of others: a full name beside its given name and surname.

Points add up because columns speak for themselves. One that says again what others say would count
the same agreement twice, and pull strangers of one name together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoreline.quality.duplicates.standard import column
from scoreline.quality.roles import SAMPLE, Role

MOST = 0.5
"""Share of the cells: a column holds another's words in most records in which both are there, and
most of all its own cells must be nothing but such, or it says something of its own."""

Words = Sequence[frozenset[str]]


def made_of_others(
    columns: Mapping[str, Sequence[str | None]], roles: Mapping[str, Role]
) -> dict[str, tuple[str, ...]]:
    """The columns that are made of others, each with what it is made of.

    columns: raw cells by header; roles: of those that are compared. Columns of most words are
    looked at first, and what they are made of stays.

    >>> cells = {"name": ["Eva Kim", "Jan Roux"], "first": ["Eva", "Jan"], "last": ["Kim", "Roux"]}
    >>> made_of_others(cells, {"name": "full name", "first": "given name", "last": "surname"})
    {'name': ('first', 'last')}
    """
    words = {header: _words(role, columns[header]) for header, role in roles.items()}
    by_size = sorted(words, key=lambda header: -sum(map(len, words[header])))
    found: dict[str, tuple[str, ...]] = {}
    for header in by_size:
        others = [other for other in words if other != header and other not in found]
        parts = tuple(one for one in others if _holds(words[header], words[one]))
        if len(parts) == 1 and _filled(words[parts[0]]) < _filled(words[header]):
            continue  # of two that say the same the fuller stays
        if parts and _is_nothing_but(words[header], _joined([words[one] for one in parts])):
            found[header] = parts
    return {header: found[header] for header in words if header in found}


def _words(role: Role, cells: Sequence[str | None]) -> Words:
    """The words of a column's standard values, of records that are evenly drawn."""
    some = cells[:: max(1, len(cells) // SAMPLE)]
    return [frozenset((value or "").split()) for value in column(role, some)]


def _holds(whole: Words, part: Words) -> bool:
    """Whether most cells hold all words of other ones, of records in which both are there."""
    there = [(cell, other) for cell, other in zip(whole, part, strict=True) if cell and other]
    return bool(there) and sum(other <= cell for cell, other in there) >= MOST * len(there)


def _filled(column: Words) -> int:
    return sum(map(bool, column))


def _is_nothing_but(column: Words, made: Words) -> bool:
    """Whether most cells of a column that are there hold only words of others beside them.

    So a full column stays beside one that says the same in a few records, which is left out.
    """
    there = [(cell, other) for cell, other in zip(column, made, strict=True) if cell]
    return sum(cell <= other for cell, other in there) >= MOST * len(there) > 0


def _joined(columns: Sequence[Words]) -> Words:
    """The words of several columns; none where one of them is missing."""
    return [
        frozenset().union(*cells) if all(cells) else frozenset()
        for cells in zip(*columns, strict=True)
    ]
