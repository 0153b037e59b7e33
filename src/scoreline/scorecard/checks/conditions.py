"""Conditions that are never true or always true, and literals that a field never holds."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import tokenize
from sqlglot.tokenizer_core import TokenType

from scoreline.errors import Finding
from scoreline.language.literals import short
from scoreline.language.tree import Compare, Const, In, Node, Or, Ref, Scalar, value_text, walk
from scoreline.scorecard.checks.clock import Clock
from scoreline.scorecard.checks.cuts import Cuts
from scoreline.scorecard.checks.domains import Domains
from scoreline.scorecard.checks.seen import Values, values_of
from scoreline.scorecard.checks.sentinels import Held, Holdings
from scoreline.scorecard.model import Term
from scoreline.scorecard.points import signed_text


def check_condition(
    term: Term, values: Values, cuts: Cuts, domains: Domains, clock: Clock
) -> Iterator[Finding]:
    """Findings about the condition of a `when` term; values: what it can come to.

    cuts: where it cuts its variables.
    """
    if True not in values:
        always = "always unknown" if set(values) == {None} else "never true"
        yield _never(term, f"The condition is {always}, so its points are never given.")
    elif set(values) == {True}:
        yield Finding(
            "tautology",
            "info",
            f"The condition is always true: every record gets {signed_text(term.bins[0].points)}.",
            "Write the points as `base`, or narrow the condition.",
            term.name,
            term.line,
        )
    elif isinstance(term.of, Or):
        texts = parts_of_or(term.text)
        for place, part in enumerate(term.of.parts):
            if True not in values_of(domains.tree(part), cuts, domains, clock):
                # Lowering may have made more or fewer parts than the card wrote.
                quoted = f", `{short(texts[place])}`," if len(texts) == len(term.of.parts) else ""
                yield _never(
                    term, f"Part {place + 1} of the condition's `or`{quoted} is never true."
                )


def parts_of_or(text: str) -> list[str]:
    """What stands between the outermost ORs of a condition.

    >>> parts_of_or("(a or (b or c) and d or e)")
    ['a', '(b or c) and d', 'e']
    """
    ends: list[tuple[int, int]] = []
    begin = level = lowest = 0
    tokens = tokenize(text)
    for place, token in enumerate(tokens):
        level += token.token_type in (TokenType.L_PAREN, TokenType.CASE)
        level -= token.token_type in (TokenType.R_PAREN, TokenType.END)
        if place < len(tokens) - 1:
            lowest = level if place == 0 else min(lowest, level)
        if token.token_type is TokenType.OR and not level:
            ends.append((begin, token.start))
            begin = token.end + 1
    if not ends and lowest and tokens[0].token_type is TokenType.L_PAREN:
        return parts_of_or(text[tokens[0].end + 1 : tokens[-1].start])
    return [text[start:end].strip() for start, end in (*ends, (begin, len(text)))]


def _never(term: Term, message: str) -> Finding:
    return Finding(
        "contradiction",
        "warning",
        message,
        "Look for tests that exclude each other.",
        term.name,
        term.line,
    )


def check_literals(term: Term, held: Held) -> Iterator[Finding]:
    """A warning for each literal that a field is compared with and never equal to."""
    told: set[tuple[Node, Scalar]] = set()
    for node in walk(term.of):
        for ref, value in _equalities(node):
            holdings = held[ref.field]
            if (ref, value) in told or holdings.can_be(value):
                continue
            told.add((ref, value))
            yield Finding(
                "contradiction",
                "warning",
                f"`{ref.field}` is never {value_text(value)}: {_why(holdings, value)}.",
                "Leave the comparison out, or change the field.",
                term.name,
                term.line,
            )


def _equalities(node: Node) -> Iterator[tuple[Ref, Scalar]]:
    """Fields and the values that a test looks for in them."""
    if isinstance(node, In) and isinstance(node.operand, Ref) and not node.operand.fact:
        yield from ((node.operand, value) for value in node.values)
    if isinstance(node, Compare) and node.op in ("=", "<>"):
        for ref, other in ((node.left, node.right), (node.right, node.left)):
            value = other.value if isinstance(other, Const) else None
            if isinstance(ref, Ref) and not ref.fact and value is not None:
                yield ref, value


def _why(holdings: Holdings, value: Scalar) -> str:
    if value in holdings.values or isinstance(value, str):
        return "that counts as missing"
    if holdings.field.type == "money":
        return "money is not below zero"
    whole = isinstance(value, float) and value.is_integer()
    return f"whole numbers go up to {2**53:,}" if whole else "it holds whole numbers"
