"""The page of a learned card: says what it must, and lets nothing run."""

from __future__ import annotations

import dataclasses

import pytest

from scoreline.pages.learning import render_learned
from tests.pages.example_learned import example
from tests.pages.reading import Reading
from tests.pages.test_report import HOSTILE, poisoned


def read(figures) -> Reading:
    page = Reading(render_learned(figures))
    assert page.wrong == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in page.all("a") if (a["href"] or "").startswith("#")]
    assert set(targets) <= set(ids)
    return page


def test_every_part_of_the_figures_is_on_the_page():
    words = read(example()).words
    for text in (
        "Who is likely to have: stage = Won",
        "200 of 1,000 records had it",
        "37 more records have no outcome yet",
        "So few outcomes leave the points wide open",
        "78 of 100 pairs in the right order",
        "The best tenth of the records holds 31.0% of all that had it. The best fifth holds 52.0%.",
        "area under the curve (AUC), 0.741 to 0.827 0.784",
        "Of the best 50 of 450 records tried, 31 had it: 2.8 times as many as of 50 drawn",
        "38.0% 225 90 40.0%",
        "This card 78.4",
        "The best field alone: age 70.2",
        "nobody can read (LightGBM) 79.0",
        "All scores together (PSI): 0.12",
        "age 0.31",
        "waited for 55 days; 120 younger records are left out",
        "run against their own share, because other fields say so: 2",
        "3 or more 150 60 40.0%",
        "30 or more +3 +1.8 – +4.1 600 180 30.0%",
        "contract knows the outcome?",
        "learnt from records before 2026-03-01",
        "better by more than 0.21%",
        "9f31c0de5a77",
    ):
        assert text in words, text


def test_parts_that_are_not_there_are_not_spoken_of():
    figures = dataclasses.replace(
        example(), bands=(), left_out=(), open=0, weak=False, challenger=None, reached=None,
        psi=None, moved=(), window=None, against=0,
    )  # fmt: skip
    words = read(figures).words
    for text in (
        "What a score means", "What was left out", "no outcome yet", "wide open", "LightGBM",
        "Of the best", "What has moved", "waited for", "against their own share",
    ):  # fmt: skip
        assert text not in words
    assert "nothing is said here of how they change with time" in words


def test_cards_of_conditions_and_of_trees_say_what_holds_for_them():
    assert (
        "for each condition that is met"
        in read(dataclasses.replace(example(), conditions=True)).words
    )
    assert "of the fit of the trees" in read(dataclasses.replace(example(), trees=True)).words


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_file_runs(text):
    read(poisoned(example(), text))
