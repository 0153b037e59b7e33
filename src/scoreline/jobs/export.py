"""A card for whoever runs something else: SQL that needs nothing of ours, or JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoreline.engines.sql.event_table import EVENT, ROW, EventTable
from scoreline.engines.sql.events import EventSource
from scoreline.engines.sql.into import AS_OF, FINGERPRINT
from scoreline.engines.sql.query import RESULTS, CardQuery
from scoreline.engines.sql.spelling import SPELLINGS, Spelling
from scoreline.errors import UsageError, did_you_mean
from scoreline.language.fields import FACTS, Field, fact_column
from scoreline.language.tree import Ref, refs
from scoreline.scorecard.events import AT
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.probability import COLUMNS
from scoreline.scorecard.write import card_entries
from scoreline.scoring.moments import moment_text

FORMATS = (*SPELLINGS, "json")
TABLE, EVENTS = "typed_records", "typed_events"


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """How a card is written.

    to: one of FORMATS; as_of: the moment that dates are compared with; reasons: lines of the text
    of reasons, 0 means all; table: that the SELECT reads, its schema before a dot; view: the name
    of a view to make of it; events: the table of events that it reads, for a card that counts some.
    """

    to: str
    as_of: dt.datetime
    reasons: int = 3
    table: str = TABLE
    view: str | None = None
    events: str = EVENTS


def export_card(card: Scorecard, asked: ExportAsked) -> str:
    """The text of a card in another form, equal in meaning; what has no equal is refused by name.

    Raises UsageError for a form that is not there, and for what the form can't say.
    """
    if asked.to not in FORMATS:
        near = did_you_mean(asked.to, FORMATS)
        raise UsageError(
            f"A card can't be exported to `{asked.to}`.", near or f"Forms: {', '.join(FORMATS)}."
        )
    if asked.to == "json":
        return _as_json(card)
    query = CardQuery(card, asked.to, asked.as_of, reasons=asked.reasons)
    spelling = SPELLINGS[asked.to]
    key = key_column(card)
    source = None
    if card.counts_events:
        if key is None:
            raise UsageError(
                f"The card `{card.name}` has no `key`, so nobody can tell whose an event is.",
                "Name the column in the card: key: lead_id.",
            )
        source = EventSource(_name(asked.events, spelling), key)
    select = query.sql(_name(asked.table, spelling), [key] if key else [], events=source)
    if asked.view is not None:
        select = f"CREATE OR REPLACE VIEW {_name(asked.view, spelling)} AS\n{select}"
    header = "".join(f"-- {line}".rstrip() + "\n" for line in _header(card, asked, query.results))
    return f"{header}{select};\n"


def _as_json(card: Scorecard) -> str:
    if card.parts:
        raise UsageError(
            f"The grid {card.name} is three files, and JSON is one.",
            "Export each of its two cards by itself.",
        )
    return json.dumps(card_entries(card), ensure_ascii=False, indent=2) + "\n"


def _name(name: str, spelling: Spelling) -> str:
    """A table, maybe in a schema."""
    parts = name.split(".")
    if not all(part.strip() for part in parts):
        raise UsageError(f"`{name}` is no name of a table.", "Write leads, or crm.leads.")
    return ".".join(map(spelling.quoted, parts))


# -- what stands above a SELECT --------------------------------------------------------------------


def _header(card: Scorecard, asked: ExportAsked, results: Sequence[str]) -> Iterator[str]:
    spelling = SPELLINGS[asked.to]
    yield f"{_plain(card.name)}: {_plain(card.title)}" if card.title else _plain(card.name)
    yield f"Fingerprint {card.fingerprint}. Written by Scoreline for {asked.to}."
    if card.timed or card.counts_events:
        yield (f"It scores as of {moment_text(asked.as_of)}: export the card again for another")
        yield "moment (--as-of)."
    yield ""
    yield "It reads typed records: texts normalised (NFC, trimmed, inner blanks collapsed; a choice"
    yield "case-folded too), NULL where a value is missing or invalid. Columns:"
    key = key_column(card)
    if key:
        yield f"  {spelling.quoted(key)}: the key, handed through"
    for name, kind, doc in typed_columns(card):
        yield f"  {spelling.quoted(name)} {_type(kind, spelling)}: {doc}"
    if card.counts_events:
        yield from _events_header(EventTable(card), asked, spelling)
    yield ""
    yield f"It gives: {', '.join(results)}."


def _events_header(table: EventTable, asked: ExportAsked, spelling: Spelling) -> Iterator[str]:
    quoted = spelling.quoted
    yield ""
    yield f"It reads the events of {_name(asked.events, spelling)}, each of them once. Columns:"
    yield f"  {quoted(table.key)} {spelling.text}: whose it is, as among the records"
    yield f"  {quoted(EVENT)} {spelling.text}: what happened"
    yield f"  {quoted(AT.name)} TIMESTAMP: when, in UTC"
    yield f"  {quoted(ROW)} BIGINT: rises as they were recorded"
    for one in table.properties:
        fact = "" if one.fact is None else f"fact {one.fact}, "
        yield (
            f"  {quoted(one.name)} {_type(one.kind, spelling)}: {fact}{_type_text(one.field)}; of "
            f"{', '.join(map(_plain, one.of))}"
        )


def _plain(text: str) -> str:
    """A text that can't end a comment."""
    return " ".join(text.split())


def _type(kind: str, spelling: Spelling) -> str:
    names = {"number": spelling.double, "yes/no": "BOOLEAN", "date": "DATE", "time": "TIMESTAMP"}
    return names.get(kind, spelling.text)


def key_column(card: Scorecard) -> str | None:
    """The column of the key among typed records: its own name, or `input_` before it where a typed
    column or a result has that name; None for a card without a key.
    """
    if card.key is None:
        return None
    taken = {name for name, _, _ in typed_columns(card)} | {*RESULTS, *COLUMNS, FINGERPRINT, AS_OF}
    name = card.key
    while name in taken:
        name = f"input_{name}"
    return name


def typed_columns(card: Scorecard) -> Iterator[tuple[str, str, str]]:
    """(column, kind, what it is) of the typed records that a card reads, field by field.

    A field stands there even if terms read its facts alone: whether it is missing matters too.
    """
    read = {ref for term in card.terms for ref in refs(term.of) if not ref.settled}
    for field in card.fields:
        own = [ref for ref in read if ref.field == field.name]
        if own:
            yield field.name, field.kind, _type_text(field)
            yield from _facts(field, own)


def _type_text(field: Field) -> str:
    more = "".join(f", {word}" for word in (field.currency, field.country) if word)
    return f"{field.type}{more}, in UTC" if field.type == "time" else f"{field.type}{more}"


def _facts(field: Field, read: Sequence[Ref]) -> Iterator[tuple[str, str, str]]:
    names = {ref.fact for ref in read}
    for fact in FACTS.get(field.type, ()):
        if fact.name in names:
            values = f" ({', '.join(fact.values)})" if fact.values else ""
            yield fact_column(field.name, fact.name), fact.kind, f"fact, {fact.doc}{values}"
