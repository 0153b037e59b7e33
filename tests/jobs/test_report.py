"""The page of a scored file: which records, which lines, in which words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

import scoreline.jobs.report as report
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.report import Asked, looks_like_names, score_with_report
from scoreline.jobs.wording import PageLines, bin_words, reject_words, segment_rule
from scoreline.scorecard.file import load_card
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import OneOf, Range, Segment

AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.fixture
def figures(tmp_path, monkeypatch):
    """The figures of the page of rows scored by a card."""
    seen = []
    monkeypatch.setattr(report, "render_report", lambda figures: seen.append(figures) or "")

    def run(card: str, rows: str, won: str | None = None):
        (tmp_path / "card.yaml").write_text(card, encoding="utf-8")
        (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
        model = load_card(tmp_path / "card.yaml")
        outputs, options = Outputs(page=tmp_path / "page.html"), ScoreOptions(as_of=AS_OF)
        score_with_report(
            tmp_path / "rows.csv", model, Path("card.yaml"), outputs, options, Asked(won)
        )
        return seen[-1]

    return run


NUMBERS = """
scorecard: numbers
key: id
fields: {n: integer}
base: 50
groups: {size: {cap: 5}}
total: {cap: 54}
terms:
  - {name: has n, when: n is not null, points: 1}
  - {name: big, of: n, group: size, bins: [{from: 1000000, points: 7}, {missing: -2}]}
