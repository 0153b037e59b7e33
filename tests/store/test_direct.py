"""Statements that the driver is handed itself say what SQLAlchemy would have said."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from scoreline.store import bulk, direct
from scoreline.store.database import Database
from scoreline.store.direct import AMONG
from scoreline.store.schema import audit, records
from scoreline.store.upgrade import make_tables
from tests.store.empty import empty

KEYS = ["a", "b?", "%s", "%", "ключ", "x'; --", "g"]
BY_KEYS = select(records.c.key).where(records.c.key.in_(AMONG)).order_by(records.c.id)
COUNT = select(func.count()).select_from(records)


def rows(*keys: str) -> list[dict[str, object]]:
    return [{"key": key, "given": "{}", "registered_at": 1, "changed_at": 1} for key in keys]


@pytest.fixture
def opened(tmp_path: Path, database: str) -> Database:
    made = empty(database or tmp_path / "scores.db")
    make_tables(made)
    made.write(lambda connection: bulk.insert(connection, records, rows(*KEYS)))
    return made


@pytest.mark.parametrize("count", range(len(KEYS) + 1))
def test_a_list_of_any_length_finds_each_of_its_items_once(opened: Database, count: int) -> None:
    with opened.reading() as connection:
        found = list(bulk.find(connection, BY_KEYS, KEYS[:count]))
        assert found == connection.execute(BY_KEYS, {"among": KEYS[:count]}).all()
    assert [key for (key,) in found] == KEYS[:count]


def test_values_find_their_places_beside_those_of_the_statement_itself(opened: Database) -> None:
    where = (records.c.key == "a") & records.c.key.in_(AMONG) & (records.c.registered_at == 1)
    asked = update(records).where(where).values(owner="%", given="said")
    given = asked.values(given=records.c.given + "!").returning(records.c.owner, records.c.given)
    found = opened.write(lambda connection: direct.run(connection, given, among=["a", "b?"]))
    assert found == [("%", "{}!")]


def test_rows_may_name_their_columns_in_any_order(opened: Database) -> None:
    told = {"at": 1, "actor": "anna", "action": "publish", "detail": "{}"}
    turned = dict(reversed(told.items()))
    opened.write(lambda connection: bulk.insert(connection, audit, [told, turned]))
    with opened.reading() as connection:
        found = direct.run(connection, select(audit.c.actor, audit.c.action))
    assert found == [("anna", "publish")] * 2


def test_what_the_driver_refuses_is_told_as_by_sqlalchemy(opened: Database) -> None:
    with opened.engine.connect() as connection, pytest.raises(IntegrityError):
        bulk.insert(connection, records, rows("a"))


def test_a_transaction_that_fails_has_written_nothing(opened: Database) -> None:
    def failing(connection: object) -> None:
        bulk.insert(connection, records, rows("h"))  # type: ignore[arg-type]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        opened.write(failing)
    with opened.reading() as connection:
        assert direct.run(connection, COUNT) == [(len(KEYS),)]


def test_a_reader_sees_one_state(opened: Database) -> None:
    with opened.reading() as connection:
        before = direct.run(connection, COUNT)
        opened.write(lambda other: bulk.insert(other, records, rows("h")))
        assert direct.run(connection, COUNT) == before
    with opened.reading() as connection:
        assert direct.run(connection, COUNT) == [(len(KEYS) + 1,)]
