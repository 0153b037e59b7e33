"""A line in a chat: `{"text": "..."}`, as the hooks of Slack, Mattermost and others take."""

from __future__ import annotations

import html
import json
from datetime import datetime

from scoreline.errors import CardError, DeliveryError
from scoreline.lifecycle.handlers.kinds import Address, ChatHandler, Secret
from scoreline.lifecycle.handlers.message import Message
from scoreline.lifecycle.handlers.network import read_address
from scoreline.lifecycle.handlers.post import post
from scoreline.lifecycle.handlers.text import sentence

_BREAK = "\u200b"


def send(handler: ChatHandler, message: Message, now: datetime) -> None:
    """Post the move as one sentence; hooks of chats know no id, so a repeat is a second line."""
    body = json.dumps({"text": harmless(sentence(message))}).encode("utf-8")
    headers = {"Content-Type": "application/json", "User-Agent": "Scoreline"}
    address = _address(handler)
    post(address, body, headers, inside=handler.inside, timeout=handler.timeout)


def harmless(text: str) -> str:
    """The text without what calls everyone or hides an address behind words.

    Keys come from outside. `<`, `>` and `&` are written as Slack wants them; @ and ]( are broken
    by a sign that is not seen.

    >>> harmless("<!channel>")
    '&lt;!channel&gt;'
    """
    broken = text.replace("@", f"@{_BREAK}").replace("](", f"]{_BREAK}(")
    return html.escape(broken, quote=False)


def _address(handler: ChatHandler) -> Address:
    """The hook's address, read from its secret place where it has one."""
    if not isinstance(handler.address, Secret):
        return handler.address
    try:
        return read_address(handler.address.read(), handler.inside)
    except CardError as error:
        where = f"{handler.address.place}:{handler.address.name}"
        raise DeliveryError(f"In {where}: {error.message}", error.hint) from None
