"""The estimators keep to every rule of scikit-learn, and give cards that engines run."""

import subprocess
import sys
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoreline.learn.estimators import (
    AdditiveClassifier,
    PointsClassifier,
    ShortClassifier,
    WoeClassifier,
)


@parametrize_with_checks(
    [PointsClassifier(), ShortClassifier(), WoeClassifier(), AdditiveClassifier()]
)
def test_scikit_learn_checks(estimator, check) -> None:
    check(estimator)


def table(rows: int = 2_000) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "age": random.integers(18, 80, rows),
            "job": random.choice(["Boss", "clerk", " boss ", None], rows),
        }
    )
    boss = frame["job"].fillna("").str.strip().str.lower() == "boss"
    said = -1.5 + 1.5 * (frame["age"] >= 50) + boss
    return frame, np.where(random.random(rows) < 1 / (1 + np.exp(-said)), "won", "lost")


def test_a_table_of_texts_and_numbers_gives_a_card() -> None:
    frame, y = table()
    learner = PointsClassifier().fit(frame, y)
    assert {term.name for term in learner.scorecard_.terms} == {"age", "job"}
    assert learner.classes_.tolist() == ["lost", "won"]
    assert learner.score(frame, y) > 0.6


def test_pandas_and_polars_give_the_same() -> None:
    frame, y = table()
    one, other = PointsClassifier().fit(frame, y), PointsClassifier().fit(pl.DataFrame(frame), y)
    assert one.scorecard_.fingerprint == other.scorecard_.fingerprint
    assert (one.predict_proba(frame) == other.predict_proba(pl.DataFrame(frame))).all()


@pytest.mark.parametrize("learner", [PointsClassifier, AdditiveClassifier])
def test_columns_have_a_table_together_where_it_is_asked_for(learner) -> None:
    random = np.random.default_rng(0)
    values = random.random((3_000, 2)) < 0.5
    chance = np.where(values[:, 0] == values[:, 1], 0.7, 0.2)
    fitted = learner(pairs=[("x0", "x1")]).fit(values * 1.0, random.random(3_000) < chance)
    assert [term.name for term in fitted.scorecard_.terms][-1] == "x0 and x1"
    assert fitted.score(values * 1.0, chance > 0.5) > 0.99


def test_it_stands_in_a_pipeline() -> None:
    frame, y = table()
    line = make_pipeline(FunctionTransformer(), PointsClassifier(doubling=5)).fit(frame, y)
    assert line[-1].table_.doubling == 5
    assert line.predict(frame).shape == y.shape


def test_infinities_of_a_table_are_refused() -> None:
    frame, y = table()
    with pytest.raises(ValueError, match="infinity in `age`"):
        PointsClassifier().fit(frame.assign(age=np.inf), y)


def test_without_scikit_learn_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import scoreline.learn\n"
        "try:\n    scoreline.learn.PointsClassifier\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'scoreline[learn]'" in done.stdout


def test_cells_of_pandas_and_polars_are_what_they_stand_for() -> None:
    """Truths and texts with gaps, decimals, headers that a card's names can't have."""
    random = np.random.default_rng(0)
    number = random.integers(0, 100, 600)
    bought = random.random(600) < np.where(number > 50, 0.7, 0.1)
    truth = pd.array([None if n % 7 == 0 else bool(n > 50) for n in number], dtype="boolean")
    text = pd.array([None if n % 5 == 0 else "ab"[int(n > 50)] for n in number], dtype="string")
    frame = pd.DataFrame({"a.b": truth, "a;b": text, "a_b": number})
    learner = PointsClassifier().fit(frame, bought)
    names = {field.name: field.column for field in learner.scorecard_.fields}
    assert set(names) <= {"a_b", "a_b_", "a_b__"}
    decimals = pl.DataFrame({"n": [Decimal(int(n)) / 4 for n in number]})
    (term,) = PointsClassifier().fit(decimals, bought).scorecard_.terms
    assert term.of.kind == "number"
    with pytest.raises(ValueError, match="holds dates in `day`"):
        PointsClassifier().fit(pd.DataFrame({"day": pd.to_datetime(number)}), bought)
