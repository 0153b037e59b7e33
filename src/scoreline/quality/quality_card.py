"""How good a record's data are, as a scorecard: 100 points if all that matters is known and sound.

What matters is said by the objective: a field weighs as many points as it can move in the card
that the data are for. So e-mail campaigns weigh the address, and what no term reads weighs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from scoreline.language.fields import Field, fact_of_type
from scoreline.language.names import written
from scoreline.quality.headers import names_of
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.yamltree import write_tree

FULL, HALF = 100, 50
"""Points of a record that is complete and sound; from half of them on it is usable."""
GOOD, USABLE, POOR = "good", "usable", "poor"
_STEPS = 10
"""Weights are written in tenths of a point."""


def weights_by(card: Scorecard) -> dict[str, Fraction]:
    """What each field weighs for a card: how far it can move the score, in scaled points.

    A term's range is shared equally by the fields that it reads. Fields that no term reads are
    left out.
    """
    layout = Layout(card)
    shared = [0] * len(card.terms)
    for terms in layout.readers.values():
        for term in terms:
            shared[term] += 1
    found = {
        name: sum((Fraction(layout.ranges[term], shared[term]) for term in terms), Fraction())
        for name, terms in layout.readers.items()
    }
    return {name: weight for name, weight in found.items() if weight}


@dataclass(frozen=True)
class QualityCard:
    """A card of the quality of records.

    fields: those that weigh something, in their order; weights: of each, in any unit; objective:
    what the data are for; key: the column of keys, where there is one.
    """

    fields: Sequence[Field]
    weights: Mapping[str, Fraction]
    objective: str = ""
    key: str | None = None

    @cached_property
    def names(self) -> dict[str, str]:
        """What each field is called in the card: a header, as far as it can be a name."""
        headers = [field.name for field in self.fields]
        return dict(zip(headers, names_of(headers), strict=True))

    @cached_property
    def tenths(self) -> dict[str, int]:
        """Tenths of points by field: they sum to 1000, the largest remainders rounded up."""
        total = sum(self.weights.values(), Fraction())
        exact = {name: weight * FULL * _STEPS / total for name, weight in self.weights.items()}
        found = {name: int(share) for name, share in exact.items()}
        left = FULL * _STEPS - sum(found.values())
        for name in sorted(exact, key=lambda name: found[name] - exact[name])[:left]:
            found[name] += 1
        return found

    @cached_property
    def yaml(self) -> str:
        """The file of the card."""
        about = f" for {self.objective}" if self.objective else ""
        tree: Any = {
            "scorecard": "data quality",
            "title": "How good is what is known of a record?",
            "objective": f"{FULL} points: all that matters{about} is known and sound",
        }
        if self.key is not None:
            tree["key"] = self.key
        tree |= {
            "fields": {self.names[field.name]: _declared(field) for field in self.fields},
            "terms": [self._term(field) for field in self.fields],
            "segments": [
                {"name": GOOD, "from": str(FULL)},
                {"name": USABLE, "from": str(HALF)},
                {"name": POOR},
            ],
        }
        return write_tree(tree)

    @cached_property
    def card(self) -> Scorecard:
        """The card itself."""
        return parse_card(self.yaml, "the quality card")

    def _term(self, field: Field) -> dict[str, Any]:
        """Full points for what is sound, half for what is doubtful or can't be told."""
        name, tenths = self.names[field.name], self.tenths[field.name]
        if not _has_status(field):
            known = f"{written(name)} is not null"
            return {"name": name, "when": known, "points": _points(tenths * 10)}
        doubtful = [
            {"is": word, "points": _points(tenths * 5)}
            for word in ("suspect", "unknown")
            if word in _statuses(field)
        ]
        sound = {"is": "ok", "points": _points(tenths * 10)}
        return {"name": name, "of": f"{written(name)}.status", "values": [sound, *doubtful]}


def _has_status(field: Field) -> bool:
    return fact_of_type(field.type, "status") is not None


def _statuses(field: Field) -> tuple[str, ...]:
    fact = fact_of_type(field.type, "status")
    return () if fact is None else fact.values


def _declared(field: Field) -> dict[str, Any]:
    """The field as a card declares it; its column may be absent, which is missing."""
    options = {
        "column": list(field.column) or [field.name],
        "missing": list(field.missing),
        "decimal": field.decimal,
        "order": field.order,
        "currency": field.currency,
        "country": field.country,
    }
    told = {name: value for name, value in options.items() if value}
    return {"type": field.type, "optional": "yes", **told}


def _points(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")
