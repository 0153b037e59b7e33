"""A letter through a real SMTP server."""

import email
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import LetterHandler, MailServer, Secret
from tests.lifecycle.handlers.moves import NOW, a_move
from tests.lifecycle.handlers.receiver import CERTIFICATE


@dataclass
class Post:
    """What a mail server got, and what it answers to each recipient and to a letter."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    on_recipient: Callable[[str], str] = lambda address: "250 OK"
    on_letter: Callable[[], str] = lambda: "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.on_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return self.on_letter()


def context() -> ssl.SSLContext:
    """TLS with the tests' certificate."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(CERTIFICATE)
    return found


@contextmanager
def a_post(**options: Any) -> Iterator[Post]:
    """A mail server on this machine until the block ends."""
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port, **options)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server without TLS."""
    with a_post() as found:
        yield found


def a_letter(post: Post, to: tuple[str, ...] = ("sales@acme.ru",)) -> LetterHandler:
    """A handler that writes to `to` through the server, which is inside."""
    server = MailServer("localhost", post.port, "none")
    return LetterHandler("letter", to, "scores@acme.ru", server, "{key} is {to}")


def send(handler: LetterHandler, number: int = 1) -> None:
    deliver(handler, a_move(number), datetime.now(UTC))


def failure(handler: LetterHandler) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        send(handler)
    assert "@" not in str(error.value)
    return error.value


def test_everyone_gets_the_letter(post: Post) -> None:
    send(a_letter(post, ("sales@acme.ru", "boss@acme.ru")))
    (letter,) = post.letters
    assert post.recipients == [["sales@acme.ru", "boss@acme.ru"]]
    assert letter["From"] == "scores@acme.ru"
    assert letter["To"] == "sales@acme.ru, boss@acme.ru"
    assert letter["Subject"] == "17 is qualified"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().startswith("17 moved from marketing to qualified")


def test_a_repeat_is_the_same_letter_and_another_move_another(post: Post) -> None:
    for number in (1, 1, 2):
        send(a_letter(post), number)
    first, again, other = post.letters
    assert first["Message-ID"] == again["Message-ID"] == "<move_1@acme.ru>"
    assert first["Date"] == again["Date"]
    assert first["Date"].datetime == NOW
    assert other["Message-ID"] == "<move_2@acme.ru>"


def test_any_language_and_no_header_of_a_stranger(post: Post) -> None:
    handler = replace(a_letter(post), subject="Клиент {key}")
    deliver(handler, a_move(key="Анна\r\nBcc: eve@evil.ru"), NOW)
    (letter,) = post.letters
    assert letter["Subject"] == "Клиент Анна Bcc: eve@evil.ru"
    assert letter["Bcc"] is None
    assert post.recipients == [["sales@acme.ru"]]
    assert "Анна Bcc: eve@evil.ru moved" in letter.get_content()


@pytest.mark.parametrize(("answer", "again"), [("550 no such user", False), ("451 later", True)])
def test_a_refused_recipient_is_final_and_one_put_off_is_not(
    post: Post, answer: str, again: bool
) -> None:
    post.on_recipient = lambda address: answer
    error = failure(a_letter(post))
    assert error.message == f"localhost refused 1 of 1 recipient ({answer[:3]})."
    assert error.again == again


def test_of_several_recipients_each_refusal_is_said(post: Post) -> None:
    codes = {"a@acme.ru": "550 no", "b@acme.ru": "450 later", "c@acme.ru": "250 OK"}
    post.on_recipient = codes.__getitem__
    error = failure(a_letter(post, tuple(codes)))
    assert error.message == "localhost refused 2 of 3 recipients (450, 550)."
    assert error.again, "one of them may get it later"
    assert post.recipients == [["c@acme.ru"]]


@pytest.mark.parametrize(("answer", "again"), [("554 spam", False), ("452 full", True)])
def test_a_refused_letter(post: Post, answer: str, again: bool) -> None:
    post.on_letter = lambda: answer
    error = failure(a_letter(post))
    assert error.message == f"localhost refused the letter ({answer[:3]})."
    assert error.again == again


def test_nobody_there(post: Post) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = MailServer("localhost", free.getsockname()[1], "none")
        error = failure(replace(a_letter(post), server=server))
    assert error.message == "localhost can't be reached: Connection refused."
    assert error.again


def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        error = failure(replace(a_letter(Post(silent.getsockname()[1])), timeout=1))
    assert time.monotonic() - began < 6
    assert error.message == "localhost did not answer within 1 second."
    assert error.again


def test_a_server_that_breaks_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def talk() -> None:
            peer, _ = rude.accept()
            peer.sendall(b"554 go away\r\n")
            peer.close()

        thread = threading.Thread(target=talk)
        thread.start()
        error = failure(a_letter(Post(rude.getsockname()[1])))
        thread.join()
    assert error.message == "localhost broke off the conversation."
    assert error.again


def by_tls(post: Post, **changes: Any) -> LetterHandler:
    """The handler with a server that must speak TLS."""
    server = MailServer("localhost", post.port, "starttls")
    return replace(a_letter(post), server=replace(server, **changes))


def test_without_tls_nothing_is_said_unless_the_server_is_inside(post: Post) -> None:
    error = failure(by_tls(post))
    assert "lacks what the letter needs: STARTTLS" in error.message
    assert post.letters == []


@pytest.mark.usefixtures("trusted")
def test_by_starttls_with_user_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def authenticate(server: SMTP, session: Session, *rest: Any) -> AuthResult:
        assert session.ssl is not None, "no password before TLS"
        right = rest[-1] == LoginPassword(b"user@acme.ru", b"open sesame")
        return AuthResult(success=right, handled=False)

    options = {"tls_context": context(), "require_starttls": True, "authenticator": authenticate}
    with a_post(**options) as post:
        password = Secret("env", "SMTP_PASSWORD")
        handler = by_tls(post, user="user@acme.ru", password=password)
        monkeypatch.setenv("SMTP_PASSWORD", "open sesame")
        send(handler)
        assert len(post.letters) == 1
        monkeypatch.setenv("SMTP_PASSWORD", "close sesame")
        error = failure(handler)
    assert error.message == "localhost does not accept user and password (535)."
    assert error.again, "the password can be mended"
    assert "sesame" not in str(error)


@pytest.mark.usefixtures("trusted")
def test_by_tls_from_the_first_byte() -> None:
    with a_post(ssl_context=context(), server_hostname="localhost") as post:
        send(by_tls(post, tls="first"))
        assert len(post.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_accepted() -> None:
    with a_post(tls_context=context()) as post:
        error = failure(by_tls(post))
        assert "certificate of localhost is not accepted: self-signed" in error.message
        assert post.letters == []
