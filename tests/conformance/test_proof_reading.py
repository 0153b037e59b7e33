"""What proof-reading promises of random cards, no random record may break."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from scoreline.scorecard.checks import check_card
from scoreline.scorecard.file import parse_card
from tests import oracle
from tests.conformance.cards import draw_card
from tests.conformance.outcomes import exact
from tests.conformance.records import draw_records

RECORDS = 60


@pytest.mark.parametrize("seed", range(1, 61))
def test_every_score_lies_between_min_and_max(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = draw_card(random, Counter())
    promised = check_card(parse_card(drawn.file), seconds=1.0)
    unreachable = [f.message for f in promised.findings if f.code == "segment-unreachable"]
    for record in draw_records(random, drawn, RECORDS, Counter()):
        found = oracle.score(drawn.card, record, drawn.as_of)
        assert exact(promised.min) <= found["score"] <= exact(promised.max), (drawn.file, record)
        named = f"in `{found['segment']}` ("
        assert not any(named in message for message in unreachable), (drawn.file, record)
