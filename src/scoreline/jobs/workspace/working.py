"""The worker that stays: round after round, also when the database goes away and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from scoreline.errors import ScorelineError, StoreError
from scoreline.jobs.workspace.rescoring import Worked, work_once
from scoreline.lifecycle.workspace import Workspace, open_workspace
from scoreline.scoring.moments import moment

LONGEST = 60
"""Seconds between two tries at the most, while the database can't be used."""


def keep_working(
    folder: Path,
    every: int,
    done: Callable[[Worked], None],
    trouble: Callable[[ScorelineError | None], None],
    begin: Callable[[Workspace], None] = lambda _: None,
) -> NoReturn:
    """Work in a workspace without end, with some seconds between rounds.

    done: gets what each round did; trouble: gets what is wrong with the database, once, and None
    when it works again; begin: gets the workspace before the first round. Meanwhile the waits
    double, and the workspace is opened anew for each try. Raises StoreError for a database that
    can't be opened to begin with, unless it may come back.
    """
    workspace: Workspace | None = None
    begun, said, wait = False, "", every
    while True:
        try:
            workspace = workspace or open_workspace(folder)
            if not begun:
                begin(workspace)
                begun = True
            found = work_once(workspace, moment(None))
        except ScorelineError as error:
            if not _may_pass(error, begun=begun, opened=workspace is not None):
                raise
            if workspace is not None:
                workspace.database.close()
                workspace = None
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


def _may_pass(error: ScorelineError, *, begun: bool, opened: bool) -> bool:
    """Whether it is worth while to try again: what worked once may have been moved, and come back.

    opened: whether it is the work itself that failed.
    """
    if isinstance(error, StoreError):
        return begun or error.again
    return begun and not opened
