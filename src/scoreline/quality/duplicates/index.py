"""By which keys a new record is looked up: the fewest and narrowest that find what is to be found.

A base is searched by all rules of blocking; an index has room for some of them. Each key must pay
its way: it is chosen by the expected duplicates that it finds and no key before it does, for each
record that it makes us look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from scoreline.quality.duplicates.blocking import LARGEST_BLOCK, Key, Part, chosen_keys
from scoreline.quality.duplicates.chance import Floats
from scoreline.quality.duplicates.clusters import LEAST
from scoreline.quality.duplicates.comparisons import CONTACTS
from scoreline.quality.duplicates.finding import Duplicates
from scoreline.quality.duplicates.pairs import Rows
from scoreline.quality.duplicates.prepare import Base
from scoreline.quality.duplicates.settling import probability

WORTH = 0.01
"""A key finds so much at least of all expected duplicates that the keys before it did not."""


def index_keys(found: Duplicates) -> tuple[Key, ...]:
    """The keys of an index: every contact, then those that find most for what they cost.

    Pairs count by how likely they are one customer.
    """
    keys = dict.fromkeys(_contacts(found.base)) | dict.fromkeys(_of_batch(found.base))
    pairs, likely = found.scored.pairs, probability(found.scored.points)
    kept = likely >= LEAST**3
    left, right, likely = pairs.left[kept], pairs.right[kept], likely[kept]
    reaches = [_Reach.of(key, found.base.frame, left, right) for key in keys]
    return _worth_it(reaches, likely, len(_contacts(found.base)))


def _contacts(base: Base) -> list[Key]:
    """What a customer has for himself; the index has it, be there duplicates or none yet."""
    return [Key((Part(c.code),), (c.code,)) for c in base.comparisons if c.role in CONTACTS]


def _of_batch(base: Base) -> Sequence[Key]:
    """The keys by which the base itself is searched for duplicates."""
    with duckdb.connect() as connection:
        connection.register("prepared", base.frame.to_arrow())
        return chosen_keys(connection, base.comparisons, "prepared")


@dataclass(frozen=True)
class _Reach:
    """What a key finds: which of the pairs; cost: the records that a look-up by it meets."""

    key: Key
    finds: npt.NDArray[np.bool_]
    cost: float

    @classmethod
    def of(cls, key: Key, frame: pl.DataFrame, left: Rows, right: Rows) -> _Reach:
        values = pl.concat_str([_column(part) for part in key.parts], separator="\0")
        table = frame.select(values.alias("value")).with_columns(
            pl.len().over("value").alias("size")
        )
        small = table["value"].is_not_null() & (table["size"] <= LARGEST_BLOCK)
        one, other = table["value"].gather(left), table["value"].gather(right)
        finds = (one == other).fill_null(value=False) & small.gather(left)
        cost = table["size"].filter(small).sum() / max(1, frame.height)
        return cls(key, finds.to_numpy(), float(cost))


def _column(part: Part) -> pl.Expr:
    column = pl.col(part.column)
    return column.str.slice(0, part.letters) if part.letters else column


def _worth_it(reaches: Sequence[_Reach], likely: Floats, always: int) -> tuple[Key, ...]:
    """The first so many keys, then others while they find enough that was not found before."""
    rest = np.array(likely)
    for reach in reaches[:always]:
        rest[reach.finds] = 0.0
    chosen, waiting = [reach.key for reach in reaches[:always]], list(reaches[always:])
    least = WORTH * float(likely.sum())
    while waiting:
        gains = [float(rest[reach.finds].sum()) for reach in waiting]
        told = [gain / (1.0 + one.cost) for gain, one in zip(gains, waiting, strict=True)]
        told = [one if gain > least else 0.0 for one, gain in zip(told, gains, strict=True)]
        best = int(np.argmax(told))
        if not told[best]:
            break
        reach = waiting.pop(best)
        rest[reach.finds] = 0.0
        chosen.append(reach.key)
    return tuple(chosen)
