"""Channels of a file: the page, and how much is told of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.pages.reading import Reading

Run = Callable[..., Ran]
DEMO = Path(str(files("scoreline.demo")))
LEADS: list[str | Path] = [
    *("channels", DEMO / "leads.csv", "--card", DEMO / "leads.yaml", "--channel", "channel"),
    *("--won", "outcome=won", "--lost", "outcome=lost", "--as-of", "2026-11-01"),
]


@pytest.fixture
def page(scoreline: Run, tmp_path: Path) -> Reading:
    words = [*LEADS, "--cost", DEMO / "leads_cost.csv", "--report", "channels.html"]
    ran = scoreline(*words)
    assert ran.code == 0, ran.err
    assert "Written: channels.html" in ran.out
    return Reading((tmp_path / "channels.html").read_text(encoding="utf-8"))


def test_the_page_shows_what_the_command_prints(page: Reading) -> None:
    assert page.wrong == []
    for text in (
        "46 sales from 297 leads",
        "20.0% of the 230 leads already won or lost",
        "webinar 43 15 34.9%",
        "webinar 29 11 37.9%",
        "webinar 140,000 3,256 9,333 12,727",
        "all channels 763,000 2,569 12,717 16,587",
        "social network is cheaper than partners per lead (1,532 against 2,500)",
        "Is this lead ready for a sales call?",
        "leads.yaml",
    ):
        assert text in page.words, text


def test_the_clearest_reversals_are_told_and_the_others_counted(
    scoreline: Run, page: Reading
) -> None:
    words = [*LEADS, "--cost", DEMO / "leads_cost.csv"]
    ran = scoreline(*words)
    assert ran.out.count("is cheaper than") == 3
    assert "5 more such pairs" in ran.out
    assert "5 more pairs of channels turn so" in page.words
    found = scoreline(*words, "--format", "json").json
    assert len(found["reversals"]) > 8, "json tells all"


def test_no_input_is_overwritten_by_the_page(scoreline: Run, tmp_path: Path) -> None:
    cost = tmp_path / "cost.csv"
    cost.write_text("channel,cost\nwebinar,5\n", encoding="utf-8")
    ran = scoreline(*LEADS, "--cost", cost, "--report", cost)
    assert ran.code == 2
    assert "overwritten" in ran.err
