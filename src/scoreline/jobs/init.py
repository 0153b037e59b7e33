"""A new folder with a commented example card and a few records to try it on."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from scoreline.errors import UsageError

STARTERS = ("lead.yaml", "leads.csv")


def init_folder(folder: Path) -> list[Path]:
    """The files written; raises UsageError rather than overwrite one."""
    written = [folder / name for name in STARTERS]
    for path in written:
        if path.exists():
            raise UsageError(f"{path} is there already.", "Choose a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in written:
            path.write_bytes(files("scoreline.starters").joinpath(path.name).read_bytes())
    except OSError as error:
        raise UsageError(f"{folder} can't be written: {error.strerror}.") from None
    return written
