"""The text a person might write a condition tree as."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from tests.conformance.trees import NULL, Tree
from tests.oracle import LEAVES

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
RESERVED = {"order", "select", "group", "case", "end", "from", "null", "in", "is", "as_of"}
COMPARISONS = (
    *("=", "<>", "<", "<=", ">", ">=", "is null", "is true", "is false", "in", "between"),
)
PRECEDENCE = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "negative": 7}


def simple(test: Tree) -> bool:
    """Whether a test can stand in `CASE field WHEN literal`."""
    return test[0] == "=" and test[1][0] in ("field", "fact") and test[2][0] in LEAVES


class Writer:
    """Writes a tree as condition text, with a person's spacing, capitals and spare parentheses."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def gap(self) -> str:
        return self.random.choice([" ", " ", " ", "  ", "\t", "\n"])

    def word(self, word: str) -> str:
        return self.random.choice([word, word, word.upper(), word.capitalize()])

    def name(self, name: str) -> str:
        plain = WORD.match(name) and name.lower() not in RESERVED
        return name if plain else '"' + name.replace('"', '""') + '"'

    def text(self, tree: Tree, binding: int = 0) -> str:
        head = tree[0]
        if tree == NULL:
            return self.word("null")
        written = self.bare(tree)
        own = PRECEDENCE.get(head, 4 if head in COMPARISONS else 9)
        if own < binding or (own != 9 and own == binding) or self.random.random() < 0.08:
            return "(" + written + ")"
        return written

    def bare(self, tree: Tree) -> str:
        head, *rest = tree
        gap = self.gap
        if head == "number":
            return f"({rest[0]})" if str(rest[0]).startswith("-") else str(rest[0])
        if head in ("text", "choice", "moment"):
            return "'" + str(rest[0]).replace("'", "''") + "'"
        if head == "yes/no":
            return self.word("true" if rest[0] else "false")
        if head == "as_of":
            return "as_of"
        if head in ("field", "fact"):
            return ".".join([self.name(rest[0]), *rest[1:]])
        if head in ("and", "or"):
            joint = gap() + self.word(head) + gap()
            return joint.join(self.text(part, PRECEDENCE[head]) for part in rest)
        if head == "not":
            inside = self.within_not(rest[0]) if self.random.random() < 0.7 else None
            return inside or self.word("not") + gap() + self.text(rest[0], 3)
        if head == "negative":
            return "-" + self.text(rest[0], 8)
        if head in ("is null", "is true", "is false"):
            return self.text(rest[0], 5) + gap() + self.word("is") + gap() + self.word(head[3:])
        if head == "in":
            return f"{self.text(rest[0], 5)}{gap()}{self.word('in')} ({self.listed(rest[1])})"
        if head == "between":
            return self.text(rest[0], 5) + gap() + self.between(tree)
        if head in ("+", "-", "*", "/"):
            left, right = self.text(rest[0], PRECEDENCE[head] - 1), self.text(rest[1], 7)
            return f"{left} {head} {right}"
        if head == "case":
            return self.case(*rest)
        if head in COMPARISONS:
            sign = "!=" if head == "<>" and self.random.random() < 0.3 else head
            around = self.random.choice(["", " "])
            return f"{self.text(rest[0], 5)}{around}{sign}{around}{self.text(rest[1], 5)}"
        return f"{self.word(head)}({', '.join(self.text(part) for part in rest)})"

    def listed(self, leaves: list[Tree]) -> str:
        return ("," + self.random.choice(["", " "])).join(self.text(leaf) for leaf in leaves)

    def between(self, tree: Tree) -> str:
        low, high = self.text(tree[2], 5), self.text(tree[3], 5)
        return self.gap().join([self.word("between"), low, self.word("and"), high])

    def within_not(self, tree: Tree) -> str | None:
        """`x is not null` for `not x is null`, and so on for IN and BETWEEN."""
        if tree[0] not in ("is null", "is true", "is false", "in", "between"):
            return None
        head = self.text(tree[1], 5)
        gap, negated = self.gap(), self.word("not")
        if tree[0].startswith("is "):
            return f"{head}{gap}{self.word('is')} {negated} {self.word(tree[0][3:])}"
        if tree[0] == "in":
            return f"{head}{gap}{negated} {self.word('in')} ({self.listed(tree[2])})"
        return f"{head}{gap}{negated} {self.between(tree)}"

    def case(self, branches: list[Any], otherwise: Any) -> str:
        subjects = {test[1] if simple(test) else None for test, _ in branches}
        subject = subjects.pop() if len(subjects) == 1 else None
        words = [self.word("case"), *([self.text(subject)] if subject else [])]
        for test, then in branches:
            written = self.text(test[2] if subject else test)
            words += [self.word("when"), written, self.word("then"), self.text(then)]
        if otherwise is not None:
            words += [self.word("else"), self.text(otherwise)]
        return self.gap().join([*words, self.word("end")])
