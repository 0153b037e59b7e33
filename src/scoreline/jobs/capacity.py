"""How many records can be reached: what `--capacity` says."""

from __future__ import annotations

from dataclasses import dataclass

from scoreline.errors import UsageError


@dataclass(frozen=True)
class Capacity:
    """How many records can be reached: so many, or a share of them."""

    count: int | None = None
    share: float | None = None

    def of(self, rows: int) -> int:
        """How many of so many records, one at least."""
        if self.count is not None:
            return self.count
        return max(round((self.share or 0.0) * rows), 1)


def capacity_of(text: str) -> Capacity:
    """What `--capacity 200` or `--capacity 10%` says.

    >>> capacity_of("200"), capacity_of("12.5 %")
    (Capacity(count=200, share=None), Capacity(count=None, share=0.125))
    """
    bare = text.strip()
    try:
        if bare.endswith("%"):
            share = float(bare[:-1]) / 100
            if 0 < share <= 1:
                return Capacity(share=share)
        elif int(bare) > 0:
            return Capacity(count=int(bare))
    except ValueError:
        pass
    raise UsageError(
        f"`--capacity {text[:80]}` is no number of records and no share of them.",
        "Write --capacity 200 or --capacity 10%.",
    )
