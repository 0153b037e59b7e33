"""What is wrong with the columns and cells of a file, as far as cards in force read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, counted, did_you_mean
from scoreline.language.fields import Field
from scoreline.lifecycle.shelf import CardInForce
from scoreline.quality.boundary import KEPT, KEY, Boundary
from scoreline.quality.headers import header_of, headers_of, mistaken
from scoreline.quality.table import ROW, Table
from scoreline.quality.text import normal
from scoreline.scorecard.events import AT, Event
from scoreline.scoring.events import ID, KIND

_NAMED = 12
"""Columns that a finding names; of more it says how many."""
_AT_ONCE = 50_000
"""Events whose properties are looked at in one piece."""
_LIKE_EVENTS = Finding(
    "like-events",
    "warning",
    f"The rows have `{KIND.name}` and `{AT.name}`, and a key stands in several of them: they look "
    "like events, and were taken as records.",
    "What records did is imported by --events: scoreline import --events FILE",
)


class RecordFindings:
    """What is wrong with a file of records, for all cards in force together.

    A field that several cards declare alike is looked at once.
    """

    def __init__(self, table: Table, key: str, cards: Sequence[CardInForce]) -> None:
        self._table = table
        self._key = key
        self._fields = [field for card in cards for field in card.model.fields]
        self._dtypes = dict(table.frame.collect_schema())
        self._boundaries = list(self._read(cards))
        self._dated = all(header_of([f.name], table.columns) for f in (KIND, AT))
        self._keys: list[pl.Series] = []

    def _read(self, cards: Sequence[CardInForce]) -> Iterator[Boundary]:
        """What types the columns that are there, as cards read them, in one way each."""
        columns, seen = self._table.columns, set[Field]()
        for card in cards:
            there = [f for f in card.model.fields if header_of(headers_of(f), columns) is not None]
            fresh = [field for field in there if field not in seen]
            seen |= set(fresh)
            if fresh:
                yield Boundary(
                    fresh, self._key, columns, card.model.facts, self._dtypes, examples=1
                )

    def look(self, piece: pl.DataFrame) -> None:
        """See a piece: the input columns as a boundary keeps them, `__row__` and `__key__`."""
        if self._dated:
            self._keys.append(piece[KEY].hash())  # 8 bytes a row, however large the file
        columns = (pl.col(KEPT + name).alias(name) for name in self._table.columns)
        raw = piece.lazy().select(ROW, *columns)
        for boundary in self._boundaries:
            boundary.lazy(raw).collect()

    def all(self) -> list[Finding]:
        """One finding of each kind, the file's first; whole when every piece was seen."""
        columns = self._table.columns
        found = list(self._table.findings)
        if self._keys and pl.concat(self._keys).is_duplicated().any():
            found.append(_LIKE_EVENTS)
        if self._fields:
            found += unmatched(self._fields, columns, {header_of([self._key], columns)})
        read = {header_of(headers_of(field), columns) for field in self._fields}
        found += nested([name for name in columns if name not in read], self._dtypes)
        return [*found, *_of_cells(self._boundaries)]


def event_findings(
    table: Table, key: str, cards: Sequence[CardInForce], taken: Mapping[str, int]
) -> list[Finding]:
    """What is wrong with the columns and cells of a file of events, and the kinds that no card
    counts.

    taken: how many events of each kind there were.
    """
    columns, found = table.columns, list(table.findings)
    events = [event for card in cards for event in card.scorer.kinds.values()]
    known = {event.name for event in events}
    read = [field for event in events if event.name in taken for field in event.properties]
    of_cards = {header_of(headers_of(field), columns) for field in read}
    dtypes = dict(table.frame.collect_schema())
    found += nested([name for name in columns if name not in of_cards], dtypes)
    if known & taken.keys():
        heads = (key, KIND.name, AT.name, ID.name)
        found += unmatched(read, columns, {header_of([name], columns) for name in heads})
        found += _of_properties(table, key, [event for event in events if event.name in taken])
    return found + [
        Finding(
            "event-uncounted",
            "warning",
            f"no card in force counts this kind ({counted(count, 'event')}).",
            did_you_mean(kind, sorted(known)),
            field=kind,
            count=count,
        )
        for kind, count in taken.items()
        if cards and kind not in known
    ]


