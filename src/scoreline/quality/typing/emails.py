"""Text -> e-mail address and its facts: kind, role, domain.

The verdict is email-validator's, without asking the network. What it says of a domain is kept, so
that a plain address costs one regular expression and one look-up; an address counts as plain only
if the library is sure to accept it and to leave the part before @ as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scoreline.quality.typing import lists
from scoreline.quality.typing.codes import Refusal

LONGEST = 254
"""Octets an address may have, RFC 5321."""

PLAIN_LOCAL = r"[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+(?:\.[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+)*"
PLAIN_DOMAIN = (
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_PLAIN = re.compile(rf"({PLAIN_LOCAL})@({PLAIN_DOMAIN})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Domain:
    """What is known of a domain: its normal form, and whose mailboxes it has."""

    name: str
    ascii: str
    kind: str


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address in its normal form, with its facts."""

    address: str
    kind: str
    role: bool
    domain: str


def read_email(text: str) -> Email | Refusal:
    """The address in a normal text.

    >>> read_email("Ivan@GMAIL.COM")
    Email(address='Ivan@gmail.com', kind='free', role=False, domain='gmail.com')
    """
    if len(text) > 8 * LONGEST:  # the library would look at each sign of it
        return Refusal("email-invalid", {"why": "The email address is too long."})
    match = _PLAIN.fullmatch(text)
    if match is None or len(text) > LONGEST:
        return _by_library(text)
    domain = plain_domain(match[2])
    if isinstance(domain, Refusal):
        return domain
    if domain.name != domain.ascii:  # punycode: the length may change, so the library looks
        return _by_library(text)
    local = match[1]
    if local.lower() in case_insensitive_names():
        local = local.lower()
    return Email(f"{local}@{domain.name}", domain.kind, is_role(local), domain.name)


@lru_cache(maxsize=50_000)
def plain_domain(domain: str) -> Domain | Refusal:
    """What is known of a domain of plain shape, as written; asked of the library once."""
    try:
        found = _validate(f"a@{domain}")
    except ValueError as error:
        return Refusal("email-invalid", {"why": str(error)})
    ascii_domain = str(found.ascii_domain)
    return Domain(str(found.domain), ascii_domain, kind_of_domain(ascii_domain))


def kind_of_domain(domain: str) -> str:
    """Whose mailboxes a domain (ASCII, lower case) has.

    >>> kind_of_domain("gmail.com"), kind_of_domain("acme.ru"), kind_of_domain("x.duck.com")
    ('free', 'corporate', 'relay')
    """
    if domain in lists.mainstream_domains():
        return "free"
    if _under(domain, lists.relay_domains()):
        return "relay"
    if _under(domain, lists.disposable_domains()):
        return "disposable"
    return "free" if domain in lists.free_domains() else "corporate"


def is_role(local: str) -> bool:
    """Whether a local part stands for a job, not a person; what follows + does not count."""
    return local.partition("+")[0].casefold() in lists.role_names()


@lru_cache(maxsize=1)
def case_insensitive_names() -> frozenset[str]:
    """Local parts that the library writes in small letters (RFC 2142)."""
    from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

    return frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)


def _under(domain: str, listed: frozenset[str]) -> bool:
    """Whether the domain or one it lies under is listed."""
    while True:
        if domain in listed:
            return True
        _, dot, domain = domain.partition(".")
        if not dot:
            return False


def _validate(text: str) -> Any:
    from email_validator import validate_email  # 80 ms: only where e-mails are

    return validate_email(text, check_deliverability=False)


def _by_library(text: str) -> Email | Refusal:
    """The address as email-validator reads it; a sign that was lost in decoding is no sign."""
    if "\ufffd" in text:
        return Refusal("email-invalid", {"why": "It holds a sign that could not be decoded."})
    try:
        found = _validate(text)
    except ValueError as error:
        return Refusal("email-invalid", {"why": str(error)})
    local, domain = str(found.local_part), str(found.domain)
    kind = kind_of_domain(str(found.ascii_domain))
    return Email(str(found.normalized), kind, is_role(local), domain)
