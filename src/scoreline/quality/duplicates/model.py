"""The match model as a scorecard: comparisons are terms, levels are bins, weights are points.

A point is one bit: it doubles the odds that two records are one customer. The base holds the odds
of any two records, so a pair of more than 0 points is rather one customer than two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoreline.engines.base import Result
from scoreline.engines.record.engine import CompiledCard, compile_card
from scoreline.language.names import written
from scoreline.quality.duplicates.chance import Floats, splink_settings
from scoreline.quality.duplicates.comparisons import Comparison
from scoreline.quality.duplicates.pairtests import Prepared
from scoreline.quality.duplicates.settling import Learnt
from scoreline.quality.headers import names_of
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import signed_text
from scoreline.scorecard.yamltree import write_tree

_DECIMALS = 4
"""Points of a card have so many, so the model is rounded to them before anything is scored."""
_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""A match card looks at no time."""


@dataclass(frozen=True)
class MatchModel:
    """What two records are compared by, and what each answer is worth.

    points: of each comparison by level, `other` first; base: of any pair; chance: u by level, which
    Splink's form of the model holds beside.
    """

    comparisons: tuple[Comparison, ...]
    points: tuple[tuple[float, ...], ...]
    base: float
    chance: tuple[tuple[float, ...], ...]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of the card's fields: headers as far as they can be names."""
        return names_of(one.name for one in self.comparisons)

    def card(self, threshold: float = 0.0) -> Scorecard:
        """The model as a scorecard of pairs; pairs from `threshold` on are called duplicates."""
        return parse_card(self.yaml(threshold), "the match model")

    def yaml(self, threshold: float = 0.0) -> str:
        """The file of the scorecard."""
        tree: Any = {
            "scorecard": "duplicates",
            "title": "Are these two records one customer?",
            "objective": "A point doubles the odds; more than 0 is rather one customer than two",
            "fields": {
                name: {"type": "choice", "column": one.name, "optional": "yes"}
                for name, one in zip(self.fields, self.comparisons, strict=True)
            },
            "base": _text(self.base),
            "terms": [
                {
                    "name": name,
                    "of": written(name),
                    "values": [
                        {"is": level, "points": _text(points)}
                        for level, points in zip(one.level_names, reversed(by_level), strict=True)
                    ],
                }
                for name, one, by_level in zip(
                    self.fields, self.comparisons, self.points, strict=True
                )
            ],
            "segments": [
                {"name": "duplicate", "from": _text(threshold)},
                {"name": "different"},
            ],
        }
        return write_tree(tree)

    @cached_property
    def _compiled(self) -> CompiledCard:
        return compile_card(self.card())

    def score(self, levels: Sequence[str | None]) -> Result:
        """The result of a pair by the names of its levels, in the order of the comparisons."""
        return self._compiled.score(dict(zip(self.fields, levels, strict=True)), _NO_TIME)

    def pair(self, left: Prepared, right: Prepared) -> Result:
        """The result of two prepared records."""
        return self.score([one.level(left, right) for one in self.comparisons])

    def of_places(self, places: Iterable[int]) -> Result:
        """The result of a pair by the places of its levels, `other` 0 and missing -1."""
        pairs = zip(self.comparisons, places, strict=True)
        return self.score([None if n < 0 else one.level_names[-1 - n] for one, n in pairs])

    def splink(self) -> dict[str, Any]:
        """The model as settings of Splink, which predicts with them what the card scores."""
        settings = splink_settings(self.comparisons)
        settings["probability_two_random_records_match"] = 1 / (1 + 2.0**-self.base)
        for one, by_level, chance in zip(
            settings["comparisons"], self.points, self.chance, strict=True
        ):
            levels = reversed(one["comparison_levels"][1:])
            for level, points, u in zip(levels, by_level, chance, strict=True):
                small = min(u, 2.0**-points)  # so that m is at most 1
                level["u_probability"], level["m_probability"] = small, small * 2.0**points
        return settings


def reasons_text(result: Result, most: int = 3) -> str:
    """The lines of a pair, strongest first, with what was the same: `phone: same +9.1`.

    What is left over of more lines is `other`, so that they sum to the points.
    """
    lines = [line for line in result.reasons if line.scaled]
    shown = lines if most == 0 or len(lines) <= most else lines[:most]
    texts = [
        f"{line.term}{f': {line.bin}' if line.bin else ''} {signed_text(line.scaled)}"
        for line in shown
    ]
    if rest := sum(line.scaled for line in lines[len(shown) :]):
        texts.append(f"other {signed_text(rest)}")
    return "; ".join(texts)


def match_model(
    compared: Sequence[Comparison], learnt: Learnt, bits: Sequence[Floats], base: float
) -> MatchModel:
    """The table of points that was learnt, rounded."""
    points = tuple(tuple(round(float(one), _DECIMALS) for one in levels) for levels in bits)
    chance = tuple(tuple(map(float, u)) for u in learnt.u)
    return MatchModel(tuple(compared), points, round(base, _DECIMALS), chance)


def _text(points: float) -> str:
    return f"{points:.{_DECIMALS}f}".rstrip("0").rstrip(".") if points else "0"
