"""What deliveries of several kinds are tested with."""

from collections.abc import Iterator

import pytest

from scoreline.lifecycle.handlers.post import tls
from tests.lifecycle.handlers.receiver import CERTIFICATE, Receiver, a_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server without TLS."""
    with a_receiver() as found:
        yield found


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tests' certificate is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls.cache_clear()
    yield
    tls.cache_clear()
