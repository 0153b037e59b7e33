"""What the reading of a cell gives where a value comes with facts: value, verdict, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Status = Literal["ok", "suspect", "unknown"]
"""What checking says of a value that could be read: fit for use, doubtful, or can't be told."""


class Checked:
    """A value that was checked; each type of field has its own, with its facts as attributes.

    value: as conditions see it; status: the verdict; code: of its finding, empty if there is none;
    normal: its normal form, which stands beside the value; suggestion: what was probably meant.
    """

    __slots__ = ()
    status: Status
    code: str = ""
    suggestion: str | None = None

    @property
    def value(self) -> str:
        """The value of the field."""
        raise NotImplementedError

    @property
    def normal(self) -> str:
        """The value in its normal form."""
        return self.value

    @property
    def details(self) -> Mapping[str, str]:
        """What the texts of its finding need."""
        return {}
