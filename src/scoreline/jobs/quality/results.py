"""What a base is asked for and what checking it came to: figures, findings, records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from scoreline.errors import Finding, Level
from scoreline.jobs.quality.cleaning import Cleaned
from scoreline.jobs.quality.clusters import Clusters
from scoreline.jobs.quality.effect import Effect
from scoreline.jobs.quality.merging import MergeAsked
from scoreline.jobs.quality.scoring import BaseScore
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.quality.checks.mail_domains import Ask
from scoreline.quality.table import RejectedRow
from scoreline.quality.typing.verdicts import VerdictWord

Way = Literal["rules", "merges", "suggestions"]
"""What may change the scores of a base."""


@dataclass(frozen=True)
class QualityAsked:
    """What the user asked.

    card: whose fields are checked, where there is one; country, order: of phones and dates that
    don't say theirs, without a card; as_of: when births are still to come; out: where the cleaned
    base goes; rules: what is changed in it, by name; channel, created: the columns that name where
    a record came from, and when; findings: where the table of all findings goes; model: where the
    quality card goes; duplicates: the file of clusters that belong on the page;
    merging: which rows of the clean base are joined;
    mx: what says whether a domain takes mail, where the net may be asked.
    """

    card: Path | None = None
    country: str | None = None
    order: str | None = None
    as_of: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    out: str | None = None
    rules: tuple[str, ...] = ()
    channel: str | None = None
    created: str | None = None
    findings: str | None = None
    model: Path | None = None
    duplicates: Path | None = None
    merging: MergeAsked | None = None
    mx: Ask | None = None


@dataclass(frozen=True)
class Seen:
    """A record with a finding: its key, the cell as it is, and what was probably meant."""

    key: str
    raw: str | None
    suggestion: str | None = None


@dataclass(frozen=True)
class Found:
    """What was found in a column: how often, what it is, what to do, and the first records."""

    code: str
    level: Level
    message: str
    hint: str
    count: int
    records: tuple[Seen, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column that was checked.

    name: the field, or the header without a card; taken_for: its role or type; verdicts: cells by
    verdict; rewritten: cells whose normal form is written otherwise, with examples.
    """

    name: str
    taken_for: str
    verdicts: Mapping[VerdictWord, int]
    found: tuple[Found, ...] = ()
    rewritten: int = 0
    examples: tuple[Seen, ...] = ()

    @property
    def filled(self) -> int:
        """Cells that hold something."""
        return sum(self.verdicts.values()) - self.verdicts["missing"]


@dataclass(frozen=True)
class Quality:
    """What checking a base came to.

    sound: records in which nothing is bad or suspect; whole: those in which nothing is missing;
    notes: of the file itself; cleaned: what was changed in the base that was written, if one was;
    score: of the base, if anything in it matters; effects: on the scores of the card, where there
    is one and a clean base: of the rules, of joining rows, of all suggestions if accepted.
    """

    rows: int
    rejected: tuple[RejectedRow, ...]
    columns: tuple[Column, ...]
    sound: int
    whole: int
    notes: tuple[Finding, ...] = ()
    cleaned: Cleaned | None = None
    score: BaseScore | None = None
    effects: Mapping[Way, Effect] = field(default_factory=dict)
    duplicates: Clusters | None = None

    @property
    def exit_code(self) -> int:
        """1 where something of level error or warning was found, else 0."""
        levels = [one.level for column in self.columns for one in column.found]
        levels += [note.level for note in self.notes]
        return int(bool(self.rejected) or any(level != "info" for level in levels))

    def json(self) -> dict[str, object]:
        """The object that `quality --format json` prints: counts and keys, no one's data."""
        return {
            "rows": self.rows + len(self.rejected),
            "checked": self.rows,
            "rejected": len(self.rejected),
            "sound": self.sound,
            "complete": self.whole,
            "facts_version": FACTS_VERSION,
            "columns": [
                {
                    "column": column.name,
                    "taken_for": column.taken_for,
                    "verdicts": dict(column.verdicts),
                    "rewritten": column.rewritten,
                    "findings": [
                        {
                            "code": one.code,
                            "level": one.level,
                            "count": one.count,
                            "message": one.message,
                            "hint": one.hint,
                            "records": [seen.key for seen in one.records],
                        }
                        for one in column.found
                    ],
                }
                for column in self.columns
            ],
            "findings": [
                {"code": note.code, "level": note.level, "message": note.message}
                for note in self.notes
            ],
            "changes": self.cleaned.by_rule if self.cleaned else {},
            "suggestions": self.cleaned.suggestions if self.cleaned else None,
            "merged": self.cleaned.gone if self.cleaned else 0,
            "duplicates": self.duplicates.json() if self.duplicates else None,
            "quality": self.score.json() if self.score else None,
            "effects": {way: one.json() for way, one in self.effects.items()} or None,
        }
