"""Events of records: from a file or a list, typed by the card, for the jobs that score.

A row is an event: the card's key, `event`, `at`, maybe `event_id`, and properties in columns of
their own. Each kind of event is typed by its own properties.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

import polars as pl

from scoreline.behaviour.happened import Happened
from scoreline.behaviour.tables import KEY, behaviour_frame
from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, MissingColumnsError, UsageError
from scoreline.language.fields import Field
from scoreline.quality.boundary import Boundary, python_values
from scoreline.quality.findings import EXAMPLES
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.table import ROW, ReadOptions, RejectedRow, Table
from scoreline.quality.text import normal, plain_text
from scoreline.quality.typing.values import type_record, type_value
from scoreline.scorecard.events import AT, Event
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.sources import Source, opened

_OWN = "__own__"
DIFFERS = "event-differs"
WRITE_MOMENTS = (
    f"Write `{AT.name}` as 2026-01-31 or 2026-01-31T10:00:00Z; until then the event is rejected."
)
NONE = "none"
"""Said in place of a file of events: there are none, on purpose."""
SAY_ORDER = "say the order, such as --order dmy"
"""What to do about a moment with several readings."""
ORDER_MOMENTS = (
    f"Say the order, such as --order dmy, or write `{AT.name}` as 2026-01-31; until then the event "
    "is rejected."
)
KIND, ID = Field("event", "text"), Field("event_id", "text", optional=True)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Events whose moments are written in an order of day, month and year, if it was said."""

    source: Source
    order: str | None


Events = Source | InOrder | None
"""A file or frame of events; None where nobody said any, `none` where there are none."""


def in_order(events: Source | None, order: str | None) -> Events:
    """The events, with the order in which they write `at`, if it was said.

    Raises UsageError for the order of no events.
    """
    if order is None:
        return events
    if events is None or (isinstance(events, str) and events == NONE):
        raise UsageError(
            f"--order is that of `{AT.name}` in events.",
            "Leave it out; how a field of records writes its dates is said in the card: `order`.",
        )
    return InOrder(events, order)


def counted_kinds(card: Scorecard) -> dict[str, Event]:
    """The kinds of event that a card counts, each with the properties that it reads."""
    read: dict[str, set[str]] = {}
    for choice in card.choices:
        read.setdefault(choice.event.name, set()).update(choice.reads)
    return {
        choice.event.name: replace(
            choice.event,
            properties=tuple(
                field
                for field in choice.event.properties
                if read[choice.event.name] & {field.name, *_fact_columns(field)}
            ),
        )
        for choice in card.choices
    }


def _without_columns(event: Event) -> Event:
    """The event with properties that need no column: of a kind of which there are no events."""
    properties = tuple(replace(field, optional=True) for field in event.properties)
    return replace(event, properties=properties)


def _fact_columns(field: Field) -> list[str]:
    return [f"{field.name}__{fact.name}" for fact in field.facts]


@lru_cache(maxsize=1_000)
def no_moment(at: Field, raw: str | None) -> str:
    """Why a row has no moment: nothing stands there, it can't be read, or in several ways.

    at: with the order of dates, if it was said.

    >>> no_moment(AT, "03/04/2026")
    '`at` may be 2026-04-03 or 2026-03-04: say the order, such as --order dmy'
    """
    typed = type_value(at, raw)
    if typed.status != "invalid":
        return f"`{at.name}` is blank"
    if typed.code == "date-ambiguous":
        return f"`{at.name}` may be {typed.message.partition(': ')[2]}: {SAY_ORDER}"
    if typed.code == "date-order":
        return f"`{at.name}` is no date in the order {at.order}"
    return f"`{at.name}` can't be read: {typed.message}"


