"""Records and their changes: what is known of each now, and every change that led there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, func, select, update

from scoreline.errors import DataError
from scoreline.store import bulk, direct
from scoreline.store.direct import AMONG
from scoreline.store.schema import merges, record_changes, records

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

Given = dict[str, Any]
"""The raw values of a record by column: texts, or scalars of JSON."""

OWNER = "owner"
"""The cause of a change that is none of facts."""

_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it is kept.

    root: the record that it was merged into, or itself. given: JSON of its raw values.
    """

    id: int
    key: str
    given: str
    owner: str | None
    merged_into: int | None

    @property
    def root(self) -> int:
        """The record that is scored in its place."""
        return self.id if self.merged_into is None else self.merged_into

    @property
    def values(self) -> Given:
        """Its raw values."""
        return _decode(self.given)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a record: the columns that differ, before and after."""

    record: int
    before: Given
    after: Given


_COLUMNS = (
    records.c.id,
    records.c.key,
    records.c.given,
    records.c.owner,
    records.c.merged_into,
)


_RECORD = select(*_COLUMNS).order_by(records.c.id)
_BY_KEYS = _RECORD.where(records.c.key.in_(AMONG))
_BY_IDS = _RECORD.where(records.c.id.in_(AMONG))
_BEHIND = (
    select(records.c.merged_into, records.c.id)
    .where(records.c.merged_into.in_(AMONG))
    .order_by(records.c.id)
)
_IDS_BY_KEYS = select(records.c.id).where(records.c.key.in_(AMONG))
_LOCKED_KEYS, _LOCKED_IDS = _BY_KEYS.with_for_update(), _BY_IDS.with_for_update()


_CHANGED = (
    update(records)
    .where(records.c.id == bindparam("record"))
    .values(given=bindparam("new"), changed_at=bindparam("at"))
)


def by_keys(
    connection: Connection, keys: Sequence[str], *, lock: bool = False
) -> dict[str, StoredRecord]:
    """The records that have these keys. lock: nobody else may change them until we are done."""
    keys = sorted(keys)
    rows = _locked(connection, keys) if lock else bulk.find(connection, _BY_KEYS, keys)
    found = (StoredRecord(*row) for row in rows)
    return {record.key: record for record in found}


def _locked(connection: Connection, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of these keys as they are once we have them, locked in the order of their numbers.

    One statement locks what it finds in that order. Several would not: there the numbers are
    looked up first.
    """
    if len(keys) <= bulk.CHUNK or connection.dialect.name == "sqlite":
        return bulk.find(connection, _LOCKED_KEYS, keys)
    ids = sorted(number for (number,) in bulk.find(connection, _IDS_BY_KEYS, keys))
    return bulk.find(connection, _LOCKED_IDS, ids)


def roots_by_key(connection: Connection) -> dict[str, int]:
    """The number of the record that is scored for each key."""
    root = func.coalesce(records.c.merged_into, records.c.id)
    return {key: int(own) for key, own in connection.execute(select(records.c.key, root))}


def by_key(connection: Connection, key: str) -> StoredRecord | None:
    """The record that has this key."""
    return by_keys(connection, [key]).get(key)


def existing(
    connection: Connection, keys: Sequence[str], *, lock: bool = False
) -> list[StoredRecord]:
    """The record of each key; raises DataError where nobody has one."""
    found = by_keys(connection, keys, lock=lock)
    for key in keys:
        if key not in found:
            raise DataError(f"No record has the key `{key[:60]}`.")
    return [found[key] for key in keys]


def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, StoredRecord]:
    """Records by their numbers."""
    found = (StoredRecord(*row) for row in bulk.find(connection, _BY_IDS, ids))
    return {record.id: record for record in found}


def behind(connection: Connection, roots: Sequence[int]) -> dict[int, list[int]]:
    """The records merged into each root that has some, by age; the root is not among them."""
    found: dict[int, list[int]] = {}
    for root, record in bulk.find(connection, _BEHIND, roots):
        found.setdefault(root, []).append(record)
    return found


@dataclass(frozen=True, slots=True)
class Person:
    """A record that is scored, with what is known of it and of those merged into it."""

    id: int
    key: str
    given: Given


def people(
    connection: Connection, roots: Sequence[int], after: Mapping[int, Sequence[int]] | None = None
) -> list[Person]:
    """The persons of some records that are scored, in their order.

    after: the records merged into each of them, where they are known already.
    """
    after = behind(connection, roots) if after is None else after
    further = [record for root in roots for record in after.get(root, ())]
    kept = by_ids(connection, [*roots, *further])
    return [
        Person(
            root,
            kept[root].key,
            united([kept[root].values, *(kept[n].values for n in after.get(root, ()))]),
        )
        for root in roots
        if root in kept
    ]


def united(given: Iterable[Given]) -> Given:
    """What several records say of one person: the first that says something is believed."""
    found: Given = {}
    for values in given:
        for name, value in values.items():
            known = found.get(name)
            if known is None or (isinstance(known, str) and not known.strip()):
                found[name] = value
    return found


