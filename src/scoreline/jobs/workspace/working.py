"""The worker that stays: round after round, also when the database goes away and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from scoreline.errors import StoreError
from scoreline.jobs.workspace.rescoring import Worked, work_once
from scoreline.lifecycle.workspace import Workspace, open_workspace
from scoreline.scoring.moments import moment

LONGEST = 60
"""Seconds between two tries at the most, while the database can't be used."""


def keep_working(
    folder: Path,
    every: int,
    done: Callable[[Worked], None],
    trouble: Callable[[StoreError | None], None],
) -> NoReturn:
    """Work in a workspace without end, with some seconds between rounds.

    done: gets what each round did; trouble: gets what is wrong with the database, once, and None
    when it works again. Meanwhile the waits double. Raises StoreError for a database that can't be
    opened to begin with, unless it may come back.
    """
    workspace: Workspace | None = None
    said, wait = "", every
    while True:
        try:
            workspace = workspace or open_workspace(folder)
            found = work_once(workspace, moment(None))
        except StoreError as error:
            if workspace is None and not error.again:
                raise
            if error.message != said:
                trouble(error)
            time.sleep(wait)
            said, wait = error.message, max(every, min(2 * wait, LONGEST))
        else:
            if said:
                trouble(None)
            said, wait = "", every
            done(found)
            time.sleep(wait)