class EventRows:
    """The events of a source, typed for a card; findings and rejects are whole once they were run.

    table: as it was read, with the header of each column. key, counted: the column of keys and the
    kinds that are counted, where they are others than the card's. order: of day, month and year in
    moments, where it was said.
    """

    def __init__(
        self,
        card: Scorecard,
        table: Table,
        *,
        key: str | None = None,
        counted: Mapping[str, Event] | None = None,
        order: str | None = None,
    ) -> None:
        self.card = card
        self.table = table
        self._at = replace(AT, order=order)
        self._key = key or card.key or ""
        self._counted = counted_kinds(card) if counted is None else counted
        self._boundaries: dict[str, Boundary] = {}
        self._undated: set[int] = set()
        self._lock = Lock()

    def collected(self) -> EventRows:
        """The same, with its events in memory: they are typed once, however often they are used."""
        self.kinds = {name: frame.collect().lazy() for name, frame in self.kinds.items()}
        return self

    def joined(self, rows: pl.LazyFrame, as_of: dt.datetime) -> pl.LazyFrame:
        """Typed rows with the points of event terms and the features at a moment beside them."""
        found = behaviour_frame(self.card, self.kinds, as_of)
        return rows.join(found, on=KEY, how="left", maintain_order="left")

    def of(self, key: str) -> list[Happened]:
        """The events of one record, in the order of the file."""
        return self.of_each([key])[key]

    def of_each(self, keys: Collection[str]) -> dict[str, list[Happened]]:
        """The events of some records by their keys, in the order of the file."""
        found: dict[str, list[tuple[int, Happened]]] = {key: [] for key in keys}
        for name, frame in self.kinds.items():
            typed = frame.filter(pl.col(KEY).is_in(list(found))).collect(engine="streaming")
            for row in typed.iter_rows(named=True):
                number, at, own = row.pop(ROW), row.pop(AT.name), row.pop(ID.name)
                found[row.pop(KEY)].append((number, Happened(name, at, own, row)))
        return {
            key: [one for _, one in sorted(some, key=lambda pair: pair[0])]
            for key, some in found.items()
        }

    @cached_property
    def kinds(self) -> dict[str, pl.LazyFrame]:
        """Typed events by kind: `__row__`, `__key__`, `at`, `event_id`, properties and facts."""
        columns = self.table.columns
        needed = (self._key, KIND.name, AT.name)
        absent = [f"`{name}`" for name in needed if header_of([name], columns) is None]
        if absent:
            raise MissingColumnsError(
                f"{self.table.source}: events need a column {' and '.join(absent)}.",
                f"Every event says whose it is (`{self._key}`), what it is (`{KIND.name}`) and "
                f"when it happened (`{AT.name}`).",
            )
        kind = header_of([KIND.name], columns) or KIND.name
        raw = self.table.frame
        if (repeats := self._repeats()).height:
            raw = raw.join(repeats.lazy(), on=ROW, how="anti")
        # What people write is few names, so that each is made normal once and not in every row.
        spelt: dict[str, list[object]] = {name: [name] for name in self._counted}
        other = raw.select(exactly(kind)).filter(~exactly(kind).is_in(list(spelt))).unique()
        for name in other.collect(engine="streaming").to_series():
            spelt.setdefault(normal(str(name)), []).append(name)
        return {
            name: self._typed(event, raw.filter(exactly(kind).is_in(spelt[name])))
            for name, event in self._counted.items()
        }

    @cached_property
    def _claims(self) -> pl.LazyFrame | None:
        """The usable events whose id stands in several rows, with it; None where no id does.

        Ids are typed as a workspace types them, so that both tell the same ones apart. What is
        rejected claims none. They are told apart by their hashes first, so that where none stands
        twice no more is read; then the few rows are looked for that can't be used.
        """
        if header_of([ID.name], self.table.columns) is None:
            return None
        own, typed = pl.col(ID.name), self._boundary([ID], None).lazy(self.table.frame)
        typed = typed.filter(own.is_not_null())
        hashes = typed.select(own.hash()).collect(engine="streaming")
        twice = hashes.filter(pl.all().is_duplicated()).to_series().unique()
        if twice.is_empty():
            return None
        some = typed.filter(own.hash().is_in(twice.implode()))
        rows = some.select(ROW, own.alias(_OWN)).collect(engine="streaming")
        told = self.table.frame.join(rows.lazy(), on=ROW)
        return told.filter(~pl.col(ROW).is_in(self._unusable(told)))

    def _boundary(self, fields: Sequence[Field], key: str | None) -> Boundary:
        """What types fields that every event may have."""
        dtypes = dict(self.table.frame.collect_schema())
        return Boundary(fields, key, self.table.columns, (), dtypes)

    def _unusable(self, frame: pl.LazyFrame) -> list[int]:
        """The rows of events that have no key, no kind or no moment."""
        boundary = self._boundary([KIND, self._at], self._key)
        lacking = pl.any_horizontal(pl.col(AT.name, KIND.name).is_null())
        rows = boundary.lazy(frame).filter(lacking).select(ROW).collect(engine="streaming")
        return [*rows[ROW], *(row for row, _ in boundary.rejected)]

    def _repeats(self) -> pl.DataFrame:
        """The rows of the events that repeat the id of one before them."""
        if self._claims is None:
            return pl.DataFrame(schema={ROW: pl.Int64})
        found = self._claims.select(ROW, _OWN).collect(engine="streaming").sort(ROW)
        return found.filter(~pl.col(_OWN).is_first_distinct()).select(ROW)

    @cached_property
    def differing(self) -> list[str]:
        """The ids under which different events stand, as far as the card reads them."""
        if self._claims is None:
            return []
        columns = self.table.columns
        fields = [f for event in self._counted.values() for f in event.properties]
        wanted = [(self._key,), (KIND.name,), (AT.name,), *map(headers_of, fields)]
        read = dict.fromkeys(header_of(names, columns) for names in wanted)
        told = pl.struct(exactly(name) for name in read if name is not None).hash()
        by_id = self._claims.group_by(_OWN).agg(
            pl.col(ROW).min(), (told.min() != told.max()).alias("differs")
        )
        differing = by_id.filter("differs").sort(ROW)
        return differing.collect(engine="streaming")[_OWN].to_list()

    def _typed(self, event: Event, raw: pl.LazyFrame) -> pl.LazyFrame:
        """The events of a kind; those without a moment are rejected."""
        fields = [self._at, ID, *event.properties]
        facts = {column for field in event.properties for column in _fact_columns(field)}
        dtypes = dict(self.table.frame.collect_schema())
        try:
            boundary = Boundary(fields, self._key, self.table.columns, facts, dtypes)
        except MissingColumnsError as error:
            if raw.head(1).collect(engine="streaming").is_empty():
                return self._typed(_without_columns(event), raw)
            message = error.message.replace("The data lack", f"{self.table.source} lacks")
            hint = error.hint.replace("The data have", "It has")
            raise MissingColumnsError(message, hint) from None
        self._boundaries[event.name] = boundary
        typed = boundary.lazy(raw)
        return typed.map_batches(self._with_moment, schema=typed.collect_schema(), streamable=True)

    def _with_moment(self, batch: pl.DataFrame) -> pl.DataFrame:
        if not batch[AT.name].null_count():
            return batch
        with self._lock:
            self._undated |= set(batch.filter(pl.col(AT.name).is_null())[ROW])
        return batch.filter(pl.col(AT.name).is_not_null())

    def rejected_rows(self) -> list[RejectedRow]:
        """Events that could not be used, by their row."""
        reasons = self._without_moment()
        for boundary in self._boundaries.values():
            reasons |= dict(boundary.rejected)
        own = [RejectedRow(row, None, reason, "") for row, reason in reasons.items()]
        return sorted([*self.table.rejected, *own], key=lambda row: row.row)

    def _without_moment(self) -> dict[int, str]:
        """Why there is no moment in each row that has none; what stands there is read again."""
        if not self._undated:
            return {}
        header = header_of([AT.name], self.table.columns) or AT.name
        wanted = self.table.frame.filter(pl.col(ROW).is_in(list(self._undated)))
        said = wanted.select(ROW, exactly(header)).collect(engine="streaming")
        texts = map(plain_text, python_values(said[header]))
        return {row: no_moment(self._at, text) for row, text in zip(said[ROW], texts, strict=True)}

    def counts(self) -> dict[tuple[str, str | None], int]:
        """Counts of findings by code and field, `event.property` where a value is at fault.

        What is wrong with moments has one cause, whatever happened: `events.at`.
        """
        counts: dict[tuple[str, str | None], int] = {
            (found.code, None): found.count for found in self.table.findings
        }
        for name, boundary in self._boundaries.items():
            for (code, field), count in boundary.findings.counts().items():
                where = _place(name, field)
                counts[code, where] = counts.get((code, where), 0) + count
        if self.differing:
            counts[DIFFERS, None] = len(self.differing)
        return counts

    def examples(self) -> tuple[Finding, ...]:
        """The findings of the file, then examples of those in values."""
        found = list(self.table.findings)
        found += [
            Finding(
                DIFFERS,
                "warning",
                "Events have this id and differ; the first of them counts.",
                "Give each event an id of its own, or leave repeats out.",
                event=own,
                raw=own,
            )
            for own in self.differing[:EXAMPLES]
        ]
        for name, boundary in self._boundaries.items():
            log = boundary.findings
            for code, field in log.counts():
                told = (_of_moment(one) for one in log.examples(code, field))
                found += [replace(one, field=_place(name, field)) for one in told]
        return tuple(found)


