"""How the columns of two records are compared: for each column its levels, strongest first.

A level is a bin of the match card: `same and rare`, `same`, `near`, `other`. Rarity is a level of
its own, so that the model stays a table of points. What a level is worth is learnt, not said here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoreline.quality.duplicates.pairtests import (
    Alike,
    All,
    Crossed,
    Edits,
    Either,
    PairTest,
    Prepared,
    Same,
    Within,
)
from scoreline.quality.roles import Role

OTHER = "other"
RARE, USUAL, COMMON, SHARED = 0, 1, 2, 3
"""Classes of values by how often they stand in the base; shared is a contact of many people."""
CLASSES = {
    RARE: "same, rare",
    USUAL: "same",
    COMMON: "same, common",
    SHARED: "same, shared by many",
}

CONTACTS = frozenset({"email", "phone", "company id", "personal id", "iban"})
"""Roles of values that a customer has for himself; one that many share says nothing."""
ADDRESS: frozenset[Role] = frozenset(
    {"street", "house number", "city", "region", "postcode", "country"}
)
"""Roles of values that neighbours have in common."""
PLACE = ADDRESS | {"surname"}
"""Roles of values that people of one household, or firms of one house, have in common."""

NAMES = frozenset({"full name", "organisation"})
"""Roles of whole names: two records may have one because its words are common."""
WHO = NAMES | {"given name", "birth date", "company id", "personal id"}
"""Roles of values that say who a customer is, and not where he lives."""
WEAK: frozenset[Role] = (ADDRESS - {"street"}) | {"given name"}
"""Roles of values that many strangers have in common."""
MADE_OF_NAMES = NAMES | {"web", "email"}
"""Roles of values that are one with the name, or made of it."""
NEAR, ROUGHLY = 0.92, 0.8
"""Jaro-Winkler: one letter wrong in a word of eight or more; half the letters in their places."""


_NAMED = frozenset({"roughly alike"})
_DATED = frozenset({"same year, or same day and month"})
NOT_ONE: Mapping[Role, frozenset[str]] = defaultdict(
    frozenset,
    {
        "given name": _NAMED,
        "surname": _NAMED,
        "full name": _NAMED,
        "organisation": _NAMED,
        "street": _NAMED | {"near"},
        "birth date": _DATED,
        "date": _DATED,
    },
)
"""Levels of values that are rather two than one."""


@dataclass(frozen=True, slots=True)
class Level:
    """One answer of a comparison: its name, and the question that decides it."""

    name: str
    test: PairTest


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two records are compared by: a column and its levels, strongest first.

    name: the header of the column; code: the short name of its prepared column; missing: the
    question that makes it missing although both values are there: names that are swapped count
    once, and a contact that many share says nothing.
    """

    name: str
    role: Role
    code: str
    levels: tuple[Level, ...]
    missing: PairTest | None = None

    def shared_by_a_house(self, people: bool) -> bool:
        """Whether a household has it in common: an address, and of people also the phone."""
        return self.role in PLACE or (people and self.role == "phone")

    @property
    def shared_by_neighbours(self) -> bool:
        """Whether records of one street or town have it in common."""
        return self.role in ADDRESS

    @property
    def shared_by_namesakes(self) -> bool:
        """Whether records of one name have it in common."""
        return self.role in MADE_OF_NAMES

    @property
    def shared_by_mailboxes(self) -> bool:
        """Whether people have it in common whose mailboxes are made of their names."""
        return self.role in ("given name", "surname", "email")

    @property
    def telling(self) -> tuple[bool, ...]:
        """Whether each level says that it is one value, written otherwise; by place, `other` first.

        A year that is the same is another birthday, a street of another number another house, and
        names that are roughly alike are other names.
        """
        named = (OTHER, *(level.name for level in reversed(self.levels)))
        return tuple(
            place > 0 and name not in NOT_ONE[self.role] for place, name in enumerate(named)
        )

    @property
    def level_names(self) -> tuple[str, ...]:
        """The names of its levels, strongest first, and `other` last."""
        return (*(level.name for level in self.levels), OTHER)

    @property
    def missing_sql(self) -> str:
        """Whether nothing can be said, in SQL."""
        absent = f'"{self.code}_l" IS NULL OR "{self.code}_r" IS NULL'
        return f"{absent} OR ({self.missing.sql})" if self.missing else absent

    @property
    def sql(self) -> str:
        """The number of the level from the end (other is 0), NULL for missing."""
        whens = " ".join(
            f"WHEN {level.test.sql} THEN {number}"
            for number, level in zip(range(len(self.levels), 0, -1), self.levels, strict=True)
        )
        return f"CASE WHEN {self.missing_sql} THEN NULL {whens} ELSE 0 END"

    def level(self, left: Prepared, right: Prepared) -> str | None:
        """The name of the level of two records; None if nothing can be said."""
        if left[self.code] is None or right[self.code] is None:
            return None
        if self.missing is not None and self.missing.holds(left, right):
            return None
        for level in self.levels:
            if level.test.holds(left, right):
                return level.name
        return OTHER


