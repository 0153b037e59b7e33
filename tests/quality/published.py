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
"""Where developers have the bases that are not given on with the code."""
NOT_GIVEN_ON = frozenset({"organisations_true_ids.csv.gz"})


@contextmanager
def published(name: str) -> Iterator[TextIO]:
    """The text of a base; of one that is not given on, the test is skipped, and says so."""
    path = (BESIDE if name in NOT_GIVEN_ON else HERE) / name
    if name in NOT_GIVEN_ON and not path.is_file():
        pytest.skip(f"{name} is not here: it is kept beside the checkout, by developers")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield file