def _of_properties(table: Table, key: str, events: Sequence[Event]) -> Iterator[Finding]:
    """What can't be read of the properties of events; one that cards declare alike is looked at
    once.
    """
    columns, dtypes = table.columns, dict(table.frame.collect_schema())
    kind = exactly(header_of([KIND.name], columns) or KIND.name)
    written = table.frame.select(kind.unique()).collect(engine="streaming").to_series()
    looked: dict[str, list[Boundary]] = {}
    seen: set[tuple[str, Field]] = set()
    for event in events:
        fields = [f for f in event.properties if header_of(headers_of(f), columns) is not None]
        fresh = [field for field in fields if (event.name, field) not in seen]
        seen |= {(event.name, field) for field in fresh}
        if not fresh:
            continue
        boundary = Boundary(fresh, key, columns, (), dtypes, examples=1)
        spelt = [name for name in written.drop_nulls() if normal(str(name)) == event.name]
        typed = boundary.lazy(table.frame.filter(kind.is_in(spelt)))
        for _ in typed.collect_batches(chunk_size=_AT_ONCE, engine="streaming"):
            pass  # it notes what it can't read
        looked.setdefault(event.name, []).append(boundary)
    for name, boundaries in looked.items():
        for one in _of_cells(boundaries):
            yield replace(one, field=f"{name}.{one.field}")


def _of_cells(boundaries: Iterable[Boundary]) -> list[Finding]:
    """One finding a code and field, most first; where cards read a field differently, the most."""
    found: dict[tuple[str, str], Finding] = {}
    for log in (boundary.findings for boundary in boundaries):
        for (code, field), count in log.counts().items():
            if (code, field) not in found or found[code, field].count < count:
                found[code, field] = replace(log.examples(code, field)[0], count=count)
    return sorted(found.values(), key=lambda one: -one.count)


def unmatched(
    fields: Sequence[Field],
    columns: Sequence[str],
    used: Collection[str | None],
    whole: str = "file",
    part: str = "column",
) -> list[Finding]:
    """Findings of fields without a column, and of columns that no field reads.

    used: columns that are read by themselves, such as the key. whole, part: what has the columns,
    and what they are, in words.
    """
    headers = {field: header_of(headers_of(field), columns) for field in fields}
    spare = [name for name in columns if name not in {*used, *headers.values()}]
    lacking = [field for field, header in headers.items() if header is None]
    likes = mistaken(lacking, spare)
    found = [
        Finding(
            "name-mistaken",
            "warning",
            f"the {whole} has no such {part}, but it has `{like}`, which no card reads",
            f"Call it `{name}`, or name it in `column:` of the field.",
            field=name,
        )
        for name, like in likes.items()
    ]
    absent = [name for name in dict.fromkeys(f.name for f in lacking) if name not in likes]
    if absent:
        message = f"Cards read {_names(absent)}, which the {whole} does not have."
        found.append(Finding("fields-absent", "info", message, count=len(absent)))
    unread = [name for name in spare if name not in likes.values()]
    if unread:
        message = f"The {whole} has {_names(unread)}, which no card reads."
        found.append(Finding("columns-unread", "info", message, count=len(unread)))
    return found


def nested(columns: Iterable[str], dtypes: Mapping[str, pl.DataType]) -> list[Finding]:
    """A finding of the columns of lists and of structs, which a workspace can't keep."""
    lists = [name for name in columns if dtypes[name].is_nested()]
    if not lists:
        return []
    what = (
        "holds lists or structs, and was" if len(lists) == 1 else "hold lists or structs, and were"
    )
    return [
        Finding(
            "column-nested",
            "warning",
            f"{_names(lists)} {what} left out.",
            "Give each value a column of its own, or write it as a text.",
            count=len(lists),
        )
    ]


def _names(names: Sequence[str]) -> str:
    """The names, of many the first and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in names[:_NAMED])
    more = len(names) - _NAMED
    return shown if more <= 0 else f"{shown} and {counted(more, 'other column')}"
