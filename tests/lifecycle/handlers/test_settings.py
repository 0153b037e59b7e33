"""The `handlers` of a workspace file, read and refused."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from scoreline.errors import Finding
from scoreline.lifecycle.handlers.kinds import (
    Address,
    ChatHandler,
    CommandHandler,
    FileHandler,
    Handler,
    LetterHandler,
    MailServer,
    Secret,
    WebhookHandler,
)
from scoreline.lifecycle.handlers.message import PAYLOAD, Message, canonical_json
from scoreline.lifecycle.handlers.settings import KINDS, read_handlers
from scoreline.scorecard.reading.reader import Reader
from scoreline.scorecard.yamltree import Entries, read_tree

FOLDER = Path("/w")
WORKSPACE = """
handlers:
  crm:    {webhook: "https://crm.acme.ru/hook?a=1", secret: "env:CRM_SECRET", timeout: 30 seconds}
  chat:   {chat: "https://chat.acme.ru/hooks/abc"}
  rooms:  {chat: "env:CHAT_HOOK"}
  letter: {email: [sales@acme.ru, a@acme.ru], from: scores@acme.ru, password: "env:SMTP_PASSWORD",
           smtp: "smtp://user%40acme.ru@mail.acme.ru", subject: "{key} is {to}"}
  list:   {file: handed-over.jsonl}
  script: {command: [python3, notify.py]}
  near:   {webhook: "http://10.0.0.5:8080", secret: "file:crm.secret", inside: yes}
