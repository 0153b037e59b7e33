"""Condition text -> checked tree, typed against declared fields, or a refusal that helps.

SQLGlot reads the text; only what the `match` statements below name goes on. Names are looked up in
the declared fields, literals take the kind of what they stand beside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from scoreline.errors import ConditionError, did_you_mean
from scoreline.language import subset
from scoreline.language.fields import FACTS, Field
from scoreline.language.limits import (
    check_levels,
    check_limits,
    check_size,
    too_deep,
    too_large,
    where,
)
from scoreline.language.literals import (
    MISMATCH,
    RawText,
    as_moment,
    kind_words,
    number_literal,
    settled,
    short,
    unified,
)
from scoreline.language.names import STATEMENTS, written
from scoreline.language.slips import slip_in
from scoreline.language.spelling import check_spelling
from scoreline.language.text import inner, normal
from scoreline.language.tree import (
    And,
    Arith,
    AsOf,
    Case,
    Coalesce,
    Compare,
    Comparison,
    Const,
    Days,
    In,
    IsNull,
    Node,
    Not,
    Operator,
    Or,
    Ref,
    Scalar,
    TextOperator,
    TextTest,
)

COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC: dict[type[exp.Expr], Operator] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
}
TEXT_TESTS: dict[type[exp.Expr], TextOperator] = {
    exp.StartsWith: "starts_with",
    exp.EndsWith: "ends_with",
    exp.Contains: "contains",
}
UNKNOWN = "unknown-field"


def parse_condition(text: str, fields: Mapping[str, Field]) -> Node:
    """The checked tree of a condition: a node of kind yes/no.

    Raises ConditionError (code unknown-field, type-mismatch or not-in-subset) saying what to
    write instead.

    >>> parse_condition("age >= 18", {"age": Field("age", "number")}).op
    '>='
    """
    node = parse_value(text, fields)
    if node.kind != "yes/no":
        raise ConditionError(
            f"`{short(text)}` is a {kind_words(node.kind)}, not a condition.",
            "Compare it with something, or write `is not null`.",
            MISMATCH,
        )
    return node


def parse_value(text: str, fields: Mapping[str, Field]) -> Node:
    """The checked tree of any expression of the language: a field, a fact, arithmetic, a test.

    A text that is exactly a declared name, or a declared name and a fact, means that field, however
    unusual the name (`Budget, EUR`).
    """
    text = unicodedata.normalize("NFC", text)
    if (named := _named(normal(text), fields)) is not None:
        return named
    check_size(text)
    try:
        node = _read(text, fields)
        check_spelling(text, fields)
    except RecursionError:
        raise too_deep() from None
    except ConditionError as error:
        slip = None if error.code == MISMATCH else slip_in(text, fields, error)
        raise slip or error from None
    check_limits(node)
    return node


def _read(text: str, fields: Mapping[str, Field]) -> Node:
    """The tree of a text that is short enough to be read."""
    try:
        if sqlglot.tokenize(text)[0].token_type in STATEMENTS:
            raise ParseError("a statement")  # SQLGlot would write to the log and go on
        expression = sqlglot.parse_one(text)
    except SqlglotError as error:
        raise slip_in(text, fields, None) or ConditionError(
            f"`{short(text)}` can't be read as a condition.{where(error)}",
            "Conditions look like: budget >= 100000 and email.kind = 'corporate'. "
            "Texts stand in 'single quotes', unusual names in \"double quotes\".",
        ) from None
    check_levels(expression)
    node = _Reader(fields).read(expression)
    return settled(node, "text") if isinstance(node, RawText) else node


def _named(text: str, fields: Mapping[str, Field]) -> Ref | None:
    field, _, fact = text.rpartition(".")
    if text in fields:
        return _look_up(text, None, fields)
    if field in fields and fact in {f.name for f in fields[field].facts}:
        return _look_up(field, fact, fields)
    return None


class _Reader:
    """Turns SQLGlot's tree into ours, refusing what is not in the language."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self.nodes = 0

    def read(self, e: exp.Expr) -> Node:
        """The checked tree of one SQLGlot node."""
        self.nodes += 1
        if self.nodes > 2 * subset.MAX_NODES:
            # BETWEEN and CASE x WHEN read x more than once: a nest of them could go on for ever.
            raise too_large(self.nodes)
        match e:
            case exp.Paren():
                return self.read(e.this)
            case exp.Literal():
                return RawText(e.this) if e.is_string else Const(number_literal(e.this), "number")
            case exp.Boolean():
                return Const(bool(e.this), "yes/no")
            case exp.Column():
                return self._column(e)
            case exp.And() | exp.Or():
                return self._junction(e)
            case exp.Not():
                return Not(self._condition(e.this))
            case exp.Is():
                return self._is(e)
            case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
                return self._compare(COMPARISONS[type(e)], e.this, e.expression)
            case exp.Between() if not e.args.get("symmetric"):
                low = self._compare(">=", e.this, e.args["low"])
                return And((low, self._compare("<=", e.this, e.args["high"])))
            case exp.In() if e.expressions and not e.args.get("query"):
                return self._in(e)
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div():
                left, right = self._number(e.this), self._number(e.expression)
                return Arith(ARITHMETIC[type(e)], left, right)
            case exp.Neg():
                return self._negative(e)
            case exp.StartsWith() | exp.EndsWith() | exp.Contains():
                return self._text_test(e)
            case exp.Coalesce():
                parts = unified([self.read(part) for part in (e.this, *e.expressions)])
                return Coalesce(tuple(parts), parts[0].kind)
            case exp.Case():
                return self._case(e)
            case exp.Anonymous() if str(e.this).lower() == "days_between":
                return self._days(e)
            case _:
                _refuse(e)

    def _column(self, e: exp.Column) -> Node:
        if e.args.get("db") or not isinstance(e.this, exp.Identifier):
            _refuse(e)
        if not e.table and e.name == "as_of":
            return AsOf()
        if e.table:
            return _look_up(e.table, e.name, self.fields)
        return _look_up(e.name, None, self.fields)

    def _condition(self, e: exp.Expr) -> Node:
        node = self.read(e)
        if node.kind == "yes/no" and not isinstance(node, RawText):
            return node
        raise ConditionError(
            f"`{_sql(e)}` is a {kind_words(node.kind)}, not a condition.",
            "Compare it with something, or write `is not null`.",
            MISMATCH,
        )

    def _number(self, e: exp.Expr) -> Node:
        node = self.read(e)
        if node.kind == "number":
            return node
        raise ConditionError(
            f"`{_sql(e)}` is a {kind_words(node.kind)}: arithmetic takes numbers.",
            "For time between dates write days_between(from, to).",
            MISMATCH,
        )

    def _moment(self, e: exp.Expr) -> Node:
        node = self.read(e)
        node = settled(node, "time") if isinstance(node, RawText) else node
        if node.kind in ("date", "time"):
            return as_moment(node)
        raise ConditionError(
            f"`{_sql(e)}` is a {kind_words(node.kind)}: days_between takes dates or moments.",
            "Give the field the type date or time.",
            MISMATCH,
        )

    def _junction(self, e: exp.And | exp.Or) -> Node:
        # A chain of a thousand ORs is one node, read without a thousand levels of recursion.
        parts: list[exp.Expr] = []
        rest: list[exp.Expr] = [e]
        while rest:
            part = rest.pop().unnest()
            if type(part) is type(e):
                rest += [part.args["expression"], part.this]
            else:
                parts.append(part)
        nodes = tuple(self._condition(part) for part in parts)
        return And(nodes) if isinstance(e, exp.And) else Or(nodes)

    def _is(self, e: exp.Is) -> Node:
        if isinstance(e.expression, exp.Null):
            node = self.read(e.this)
            return IsNull(settled(node, "text") if isinstance(node, RawText) else node)
        if isinstance(e.expression, exp.Boolean):
            wanted = bool(e.expression.this)
            test = Coalesce((self._condition(e.this), Const(not wanted, "yes/no")), "yes/no")
            return test if wanted else Not(test)
        _refuse(e)

    def _compare(self, op: Comparison, left_e: exp.Expr, right_e: exp.Expr) -> Node:
        if isinstance(left_e, exp.Null) or isinstance(right_e, exp.Null):
            _refuse_null(left_e if isinstance(right_e, exp.Null) else right_e, op)
        with _sides(left_e, op, right_e):
            left, right = unified([self.read(left_e), self.read(right_e)])
        if op not in ("=", "<>") and left.kind in ("text", "choice", "yes/no"):
            raise ConditionError(
                f"`{_sql(left_e)} {op} {_sql(right_e)}`: {kind_words(left.kind)}s have no order.",
                "Use = or IN on text; declare the field number, money or date to compare by size.",
                MISMATCH,
            )
        return Compare(op, left, right)

    def _in(self, e: exp.In) -> Node:
        operand = self.read(e.this)
        values: list[Scalar] = []
        for item in e.expressions:
            if isinstance(item, exp.Null):
                _refuse_null(e.this, "=")
            with _sides(e.this, "in", item):
                _, node = unified([operand, self.read(item)])
            if not isinstance(node, Const) or node.value is None:
                raise ConditionError(
                    f"`{_sql(item)}` in an IN list is not a literal.",
                    "List literals, or join comparisons with OR.",
                )
            values.append(node.value)
        return In(operand, tuple(dict.fromkeys(values)))

    def _negative(self, e: exp.Neg) -> Node:
        node = self._number(e.this)
        if isinstance(node, Const) and isinstance(node.value, float):
            return Const(0.0 - node.value, "number")
        return Arith("-", Const(0.0, "number"), node)

    def _text_test(self, e: exp.StartsWith | exp.EndsWith | exp.Contains) -> Node:
        op = TEXT_TESTS[type(e)]
        operand, literal = self.read(e.this), self.read(e.expression)
        if operand.kind not in ("text", "choice") or isinstance(operand, RawText):
            raise ConditionError(
                f"{op}: `{_sql(e.this)}` is a {kind_words(operand.kind)}, not a text field.",
                f"Write {subset.FUNCTIONS[op][0]}.",
                MISMATCH,
            )
        if not isinstance(literal, RawText):
            raise ConditionError(
                f"{op} takes a literal text, not `{_sql(e.expression)}`.",
                f"Write {subset.FUNCTIONS[op][0]}.",
            )
        text = str(literal.value)
        text = inner(text, folded=operand.kind == "choice")
        if not text.strip():
            raise ConditionError(f"{op} with a blank text is always true.", "Write `is not null`.")
        return TextTest(op, operand, text)

    def _case(self, e: exp.Case) -> Node:
        tests = [
            self._compare("=", e.this, i.this) if e.this else self._condition(i.this)
            for i in e.args["ifs"]
        ]
        results: list[exp.Expr | None] = [i.args["true"] for i in e.args["ifs"]]
        results.append(e.args.get("default"))
        known = [r for r in results if r is not None and not isinstance(r.unnest(), exp.Null)]
        if not known:
            raise ConditionError("Every branch of the CASE is unknown.", "Give one a value.")
        read = iter(unified([self.read(result) for result in known]))
        found = [next(read) if r in known else None for r in results]
        kind = next(node.kind for node in found if node is not None)
        values = [node or Const(None, kind) for node in found]
        return Case(tuple(zip(tests, values[:-1], strict=True)), values[-1], kind)

    def _days(self, e: exp.Anonymous) -> Node:
        if len(e.expressions) != 2:
            raise ConditionError(
                "days_between takes two dates or moments.",
                f"Write {subset.FUNCTIONS['days_between'][0]}.",
            )
        return Days(self._moment(e.expressions[0]), self._moment(e.expressions[1]))


