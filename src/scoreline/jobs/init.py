"""A new workspace: settings, example cards, a few records to try them on, and its database."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from scoreline.errors import ScorelineError, UsageError
from scoreline.lifecycle.settings import FILE
from scoreline.lifecycle.workspace import make_database, open_workspace

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
        make_database(folder)
        open_workspace(folder).database.close()
    except ScorelineError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def init_database(folder: Path) -> Path | None:
    """The file of the database that was made for a workspace that has none; None for PostgreSQL.

    Raises UsageError where the database is there already.
    """
    if not make_database(folder):
        raise UsageError(
            "The database of this workspace is there already; nothing was changed.",
            "For another one, name it in workspace.yaml: `database:`.",
        )
    opened = open_workspace(folder)  # notes the key, too
    opened.database.close()
    where = opened.settings.database
    return where if isinstance(where, Path) else None