def _place(kind: str, field: str | None) -> str:
    """Where a finding is: a property is its kind's own, the moment that of all events."""
    return f"events.{AT.name}" if field == AT.name else f"{kind}.{field}"


def _of_moment(found: Finding) -> Finding:
    """The finding; of a moment with what to do about it: no card can declare anything of `at`."""
    if found.field != AT.name:
        return found
    return replace(found, hint=ORDER_MOMENTS if found.code == "date-ambiguous" else WRITE_MOMENTS)


@contextmanager
def event_rows(
    events: Events, card: Scorecard, read: ReadOptions | None = None
) -> Iterator[EventRows | None]:
    """Opens events for a card; None where there are none. Temporary files go when the block ends.

    Raises UsageError for a card that counts events where nothing is said of them, and for events
    of a card that counts none.
    """
    if isinstance(events, str) and events == NONE:
        yield None
        return
    if not card.counts_events:
        if events is not None:
            raise UsageError(f"The card `{card.name}` counts no events.", "Leave `events` out.")
        yield None
        return
    if events is None:
        kinds = ", ".join(f"`{name}`" for name in counted_kinds(card))
        raise UsageError(
            f"The card `{card.name}` counts events ({kinds}).",
            "Give them, --events FILE, or say on purpose that there are none: --events none.",
        )
    if card.key is None:
        raise UsageError(
            f"The card `{card.name}` has no `key`, so nobody can tell whose an event is.",
            "Name the column in the card: key: lead_id.",
        )
    said = events if isinstance(events, InOrder) else InOrder(events, None)
    with opened(said.source, read) as table:
        yield EventRows(card, table, order=said.order)


