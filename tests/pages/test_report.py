"""The page of a scored file: says what it must, with any figures, and lets nothing run."""

from __future__ import annotations

import dataclasses
import re

import pytest

from scoreline.pages.figures import (
    BinSpread,
    FindingLine,
    Histogram,
    HistogramBin,
    Notice,
    Noun,
    Question,
    Ranked,
    Rate,
    Reason,
    RejectedRow,
    ReportFigures,
    Segment,
    TermSpread,
    Threshold,
    TopShare,
    Waterfall,
)
from scoreline.pages.render import render_report
from tests.pages.example_figures import example, rate
from tests.pages.reading import Reading


def read(figures: ReportFigures) -> Reading:
    page = Reading(render_report(figures))
    assert page.wrong == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in page.all("a") if (a["href"] or "").startswith("#")]
    assert set(targets) <= set(ids)
    named = {
        name
        for _, attrs in page.elements
        for attribute in ("aria-labelledby", "aria-describedby")
        for name in (attrs.get(attribute) or "").split()
    }
    assert named <= set(ids)
    return page


EMPTY = ReportFigures(
    title="Nobody",
    card="card.yaml",
    fingerprint="0",
    as_of="2026-01-01",
    file="empty.csv",
    rows=0,
    scored=0,
    rejected=0,
    segments=(Segment("qualified", 0, 0, "more than 6"), Segment("garbage", 0, 0)),
    histogram=Histogram(()),
    ranked=(),
)


def scores_of(*scores: float) -> ReportFigures:
    """A page of so many scored records in one segment."""
    bins = tuple(
        HistogramBin(score - 0.5, score + 0.5, str(score), (scores.count(score),))
        for score in sorted(set(scores))
    )
    ranked = tuple(
        Ranked(f"r{i}", score, "all", score, score, reasons=(Reason("x", score),))
        for i, score in enumerate(sorted(scores, reverse=True))
    )
    return dataclasses.replace(
        EMPTY,
        rows=len(scores),
        scored=len(scores),
        segments=(Segment("all", len(scores), 1.0),),
        histogram=Histogram(bins),
        ranked=ranked,
    )


def test_the_first_screen_answers_both_questions():
    words = read(example()).words
    first = words[: words.index("On this page") if "On this page" in words else 1200]
    assert "348 clients in call first" in first
    assert "score more than 6 · 6.8% of all scored" in first
    assert "Yes: 3.3× the average" in first
    assert "Of the 10% with the highest scores, 31.9% were won. Of everyone it was 9.7%" in first


def test_every_part_of_the_figures_is_on_the_page():
    words = read(example()).words
    for text in (
        "Invented data.",
        "bank.yaml",
        "9f31c0de5a77",
        "2026-11-22 00:00 UTC",
        "5,119 = 5,115 scored + 4 rejected",
        "Asking for budget could decide 212 clients",
        "With the missing answers it could become 1 to 8; ask for budget first.",
        "webinars: 5 x 1, cap 3",
        "60 and more",
        "the key is empty",
        "budget: an amount cannot be read",
        "UCI Bank Marketing, CC BY 4.0",
        "Lists of e-mail domains",
    ):
        assert text in words


def test_a_long_row_shows_base_and_the_strongest_lines_and_opens_to_the_rest():
    page = read(dataclasses.replace(EMPTY, rows=1, scored=1, ranked=example().ranked[:1]))
    row = page.words[page.words.index("Why Could become") :]
    shown, _, rest = row.partition("+8 3 others")
    for line in ("+50 base", "+9 line 9", "−6 line -6", "−6 total: cap 70"):
        assert line in shown
    for line in ("+5 line 5", "+2 line 2", "+1 line 1"):
        assert line in rest
    assert "opens to show the rest" in page.words
    assert page.tags["summary"] == 1
    assert "opens to show" not in read(scores_of(1, 2)).words


def test_a_glance_names_the_strongest_terms_and_not_the_base():
    first = read(example()).words.partition("with all their reasons")[0]
    assert "+9 line 9 +8 line 8" in first
    assert "base" not in first


def test_a_record_is_called_by_its_key_and_name():
    words = read(example()).words
    assert "L-1000 Firm 0" in words


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("declare it in `missing`.", "declare it in <code>missing</code>."),
        ("`a < b` or `c`", "<code>a &lt; b</code> or <code>c</code>"),
        ("a lone ` stays", "a lone ` stays"),
        ("`a` and a lone `", "<code>a</code> and a lone `"),
        ("none", "none"),
    ],
)
def test_names_in_backticks_are_set_as_code(text, html):
    page = render_report(
        dataclasses.replace(EMPTY, findings=(FindingLine("info", "x", "m", 1, text),))
    )
    assert f"<bdi>{html}</bdi>" in page


