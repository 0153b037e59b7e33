"""The network blocked for tests: only this machine can be reached, as on one without a network."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from typing import Any

LOCAL_NAMES = frozenset({"", "localhost", socket.gethostname()})


def block() -> None:
    """Block the network for this process and those it forks, for good."""
    sys.addaudithook(_refuse)


def is_local(host: Any) -> bool:
    """Whether a host is this machine: a loopback address, a name of it, or none at all."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(
        arguments[1], tuple
    ):
        if not is_local(arguments[1][0]):
            raise OSError(errno.ENETUNREACH, "the network is blocked for tests")
    elif (
        event == "socket.getaddrinfo" and not is_local(arguments[0]) and not _is_address(arguments)
    ):
        raise socket.gaierror(socket.EAI_NONAME, "the network is blocked for tests")


def _is_address(arguments: tuple[Any, ...]) -> bool:
    """Whether an address and not a name is asked for: that needs nobody."""
    try:
        ipaddress.ip_address(str(arguments[0]).partition("%")[0])
    except ValueError:
        return False
    return True
