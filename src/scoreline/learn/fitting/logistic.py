"""A logistic fit whose effects are drawn together as strongly as the data ask for.

Each term has a penalty: neighbouring bins of numbers are drawn to one another, levels of a category
to nothing. How strongly is part of the fit: a term's effects are one draw of a normal distribution
whose variance makes the data likeliest (empirical Bayes; the step is that of Fellner and Schall,
after Wood and Fasiolo, 2017). So a bin of few records says little, and a term that says nothing
fades away by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoreline.learn.fitting.coded import Coded, Floats, derivatives

_FAINT, _FIRM = 1e-4, 1e6
"""Bounds of the strength of a penalty: effects of a hundred, and of a thousandth, at one sigma."""
_HOLD = 1e-3
"""Records that hold a term's level where nothing else does: effects count from the average."""
_STEPS, _ROUNDS, _HALVINGS = 50, 60, 30
_SMALL_STEP, _SMALL_CHANGE = 1e-8, 0.01


@dataclass(frozen=True)
class Penalty:
    """What draws the effects of a term together: squares of `matrix @ (effects - mean)`.

    strength: how strongly, None where the data say it; mean: what effects are drawn to.
    """

    matrix: Floats
    mean: Floats
    strength: float | None = None

    def of_strength(self, strength: float) -> Penalty:
        """The same, of a strength that is given."""
        return Penalty(self.matrix, self.mean, float(strength))

    @classmethod
    def of_neighbours(cls, bins: int, *, alone: int = 1) -> Penalty:
        """Neighbouring bins are drawn to one another, and the last `alone` bins to nothing."""
        row = bins - alone
        matrix = np.zeros((max(row - 1, 0) + alone, bins))
        for place in range(row - 1):
            matrix[place, place : place + 2] = -1.0, 1.0
        for place in range(alone):
            matrix[max(row - 1, 0) + place, row + place] = 1.0
        return cls(matrix, np.zeros(bins))

    @classmethod
    def of_levels(cls, bins: int) -> Penalty:
        """Each bin is drawn to nothing."""
        return cls(np.eye(bins), np.zeros(bins))


@dataclass(frozen=True)
class Fit:
    """Effects of all bins in log-odds, and the log-odds of a record whose effects are nothing.

    strengths: of the terms' penalties; curvature: of the penalised loss by intercept and effects,
    whose inverse is their covariance; loss: minus the log-likelihood, penalties aside; penalised:
    with them.
    """

    intercept: float
    effects: Floats
    strengths: Floats
    curvature: Floats
    loss: float
    penalised: float

    @property
    def covariance(self) -> Floats:
        """Of the intercept and the effects, in their order."""
        return np.asarray(np.linalg.inv(self.curvature))


def fit_effects(rows: Coded, penalties: Sequence[Penalty]) -> Fit:
    """The effects that make the data likeliest under their penalties, and these penalties.

    rows: with at least one event and one other record; penalties: one a term.

    >>> coded = Coded.of([np.arange(200) % 2], [2], (np.arange(200) % 4 == 1).astype(float))
    >>> found = fit_effects(coded, [Penalty.of_levels(2)])
    >>> bool(found.effects[1] > found.effects[0])
    True
    """
    problem = _Problem(rows.distinct(), penalties)
    strengths = np.array([1.0 if one.strength is None else one.strength for one in penalties])
    at = problem.newton(problem.at(problem.origin()), strengths)
    for _ in range(_ROUNDS):
        changed = problem.strengths(at, strengths)
        still = np.abs(np.log(changed / strengths)).max(initial=0.0)
        strengths = changed
        at = problem.newton(at, strengths, most=1)
        if still < _SMALL_CHANGE:
            break
    at = problem.newton(at, strengths)
    matrix = problem.matrix(strengths)
    curvature = at.curvature.copy()
    curvature[1:, 1:] += matrix
    whole = at.loss + problem.penalty(at.beta, matrix)
    return Fit(float(at.beta[0]), at.beta[1:], strengths, curvature, at.loss, whole)