"""


def read(text: str) -> tuple[dict[str, Handler], list[Finding]]:
    """The handlers of a workspace file, and what is wrong with them."""
    reader, tree = Reader(), read_tree(text)
    assert isinstance(tree, Entries)
    return read_handlers(reader, tree, FOLDER), reader.findings


def refused(handler: str) -> Finding:
    """What is wrong with one handler, which is one thing."""
    found, findings = read(f"handlers:\n  good: {{file: a.jsonl}}\n  it: {handler}")
    assert list(found) == ["good"], "a handler with a mistake is left out, and no other"
    assert [finding.line for finding in findings] == [3]
    return findings[0]


def test_every_kind_is_read() -> None:
    found, findings = read(WORKSPACE)
    assert not findings
    assert list(found.values()) == [
        WebhookHandler(
            "crm",
            Address(True, "crm.acme.ru", 443, "/hook?a=1"),
            Secret("env", "CRM_SECRET"),
            timeout=30,
        ),
        ChatHandler("chat", Address(True, "chat.acme.ru", 443, "/hooks/abc")),
        ChatHandler("rooms", Secret("env", "CHAT_HOOK")),
        LetterHandler(
            "letter",
            ("sales@acme.ru", "a@acme.ru"),
            "scores@acme.ru",
            MailServer(
                "mail.acme.ru", 587, "starttls", "user@acme.ru", Secret("env", "SMTP_PASSWORD")
            ),
            "{key} is {to}",
        ),
        FileHandler("list", FOLDER / "handed-over.jsonl"),
        CommandHandler("script", ("python3", "notify.py"), FOLDER),
        WebhookHandler(
            "near", Address(False, "10.0.0.5", 8080, "/"), Secret("file", "/w/crm.secret"), True
        ),
    ]


@pytest.mark.parametrize("text", ["title: a", "handlers:", "handlers: {}"])
def test_a_workspace_may_have_no_handlers(text: str) -> None:
    assert read(text) == ({}, [])


SECRET = "whsec_bm90IGEgc2VjcmV0IGJ1dCBsaWtlIG9uZQ"  # noqa: S105 - what a user might write


@pytest.mark.parametrize(
    ("handler", "message", "hint"),
    [
        ("{webhok: 'https://a.ru', secret: 'env:A'}", "`webhok` is not a key", "webhook"),
        ("{url: 'https://a.ru'}", "needs one of `webhook`, `chat`, `email`, `file`", ""),
        ("{file: a, chat: 'https://a.ru'}", "has `file`, `chat`; one handler is one", ""),
        ("a.jsonl", "is a mapping, as {file: moves.jsonl}", ""),
        ("{webhook: 'https://a.ru'}", "needs `secret`", ""),
        (f"{{webhook: 'https://a.ru', secret: {SECRET}}}", "says where", "env:CRM_SECRET"),
        ("{webhook: 'https://a.ru', secret: 'env:'}", "says where the secret is", "file:PATH"),
        ("{webhook: 'http://a.ru', secret: 'env:A'}", "anyone on the way", "inside: yes"),
        ("{webhook: 'ftp://a.ru', secret: 'env:A'}", "no address of a hook", "https://HOST"),
        ("{webhook: 'https://', secret: 'env:A'}", "no address of a hook", "https://HOST"),
        ("{webhook: 'https://a:b', secret: 'env:A'}", "no address of a hook", "https://HOST"),
        ("{webhook: 'https://u:p@a.ru', secret: 'env:A'}", "holds a user", "`secret`"),
        ("{webhook: 'https://10.0.0.5', secret: 'env:A'}", "private network", "inside: yes"),
        ("{chat: 'https://[::ffff:10.0.0.5]/x'}", "private network", "inside: yes"),
        ("{chat: 'http://169.254.169.254/x', inside: yes}", "not of a receiver", ""),
        ("{chat: 'https://a.ru', timeout: 10}", "no usable timeout", "10 seconds"),
        ("{chat: 'https://a.ru', timeout: 1 day}", "no usable timeout", "10 minutes at most"),
        ("{chat: 'https://a.ru', inside: maybe}", "`inside` is yes or no", ""),
        ("{command: python3 notify.py}", "no shell", "[python3, notify.py]"),
        ("{command: []}", "needs a program", ""),
        ("{email: [], from: a@acme.ru, smtp: 'smtp://acme.ru'}", "someone to go to", ""),
        ("{email: a@, from: a@acme.ru, smtp: 'smtp://acme.ru'}", "`a@` is no address", ""),
        ("{email: a@acme.ru, from: me, smtp: 'smtp://acme.ru'}", "`me` is no address", ""),
        ("{email: a@acme.ru, from: b@acme.ru, smtp: acme.ru}", "of a mail server", "smtp://"),
        (
            "{email: a@acme.ru, from: b@acme.ru, smtp: 'smtp://u:p@acme.ru'}",
            "holds a password",
            "env:SMTP_PASSWORD",
        ),
        (
            "{email: a@acme.ru, from: b@acme.ru, smtp: 'smtp://u@acme.ru'}",
            "has no password",
            "`password`",
        ),
        (
            "{email: a@acme.ru, from: b@acme.ru, smtp: 'smtp://acme.ru', password: 'env:A'}",
            "has no user",
            "smtp://USER@HOST",
        ),
        (
            "{email: a@acme.ru, from: b@acme.ru, smtp: 'smtp://acme.ru', subject: '{segment}'}",
            "No message has `{segment}`",
            "Known: workspace",
        ),
    ],
)
def test_a_mistake_is_one_finding_with_what_to_write(handler: str, message: str, hint: str) -> None:
    finding = refused(handler)
    assert message in finding.message
    assert hint in finding.hint


@pytest.mark.parametrize(
    "handler",
    [
        f"{{webhook: 'https://a.ru', secret: {SECRET}}}",
        f"{{webhook: 'https://user:{SECRET}@a.ru', secret: 'env:A'}}",
        f"{{chat: 'htps://a.ru/{SECRET}'}}",
        f"{{email: a@acme.ru, from: b@acme.ru, smtp: 'smtp://u:{SECRET}@acme.ru'}}",
    ],
)
def test_a_secret_is_not_repeated(handler: str) -> None:
    finding = refused(handler)
    assert SECRET not in finding.message + finding.hint


@pytest.mark.parametrize(
    ("smtp", "server"),
    [
        ("smtp://acme.ru", MailServer("acme.ru", 587, "starttls")),
        ("smtp://acme.ru:25, inside: yes", MailServer("acme.ru", 25, "none")),
        ("smtps://acme.ru, inside: yes", MailServer("acme.ru", 465, "first")),
        ("smtp://почта.рф", MailServer("xn--80a1acny.xn--p1ai", 587, "starttls")),
    ],
)
def test_a_mail_server_speaks_tls_unless_it_is_inside(smtp: str, server: MailServer) -> None:
    found, findings = read(f"handlers:\n  a: {{email: a@acme.ru, from: b@acme.ru, smtp: {smtp}}}")
    assert not findings
    letter = found["a"]
    assert isinstance(letter, LetterHandler)
    assert letter.server == server


def test_all_mistakes_are_said_at_once() -> None:
    found, findings = read("handlers:\n  a: {files: x}\n  b: {}\n  c: {chat: x}\n  'd;': {file: x}")
    assert not found
    assert [finding.line for finding in findings] == [2, 3, 4, 5]


PAGE = (Path(__file__).parents[3] / "docs" / "handlers.md").read_text(encoding="utf-8")


def test_every_key_stands_in_the_docs() -> None:
    for keys in KINDS.values():
        for key in keys:
            assert f"`{key.name}`" in PAGE


def test_the_message_of_the_docs_is_one() -> None:
    example = re.search(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert example
    said = json.loads(example[1])
    moment = datetime.fromisoformat(said["timestamp"])
    message = Message(said["id"], said["type"], moment, said["data"])
    assert json.loads(canonical_json(message)) == said
    assert set(said["data"]) == set(PAYLOAD)


def test_the_example_of_the_docs_has_every_kind() -> None:
    example = re.search(r"^```yaml\n(handlers:\n.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert example
    found, findings = read(example[1])
    assert not findings
    assert len({type(handler) for handler in found.values()}) == len(KINDS)