@contextmanager
def _sides(left: exp.Expr, op: str, right: exp.Expr) -> Iterator[None]:
    """Puts the comparison before the message of two kinds that don't go together."""
    try:
        yield
    except ConditionError as error:
        if error.code != MISMATCH or error.message.startswith("`"):
            raise
        text = f"{_sql(left)} {op} {_sql(right)}"
        raise ConditionError(f"`{text}`: {error.message}", error.hint, MISMATCH) from None


def _look_up(name: str, fact: str | None, fields: Mapping[str, Field]) -> Ref:
    if name not in fields:
        raise ConditionError(
            f"There is no field `{name}`.",
            did_you_mean(name, [*map(written, fields), "as_of"])
            + " Texts stand in 'single quotes'; fields are declared under `fields`.",
            UNKNOWN,
            name,
        )
    field = fields[name]
    if fact is None:
        return Ref(name, None, field.kind, field.type, field.settled)
    found = {f.name: f for f in field.facts}.get(fact)
    if found is None:
        known = [written(name, f.name) for f in field.facts]
        hint = (
            did_you_mean(f"{name}.{fact}", known)
            if known
            else f"Only {' and '.join(FACTS)} fields have facts; {name} is a {field.type} field."
        )
        raise ConditionError(f"There is no fact `{name}.{fact}`.", hint, UNKNOWN)
    return Ref(name, fact, found.kind, field.type)


