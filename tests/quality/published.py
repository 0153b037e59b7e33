"""Published bases with known truth: here, or beside the checkout where they may not be given on."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

HERE = Path(__file__).parent / "bases"
BESIDE = Path(__file__).parents[3] / "shared" / "data" / "quality"
"""Where developers have bases that are not given on with the code."""


@contextmanager
def published(name: str) -> Iterator[TextIO]:
    """The text of a base; the test is skipped, and says so, where it is not."""
    path = next((folder / name for folder in (HERE, BESIDE) if (folder / name).is_file()), None)
    if path is None:
        pytest.skip(f"{name} is not here: it is kept beside the checkout, by developers")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield file
