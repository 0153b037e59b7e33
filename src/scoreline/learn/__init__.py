"""Learning points from records and what became of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoreline.learn.estimators import (
        AdditiveClassifier,
        PointsClassifier,
        ShortClassifier,
        WoeClassifier,
    )

__all__ = ["AdditiveClassifier", "PointsClassifier", "ShortClassifier", "WoeClassifier"]


def __getattr__(name: str) -> object:
    """Estimators are loaded when they are asked for: all else does without scikit-learn."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module("scoreline.learn.estimators"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "sklearn":
            raise
        raise ImportError(
            f"{name} needs scikit-learn: pip install 'scoreline[learn]'", name="sklearn"
        ) from None
