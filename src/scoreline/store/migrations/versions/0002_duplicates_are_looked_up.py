"""Duplicates are looked up: a match model, the classes of its values, and an index of keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables, empty until a model is learnt."""
    op.create_table(
        "match_models",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_models")),
    )
    op.create_table(
        "match_values",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("class", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_match_values")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_keys",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record", _NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_match_keys_record")),
        sa.PrimaryKeyConstraint("value", "record", name=op.f("pk_match_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_match_keys_record", "match_keys", ["record"])