def of_people(compared: Iterable[Comparison]) -> bool:
    """Whether records are people, as far as columns say it."""
    return any(one.role in ("given name", "full name") for one in compared)


def comparisons(columns: Mapping[str, Role]) -> tuple[Comparison, ...]:
    """The comparisons of the columns that say who a record is, in the order of the columns."""
    codes = {header: f"c{number}" for number, header in enumerate(columns)}
    first = {role: codes[header] for header, role in reversed(list(columns.items()))}
    found = []
    for header, role in columns.items():
        code = codes[header]
        levels = _levels(role, code)
        missing: PairTest | None = None
        given, surname = first.get("given name"), first.get("surname")
        if given and surname and code == given:
            levels = (
                *levels[:3],
                Level("swapped with surname", Crossed(given, surname)),
                *levels[3:],
            )
        elif given and surname and code == surname:
            missing = Crossed(given, surname)
        elif role in CONTACTS:
            missing = Same(code, f"{code}_f", SHARED)
        found.append(Comparison(header, role, code, levels, missing))
    return tuple(found)


def same(code: str, *classes: int) -> tuple[Level, ...]:
    """Levels for equal values by how often the value stands in the base."""
    return tuple(Level(CLASSES[one], Same(code, f"{code}_f", one)) for one in classes)


def _levels(role: Role, code: str) -> tuple[Level, ...]:
    by_rarity = same(code, RARE, USUAL, COMMON)
    near = Level("near", Alike(code, NEAR))
    roughly = Level("roughly alike", Alike(code, ROUGHLY))
    slip = Level("one slip", Edits(code, 1))
    if role in ("given name", "surname"):
        return (*by_rarity, near, roughly)
    if role == "organisation":
        # Branches and firms of one make are numbered as mailboxes are.
        numbered = Same(f"{code}_g")
        return (
            *by_rarity,
            Level("same words", Same(f"{code}_w")),
            Level("near", All((numbered, Alike(code, NEAR)))),
            Level("same beginning", All((numbered, Same(f"{code}_b")))),
            Level("roughly alike", All((numbered, Alike(code, ROUGHLY)))),
        )
    if role == "full name":
        return (
            *by_rarity,
            Level("same words", Same(f"{code}_w")),
            near,
            Level("same beginning", Same(f"{code}_b")),
            roughly,
        )
    if role == "street":
        number = Same(f"{code}_n")
        return (
            *by_rarity,
            Level("same number, near", All((number, Alike(code, 0.88)))),
            near,
            Level("same number, same beginning", All((number, Same(f"{code}_b")))),
            roughly,
        )
    if role in ("birth date", "date"):
        return (
            Level("same", Same(code)),
            Level("day and month swapped", Within(code, f"{code}_s")),
            slip,
            Level(
                "same year, or same day and month", Either((Same(f"{code}_y"), Same(f"{code}_d")))
            ),
        )
    if role == "email":
        # Mailboxes are numbered: of another number it is another one, and no slip.
        numbered = Same(f"{code}_g")
        return (
            *same(code, USUAL),
            Level("one slip", All((numbered, Edits(code, 1)))),
            Level("same name, other domain", Same(f"{code}_w")),
            Level("two slips", All((numbered, Edits(code, 2)))),
        )
    if role == "web":
        return by_rarity
    if role == "phone":
        return (*same(code, USUAL), slip)
    if role in ("company id", "personal id", "iban"):
        return (*same(code, USUAL), slip, Level("two slips", Edits(code, 2)))
    if role in ("postcode", "house number"):
        return (*by_rarity, slip)
    return (*by_rarity, near)
