"""Condition text -> checked tree, typed against declared fields, or a refusal that helps.

SQLGlot reads the text; only what the `match` statements below name goes on. Names are looked up in
the declared fields, literals take the kind of what they stand beside.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from scoreline.errors import ConditionError, did_you_mean
from scoreline.language import subset
from scoreline.language.fields import FACTS, Fact, Field, Kind
from scoreline.language.text import fold, normal
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
    Midnight,
    Node,
    Not,
    Operator,
    Or,
    Ref,
    Scalar,
    TextOperator,
    TextTest,
    children,
    walk,
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
MISMATCH = "type-mismatch"


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
            f"`{_short(text)}` is a {_kind_words(node.kind)}, not a condition.",
            "Compare it with something, or write `is not null`.",
            MISMATCH,
        )
    return node


def parse_value(text: str, fields: Mapping[str, Field]) -> Node:
    """The checked tree of any expression of the language: a field, a fact, arithmetic, a test."""
    text = unicodedata.normalize("NFC", text)
    _check_size(text)
    try:
        expression = sqlglot.parse_one(text)
        _check_levels(expression)
        node = _Reader(fields).read(expression)
        node = _literal(node, "text") if isinstance(node, _RawText) else node
    except SqlglotError as error:
        raise ConditionError(
            f"`{_short(text)}` can't be read as a condition.{_where(error)}",
            "Conditions look like: budget >= 100000 and email.kind = 'corporate'. "
            "Texts stand in 'single quotes', unusual names in \"double quotes\".",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    _check_limits(node)
    return node


def parse_reference(name: str, fields: Mapping[str, Field]) -> Ref:
    """The field or fact called `name` (`email.kind`), looked up exactly."""
    field, _, fact = name.partition(".")
    return _look_up(field, fact or None, fields)


def literal_of(text: str, node: Node) -> Scalar:
    """A scalar of a card (`is: retired`, `from: 2026-01-01`) as a value beside `node`."""
    if node.kind == "number":
        return number_literal(text)
    if node.kind == "yes/no":
        words = {"yes": True, "true": True, "no": False, "false": False}
        if text.casefold() not in words:
            raise ConditionError(f"`{_short(text)}` is neither yes nor no.", "", MISMATCH)
        return words[text.casefold()]
    return cast(Scalar, _beside(_RawText(text), node).value)


def number_literal(text: str) -> float:
    """A number written as in cards and conditions: digits, a decimal point, an exponent."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise ConditionError(
            f"`{_short(text)}` is not a number.", "Write numbers like 100000 or 0.5.", MISMATCH
        )
    return value + 0.0


class _RawText(Const):
    """A text literal whose kind is not settled yet: it takes the kind of its neighbour."""

    def __init__(self, value: str) -> None:
        Const.__init__(self, value, "text")


