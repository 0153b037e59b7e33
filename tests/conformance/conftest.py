"""Fixtures of the conformance suite: every database that is here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.databases import DATABASES, Run
from tests.postgres import NoPostgresError, unavailable


@pytest.fixture(scope="session", params=list(DATABASES))
def database(request: pytest.FixtureRequest) -> Iterator[tuple[str, Run]]:
    """The name of a dialect, and what runs a SELECT there."""
    try:
        with DATABASES[request.param]() as run:
            yield request.param, run
    except NoPostgresError as error:
        unavailable(error)
