"""The estimators keep to every rule of scikit-learn, and give cards that engines run."""

import subprocess
import sys

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
