"""Files of outcomes on their way into a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from scoreline.analytics.outcomes import parse_spec, read_outcomes
from scoreline.engines.local.results import exactly
from scoreline.errors import Finding
from scoreline.jobs.workspace.left_out import left_out, text_of, unfit, unfit_reason
from scoreline.jobs.workspace.telling import findings_json
from scoreline.lifecycle.batch import Batch
from scoreline.quality.boundary import KEPT, KEY, Boundary
from scoreline.quality.headers import header_of
from scoreline.quality.table import ROW, RejectedRow, Table
from scoreline.scorecard.events import AT
from scoreline.scoring.events import no_moment
from scoreline.store import outcomes as stored_outcomes
from scoreline.store import records

_OUTCOME, _SAID = "__outcome__", "__said__"


@dataclass
class OutcomesDone:
    """What became of outcomes.

    added: those of records that had none, further ones, and those known before; open: rows that
    say neither.
    """

    added: stored_outcomes.Added = field(default_factory=stored_outcomes.Added)
    open: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """How many were not known before."""
        return self.added.new + self.added.changed

    def json(self) -> dict[str, object]:
        """The part of `import --format json` that is about outcomes."""
        return {
            "new": self.added.new,
            "changed": self.added.changed,
            "same": self.added.same,
            "open": self.open,
            "rejected": len(self.rejected),
            "findings": findings_json(self.findings),
        }


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How a file says what became of a record: won, lost as `--won` and `--lost` say it, and the
    order of day, month and year in its moments.
    """

    won: str
    lost: str | None = None
    order: str | None = None


def take_outcomes(
    batch: Batch, table: Table, words: OutcomeWords, key: str, done: OutcomesDone
) -> None:
    """Keep the outcomes of a table."""
    dated = header_of([AT.name], table.columns)
    moment = replace(AT, order=words.order)
    dtypes = dict(table.frame.collect_schema())
    boundary = Boundary([moment] if dated is not None else [], key, table.columns, (), dtypes)
    rows, found = _rows(table, boundary, words, dated)
    unusable = [
        RejectedRow(row, None, unfit_reason(key), "") for row in rows.filter(unfit(KEY))[ROW]
    ]
    rows = rows.filter(~unfit(KEY))
    people = records.by_keys(
        batch.connection, rows[KEY].unique(maintain_order=True).to_list(), lock=True
    )
    told: list[stored_outcomes.Outcome] = []
    for row, own, outcome, at, said in rows.iter_rows():
        if own not in people:
            unusable.append(RejectedRow(row, None, f"no record has this `{key}`", ""))
        elif outcome == "open":
            done.open += 1
        elif dated is not None and at is None:
            unusable.append(RejectedRow(row, None, no_moment(moment, said), ""))
        else:
            told.append((people[own].id, outcome, at))
    done.rejected = left_out(table, boundary, unusable)
    done.added = stored_outcomes.add(batch.connection, told, batch.now)
    done.findings = [*table.findings, *found]


def _rows(
    table: Table, boundary: Boundary, words: OutcomeWords, dated: str | None
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Row, key, outcome and moment of each row, and what stands in the moment's place; what is
    wrong with the outcomes.
    """
    won = parse_spec(words.won)
    lost = parse_spec(words.lost, "--lost") if words.lost else None
    typed = boundary.lazy(table.frame, keep=True).collect(engine="streaming")
    texts = typed.select(pl.col(KEPT + name).alias(name) for name in table.columns)
    read = read_outcomes(texts, won, lost)
    outcome = read.rows.cast(pl.String).alias(_OUTCOME)
    blank = pl.lit(None)
    at = blank.alias(AT.name) if dated is None else pl.col(AT.name).cast(pl.Int64)
    said = blank if dated is None else text_of(exactly(KEPT + dated))
    return typed.select(ROW, KEY, outcome, at, said.alias(_SAID)), read.findings
