"""What is delivered: one message a move, the same bytes on every try."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

PAYLOAD = (
    "workspace",
    "card",
    "version",
    "key",
    "from",
    "to",
    "score",
    "reasons",
    "owner",
    "as_of",
)
"""What a payload may hold. Nothing of the record itself: a receiver that may see more asks by key.

from: null for a record that is new; reasons: a list of {term, points}, strongest first.
"""
_NEEDED = frozenset(PAYLOAD) - {"from", "owner"}
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a receiver is told, once for each id.

    id: the idempotency key: the same for ever for one move, never that of another; letters,
    digits, _ and - only, as it stands in headers; at: when it happened, with a time zone.
    Raises ValueError for anything else, also for a payload that holds more than it may.
    """

    id: str
    kind: Literal["move"]
    at: datetime
    payload: Mapping[str, object]

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("An id has 1 to 128 letters, digits, _ or -.")
        if self.at.tzinfo is None:
            raise ValueError("`at` needs a time zone.")
        if foreign := self.payload.keys() - set(PAYLOAD):
            raise ValueError(f"A payload holds no {', '.join(sorted(foreign))}.")
        if missing := _NEEDED - self.payload.keys():
            raise ValueError(f"A payload needs {', '.join(sorted(missing))}.")


def canonical_json(message: Message) -> bytes:
    """The message as one line of JSON, without a line end: the same bytes on every try.

    Named as Standard Webhooks names the parts: `id`, `type`, `timestamp`, `data`.
    Raises ValueError for a payload that JSON can't hold.
    """
    whole = {
        "id": message.id,
        "type": message.kind,
        "timestamp": message.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": dict(message.payload),
    }
    text = json.dumps(
        whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    # A lone surrogate has no UTF-8; a message with a ? for it is better than none.
    return text.encode("utf-8", "replace")
