"""A match model that outlives its base: what the next record is compared by, as text and back.

The text is JSON with a version. It holds what is learnt: columns with their roles, points, keys of
the index. The classes of values are apart, for they are as many as the base is large; they and the
keys are known by hashes, so that neither the text nor an index shows what anybody is called.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar, cast

from scoreline.engines.base import Result
from scoreline.errors import DataError
from scoreline.quality.duplicates.blocking import Key, Part
from scoreline.quality.duplicates.comparisons import (
    CONTACTS,
    RARE,
    SHARED,
    USUAL,
    Comparison,
    comparisons,
)
from scoreline.quality.duplicates.finding import Duplicates
from scoreline.quality.duplicates.index import index_keys
from scoreline.quality.duplicates.model import MatchModel, reasons_text
from scoreline.quality.duplicates.prepare import parts
from scoreline.quality.duplicates.standard import date_order, standard
from scoreline.quality.headers import header_of
from scoreline.quality.roles import Role
from scoreline.quality.text import plain_text
from scoreline.quality.typing.date_orders import Order

VERSION = 1
_ROUNDED = 1e-6
"""Sums of points in floats are nearer to the exact ones, which have 4 decimals."""
MOST_PATTERNS = 10_000
"""Patterns of answers whose result is kept: far more than a base has that are worth anything."""

Given = Mapping[str, Any]
"""The raw values of a record by header: texts, or numbers and truths as JSON has them."""
Record = dict[str, str | int | None]
"""A record as it is compared: column -> standard value, class of its frequency, or None."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A record that is rather one customer with the new one than two; result: what the card says.

    key: what the record was handed over with.
    """

    key: T
    result: Result

    @property
    def points(self) -> float:
        """The points of the pair."""
        return float(self.result.score)

    @property
    def reasons(self) -> str:
        """The lines of the pair that speak loudest."""
        return reasons_text(self.result)


@dataclass(frozen=True)
class KeptModel:
    """What a new record is compared with a base by.

    orders: of day, month and year in columns of dates, by code; keys: of the index; salt: what
    hashes begin with, so that they differ between bases.
    """

    model: MatchModel
    orders: Mapping[str, Order]
    keys: tuple[Key, ...]
    salt: str
    _results: dict[tuple[str | None, ...], Result] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """What two records are compared by."""
        return self.model.comparisons

    def prepared(self, given: Given) -> Record:
        """A record as it is compared; no value of it is known to be frequent yet."""
        record: Record = {}
        for one in self.comparisons:
            record |= self._column(one, given)
        return record

    def when_asked(self, given: Given) -> Record:
        """The same record, whose columns are prepared when they are asked for: few of them are."""
        return _WhenAsked(self, given)

    def column_of(self, name: str, given: Given) -> Record:
        """The part of a prepared record that comes from the column behind one of its names."""
        return self._column(self._by_code[name.partition("_")[0]], given)

    @cached_property
    def _by_code(self) -> dict[str, Comparison]:
        return {one.code: one for one in self.comparisons}

    def _column(self, one: Comparison, given: Given) -> Record:
        code, raw = one.code, self._raw(one.name, given)
        text = None if raw is None else plain_text(raw)
        value, ends = _standard(one.role, text, self.orders.get(code, "dmy"))
        found: Record = {code: value, f"{code}_f": None if value is None else _unseen(one.role)}
        for end, part in ends:
            found[code + end] = part
        return found

    @staticmethod
    def _raw(name: str, given: Given) -> object:
        if name in given:
            return given[name]
        header = header_of([name], given)
        return None if header is None else given[header]

    def values_of(self, record: Record) -> dict[str, int]:
        """The hashes of a record's values, whose classes are to be looked up; by code."""
        codes = [one.code for one in self.comparisons]
        return {code: self.value(code, str(record[code])) for code in codes if record[code]}

    def classed(self, record: Record, classes: Mapping[int, int]) -> Record:
        """The record with the classes of its values, by their hashes."""
        hashes = self.values_of(record)
        found = {f"{code}_f": classes[one] for code, one in hashes.items() if one in classes}
        return record | found

    def keys_of(self, record: Record) -> list[int]:
        """The hashes of a record's keys; a contact that many share is none."""
        found = []
        for place, key in enumerate(self.keys):
            values = key.of(record)
            if values is not None and all(record[f"{c}_f"] != SHARED for c in key.columns):
                found.append(_hash(self.salt, "key", str(place), *values))
        return found

    def best(self, new: Record, others: Iterable[tuple[T, Record]], most: int) -> list[Match[T]]:
        """The records of most points, the most first, that are rather one customer with the new."""
        likely = [(key, other) for key, other in others if self._may_be_one(new, other)]
        found = [Match(key, self.pair(new, other)) for key, other in likely]
        rather = [one for one in found if one.points > 0]
        return sorted(rather, key=lambda one: -one.points)[:most]

    def _may_be_one(self, new: Record, other: Record) -> bool:
        """Whether two records can come to more than 0 points: False as soon as they can't.

        Most candidates agree in the one value that they were found by, and in nothing else.
        """
        points = self.model.base
        for one, of_level, rest in self._telling_first:
            level = one.level(new, other)
            if level is not None:
                points += of_level[level]
            if points + rest <= -_ROUNDED:
                return False
        return True

    @cached_property
    def _telling_first(self) -> list[tuple[Comparison, dict[str, float], float]]:
        """The comparisons, those of the widest points first, with the points of their levels.

        The last number is the most that those after it can come to.
        """
        pairs = sorted(
            zip(self.comparisons, self.model.points, strict=True),
            key=lambda pair: min(pair[1]) - max(pair[1]),
        )
        most, found = 0.0, []
        for one, points in reversed(pairs):
            of_level = dict(zip(reversed(one.level_names), points, strict=True))
            found.append((one, of_level, most))
            most += max(0.0, *points)
        return found[::-1]

    def pair(self, new: Record, other: Record) -> Result:
        """The result of two prepared records, the new one classed."""
        levels = tuple(one.level(new, other) for one in self.comparisons)
        result = self._results.get(levels)
        if result is None:
            if len(self._results) >= MOST_PATTERNS:
                self._results.clear()
            result = self._results[levels] = self.model.score(levels)
        return result

    def value(self, code: str, value: str) -> int:
        """The hash of a standard value of a column."""
        return _hash(self.salt, "value", code, value)

    def text(self) -> str:
        """The model as JSON, without the classes of values."""
        return json.dumps(
            {
                "match_model": VERSION,
                "salt": self.salt,
                "base": self.model.base,
                "columns": [
                    {
                        "name": one.name,
                        "role": one.role,
                        "order": self.orders.get(one.code),
                        "levels": one.level_names[::-1],
                        "points": points,
                        "chance": chance,
                    }
                    for one, points, chance in zip(
                        self.comparisons, self.model.points, self.model.chance, strict=True
                    )
                ],
                "keys": [
                    [{"column": part.column, "letters": part.letters} for part in key.parts]
                    for key in self.keys
                ],
            },
            ensure_ascii=False,
        )

    @classmethod
    def of_text(cls, text: str) -> KeptModel:
        """The model of a text.

        Raises DataError for a text of another version, or whose levels are not those of today.
        """
        kept = json.loads(text)
        columns = kept["columns"] if kept.get("match_model") == VERSION else []
        roles = {one["name"]: cast("Role", one["role"]) for one in columns}
        compared = comparisons(roles)
        levels = [list(one.level_names[::-1]) for one in compared]
        if not columns or levels != [one["levels"] for one in columns]:
            raise DataError(
                "The match model was made by another version of Scoreline.",
                "Have it learnt anew: scoreline duplicates WORKSPACE.",
            )
        points = tuple(tuple(map(float, one["points"])) for one in columns)
        chance = tuple(tuple(map(float, one["chance"])) for one in columns)
        orders = {
            one.code: kind["order"]
            for one, kind in zip(compared, columns, strict=True)
            if kind["order"]
        }
        keys = tuple(_key([Part(**part) for part in parts]) for parts in kept["keys"])
        model = MatchModel(compared, points, float(kept["base"]), chance)
        return cls(model, orders, keys, kept["salt"])


