"""A move in plain words, for chats and letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scoreline.language.text import normal
from scoreline.lifecycle.handlers.message import Message
from scoreline.scorecard.points import SCALE, points_text
from scoreline.scorecard.reasons import Reason, reasons_text

STRONGEST = 3
"""Reasons that a sentence names; `other` holds the rest."""
SUBJECT = "{key}: {to} ({card})"
PLACES = ("workspace", "card", "version", "key", "from", "to", "score", "owner")
"""What `{...}` in a subject may name."""

_PLACE = re.compile(r"\{([^{}]*)\}")


def sentence(message: Message) -> str:
    """Who moved, from where to where, with the score and the strongest reasons; one line."""
    data: Mapping[str, Any] = message.payload
    key, to = _line(data["key"]), _line(data["to"])
    came = data.get("from")
    moved = f"{key} is new in {to}" if came is None else f"{key} moved from {_line(came)} to {to}"
    parts = [f"{moved} ({_line(data['card'])}): score {_points(data['score'])}."]
    if data["reasons"]:
        parts.append(f"Why: {reasons_text(_reasons(data), STRONGEST)}.")
    if data.get("owner"):
        parts.append(f"Owner: {_line(data['owner'])}.")
    return " ".join(parts)


def details(message: Message) -> str:
    """The sentence, then every reason on a line, and by which version as of when."""
    data: Mapping[str, Any] = message.payload
    lines = [
        sentence(message),
        "",
        *(f"  {reason.text}" for reason in _reasons(data)),
        "",
        f"Workspace {_line(data['workspace'])}, card {_line(data['card'])}, "
        f"version {_line(data['version'])}, as of {_line(data['as_of'])}.",
        f"Message {message.id}",
    ]
    return "\n".join(lines) + "\n"


def subject(template: str, message: Message) -> str:
    """The subject of a letter: `{key}` and its like filled in, one line."""
    data: Mapping[str, Any] = message.payload

    def fill(match: re.Match[str]) -> str:
        value = data.get(match[1])
        if match[1] == "score":
            return _points(value)
        return "" if value is None else str(value)

    return _line(_PLACE.sub(fill, template))


def unknown_places(template: str) -> list[str]:
    """Names in `{...}` that no message has.

    >>> unknown_places("{key} is {segment}")
    ['segment']
    """
    return [name for name in _PLACE.findall(template) if name not in PLACES]


def _reasons(data: Mapping[str, Any]) -> list[Reason]:
    return [Reason(_line(r["term"]), "", _scaled(r["points"])) for r in data["reasons"]]


def _scaled(points: Any) -> int:
    scaled: int = round(points * SCALE)
    return scaled


def _points(points: Any) -> str:
    return points_text(_scaled(points))


def _line(value: object) -> str:
    """A value as one line: a line break in a key must not write headers or lines of its own."""
    return "".join(sign if sign.isprintable() else " " for sign in normal(str(value)))