def _refuse(e: exp.Expr) -> NoReturn:
    for kind, (what, instead) in subset.REFUSED.items():
        if isinstance(e, kind):
            shown = e.alias if isinstance(e, exp.Alias) else _sql(e)  # AS was not written
            raise ConditionError(f"`{shown}`: {what} is not allowed in a condition.", instead)
    if isinstance(e, exp.Null):
        _refuse_null(None, "=")
    if isinstance(e, exp.Func):
        name = (str(e.this) if isinstance(e, exp.Anonymous) else e.sql_name()).lower()
        allowed = ", ".join(subset.FUNCTIONS)
        hint = subset.REFUSED_FUNCTIONS.get(name, f"The functions are {allowed}.")
        raise ConditionError(f"There is no function `{name}`.", hint)
    raise ConditionError(
        f"`{_sql(e)}` is outside the language of conditions.",
        "Conditions have = <> < <= > >=, IN, BETWEEN, IS NULL, AND, OR, NOT, + - * /, CASE and "
        f"{', '.join(subset.FUNCTIONS)}.",
    )


def _refuse_null(operand: exp.Expr | None, op: str) -> NoReturn:
    name = _sql(operand) if operand is not None else "x"
    wish = "is not null" if op == "<>" else "is null"
    raise ConditionError("Nothing is ever equal to NULL.", f"Write `{name} {wish}`.")


def _sql(e: exp.Expr) -> str:
    try:
        return short(e.sql(comments=False))
    except (SqlglotError, ValueError, RecursionError):  # printing a refused part must not fail
        return type(e).__name__
