"""The kinds of handler, as a workspace declares them: frozen, checked, without their secrets."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from scoreline.errors import DeliveryError

TIMEOUT = 10
"""Seconds that a delivery may take unless the handler says otherwise."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is found; the secret itself is read when a message is sent, and not kept."""

    place: Literal["env", "file"]
    name: str

    def read(self) -> str:
        """The secret; raises DeliveryError where there is none."""
        if self.place == "env":
            found = os.environ.get(self.name, "")
            if not found:
                raise DeliveryError(
                    f"The environment has no {self.name}, which should hold a secret.",
                    "Set it for the process that delivers.",
                )
            return found
        try:
            found = Path(self.name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            raise DeliveryError(f"The secret file {self.name} can't be read: {why}.") from None
        if not found:
            raise DeliveryError(f"The secret file {self.name} is empty.")
        return found


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post to: host in ASCII, target with path and query, which may be secret."""

    secure: bool
    host: str
    port: int
    target: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookHandler:
    """A signed webhook. inside: hosts in private networks and plain http are allowed."""

    name: str
    address: Address
    secret: Secret
    inside: bool = False
    timeout: int = TIMEOUT


@dataclass(frozen=True, slots=True)
class ChatHandler:
    """A chat's incoming webhook; its address is a secret of its own kind."""

    name: str
    address: Address | Secret
    inside: bool = False
    timeout: int = TIMEOUT


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server. tls: from the first byte, by STARTTLS, or none (inside only)."""

    host: str
    port: int
    tls: Literal["first", "starttls", "none"]
    user: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class LetterHandler:
    """E-mail to a few addresses. subject: with `{key}` and its like to be filled in."""

    name: str
    to: tuple[str, ...]
    sender: str
    server: MailServer
    subject: str
    timeout: int = TIMEOUT


@dataclass(frozen=True, slots=True)
class FileHandler:
    """A file of JSON lines that grows."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class CommandHandler:
    """A program with arguments, started in the workspace's folder; no shell."""

    name: str
    command: tuple[str, ...]
    folder: Path
    timeout: int = TIMEOUT


Handler = WebhookHandler | ChatHandler | LetterHandler | FileHandler | CommandHandler
