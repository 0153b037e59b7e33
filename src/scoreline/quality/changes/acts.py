"""What changes that are made together have in common: why, by what, when and by whom."""

from __future__ import annotations

import datetime as dt
import getpass
from dataclasses import dataclass

from scoreline.quality.changes.change import Change, Place


@dataclass(frozen=True, slots=True)
class Act:
    """Why changes are made, when and by whom.

    version: of the lists and libraries behind the rule.
    """

    rule: str
    version: str
    at: dt.datetime
    by: str

    @classmethod
    def of_now(cls, rule: str, version: str) -> Act:
        """An act of this moment, by the user of this machine."""
        return cls(rule, version, now(), who())

    def change(self, step: int, place: Place, old: str | None, new: str | None) -> Change:
        """A change of a cell that is part of it."""
        record, field = place
        return Change(step, record, field, old, new, self.rule, self.version, self.at, self.by)


def now() -> dt.datetime:
    """When a change is made, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def who() -> str:
    """Who makes a change: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
