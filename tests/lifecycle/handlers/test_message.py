"""A message: the same bytes for ever, and nothing in it that it should not hold."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.lifecycle.handlers.message import PAYLOAD as NAMES
from scoreline.lifecycle.handlers.message import Message, canonical_json
from tests.lifecycle.handlers.moves import NOW, PAYLOAD, a_move


@given(st.permutations(list(PAYLOAD)), st.integers(-14, 14))
def test_the_bytes_depend_on_nothing_but_the_message(order: list[str], hours: int) -> None:
    moment = NOW.astimezone(timezone(timedelta(hours=hours)))
    same = Message("move_1", "move", moment, {name: PAYLOAD[name] for name in order})
    assert canonical_json(same) == canonical_json(a_move())


@given(st.text(min_size=1))
def test_any_key_gives_one_line_of_utf8(key: str) -> None:
    written = canonical_json(a_move(key=key))
    assert b"\n" not in written
    if key.isprintable():
        assert json.loads(written)["data"]["key"] == key


def test_the_parts_are_named_as_standard_webhooks_names_them() -> None:
    said = json.loads(canonical_json(a_move()))
    assert said == {
        "id": "move_1",
        "type": "move",
        "timestamp": "2026-03-03T09:00:05Z",
        "data": PAYLOAD,
    }


def test_a_payload_holds_nothing_of_the_record_but_its_key() -> None:
    assert set(PAYLOAD) == set(NAMES)
    with pytest.raises(ValueError, match="holds no email"):
        a_move(email="anna@acme.ru")


def test_a_payload_says_who_moved_where() -> None:
    with pytest.raises(ValueError, match="needs key, score"):
        Message("m", "move", NOW, {k: v for k, v in PAYLOAD.items() if k not in ("key", "score")})


@pytest.mark.parametrize("name", ["", "a b", "a.b", "a\r\nX: 1", "<a>", "é", "x" * 129])
def test_an_id_stands_in_headers_as_it_is(name: str) -> None:
    with pytest.raises(ValueError, match="An id has"):
        Message(name, "move", NOW, PAYLOAD)


def test_a_moment_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Message("m", "move", datetime(2026, 3, 3), PAYLOAD)
    assert Message("m", "move", datetime(2026, 3, 3, tzinfo=UTC), PAYLOAD)


def test_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(a_move(score=float("nan")))
