"""One POST to an address that was looked at: one deadline, a short answer, no redirect or proxy."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import cast

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.kinds import Address
from scoreline.lifecycle.handlers.network import connect, remaining, took_too_long

MOST = 65_536
"""Bytes of an answer that are read, headers included."""


def post(
    address: Address, body: bytes, headers: Mapping[str, str], *, inside: bool, timeout: int
) -> None:
    """Post the body; raises DeliveryError unless the answer is a 2xx within the time.

    What was answered is not repeated: it may hold anything.
    """
    deadline = time.monotonic() + timeout
    try:
        with (
            connect(address, inside, deadline) as plain,
            _secured(plain, address, deadline) as sock,
        ):
            status = _status(sock, address, body, headers, deadline)
    except TimeoutError:
        raise took_too_long(address.host, timeout) from None
    except ssl.SSLCertVerificationError as error:
        raise not_accepted(address.host, error) from None
    except (http.client.HTTPException, ValueError):
        raise DeliveryError(f"{address.host} did not answer as a web server does.") from None
    except OSError as error:
        raise DeliveryError(f"{address.host} can't be reached: {why(error)}.") from None
    _judge(address.host, status)


def not_accepted(host: str, error: ssl.SSLCertVerificationError) -> DeliveryError:
    """The error for a certificate that is not that of the host."""
    message = f"The certificate of {host} is not accepted: {error.verify_message}"
    return DeliveryError(message.rstrip(".") + ".")


def why(error: OSError | UnicodeError) -> str:
    """The reason of a broken connection in a few words; TLS says it in capitals.

    >>> why(ConnectionRefusedError(111, "Connection refused"))
    'Connection refused'
    """
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return getattr(error, "strerror", None) or "the connection broke"


def _judge(host: str, status: int) -> None:
    """Raise DeliveryError for a status that is no success."""
    if 200 <= status < 300:
        return
    if status == http.HTTPStatus.GONE:
        raise DeliveryError(f"{host} answered 410: the receiver is gone for good.", again=False)
    if 300 <= status < 400:
        raise DeliveryError(
            f"{host} answered {status}, a redirect, which is not followed.",
            "Write the address that it leads to.",
        )
    raise DeliveryError(f"{host} answered {status}.")


def _status(
    sock: socket.socket,
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
) -> int:
    """The status of the answer."""
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = sock  # connected already, to the address that was looked at
    sock.settimeout(remaining(deadline))
    with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered already
        connection.request("POST", address.target, body, {**headers, "Host": _host(address)})
    answer = http.client.HTTPResponse(cast(socket.socket, _Bounded(sock, deadline)), method="POST")
    answer.begin()
    # Some receivers stop working when the line closes before their answer is out.
    with suppress(OSError, http.client.HTTPException, ValueError):
        answer.read(MOST)
    return answer.status


def _host(address: Address) -> str:
    """The Host header: the port stands there only where it is not the usual one."""
    name = f"[{address.host}]" if ":" in address.host else address.host
    return name if address.port == (443 if address.secure else 80) else f"{name}:{address.port}"


def _secured(sock: socket.socket, address: Address, deadline: float) -> socket.socket:
    """The connection, under TLS if the address asks for it."""
    if not address.secure:
        return sock
    sock.settimeout(remaining(deadline))
    return tls().wrap_socket(sock, server_hostname=address.host)


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """The system's certificates, read once: it takes 20 ms."""
    return ssl.create_default_context()


class _Bounded(io.RawIOBase):
    """What comes in on a socket: nothing after the deadline, nothing beyond MOST bytes."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline, self._left = sock, deadline, MOST

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client asks of a socket."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Bytes that were read into the buffer; 0 at the end."""
        if self._left <= 0:
            raise http.client.HTTPException("the answer is too long")
        self._sock.settimeout(remaining(self._deadline))
        count = self._sock.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count
