"""How commands speak: results on stdout, everything else on stderr.

rich is imported where it is used: help needs none of it, and must be instant.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from scoreline.errors import Finding
    from scoreline.pages.figures import Rate

WIDE = 200
"""Columns of a table that goes to a file or a pipe."""


class Format(StrEnum):
    """What a command prints."""

    text = "text"
    json = "json"


def out() -> Console:
    """The console of results."""
    from rich.console import Console

    # Where nobody watches there is no width to fit: a table in a file or a pipe is not folded.
    width = None if sys.stdout.isatty() else WIDE
    return Console(highlight=False, soft_wrap=True, width=width)


def err() -> Console:
    """The console of messages and progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(console: Console, text: str, style: str = "") -> None:
    """A line as it is: brackets and colons of users' words are no markup."""
    from rich.text import Text

    console.print(Text(text, style=style))


def complain(message: str, hint: str = "") -> None:
    """One clear message on stderr, and what to do."""
    console = err()
    say(console, message, "bold red" if console.is_terminal else "")
    if hint:
        say(console, hint)


def print_json(value: object, *, beside: bool = False) -> None:
    """One JSON value on a line of stdout, or of stderr beside other output."""
    stream = sys.stderr if beside else sys.stdout
    stream.write(json.dumps(_finite(value), ensure_ascii=False, allow_nan=False) + "\n")


def _finite(value: object) -> object:
    """The value with null for each number that JSON has no word for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def rate_text(rate: Rate | None) -> str:
    """A share with its interval, `12.0% (9% to 15%)`; a dash where nothing counts."""
    if rate is None or not rate.of:
        return "-"
    return f"{rate.value:.1%} ({rate.low:.0%} to {rate.high:.0%})"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], numbers: str = "") -> Table:
    """A plain table; `numbers` names the headers whose column is right-aligned, by `|`."""
    from rich.table import Table
    from rich.text import Text

    right = set(numbers.split("|"))
    made = Table(box=None, pad_edge=False, header_style="dim")
    for header in headers:
        made.add_column(Text(header), justify="right" if header in right else "left")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    return made


def show_findings(
    console: Console,
    findings: Iterable[Finding],
    counts: Mapping[tuple[str, str | None], int] | None = None,
) -> None:
    """A line for each kind of finding, with how often and what to do.

    counts: by code and field, where findings are examples; else each has its own.
    """
    seen: set[tuple[str, str | None]] = set()
    for finding in findings:
        kind = (finding.code, finding.field)
        # What is worth knowing of single values is in the page and in --findings.
        again = counts is not None and kind in seen
        if again or (finding.level == "info" and finding.field):
            continue
        seen.add(kind)
        count = (counts or {}).get(kind, finding.count)
        where = f"{finding.field}: " if finding.field else ""
        times = f" {count:,} x (first: {finding.whose})" if finding.whose else ""
        say(console, f"{finding.level}: {where}{finding.message}{times}")
        if finding.hint:
            say(console, f"  {finding.hint}")


def found_by_code(
    findings: Iterable[Finding], counts: Mapping[tuple[str, str | None], int]
) -> dict[str, int]:
    """How many of each kind were found, for programs; counts: as in `show_findings`."""
    found: dict[str, int] = {}
    for (code, _), count in counts.items():
        found[code] = found.get(code, 0) + count
    for finding in findings:
        if finding.code not in found:
            found[finding.code] = finding.count
    return dict(sorted(found.items()))
