"""A logistic regression of a few columns, as textbooks have it; for weights of evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoreline.learn.fitting.coded import Floats

SPREAD = 3.0
"""Of an effect around one, at one sigma: it holds effects that the data would send to infinity
(records of one side alone), and no other."""
_SMALL = 1e-10


@dataclass(frozen=True)
class PlainFit:
    """The effects of columns.

    covariance: of the intercept and the effects, in their order; loss: minus the log-likelihood,
    and what holds the effects.
    """

    intercept: float
    effects: Floats
    covariance: Floats
    loss: float

    def log_odds(self, design: Floats) -> Floats:
        """What is said of each record."""
        return np.asarray(self.intercept + design @ self.effects)


def fit_plain(design: Floats, events: Floats, weights: Floats) -> PlainFit:
    """The likeliest effects of columns.

    design: records x columns; events: 1 for an event, 0 for none, some of each; weights: of the
    records. Effects lie about one, as those of weights of evidence do.

    >>> x = np.repeat([0.0, 1.0], 100)[:, None]
    >>> fit_plain(x, np.arange(200) % 4 < np.repeat([1.0, 3.0], 100), np.ones(200)).effects.round(1)
    array([2.2])
    """
    full = np.column_stack((np.ones(len(events)), design))
    prior = np.full(full.shape[1], SPREAD**-2)
    prior[0] = 0.0
    hits = float(weights @ events)
    beta = np.ones(full.shape[1])
    beta[0] = np.log(hits / (float(weights.sum()) - hits)) - float(design.sum(axis=1) @ weights) / (
        float(weights.sum())
    )
    loss = _loss(full, events, weights, beta, prior)
    while True:
        chance = 1.0 / (1.0 + np.exp(-(full @ beta)))
        slope = full.T @ (weights * (events - chance)) - prior * (beta - 1.0)
        bend = (full * (weights * chance * (1.0 - chance))[:, None]).T @ full + np.diag(prior)
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
        size = 1.0
        while (lower := _loss(full, events, weights, beta + size * step, prior)) > loss:
            size /= 2
            if size < 1e-6:
                break
        done = float(slope @ step) < _SMALL * max(1.0, loss) or size < 1e-6
        if size >= 1e-6:
            beta, loss = beta + size * step, lower
        if done:
            covariance = np.asarray(np.linalg.pinv(bend, hermitian=True), dtype=np.float64)
            return PlainFit(float(beta[0]), beta[1:], covariance, loss)


def _loss(full: Floats, events: Floats, weights: Floats, beta: Floats, prior: Floats) -> float:
    sums = full @ beta
    likely = weights @ (np.logaddexp(0.0, sums) - events * sums)
    return float(likely + 0.5 * prior @ (beta - 1.0) ** 2)
