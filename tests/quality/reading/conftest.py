"""A file from text, read at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.quality.reading.seeing import Seen, see


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Seen]:
    """`read("a,b\\n1,2\\n")`: writes the text (or bytes) to a file and reads it."""

    def read_text(content: str | bytes, name: str = "file.csv", **options: str) -> Seen:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return see(path, **options)

    return read_text
