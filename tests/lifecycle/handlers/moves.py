"""A message as the outbox gives it, and the moment at which tests deliver it."""

from datetime import UTC, datetime
from typing import Any

from scoreline.lifecycle.handlers.message import Message

NOW = datetime(2026, 3, 3, 9, 0, 5, tzinfo=UTC)
PAYLOAD: dict[str, Any] = {
    "workspace": "sales",
    "card": "lead-readiness",
    "version": "5f2c",
    "key": "17",
    "from": "marketing",
    "to": "qualified",
    "score": 8,
    "reasons": [
        {"term": "budget suits", "points": 3},
        {"term": "company and position", "points": 2},
        {"term": "contact phone", "points": 1},
        {"term": "corporate e-mail", "points": 1},
        {"term": "technical specification", "points": 1},
    ],
    "owner": None,
    "as_of": "2026-03-03T09:00:00Z",
}


def a_move(number: int = 1, **changes: Any) -> Message:
    """The move of record 17 to qualified; its id ends with the number."""
    return Message(f"move_{number}", "move", NOW, {**PAYLOAD, **changes})
