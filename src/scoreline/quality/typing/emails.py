"""Text -> e-mail address and its facts: status, kind, role, domain, suggestion.

The verdict is email-validator's, without asking the network. What it says of a domain is kept, so
that a plain address costs one regular expression and one look-up; an address counts as plain only
if the library is sure to accept it and to leave the part before @ as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scoreline.quality.typing import lists
from scoreline.quality.typing.checked import Checked, Status
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.typos import meant_domain

LONGEST = 254
"""Octets an address may have, RFC 5321."""

PLAIN_LOCAL = r"[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+(?:\.[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+)*"
PLAIN_DOMAIN = (
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_PLAIN = re.compile(rf"({PLAIN_LOCAL})@({PLAIN_DOMAIN})", re.ASCII)


PLACEHOLDER_LOCAL = (
    r"(?:test|tester|testing|asdf\w*|qwe|qwerty|qwertz|azerty|zxcv|none|null|na|no|nomail|noemail"
    r"|no-?email|no-?mail|example|foo|bar|fake|dummy|anonymous|undefined|aa+|bb+|xx+|zz+|1+|123\d*)"
)
"""Local parts, in small letters, that people type to get past a form."""
_PLACEHOLDER = re.compile(PLACEHOLDER_LOCAL, re.ASCII)


@dataclass(frozen=True, slots=True)
class Domain:
    """What is known of a domain: its normal form, whose mailboxes it has, what was meant by it."""

    name: str
    ascii: str
    kind: str
    code: str = ""
    meant: str | None = None


@dataclass(frozen=True, slots=True)
class Email(Checked):
    """An e-mail address in its normal form, with its facts; `code` names the finding."""

    address: str
    kind: str
    role: bool
    domain: str
    status: Status = "ok"
    code: str = ""
    suggestion: str | None = None

    @property
    def value(self) -> str:
        """The address in its normal form."""
        return self.address

    @property
    def details(self) -> Mapping[str, str]:
        """What the texts of its finding need."""
        meant = (self.suggestion or "").rpartition("@")[2]
        return {"domain": self.domain, "meant": meant}


def read_email(text: str) -> Email | Refusal:
    """The address in a normal text.

    >>> read_email("Ivan@GMAIL.COM").address, read_email("Ivan@gmial.com").suggestion
    ('Ivan@gmail.com', 'Ivan@gmail.com')
    """
    if len(text) > 8 * LONGEST:  # the library would look at each sign of it
        return Refusal("email-invalid", {"why": "The email address is too long."})
    match = _PLAIN.fullmatch(text)
    if match is None or len(text) > LONGEST:
        return _by_library(text)
    domain = plain_domain(match[2])
    if isinstance(domain, Refusal):
        return _by_library(text)
    if domain.name != domain.ascii:  # punycode: the length may change, so the library looks
        return _by_library(text)
    local = match[1]
    if local.lower() in case_insensitive_names():
        local = local.lower()
    return _email(f"{local}@{domain.name}", local, domain)


@lru_cache(maxsize=50_000)
def plain_domain(domain: str) -> Domain | Refusal:
    """What is known of a domain of plain shape, as written; asked of the library once."""
    try:
        found = _validate(f"a@{domain}")
    except ValueError as error:
        return Refusal("email-invalid", {"why": str(error)})
    return _domain(str(found.domain), str(found.ascii_domain))


def _domain(name: str, ascii_domain: str) -> Domain:
    """What is known of a domain that the library accepts."""
    kind = kind_of_domain(ascii_domain)
    if meant := meant_domain(name):
        return Domain(name, ascii_domain, kind, "email-typo", meant)
    code = ""
    if kind == "disposable":
        code = "email-disposable"
    elif kind == "corporate" and _under(ascii_domain, lists.suspect_domains()):
        code = "email-suspect"
    return Domain(name, ascii_domain, kind, code)


def _email(address: str, local: str, domain: Domain) -> Email:
    """An address with its facts."""
    code = domain.code or ("email-placeholder" if is_placeholder(local) else "")
    meant = f"{local}@{domain.meant}" if domain.meant else None
    status: Status = "suspect" if code else "ok"
    return Email(address, domain.kind, is_role(local), domain.name, status, code, meant)


def is_placeholder(local: str) -> bool:
    """Whether a local part is what people type to get past a form."""
    return _PLACEHOLDER.fullmatch(local.lower()) is not None


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


SHORT = 60
"""Letters up to which no address is too long, whatever its domain comes to in ASCII."""


def _by_parts(text: str) -> Email | None:
    """The address whose two parts the library takes by themselves; None where it should see all.

    Domains are few, and those in other alphabets cost the most, so each is asked of once.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(text) > SHORT or '"' in text:
        return None
    known = plain_domain(domain)
    if isinstance(known, Refusal):
        return None
    try:
        found = str(_validate(f"{local}@mail.ru").local_part)
    except ValueError:
        return None
    return _email(f"{found}@{known.name}", found, known)


def _by_library(text: str) -> Email | Refusal:
    """The address as email-validator reads it; a sign that was lost in decoding is no sign."""
    if "\ufffd" in text:
        return Refusal("email-invalid", {"why": "It holds a sign that could not be decoded."})
    if (found_by_parts := _by_parts(text)) is not None:
        return found_by_parts
    try:
        found = _validate(text)
    except ValueError as error:
        return Refusal("email-invalid", {"why": str(error)} | _suggested(text))
    domain = _domain(str(found.domain), str(found.ascii_domain))
    return _email(str(found.normalized), str(found.local_part), domain)


def _suggested(text: str) -> dict[str, str]:
    """What was probably meant by a text that is no address: `anna@gmailcom`."""
    local, at, domain = text.rpartition("@")
    meant = meant_domain(domain.lower()) if at and re.fullmatch(PLAIN_LOCAL, local) else None
    return {"suggestion": f"{local}@{meant}"} if meant else {}
