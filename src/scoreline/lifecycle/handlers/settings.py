"""The `handlers` of a workspace file: names and what each of them sends to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from scoreline.errors import CardError, did_you_mean, nearest
from scoreline.language.text import normal
from scoreline.lifecycle.handlers.kinds import (
    TIMEOUT,
    ChatHandler,
    CommandHandler,
    FileHandler,
    Handler,
    LetterHandler,
    MailServer,
    Secret,
    WebhookHandler,
)
from scoreline.lifecycle.handlers.network import ascii_host, read_address
from scoreline.lifecycle.handlers.text import PLACES, SUBJECT, unknown_places
from scoreline.quality.typing.emails import Email, read_email
from scoreline.scorecard.ageing import parse_duration
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.schema import Key
from scoreline.scorecard.yamltree import Entries, Text, Tree

LONGEST = 600
"""Seconds; a handler that waits longer holds up the others."""

_TIMEOUT = Key("timeout", "duration", "The most that one try may take; 10 seconds.", "30 seconds")
_INSIDE = Key("inside", "yes/no", "The receiver is in your own network: private, http.", "yes")
KINDS: dict[str, tuple[Key, ...]] = {
    "webhook": (
        Key("webhook", "address", "Where signed messages are posted.", "https://a.ru/x", True),
        Key("secret", "place", "What they are signed with.", "env:CRM_SECRET", True),
        _INSIDE,
        _TIMEOUT,
    ),
    "chat": (
        Key("chat", "address or place", "A chat's incoming webhook.", "env:CHAT_HOOK", True),
        _INSIDE,
        _TIMEOUT,
    ),
    "email": (
        Key("email", "address or list", "Who gets the letter.", "[sales@acme.ru]", True),
        Key("from", "address", "Who it is from.", "scores@acme.ru", True),
        Key("smtp", "address", "The mail server.", "smtp://user@mail.acme.ru:587", True),
        Key("password", "place", "The password of the server's user.", "env:SMTP_PASSWORD"),
        Key("subject", "text", "Its subject, with {key} and its like.", '"{key} is {to}"'),
        Key("inside", "yes/no", "The server is in your own network: no TLS.", "yes"),
        _TIMEOUT,
    ),
    "file": (Key("file", "path", "The file that lines are added to.", "moves.jsonl", True),),
    "command": (
        Key("command", "list", "A program and its arguments.", "[python3, notify.py]", True),
        _TIMEOUT,
    ),
}
"""The keys of each kind, by the key that names the kind."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_handlers(reader: Reader, workspace: Entries, folder: Path) -> dict[str, Handler]:
    """The handlers by name; what is wrong is noted in the reader, and that handler left out.

    folder: the workspace's own: relative paths begin there, and commands run there.
    """
    tree = workspace.entries.get("handlers")
    if tree is None or (isinstance(tree, Text) and not tree.text.strip()):
        return {}
    if not isinstance(tree, Entries):
        reader.problem(tree.line, "`handlers` is a mapping: a line `name: {...}` for each.")
        return {}
    found: dict[str, Handler] = {}
    for raw_name, below in tree.entries.items():
        name, line = normal(raw_name), tree.lines[raw_name]
        before = len(reader.findings)
        reader.name_text(name, "the name of a handler", line)
        if name in found:
            reader.problem(line, f"The handler `{name}` stands twice.")
        handler = _handler(reader, name, below, folder)
        if handler is not None and len(reader.findings) == before:
            found[name] = handler
    return found


def _handler(reader: Reader, name: str, tree: Tree, folder: Path) -> Handler | None:
    """One handler, by its kind."""
    kind = _kind(reader, name, tree)
    entries = None if kind is None else reader.entries(tree, KINDS[kind], f"the handler `{name}`")
    if kind is None or entries is None:
        return None
    return _READERS[kind](reader, name, entries, folder)


def _kind(reader: Reader, name: str, tree: Tree) -> str | None:
    """The key that names the handler's kind; a misspelt one counts."""
    if not isinstance(tree, Entries):
        reader.problem(tree.line, f"The handler `{name}` is a mapping, as {{file: moves.jsonl}}.")
        return None
    kinds = [key for key in tree.entries if key in KINDS]
    if not kinds:
        kinds = [close for key in tree.entries for close in nearest(key, KINDS, 1)][:1]
    if len(kinds) == 1:
        return kinds[0]
    named = ", ".join(f"`{kind}`" for kind in kinds or KINDS)
    if kinds:
        reader.problem(tree.line, f"The handler `{name}` has {named}; one handler is one of them.")
    else:
        reader.problem(tree.line, f"The handler `{name}` needs one of {named}.")
    return None


def _webhook(reader: Reader, name: str, entries: Entries, folder: Path) -> Handler | None:
    inside = bool(reader.flag(entries, "inside"))
    text = reader.text(entries, "webhook")
    line = entries.lines.get("webhook", entries.line)
    address = text and reader.attempt(line, lambda: read_address(text, inside))
    secret = _secret(reader, entries, "secret", folder)
    timeout = _timeout(reader, entries)
    if not address or secret is None:
        return None
    return WebhookHandler(name, address, secret, inside, timeout)


def _chat(reader: Reader, name: str, entries: Entries, folder: Path) -> Handler | None:
    inside = bool(reader.flag(entries, "inside"))
    text = reader.text(entries, "chat")
    line = entries.lines.get("chat", entries.line)
    timeout = _timeout(reader, entries)
    if text is None:
        return None
    address = place_of(text, folder) or reader.attempt(line, lambda: read_address(text, inside))
    return None if address is None else ChatHandler(name, address, inside, timeout)