def happened(
    events: Iterable[Mapping[str, object] | Happened], card: Scorecard
) -> tuple[list[Happened], tuple[Finding, ...]]:
    """Events of one record as an API gives them, typed, and what could not be read.

    events: mappings with `event`, `at`, maybe `event_id`, and properties. Kinds that the card does
    not count are left out. Raises UsageError for what is no event.
    """
    return typed_events(events, counted_kinds(card))


def typed_events(
    events: Iterable[Mapping[str, object] | Happened], kinds: Mapping[str, Event]
) -> tuple[list[Happened], tuple[Finding, ...]]:
    """The same for kinds of event that are known by name."""
    found: list[Happened] = []
    findings: list[Finding] = []
    for number, raw in enumerate(events, start=1):
        if isinstance(raw, Happened):
            found.append(raw)
            continue
        one, remarks = _typed_event(raw, kinds, number)
        findings += remarks
        if one is not None:
            found.append(one)
    return found, tuple(findings)


def _typed_event(
    raw: Mapping[str, object], kinds: Mapping[str, Event], number: int
) -> tuple[Happened | None, Sequence[Finding]]:
    """One event; None for a kind that is not counted."""
    if not isinstance(raw, Mapping):
        raise UsageError(
            f"Event {number} is a {type(raw).__name__}.",
            'Give mappings: {"event": "webinar_attended", "at": "2026-01-31"}.',
        )
    head = type_record([KIND, AT, ID], raw).values
    name, at = head[KIND.name], head[AT.name]
    if name is None or at is None:
        lacking = KIND.name if name is None else AT.name
        raise UsageError(
            f"Event {number} has no usable `{lacking}`.",
            "Every event says what happened (`event`) and when (`at`, as 2026-01-31T10:00:00).",
        )
    event = kinds.get(str(name))
    if event is None:
        return None, ()
    typed = type_record(event.properties, raw)
    moment: Any = at
    own = head[ID.name]
    properties = as_numbers(typed.values)
    findings = [replace(f, field=f"{name}.{f.field}") for f in typed.findings]
    return Happened(str(name), moment, None if own is None else str(own), properties), findings


def as_numbers(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Typed properties as they are counted: integers are numbers among others."""
    return {name: float(v) if type(v) is int else v for name, v in properties.items()}
