"""E-mail addresses: the library's verdict, and whose mailboxes a domain has."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email
from tests.quality.typing.traps import DOMAINS, LOCALS

from scoreline.quality.text import normal
from scoreline.quality.typing import lists
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.emails import Email, kind_of_domain, read_email

ISEMAIL = Path(__file__).parent / "isemail.csv"


def isemail() -> list[tuple[str, str]]:
    with ISEMAIL.open(encoding="utf-8", newline="") as file:
        return [
            (row["address"].encode("ascii").decode("unicode_escape"), row["category"])
            for row in csv.DictReader(file)
        ]


def library(text: str) -> tuple[str, str] | None:
    """Normal form and domain as the library alone would say."""
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized, found.domain


def test_every_address_is_judged_as_the_library_does() -> None:
    crossed = [f"{local}@{domain}" for local in LOCALS for domain in DOMAINS]
    addresses = [normal(text) for text in (*(text for text, _ in isemail()), *crossed)]
    accepted = 0
    for text in filter(None, addresses):
        read = read_email(text)
        got = (read.address, read.domain) if isinstance(read, Email) else None
        assert got == library(text), text
        accepted += got is not None
    assert accepted > 100
    assert len(addresses) - accepted > 100


def test_isemail_is_met() -> None:
    """No address that is an error passes; of valid ones only a domain without a dot is refused.

    Blanks and invisible signs at the ends are no errors here: they fall away before.
    """
    verdicts = [(text, category, read_email(normal(text))) for text, category in isemail()]
    assert len(verdicts) == 164
    errors = [read for _, category, read in verdicts if category == "ERR"]
    assert len(errors) == 66
    passed = [
        text
        for text, category, read in verdicts
        if category == "ERR" and isinstance(read, Email) and normal(text) == text
    ]
    assert passed == []
    valid = [(text, read) for text, category, read in verdicts if category.startswith("VALID")]
    refused = [text for text, read in valid if isinstance(read, Refusal)]
    assert len(valid) == 14
    assert refused == ["test@io"]


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("gmail.com", "free"),
        ("mail.ru", "free"),
        ("orange.fr", "free"),
        ("tutanota.com", "free"),  # on no list but ours
        ("privaterelay.appleid.com", "relay"),
        ("duck.com", "relay"),  # the free list has it too
        ("anna.anonaddy.com", "relay"),
        ("mailinator.com", "disposable"),
        ("a.b.mailinator.com", "disposable"),
        ("mailinator.com.acme.ru", "corporate"),
        ("mail.gmail.com", "corporate"),
        ("acme.ru", "corporate"),
        ("xn--yaho-sqa.com", "disposable"),
    ],
)
def test_kinds_of_domains(domain: str, kind: str) -> None:
    assert kind_of_domain(domain) == kind


def test_disposable_beats_free_and_mainstream_beats_both() -> None:
    both = lists.disposable_domains() & lists.free_domains()
    assert len(both) > 300
    spared = lists.mainstream_domains() | lists.relay_domains()
    assert {kind_of_domain(domain) for domain in both - spared} == {"disposable"}
    assert {kind_of_domain(domain) for domain in lists.mainstream_domains()} == {"free"}


def test_a_role_is_what_stands_before_at_and_plus() -> None:
    roles = {"info@a.ru", "INFO@a.ru", "sales+x@a.ru", "бухгалтерия@a.ru", "no-reply@a.ru"}
    persons = {"anna@a.ru", "info.anna@a.ru", "x+info@a.ru", "infos@a.ru"}
    for text in roles | persons:
        read = read_email(text)
        assert isinstance(read, Email)
        assert read.role == (text in roles), text


def test_our_lists_are_tidy() -> None:
    for domains in (lists.mainstream_domains(), lists.relay_domains()):
        for domain in domains:
            assert isinstance(read_email(f"a@{domain}"), Email), domain
            assert domain == domain.lower()
    assert not lists.mainstream_domains() & lists.relay_domains()
    assert all(name == normal(name).casefold() for name in lists.role_names())
    assert len(lists.mainstream_domains()) > 200
    assert len(lists.role_names()) > 200


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_address_in_parts_is_the_librarys(domain: str) -> None:
    """What is asked of the library in two parts is what it says of the whole."""
    for local in [
        *LOCALS,
        "Иван",
        "o'neil",
        "a+b",
        "é",
        "postmaster",
        "Abuse",
        "ｗｗｗ",
        "a\u200db",
    ]:
        for at in ("@", "@@", " @", ""):
            text = f"{local}{at}{domain}"
            found = read_email(text)
            ours = (found.address, found.domain) if isinstance(found, Email) else None
            assert ours == library(text), text
