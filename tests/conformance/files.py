"""The card file a person might write for a drawn card: sections, quotes and braces vary."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

from tests.conformance.trees import Tree
from tests.conformance.writing import Writer


def write_card(card: dict[str, Any], random: Random) -> str:
    """The YAML text of a card: sections in any order, scalars quoted this way and that."""
    out = Yaml(random)
    sections = {
        "fields": out.block({n: field_options(f) for n, f in card["fields"].items()}, 1),
        "terms": "".join(out.item(written_term(t, random)) for t in card["terms"]),
        "segments": "".join(out.item(segment) for segment in card["segments"]),
    }
    if "features" in card:
        written = {name: written_feature(one) for name, one in card["features"].items()}
        sections["features"] = out.block(written, 1)
    if "events" in card:
        sections["events"] = out.block(card["events"], 1)
    if "groups" in card:
        sections["groups"] = out.block(card["groups"], 1)
    if card.get("total"):
        sections["total"] = out.block(card["total"], 1)
    if "chances" in card:
        sections["probability"] = f"  scores: {out.flow(card['chances'])}\n"
    names = random.sample(list(sections), len(sections))
    head = ["scorecard: drawn"] + ([f"base: {card['base']}"] if "base" in card else [])
    return "\n".join(head) + "\n" + "".join(f"{name}:\n{sections[name]}" for name in names)


def field_options(field: dict[str, Any]) -> Any:
    return field["type"] if len(field) == 1 else field


def written_feature(feature: dict[str, Any]) -> dict[str, Any]:
    return feature | ({"where": feature["where"][0]} if "where" in feature else {})


def written_term(term: dict[str, Any], random: Random) -> dict[str, Any]:
    """A term's dict with its trees as text, in the words of a card file."""
    written = dict(term)
    if "when" in term:
        written["when"] = Writer(random).text(term["when"])
        return written
    if "event" in term:
        written |= {"where": term["where"][0]} if "where" in term else {}
        return written
    if "rows" in term:
        written["of"] = [written_value(tree, random) for tree in term["of"]]
        for axis in ("rows", "columns"):
            written[axis] = [written_line(line, random) for line in term[axis]]
        return written
    written["of"] = written_value(term["of"], random)
    if "bins" in term:
        written["bins"] = [written_range(line) for line in term["bins"]]
        return written
    written["values"] = [
        {"is": plain_values(line["is"], random), "points": line["points"]} if "is" in line else line
        for line in term["values"]
    ]
    return written


def written_value(tree: Tree, random: Random) -> str:
    named = tree[0] in ("field", "fact")
    return ".".join(tree[1:]) if named else Writer(random).text(tree)


def written_range(line: dict[str, Any]) -> dict[str, Any]:
    return {k: v[1] if k in ("from", "below") else v for k, v in line.items()}


def written_line(line: Any, random: Random) -> Any:
    """A row or column of a pair table."""
    if isinstance(line, str):
        return line
    return {"is": plain_values(line["is"], random)} if "is" in line else written_range(line)


def plain_values(leaves: list[Tree], random: Random) -> Any:
    words = [("yes" if leaf[1] else "no") if leaf[0] == "yes/no" else leaf[1] for leaf in leaves]
    return words[0] if len(words) == 1 and random.random() < 0.7 else words


PLAIN = re.compile(r"[\w+.][\w+./% -]*(?<! )\Z")
PLAIN_CONDITION = re.compile(r"[\w(][^#:\n\t]*(?<! )\Z")


class Yaml:
    """Writes nested dicts as YAML, in blocks or in braces, quoting as it pleases."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def scalar(self, text: str, inside_braces: bool = True) -> str:
        styles: list[Callable[[str], str]] = [self.double]
        if "\n" not in text and "\t" not in text:
            styles.append(lambda one: "'" + one.replace("'", "''") + "'")
        plain = PLAIN.match(text) or (not inside_braces and PLAIN_CONDITION.match(text))
        if plain and "  " not in text:
            return text if self.random.random() < 0.7 else self.random.choice(styles)(text)
        return self.random.choice(styles)(text)

    def double(self, text: str) -> str:
        for mark, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
            text = text.replace(mark, written)
        return f'"{text}"'

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = [f"{self.scalar(k)}: {self.flow(v)}" for k, v in self.shuffled(value)]
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(one) for one in value) + "]"
        return self.scalar(value)

    def shuffled(self, value: dict[str, Any]) -> list[tuple[str, Any]]:
        keep = self.random.random() < 0.5
        return list(value.items()) if keep else self.random.sample(list(value.items()), len(value))

    def block(self, value: dict[str, Any], depth: int) -> str:
        pad = "  " * depth
        return "".join(f"{pad}{self.scalar(k)}: {self.flow(v)}\n" for k, v in value.items())

    def item(self, value: dict[str, Any]) -> str:
        if self.random.random() < 0.5:
            return f"  - {self.flow(value)}\n"
        lines = [
            f"{k}: {self.scalar(v, inside_braces=False) if isinstance(v, str) else self.flow(v)}"
            for k, v in self.shuffled(value)
        ]
        return "  - " + "\n    ".join(lines) + "\n"
