"""A mailbox domain that was probably meant: gmial.com -> gmail.com. A suggestion, never a change.

What may be meant is a well-known domain one slip away: a character too many, too few or wrong, two
neighbours swapped, the ending left out, or a letter of another alphabet that looks the same. Of
several, the likeliest is taken: how common the domain is, times how easily the slip is made. A
domain that itself gives mailboxes to anyone, or relays them, is never taken for a misspelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from scoreline.quality.typing import lists

LONGEST = 40
"""Characters beyond which no domain is near a well-known one."""

_KEYS = ("1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm.")
_EASY, _USUAL, _RARE = 4, 2, 1
"""How easily a slip is made: neighbours swapped, a key beside it, doubled; left out; any other."""
_LOOKALIKES = str.maketrans("авекмнорстухіїјѕԁԛԝ", "abekmhopctyxiijsdqw")


def meant_domain(domain: str) -> str | None:
    """The well-known domain that a domain (lower case) was probably meant to be; None if none.

    >>> meant_domain("gmial.com"), meant_domain("gmail,com"), meant_domain("acme.ru")
    ('gmail.com', 'gmail.com', None)
    """
    if len(domain) > LONGEST or is_mailbox_domain(domain):
        return None
    if domain in _by_name():
        return _by_name()[domain]
    looks = domain.translate(_LOOKALIKES)
    if looks in lists.mainstream_domains():
        return looks
    near = {found for cut in _cuts(domain) for found in _by_cut().get(cut, ())}
    ranked = sorted((-_likely(domain, meant), meant) for meant in near)
    return next((meant for likely, meant in ranked if likely), None)


def is_mailbox_domain(domain: str) -> bool:
    """Whether a domain is known to give mailboxes to anyone, or to relay them."""
    return (
        domain in lists.mainstream_domains()
        or domain in lists.free_domains()
        or domain in lists.relay_domains()
    )


def _cuts(text: str) -> Iterator[str]:
    """The text, and what is left of it without one character."""
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


@cache
def _by_cut() -> dict[str, tuple[str, ...]]:
    """Well-known domains by their cuts: two texts one slip apart have a cut in common."""
    found: dict[str, tuple[str, ...]] = {}
    for domain in sorted(lists.mainstream_domains()):
        for cut in set(_cuts(domain)):
            found[cut] = (*found.get(cut, ()), domain)
    return found


@cache
def _by_name() -> dict[str, str]:
    """Name of a provider without its ending -> its commonest domain: gmail -> gmail.com."""
    found: dict[str, str] = {}
    for domain in sorted(lists.mainstream_domains(), key=lists.commonness):
        found[domain.partition(".")[0]] = domain
    return found


def _likely(typed: str, meant: str) -> int:
    """How likely one was typed for the other: 0 if they are more than one slip apart."""
    return lists.commonness(meant) * _ease(typed, meant)


def _ease(typed: str, meant: str) -> int:
    start = next(
        (i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b),
        min(len(typed), len(meant)),
    )
    here, there = typed[start:], meant[start:]
    if len(here) == len(there):
        if here[1:] == there[1:]:
            return _EASY if there[0] in _beside(here[0]) else _RARE
        swapped = here[1::-1] == there[:2] and here[2:] == there[2:]
        return _EASY if swapped else 0
    if here == there[1:]:  # left out
        return _EASY if meant[start - 1 : start] == there[0] else _USUAL
    if here[1:] == there:  # too many
        around = typed[start - 1 : start] + there[:1]
        easy = here[0] in around or any(here[0] in _beside(sign) for sign in around)
        return _EASY if easy else _RARE
    return 0


@cache
def _beside(sign: str) -> frozenset[str]:
    """The keys that touch a key, on a keyboard whose rows are moved by half a key."""
    for row, keys in enumerate(_KEYS):
        if sign in keys:
            place = keys.index(sign)
            near = {keys[place - 1 : place], keys[place + 1 : place + 2]}
            if row:
                near |= set(_KEYS[row - 1][place : place + 2])
            if row + 1 < len(_KEYS):
                below = _KEYS[row + 1]
                near |= set(below[max(place - 1, 0) : place + 1])
            return frozenset(near - {""}) | ({","} if sign == "." else frozenset())
    return frozenset(".") if sign == "," else frozenset()
