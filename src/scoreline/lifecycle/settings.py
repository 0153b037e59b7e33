"""The settings of a workspace: `workspace.yaml`, typed, every problem at once with its line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from scoreline.errors import CardError, UsageError, did_you_mean
from scoreline.lifecycle.handlers.kinds import Handler
from scoreline.lifecycle.handlers.settings import read_handlers
from scoreline.scorecard.ageing import parse_duration
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.schema import Key
from scoreline.scorecard.yamltree import Entries, Items, Text, Tree, read_tree

FILE = "workspace.yaml"
DATABASE = "workspace.db"

WORKSPACE = (
    Key("workspace", "name", "Name of the workspace, for messages.", "acme", True),
    Key("key", "column", "Column that names a record, in every file.", "lead_id", True),
    Key(
        "database",
        "file or address",
        "A file of SQLite, or PostgreSQL.",
        "postgresql://user@host/scores",
    ),
    Key("moves", "list", "Which moves are told to whom.", "- {into: qualified, send: crm}"),
    Key("handlers", "mapping", "Who can be told.", "{list: {file: moves.jsonl}}"),
)
RULE = (
    Key("into", "segment", "Records that enter this segment.", "qualified"),
    Key("out_of", "segment", "Records that leave this segment.", "qualified"),
    Key("card", "name", "Of this card; of all cards unless said.", "lead-readiness"),
    Key("send", "handler or list", "The handlers that are told.", "[crm, chat]", True),
    Key("cool_down", "duration", "Not again for the same record within this time.", "14 days"),
    Key("minimum_stay", "duration", "Only if it stays there for so long.", "1 hour"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which moves are told to whom: into a segment, or out of it.

    card: None for every card; cool_down, minimum_stay: seconds.
    """

    segment: str
    into: bool
    send: tuple[str, ...]
    card: str | None = None
    cool_down: int = 0
    minimum_stay: int = 0

    @property
    def text(self) -> str:
        """What it is about: `into qualified`."""
        return f"{'into' if self.into else 'out of'} {self.segment}"

    def matches(self, card: str, old: str | None, new: str | None) -> bool:
        """Whether a move between two segments of a card is one of these."""
        return self.card in (None, card) and self.segment == (new if self.into else old)


@dataclass(frozen=True)
class Settings:
    """What `workspace.yaml` says.

    database: a path, or a URL of PostgreSQL.
    """

    name: str
    key: str
    database: Path | str
    rules: tuple[Rule, ...] = ()
    handlers: dict[str, Handler] = field(default_factory=dict)


def read_settings(folder: Path) -> Settings:
    """The settings of a folder; raises UsageError where there are none or they can't be used."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f"{folder} is no workspace: there is no {FILE}.",
            "Make one, `scoreline init DIR`, or say where it is: --workspace DIR.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{path} can't be read: {why}.") from None
    if not text.strip():
        raise UsageError(f"{path} is empty.", "It needs `workspace` and `key`.")
    reader = Reader()
    try:
        tree = read_tree(text)
    except CardError as error:
        raise UsageError(f"{path.name}: {error.message}", error.hint) from None
    entries = reader.entries(tree, WORKSPACE, "a workspace file")
    settings = None if entries is None else _settings(reader, entries, folder)
    if settings is None or reader.findings:
        lines = [f"{path.name}:{f.line}: {f.message} {f.hint}".rstrip() for f in reader.findings]
        raise UsageError("\n".join(lines))
    return settings


def _settings(reader: Reader, entries: Entries, folder: Path) -> Settings:
    handlers = read_handlers(reader, entries, folder)
    named = entries.entries.get("handlers")
    names = list(named.entries) if isinstance(named, Entries) else []
    database = reader.text(entries, "database") or DATABASE
    return Settings(
        reader.name(entries, "workspace") or "",
        reader.text(entries, "key") or "",
        database if "://" in database else folder / database,
        _rules(reader, entries.entries.get("moves"), names),
        handlers,
    )


def _rules(reader: Reader, tree: Tree | None, handlers: Collection[str]) -> tuple[Rule, ...]:
    if tree is None or (isinstance(tree, Text) and not tree.text.strip()):
        return ()
    if not isinstance(tree, Items):
        reader.problem(tree.line, "`moves` is a list: a line `- {into: ..., send: ...}` for each.")
        return ()
    found = (_rule(reader, item, handlers) for item in tree.items)
    return tuple(rule for rule in found if rule is not None)


def _rule(reader: Reader, tree: Tree, handlers: Collection[str]) -> Rule | None:
    entries = reader.entries(tree, RULE, "a rule of `moves`")
    if entries is None:
        return None
    sides = {key: reader.text(entries, key) for key in ("into", "out_of") if key in entries.entries}
    if len(sides) != 1:
        reader.problem(
            tree.line, "A rule of `moves` says `into` or `out_of`.", "Write two rules for both."
        )
        return None
    send = reader.words(entries, "send", "A rule sends to somebody.")
    for name in send:
        if name not in handlers:
            hint = did_you_mean(name, handlers) if handlers else "Add `handlers`."
            reader.problem(entries.lines["send"], f"There is no handler `{name}`.", hint)
    (side, segment), *_ = sides.items()
    return Rule(
        segment or "",
        side == "into",
        tuple(dict.fromkeys(send)),
        reader.text(entries, "card"),
        _seconds(reader, entries, "cool_down"),
        _seconds(reader, entries, "minimum_stay"),
    )


def _seconds(reader: Reader, entries: Entries, key: str) -> int:
    text = reader.text(entries, key)
    if text is None:
        return 0
    return reader.attempt(entries.lines[key], lambda: parse_duration(text)) or 0
