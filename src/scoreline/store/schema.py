"""The tables of a workspace.

What says history is only ever added to: `record_changes`, `events`, `score_history`, `moves`,
`publications`, `merges`, `audit`. Moments are microseconds since 1970 in UTC, points are whole
ten-thousandths, so that both databases keep and compare them exactly. Columns of JSON are text.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""Numbers of rows: SQLite counts up only what is called INTEGER."""


def _own() -> Column[int]:
    return Column("id", _NUMBER, primary_key=True, autoincrement=True)


def _record(name: str = "record", *, null: bool = False) -> Column[int]:
    return Column(name, _NUMBER, ForeignKey("records.id"), nullable=null)


def _moment(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def _points(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


workspace = Table(
    "workspace",
    metadata,
    Column("id", Text, primary_key=True),
    _text("key", null=True),  # the column that names a record
    _moment("made_at"),
)
"""One row: the name by which receivers tell this workspace's messages from others'."""

records = Table(
    "records",
    metadata,
    _own(),
    Column("key", Text, nullable=False, unique=True),
    _text("given"),  # JSON: the raw values by column, as they are known now
    _moment("registered_at"),
    _moment("changed_at"),
    _text("owner", null=True),
    _record("merged_into", null=True),
    sqlite_autoincrement=True,  # a number is never given twice, also after an erasure
)
Index(
    "ix_records_merged_into",
    records.c.merged_into,
    sqlite_where=records.c.merged_into.is_not(None),
    postgresql_where=records.c.merged_into.is_not(None),
)

record_changes = Table(
    "record_changes",
    metadata,
    _own(),
    _record(),
    _moment("at"),
    _text("cause"),
    _text("before"),  # JSON: the columns that changed, as they were
    _text("after"),
    Index("ix_record_changes_record", "record"),
)

events = Table(
    "events",
    metadata,
    _own(),
    _record(),
    _text("event"),
    _moment("at"),
    _text("event_id", null=True),
    _text("properties"),  # JSON: raw texts by column
    _moment("received_at"),
    Index("ix_events_record_at", "record", "at"),
    sqlite_autoincrement=True,
)

Index(
    "uq_events_event_id",  # of the events that have one: an index of nothing would cost as much
    events.c.event_id,
    unique=True,
    sqlite_where=events.c.event_id.is_not(None),
    postgresql_where=events.c.event_id.is_not(None),
)

versions = Table(
    "versions",
    metadata,
    _own(),
    _text("card"),
    Column("number", Integer, nullable=False),
    _text("fingerprint"),
    _text("reading"),  # what decides how raw values are typed, as a digest
    _moment("made_at"),
    UniqueConstraint("card", "number"),
    UniqueConstraint("card", "fingerprint"),
)

publications = Table(
    "publications",
    metadata,
    _own(),
    _text("card"),
    Column("version", _NUMBER, ForeignKey("versions.id"), nullable=False),
    _moment("at"),
    _text("kind"),  # publish, rollback
    _text("files"),  # JSON: the card's files by name, the card itself first
    Column("actions", Boolean, nullable=False),
    Column("moved", Integer, nullable=False),
    Index("ix_publications_card", "card"),
)

cards = Table(
    "cards",
    metadata,
    Column("name", Text, primary_key=True),
    Column("publication", _NUMBER, ForeignKey("publications.id"), nullable=False),
)
"""The cards in force, each by the publication that put it there."""


def _score_columns() -> list[Column[int] | Column[str]]:
    """What a score is, in force and in history."""
    return [
        Column("version", _NUMBER, ForeignKey("versions.id"), nullable=False),
        _moment("as_of"),
        _points("score"),
        _points("low"),
        _points("high"),
        _text("segment", null=True),
        _text("ask"),
        _text("reasons"),
    ]


scores = Table(
    "scores",
    metadata,
    Column("card", Text, primary_key=True),
    Column("record", _NUMBER, ForeignKey("records.id"), primary_key=True, autoincrement=False),
    *_score_columns(),
    _text("typed"),  # JSON: the typed values with their facts, what was scored
    _text("facts_version"),
    _moment("since"),  # when it entered its segment
    _moment("next_change", null=True),
    Index("ix_scores_card_segment", "card", "segment"),
    sqlite_with_rowid=False,  # found by card and record alone: one tree instead of two
)
Index(
    "ix_scores_card_next_change",  # of those that time can change
    scores.c.card,
    scores.c.next_change,
    sqlite_where=scores.c.next_change.is_not(None),
    postgresql_where=scores.c.next_change.is_not(None),
)

score_history = Table(
    "score_history",
    metadata,
    _own(),
    Column("card", Text, nullable=False),
    _record(),
    *_score_columns(),
    _text("cause"),
    Index("ix_score_history_record_card", "record", "card"),
)

moves = Table(
    "moves",
    metadata,
    _own(),
    Column("card", Text, nullable=False),
    _record(),
    _text("old", null=True),
    _text("new", null=True),
    _moment("at"),
    Column("version", _NUMBER, ForeignKey("versions.id"), nullable=False),
    _text("line"),  # the line of the score that made it
    _text("cause"),
    _text("handed"),  # what became of it: handed over to whom, or why not
    Index("ix_moves_record_card", "record", "card"),
    Index("ix_moves_at", "at"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    _own(),
    Column("move", _NUMBER, ForeignKey("moves.id"), nullable=False),
    _text("handler"),
    _text("rule"),  # the segment that it was about: `into qualified`, `out of qualified`
    Column("key", Text, nullable=False),
    _text("body"),
    _text("state"),  # waiting, sent, cancelled, dead
    _moment("due"),
    _moment("stays_until", null=True),  # the end of the minimum stay that it waits for
    Column("attempts", Integer, nullable=False),
    _text("error"),
    UniqueConstraint("key", "handler"),
    Index("ix_deliveries_state_due", "state", "due"),
    Index("ix_deliveries_move", "move"),
)
"""The outbox."""

outcomes = Table(
    "outcomes",
    metadata,
    _own(),
    _record(),
    _text("outcome"),  # won, lost
    _moment("at"),
    _moment("received_at"),
    Index("ix_outcomes_record", "record"),
)

findings = Table(
    "findings",
    metadata,
    _own(),
    Column("card", Text, nullable=False),
    _record(),
    _text("field", null=True),
    _text("code"),
    _text("level"),
    _text("message"),
    _text("hint"),
    _text("raw", null=True),
    Index("ix_findings_record_card", "record", "card"),
)

merges = Table(
    "merges",
    metadata,
    _own(),
    _record("kept"),
    _record("gone"),
    _moment("at"),
    _moment("undone_at", null=True),
    Index("ix_merges_gone", "gone"),
    Index("ix_merges_kept", "kept"),
)

audit = Table(
    "audit",
    metadata,
    _own(),
    _moment("at"),
    _text("actor"),
    _text("action"),
    _text("detail"),
)

match_models = Table(
    "match_models",
    metadata,
    _own(),
    _moment("made_at"),
    Column("records", Integer, nullable=False),
    _text("model"),
)
"""What duplicates are known by: the last one is in force, and the two tables below are its own."""

match_values = Table(
    "match_values",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),  # a hash
    Column("class", Integer, nullable=False),
    sqlite_with_rowid=False,
)

match_keys = Table(
    "match_keys",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),  # a hash
    Column("record", _NUMBER, ForeignKey("records.id"), primary_key=True, autoincrement=False),
    Index("ix_match_keys_record", "record"),
    sqlite_with_rowid=False,
)