class _Reader:
    """Turns SQLGlot's tree into ours, refusing what is not in the language."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def read(self, e: exp.Expr) -> Node:
        """The checked tree of one SQLGlot node."""
        match e:
            case exp.Paren():
                return self.read(e.this)
            case exp.Literal():
                return _RawText(e.this) if e.is_string else Const(number_literal(e.this), "number")
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
                parts = _unified([self.read(part) for part in (e.this, *e.expressions)])
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
        if node.kind == "yes/no" and not isinstance(node, _RawText):
            return node
        raise ConditionError(
            f"`{_sql(e)}` is a {_kind_words(node.kind)}, not a condition.",
            "Compare it with something, or write `is not null`.",
            MISMATCH,
        )

    def _number(self, e: exp.Expr) -> Node:
        node = self.read(e)
        if node.kind == "number":
            return node
        raise ConditionError(
            f"`{_sql(e)}` is a {_kind_words(node.kind)}: arithmetic takes numbers.",
            "For time between dates write days_between(from, to).",
            MISMATCH,
        )

    def _moment(self, e: exp.Expr) -> Node:
        node = self.read(e)
        node = _literal(node, "time") if isinstance(node, _RawText) else node
        if node.kind in ("date", "time"):
            return _as_moment(node)
        raise ConditionError(
            f"`{_sql(e)}` is a {_kind_words(node.kind)}: days_between takes dates or moments.",
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
            return IsNull(_literal(node, "text") if isinstance(node, _RawText) else node)
        if isinstance(e.expression, exp.Boolean):
            wanted = bool(e.expression.this)
            test = Coalesce((self._condition(e.this), Const(not wanted, "yes/no")), "yes/no")
            return test if wanted else Not(test)
        _refuse(e)

    def _compare(self, op: Comparison, left_e: exp.Expr, right_e: exp.Expr) -> Node:
        if isinstance(left_e, exp.Null) or isinstance(right_e, exp.Null):
            _refuse_null(left_e if isinstance(right_e, exp.Null) else right_e, op)
        left, right = _unified([self.read(left_e), self.read(right_e)])
        if op not in ("=", "<>") and left.kind in ("text", "choice", "yes/no"):
            raise ConditionError(
                f"`{_sql(left_e)} {op} {_sql(right_e)}`: {_kind_words(left.kind)}s have no order.",
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
            _, node = _unified([operand, self.read(item)])
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
        if operand.kind not in ("text", "choice") or isinstance(operand, _RawText):
            raise ConditionError(
                f"{op}: `{_sql(e.this)}` is a {_kind_words(operand.kind)}, not a text field.",
                f"Write {subset.FUNCTIONS[op][0]}.",
                MISMATCH,
            )
        if not isinstance(literal, _RawText):
            raise ConditionError(
                f"{op} takes a literal text, not `{_sql(e.expression)}`.",
                f"Write {subset.FUNCTIONS[op][0]}.",
            )
        text = str(literal.value)
        text = fold(text) if operand.kind == "choice" else normal(text)
        if not text:
            raise ConditionError(f"{op} with a blank text is always true.", "Write `is not null`.")
        return TextTest(op, operand, text)

    def _case(self, e: exp.Case) -> Node:
        tests = [
            self._compare("=", e.this, i.this) if e.this else self._condition(i.this)
            for i in e.args["ifs"]
        ]
        results: list[exp.Expr | None] = [i.args["true"] for i in e.args["ifs"]]
        results.append(e.args.get("default"))
        known = [r for r in results if r is not None and not isinstance(r, exp.Null)]
        if not known:
            raise ConditionError("Every branch of the CASE is unknown.", "Give one a value.")
        unified = iter(_unified([self.read(result) for result in known]))
        found = [next(unified) if r in known else None for r in results]
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


def _look_up(name: str, fact: str | None, fields: Mapping[str, Field]) -> Ref:
    if name not in fields:
        raise ConditionError(
            f"There is no field `{name}`.",
            did_you_mean(name, [*fields, "as_of"])
            + " Texts stand in 'single quotes'; fields are declared under `fields`.",
            UNKNOWN,
        )
    field = fields[name]
    if fact is None:
        return Ref(name, None, field.kind, field.type)
    found = {f.name: f for f in field.facts}.get(fact)
    if found is None:
        known = [f"{name}.{f.name}" for f in field.facts]
        hint = (
            did_you_mean(f"{name}.{fact}", known)
            if known
            else f"Only {' and '.join(FACTS)} fields have facts; {name} is a {field.type} field."
        )
        raise ConditionError(f"There is no fact `{name}.{fact}`.", hint, UNKNOWN)
    return Ref(name, fact, found.kind, field.type)


def _unified(nodes: list[Node]) -> list[Node]:
    """The nodes as values of one kind: raw texts take it over, dates beside moments become them."""
    anchor = next((n for n in nodes if not isinstance(n, _RawText)), None)
    if anchor is None:
        return [_literal(node, "text") for node in nodes]
    kinds = {n.kind for n in nodes if not isinstance(n, _RawText)}
    if kinds == {"date", "time"}:
        nodes = [n if isinstance(n, _RawText) else _as_moment(n) for n in nodes]
        anchor = Midnight(anchor) if anchor.kind == "date" else anchor
    elif len(kinds) > 1:
        left, right = sorted(kinds)[:2]
        raise ConditionError(
            f"A {_kind_words(left)} stands beside a {_kind_words(right)}.",
            "Compare values of one type; give both fields the same type in the card.",
            MISMATCH,
        )
    return [_beside(n, anchor) if isinstance(n, _RawText) else n for n in nodes]


def _beside(raw: _RawText, anchor: Node) -> Const:
    """A raw text as a literal of the kind of what it stands beside."""
    literal = _literal(raw, anchor.kind)
    if isinstance(anchor, Ref):
        _check_fact_value(str(literal.value), anchor)
        if anchor.field_type == "country" or anchor.fact == "country":
            return _country(literal)
    return literal


def _literal(raw: Node, kind: Kind) -> Const:
    assert isinstance(raw, Const)  # noqa: S101 - callers pass raw texts only
    text = normal(str(raw.value))
    if not text:
        raise ConditionError(
            "A blank text is never equal to anything: blank is missing.", "Write `is null`."
        )
    if kind == "text":
        return Const(text, kind)
    if kind == "choice":
        return Const(fold(text), kind)
    if kind == "date":
        return Const(_date(text), kind)
    if kind == "time":
        return Const(_time(text), kind)
    wish = f"write {text} without quotes" if kind == "number" else "write `x` or `not x`"
    raise ConditionError(
        f"'{_short(text)}' is a text beside a {_kind_words(kind)}.",
        f"{wish[0].upper()}{wish[1:]}.",
        MISMATCH,
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ConditionError(
            f"'{_short(text)}' is not a date.", "Write dates as '2026-01-31'.", MISMATCH
        ) from None


def _time(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ConditionError(
            f"'{_short(text)}' is not a date or moment.",
            "Write '2026-01-31' or '2026-01-31T12:00:00' (UTC).",
            MISMATCH,
        ) from None


def _as_moment(node: Node) -> Node:
    if node.kind == "time":
        return node
    if isinstance(node, Const) and isinstance(node.value, dt.date):
        return Const(dt.datetime.combine(node.value, dt.time(), dt.UTC), "time")
    return Midnight(node)


def _check_fact_value(value: str, ref: Ref) -> None:
    fact: Fact | None = next((f for f in FACTS.get(ref.field_type, ()) if f.name == ref.fact), None)
    if fact and fact.values and value not in fact.values:
        raise ConditionError(
            f"{ref.field}.{ref.fact} is never '{_short(value)}'.",
            did_you_mean(value, fact.values),
            MISMATCH,
        )


def _country(literal: Const) -> Const:
    code = str(literal.value).upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise ConditionError(
            f"'{_short(code)}' is not a country code.",
            "Write the two letters of ISO 3166, such as 'RU' or 'FR'.",
            MISMATCH,
        )
    return replace(literal, value=code)


def _check_size(text: str) -> None:
    if len(text) > subset.MAX_TEXT:
        raise ConditionError(
            f"The condition has {len(text):,} characters; {subset.MAX_TEXT:,} is the most.",
            "Split it into several terms.",
        )
    if not text.strip():
        raise ConditionError("The condition is empty.", "Write something like: budget >= 100000.")
    try:
        tokens = sqlglot.tokenize(text)
    except SqlglotError as error:
        raise ConditionError(
            f"`{_short(text)}` can't be read.{_where(error)}",
            "Every 'text' and every \"name\" needs its closing quote.",
        ) from None
    if len(tokens) > subset.MAX_TOKENS:
        raise ConditionError(
            f"The condition has {len(tokens):,} words and signs; {subset.MAX_TOKENS:,} is the "
            "most.",
            "Split it into several terms.",
        )
    _check_brackets(tokens)


def _check_brackets(tokens: list[Token]) -> None:
    """Refuse towers of brackets, CASEs, NOTs and minus signs before any recursion meets them."""
    level, run = 0, 0
    for token in tokens:
        kind = token.token_type
        level += kind in (TokenType.L_PAREN, TokenType.CASE)
        level -= kind in (TokenType.R_PAREN, TokenType.END)
        run = run + 1 if kind in (TokenType.NOT, TokenType.DASH) else 0
        if max(level, run) > subset.MAX_BRACKETS:
            raise _too_deep()


def _check_levels(expression: exp.Expr) -> None:
    """Refuse deep SQLGlot trees; chains of AND and OR are one level however long."""
    rest: list[tuple[exp.Expr, int]] = [(expression, 1)]
    while rest:
        node, level = rest.pop()
        if level > subset.MAX_DEPTH + subset.MAX_BRACKETS:
            raise _too_deep()
        for child in node.iter_expressions():
            same = isinstance(node, exp.Paren) or (
                isinstance(node, exp.And | exp.Or) and type(child) is type(node)
            )
            rest.append((child, level if same else level + 1))


def _check_limits(node: Node) -> None:
    level, layer = 1, [node]
    while layer := [child for parent in layer for child in children(parent)]:
        level += 1
    if level > subset.MAX_DEPTH:
        raise _too_deep()
    nodes = sum(len(n.values) if isinstance(n, In) else 1 for n in walk(node))
    if nodes > subset.MAX_NODES:
        raise ConditionError(
            f"The condition has {nodes:,} parts; {subset.MAX_NODES:,} is the most.",
            "Split it into several terms, or use a term with `of` and `values`.",
        )


def _too_deep() -> ConditionError:
    return ConditionError(
        f"The condition is nested more than {subset.MAX_DEPTH} levels deep.",
        "Split it into several terms, or use a term with `of` and `bins`.",
    )


def _refuse(e: exp.Expr) -> NoReturn:
    for kind, (what, instead) in subset.REFUSED.items():
        if isinstance(e, kind):
            raise ConditionError(f"`{_sql(e)}`: {what} is not allowed in a condition.", instead)
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
        return _short(e.sql(comments=False))
    except (SqlglotError, ValueError, RecursionError):  # printing a refused part must not fail
        return type(e).__name__


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _where(error: SqlglotError) -> str:
    details = getattr(error, "errors", None) or [{}]
    line, column = details[0].get("line"), details[0].get("col")
    if not column:
        return ""
    return f" (near character {column})" if line == 1 else f" (near line {line})"


def _kind_words(kind: Kind) -> str:
    return {"yes/no": "yes/no value", "time": "moment"}.get(kind, kind)
