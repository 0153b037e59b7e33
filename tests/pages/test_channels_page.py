"""The page that compares channels: says what it must, and lets nothing run."""

from __future__ import annotations

import dataclasses

import pytest

from scoreline.pages.channels import render_channels
from scoreline.pages.figures import Rate
from tests.pages.example_channels import example, line
from tests.pages.reading import Reading
from tests.pages.test_report import HOSTILE, poisoned

NOTHING = dataclasses.replace(
    example(),
    channels=(),
    total=dataclasses.replace(
        line("", 2, 0, 0, None),
        leads=0,
        qualified=Rate(0, 0, 0, 1),
        sales_rate=Rate(0, 0, 0, 1),
    ),
    turns=(),
    more_turns=0,
    findings=(),
)


def read(figures) -> Reading:
    page = Reading(render_channels(figures))
    assert page.wrong == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in page.all("a") if (a["href"] or "").startswith("#")]
    assert set(targets) <= set(ids)
    return page


def test_every_part_of_the_figures_is_on_the_page():
    words = read(example()).words
    for text in (
        "60 sales from 567 leads",
        "21.2% of the 283 leads already won or lost",
        "search ads of 420 leads 31",
        "search ads is cheaper than webinar per lead (500 against 692) but dearer per sale.",
        "27 more pairs of channels turn so",
        "search ads 420 80 19.0%",
        "210,000 500 2,625 6,774",
        "all channels 567 150 26.5%",
        "no channel",
        "284 open ones are left out. Won means deal = won .",
        "Few to judge by: webinar .",
        "9f31c0de5a77",
        "22 November 2026",
        "These channels do not exist.",
    ):
        assert text in words, text


def test_without_costs_reversals_and_findings_their_parts_are_left_out():
    bare = tuple(dataclasses.replace(one, cost=None) for one in example().channels)
    words = read(dataclasses.replace(NOTHING, channels=bare)).words
    assert "What they cost" not in words
    assert "What to know" not in words
    assert "No channel is ahead by one measure and clearly behind by another." in words


def test_no_leads_at_all():
    words = read(NOTHING).words
    assert "0 sales from 0 leads" in words
    assert "None" not in words


def test_many_channels_fold_away():
    many = tuple(line(f"channel {i}", 40, 10, 5, 100) for i in range(85))
    page = read(dataclasses.replace(example(), channels=many))
    assert "65 more channels" in page.words
    assert page.tags["details"] == 4
    assert "channel 84" in page.words


def test_shares_of_all_leads_are_called_so():
    total = dataclasses.replace(example().total, sales_rate=Rate(60, 567, 0.08, 0.13))
    assert "10.6% of all leads so far" in read(dataclasses.replace(example(), total=total)).words


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text):
    clean, page = read(example()), read(poisoned(example(), text))
    assert not {"script", "img", "i", "iframe"} & set(page.tags)
    assert page.tags["b"] == clean.tags["b"]
    for _, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on")]
        assert not (attrs.get("href") or "").lower().startswith("javascript")
