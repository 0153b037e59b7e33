"""What Scoreline offers from Python: importable, documented, typed."""

import inspect
from pathlib import Path

import pytest

import scoreline

ROOT = Path(__file__).parents[2]


def test_the_offer_is_written_out() -> None:
    assert {"load"} <= set(scoreline.__all__)
    assert sorted(scoreline.__all__) == list(scoreline.__all__)


@pytest.mark.parametrize("name", scoreline.__all__)
def test_name_is_importable_and_documented(name: str) -> None:
    found = getattr(scoreline, name)
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert f"`{name}" in page or f"scoreline.{name}" in page
    if callable(found):
        assert inspect.getdoc(found)


def test_everything_that_a_card_can_do_is_documented() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    public = [name for name in dir(scoreline.Card) if not name.startswith("_")]
    assert {"score", "score_table"} <= set(public)
    for name in public:
        assert f"`{name}`" in page or f"card.{name}" in page, name
        assert inspect.getdoc(getattr(scoreline.Card, name)), name
