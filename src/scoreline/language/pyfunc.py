"""Checked tree -> source of a Python expression, in is-true and is-false forms.

Three-valued logic without objects for unknown: the truth of a condition is one Python expression,
its falsehood another, and NOT swaps the two. No text of a card reaches the source: fields are
numbered variables, literals are numbered constants of the function's namespace. Values are written
once each, never in both forms, so that source grows with the tree and not faster; calculations
become assignments that stand before the expression, so that equal ones are worked out once.
"""

from __future__ import annotations

from typing import Any

from scoreline.language import values
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
    walk,
)

PYTHON_OPERATOR = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
FUNCTION = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
HELPERS = (*FUNCTION.values(), "midnight", "days", "both", "either", "negated")


class Emitter:
    """Writes expressions; remembers the variables and constants they use.

    openly: `is null` of a missing field counts as unknown, as intervals need it.
    """

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {name: getattr(values, name) for name in HELPERS}
        self.variables: dict[str, str] = {}
        self.openly = False
        self._temporaries = 0
        self._setup: list[str] = []
        self._calculated: dict[Node, str] = {}

    def taken_setup(self) -> list[str]:
        """The assignments that what was written since the last call stands on."""
        taken, self._setup = self._setup, []
        return taken

    def variable(self, column: str) -> str:
        """The variable that holds a column."""
        return self.variables.setdefault(column, f"v{len(self.variables)}")

    def constant(self, value: object) -> str:
        """The name of a constant."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def is_known(self, node: Node) -> bool:
        """Whether the value cannot be unknown, whatever the record."""
        return isinstance(node, Const) and node.value is not None

    def true(self, node: Node) -> str:
        """Source that is truthy exactly when the condition is true."""
        match node:
            case And():
                return f"({' and '.join(self.true(part) for part in node.parts)})"
            case Or():
                return f"({' or '.join(self.true(part) for part in node.parts)})"
            case Not():
                return self.false(node.operand)
            case IsNull():
                return self._is_null(node, wanted=True)
            case Compare() | In() | TextTest():
                return self._test(node, wanted=True)
            case _:
                return f"({self.value(node)} is True)"

    def false(self, node: Node) -> str:
        """Source that is truthy exactly when the condition is false."""
        match node:
            case And():
                return f"({' or '.join(self.false(part) for part in node.parts)})"
            case Or():
                return f"({' and '.join(self.false(part) for part in node.parts)})"
            case Not():
                return self.true(node.operand)
            case IsNull():
                return self._is_null(node, wanted=False)
            case Compare() | In() | TextTest():
                return self._test(node, wanted=False)
            case _:
                return f"({self.value(node)} is False)"

    def value(self, node: Node) -> str:
        """Source of the value; None when unknown."""
        if isinstance(node, Midnight | Arith | Days) and is_calculation(node):
            return self._calculation(node)
        return self._value(node)

    def _calculation(self, node: Node) -> str:
        if node not in self._calculated:
            source = self._value(node)
            self._calculated[node] = name = self._temporary()
            self._setup.append(f"{name} = {source}")
        return self._calculated[node]

    def _value(self, node: Node) -> str:
        match node:
            case Const(value=None):
                return "None"
            case Const(value=bool() as value):
                return repr(value)
            case Const():
                return self.constant(node.value)
            case Ref():
                return self.variable(node.column)
            case AsOf():
                return "as_of"
            case Midnight():
                return f"midnight({self.value(node.operand)})"
            case Arith():
                return f"{FUNCTION[node.op]}({self.value(node.left)}, {self.value(node.right)})"
            case Days():
                return f"days({self.value(node.start)}, {self.value(node.end)})"
            case Coalesce():
                return self._coalesce(node)
            case Case():
                return self._case(node)
            case And() | Or():
                parts = ", ".join(self.value(part) for part in node.parts)
                return f"{'both' if isinstance(node, And) else 'either'}(({parts},))"
            case Not():
                return f"negated({self.value(node.operand)})"
            case IsNull():
                unknown = "None if" if self.openly else "True if"
                return f"({unknown} {self.value(node.operand)} is None else False)"
            case Compare() | In() | TextTest():
                return self._test_value(node)

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"t{self._temporaries}"

    def _known(self, node: Node) -> tuple[str, str]:
        """(guard, name): source that is truthy when the value is known, and how to reread it."""
        source = self.value(node)
        if isinstance(node, Const | AsOf):
            return "", source
        if source.isidentifier():
            return f"{source} is not None", source
        name = self._temporary()
        return f"({name} := {source}) is not None", name

    def _parts(self, node: Compare | In | TextTest) -> tuple[list[str], str]:
        """(guards, test): sources that are truthy when the operands are known, and the test."""
        if isinstance(node, Compare):
            left_guard, left = self._known(node.left)
            right_guard, right = self._known(node.right)
            guards = [guard for guard in (left_guard, right_guard) if guard]
            return guards, f"({left} {PYTHON_OPERATOR[node.op]} {right})"
        guard, operand = self._known(node.operand)
        return [guard] if guard else [], self._operand_test(node, operand)

    def _test(self, node: Compare | In | TextTest, *, wanted: bool) -> str:
        guards, test = self._parts(node)
        return f"({' and '.join([*guards, test if wanted else f'not {test}'])})"

    def _test_value(self, node: Compare | In | TextTest) -> str:
        guards, test = self._parts(node)
        return f"({test} if {' and '.join(guards)} else None)" if guards else test

    def _operand_test(self, node: In | TextTest, operand: str) -> str:
        if isinstance(node, In):
            return f"({operand} in {self.constant(frozenset(node.values))})"
        literal = self.constant(node.text)
        if node.op == "contains":
            return f"({literal} in {operand})"
        return f"{operand}.{'startswith' if node.op == 'starts_with' else 'endswith'}({literal})"

    def _is_null(self, node: IsNull, *, wanted: bool) -> str:
        if self.openly and wanted:
            return "False"
        return f"({self.value(node.operand)} {'is' if wanted else 'is not'} None)"

    def _coalesce(self, node: Coalesce) -> str:
        # One chain without brackets inside: Python allows no more than 200 of them.
        *parts, last = node.parts
        source = self.value(last)
        for part in reversed(parts):
            guard, name = self._known(part)
            source = f"{name} if {guard} else {source}" if guard else name
        return f"({source})"

    def _case(self, node: Case) -> str:
        source = self.value(node.default)
        for test, value in reversed(node.branches):
            source = f"{self.value(value)} if {self.true(test)} else {source}"
        return f"({source})"


def is_calculation(node: Node) -> bool:
    """Whether a value is worked out from fields without any condition: the same in every form."""
    parts = (Const, Ref, AsOf, Midnight, Arith, Days)
    return all(isinstance(part, parts) for part in walk(node))


def is_plain(node: Node) -> bool:
    """Whether the unknown of a condition can only come from a missing field.

    Then the generated forms with `openly` decide openness; otherwise `kleene.openly` does.
    """
    for part in walk(node):
        match part:
            case Arith() | Coalesce() | Case():
                return False
            case Const(value=None):
                return False
            case Ref(fact=str()) | Ref(settled=True):
                return False
            case IsNull(operand=operand) if not isinstance(operand, Ref):
                return False
            case _:
                pass
    return True
