"""Pages and other texts written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from scoreline.errors import UsageError


def write_page(text: str, path: Path) -> None:
    """Writes a text under its name once it is complete; an old file stays until then.

    Raises UsageError if the folder is not there or can't be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{path} can't be written: {error.strerror}.") from None
