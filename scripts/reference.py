"""Writes the generated pages of docs/; with --check it changes nothing and fails on a stale one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import card_reference
import cli_reference
import findings_reference
import licences

DOCS = Path(__file__).parent.parent / "docs"

PAGES: dict[str, Callable[[], str]] = {
    "card-reference.md": card_reference.page,
    "cli.md": cli_reference.page,
    "findings.md": findings_reference.page,
    "licences.md": licences.page,
}


def stale() -> list[str]:
    """Names of the pages that differ from what would be written now."""
    return [
        name
        for name, page in PAGES.items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != page()
    ]


def main(arguments: list[str]) -> int:
    """Exit code: 0 if every page is in step, or was written."""
    names = stale()
    if arguments == ["--check"]:
        for name in names:
            print(f"docs/{name} is out of step: make format writes it")
        return 1 if names else 0
    for name in names:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/{name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
