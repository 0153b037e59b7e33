"""A letter by SMTP; the same Message-ID on every try, so that a mailbox can see a repeat."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from scoreline.errors import DeliveryError, counted
from scoreline.lifecycle.handlers.kinds import LetterHandler, MailServer
from scoreline.lifecycle.handlers.message import Message
from scoreline.lifecycle.handlers.network import ascii_host, took_too_long
from scoreline.lifecycle.handlers.post import not_accepted, tls, why
from scoreline.lifecycle.handlers.text import details, subject


def send(handler: LetterHandler, message: Message, now: datetime) -> None:
    """Hand the letter to the mail server; raises DeliveryError unless it is taken for everyone.

    Addresses and the server's words are not repeated: both may name people.
    """
    letter = letter_of(handler, message)
    host = handler.server.host
    try:
        with _session(handler.server, handler.timeout) as session:
            refused = session.send_message(letter, handler.sender, handler.to)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except (OSError, UnicodeError) as error:
        raise _failure(host, handler.timeout, error) from None
    _judge(host, refused, len(handler.to))


def letter_of(handler: LetterHandler, message: Message) -> EmailMessage:
    """The letter: its Message-ID and date are those of the message, not of the try."""
    letter, domain = EmailMessage(policy=SMTP), handler.sender.rpartition("@")[2]
    letter["From"] = handler.sender
    letter["To"] = ", ".join(handler.to)
    letter["Subject"] = subject(handler.subject, message)
    letter["Date"] = message.at.astimezone(UTC)
    letter["Message-ID"] = f"<{message.id}@{ascii_host(domain)}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
    letter.set_content(details(message))
    return letter


def _failure(host: str, timeout: int, error: OSError | UnicodeError) -> DeliveryError:
    """What is said of a conversation that failed; smtplib's errors are OSErrors too."""
    # smtplib takes a timeout for a broken line.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return took_too_long(host, timeout)
    match error:
        case smtplib.SMTPAuthenticationError():
            return DeliveryError(f"{host} does not accept user and password ({error.smtp_code}).")
        case smtplib.SMTPSenderRefused() | smtplib.SMTPDataError():
            what = "sender" if isinstance(error, smtplib.SMTPSenderRefused) else "letter"
            message = f"{host} refused the {what} ({error.smtp_code})."
            return DeliveryError(message, again=error.smtp_code < 500)
        case smtplib.SMTPNotSupportedError():
            return DeliveryError(
                f"{host} lacks what the letter needs: STARTTLS, a way to log in, or names that "
                "are not ASCII.",
                "smtps://HOST speaks TLS from the start; `inside: yes` does without TLS.",
            )
        case smtplib.SMTPException():
            return DeliveryError(f"{host} broke off the conversation.")
        case ssl.SSLCertVerificationError():
            return not_accepted(host, error)
    return DeliveryError(f"{host} can't be reached: {why(error)}.")


def _judge(host: str, refused: Mapping[str, tuple[int, bytes]], recipients: int) -> None:
    """Raise DeliveryError if some were refused; again if one of them only for now."""
    if not refused:
        return
    codes = sorted({code for code, _ in refused.values()})
    raise DeliveryError(
        f"{host} refused {len(refused)} of {counted(recipients, 'recipient')} "
        f"({', '.join(map(str, codes))}).",
        again=codes[0] < 500,
    )


@contextmanager
def _session(server: MailServer, timeout: int) -> Iterator[smtplib.SMTP]:
    """A conversation with the server, under TLS and logged in as declared."""
    session = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=tls())
        if server.tls == "first"
        else smtplib.SMTP(server.host, server.port, timeout=timeout)
    )
    try:
        if server.tls == "starttls":
            session.starttls(context=tls())
        if server.password is not None:
            session.login(server.user, server.password.read())
        yield session
    finally:
        # The letter is taken or not by now; a server that is slow to part changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            session.quit()
        session.close()
