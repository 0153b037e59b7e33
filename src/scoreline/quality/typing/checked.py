"""What the reading of a cell gives where a value comes with facts: value, verdict, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Status = Literal["ok", "suspect", "unknown"]
"""What checking says of a value that could be read: fit for use, doubtful, or can't be told."""


class Checked:
    """A value that was checked; each type of field has its own, with its facts as attributes.

    text: as it was written; status: the verdict; code: of its finding, empty if there is none;
    suggestion: what was probably meant.
    """

    __slots__ = ()
    text: str
    status: Status
    code: str = ""
    suggestion: str | None = None

    @property
    def value(self) -> str:
        """The value of the field, as conditions see it: mostly as it was written."""
        return self.text

    @property
    def normal(self) -> str:
        """The normal form, which stands beside the value."""
        return self.value

    @property
    def details(self) -> Mapping[str, str]:
        """What the texts of its finding need."""
        return {}
