"""The oracle of probabilities: what a score means on a card, from the rules of the card file alone.

`chances` of a card: [{from?, below?, probability, low?, high?}], texts, ascending; each line is
half-open, [from, below).
"""

from fractions import Fraction
from typing import Any

Chance = tuple[float | None, ...]


def chance(card: dict[str, Any], score: Fraction) -> Chance:
    """(probability, low, high) of a score; None for what the card does not say."""
    for line in card.get("chances", []):
        begun = score >= Fraction(line.get("from", score))
        if begun and ("below" not in line or score < Fraction(line["below"])):
            shares = [line.get(key) for key in ("probability", "low", "high")]
            return tuple(None if share is None else float(share) for share in shares)
    return None, None, None
