"""Card file -> model: every problem of the file at once, with line and term."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

from scoreline.errors import CardError, Finding, did_you_mean
from scoreline.language.fields import FIELD_TYPES, Field, FieldType, fact_column
from scoreline.language.literals import literal_of
from scoreline.language.parse import parse_condition, parse_value
from scoreline.language.text import folded, normal
from scoreline.language.tree import Node, Scalar, walk
from scoreline.scorecard import schema
from scoreline.scorecard.model import (
    Bin,
    Edge,
    Example,
    Group,
    Holds,
    Missing,
    OneOf,
    Otherwise,
    Range,
    Scorecard,
    Segment,
    Term,
    Test,
)
from scoreline.scorecard.pieces import Pieces
from scoreline.scorecard.yamltree import MAX_BYTES, Entries, Items, Text, Tree, read_tree

MAX_CARD_NODES = 10_000
MAX_TERMS = 2_000
ORDERS = ("dmy", "mdy", "ymd")


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
    reader = CardReader()
    card = reader.card(tree)
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


class CardReader(Pieces):
    """Reads the tree of a card."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.groups: dict[str, Group] = {}
        self.nodes = 0

    def card(self, tree: Tree) -> Scorecard | None:
        """The model, or None if the tree is no card at all."""
        entries = self.entries(tree, schema.CARD, "a card")
        if entries is None:
            return None
        self.fields = self.read_fields(entries)
        self.groups = self.read_groups(entries)
        terms = self.read_terms(entries)
        if self.nodes > MAX_CARD_NODES:
            self.problem(
                tree.line,
                f"The card has {self.nodes:,} condition parts; {MAX_CARD_NODES:,} is the most.",
                "Split it into several cards.",
            )
        return Scorecard(
            name=self.name(entries, "scorecard") or "",
            fields=tuple(self.fields.values()),
            terms=terms,
            segments=self.read_segments(entries),
            title=self.text(entries, "title") or "",
            objective=self.text(entries, "objective") or "",
            key=self.text(entries, "key"),
            base=self.points(entries, "base") or 0,
            groups=tuple(self.groups.values()),
            total=self.clamp(entries.entries.get("total"), "total"),
            cases=self.read_cases(entries),
        )

    # -- fields ----------------------------------------------------------------------------------

    def read_fields(self, card: Entries) -> dict[str, Field]:
        """The declared fields by name."""
        tree = card.entries.get("fields")
        if tree is None:
            return {}
        if not isinstance(tree, Entries):
            self.problem(tree.line, "`fields` is a mapping: a line `name: type` for each field.")
            return {}
        fields: dict[str, Field] = {}
        for raw_name, below in tree.entries.items():
            line = tree.lines[raw_name]
            field = self.field(normal(raw_name), below, line)
            if field and field.name in fields:
                self.problem(line, f"The field `{field.name}` stands twice.")
            elif field:
                fields[field.name] = field
        facts = {fact_column(f.name, fact.name): f for f in fields.values() for fact in f.facts}
        for name in facts.keys() & fields.keys():
            self.problem(
                fields[name].line or tree.line,
                f"`{name}` is taken: it is the column of a fact of `{facts[name].name}`.",
                "Give the field another name.",
            )
        return fields

    def field(self, name: str, tree: Tree, line: int) -> Field | None:
        """One field: `name: type`, or `name: {type: ..., options}`."""
        if not name or "." in name or name == "as_of" or name.startswith("__"):
            self.problem(
                line,
                f"`{name}` can't be the name of a field.",
                "Names have no dot, are not as_of, and don't begin with __; use `column` "
                "for the header of the file.",
            )
            return None
        if isinstance(tree, Text):
            kind = self.field_type(tree.text, line)
            return Field(name, kind, line=line) if kind else None
        entries = self.entries(tree, schema.FIELD, f"the field `{name}`")
        if entries is None:
            return None
        kind = self.field_type(self.text(entries, "type") or "text", line)
        return kind and Field(
            name,
            kind,
            column=tuple(c for c in map(normal, self.words(entries, "column")) if c),
            optional=bool(self.flag(entries, "optional")),
            missing=tuple(dict.fromkeys(folded(w) for w in self.words(entries, "missing"))),
            decimal=self.option(entries, "decimal", (".", ",")),
            order=self.option(entries, "order", ORDERS),
            currency=self.code(entries, "currency", 3),
            country=self.code(entries, "country", 2),
            line=line,
        )

    def field_type(self, text: str, line: int) -> FieldType | None:
        """One of the field types."""
        word = folded(text)
        if word in FIELD_TYPES:
            return word
        self.problem(
            line,
            f"`{normal(text)}` is not a type of field.",
            did_you_mean(word, get_args(FieldType)),
        )
        return None

    def option(self, entries: Entries, key: str, allowed: tuple[str, ...]) -> str | None:
        """An option that is one of a few words."""
        found = self.text(entries, key)
        if found is not None and found not in allowed:
            self.problem(entries.lines[key], f"`{key}` is one of {' '.join(allowed)}.")
        return found

    def code(self, entries: Entries, key: str, length: int) -> str | None:
        """An ISO code of so many letters, in capitals."""
        found = self.text(entries, key)
        if found is None:
            return None
        if len(found) != length or not (found.isascii() and found.isalpha()):
            self.problem(entries.lines[key], f"`{key}` is a code of {length} letters.")
        return found.upper()

    # -- terms -----------------------------------------------------------------------------------

    def read_groups(self, card: Entries) -> dict[str, Group]:
        """The groups by name."""
        tree = card.entries.get("groups")
        if tree is None:
            return {}
        if not isinstance(tree, Entries):
            self.problem(tree.line, "`groups` is a mapping: a line `name: {cap: 40}` for each.")
            return {}
        groups: dict[str, Group] = {}
        for raw_name, below in tree.entries.items():
            name, line = normal(raw_name), tree.lines[raw_name]
            self.name_text(name, "the name of a group", line)
            if name in groups:
                self.problem(line, f"The group `{name}` stands twice.")
            groups[name] = Group(name, self.clamp(below, name))
        return groups

    def read_terms(self, card: Entries) -> tuple[Term, ...]:
        """The terms in the card's order."""
        trees = self.items(card, "terms")
        if "terms" in card.entries and not trees:
            self.problem(card.lines["terms"], "The card has no terms.")
        if len(trees) > MAX_TERMS:
            self.problem(card.lines["terms"], f"{len(trees):,} terms; {MAX_TERMS:,} is the most.")
            return ()
        terms = [term for tree in trees if (term := self.read_term(tree)) is not None]
        seen: dict[str, Term] = {}
        for term in terms:
            if term.name in seen:
                self.problem(
                    term.line or 0,
                    f"The term `{term.name}` stands twice (first on line {seen[term.name].line}).",
                    "Give one of them another name.",
                )
            seen[term.name] = term
        return tuple(terms)

    def read_term(self, tree: Tree) -> Term | None:
        """One term; its name stands in the findings made meanwhile."""
        entries = self.entries(tree, schema.TERM, "a term")
        if entries is None:
            return None
        self.term = self.name(entries)
        try:
            return self.term_of(entries)
        finally:
            self.term = None

    def term_of(self, entries: Entries) -> Term | None:
        """The term that a mapping describes."""
        key = "when" if "when" in entries.entries else "of"
        if key == "of" and isinstance(entries.entries.get("of"), Items):
            self.problem(entries.lines["of"], "Pair tables come with a later version.")
            return None
        text = self.text(entries, key)
        if text is None:
            if not {"event", "rows"} & entries.entries.keys():
                self.problem(entries.line, "A term needs `when: condition` or `of: field`.")
            return None
        read = parse_condition if key == "when" else parse_value
        of = self.attempt(entries.lines[key], lambda: read(text, self.fields))
        clamp = self.clamp_of(entries, self.term or "term")
        bins = self.when_bins(entries) if key == "when" else self.of_bins(entries, of)
        group = self.group_of(entries)
        if of is None:
            return None
        self.nodes += sum(1 for _ in walk(of))
        return Term(
            name=self.term or "",
            of=of,
            text=text,
            bins=tuple(Bin(b.test, clamp.apply(b.points), b.line, b.points) for b in bins),
            group=group,
            clamp=clamp,
            line=entries.line,
        )

    def group_of(self, entries: Entries) -> str | None:
        """The declared group that a term names."""
        group = self.text(entries, "group")
        if group is not None and group not in self.groups:
            self.problem(
                entries.lines["group"],
                f"There is no group `{group}`.",
                did_you_mean(group, self.groups) + " Groups are declared under `groups`.",
            )
        return group

    def when_bins(self, entries: Entries) -> list[Bin]:
        """The bins of a `when` term: true, and missing where it is said."""
        for key in ("of", "bins", "values"):
            if key in entries.entries:
                self.problem(entries.lines[key], f"A `when` term has no `{key}`.")
        if "points" not in entries.entries:
            self.problem(entries.line, "A `when` term needs `points`.")
        bins = [Bin(Holds(), self.points(entries, "points") or 0, entries.line)]
        missing = self.points(entries, "missing")
        return bins if missing is None else [*bins, Bin(Missing(), missing, entries.line)]

    def of_bins(self, entries: Entries, of: Node | None) -> list[Bin]:
        """The bins of an `of` term."""
        for key in ("points", "missing"):
            if key in entries.entries:
                self.problem(
                    entries.lines[key],
                    f"An `of` term has its `{key}` inside its bins.",
                    "Write - {missing: -1} as one of the bins.",
                )
        if ("bins" in entries.entries) == ("values" in entries.entries):
            self.problem(entries.line, "An `of` term needs `bins` or `values`, one of them.")
        key = "bins" if "bins" in entries.entries else "values"
        trees = self.items(entries, key)
        if key in entries.entries and not trees:
            self.problem(entries.lines[key], f"`{key}` is empty.")
        bins = [b for tree in trees for b in self.read_bin(tree, of)]
        for kind in (Missing, Otherwise):
            if sum(isinstance(b.test, kind) for b in bins) > 1:
                self.problem(entries.line, f"`{kind.__name__.lower()}` stands twice.")
        # The two that look at no value come last, so that the first bin that holds is the one.
        rank = {Otherwise: 1, Missing: 2}
        return sorted(bins, key=lambda b: rank.get(type(b.test), 0))

    def read_bin(self, tree: Tree, of: Node | None) -> list[Bin]:
        """One entry of `bins` or `values`: usually one bin."""
        entries = self.entries(tree, schema.BIN, "a bin")
        if entries is None:
            return []
        keys = entries.entries.keys()
        if "otherwise" in keys or "missing" in keys:
            if keys - {"otherwise", "missing"}:
                self.problem(
                    entries.line,
                    "`missing` and `otherwise` are bins of their own.",
                    "Write - {missing: -1} and - {otherwise: 0}.",
                )
            tests: dict[str, Test] = {"otherwise": Otherwise(), "missing": Missing()}
            return [
                Bin(tests[k], self.points(entries, k) or 0, entries.line)
                for k in tests
                if k in keys
            ]
        points = self.points(entries, "points")
        if "points" not in keys:
            self.problem(entries.line, "A bin needs `points`.")
        test = self.bin_test(entries, of)
        return [] if test is None else [Bin(test, points or 0, entries.line)]

    def bin_test(self, entries: Entries, of: Node | None) -> Test | None:
        """The range or the values of a bin."""
        ranged = {"from", "below"} & entries.entries.keys()
        if ("is" in entries.entries) == bool(ranged):
            self.problem(entries.line, "A bin needs `from` and `below`, one of them, or `is`.")
            return None
        if of is None:  # refused already: its literals have no kind to be read by
            return None
        if not ranged:
            values = [
                self.literal(word, entries.lines["is"], of) for word in self.words(entries, "is")
            ]
            if not values:
                self.problem(entries.line, "`is` is empty.")
            return OneOf(tuple(dict.fromkeys(v for v in values if v is not None)))
        if of.kind not in ("number", "date", "time"):
            self.problem(
                entries.line,
                f"Ranges need a number or a date; this is a {of.kind}.",
                "Use `values` with `is`.",
            )
            return None
        return Range(self.edge(entries, "from", of), self.edge(entries, "below", of))

    def edge(self, entries: Entries, key: str, of: Node) -> Edge | None:
        """One edge of a range; None is open."""
        text = self.text(entries, key)
        if text is None:
            return None
        return cast(Edge | None, self.literal(text, entries.lines[key], of))

    def literal(self, text: str, line: int, of: Node) -> Scalar | None:
        """A scalar as a value beside `of`."""
        return self.attempt(line, lambda: literal_of(text, of))

    # -- segments and cases ----------------------------------------------------------------------

    def read_segments(self, card: Entries) -> tuple[Segment, ...]:
        """The segments, best first; the last one takes the rest."""
        segments = [s for tree in self.items(card, "segments") if (s := self.segment(tree))]
        names = [s.name for s in segments]
        for s in segments:
            if names.count(s.name) > 1:
                self.problem(s.line or 0, f"The segment `{s.name}` stands more than once.")
        if segments and segments[-1].bound is not None:
            self.problem(
                segments[-1].line or 0,
                "The last segment has a bound, so some records would be nowhere.",
                "End with a segment without `above` or `from`.",
            )
        return tuple(segments)

    def segment(self, tree: Tree) -> Segment | None:
        """One segment."""
        entries = self.entries(tree, schema.SEGMENT, "a segment")
        if entries is None:
            return None
        if {"above", "from"} <= entries.entries.keys():
            self.problem(entries.line, "A segment has `above` or `from`, not both.")
        strict = "above" in entries.entries
        bound = self.points(entries, "above" if strict else "from")
        return Segment(self.name(entries) or "", bound, strict, entries.line)

    def read_cases(self, card: Entries) -> tuple[Example, ...]:
        """The examples."""
        return tuple(c for tree in self.items(card, "cases") if (c := self.case(tree)))

    def case(self, tree: Tree) -> Example | None:
        """One example."""
        entries = self.entries(tree, schema.CASE, "a case")
        given = entries and entries.entries.get("given")
        if entries is None or not isinstance(given, Entries):
            if given is not None:
                self.problem(given.line, "`given` is a mapping: field: value.")
            return None
        for name, line in given.lines.items():
            if normal(name) not in self.fields:
                self.problem(
                    line,
                    f"There is no field `{name}`.",
                    did_you_mean(name, self.fields),
                    "unknown-field",
                )
        expected = {
            k.name: self.text(entries, k.name)
            for k in schema.CASE
            if k.name not in ("given", "as_of") and k.name in entries.entries
        }
        if not expected:
            self.problem(entries.line, "The case expects nothing.", "Say score or segment.")
        for key in ("score", "low", "high"):
            self.points(entries, key)
        self.flag(entries, "certain")
        for name, below in given.entries.items():
            if not isinstance(below, Text):
                self.problem(given.lines[name], f"`{name}` is one value, not a list or mapping.")
        values = {
            normal(name): below.text
            for name, below in given.entries.items()
            if isinstance(below, Text)
        }
        return Example(values, expected, self.text(entries, "as_of"), entries.line)
