"""Misspelt domains: every slip of one character in the commonest domains is seen through."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.language.fields import Field
from scoreline.quality.typing import lists
from scoreline.quality.typing.typos import is_mailbox_domain, meant_domain
from scoreline.quality.typing.values import type_value

COMMONEST = [
    *("gmail.com", "hotmail.com", "yahoo.com", "mail.ru", "outlook.com", "yandex.ru", "icloud.com"),
    *("aol.com", "qq.com", "web.de", "gmx.de", "orange.fr", "hotmail.fr", "hotmail.co.uk"),
    *("yahoo.co.uk", "163.com", "live.com", "wanadoo.fr", "free.fr", "bk.ru", "list.ru"),
    *("inbox.ru", "rambler.ru", "yahoo.fr", "gmx.net", "t-online.de", "msn.com", "libero.it"),
    *("comcast.net", "btinternet.com"),
]
SIGNS = string.ascii_lowercase + string.digits + "-"


def slips(domain: str) -> Iterator[str]:
    """Everything that is one slip away: a sign left out, too many, another one, two swapped."""
    for place in range(len(domain) + 1):
        before, after = domain[:place], domain[place:]
        yield from (before + sign + after for sign in SIGNS)
        if after:
            yield before + after[1:]
            yield from (before + sign + after[1:] for sign in SIGNS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


@pytest.mark.parametrize("domain", COMMONEST)
def test_slips_in_the_commonest_domains_are_seen_through(domain: str) -> None:
    typed = {slip for slip in slips(domain) if slip != domain}
    right = [slip for slip in typed if meant_domain(slip) == domain]
    assert len(right) / len(typed) >= 0.95


def test_a_domain_that_gives_mailboxes_is_no_misspelling() -> None:
    known = lists.mainstream_domains() | lists.free_domains() | lists.relay_domains()
    assert [domain for domain in known if meant_domain(domain)] == []
    assert is_mailbox_domain("yaho.com"), "a free mailbox by itself, though it looks misspelt"


@given(st.from_regex(r"[a-z]{6,20}\.(ru|com|fr|io)", fullmatch=True))
def test_what_is_meant_is_well_known_and_one_slip_away(domain: str) -> None:
    meant = meant_domain(domain)
    assert meant is None or (meant in lists.mainstream_domains() and domain in set(slips(meant)))


def test_letters_of_another_alphabet_that_look_the_same() -> None:
    assert meant_domain("gmаil.com") == "gmail.com", "with a Cyrillic а"


@pytest.mark.parametrize("cell", ["anna@gmial.com", "anna@gmail,com", "anna@gmailcom"])
def test_a_suggestion_changes_nothing(cell: str) -> None:
    typed = type_value(Field("email", "email"), cell)
    assert typed.value in (cell, None), "as it was written, or invalid: never what is suggested"


def test_a_finding_names_the_domain_and_never_the_person() -> None:
    typed = type_value(Field("email", "email"), "anna.karenina@gmial.com")
    assert typed.code == "email-typo"
    assert "gmail.com" in typed.hint
    assert "anna" not in typed.hint + typed.message
