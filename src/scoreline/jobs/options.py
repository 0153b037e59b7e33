"""How a file is scored and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from scoreline.errors import UsageError
from scoreline.quality.table import ReadOptions

Progress = Callable[[int], None]
"""Told how many more rows were scored."""


@dataclass(frozen=True)
class ScoreOptions:
    """How a file is scored and written.

    as_of: the moment of scoring; reasons: lines of reasons, 0 for all; with_data: input columns
    first; formulas: what happens to cells that a spreadsheet would run.
    """

    as_of: dt.datetime
    reasons: int = 3
    with_data: bool = False
    formulas: Literal["neutralise", "keep"] = "neutralise"
    engine: str = "local"
    read: ReadOptions = field(default_factory=ReadOptions)
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.engine != "local":
            raise UsageError(
                f"There is no engine `{self.engine}`.",
                "Engines: local. PostgreSQL and Spark come with a later version.",
            )
        if self.reasons < 0:
            raise UsageError("The number of reasons is below zero.", "0 means all of them.")


def refuse_events(events: str | None) -> None:
    """Refuse events other than `none`, which no card of this version reads."""
    if events not in (None, "none"):
        raise UsageError("Event terms come with a later version.", "Leave --events out.")
