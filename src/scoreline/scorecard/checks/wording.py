"""Words that findings share."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMES = 12
BOUND = "bound: "
"""Begins the message of a finding whose figures are bounds."""


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names as a sentence lists them, in backticks; the end of a long list is counted.

    >>> listed(["a", "b", "c"])
    '`a`, `b` and `c`'
    """
    shown = [f"`{name}`" for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        shown.append(f"{len(names) - MOST_NAMES} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def bound_if(bound: bool, message: str) -> str:
    """The message, marked where its figures are bounds."""
    return f"{BOUND}{message[0].lower()}{message[1:]}" if bound else message
