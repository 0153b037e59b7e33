"""A line in a chat."""

import json
from datetime import UTC, datetime

import pytest

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import Address, ChatHandler, Secret
from tests.lifecycle.handlers.moves import a_move
from tests.lifecycle.handlers.receiver import Receiver, reply

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def hook(receiver: Receiver) -> ChatHandler:
    address = Address(False, "localhost", receiver.port, "/hooks/abc")
    return ChatHandler("chat", address, inside=True)


def test_the_sentence_arrives_as_text(receiver: Receiver) -> None:
    deliver(hook(receiver), a_move(key="<!channel> 17"), NOW)
    (got,) = receiver.got
    assert got.path == "/hooks/abc"
    assert got.headers["Content-Type"] == "application/json"
    said = json.loads(got.body)
    assert list(said) == ["text"]
    assert said["text"].startswith("&lt;!channel&gt; 17 moved from marketing to qualified")


def test_the_address_may_be_a_secret(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = ChatHandler("chat", Secret("env", "CHAT_HOOK"), inside=True)
    with pytest.raises(DeliveryError, match="environment has no CHAT_HOOK"):
        deliver(handler, a_move(), NOW)
    monkeypatch.setenv("CHAT_HOOK", "chat.acme.ru/hooks/abc")
    with pytest.raises(DeliveryError, match="In env:CHAT_HOOK: This is no address") as error:
        deliver(handler, a_move(), NOW)
    assert "abc" not in str(error.value)
    monkeypatch.setenv("CHAT_HOOK", f"http://localhost:{receiver.port}/hooks/abc")
    deliver(handler, a_move(), NOW)
    assert len(receiver.got) == 1


def test_the_address_of_a_hook_is_not_repeated(receiver: Receiver) -> None:
    receiver.answer = lambda handler: reply(handler, 403, b"invalid_token")
    with pytest.raises(DeliveryError) as error:
        deliver(hook(receiver), a_move(), NOW)
    assert str(error.value) == "localhost answered 403."
    assert "abc" not in repr(hook(receiver))
