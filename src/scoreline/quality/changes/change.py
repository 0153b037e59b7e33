"""A change of one cell, and what makes it exact: the value before and the value after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime

from scoreline.errors import DataError

STANDS = ""
"""The field that says what became of a record: None while it stands, else into which it went."""

Place = tuple[str, str]
"""A record and a field of it."""
Cells = Mapping[Place, str | None]
"""Values by place; None is an empty cell, and so is one that is not there."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one cell.

    step: its number in the log; what was done together, such as a merge, has one number and is
    taken back together; rule: why it was done; version: of the lists and libraries behind the rule;
    by: who did it; undoes: the step that it takes back.
    """

    step: int
    record: str
    field: str
    old: str | None
    new: str | None
    rule: str
    version: str
    at: datetime
    by: str
    undoes: int | None = None

    @property
    def place(self) -> Place:
        """The cell."""
        return self.record, self.field


class OtherBaseError(DataError):
    """The base is not the one that the changes were made of."""


def forward(cells: MutableMapping[Place, str | None], changes: Iterable[Change]) -> None:
    """Make changes in a base, in their order.

    Raises OtherBaseError at a cell that does not hold what the change found.
    """
    for change in changes:
        _replace(cells, change.place, change.old, change.new)


def backward(cells: MutableMapping[Place, str | None], changes: Iterable[Change]) -> None:
    """Take changes out of a base, the last one first: the base before them.

    Raises OtherBaseError at a cell that does not hold what the change left.
    """
    for change in reversed(list(changes)):
        _replace(cells, change.place, change.new, change.old)


def _replace(
    cells: MutableMapping[Place, str | None], place: Place, found: str | None, left: str | None
) -> None:
    if cells.get(place) != found:
        record, field = place
        raise OtherBaseError(
            f"Record {record} does not hold in `{field}` what the log of changes says.",
            "The file was changed by other means since; take the one that was written then.",
        )
    if left is None:
        cells.pop(place, None)
    else:
        cells[place] = left
