"""Learning points as scikit-learn does: `fit(X, y)`, then a card that any engine runs.

Needs scikit-learn: `pip install 'scoreline[learn]'`. The command line does without.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from scoreline.language.fields import Field
from scoreline.language.names import written
from scoreline.language.text import folded
from scoreline.learn.card import Frame, learned_card
from scoreline.learn.columns import Column, Levels, Numbers
from scoreline.learn.fitting.joining import MOST
from scoreline.learn.methods.learners import learn_table
from scoreline.learn.methods.woe import DOUBLING
from scoreline.learn.table import CONDITIONS, LIMIT, LearnOptions, PointsTable
from scoreline.learn.wording import Clue

Floats = npt.NDArray[np.float64]
NUMBERS = (Real, Decimal)
"""Classes of cells that are numbers: pandas and polars give truths with gaps, and decimals, so."""


class _CardClassifier(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc]  # untyped
    """What all learners of cards share; a learner says by which method, and with which options."""

    _method: str

    @abstractmethod
    def _options(self) -> LearnOptions:
        """What the parameters ask of the learner."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Learn the points of a table; sample_weight: of its rows, all one unless said.

        Raises ValueError for what scikit-learn refuses: one class or several, infinities, texts in
        an array.
        """
        columns = self._columns(X, y=y, reset=True)
        classes, events = self._classes(np.asarray(y).ravel() if hasattr(y, "shape") else y)
        weights = _check_sample_weight(sample_weight, np.empty((len(events), 0)), dtype=np.float64)
        there = np.flatnonzero(weights > 0)
        if not 0 < events[there].sum() < len(there):
            raise ValueError("Records of positive weight have one class; two are needed.")
        self.classes_ = classes
        self.table_ = learn_table(
            self._method,
            [column.part(there) for column in columns],
            events[there],
            weights[there],
            self._options(),
        )
        self.scorecard_ = _card(self.table_, columns)
        return self

    def decision_function(self, X: Any) -> Floats:  # noqa: N803
        """The log-odds that the score of each row says."""
        check_is_fitted(self)
        return self.table_.log_odds(self._columns(X, reset=False))

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """The probability of each class: rows x 2."""
        chance = 1.0 / (1.0 + np.exp(-self.decision_function(X)))
        return np.column_stack((1.0 - chance, chance))

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: N803
        """The likelier class of each row."""
        said = self.decision_function(X)
        return np.asarray(self.classes_[(said > 0).astype(int)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def _classes(self, y: Any) -> tuple[npt.NDArray[Any], Floats]:
        """Both classes, and 1 for each row of the second."""
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        classes, places = np.unique(np.asarray(y), return_inverse=True)
        if kind != "binary" or len(classes) > 2:
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}."
            )
        if len(classes) < 2:
            raise ValueError("The target has one class only; two are needed.")
        return classes, places.astype(np.float64)

    def _columns(self, X: Any, *, reset: bool, y: Any = None) -> list[Column]:  # noqa: N803
        """The columns of a table or an array."""
        if hasattr(X, "columns"):
            validate_data(self, X, *(() if y is None else (y,)), reset=reset, skip_check_array=True)
            return [_column(str(name), X[name]) for name in X.columns]
        checks = {"reset": reset, "dtype": np.float64, "ensure_all_finite": "allow-nan"}
        if y is None:
            values = validate_data(self, X, **checks)
        else:
            values, _ = validate_data(self, X, y, **checks)
        return [Numbers(f"x{n}", values[:, n]) for n in range(values.shape[1])]


class PointsClassifier(_CardClassifier):
    """A table of whole points, learnt from two classes.

    X is a table (pandas, polars) of numbers and texts, or an array of numbers: rows x columns; NaN
    and None are missing, and have a bin of their own. y holds two classes; the second in order is
    the event. What comes out: `scorecard_`, a card of the design that every engine runs as it is;
    `table_`, its points with intervals; `classes_`.

    Parameters: doubling, how many points double the odds, the fewest that lose little unless said;
    most_bins, bins of a term at most; pairs, names of columns that have a table together, by two.

    >>> import numpy as np
    >>> ages = np.repeat([20.0, 30, 40], 200)[:, None]
    >>> bought = np.concatenate([np.arange(200) % 10 < n for n in (1, 1, 6)])
    >>> learner = PointsClassifier().fit(ages, bought)
    >>> learner.scorecard_.terms[0].name, len(learner.table_.terms[0].bins)
    ('x0', 3)
    >>> learner.predict_proba([[45.0], [22.0]])[:, 1].round(1).tolist()
    [0.6, 0.1]
    """

    _method = "points"

    def __init__(
        self,
        doubling: int | None = None,
        most_bins: int = MOST,
        pairs: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.doubling = doubling
        self.most_bins = most_bins
        self.pairs = pairs

    def _options(self) -> LearnOptions:
        return LearnOptions(self.doubling, most=self.most_bins, pairs=self.pairs)


class WoeClassifier(_CardClassifier):
    """A risk analyst's card: weights of evidence, stepwise selection, a sign check.

    X, y and what comes out as in `PointsClassifier`. Parameters: doubling, how many points double
    the odds; scale, a score and the odds that it has (the least score is 0 unless said); most_bins,
    bins of a term at most.

    >>> import numpy as np
    >>> ages = np.repeat([20.0, 30, 40], 200)[:, None]
    >>> bought = np.concatenate([np.arange(200) % 10 < n for n in (1, 1, 6)])
    >>> learner = WoeClassifier(scale=(600, 50)).fit(ages, bought)
    >>> learner.table_.scores([Numbers("x0", np.array([20.0, 40]))]).tolist()
    [424.0, 499.0]
    """

    _method = "woe"

    def __init__(
        self,
        doubling: float = DOUBLING,
        scale: tuple[float, float] | None = None,
        most_bins: int = MOST,
    ) -> None:
        self.doubling = doubling
        self.scale = scale
        self.most_bins = most_bins

    def _options(self) -> LearnOptions:
        return LearnOptions(self.doubling, most=self.most_bins, scale=self.scale)


class ShortClassifier(_CardClassifier):
    """A short card: a few conditions with small points, to be added up in one's head.

    X, y and what comes out as in `PointsClassifier`. Parameters: conditions, at most so many;
    limit, the most points that one has; doubling, how many points double the odds, what fits best
    unless said.

    >>> import numpy as np
    >>> ages = np.repeat([20.0, 30, 40], 200)[:, None]
    >>> bought = np.concatenate([np.arange(200) % 10 < n for n in (1, 1, 6)])
    >>> learner = ShortClassifier(conditions=1).fit(ages, bought)
    >>> learner.scorecard_.terms[0].name
    'x0 40 or more'
    """

    _method = "short"

    def __init__(
        self, conditions: int = CONDITIONS, limit: int = LIMIT, doubling: float | None = None
    ) -> None:
        self.conditions = conditions
        self.limit = limit
        self.doubling = doubling

    def _options(self) -> LearnOptions:
        return LearnOptions(self.doubling, most_terms=self.conditions, limit=self.limit)


class AdditiveClassifier(_CardClassifier):
    """A boosted additive card: an explainable boosting machine of interpret, read as a table.

    X, y and what comes out as in `PointsClassifier`. Parameters: doubling, how many points double
    the odds, the fewest that lose little unless said; pairs, names of columns that have a table
    together, by two. `fit` raises UsageError where interpret-core is not installed.
    """

    _method = "additive"

    def __init__(
        self, doubling: float | None = None, pairs: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.doubling = doubling
        self.pairs = pairs

    def _options(self) -> LearnOptions:
        return LearnOptions(self.doubling, pairs=self.pairs)


def _column(name: str, values: Any) -> Column:
    """A column of a table: numbers if it holds them, else levels, folded as cards fold choices."""
    cells = values.to_numpy()
    if cells.dtype.kind == "O":
        there = [cell for cell in cells if not _is_gap(cell)]
        if there and all(isinstance(cell, NUMBERS) for cell in there):
            cells = np.array([np.nan if _is_gap(cell) else float(cell) for cell in cells])
    if cells.dtype.kind in "mM":
        raise ValueError(f"Input X holds dates in `{name}`: give the days since each of them.")
    if cells.dtype.kind in "biuf":
        numbers = cells.astype(np.float64)
        if np.isinf(numbers).any():
            raise ValueError(f"Input X contains infinity in `{name}`.")
        return Numbers(name, numbers)
    texts = (None if _is_gap(cell) else folded(str(cell)) for cell in cells)
    return Levels.of(name, (text or None for text in texts))


def _is_gap(cell: object) -> bool:
    """Whether it is None, NaN, or what pandas has for nothing."""
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or bool(cell != cell)


def _card(table: PointsTable, columns: list[Column]) -> Any:
    """The card of a table; its fields are called like the columns, without `.` and `;`."""
    used = table.columns
    own = [column for column in columns if column.name in used]
    if not own:
        return None
    names: dict[str, str] = {}
    for column in own:
        name = re.sub("[.;]", "_", column.name).strip() or "_"
        while name in names.values():
            name += "_"
        names[column.name] = name
    fields = [
        Field(
            names[one.name],
            "number" if isinstance(one, Numbers) else "choice",
            column=() if names[one.name] == one.name else (one.name,),
        )
        for one in own
    ]
    clues = [Clue(column, name, written(name), field=name) for column, name in names.items()]
    return learned_card(table, clues, fields, Frame("learned"))[0]
