"""The matrix of a grid: every number where two classes meet, and colours that are explained."""

from __future__ import annotations

import dataclasses
import re

import pytest

from scoreline.pages import numbers
from scoreline.pages.figures import Grid, GridRow, Rate, ReportFigures, Segment
from scoreline.pages.render import render_report
from scoreline.pages.shading import SHADES, shading
from tests.pages.example_figures import example as plain
from tests.pages.example_grid import example
from tests.pages.test_report import HOSTILE, poisoned, read


def matrix(figures: ReportFigures) -> str:
    """The table of the page that is the matrix."""
    return re.findall(r'<table class="matrix">.*?</table>', render_report(figures), re.S)[0]


def without_outcomes() -> ReportFigures:
    figures = example()
    bare = unrated(figures.grid)
    segments = tuple(dataclasses.replace(s, rate=None) for s in figures.segments)
    return dataclasses.replace(figures, worth=None, segments=segments, grid=bare)


def unrated(value):
    """The same grid with no rate at all."""
    if isinstance(value, Rate):
        return None
    if isinstance(value, tuple):
        return tuple(map(unrated, value))
    if isinstance(value, Grid | GridRow | Segment):
        parts = {f.name: unrated(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return type(value)(**parts)
    return value


def grid_of(*cells: Segment) -> Grid:
    """A grid of one class down."""
    return Grid("fit", "engagement", (GridRow(cells[0], cells),), cells, cells[0])


def test_a_cell_says_its_name_its_records_and_the_share_won():
    words = read(example()).words
    assert "A1 112 clients 2.2% of all 55.4% won 95% sure between 45.3% – 65.5%" in words
    assert "Each of the clients stands where its class of fit (down) and its class of" in words


def test_totals_stand_at_the_edges():
    words = read(example()).words
    assert "A3 24 clients" in words
    last_row = words[words.index("All 1,212 clients") :]
    assert last_row.startswith("All 1,212 clients 23.7% of all 17.9% won")
    assert "5,115 clients 100% of all 9.7% won" in last_row
    row = words[words.index("A3 24 clients") :]
    assert "372 clients 7.3% of all 41.9% won" in row[: row.index("B 40 or more")]


def test_heads_name_both_sides_and_every_class():
    heads = re.findall(r"<th scope=\"(\w+)\".*?>(.*?)</th>", matrix(example()), re.S)
    said = [(scope, re.sub(r"<.*?>", "", text)) for scope, text in heads]
    assert said == [
        ("colgroup", "engagement"),
        *(("col", text) for text in ("fit", "1 60 or more", "2 25 or more", "3 the rest", "All")),
        *(("row", text) for text in ("A 70 or more", "B 40 or more", "C the rest")),
        *(("row", text) for text in ("? not known", "All")),
    ]


def test_few_records_are_marked_and_have_no_colour():
    page = matrix(example())
    found = re.findall(r'<td class="([\w-]+)"><b class="pair"><bdi>(.*?)</bdi>', page)
    tones = {name: tone for tone, name in found}
    assert [tones[name] for name in ("A3", "?1", "?2")] == ["bare"] * 3, "24, 0 and 21 records"
    assert tones["A1"] == f"shade-{SHADES}"
    assert tones["?3"] == "shade-1", "30 records of which none was won"
    assert page.count("too few to rely on:") == 2, "A3 and ?2; of nobody nothing is said"
    words = read(example()).words
    assert "fewer than 30 clients: too few to rely on. Their cells have no colour." in words


def test_what_the_colour_means_is_said():
    assert "the more of its clients were won" in read(example()).words
    words = read(without_outcomes()).words
    assert "The stronger the colour of a cell, the more clients are in it." in words
    assert "won" not in re.sub(r"<.*?>", "", matrix(without_outcomes()))


def test_colours_go_by_records_where_no_share_won_is_reliable():
    few, more = (Segment(n, c, c / 25, "", Rate(1, c, 0, 1)) for n, c in (("A1", 5), ("A2", 20)))
    scale = shading(grid_of(few, more))
    assert not scale.by_rate
    assert scale.end == 0.8
    assert (scale.tone(few), scale.tone(more)) == ("shade-2", "shade-5")


def test_nobody_has_no_colour_and_no_scale():
    nobody = Segment("A1", 0, 0)
    assert shading(grid_of(nobody)) is None
    figures = dataclasses.replace(without_outcomes(), grid=grid_of(nobody))
    assert "stronger the colour" not in read(figures).words


@pytest.mark.parametrize("highest", [0.003, 0.1, 0.21, 0.3, 0.5, 0.51, 0.999, 1])
def test_the_scale_ends_at_a_round_share_that_is_just_enough(highest):
    cells = [Segment("A1", 40, 0.5, "", Rate(40 * part, 40, 0, 1)) for part in (highest, 0)]
    scale = shading(grid_of(*cells))
    assert highest <= scale.end <= 1.25 * highest
    assert len(numbers.round_percent(scale.end)) <= 5
    assert [scale.tone(cell) for cell in cells] == [f"shade-{SHADES}", "shade-1"]


def test_the_list_stays_below_folded_and_whole():
    words = read(example()).words
    listed = words[words.index("These numbers in a list") :]
    assert listed.index("fit: 70 or more; engagement: 60 or more") < listed.index("?3")
    assert "more segments" not in words
    assert "Which clients" in listed


def test_the_head_does_not_call_a_pair_of_classes_a_score():
    assert "fit: 70 or more; engagement: 60 or more · 2.2% of all scored" in read(example()).words
    assert "score fit" not in read(example()).words


def test_a_card_by_itself_has_no_matrix():
    page = render_report(plain())
    assert "matrix" not in page[page.index("<body>") :]
    assert "stronger the colour" not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text):
    clean, page = read(example()), read(poisoned(example(), text))
    assert not {"script", "img", "i", "iframe"} & set(page.tags)
    assert page.tags["b"] == clean.tags["b"]