segments: [{name: good, from: 53}, {name: poor}]
"""


def test_rows_with_one_key_have_a_waterfall_each(figures):
    found = figures(NUMBERS, "id,n\n1,1000000\n1,\n")
    assert [fall.key for fall in found.waterfalls] == ["1", "1"]
    assert [fall.score for fall in found.waterfalls] == [54, 48]


def test_one_row_that_is_best_and_open_is_shown_once(figures):
    assert len(figures(NUMBERS, "id,n\n1,\n").waterfalls) == 1


def test_base_comes_first_and_clamps_last_each_said_once(figures):
    best = figures(NUMBERS, "id,n\n1,1000000\n").ranked[0]
    assert [(line.text, line.points, line.part) for line in best.reasons] == [
        ("base", 50, "base"),
        ("big: 1,000,000 or more", 7, "term"),
        ("has n", 1, "term"),
        ("size: cap 5", -2, "clamp"),
        ("total: cap 54", -2, "clamp"),
    ]
    assert sum(line.points for line in best.reasons) == best.score


def test_ties_stand_in_the_order_of_the_file(figures):
    rows = "".join(f"r{i},{1000000 if i % 3 else 5}\n" for i in range(120))
    ranked = figures(NUMBERS, f"id,n\n{rows}").ranked
    assert [one.key for one in ranked] == [f"r{i}" for i in range(120) if i % 3][:50]


def test_the_lines_of_every_mask_sum_to_its_score(figures):
    found = figures(NUMBERS, "id,n\n1,1000000\n2,3\n3,\n")
    assert {sum(r.points for r in one.reasons) - one.score for one in found.ranked} == {0}


def test_bins_and_bounds_are_said_in_words(figures):
    found = figures(NUMBERS, "id,n\n1,1\n")
    assert [b.text for b in found.terms[1].bins] == ["1,000,000 or more", "not known"]
    assert bin_words(Range(-20000.0, 1990.0)) == "−20,000 to below 1990", "1990 may be a year"
    assert bin_words(Range(9007199254740992.0, None)) == "9,007,199,254,740,992 or more"
    assert bin_words(Range(None, 0.00001)) == "below 0.00001"
    assert bin_words(Range(dt.date(2026, 3, 1), None)) == "1 March 2026 or later"
    assert bin_words(Range(None, dt.date(2026, 3, 1))) == "before 1 March 2026"
    assert bin_words(OneOf((10115.0, -1.0))) == "10115, −1", "a number may be a code"
    assert segment_rule(Segment("a", 1_000_000 * 10_000, strict=True)) == "more than 1,000,000"
    assert segment_rule(Segment("a", -5 * 10_000)) == "−5 or more"


def test_rejected_rows_are_explained_in_words_without_codes(figures):
    found = figures(NUMBERS, "id,n\n1,2,3,4\n,5\n2,7\n")
    assert [row.reason for row in found.rejected_rows] == [
        "4 cells where the header has 2",
        "the key is blank",
    ]
    assert reject_words("nobody: knows") == "nobody: knows"


NAMED = """
scorecard: named
key: id
fields: {id: text, position: text, company: text, n: integer}
terms: [{name: any, when: n > 0 and company is not null and position is not null, points: 1}]
"""


def test_a_text_field_that_names_records_stands_beside_the_key(figures):
    rows = "".join(f"{i},{'boss' if i % 2 else 'clerk'},Firm {i},1\n" for i in range(10))
    found = figures(NAMED, f"id,position,company,n\n{rows}")
    assert found.ranked[3].name == "Firm 3"
    assert found.waterfalls[0].name == "Firm 0"


def test_mostly_blank_or_equal_texts_name_nobody(figures):
    rows = "".join(f"{i},boss,{'Firm' if i == 1 else ''},1\n" for i in range(10))
    assert {one.name for one in figures(NAMED, f"id,position,company,n\n{rows}").ranked} == {""}


def test_what_looks_like_names():
    assert looks_like_names(pl.Series(["Anna", "Boris", None, "Anna"]))
    assert not looks_like_names(pl.Series(["a", "a", "a", "b", "a"]))
    assert not looks_like_names(pl.Series(["a", None, None]))
    assert not looks_like_names(pl.Series(["remark " * 20 + str(i) for i in range(4)]))
    assert not looks_like_names(pl.Series([None, None], dtype=pl.String))
    assert not looks_like_names(pl.Series([], dtype=pl.String))


def test_page_lines_follow_the_mask():
    card = load_card(Path(__file__).parent.parent.parent / "src/scoreline/demo/leads.yaml")
    layout = Layout(card)
    lines = PageLines(layout)
    for place, bit in enumerate(layout.bits):
        assert [line.points for line in lines.of(1 << place)] == [bit.points / 10_000]
    assert layout.mask_of([1, 1]) == 1 | 1 << 63


SIDE = """
scorecard: {name}
key: id
fields: {{{field}: {{type: integer, optional: yes}}}}
terms: [{{name: much, of: {field}, bins: [{{from: 5, points: 70}}, {{from: 2, points: 40}}]}}]
"""
GRID = """
grid: both
fit:        {card: fit.yaml, A: {from: 70}, B: {above: 30}, C: {}}
engagement: {card: engagement.yaml, 1: {from: 40}, 2: {}}
"""


@pytest.fixture
def grid_figures(figures, tmp_path):
    """The figures of the page of rows scored by a grid of two cards."""
    for name, field in (("fit", "f"), ("engagement", "e")):
        (tmp_path / f"{name}.yaml").write_text(SIDE.format(name=name, field=field), "utf-8")
    return lambda rows, won=None: figures(GRID, rows, won)


def totals(*segments):
    """What segments come to: records, their share, won and counted ones."""
    return (
        sum(one.count for one in segments),
        pytest.approx(sum(one.share for one in segments)),
        sum(one.rate.hits for one in segments),
        sum(one.rate.of for one in segments),
    )


def test_the_matrix_of_a_grid_adds_up_to_its_list(grid_figures):
    rows = "".join(
        f"{i},{i % 7},{'' if i % 11 == 0 else i % 6},{'yes' if i % 3 else 'no'}\n"
        for i in range(200)
    )
    found = grid_figures(f"id,f,e,deal\n{rows}", "deal=yes")
    grid = found.grid
    cells = [cell for row in grid.rows for cell in row.cells]
    listed = {one.name: one for one in found.segments}
    for cell in cells:
        if cell.count:
            assert totals(cell) == totals(listed[cell.name])
    assert {one.name for one in found.segments if one.count} <= {cell.name for cell in cells}
    for row in grid.rows:
        assert totals(row.total) == totals(*row.cells)
    for place, column in enumerate(grid.columns):
        assert totals(column) == totals(*(row.cells[place] for row in grid.rows))
    assert totals(grid.total) == totals(*grid.columns) == totals(*found.segments)
    assert (grid.total.count, grid.total.share, grid.total.rate) == (200, 1, found.worth.base)


def test_the_matrix_names_classes_and_rules_and_what_is_not_known_where_it_is(grid_figures):
    grid = grid_figures("id,f,e\n1,7,5\n2,1,\n").grid
    assert (grid.down, grid.across) == ("fit", "engagement")
    assert [(row.total.name, row.total.rule) for row in grid.rows] == [
        ("A", "70 or more"),
        ("B", "more than 30"),
        ("C", "the rest"),
    ]
    assert [(one.name, one.rule) for one in grid.columns] == [
        ("1", "40 or more"),
        ("2", "the rest"),
        ("?", "not known"),
    ]
    assert [[cell.name for cell in row.cells] for row in grid.rows][2] == ["C1", "C2", "C?"]
    assert [cell.count for row in grid.rows for cell in row.cells] == [1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert grid.total.rate is None, "no outcome was given"


def test_a_card_by_itself_has_no_matrix(figures):
    assert figures(NUMBERS, "id,n\n1,1\n").grid is None


def test_a_cell_of_a_pair_table_is_named_by_its_row_and_column(figures):
    card = (
        "scorecard: c\nfields: {age: number, job: choice}\nterms:\n- name: age and job\n"
        "  of: [age, job]\n  rows: [{from: 20000}, missing]\n"
        "  columns: [{is: clerk}, otherwise]\n  points: [[1, 2], [3, 4]]\n"
    )
    (spread,) = figures(card, "age,job\n20000,clerk\n,chef\n").terms
    assert [(one.text, one.count) for one in spread.bins] == [
        ("20,000 or more, clerk", 1),
        ("20,000 or more, anything else", 0),
        ("not known, clerk", 0),
        ("not known, anything else", 1),
    ]
