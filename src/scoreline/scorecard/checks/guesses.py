"""Expressions over several fields, each taken as one value of its own: a guess.

What two fields come to together (`debt / income`, `days_between(joined, as_of)`) can't be cut into
cuts of each. A guess may be any value of the expression's range, unknown where a field in it is
unknown. That never leaves out what can happen; whether it also adds nothing is `proof`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scoreline.language.fields import FieldType
from scoreline.language.tree import (
    And,
    Arith,
    AsOf,
    Case,
    Coalesce,
    Compare,
    Const,
    Days,
    In,
    IsNull,
    Midnight,
    Node,
    Not,
    Or,
    Ref,
    TextTest,
    refs,
    walk,
)

PREFIX = "\0"
"""No field's name begins with it."""


@dataclass
class Guesses:
    """Rewrites trees so that every test looks at one variable, or compares two.

    links, parts: whether comparisons of two fields, and text tests, stay as they are; else they
    are guesses too. found: the variable of each expression that was replaced.
    """

    links: bool = True
    parts: bool = True
    found: dict[Node, Ref] = field(default_factory=dict)

    def rewrite(self, node: Node) -> Node:
        """The tree with guesses in place of what mixes several variables."""
        match node:
            case Const() | Ref() | AsOf():
                return node
            case Arith():
                return self._mixed(node, node.left, node.right) or replace(
                    node, left=self.rewrite(node.left), right=self.rewrite(node.right)
                )
            case Days():
                return self._mixed(node, node.start, node.end) or Days(
                    self.rewrite(node.start), self.rewrite(node.end)
                )
            case Compare():
                return self._compare(node)
            case And() | Or() | Coalesce():
                return replace(node, parts=tuple(self.rewrite(part) for part in node.parts))
            case Case():
                branches = tuple((self.rewrite(t), self.rewrite(v)) for t, v in node.branches)
                return Case(branches, self.rewrite(node.default), node.kind)
            case TextTest() if not self.parts:
                return self._guess(node, [self.rewrite(node.operand)])
            case Not() | IsNull() | In() | TextTest() | Midnight():
                return replace(node, operand=self.rewrite(node.operand))

    def _compare(self, node: Compare) -> Node:
        left, right = node.left, node.right
        if varies(left) and varies(right):
            plain = isinstance(variable_of(left), Ref | AsOf)
            if self.links and plain and isinstance(variable_of(right), Ref | AsOf):
                return node
            return self._guess(node, [self.rewrite(left), self.rewrite(right)])
        return replace(node, left=self.rewrite(left), right=self.rewrite(right))

    def _mixed(self, node: Arith | Days, left: Node, right: Node) -> Node | None:
        if not (varies(left) and varies(right)):
            return None
        if is_arithmetic(node):
            return self._guess(node, refs(node))
        return self._guess(node, [self.rewrite(left), self.rewrite(right)])

    def _guess(
        self, node: Arith | Days | Compare | TextTest, needed: tuple[Ref, ...] | list[Node]
    ) -> Node:
        """A variable in place of the node, unknown where something needed is unknown."""
        number = f"{PREFIX}{len(self.found)}"
        kind: FieldType = "yes/no" if node.kind == "yes/no" else "number"
        guess = self.found.setdefault(node, Ref(number, None, node.kind, kind))
        missing = [IsNull(part) for part in needed]
        unknown = missing[0] if len(missing) == 1 else Or(tuple(missing))
        return Case(((unknown, Const(None, node.kind)),), guess, node.kind)


def varies(node: Node) -> bool:
    """Whether a field, a fact or the moment of scoring is read."""
    return any(isinstance(part, Ref | AsOf) for part in walk(node))


def variable_of(node: Node) -> Node:
    """The node itself, or what it is the midnight of."""
    return node.operand if isinstance(node, Midnight) else node


def is_arithmetic(node: Node) -> bool:
    """Whether it is unknown only where a field, a sum or a quotient in it is."""
    return all(
        isinstance(part, Arith | Days | Midnight | Ref | AsOf | Const) for part in walk(node)
    )


def is_guess(variable: Node) -> bool:
    """Whether it stands for an expression."""
    return isinstance(variable, Ref) and variable.field.startswith(PREFIX)
