"""What proof-reading promises of random cards, no random record may break."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import Any

import pytest

from scoreline.errors import Finding
from scoreline.scorecard.checks import check_card
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Term
from tests import oracle
from tests.conformance.cards import draw_card
from tests.conformance.outcomes import exact
from tests.conformance.records import draw_records
from tests.oracle_pair import settled
from tests.scorecard import naive
from tests.scorecard.checks.checking import veto_of

RECORDS = 60
CODES = ("compulsory", "veto", "at-most-n-missing")


@pytest.mark.parametrize("seed", range(1, 61))
def test_every_score_lies_between_min_and_max(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = draw_card(random, Counter())
    promised = check_card(parse_card(drawn.file), seconds=1.0)
    unreachable = [f.message for f in promised.findings if f.code == "segment-unreachable"]
    for record in draw_records(random, drawn, RECORDS, Counter()):
        card = settled(drawn.card, record, drawn.as_of)
        found = oracle.score(card, record, drawn.as_of)
        assert exact(promised.min) <= found["score"] <= exact(promised.max), (drawn.file, record)
        named = f"in `{found['segment']}` ("
        assert not any(named in message for message in unreachable), (drawn.file, record)


def test_no_record_of_the_best_segment_breaks_what_it_asks_for() -> None:
    held: Counter[str] = Counter()
    for seed in range(101, 171):
        random = Random(seed)  # noqa: S311 - test data, not secrets
        drawn = draw_card(random, Counter())
        card = parse_card(drawn.file)
        promised = [f for f in check_card(card, seconds=1.0).findings if f.code in CODES]
        terms = {term.name: term for term in card.terms}
        for record in draw_records(random, drawn, RECORDS, Counter()) if promised else ():
            record = record | {"as_of": drawn.as_of}
            if not comes_from_the_boundary(record):
                continue
            falls = {name: fall(term, record) for name, term in terms.items()}
            score = naive.total(card, [points for _, points in falls.values()])
            if card.segments and card.segments[0].holds(score):
                for finding in promised:
                    assert is_kept(finding, falls), (drawn.file, record, finding)
                    held[finding.code] += 1
    assert held.keys() == set(CODES), held


def comes_from_the_boundary(record: dict[str, Any]) -> bool:
    """Whether every known value has its facts: a number need not have a country, all else is."""
    return all(
        value is not None or record.get(column.partition("__")[0]) is None
        for column, value in record.items()
        if "__" in column and not column.endswith("__country")
    )


def fall(term: Term, record: dict[str, Any]) -> tuple[str | None, int]:
    """The label of the bin that a record falls into, and its points."""
    place = naive.first(term, naive.value(term.of, record))
    return None if place is None else term.bins[place].label, naive.points_in(term, place)


def is_kept(finding: Finding, falls: dict[str, tuple[str | None, int]]) -> bool:
    """Whether a record of the best segment keeps to what a finding says of all of them."""
    if finding.code == "compulsory":
        return falls[finding.term or ""][1] > 0
    if finding.code == "veto":
        name, label = veto_of(finding)
        return falls[name][0] != label
    names, most = re.findall(r"`(.*?)`", finding.message), re.search(r"most (\d+)", finding.message)
    assert most is not None
    # The last name is the segment's; a long list is cut, and what is named can't lack more.
    return sum(falls[name][1] <= 0 for name in names[:-1]) <= int(most[1])
