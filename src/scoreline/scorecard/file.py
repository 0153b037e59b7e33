"""Card file -> model: every problem of the file at once, with line and term."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from scoreline.errors import CardError, Finding, did_you_mean, nearest
from scoreline.scorecard import schema
from scoreline.scorecard.events import Choice
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reading.cases import CaseNames, read_cases
from scoreline.scorecard.reading.events import read_events
from scoreline.scorecard.reading.features import read_features
from scoreline.scorecard.reading.fields import read_fields
from scoreline.scorecard.reading.grids import is_grid, read_grid
from scoreline.scorecard.reading.groups import read_groups
from scoreline.scorecard.reading.happenings import Happenings
from scoreline.scorecard.reading.probability import read_learned, read_probability
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.reading.segments import read_segments
from scoreline.scorecard.reading.terms import Names, read_terms
from scoreline.scorecard.yamltree import MAX_BYTES, Tree, read_tree

Read = Callable[[str], str]
"""The text of a file that a grid names; raises CardError."""


def load_card(path: str | Path) -> Scorecard:
    """The scorecard, or the grid, of a file; raises CardError with all its findings."""
    return load_files(path)[0]


def load_files(path: str | Path) -> tuple[Scorecard, dict[str, str]]:
    """The same with the texts that say it: the file's own first, then those that a grid names."""
    path = Path(path)
    files = {path.name: _text(path)}

    def beside(file: str) -> str:
        files[file] = _text_beside(path.parent, file)
        return files[file]

    return parse_card(files[path.name], path.name, beside), files


def parse_files(files: Mapping[str, str]) -> Scorecard:
    """The scorecard, or the grid, of the texts that `load_files` gave."""
    name = next(iter(files))
    return parse_card(files[name], name, files.__getitem__)


def _text(path: Path) -> str:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise CardError(f"{path} is not a file.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CardError(f"{path.name} is not UTF-8 text.", "Save the card as UTF-8.") from None
    except IsADirectoryError:
        raise CardError(f"{path} is a folder, not a card file.") from None
    except (OSError, ValueError) as error:
        raise CardError(f"{path} can't be read: {getattr(error, 'strerror', error)}.") from None


def parse_card(text: str, name: str = "card", read: Read | None = None) -> Scorecard:
    """The scorecard of a YAML text; `name` is the file's name in messages.

    read: gives the cards that a grid names, from the current folder unless said. Raises CardError;
    its `findings` hold every problem with line and term.
    """
    tree = _tree(text, name)
    reader = Reader()
    if is_grid(tree):
        card = read_grid(reader, tree, partial(_side, read or partial(_text_beside, Path())))
    else:
        card = _card(reader, tree)
    if reader.findings or card is None:
        raise _refusal(name, reader.findings)
    return card


def _tree(text: str, name: str) -> Tree:
    try:
        return read_tree(text)
    except CardError as error:
        raise _refusal(name, [Finding("card-format", "error", error.message, error.hint)]) from None


def _text_beside(folder: Path, file: str) -> str:
    """The text of a file that a grid in this folder names."""
    path = folder / file
    if path.exists():
        return _text(path)
    beside = [other.name for other in folder.glob("*.y*ml")] if path.parent == folder else []
    close = nearest(path.name, beside, 1)
    hint = did_you_mean(path.name, close) if close else "Its place is said from the grid's own."
    raise CardError(f"there is no file `{file}`.", hint)


def _side(read: Read, file: str) -> Scorecard:
    """The card of a side of a grid; it is no grid itself."""
    text = read(file)
    if is_grid(_tree(text, file)):
        raise CardError(f"`{file}` is a grid itself.", "A side is a card; grids have two of them.")
    return parse_card(text, file)


def _refusal(name: str, findings: Sequence[Finding]) -> CardError:
    lines = []
    for f in findings:
        file = f.file or name
        where = f"{file}:{f.line}" if f.line else file
        term = f" ({f.term})" if f.term else ""
        lines.append(f"{where}{term}: {f.message}" + (f" {f.hint}" if f.hint else ""))
    return CardError("\n".join(lines) or f"{name} is refused.", findings=findings)


def _card(reader: Reader, tree: Tree) -> Scorecard | None:
    """The model, or None if the tree is no card at all."""
    entries = reader.entries(tree, schema.CARD, "a card")
    if entries is None:
        return None
    fields = read_fields(reader, entries)
    before = len(reader.findings)
    events = read_events(reader, entries)
    declared = events if len(reader.findings) == before else None
    features = read_features(reader, entries, fields, events)
    groups = read_groups(reader, entries)
    terms = read_terms(reader, entries, Names(fields, groups, events, features))
    segments = read_segments(reader, entries)
    tallies = [term.tally for term in terms if term.tally is not None]
    choices: tuple[Choice, ...] = (*tallies, *features.values())
    happenings = Happenings(declared, choices, whole=not reader.findings)
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
        cases=read_cases(reader, entries, CaseNames(fields, segments, happenings)),
        events=tuple((events or {}).values()),
        features=tuple(features.values()),
        probability=read_probability(reader, entries),
        learned=read_learned(reader, entries),
    )
