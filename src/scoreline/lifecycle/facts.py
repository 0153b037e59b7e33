"""Facts on their way in: new records, and changes of known ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoreline.errors import DataError
from scoreline.lifecycle.batch import Batch, Touched
from scoreline.lifecycle.scorer import FEW
from scoreline.quality.headers import header_of
from scoreline.quality.text import normal, plain_text
from scoreline.quality.typing.python_values import simplify
from scoreline.scoring.stored import told_values
from scoreline.store import records
from scoreline.store.records import Changed, Given

Row = tuple[str, Given]
"""A key and raw values by column."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of rows: records that are new, that changed, and that were as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Stored) -> Stored:
        return Stored(self.new + other.new, self.changed + other.changed, self.same + other.same)


def key_of(column: str, values: Mapping[str, object]) -> str:
    """The key of raw values; raises DataError where they have none."""
    header = header_of([column], values)
    if header is None:
        raise DataError(
            f"The record has no `{column}`.", f"`{column}` is the workspace's key: give it."
        )
    raw = simplify(values[header])
    text = "" if raw is None else plain_text(raw)
    if text is None:
        kind = "an object" if isinstance(raw, dict) else "a list"
        raise DataError(
            f"The key `{column}` is {kind}.", "A key is one text or one number, such as 50."
        )
    key = normal(text)
    if not key:
        raise DataError(f"The key `{column}` is blank.", "Give every record its key.")
    check_text(key, f"key `{column}`")
    return key


def check_text(text: str, what: str) -> None:
    """Raise DataError for what no database can hold as a text."""
    if "\0" in text or (not text.isascii() and text.encode("utf-8", "ignore").decode() != text):
        raise DataError(f"The {what} holds a character that is none.", "Leave it out.")


def store_rows(batch: Batch, rows: Sequence[Row]) -> Stored:
    """Keep rows of raw values and score the records that they touch.

    A column that a row lacks stays as it is known; None takes an answer back. Rows of one key are
    taken one after the other, so that history has each.
    """
    done = Stored()
    for wave in waves(rows):
        done += _store(batch, dict(wave))
    return done


def waves(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The first row of each key, then the second of each key, ...

    >>> [list(wave) for wave in waves([("a", {}), ("b", {}), ("a", {"x": "1"})])]
    [[('a', {}), ('b', {})], [('a', {'x': '1'})]]
    """
    found: list[list[Row]] = []
    seen: dict[str, int] = {}
    for row in rows:
        place = seen.get(row[0], 0)
        seen[row[0]] = place + 1
        if place == len(found):
            found.append([])
        found[place].append(row)
    yield from found


def _store(batch: Batch, rows: Mapping[str, Given]) -> Stored:
    known = records.by_keys(batch.connection, list(rows), lock=True)
    new = {key: values for key, values in rows.items() if key not in known}
    added = records.add(batch.connection, new, batch.now) if new else {}
    if late := [key for key in new if key not in added]:  # another writer was first
        known |= records.by_keys(batch.connection, late, lock=True)
    changes = []
    for key, record in known.items():
        before = record.values
        after = {**before, **_told(before, rows[key])}
        if after != before:
            changes.append((record, before, after))
    records.change(batch.connection, [(record, after) for record, _, after in changes], batch.now)
    noted = [Changed(record.id, *_difference(before, after)) for record, before, after in changes]
    noted += [Changed(one.id, {}, rows[key]) for key, one in added.items()]
    records.note_changes(batch.connection, noted, batch.now, batch.manner.cause)
    changed = frozenset(record.root for record, _, _ in changes)
    fresh = {one.id: rows[key] for key, one in added.items()}
    roots = sorted({*changed, *fresh})
    records.lock_ids(batch.connection, sorted(changed))
    batch.rescore(Touched(roots, changed, fresh))
    if len(rows) <= FEW:
        batch.people |= {key: record.root for key, record in [*known.items(), *added.items()]}
    return Stored(len(added), len(changes), len(known) - len(changes))


def _told(before: Given, values: Given) -> Given:
    """What raw values say that was not known: 150 in a sheet is the `150` of a csv file."""
    return {
        name: value
        for name, value in values.items()
        if name not in before or not _alike(before[name], value)
    }


def _alike(known: object, value: object) -> bool:
    """Whether two raw values are the same, or one is the text of the other, a whole number.

    Others stay apart: how the text 1.5 is read depends on the field.
    """
    if type(known) is type(value):
        return known == value
    texts = plain_text(known), plain_text(value)
    return texts[0] == texts[1] and texts[0] is not None and texts[0].lstrip("-").isdecimal()


def _difference(before: Given, after: Given) -> tuple[Given, Given]:
    """The columns that differ, before and after."""
    names = [name for name in after if name not in before or before[name] != after[name]]
    return {n: before[n] for n in names if n in before}, {n: after[n] for n in names}


def row_of(column: str, values: Mapping[str, object]) -> Row:
    """Raw values as a form or an API gives them, with their key; blanks say nothing."""
    return key_of(column, values), told_values(values)
