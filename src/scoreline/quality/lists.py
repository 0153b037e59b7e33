"""The word lists of `data/`; what each comes from stands at its top."""

from __future__ import annotations

from importlib import resources


def word_lines(name: str) -> list[str]:
    """The lines of a list in `data/`, without comments."""
    file = resources.files("scoreline.quality").joinpath("data", name)
    text = file.read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