def lock_ids(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Nobody else may change these records until we are done.

    Gives those that are still scored: another writer may have merged one into another meanwhile.
    """
    if connection.dialect.name == "sqlite":  # whose writers come one by one
        return list(ids)
    locked = (StoredRecord(*row) for row in bulk.find(connection, _LOCKED_IDS, sorted(ids)))
    return [record.id for record in locked if record.merged_into is None]


def roots(connection: Connection, after: int, most: int) -> list[int]:
    """Numbers of the next records that are scored, beyond a number, in their order."""
    asked = (
        select(records.c.id)
        .where(records.c.id > after, records.c.merged_into.is_(None))
        .order_by(records.c.id)
        .limit(most)
    )
    return list(connection.execute(asked).scalars())


def count(connection: Connection) -> int:
    """How many records are scored: those merged into another are not."""
    asked = select(func.count()).select_from(records).where(records.c.merged_into.is_(None))
    return int(connection.execute(asked).scalar_one())


def add(connection: Connection, given: Mapping[str, Given], at: int) -> dict[str, StoredRecord]:
    """New records by key; one that another writer was first to add is not among them."""
    rows = [
        {"key": key, "given": _text(values), "registered_at": at, "changed_at": at}
        for key, values in sorted(given.items())
    ]
    found = bulk.insert_new(connection, records, rows, "key", _COLUMNS)
    added = (StoredRecord(*row) for row in found)
    return {record.key: record for record in added}


def change(connection: Connection, changes: Sequence[tuple[StoredRecord, Given]], at: int) -> None:
    """Records take the raw values that they are given."""
    rows = [{"record": record.id, "new": _text(values), "at": at} for record, values in changes]
    if rows:
        direct.run_each(connection, _CHANGED, rows)


def note_changes(connection: Connection, changes: Iterable[Changed], at: int, cause: str) -> None:
    """Every change is kept: what stood there before, what stands there now, and why."""
    rows = [
        {
            "record": one.record,
            "at": at,
            "cause": cause,
            "before": _text(one.before),
            "after": _text(one.after),
        }
        for one in changes
    ]
    bulk.insert(connection, record_changes, rows)


def changes_of(connection: Connection, record: int) -> list[tuple[int, str, Given, Given]]:
    """The changes of a record, the oldest first: moment, cause, before, after."""
    c = record_changes.c
    asked = select(c.at, c.cause, c.before, c.after).where(c.record == record).order_by(c.id)
    return [
        (at, cause, _decode(before), _decode(after))
        for at, cause, before, after in connection.execute(asked)
    ]


def changes_since(connection: Connection, record: int, moment: int) -> list[tuple[Given, Given]]:
    """Before and after of the changes of a record's facts after a moment, the latest first."""
    c = record_changes.c
    asked = select(c.before, c.after).where(c.record == record, c.at > moment, c.cause != OWNER)
    rows = connection.execute(asked.order_by(c.id.desc()))
    return [(_decode(before), _decode(after)) for before, after in rows]


def registered(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """When records were registered."""
    asked = select(records.c.id, records.c.registered_at).where(records.c.id.in_(AMONG))
    return dict(bulk.find(connection, asked, ids))


_STANDS = merges.c.undone_at.is_(None)


def _stood(moment: int) -> ColumnElement[bool]:
    """Which merges stood at a moment."""
    return (merges.c.at <= moment) & (_STANDS | (merges.c.undone_at > moment))


def members_then(connection: Connection, record: int, moment: int) -> list[int]:
    """The records that were one person with a record at a moment: the one that was scored, then
    those that stood behind it, the oldest first.
    """
    stood, root = _stood(moment), record
    while True:
        asked = select(merges.c.kept).where(merges.c.gone == root, stood)
        above = connection.execute(asked).scalar()
        if above is None:
            break
        root = above
    return [root, *sorted(_behind(connection, root, stood))]


def set_owner(connection: Connection, record: int, owner: str | None) -> None:
    """Who looks after a record from now on."""
    connection.execute(update(records).where(records.c.id == record).values(owner=owner))


def merge(connection: Connection, kept: int, gone: int, at: int) -> None:
    """One record stands for both from now on; those that stood behind the other follow it."""
    connection.execute(
        update(records)
        .where((records.c.id == gone) | (records.c.merged_into == gone))
        .values(merged_into=kept)
    )
    bulk.insert(connection, merges, [{"kept": kept, "gone": gone, "at": at}])


def unmerge(connection: Connection, gone: int, at: int) -> int | None:
    """Undo the merging of a record; the one that was scored in its place, None if none was."""
    open_merge = select(merges.c.id, merges.c.kept).where(merges.c.gone == gone, _STANDS)
    found = connection.execute(open_merge.order_by(merges.c.id.desc())).first()
    if found is None:
        return None
    connection.execute(update(merges).where(merges.c.id == found.id).values(undone_at=at))
    own = _behind(connection, gone, _STANDS)
    connection.execute(update(records).where(records.c.id.in_(own)).values(merged_into=gone))
    connection.execute(update(records).where(records.c.id == gone).values(merged_into=None))
    return by_ids(connection, [found.kept])[found.kept].root


def _behind(connection: Connection, record: int, which: ColumnElement[bool]) -> list[int]:
    """The records that were merged into one, those merged into these included."""
    found: list[int] = []
    pending = [record]
    while pending:
        asked = select(merges.c.gone).where(merges.c.kept.in_(pending), which)
        pending = [int(gone) for gone in connection.execute(asked).scalars()]
        found += pending
    return found


def _text(values: Mapping[str, Any]) -> str:
    return _encode(values).decode()
