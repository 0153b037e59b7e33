"""Results kept in a table of PostgreSQL: made when it is not there, changed where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from scoreline.engines.sql.spelling import SPELLINGS
from scoreline.scorecard.model import Scorecard

POSTGRES = SPELLINGS["postgres"]
FINGERPRINT, AS_OF = "fingerprint", "as_of"
"""What every row says beside its results: the card, and the moment since which it says so."""
TYPES = {"certain": "BOOLEAN", "segment": "TEXT", "ask": "TEXT", "reasons": "TEXT"}
POINTS = ("score", "low", "high")


def result_types(card: Scorecard, results: Sequence[str]) -> dict[str, str]:
    """The types of results in a table: points are whole numbers where all of the card's are."""
    points = "BIGINT" if card.whole else "DOUBLE PRECISION"
    own = {**TYPES, **dict.fromkeys(POINTS, points)}
    return {name: own.get(name, "DOUBLE PRECISION") for name in results}


def create_table(table: str, key: str, columns: dict[str, str], key_type: str = "TEXT") -> str:
    """The statement that makes a table unless it is there.

    table: its name, quoted; columns: types by name, without the key.
    """
    quoted = POSTGRES.quoted
    lines = [f"{quoted(key)} {key_type} PRIMARY KEY"]
    lines += [f"{quoted(name)} {kind}" for name, kind in columns.items()]
    return f"CREATE TABLE IF NOT EXISTS {table} (\n  " + ",\n  ".join(lines) + "\n)"


def upsert(table: str, source: str, key: str, columns: Sequence[str], follow: Sequence[str]) -> str:
    """The statement that adds rows and overwrites those that differ; the others stay untouched.

    source: a query of the key and all columns; follow: columns that change only where others do.
    """
    quoted = POSTGRES.quoted
    names = ", ".join(map(quoted, (key, *columns, *follow)))
    told = [quoted(name) for name in columns]
    sets = ", ".join(f"{quoted(n)} = excluded.{quoted(n)}" for n in (*columns, *follow))
    old = ", ".join(f"t.{name}" for name in told)
    new = ", ".join(f"excluded.{name}" for name in told)
    return (
        f"INSERT INTO {table} AS t ({names})\nSELECT {names} FROM {source}\n"
        f"ON CONFLICT ({quoted(key)}) DO UPDATE SET {sets}\n"
        f"WHERE ({old}) IS DISTINCT FROM ({new})"
    )
