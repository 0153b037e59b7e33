"""Which value of a field survives where records are joined: rules by name, and which is whose.

A cell that is right beats one that is doubtful, and that one a wrong one, whatever the rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from scoreline.errors import UsageError, did_you_mean
from scoreline.quality.roles import Role

Surviving = Literal["most", "latest", "complete", "longest", "first"]
"""What most of them say (of equals the longest); the record of the latest date; the record that
says most; the longest; the first record."""
OF_ROLE: Mapping[Role, Surviving] = {
    **dict.fromkeys(("given name", "surname", "full name", "organisation"), "most"),
    **dict.fromkeys(("birth date", "company id", "personal id", "iban"), "most"),
}
"""What stays for life is what most say; what changes, all else, is what was said last."""
OTHERWISE: Surviving = "latest"
_VERDICTS = {"ok": 0, "unknown": 1, "suspect": 2, "bad": 3}


@dataclass(frozen=True, slots=True)
class Said:
    """What one of the records says in a field.

    verdict: of its cell; since: the date of the record, None without one; filled: how many cells of
    the record hold something.
    """

    value: str | None
    verdict: str
    since: tuple[str, str] | None
    filled: int


def rule_named(name: str) -> Surviving:
    """A rule by its name; raises UsageError for a name that is no rule's."""
    for rule in get_args(Surviving):
        if rule == name:
            found: Surviving = rule
            return found
    rules = get_args(Surviving)
    hint = did_you_mean(name, rules) or f"Rules: {', '.join(rules)}."
    raise UsageError(f"There is no rule `{name}` of what survives.", hint)


def ranks(rule: Surviving, said: Sequence[Said]) -> dict[str, int]:
    """How good each value is that some records hold, the kept one first: the least is the best.

    >>> found = ranks("most", [Said("Jon", "ok", None, 3), Said("John", "ok", None, 2)])
    >>> sorted(found, key=found.get)
    ['John', 'Jon']
    """
    counts = Counter(one.value for one in said)
    dates = sorted({one.since for one in said if one.since is not None})

    def place(position: int, one: Said) -> tuple[int, ...]:
        value = one.value or ""
        since = -1 if one.since is None else dates.index(one.since)
        by_rule: tuple[int, ...] = ()
        if rule == "most":
            by_rule = (-counts[value], -len(value))
        elif rule == "latest":
            by_rule = (-since, -one.filled)
        elif rule == "complete":
            by_rule = (-one.filled,)
        elif rule == "longest":
            by_rule = (-len(value),)
        return (_VERDICTS.get(one.verdict, 1), *by_rule, position)

    best: dict[str, tuple[int, ...]] = {}
    for position, one in enumerate(said):
        if one.value is not None:
            best[one.value] = min(place(position, one), best.get(one.value, (9,)))
    return {value: number for number, value in enumerate(sorted(best, key=lambda v: best[v]))}
