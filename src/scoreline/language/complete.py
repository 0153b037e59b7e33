"""Source for a record whose every column is known: nothing tests for missing values."""

from __future__ import annotations

import math

from scoreline.language.pyfunc import Emitter
from scoreline.language.tree import (
    And,
    Arith,
    AsOf,
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
    walk,
)

KNOWN = (Ref, AsOf, Midnight, Days, Compare, In, TextTest, IsNull, And, Or, Not)
"""Nodes that are known when all they read is."""


class CompleteEmitter(Emitter):
    """Writes expressions that take every column as known, numbers as floats, `as_of` as UTC.

    reads_today: whether what was written reads `today`, the ordinal of the date of `as_of`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.constants["isfinite"] = math.isfinite
        self.reads_today = False

    def is_known(self, node: Node) -> bool:
        """Whether the value is known in every such record."""
        return all(
            part.value is not None if isinstance(part, Const) else isinstance(part, KNOWN)
            for part in walk(node)
        )

    def _value(self, node: Node) -> str:
        match node:
            case IsNull() if self.is_known(node.operand):
                return "False"
            case Days(start=Midnight(operand=date), end=AsOf() | Midnight()) if self.is_known(node):
                return f"({self._ordinal(node.end)} - {self.value(date)}.toordinal() + 0.0)"
            case Arith() if self.is_known(node.left) and self.is_known(node.right):
                left, right, name = self.value(node.left), self.value(node.right), self._temporary()
                source = f"({name} if isfinite({name} := {left} {node.op} {right}) else None)"
                return f"({source} if {right} else None)" if node.op == "/" else source
            case _:
                return super()._value(node)

    def _ordinal(self, end: Node) -> str:
        if isinstance(end, Midnight):
            return f"{self.value(end.operand)}.toordinal()"
        self.reads_today = True
        return "today"

    def _known(self, node: Node) -> tuple[str, str]:
        return ("", self.value(node)) if self.is_known(node) else super()._known(node)

    def _is_null(self, node: IsNull, *, wanted: bool) -> str:
        return (
            str(not wanted)
            if self.is_known(node.operand)
            else super()._is_null(node, wanted=wanted)
        )
