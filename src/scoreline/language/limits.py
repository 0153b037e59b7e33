"""Limits on a condition's size, held before any recursion meets it."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from scoreline.errors import ConditionError
from scoreline.language import subset
from scoreline.language.literals import short
from scoreline.language.tree import Node, children, size


def check_size(text: str) -> None:
    """Refuse a text too long, empty, unclosed or nested too deep to be read."""
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
            f"`{short(text)}` can't be read.{where(error)}",
            "Every 'text' and every \"name\" needs its closing quote.",
        ) from None
    if not tokens or any(token.comments for token in tokens):
        raise ConditionError(
            "A condition holds no comments (--, /* */).", "Comment in the card, after a #."
        )
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
            raise too_deep()


def check_levels(expression: exp.Expr) -> None:
    """Refuse deep SQLGlot trees; chains of AND and OR are one level however long."""
    rest: list[tuple[exp.Expr, int]] = [(expression, 1)]
    while rest:
        node, level = rest.pop()
        if level > subset.MAX_DEPTH + subset.MAX_BRACKETS:
            raise too_deep()
        for child in node.iter_expressions():
            same = isinstance(node, exp.Paren) or (
                isinstance(node, exp.And | exp.Or) and type(child) is type(node)
            )
            rest.append((child, level if same else level + 1))


def check_limits(node: Node) -> None:
    """Refuse a checked tree with too many levels or parts."""
    level, layer = 1, [node]
    while layer := [child for parent in layer for child in children(parent)]:
        level += 1
    if level > subset.MAX_DEPTH:
        raise too_deep()
    nodes = size(node)
    if nodes > subset.MAX_NODES:
        raise too_large(nodes)


def too_deep() -> ConditionError:
    """The refusal of a condition nested too deep."""
    return ConditionError(
        f"The condition is nested more than {subset.MAX_DEPTH} levels deep.",
        "Split it into several terms, or use a term with `of` and `bins`.",
    )


def too_large(nodes: int) -> ConditionError:
    """The refusal of a condition with too many parts."""
    return ConditionError(
        f"The condition has {nodes:,} parts or more; {subset.MAX_NODES:,} is the most.",
        "Split it into several terms, or use a term with `of` and `values`.",
    )


def where(error: SqlglotError) -> str:
    """Where SQLGlot stopped reading, in words; empty if it does not say."""
    details = getattr(error, "errors", None) or [{}]
    line, column = details[0].get("line"), details[0].get("col")
    if not column:
        return ""
    return f" (near character {column})" if line == 1 else f" (near line {line})"
