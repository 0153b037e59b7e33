"""The file of a database of SQLite: made on purpose only, and known while it is open."""

from __future__ import annotations

from pathlib import Path

from scoreline.errors import StoreError

Identity = tuple[int, int]
ON_PURPOSE = "make a new, empty one on purpose: scoreline init DIR --database-only"
_MOST = 5


def create(file: Path) -> None:
    """Make the empty file of a new database; one that is there is left as it is.

    Raises StoreError where it can't be made, or where the log of another one would become its own.
    """
    log = Path(f"{file}-wal")
    if log.exists() and not file.exists():
        raise StoreError(
            f"{log} is there: the last changes of a database {file} that is not.",
            "Put that database back beside its log, or take the log away.",
        )
    try:
        file.open("ab").close()
    except OSError as error:
        raise StoreError(
            f"The database {file} can't be made: {error.strerror}.",
            "Check the folder, and who may write there.",
        ) from None


def identity(file: Path) -> Identity | None:
    """What tells a file from any other, whatever its name; None where there is none."""
    try:
        state = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return state.st_dev, state.st_ino


def check(file: Path, opened: Identity | None) -> None:
    """Raise StoreError where a file is not there, or is not the one that was opened."""
    found = identity(file)
    if found is None:
        raise StoreError(
            f"The database {file} is not there.",
            f"workspace.yaml names it{_beside(file)}. Put it back, or {ON_PURPOSE}",
        )
    if found != opened:
        raise StoreError(
            f"The database {file} was replaced by another file while it was open.",
            "Do this again with the one that is there now.",
            again=True,
        )


def _beside(file: Path) -> str:
    """The databases that lie where one is missed: it may be one of them."""
    names = [other.name for other in sorted(file.parent.glob("*.db"))[:_MOST]]
    return f"; beside it there is {', '.join(names)}" if names else ""
