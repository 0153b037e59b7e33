"""The outcomes of scored rows: from a column of the data, or from a file of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scoreline.analytics.outcomes import (
    Outcomes,
    OutcomeSpec,
    join_outcomes,
    key_column,
    outcome_column,
    parse_spec,
    read_outcomes,
)
from scoreline.errors import UsageError
from scoreline.quality.reading.files import open_table
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.rows import input_column


@dataclass(frozen=True)
class OutcomeChoice:
    """What counts as won and lost, and the file that says so (None: the data itself)."""

    won: OutcomeSpec
    lost: OutcomeSpec | None = None
    file: str | Path | None = None

    def columns(self, headers: Sequence[str]) -> list[str]:
        """The columns of the data that it reads; DataError for one that is not there."""
        specs = {} if self.file else {"--won": self.won, "--lost": self.lost}
        return [outcome_column(spec, headers, option) for option, spec in specs.items() if spec]


def outcome_choice(
    won: str | None, lost: str | None = None, file: str | Path | None = None
) -> OutcomeChoice | None:
    """The choice that the options --won, --lost and --outcomes make; None without any."""
    if won is None:
        if lost or file:
            raise UsageError(
                "--lost and --outcomes need --won.", "Say what a win is: --won COL=VALUE."
            )
        return None
    return OutcomeChoice(parse_spec(won), parse_spec(lost, "--lost") if lost else None, file)


def outcomes_of(
    scored: pl.DataFrame, card: Scorecard, choice: OutcomeChoice, headers: Sequence[str]
) -> Outcomes:
    """The outcome of each scored row, in their order.

    scored: `__key__` and the input columns that the choice reads.
    """
    if choice.file is None:
        kept = [name for name in headers if input_column(name) in scored.columns]
        texts = scored.select(pl.col(input_column(name)).alias(name) for name in kept)
        return read_outcomes(texts, choice.won, choice.lost)
    if card.key is None:
        raise UsageError("--outcomes joins by key, and the card names none.", "Give it `key`.")
    with open_table(choice.file) as table:
        theirs = table.frame.select(table.columns).collect()
    keys = theirs[key_column(table.columns, card.key)]
    return join_outcomes(scored["__key__"], read_outcomes(theirs, choice.won, choice.lost), keys)
