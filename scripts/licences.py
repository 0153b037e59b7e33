"""The page of Python parts that Scoreline runs on, with their licences."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

REQUIREMENTS = Path(__file__).parent.parent / "requirements" / "run.txt"

# Parts that are installed only on other systems, so that this one can't ask them.
ELSEWHERE = {"colorama": ("BSD-3-Clause", "Cross-platform colored terminal text.")}

# What parts without a licence expression say of themselves, as SPDX writes it.
SPDX = {
    "Apache-2.0": "Apache-2.0",
    "BSD License": "BSD",
    "BSD": "BSD",
    "ISC License (ISCL)": "ISC",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

HEAD = """\
# Licences of the Python parts

Scoreline itself is under [Apache-2.0](../LICENSE); data and lists inside the package are named in
[THIRD_PARTY.md](../THIRD_PARTY.md). It runs on the parts below, none of which is copied into it:
they are installed beside it as `requirements/run.txt` pins them, and LGPL parts can be replaced.
This page is written by `scripts/reference.py` from what the parts say of themselves.

| part | licence | what it is |
|---|---|---|
"""


def names() -> list[str]:
    """Names of all parts pinned in requirements/run.txt, in its order, each once."""
    found = re.findall(r"^([\w.-]+)==", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    return list(dict.fromkeys(found))


def said(part: Distribution, key: str) -> str:
    """What a part's metadata says under `key`; empty where it says nothing."""
    return str(part.metadata[key]).strip() if key in part.metadata else ""


def licence(part: Distribution) -> str:
    """The licence a part states: its expression, else its classifier, else its licence line.

    Raises KeyError for words that `SPDX` does not know yet: a person should look at those.
    """
    if expression := said(part, "License-Expression"):
        return expression
    prefix = "License :: OSI Approved :: "
    classifiers = part.metadata.get_all("Classifier") or []
    kinds = [line.removeprefix(prefix) for line in classifiers if line.startswith(prefix)]
    if kinds:
        return " or ".join(SPDX[words] for words in kinds)
    line = said(part, "License")
    return line if line in SPDX.values() else SPDX[line]


def row(name: str) -> str:
    """One line of the table."""
    try:
        part = distribution(name)
    except PackageNotFoundError:
        words, summary = ELSEWHERE[name]
    else:
        words, summary = licence(part), said(part, "Summary")
    return f"| {name} | {words} | {summary.replace('|', '/')} |\n"


def page() -> str:
    """The whole page."""
    return HEAD + "".join(row(name) for name in names())