def penalised_loss(
    rows: Coded,
    penalties: Sequence[Penalty],
    strengths: Floats,
    intercept: float,
    effects: Floats,
) -> float:
    """Minus the log-likelihood of records, and what the penalties add to it."""
    problem = _Problem(rows, penalties)
    beta = np.concatenate(([intercept], effects))
    return problem.at(beta).loss + problem.penalty(beta, problem.matrix(strengths))


@dataclass(frozen=True)
class _At:
    """Where a fit is: minus the log-likelihood there, its slope downwards and its curvature."""

    beta: Floats
    loss: float
    slope: Floats
    curvature: Floats


class _Problem:
    """The penalised loss of some records, by intercept and effects (`beta`)."""

    def __init__(self, rows: Coded, penalties: Sequence[Penalty]) -> None:
        self.rows, self.penalties = rows, penalties
        self.squares = [one.matrix.T @ one.matrix for one in penalties]
        self.ranks = [int(np.linalg.matrix_rank(one.matrix)) for one in penalties]
        width = rows.width
        self.mean = np.concatenate([one.mean for one in penalties]) if penalties else np.zeros(0)
        self.hold = np.zeros((width, width))
        for term in range(len(penalties)):
            place = rows.place(term)
            share = rows.weight[place] / max(rows.weights.sum(), 1e-300)
            self.hold[place, place] = _HOLD * np.outer(share, share)
            self.hold[place, place] += 1e-9 * np.eye(rows.sizes[term])

    def origin(self) -> Floats:
        """Nothing but the common rate."""
        events = float((self.rows.weights * self.rows.events).sum())
        others = float(self.rows.weights.sum()) - events
        return np.concatenate(([np.log(events / others)], self.mean))

    def matrix(self, strengths: Floats) -> Floats:
        """The penalties as one matrix over the effects."""
        found = self.hold.copy()
        for term, square in enumerate(self.squares):
            place = self.rows.place(term)
            found[place, place] += strengths[term] * square
        return found

    def at(self, beta: Floats) -> _At:
        """What the records say there, penalties aside."""
        rows = self.rows
        return _At(beta, *derivatives(rows.codes, rows.starts, rows.events, rows.weights, beta))

    def penalty(self, beta: Floats, matrix: Floats) -> float:
        """What the penalties add to the loss."""
        away = beta[1:] - self.mean
        return 0.5 * float(away @ matrix @ away)

    def newton(self, at: _At, strengths: Floats, most: int = _STEPS) -> _At:
        """The best intercept and effects, or after so many steps a better one."""
        matrix = self.matrix(strengths)
        loss = at.loss + self.penalty(at.beta, matrix)
        for _ in range(most):
            slope, curvature = at.slope.copy(), at.curvature.copy()
            slope[1:] -= matrix @ (at.beta[1:] - self.mean)
            curvature[1:, 1:] += matrix
            step = np.linalg.solve(curvature, slope)
            gain = float(slope @ step)
            if gain < _SMALL_STEP * max(1.0, abs(loss)):
                break
            size = 1.0
            for _ in range(_HALVINGS):
                tried = self.at(at.beta + size * step)
                lower = tried.loss + self.penalty(tried.beta, matrix)
                if lower <= loss - 1e-4 * size * gain:
                    break
                size /= 2
            else:
                break
            at, loss = tried, lower
        return at

    def strengths(self, at: _At, old: Floats) -> Floats:
        """The strengths that make the data likelier, given the effects."""
        curvature = at.curvature.copy()
        curvature[1:, 1:] += self.matrix(old)
        inverse = np.linalg.inv(curvature)[1:, 1:]
        beta = at.beta
        new = old.copy()
        for term, (penalty, square) in enumerate(zip(self.penalties, self.squares, strict=True)):
            if penalty.strength is not None:
                continue
            place = self.rows.place(term)
            away = beta[1:][place] - penalty.mean
            free = self.ranks[term] - old[term] * float((inverse[place, place] * square).sum())
            spread = float(away @ square @ away)
            new[term] = np.clip(max(free, 1e-3) / max(spread, 1e-12), _FAINT, _FIRM)
        return new
