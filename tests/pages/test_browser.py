"""The page in a real browser: fits, asks nothing of the network, is usable by keyboard and axe."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from scoreline.pages.channels import render_channels
from scoreline.pages.figures import ChannelsFigures
from scoreline.pages.render import render_report
from tests.pages import example_channels, example_grid
from tests.pages.example_figures import example
from tests.pages.test_report import EMPTY, poisoned, scores_of

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

FOCUSED = "document.activeElement.className || document.activeElement.tagName"
SHORT = dataclasses.replace(example(), ranked=example().ranked[:6])

PAGES = {
    "example": SHORT,
    "long names": poisoned(SHORT, "W" * 300),
    "empty": EMPTY,
    "decimals": scores_of(-2.5, 0.0001, 12345.6789),
    "grid": dataclasses.replace(example_grid.example(), ranked=SHORT.ranked),
    "long grid": poisoned(example_grid.example(), "W" * 300),
    "channels": example_channels.example(),
    "long channels": poisoned(example_channels.example(), "W" * 300),
}


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "no Chromium here: choose -m 'not browser'"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens figures as a file; what the page asks for and complains of is kept."""
    contexts = []

    def open_page(figures, width=1280, scheme="light", scripts=True):
        file = tmp_path / "page.html"
        render = render_channels if isinstance(figures, ChannelsFigures) else render_report
        file.write_text(render(figures), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 420, 320])
def test_nothing_runs_over_the_edge(opened, name, width):
    page = opened(PAGES[name], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["example", "empty", "grid", "channels"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (420, "dark")])
def test_axe_finds_nothing(opened, name, width, scheme):
    page = opened(PAGES[name], width, scheme)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_nothing_is_asked_of_the_network_and_nothing_is_wrong(opened):
    hostile = poisoned(SHORT, "</script><svg onload=console.log(1)><img src=//x.test/a.png>")
    for figures in (SHORT, hostile):
        page = opened(figures)
        assert len(page.asked) == 1
        assert page.asked[0].startswith("file:")
        assert page.said == []


def test_it_reads_the_same_without_scripts(opened):
    assert opened(example(), scripts=False).inner_text("main").startswith("Who comes first")


def test_the_keyboard_reaches_everything(opened):
    page = opened(SHORT, 420)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "result"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.className || document.activeElement.tagName")
        )
    assert {"A", "SUMMARY", "scroll"} <= reached


def test_one_drawing_of_the_histogram_is_shown_at_a_time(opened):
    for width, shown in ((1280, "wide"), (420, "narrow")):
        page = opened(SHORT, width)
        visible = page.locator("svg.histogram:visible")
        assert visible.count() == 1
        assert shown in visible.first.get_attribute("class")


@pytest.mark.parametrize("width", [420, 320])
def test_tables_of_findings_and_points_need_no_scrolling_on_narrow_screens(opened, width):
    page = opened(SHORT, width)
    channels = opened(PAGES["channels"], width).locator("main .scroll")
    for box in page.locator("#file .scroll, #terms .scroll").all() + channels.all():
        inner, outer = box.evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert inner <= outer
    assert opened(PAGES["channels"], width).locator("#costs .bar").first.is_visible()
    hint = page.locator(".findings .hint").first.bounding_box()
    message = page.locator(".findings th[scope=row]").first.bounding_box()
    assert hint["y"] >= message["y"] + message["height"], "it stands below, not beside"
    chart = page.locator(".terms .rate:has(.base)").first.bounding_box()
    assert chart["width"] > 30, "the dashed line that the text names"


def test_a_grid_needs_no_scrolling_on_a_telephone_and_says_all_it_says_elsewhere(opened):
    wide, phone = (opened(PAGES["grid"], width) for width in (1100, 390))
    inner, outer = phone.locator("#segments .scroll").first.evaluate(
        "e => [e.scrollWidth, e.clientWidth]"
    )
    assert inner <= outer
    for page in (wide, phone):
        for part in (".pair", ".size", ".part", ".won", ".sure"):
            assert page.locator(f".matrix {part}").first.is_visible()
    assert phone.locator("#segments details table").is_hidden()
    phone.locator("#segments summary").focus()
    phone.keyboard.press("Enter")
    assert phone.locator("#segments details table").is_visible()


def test_nothing_is_written_over_the_rates(opened):
    for width in (1280, 420):
        page = opened(SHORT, width)
        drawn = page.locator("svg.histogram:visible")
        label = drawn.locator("text", has_text="everyone").bounding_box()
        for mark in drawn.locator(".dot, .whisker").all():
            box = mark.bounding_box()
            assert box["y"] >= label["y"] + label["height"] - 2


def test_folded_lines_open_by_keyboard_and_on_paper(opened):
    page = opened(SHORT)
    weakest = page.locator(".ranked").get_by_text("line 1", exact=True)
    assert weakest.is_hidden()
    page.locator(".rest summary").first.focus()
    page.keyboard.press("Enter")
    assert weakest.is_visible()
    paper = opened(SHORT)
    paper.emulate_media(media="print")
    assert paper.locator(".ranked").get_by_text("line 1", exact=True).is_visible()


def test_paper_has_tables_in_full(opened):
    page = opened(SHORT)
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.locator(".figures").first.is_hidden()
    assert page.locator(".ranked thead").is_visible()
    assert page.locator("svg.histogram.wide").is_visible()
