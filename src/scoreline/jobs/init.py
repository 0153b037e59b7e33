"""A new workspace: settings, example cards, a few records to try them on, and its database."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from scoreline.errors import ScorelineError, UsageError
from scoreline.lifecycle.settings import FILE
from scoreline.lifecycle.workspace import open_workspace

STARTERS = (
    "lead.yaml",
    "leads.csv",
    FILE,
    "cards/purchase-readiness.yaml",
    "cards/email-response.yaml",
    "cards/site-activity.yaml",
)


def init_folder(folder: Path) -> list[Path]:
    """The files written; raises UsageError rather than overwrite one."""
    written = [folder / name for name in STARTERS]
    for path in written:
        if path.exists():
            raise UsageError(f"{path} is there already.", "Choose a new folder.")
    starters = files("scoreline.starters")
    try:
        for name, path in zip(STARTERS, written, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(starters.joinpath(name).read_bytes())
    except OSError as error:
        raise UsageError(f"{folder} can't be written: {error.strerror}.") from None
    try:
        open_workspace(folder).database.close()
    except ScorelineError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written