def _letter(reader: Reader, name: str, entries: Entries, folder: Path) -> Handler | None:
    to = reader.words(entries, "email", "A letter needs someone to go to.")
    lines = entries.lines
    read_to = [_mailbox(reader, text, lines.get("email", entries.line)) for text in to]
    sender = reader.text(entries, "from")
    read_from = sender and _mailbox(reader, sender, lines["from"])
    server = _server(reader, entries, folder)
    subject = reader.text(entries, "subject") or SUBJECT
    for place in unknown_places(subject):
        reader.problem(
            lines["subject"], f"No message has `{{{place}}}`.", did_you_mean(place, PLACES)
        )
    timeout = _timeout(reader, entries)
    if server is None or not read_from or not all(read_to):
        return None
    return LetterHandler(name, tuple(filter(None, read_to)), read_from, server, subject, timeout)


def _file(reader: Reader, name: str, entries: Entries, folder: Path) -> Handler | None:
    path = reader.text(entries, "file")
    if path is not None and not path.isprintable():
        reader.problem(entries.lines["file"], "The path holds a control character.")
    return None if path is None else FileHandler(name, folder / path)


def _command(reader: Reader, name: str, entries: Entries, folder: Path) -> Handler | None:
    tree, line = entries.entries.get("command"), entries.lines.get("command", entries.line)
    if isinstance(tree, Text):
        words = ", ".join(tree.text.split()) or "python3, notify.py"
        reader.problem(line, "`command` is a list: no shell takes it apart.", f"Write [{words}].")
        return None
    words_of = reader.words(entries, "command", "A command needs a program.")
    if words_of and not words_of[0].strip():
        reader.problem(line, "A command needs a program.")
    if any("\0" in word for word in words_of):
        reader.problem(line, "A command holds no zero characters.")
    timeout = _timeout(reader, entries)
    return CommandHandler(name, words_of, folder, timeout) if words_of else None


_READERS: dict[str, Callable[[Reader, str, Entries, Path], Handler | None]] = {
    "webhook": _webhook,
    "chat": _chat,
    "email": _letter,
    "file": _file,
    "command": _command,
}


def place_of(text: str, folder: Path) -> Secret | None:
    """Where a secret is found, by `env:NAME` or `file:PATH`; None for anything else."""
    kind, _, name = text.partition(":")
    if kind == "env" and _VARIABLE.fullmatch(name):
        return Secret("env", name)
    if kind == "file" and name.strip():
        return Secret("file", str(folder / name.strip()))
    return None


def _secret(reader: Reader, entries: Entries, key: str, folder: Path) -> Secret | None:
    """The place of a secret; the secret itself is refused, and not repeated."""
    text = reader.text(entries, key)
    place = None if text is None else place_of(text, folder)
    if text is not None and place is None:
        reader.problem(
            entries.lines[key],
            f"`{key}` says where the secret is, not what it is.",
            f"Write env:CRM_{key.upper()} for a variable of the environment, or file:PATH.",
        )
    return place


def _mailbox(reader: Reader, text: str, line: int) -> str | None:
    """An address of e-mail."""
    found = read_email(normal(text))
    if isinstance(found, Email):
        return found.address
    reader.problem(line, f"`{normal(text)}` is no address of e-mail.", "Write name@company.com.")
    return None


def _timeout(reader: Reader, entries: Entries) -> int:
    """Seconds that a try may take."""
    text = reader.text(entries, "timeout")
    if text is None:
        return TIMEOUT
    try:
        seconds = parse_duration(text)
    except CardError:
        seconds = 0
    if not 0 < seconds <= LONGEST:
        message = f"`{text}` is no usable timeout."
        reader.problem(entries.lines["timeout"], message, "Write 10 seconds; 10 minutes at most.")
    return seconds


def _server(reader: Reader, entries: Entries, folder: Path) -> MailServer | None:
    """The mail server, with its user and where the password is."""
    inside = bool(reader.flag(entries, "inside"))
    password = _secret(reader, entries, "password", folder)
    text, line = reader.text(entries, "smtp"), entries.lines.get("smtp", entries.line)
    server = None if text is None else reader.attempt(line, lambda: read_server(text, inside))
    if server is None:
        return None
    if bool(server.user) != ("password" in entries.entries):
        missing, needed = ("password", "password") if server.user else ("user", "smtp://USER@HOST")
        reader.problem(line, f"The mail server has no {missing}.", f"Add `{needed}`.")
    return MailServer(server.host, server.port, server.tls, server.user, password)


def read_server(text: str, inside: bool) -> MailServer:
    """The mail server of an address such as `smtp://user@mail.acme.ru:587`; raises CardError."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, ascii_host(parts.hostname or "")
    except ValueError:
        parts, port, host = urlsplit(""), None, ""
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or parts.query:
        raise CardError(
            "This is no address of a mail server.",
            "Write smtp://USER@HOST:587, or smtps://USER@HOST:465.",
        )
    if parts.password is not None:
        raise CardError("The address holds a password.", "Write `password: env:SMTP_PASSWORD`.")
    first = parts.scheme == "smtps"
    tls: Literal["first", "starttls", "none"] = "none" if inside else "starttls"
    user = unquote(parts.username or "")
    return MailServer(host, port or (465 if first else 587), "first" if first else tls, user)
