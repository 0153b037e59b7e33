"""Which hosts a message may go to: names are resolved once, and only open addresses are used.

Settings may be written by someone who is not meant to reach what stands behind the firewall, and a
name may point there: so the address that was looked at is the one that is connected to.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from urllib.parse import quote, urlsplit

from scoreline.errors import CardError, DeliveryError, counted
from scoreline.lifecycle.handlers.kinds import Address

_ANSWERS_ABOUT_THE_MACHINE = frozenset(
    map(ipaddress.ip_address, ("168.63.129.16", "100.100.100.200", "fd00:ec2::254"))
)
"""Metadata services of clouds outside the link-local range: never a receiver, inside or not."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_address(text: str, inside: bool) -> Address:
    """The address of a hook; raises CardError, which does not repeat the text: it may be secret."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, ascii_host(parts.hostname or "")
    except ValueError:
        raise _no_address() from None
    if parts.scheme not in ("http", "https") or not host or not text.isprintable():
        raise _no_address()
    if parts.username is not None or parts.password is not None:
        raise CardError("The address holds a user or a password.", "Secrets go under `secret`.")
    secure = parts.scheme == "https"
    if not secure and not inside:
        raise CardError(
            "The address begins with http:, which anyone on the way can read.",
            "Write https:, or `inside: yes` if the receiver is in your own network.",
        )
    refused = _literal_refusal(host, inside)
    if refused:
        raise CardError(f"The address is {refused}.", _hint(inside))
    target = quote(parts.path or "/", safe="/%:;=@&+$,!~*'()")
    query = f"?{quote(parts.query, safe='/%:;=@&+$,!~*()?')}" if parts.query else ""
    return Address(secure, host, port or (443 if secure else 80), target + query)


def ascii_host(host: str) -> str:
    """The name as the network knows it, `xn--` where it has other letters; raises ValueError."""
    if not host or host.isascii():
        return host
    return host.encode("idna").decode("ascii")


def connect(address: Address, inside: bool, deadline: float) -> socket.socket:
    """A connection to the first address of the host that answers; raises DeliveryError.

    deadline: of time.monotonic(). Every address is looked at before one is used.
    """
    found = _resolve(address.host, address.port)
    for ip in found:
        refused = refusal(ip, inside)
        if refused:
            raise DeliveryError(f"{address.host} is {refused}.", _hint(inside))
    trouble = ""
    for ip in found:
        try:
            return socket.create_connection((ip, address.port), timeout=remaining(deadline))
        except TimeoutError:
            raise
        except OSError as error:
            trouble = error.strerror or str(error)
    raise DeliveryError(f"{address.host} can't be reached: {trouble}.")


def remaining(deadline: float) -> float:
    """Seconds until the deadline; raises TimeoutError once it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def refusal(ip: str, inside: bool) -> str | None:
    """What is wrong with an IP address, None if a message may go there.

    >>> refusal("10.0.0.5", inside=False), refusal("10.0.0.5", inside=True)
    ('in a private network', None)
    >>> refusal("::ffff:169.254.169.254", inside=True)
    'an address of the machine or its network, not of a receiver'
    """
    for address in _meant(ipaddress.ip_address(ip.partition("%")[0])):
        special = (
            address.is_link_local
            or address.is_multicast
            or address.is_unspecified
            or (address.is_reserved and not address.is_loopback)
            or address in _ANSWERS_ABOUT_THE_MACHINE
        )
        if special and address not in _NAT64:
            return "an address of the machine or its network, not of a receiver"
        if not inside and not address.is_global and address not in _NAT64:
            return "in a private network"
    return None


def _meant(address: Ip) -> list[Ip]:
    """The address, and the IPv4 addresses that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    within: list[Ip] = [address]
    if address.sixtofour is not None:
        within.append(address.sixtofour)
    if address.teredo is not None:
        within += address.teredo
    if address in _NAT64:
        within.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return within


def _literal_refusal(host: str, inside: bool) -> str | None:
    """What is wrong with a host that is an IP address already; None for a name."""
    try:
        return refusal(host, inside)
    except ValueError:
        return None


def _resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system orders them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise DeliveryError(f"The name {host} can't be resolved.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _hint(inside: bool) -> str:
    return "" if inside else "Write `inside: yes` if the receiver is in your own network."


def _no_address() -> CardError:
    return CardError("This is no address of a hook.", "Write https://HOST/PATH.")


def took_too_long(host: str, timeout: int) -> DeliveryError:
    """The error for a receiver that did not answer in time."""
    return DeliveryError(f"{host} did not answer within {counted(timeout, 'second')}.")
