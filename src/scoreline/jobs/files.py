"""Pages and other texts written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from scoreline.errors import UsageError


def refuse_overwriting(inputs: Iterable[object], outputs: Iterable[object]) -> None:
    """Raises UsageError if a file that is read, or written already, would be written.

    None and `-` name no file.
    """
    seen = {_real(path) for path in inputs if path is not None and str(path) != "-"}
    for path in outputs:
        if path is None or str(path) == "-":
            continue
        if _real(path) in seen:
            raise UsageError(
                f"{path} is used already; it would be overwritten.", "Name another file to write."
            )
        seen.add(_real(path))


def _real(path: object) -> str:
    return os.path.realpath(str(path))


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
