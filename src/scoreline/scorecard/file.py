"""Card file -> model: every problem of the file at once, with line and term."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scoreline.errors import CardError, Finding
from scoreline.scorecard import schema
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reading.cases import read_cases
from scoreline.scorecard.reading.events import read_events
from scoreline.scorecard.reading.features import read_features
from scoreline.scorecard.reading.fields import read_fields
from scoreline.scorecard.reading.groups import read_groups
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.reading.segments import read_segments
from scoreline.scorecard.reading.terms import Names, read_terms
from scoreline.scorecard.yamltree import MAX_BYTES, Tree, read_tree


def load_card(path: str | Path) -> Scorecard:
    """The scorecard of a file; raises CardError with all its findings."""
    path = Path(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise CardError(f"{path} is not a file.")
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CardError(f"{path.name} is not UTF-8 text.", "Save the card as UTF-8.") from None
    except IsADirectoryError:
        raise CardError(f"{path} is a folder, not a card file.") from None
    except (OSError, ValueError) as error:
        raise CardError(f"{path} can't be read: {getattr(error, 'strerror', error)}.") from None
    return parse_card(text, name=path.name)


def parse_card(text: str, name: str = "card") -> Scorecard:
    """The scorecard of a YAML text; `name` is the file's name in messages.

    Raises CardError; its `findings` hold every problem with line and term.
    """
    try:
        tree = read_tree(text)
    except CardError as error:
        raise _refusal(name, [Finding("card-format", "error", error.message, error.hint)]) from None
    reader = Reader()
    card = _card(reader, tree)
    if reader.findings or card is None:
        raise _refusal(name, reader.findings)
    return card


def _refusal(name: str, findings: Sequence[Finding]) -> CardError:
    lines = []
    for f in findings:
        where = f"{name}:{f.line}" if f.line else name
        term = f" ({f.term})" if f.term else ""
        lines.append(f"{where}{term}: {f.message}" + (f" {f.hint}" if f.hint else ""))
    return CardError("\n".join(lines) or f"{name} is refused.", findings=findings)


def _card(reader: Reader, tree: Tree) -> Scorecard | None:
    """The model, or None if the tree is no card at all."""
    entries = reader.entries(tree, schema.CARD, "a card")
    if entries is None:
        return None
    fields = read_fields(reader, entries)
    events = read_events(reader, entries)
    features = read_features(reader, entries, fields, events)
    groups = read_groups(reader, entries)
    terms = read_terms(reader, entries, Names(fields, groups, events, features))
    segments = read_segments(reader, entries)
    return Scorecard(
        name=reader.name(entries, "scorecard") or "",
        fields=tuple(fields.values()),
        terms=terms,
        segments=segments,
        title=reader.text(entries, "title") or "",
        objective=reader.text(entries, "objective") or "",
        key=reader.text(entries, "key"),
        base=reader.points(entries, "base") or 0,
        groups=tuple((groups or {}).values()),
        total=reader.clamp(entries.entries.get("total"), "total"),
        cases=read_cases(reader, entries, fields, segments),
        events=tuple((events or {}).values()),
        features=tuple(features.values()),
    )
