"""Literals: each takes the kind of the value it stands beside, or is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace
from typing import cast

from scoreline.errors import ConditionError, did_you_mean
from scoreline.language.fields import Kind, fact_of_type
from scoreline.language.names import written
from scoreline.language.slips import plain_number
from scoreline.language.text import folded, normal
from scoreline.language.tree import Case, Coalesce, Const, Midnight, Node, Ref, Scalar

MISMATCH = "type-mismatch"


class RawText(Const):
    """A text literal whose kind is not settled yet: it takes the kind of its neighbour."""

    def __init__(self, value: str) -> None:
        Const.__init__(self, value, "text")


def literal_of(text: str, node: Node) -> Scalar:
    """A scalar of a card (`is: retired`, `from: 2026-01-01`) as a value beside `node`."""
    text = normal(text)
    if node.kind == "number":
        return number_literal(text)
    if node.kind == "yes/no":
        words = {"yes": True, "true": True, "no": False, "false": False}
        if text.casefold() not in words:
            raise ConditionError(f"`{short(text)}` is neither yes nor no.", "", MISMATCH)
        return words[text.casefold()]
    return cast(Scalar, beside(RawText(text), node).value)


def number_literal(text: str) -> float:
    """A number written as in cards and conditions: digits, a decimal point, an exponent."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        hint = "Write numbers like 100000 or 0.5."
        if re.fullmatch(r"-?\d[\d\s_,.]*", text):
            hint = f"Write {plain_number(text)}: a decimal point, and nothing between thousands."
        raise ConditionError(f"`{short(text)}` is not a number.", hint, MISMATCH)
    return value + 0.0


def unified(nodes: list[Node]) -> list[Node]:
    """The nodes as values of one kind: raw texts take it over, dates beside moments become them."""
    anchor = next((n for n in nodes if not isinstance(n, RawText)), None)
    if anchor is None:
        return [settled(node, "text") for node in nodes]
    kinds = {n.kind for n in nodes if not isinstance(n, RawText)}
    if kinds == {"date", "time"}:
        nodes = [n if isinstance(n, RawText) else as_moment(n) for n in nodes]
        anchor = Midnight(anchor) if anchor.kind == "date" else anchor
    elif len(kinds) > 1:
        left, right = sorted(kinds)[:2]
        raise ConditionError(
            f"A {kind_words(left)} stands beside a {kind_words(right)}.",
            "Compare values of one type; give both fields the same type in the card.",
            MISMATCH,
        )
    return [beside(n, anchor) if isinstance(n, RawText) else n for n in nodes]


def beside(raw: RawText, anchor: Node) -> Const:
    """A raw text as a literal of the kind of what it stands beside."""
    if anchor.kind == "yes/no":
        raise _text_beside_yes_no(normal(str(raw.value)), anchor)
    literal = settled(raw, anchor.kind)
    anchor = _first_ref(anchor)
    if isinstance(anchor, Ref):
        if anchor.field_type == "email" and anchor.fact in (None, "domain"):
            # The boundary writes domains in small letters.
            local, at, domain = str(literal.value).rpartition("@")
            return replace(literal, value=local + at + domain.lower())
        _check_fact_value(str(literal.value), anchor)
        if anchor.field_type == "country" or anchor.fact == "country":
            return _country(literal)
    return literal


def _first_ref(node: Node) -> Node:
    """The field whose values a coalesce or a CASE gives first, else the node itself."""
    if isinstance(node, Coalesce):
        return next((found for p in node.parts if isinstance(found := _first_ref(p), Ref)), node)
    if isinstance(node, Case):
        values = (*(value for _, value in node.branches), node.default)
        return next((found for v in values if isinstance(found := _first_ref(v), Ref)), node)
    return node


def settled(raw: Node, kind: Kind) -> Const:
    """A raw text as a literal of a kind, in the normal form of values of that kind."""
    assert isinstance(raw, Const)  # noqa: S101 - callers pass raw texts only
    text = normal(str(raw.value))
    if not text:
        raise ConditionError(
            "A blank text is never equal to anything: blank is missing.", "Write `is null`."
        )
    if kind == "text":
        return Const(text, kind)
    if kind == "choice":
        return Const(folded(text), kind)
    if kind == "date":
        return Const(_date(text), kind)
    if kind == "time":
        return Const(_time(text), kind)
    raise ConditionError(
        f"'{short(text)}' is a text beside a {kind_words(kind)}.", _unquoted(text), MISMATCH
    )


def _unquoted(text: str) -> str:
    """How a text beside a number is written as a number, if it is one."""
    number = plain_number(text)
    if not re.fullmatch(r"-?[\d.]+(?: or [\d.]+)?", number):
        return "Compare it with a number, such as 100000 or 0.5."
    return f"Write {number} without quotes."


def _text_beside_yes_no(text: str, anchor: Node) -> ConditionError:
    """The refusal of `vip = 'yes'`, with what to write."""
    name = None
    if isinstance(anchor, Ref):
        name = written(anchor.field, anchor.fact)
    hint = "Write the condition itself, or `not` before it."
    if name is not None:
        ways = {"yes": f"`{name}`", "true": f"`{name}`", "no": f"`not {name}`"}
        ways["false"] = ways["no"]
        hint = f"Write {ways.get(folded(text), f'`{name}` or `not {name}`')}."
    return ConditionError(f"'{short(text)}' is a text beside a yes/no value.", hint, MISMATCH)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ConditionError(
            f"'{short(text)}' is not a date.", "Write dates as '2026-01-31'.", MISMATCH
        ) from None


def _time(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ConditionError(
            f"'{short(text)}' is not a date or moment.",
            "Write '2026-01-31' or '2026-01-31T12:00:00' (UTC).",
            MISMATCH,
        ) from None


def as_moment(node: Node) -> Node:
    """A date as its 00:00 UTC; a moment as it is."""
    if node.kind == "time":
        return node
    if isinstance(node, Const) and isinstance(node.value, dt.date):
        return Const(dt.datetime.combine(node.value, dt.time(), dt.UTC), "time")
    return Midnight(node)


def _check_fact_value(value: str, ref: Ref) -> None:
    fact = fact_of_type(ref.field_type, ref.fact)
    if fact and fact.values and value not in fact.values:
        raise ConditionError(
            f"{ref.field}.{ref.fact} is never '{short(value)}'.",
            did_you_mean(value, fact.values),
            MISMATCH,
        )


def _country(literal: Const) -> Const:
    code = str(literal.value).upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise ConditionError(
            f"'{short(code)}' is not a country code.",
            "Write the two letters of ISO 3166, such as 'RU' or 'FR'.",
            MISMATCH,
        )
    return replace(literal, value=code)


def kind_words(kind: Kind) -> str:
    """A kind as messages name it."""
    return {"yes/no": "yes/no value", "time": "moment"}.get(kind, kind)


def short(text: str) -> str:
    """At most 80 characters of a text, for messages."""
    return text if len(text) <= 80 else text[:77] + "..."
