"""A signed webhook against a real server, verified with the library that receivers use."""

import base64
import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import Address, Secret, WebhookHandler
from scoreline.lifecycle.handlers.message import canonical_json
from scoreline.lifecycle.handlers.post import MOST
from tests.lifecycle.handlers.moves import a_move
from tests.lifecycle.handlers.receiver import Receiver, a_receiver, reply

SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes for our tests..").decode()


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SECRET", SECRET)


def hook(receiver: Receiver, *, secure: bool = False, host: str = "localhost") -> WebhookHandler:
    """A handler that posts to the receiver, which is inside."""
    address = Address(secure, host, receiver.port, "/hook?a=1")
    return WebhookHandler("crm", address, Secret("env", "CRM_SECRET"), inside=True)


def send(handler: WebhookHandler) -> None:
    deliver(handler, a_move(), datetime.now(UTC))


def failure(handler: WebhookHandler) -> DeliveryError:
    """How a delivery fails, and that it says so in time."""
    began = time.monotonic()
    with pytest.raises(DeliveryError) as error:
        send(handler)
    assert time.monotonic() - began < handler.timeout + 4
    assert SECRET not in str(error.value)
    return error.value


def test_the_receiver_can_verify_what_it_gets(receiver: Receiver) -> None:
    send(hook(receiver))
    (got,) = receiver.got
    assert got.path == "/hook?a=1"
    assert got.headers["webhook-id"] == "move_1"
    assert Webhook(SECRET).verify(got.body, got.headers) == json.loads(canonical_json(a_move()))


def test_what_was_changed_on_the_way_is_not_verified(receiver: Receiver) -> None:
    send(hook(receiver))
    (got,) = receiver.got
    other = {**got.headers, "webhook-id": "move_2"}
    for body, headers in (
        (got.body.replace(b"qualified", b"garbage"), got.headers),
        (got.body, other),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body, headers)


def test_a_moment_of_any_zone_is_signed_as_the_same_moment(receiver: Receiver) -> None:
    now = datetime.now(timezone(timedelta(hours=5)))
    deliver(hook(receiver), a_move(), now)
    (got,) = receiver.got
    assert got.headers["webhook-timestamp"] == str(int(now.timestamp()))
    assert Webhook(SECRET).verify(got.body, got.headers)


def test_a_repeat_has_the_same_id_and_body(receiver: Receiver) -> None:
    receiver.answer = lambda handler: reply(handler, 503)
    assert failure(hook(receiver)).again
    receiver.answer = lambda handler: reply(handler, 204, b"")
    send(hook(receiver))
    first, second = receiver.got
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


@pytest.mark.parametrize("status", [400, 401, 404, 408, 429, 500, 503])
def test_any_other_answer_is_a_failure_to_be_tried_again(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda handler: reply(handler, status, b"Anna Ivanova is not known here")
    error = failure(hook(receiver))
    assert error.message == f"localhost answered {status}."
    assert error.again


def test_a_receiver_that_is_gone_is_not_tried_again(receiver: Receiver) -> None:
    receiver.answer = lambda handler: reply(handler, 410)
    assert not failure(hook(receiver)).again


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda handler: reply(
        handler, status, Location=f"http://localhost:{receiver.port}/other"
    )
    assert "is not followed" in failure(hook(receiver)).message
    assert [got.path for got in receiver.got] == ["/hook?a=1"]


def forever(handler: BaseHTTPRequestHandler, line: bytes, pause: float) -> None:
    while True:
        handler.wfile.write(line)
        time.sleep(pause)


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: time.sleep(5),
        lambda handler: forever(handler, b"H", 0.2),
        lambda handler: forever(handler, b"HTTP/1.1 100 Continue\r\n\r\n", 0.2),
    ],
    ids=["nothing", "a letter at a time", "continue, continue"],
)
def test_a_slow_answer_ends_at_the_timeout(
    receiver: Receiver, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    receiver.answer = answer
    error = failure(replace(hook(receiver), timeout=1))
    assert error.message == "localhost did not answer within 1 second."
    assert error.again


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: forever(handler, b"HTTP/1.1 100 Continue\r\n\r\n", 0),
        lambda handler: forever(handler, b"x" * 1000, 0),
        lambda handler: handler.wfile.write(b"220 mail.acme.ru ESMTP\r\n"),
        lambda handler: None,
    ],
    ids=["continue without end", "a line without end", "another protocol", "nothing at all"],
)
def test_what_is_no_answer_is_a_failure(
    receiver: Receiver, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    receiver.answer = answer
    error = failure(hook(receiver))
    assert "did not answer as a web server does" in error.message
    assert error.again


def test_of_a_big_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    written: list[int] = []

    def big(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(2000):
                handler.wfile.write(b"x" * MOST)
                written.append(MOST)
        finally:
            done.append(True)

    done: list[bool] = []
    receiver.answer = big
    send(hook(receiver))
    deadline = time.monotonic() + 5
    while not done and time.monotonic() < deadline:
        time.sleep(0.01)
    assert done
    assert sum(written) < 1000 * MOST, "the sender hung up"


def test_a_success_is_one_even_if_its_body_never_ends(receiver: Receiver) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(202)
        handler.end_headers()
        forever(handler, b".", 0.1)

    receiver.answer = trickle
    send(replace(hook(receiver), timeout=1))


def test_nobody_there(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = Address(False, "localhost", free.getsockname()[1], "/")
        error = failure(replace(hook(receiver), address=address))
    assert error.message == "localhost can't be reached: Connection refused."


def test_a_private_host_is_refused_unless_it_is_inside(receiver: Receiver) -> None:
    error = failure(replace(hook(receiver), inside=False))
    assert error.message == "localhost is in a private network."
    assert receiver.got == []


def test_a_proxy_of_the_environment_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    send(hook(receiver))
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "open sesame", "whsec_c2hvcnQ=", "whsec_" + "!" * 40]
)
def test_a_secret_that_signs_nothing_is_said(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("CRM_SECRET", secret)
    with pytest.raises(DeliveryError, match="CRM_SECRET") as error:
        send(hook(receiver))
    assert error.value.again, "it can be mended"
    assert receiver.got == []


def test_a_secret_may_lie_in_a_file(
    receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("secrets") / "crm"
    handler = replace(hook(receiver), secret=Secret("file", str(path)))
    assert "can't be read: No such file" in failure(handler).message
    path.write_text(SECRET + "\n")
    send(handler)
    assert Webhook(SECRET).verify(receiver.got[0].body, receiver.got[0].headers)


@pytest.mark.usefixtures("trusted")
def test_under_tls_the_certificate_is_that_of_the_name() -> None:
    with a_receiver(secure=True) as receiver:
        send(hook(receiver, secure=True))
        assert receiver.got[0].headers["Host"] == f"localhost:{receiver.port}"
        error = failure(hook(receiver, secure=True, host="127.0.0.1"))
        assert "certificate of 127.0.0.1 is not accepted" in error.message
        assert len(receiver.got) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_accepted() -> None:
    with a_receiver(secure=True) as receiver:
        error = failure(hook(receiver, secure=True))
        assert "certificate of localhost is not accepted: self-signed" in error.message
        assert receiver.got == []


def test_tls_where_none_is_spoken(receiver: Receiver) -> None:
    error = failure(hook(receiver, secure=True))
    assert "localhost can't be reached" in error.message
    assert "_ssl.c" not in error.message
