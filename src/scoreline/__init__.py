"""Scoreline: customer scoring in which every score is a table of points.

>>> import scoreline
>>> card = scoreline.load("lead.yaml")                                  # doctest: +SKIP
>>> card.score({"lead_id": 7, "email": "anna@acme.ru"}).reasons         # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scoreline.engines.base import Result as Result
    from scoreline.errors import CardError as CardError
    from scoreline.errors import DataError as DataError
    from scoreline.errors import Finding as Finding
    from scoreline.errors import ScorelineError as ScorelineError
    from scoreline.errors import UsageError as UsageError
    from scoreline.jobs.card import Card as Card
    from scoreline.jobs.card import RejectedRowsWarning as RejectedRowsWarning
    from scoreline.jobs.card import load as load
    from scoreline.scorecard.reasons import Reason as Reason

_HOME = {
    "Card": "scoreline.jobs.card",
    "CardError": "scoreline.errors",
    "DataError": "scoreline.errors",
    "Finding": "scoreline.errors",
    "RejectedRowsWarning": "scoreline.jobs.card",
    "Reason": "scoreline.scorecard.reasons",
    "Result": "scoreline.engines.base",
    "ScorelineError": "scoreline.errors",
    "UsageError": "scoreline.errors",
    "load": "scoreline.jobs.card",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Names are looked up when used, so that importing the package stays instant."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name == "__version__":
        return import_module("importlib.metadata").version("scoreline")
    raise AttributeError(f"module 'scoreline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
