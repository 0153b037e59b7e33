"""How a file is scored and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from scoreline.errors import UsageError
from scoreline.quality.table import ReadOptions
from scoreline.scoring.events import Events

ENGINES = ("local", "postgres")
Progress = Callable[[int], None]
"""Told how many more rows were scored."""


@dataclass(frozen=True)
class ScoreOptions:
    """How a file is scored and written.

    as_of: the moment of scoring; reasons: lines of reasons, 0 for all; with_data: input columns
    first; formulas: what happens to cells that a spreadsheet would run; engine: one of ENGINES;
    events: where the events of the records are, for a card that counts some.
    """

    as_of: dt.datetime
    reasons: int = 3
    with_data: bool = False
    formulas: Literal["neutralise", "keep"] = "neutralise"
    engine: str = "local"
    read: ReadOptions = field(default_factory=ReadOptions)
    progress: Progress | None = None
    events: Events = None

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(
                f"There is no engine `{self.engine}`.",
                f"Engines: {', '.join(ENGINES)}. Spark comes with a later version.",
            )
        if self.reasons < 0:
            raise UsageError("The number of reasons is below zero.", "0 means all of them.")
