"""Taking one step of a log back, wherever it stands: what depends on it is said, never broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from scoreline.errors import UsageError, counted
from scoreline.quality.changes.change import STANDS, Change

NAMED = 10
"""Steps that a refusal names."""


class DependsError(UsageError):
    """A step can't be taken back: `steps` are the later ones that depend on it, in order."""

    def __init__(self, step: int, steps: Sequence[int]) -> None:
        named = ", ".join(map(str, steps[:NAMED])) + (" ..." if len(steps) > NAMED else "")
        super().__init__(
            f"Step {step} can't be taken back: {counted(len(steps), 'later step')} changed the "
            f"same cells ({named}).",
            "Take those back first, the last one first.",
        )
        self.steps = tuple(steps)


def in_force(log: Iterable[Change]) -> dict[int, bool]:
    """Whether each step of a log is in force: it is not taken back by one that is."""
    undoes = {change.step: change.undoes for change in log}
    found = dict.fromkeys(undoes, True)
    for step in sorted(undoes, reverse=True):
        target = undoes[step]
        if target is not None and found[step]:
            found[target] = False
    return found


def undone(log: Sequence[Change], step: int, at: datetime, by: str) -> list[Change]:
    """The changes that take a step back, as the next step of the log.

    Taking back what takes back brings a step back. Raises UsageError for a step that is not in the
    log or was taken back already, DependsError where later steps in force changed the same cells,
    or records that it joined.
    """
    own = [change for change in log if change.step == step]
    if not own:
        raise UsageError(f"There is no step {step}.", "`scoreline changes` lists them.")
    standing = in_force(log)
    if not standing[step]:
        raise UsageError(f"Step {step} was taken back already.", "")
    later = blocking(log, own, standing)
    if later:
        raise DependsError(step, later)
    number = max(change.step for change in log) + 1
    return [
        replace(
            change,
            step=number,
            old=change.new,
            new=change.old,
            at=at,
            by=by,
            rule="undo",
            undoes=step,
        )
        for change in reversed(own)
    ]


def blocking(log: Sequence[Change], own: Sequence[Change], standing: dict[int, bool]) -> list[int]:
    """The steps after some changes of one step that are in force and depend on them.

    A later step and the one that takes it back cancel out, so neither is in the way.
    """
    step = own[0].step
    cells = {change.place for change in own}
    records = {change.record for change in own if change.field == STANDS}
    touched = {change.record for change in own}
    found = set()
    for change in log:
        if change.step <= step or not standing[change.step]:
            continue
        if change.undoes is not None and change.undoes > step:
            continue
        ends = change.field == STANDS and change.record in touched
        if change.place in cells or change.record in records or ends:
            found.add(change.step)
    return sorted(found)