def bars(page: Reading) -> list[float]:
    """The widths of the bars that stand on a track, in percent."""
    inside, widths = False, []
    for tag, attrs in page.elements:
        inside = (inside and tag == "rect") or attrs.get("class") == "bar"
        if inside and tag == "rect" and attrs.get("class") != "track":
            widths.append(float(attrs["width"].rstrip("%")))
    return widths


def test_a_full_track_is_everyone_in_every_chart():
    spread = TermSpread("only", (BinSpread("yes", 1, 120),))
    figures = dataclasses.replace(
        EMPTY,
        rows=400,
        scored=400,
        segments=(Segment("a", 100, 0.25), Segment("b", 300, 0.75)),
        questions=(Question("budget", 40),),
        terms=(spread,),
    )
    assert bars(read(figures)) == [25, 75, 10, 30]


def test_it_is_said_how_wide_a_bar_is():
    figures = scores_of(1, 2)
    assert "Each bar is one score;" in read(figures).words
    wide = dataclasses.replace(figures.histogram, width=2.5, divided=True)
    words = read(dataclasses.replace(figures, histogram=wide)).words
    assert "Each bar is 2.5 points of score;" in words
    assert "Where a segment begins within a bar, the bar is divided there." in words


def test_no_jargon_and_no_unfilled_text():
    words = read(example()).words
    assert not re.search(r"\b(AUC|ROC|KS|Gini|bins?|masks?|quantiles?|None|nan)\b", words)
    assert "{" not in words


