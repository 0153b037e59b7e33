"""Where a message may go: open addresses, and those inside only when that is said."""

import ipaddress
import socket
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.kinds import Address
from scoreline.lifecycle.handlers.network import connect, refusal

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12::1",
    "::ffff:10.0.0.5",
    "64:ff9b::10.0.0.5",
    "2002:0a00:0005::1",
]
NEVER = [
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",  # noqa: S104 - refused is what it is
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "ff02::1",
    "::",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "::127.0.0.1",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_private_address_is_used_only_inside(ip: str) -> None:
    assert refusal(ip, inside=False)
    assert refusal(ip, inside=True) is None


@pytest.mark.parametrize("ip", NEVER)
def test_an_address_of_the_machine_is_never_used(ip: str) -> None:
    assert refusal(ip, inside=False)
    assert refusal(ip, inside=True)


@pytest.mark.parametrize("ip", ["93.184.216.34", "2a00:1450:4001::1", "64:ff9b::93.184.216.34"])
def test_an_open_address_is_used(ip: str) -> None:
    assert refusal(ip, inside=False) is None


@given(st.ip_addresses(v=4), st.booleans())
def test_an_ipv4_address_written_as_ipv6_is_the_same_address(
    ip: ipaddress.IPv4Address, inside: bool
) -> None:
    for written in (f"::ffff:{ip}", f"64:ff9b::{ip}"):
        assert bool(refusal(written, inside)) == bool(refusal(str(ip), inside))


def resolves_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Each question of a name gets the next answer; gives the addresses that are connected to."""
    later, used = list(answers), list[str]()

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (ip, port)) for ip in later.pop(0)]

    def create(to: tuple[str, int], timeout: float) -> socket.socket:
        used.append(to[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", create)
    return used


HOOK = Address(True, "hook.acme.ru", 443, "/")


def test_what_was_looked_at_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    used = resolves_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(DeliveryError, match="can't be reached: Connection refused") as error:
        connect(HOOK, inside=False, deadline=time.monotonic() + 5)
    assert used == ["93.184.216.34"]
    assert error.value.again


def test_one_private_address_among_open_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    used = resolves_to(monkeypatch, ["93.184.216.34", "10.0.0.5"])
    with pytest.raises(DeliveryError, match=r"hook\.acme\.ru is in a private network") as error:
        connect(HOOK, inside=False, deadline=time.monotonic() + 5)
    assert "inside: yes" in error.value.hint
    assert used == []


def test_the_next_address_is_tried_where_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used = resolves_to(monkeypatch, ["93.184.216.34", "93.184.216.35"])
    with pytest.raises(DeliveryError):
        connect(HOOK, inside=False, deadline=time.monotonic() + 5)
    assert used == ["93.184.216.34", "93.184.216.35"]


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 70 + ".ru", "2130706433", "0x7f.1"])
def test_a_name_that_is_none_or_hides_an_address(host: str) -> None:
    with pytest.raises(DeliveryError, match=r"can't be resolved|private network"):
        connect(Address(True, host, 443, "/"), inside=False, deadline=time.monotonic() + 5)