class _WhenAsked(Record):
    """A record as it is compared, whose columns are prepared when they are asked for."""

    def __init__(self, kept: KeptModel, given: Given) -> None:
        super().__init__()
        self._kept, self._given = kept, given

    def __missing__(self, name: str) -> str | int | None:
        self.update(self._kept.column_of(name, self._given))
        return self[name]


def keep(
    found: Duplicates, raw: Mapping[str, Iterable[str | None]], salt: str
) -> tuple[KeptModel, dict[int, int]]:
    """The model of a base as it is kept, and the classes of values by their hashes.

    raw: the columns of the base. Values that are as frequent as one that was never seen have none.
    """
    orders = {
        one.code: date_order(list(raw[one.name]))
        for one in found.base.comparisons
        if one.role in ("birth date", "date")
    }
    kept = KeptModel(found.model, orders, index_keys(found), salt)
    classes = {
        kept.value(code, value): place
        for code, frequencies in found.base.frequencies.items()
        for value, place in frequencies.classes.items()
        if place != frequencies.unseen
    }
    return kept, classes


@lru_cache(maxsize=50_000)
def _standard(
    role: Role, text: str | None, order: Order
) -> tuple[str | None, tuple[tuple[str, str | None], ...]]:
    """The standard value of a cell, and its parts; names and towns come again and again."""
    value = standard(role, text, order)
    return value, tuple(parts(role, value).items())


def _unseen(role: Role) -> int:
    """The class of a value that the base has not seen."""
    return USUAL if role in CONTACTS else RARE


def _key(parts: list[Part]) -> Key:
    return Key(tuple(parts), tuple(dict.fromkeys(p.column.partition("_")[0] for p in parts)))


def _hash(*words: str) -> int:
    """64 bits of a hash, as databases keep whole numbers."""
    digest = hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
