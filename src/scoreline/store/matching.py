"""What duplicates are looked up by: the model in force, classes of values, and the index of keys.

Values and keys are hashes. The index holds records that are scored; those merged into another are
found by what stands for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, delete, insert, literal, select, union_all

from scoreline.store import bulk, direct
from scoreline.store.direct import AMONG
from scoreline.store.schema import match_keys, match_models, match_values

if TYPE_CHECKING:
    from sqlalchemy import Connection

Keys = Iterable[tuple[int, int]]
"""Hashes of keys, each with a record that has it."""

_TEXT = select(match_models.c.model).where(match_models.c.id == bindparam("number"))
_CLASSES = select(match_values).where(match_values.c.value.in_(AMONG))
_OF_RECORDS = select(match_keys.c.record, match_keys.c.value).where(match_keys.c.record.in_(AMONG))
_DROP = delete(match_keys).where(
    match_keys.c.value == bindparam("hash"), match_keys.c.record == bindparam("owner")
)


def text(connection: Connection, number: int) -> str:
    """A model as it is kept."""
    [(found,)] = direct.run(connection, _TEXT, {"number": number})
    return str(found)


def replace(
    connection: Connection, model: str, classes: Mapping[int, int], records: int, at: int
) -> None:
    """A model is in force from now on; the index of the one before is emptied."""
    connection.execute(delete(match_keys))
    connection.execute(delete(match_values))
    connection.execute(insert(match_models).values(made_at=at, records=records, model=model))
    values = sorted(classes)
    columns = {"value": values, "class": [classes[value] for value in values]}
    bulk.load(connection, match_values, columns)


def classes(connection: Connection, values: Sequence[int]) -> dict[int, int]:
    """The classes of those values that have one."""
    return dict(bulk.find(connection, _CLASSES, values))


def keys_of(connection: Connection, records: Sequence[int]) -> dict[int, set[int]]:
    """The keys that records are found by."""
    found: dict[int, set[int]] = {}
    for record, value in bulk.find(connection, _OF_RECORDS, records):
        found.setdefault(record, set()).add(value)
    return found


def add(connection: Connection, keys: Keys) -> None:
    """Records are found by further keys."""
    rows = sorted(keys)  # the tree is written from left to right, and read a page at a time
    columns = {"value": [value for value, _ in rows], "record": [record for _, record in rows]}
    bulk.load(connection, match_keys, columns)


def drop(connection: Connection, keys: Keys) -> None:
    """Records are not found by some keys any more."""
    rows = [{"hash": value, "owner": record} for value, record in sorted(keys)]
    if rows:
        direct.run_each(connection, _DROP, rows)


def holders(connection: Connection, keys: Sequence[int], most: int) -> dict[int, list[int]]:
    """The records that have each key, at most so many of each, by key."""
    found: dict[int, list[int]] = {}
    if keys:
        values = {f"key{place}": key for place, key in enumerate(keys)}
        for value, record in direct.run(connection, _holders(len(keys), most), values):
            found.setdefault(value, []).append(record)
    return found


@cache
def _holders(keys: int, most: int) -> Any:
    """One question for all keys: a database that is not in this process is asked once."""
    parts = []
    for place in range(keys):
        asked = select(match_keys.c.value, match_keys.c.record)
        one = asked.where(match_keys.c.value == bindparam(f"key{place}", type_=BigInteger))
        parts.append(select(one.limit(literal(most, literal_execute=True)).subquery(f"k{place}")))
    return union_all(*parts)
