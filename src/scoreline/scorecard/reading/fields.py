"""The `fields` of a card: names, types and options."""

from __future__ import annotations

from scoreline.errors import did_you_mean, nearest
from scoreline.language.fields import FIELD_TYPES, Field, FieldType, fact_column
from scoreline.language.text import folded, normal
from scoreline.scorecard import schema
from scoreline.scorecard.reading.codes import CURRENCIES, REGIONS, near_code
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, Text, Tree

ORDERS = ("dmy", "mdy", "ymd")


def read_fields(reader: Reader, card: Entries) -> dict[str, Field]:
    """The declared fields by name."""
    tree = card.entries.get("fields")
    if not isinstance(tree, Entries):
        reader.unread = None
        if tree is not None:
            reader.problem(tree.line, "`fields` is a mapping: a line `name: type` for each field.")
        return {}
    fields, reader.unread = declared_fields(reader, tree)
    return fields


def declared_fields(reader: Reader, tree: Entries) -> tuple[dict[str, Field], set[str]]:
    """The fields of a mapping by name, and the names of those that can't be read."""
    fields: dict[str, Field] = {}
    unread: set[str] = set()
    for raw_name, below in tree.entries.items():
        name, line = normal(raw_name), tree.lines[raw_name]
        field = _field(reader, name, below, line)
        if field is None:
            unread.add(name)
        elif name in fields:
            reader.problem(line, f"The field `{name}` stands twice.")
        else:
            fields[name] = field
    facts = {fact_column(f.name, fact.name): f for f in fields.values() for fact in f.facts}
    for name in facts.keys() & fields.keys():
        reader.problem(
            fields[name].line or tree.line,
            f"`{name}` is taken: it is the column of a fact of `{facts[name].name}`.",
            "Give the field another name.",
        )
    return fields, unread


def usable_name(reader: Reader, name: str, line: int, what: str) -> bool:
    """Whether conditions can read a value of this name; a finding says why not."""
    if name and "." not in name and name != "as_of" and not name.startswith("__"):
        return True
    hint = "Names have no dot, are not as_of, and don't begin with __"
    if what == "field":
        hint += "; use `column` for the header of the file"
    reader.problem(line, f"`{name}` can't be the name of a {what}.", f"{hint}.")
    return False


def _field(reader: Reader, name: str, tree: Tree, line: int) -> Field | None:
    """One field: `name: type`, or `name: {type: ..., options}`."""
    if not usable_name(reader, name, line, "field"):
        return None
    if isinstance(tree, Text):
        kind = _type(reader, tree.text, line)
        return Field(name, kind, line=line) if kind else None
    entries = reader.entries(tree, schema.FIELD, f"the field `{name}`")
    if entries is None:
        return None
    word = reader.text(entries, "type") if "type" in entries.entries else "text"
    kind = None if word is None else _type(reader, word, line)
    if kind is None:
        return None
    if not _takes_options(reader, entries, name, kind) and "type" not in entries.entries:
        return None  # no text was meant: what conditions make of it would mislead
    return Field(
        name,
        kind,
        column=tuple(c for c in map(normal, reader.words(entries, "column")) if c),
        optional=bool(reader.flag(entries, "optional")),
        missing=tuple(dict.fromkeys(folded(w) for w in reader.words(entries, "missing"))),
        decimal=_choice(reader, entries, "decimal", (".", ",")),
        order=_choice(reader, entries, "order", ORDERS),
        currency=_code(reader, entries, "currency", CURRENCIES),
        country=_code(reader, entries, "country", REGIONS),
        line=line,
    )


def _type(reader: Reader, text: str, line: int) -> FieldType | None:
    """One of the field types."""
    word = folded(text)
    if word in FIELD_TYPES:
        return word
    reader.problem(
        line,
        f"`{normal(text)}` is not a type of field.",
        _near_types(word),
    )
    return None


def _near_types(word: str) -> str:
    """The nearest types, or all of them: a list cut short would hide the one that is wanted."""
    if nearest(word, FIELD_TYPES):
        return did_you_mean(word, FIELD_TYPES)
    return f"The types are {', '.join(FIELD_TYPES)}."


def _takes_options(reader: Reader, entries: Entries, name: str, kind: FieldType) -> bool:
    """Whether every option is one that the type takes; one finding each, if the type was said."""
    foreign = [
        key
        for key in schema.FIELD
        if key.types and key.name in entries.entries and kind not in key.types
    ]
    for key in foreign if "type" in entries.entries else foreign[:1]:
        *most, last = key.types
        types = f"{', '.join(most)} and {last} do" if most else f"only {last} does"
        which = "one of these types" if most else "this type"
        reader.problem(
            entries.lines[key.name],
            f"The field `{name}` is of type {kind}, which takes no `{key.name}`; {types}.",
            f"Leave `{key.name}` out, or give the field {which}.",
        )
    return not foreign


def _choice(reader: Reader, entries: Entries, key: str, allowed: tuple[str, ...]) -> str | None:
    """An option that is one of a few words."""
    found = reader.text(entries, key)
    if found is not None and found not in allowed:
        words = [word if word.isalpha() else f'"{word}"' for word in allowed]
        reader.problem(
            entries.lines[key],
            f"`{key}` is {', '.join(words[:-1])} or {words[-1]}, not `{found}`.",
        )
    return found


def _code(reader: Reader, entries: Entries, key: str, known: frozenset[str]) -> str | None:
    """One of the ISO codes that are known, in capitals."""
    found = reader.text(entries, key)
    if found is None or found.upper() in known:
        return found and found.upper()
    length = len(next(iter(known)))
    reader.problem(
        entries.lines[key],
        f"`{found}` is no code of a {key}: such a code has {length} letters, as ISO lists them.",
        near_code(found.upper(), known),
    )
    return None
