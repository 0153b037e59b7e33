"""The suite runs with the network blocked: nothing but this machine is reached."""

from __future__ import annotations

import socket

import pytest


def test_nothing_outside_is_reached() -> None:
    with pytest.raises(OSError, match="blocked for tests"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(socket.gaierror, match="blocked for tests"):
        socket.getaddrinfo("example.org", 443)
    with (
        socket.socket(type=socket.SOCK_DGRAM) as without_connection,
        pytest.raises(OSError, match="blocked for tests"),
    ):
        without_connection.sendto(b"?", ("192.0.2.1", 53))


def test_this_machine_is() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as connection,
    ):
        assert connection.getpeername() == server.getsockname()
