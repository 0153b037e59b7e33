"""Colours that can be read, texts that are all used, one place for both."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import scoreline.pages
from scoreline.analytics.base_score import PERIODS
from scoreline.jobs.quality.results import Way
from scoreline.pages.figures import VERDICTS_SHOWN
from scoreline.pages.shading import SHADES
from scoreline.pages.words import ENGLISH

PAGES = Path(scoreline.pages.__file__).parent
CSS = (PAGES / "templates" / "page.css").read_text(encoding="utf-8")
SCHEMES = dict(
    zip(("light", "dark", "print"), re.findall(r":root \{(.*?)\}", CSS, re.S), strict=True)
)

TEXT = [  # (letters, ground): WCAG 2.2, 1.4.3 asks 4.5
    *((ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "card")),
    *(("plus", "plus-tint"), ("minus", "minus-tint"), ("loud", "loud-tint"), ("ink", "zero-tint")),
    *(("ink", f"shade-{step}") for step in range(1, SHADES + 1)),
    *(("plus", "card"), ("minus", "card"), ("yes", "card"), ("soft", "zero-tint")),
]
MARKS = [  # (mark, ground): 1.4.11 asks 3
    *((mark, "card") for mark in ("t0", "t1", "t2", "t3", "last", "down", "ink", "yes", "no")),
    *(("maybe", "card"), ("focus", "card"), ("focus", "paper"), ("soft", "card")),
]


def colours(scheme):
    base = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})", SCHEMES["light"]))
    return base | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})", SCHEMES[scheme]))


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_contrast(scheme):
    palette = colours(scheme)
    for pairs, least in ((TEXT, 4.5), (MARKS, 3.0)):
        for mark, ground in pairs:
            found = contrast(palette[mark], palette[ground])
            assert found >= least, f"{mark} on {ground}: {found:.2f}"


def test_contrast_is_measured_as_published():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def sources():
    files = [*PAGES.glob("*.py"), *(PAGES / "templates").glob("*.j2")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != "words.py")


def test_every_text_is_used_and_none_is_missing():
    used = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)+)["']""", sources())) | {"language"}
    used = {
        key
        for key in used - {"page.css"}
        if key.split(".")[0] in {k.split(".")[0] for k in ENGLISH}
    }
    built = {f"{head}.{end}" for head, ends in BUILT.items() for end in ends}
    singular = {key for key in ENGLISH if key.endswith(".one")}
    assert used <= set(ENGLISH)
    assert set(ENGLISH) - singular == used | built
    assert {key.removesuffix(".one") for key in singular} <= set(ENGLISH)


BUILT = {  # keys that are put together from a part of the figures
    "notice": ("invented", "note"),
    "channels": tuple(
        f"{kind}.{part}" for kind in ("qualified", "sales", "sold") for part in ("title", "intro")
    ),
    "outcome": ("won", "lost", "open"),
    "quality": VERDICTS_SHOWN,
    "quality.period": tuple(PERIODS),
    "quality.effects": get_args(Way),
    "level": ("error", "warning", "info"),
    "worth": ("yes", "unclear", "no", "yes.why", "unclear.why", "no.why"),
}


def test_no_style_is_written_for_what_does_not_exist():
    templates = "\n".join(p.read_text("utf-8") for p in (PAGES / "templates").glob("*.j2"))
    known = templates + (PAGES / "charts.py").read_text("utf-8") + " ".join(ENGLISH)
    known += (PAGES / "render.py").read_text("utf-8") + "outcome-won outcome-lost outcome-open"
    known += " ".join(f" verdict-{verdict}" for verdict in VERDICTS_SHOWN)
    known += " points-up points-down points-none warning error invented yes no t0 t1 t2 t3"
    known += " ".join(f" shade-{step}" for step in range(1, SHADES + 1))
    for name in set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"/\*.*?\*/", "", CSS))):
        assert re.search(rf"\b{name}\b", known), name