def test_nothing_is_loaded_and_nothing_runs():
    page = read(example())
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(page.tags)
    policy = next(m for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"].startswith("default-src 'none'; style-src 'sha256-")
    for tag, attrs in page.elements:
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            value = attrs.get(name)
            assert value is None or value.startswith("#") or (tag == "a" and "https://" in value)
    assert "url(" not in render_report(example())


def test_charts_and_tables_can_be_read_without_seeing():
    page = read(example())
    drawings = [a for a in page.all("svg") if a.get("role") == "img"]
    assert len(drawings) == 2, "the histogram, for wide and narrow screens"
    others = [a for a in page.all("svg") if a.get("role") != "img"]
    assert all(a.get("aria-hidden") == "true" for a in others), "beside each stands its number"
    assert page.tags["title"] >= 3
    assert page.tags["desc"] == 2
    assert all(th.get("scope") for th in page.all("th"))
    assert page.tags["caption"] + 1 >= page.tags["table"], "the ranked list is named by its heading"
    assert any(a.get("class") == "skip" and a["href"] == "#result" for a in page.all("a"))
    for attrs in page.all("div"):
        if attrs.get("class") == "scroll":
            assert attrs["tabindex"] == "0"
            assert attrs["role"] == "region"
            assert attrs["aria-label"]


HOSTILE = [
    "</script><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% include 'x' %}",
    "</style></title><b>",
    "javascript:alert(1)",
    "a\x00b\x1b[31m\u202eevil\ud800",
    "{noun} {0} %s",
    "&lt;i&gt;&amp;",
    "ы" * 5000,
]


def poisoned(value: object, text: str) -> object:
    """The same figures with every text replaced."""
    if isinstance(value, str):
        return value if value in KEPT else text
    if isinstance(value, tuple):
        return tuple(poisoned(part, text) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in dataclasses.fields(value)]
        return type(value)(*(poisoned(getattr(value, name), text) for name in names))
    return value


KEPT = {"won", "lost", "open", "yes", "no", "unclear", "invented", "note", "source"}
KEPT |= {"error", "warning", "info", "term", "base", "clamp"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text):
    clean, page = read(example()), read(poisoned(example(), text))
    assert not {"script", "img", "i", "iframe"} & set(page.tags)
    assert page.tags["b"] == clean.tags["b"]
    assert page.tags["svg"] - clean.tags["svg"] <= 0
    for _, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on")]
        assert not (attrs.get("href") or "").lower().startswith("javascript")
    assert "\x00" not in render_report(poisoned(example(), text))
    render_report(poisoned(example(), text)).encode("utf-8")


def test_a_source_is_a_link_only_when_it_is_https():
    figures = dataclasses.replace(
        EMPTY, notices=(Notice("source", "odd", "javascript:alert(1)"), Notice("note", "mind this"))
    )
    page = read(figures)
    assert not [a for a in page.all("a") if "javascript" in (a["href"] or "")]
    assert "Note. mind this" in page.words


def test_no_rows():
    words = read(EMPTY).words
    assert "Nobody has been scored." in words
    assert "no row was scored" in words
    assert "Not known yet" in words
    assert "--won COLUMN=VALUE" in words
    assert "0 = 0 scored + 0 rejected" in words


def test_only_rejected_rows():
    figures = dataclasses.replace(
        EMPTY, rows=3, rejected=3, rejected_rows=(RejectedRow(2, "the key is empty"),)
    )
    words = read(figures).words
    assert "The first 1 of 3." in words
    assert "the key is empty" in words


def test_one_row_one_segment():
    words = read(scores_of(3)).words
    assert "1 record in all" in words
    assert "The one scored record" in words


@pytest.mark.parametrize(
    "scores",
    [
        (5,) * 900,
        (-3, -2, -2.5, 0.0001),
        (0,),
        (1e6, 1e6 + 1),
        (0.125, 12345.6789),
        tuple(range(-400, 400)),
    ],
)
def test_any_scores_can_be_drawn(scores):
    page = read(scores_of(*scores))
    for _, attrs in page.elements:
        for name in ("x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy"):
            value = (attrs.get(name) or "0").rstrip("%")
            assert value.replace(".", "").replace("-", "").isdigit(), (name, value)
            assert name not in ("width", "height") or float(value) >= 0


def test_scores_keep_decimals_and_sign():
    words = read(scores_of(-2.5, 0.0001, 12345.6789)).words
    for text in ("−2.5", "0.0001", "12,345.6789"):
        assert text in words


def test_two_hundred_segments_fold_away():
    segments = tuple(Segment(f"segment {i}", i, i / 19900, f"from {-i}") for i in range(200))
    bins = (HistogramBin(0, 1, "0 to 1", tuple(s.count for s in segments)),)
    thresholds = tuple(Threshold(float(-i), f"segment {i}") for i in range(200))
    figures = dataclasses.replace(
        EMPTY,
        rows=19900,
        scored=19900,
        segments=segments,
        histogram=Histogram(bins, thresholds),
    )
    page = read(figures)
    assert "188 more segments" in page.words
    assert "segment 199" in page.words


def worth(**changes) -> ReportFigures:
    figures = example()
    return dataclasses.replace(figures, worth=dataclasses.replace(figures.worth, **changes))


def test_verdicts_are_said_as_they_are():
    assert "Not proven yet" in read(worth(verdict="unclear")).words
    assert "the difference may be chance" in read(worth(verdict="unclear")).words
    assert "No: do not go by it" in read(worth(verdict="no")).words


def test_nobody_won_or_no_outcome_known():
    nobody = worth(base=Rate(0, 40, 0, 0.09), tops=(TopShare(0.1, 4, Rate(0, 4, 0, 0.5), None),))
    assert "Not one of 40 clients was won" in read(nobody).words
    empty = worth(base=Rate(0, 0, 0, 1), tops=())
    assert "Not one scored record has an outcome" in read(empty).words


def test_open_outcomes_are_named():
    assert "31 clients with no outcome yet are left out." in read(worth(open=31)).words
    assert "One of the clients has no outcome yet" in read(worth(open=1)).words
    unsaid = read(worth(lost_known=False, open=4621)).words
    assert "Nothing says who is lost" in unsaid
    assert "left out" not in unsaid


def test_a_waterfall_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match="come to"):
        Waterfall("a", 6, "x", (Reason("one", 5),))
    tenths = tuple(Reason(f"t{i}", 0.6) for i in range(10))
    assert (
        "+0.6"
        in read(dataclasses.replace(EMPTY, waterfalls=(Waterfall("a", 6, "x", tenths),))).words
    )


def test_a_waterfall_of_nothing():
    words = read(dataclasses.replace(EMPTY, waterfalls=(Waterfall("a", 0, "x", ()),))).words
    assert "Nothing gave or took points." in words


def test_rows_must_be_scored_plus_rejected():
    with pytest.raises(ValueError, match="5 rows are not"):
        dataclasses.replace(EMPTY, rows=5)


def test_only_the_first_fifty_are_drawn():
    many = dataclasses.replace(
        scores_of(*range(80)),
        rows=180,
        rejected=100,
        rejected_rows=tuple(RejectedRow(i, "the key is empty") for i in range(2, 102)),
    )
    words = read(many).words
    assert "r49" in words
    assert "r50" not in words
    assert "The first 50 of 100." in words


def test_parts_of_one_read_well():
    figures = dataclasses.replace(
        EMPTY,
        questions=(Question("budget", 1),),
        noun=Noun("lead", "leads"),
        findings=(FindingLine("error", "x", "a key is missing", 1),),
        terms=(TermSpread("only", (BinSpread("yes", 0, 0, rate(0, 1)),)),),
    )
    words = read(figures).words
    assert "could decide 1 lead " in words
