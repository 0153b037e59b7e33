"""The templates' environment: filters, the style sheet, and texts that are always escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scoreline.pages import charts, numbers, words
from scoreline.pages.figures import Notice, Noun, Ranked, Reason

_TEMPLATES = Path(__file__).parent / "templates"


def draw(template: str, parts: dict[str, object]) -> str:
    """A whole HTML document that loads nothing and runs no script."""
    return _environment().get_template(template).render(parts)


def loud(notices: Sequence[Notice]) -> list[Notice]:
    """The notices that stand at the head of a page."""
    return [n for n in sorted(notices, key=lambda n: n.kind) if n.kind != "source"]


def sources(notices: Sequence[Notice]) -> list[dict[str, str | None]]:
    """The notices that stand at its foot, with links that are safe."""
    return [
        {"text": n.text, "link": n.link if (n.link or "").startswith("https://") else None}
        for n in notices
        if n.kind == "source"
    ]


def short_noun(noun: Noun) -> Noun:
    """The noun cut to what fits into a sentence."""
    return Noun(cut(noun.one, 30), cut(noun.many, 30))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters.update(
        whole=numbers.whole,
        points=numbers.points,
        signed=numbers.signed,
        percent=numbers.percent,
        round_percent=numbers.round_percent,
        times=numbers.times,
        money=numbers.money,
        moment=numbers.moment,
        cut=cut,
        folded=_folded,
        has_folded=_has_folded,
        strongest=_strongest,
        quoted=_quoted,
        px=_pixels,
        named=named,
        capitalized=_capitalized,
    )
    style = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals.update(
        say=words.speaker(),
        style=Markup(style),  # noqa: S704  our own style sheet; its hash is in the page's policy
        style_hash=f"sha256-{digest}",
        span=charts.span,
        at=_at,
        few=charts.FEW,
    )
    return environment


def _printable(value: object) -> object:
    """What Jinja is about to write, texts of ours and numbers unchanged."""
    return words.printable(value) if _is_raw(value) else value


def _is_raw(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and not isinstance(value, Markup)


def cut(text: str, most: int) -> str:
    """A text of at most `most` letters; what is cut off is marked."""
    clean = words.printable(text)
    return clean if len(clean) <= most else f"{clean[: most - 1].rstrip()}…"


def _pixels(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class _Folded:
    """Reasons of which only some are shown at once; `total` is what the rest come to."""

    shown: Sequence[Reason]
    rest: Sequence[Reason] = ()

    @property
    def total(self) -> Reason:
        text = words.speaker()("reasons.other", n=len(self.rest))
        return Reason(text, round(sum(reason.points for reason in self.rest), 4))


def _folded(reasons: Sequence[Reason], most: int) -> _Folded:
    """Base and the strongest reasons, in their order; the weaker ones folded if they are several.

    A lone one beyond `most` is shown: it takes no more room than the line that would stand for it.
    """
    terms = [reason for reason in reasons if reason.part != "base"]
    weak = {id(r) for r in sorted(terms, key=lambda reason: -abs(reason.points))[most:]}
    if len(weak) < 2:
        return _Folded(reasons)
    shown = [reason for reason in reasons if id(reason) not in weak]
    return _Folded(shown, [reason for reason in reasons if id(reason) in weak])


def _has_folded(ranked: Sequence[Ranked], most: int) -> bool:
    return any(_folded(record.reasons, most).rest for record in ranked)


def _strongest(reasons: Sequence[Reason], most: int) -> _Folded:
    """The strongest terms alone, for a glance."""
    terms = [reason for reason in reasons if reason.part == "term"]
    return _Folded(sorted(terms, key=lambda reason: -abs(reason.points))[:most])


def _quoted(text: str) -> Markup:
    """A text whose names in backticks are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a lone one is a letter like others
        parts[-2:] = ["`".join(parts[-2:])]
    escaped = map(Markup.escape, map(words.printable, parts))
    marks = (Markup(""), Markup("<code>"), Markup("</code>"))
    marked = [marks[0 if i == 0 else 1 if i % 2 else 2] + part for i, part in enumerate(escaped)]
    return Markup("").join(marked)


def named(noun: Noun, count: float) -> str:
    """The noun as a count asks for it."""
    return noun.one if count == 1 else noun.many


def _capitalized(text: str) -> Markup:
    safe = Markup.escape(text)
    return safe[:1].upper() + safe[1:]


def _at(value: float, axis: float) -> float:
    return charts.span(0, value, (0, axis)).width
