"""What agreement is worth, by expectation and maximisation over all pairs of the base.

Pairs are of one customer, of one house (a household, firms of one building), of neighbours (one
street or town), of namesakes (one full name or name of a firm, and the web site and e-mail that are
made of it; or one first name, and mailboxes that are made of that), or of strangers. A house agrees
in address, surname and phone, neighbours in the address, more weakly, namesakes in what is made of
the name, and all in all else only by chance. Without these kinds the largest group of pairs that
agree in several columns would be taken for duplicates, and that is neighbours or namesakes where
there are few duplicates.

Pairs that were not looked at count as strangers: the shares of the kinds are of all pairs. What a
pair's answers say doesn't depend on how the pair was found, so blocking doesn't bend the estimate.
(Fellegi and Sunter, 1969; Winkler, 1988, on EM.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoreline.quality.duplicates.chance import Chance, Floats
from scoreline.quality.duplicates.comparisons import NAMES, Comparison, of_people
from scoreline.quality.duplicates.never import never_one

MISSING = -1
_MOST_LEVELS = 32
"""More than any comparison has."""
STRANGERS = 0.1
"""Share of the pairs that is of strangers at least: without any, nothing says what chance does."""
_ROUNDS, _STILL = 300, 1e-6


@dataclass(frozen=True)
class Patterns:
    """The different answers that pairs give, a row each, and how many pairs give them.

    levels: places of levels from the end, `other` is 0 and MISSING -1; of: the pattern of a pair.
    """

    levels: npt.NDArray[np.int8]
    counts: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]

    @classmethod
    def among(cls, levels: npt.NDArray[np.int8]) -> Patterns:
        """The patterns of the pairs' levels, in order."""
        codes = np.zeros(len(levels), dtype=np.int64)
        for column in levels.T:  # as digits of one number, made small again before it overflows
            codes = codes * _MOST_LEVELS + (column + 1)
            if codes.max(initial=0) >= 2**62 // _MOST_LEVELS:
                codes = np.unique(codes, return_inverse=True)[1].ravel()
        _, example, of, counts = np.unique(
            codes, return_index=True, return_inverse=True, return_counts=True
        )
        return cls(levels[example], counts.astype(np.int64), of.ravel())


@dataclass(frozen=True)
class Learnt:
    """How the kinds of pairs answer: shares of levels by comparison, `other` first.

    m: of one customer; u: of strangers; prior: the share of duplicates among all pairs;
    likely: the probability that a pair of each pattern is one customer; house: that it is that, or
    of one house or of neighbours; None where no column says where somebody lives.
    """

    m: list[Floats]
    u: list[Floats]
    prior: float
    likely: Floats
    house: Floats | None = None


def probability(bits: Floats) -> Floats:
    """The probability that odds in bits stand for."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500))))


@dataclass
class _Kinds:
    """The state of the estimate: shares of levels of the kinds, and shares of the kinds.

    m: of one customer; alike: of a house, of neighbours, of namesakes; u: of strangers; prior: the
    share of one customer; shares: those of `alike`; apart: patterns that are never of one customer.
    """

    m: list[Floats]
    alike: list[list[Floats]]
    u: list[Floats]
    prior: float
    shares: list[float]
    apart: npt.NDArray[np.bool_]

    def likely(self, patterns: Patterns) -> list[Floats]:
        """The probability of one customer, and of each kind of `alike`, of each pattern."""
        shares = [self.prior, *self.shares, 1 - self.prior - sum(self.shares)]
        logs = [
            _log(share) + _sum_of_logs(patterns.levels, levels)
            for share, levels in zip(shares, [self.m, *self.alike, self.u], strict=True)
        ]
        logs[0] = np.where(self.apart, -np.inf, logs[0])
        most = np.maximum.reduce(logs)
        odds = [np.exp(one - most) for one in logs]
        total = np.add.reduce(odds)
        return [one / total for one in odds[:-1]]


def settled(
    patterns: Patterns, chance: Sequence[Chance], compared: Sequence[Comparison], all_pairs: float
) -> Learnt:
    """The shares that explain the patterns best.

    It begins with half of the duplicates' answers at `other`, the rest rising with strength, and as
    many duplicates as there are records: from there EM has the strong levels to hold on to. There
    are as many pairs of each other kind; neighbours begin the other way round, falling with
    strength, so that they hold on to the weak levels.
    """
    kinds_alike = _alike(compared)
    in_common = [kind.in_common for kind in kinds_alike]
    looked_at = max(1.0, float(patterns.counts.sum()))
    prior = min(all_pairs**-0.5, 0.25 * looked_at / all_pairs)
    beginnings = [_beginning(len(one.share)) for one in chance]
    u = [np.maximum(one.share, one.error) for one in chance]
    falling = [_falling(len(one.share)) for one in chance]
    alike = [
        _by_chance_else(falling if kind.weakly else beginnings, u, kind.in_common)
        for kind in kinds_alike
    ]
    prior, *shares = _shares([prior * all_pairs] * (len(alike) + 1), all_pairs)
    kinds = _Kinds(beginnings, alike, u, prior, shares, never_one(patterns.levels, compared))
    for _ in range(_ROUNDS):
        before = kinds.m
        kinds = _better(kinds, patterns, chance, in_common, all_pairs)
        if max(np.abs(a - b).max() for a, b in zip(before, kinds.m, strict=True)) < _STILL:
            break
    one, *of_alike = kinds.likely(patterns)
    placed = [p for p, kind in zip(of_alike, kinds_alike, strict=True) if kind.of_place]
    house = one + np.add.reduce(placed) if placed else None
    return Learnt(kinds.m, kinds.u, kinds.prior, one, house)


@dataclass(frozen=True, slots=True)
class _Alike:
    """A kind of pairs of two customers: what they have in common, for each comparison.

    of_place: whether that is where they live; weakly: whether they mostly agree weakly.
    """

    in_common: list[bool]
    of_place: bool
    weakly: bool = False

    @property
    def told(self) -> bool:
        """Whether answers can tell it: it has some columns in common, and not all."""
        return any(self.in_common) and not all(self.in_common)


def _alike(compared: Sequence[Comparison]) -> list[_Alike]:
    """The kinds of pairs of two customers who have something in common."""
    people = of_people(compared)
    named = any(one.role in NAMES for one in compared)
    kinds = (
        _Alike([one.shared_by_a_house(people) for one in compared], of_place=True),
        _Alike([one.shared_by_neighbours for one in compared], of_place=True, weakly=True),
        _Alike([named and one.shared_by_namesakes for one in compared], of_place=False),
        _with_mailboxes(compared),
    )
    return [kind for kind in kinds if kind.told]


def _with_mailboxes(compared: Sequence[Comparison]) -> _Alike:
    """Namesakes whose mailboxes are made of their names: `anna1@`, `annal@`, `anna.kim@`."""
    there = {"given name", "email"} <= {one.role for one in compared}
    return _Alike([there and one.shared_by_mailboxes for one in compared], of_place=False)


def _better(
    kinds: _Kinds,
    patterns: Patterns,
    chance: Sequence[Chance],
    in_common: Sequence[Sequence[bool]],
    all_pairs: float,
) -> _Kinds:
    """One round: what the pairs are likely to be, and what their answers then say of the kinds."""
    of_one, *of_alike = (one * patterns.counts for one in kinds.likely(patterns))
    found_pairs = [float(one.sum()) for one in (of_one, *of_alike)]
    prior, *shares = _shares(found_pairs, all_pairs)
    columns, sizes = patterns.levels.T, [len(one.share) for one in chance]
    m = [
        _mostly_agreeing(_share_of_levels(column, of_one, size))
        for column, size in zip(columns, sizes, strict=True)
    ]
    found = [
        [_share_of_levels(column, one, size) for column, size in zip(columns, sizes, strict=True)]
        for one in of_alike
    ]
    alike = _all_by_chance_else(found, kinds.u, in_common)
    u = []
    for place, one in enumerate(chance):  # what is no other kind is by chance
        known = sum((share * a[place] for share, a in zip(shares, alike, strict=True)), 0.0)
        rest = one.share - prior * m[place] - known
        cleared = np.maximum(rest / (1 - prior - sum(shares)), one.error)
        u.append(cleared / cleared.sum())
    alike = _all_by_chance_else(found, u, in_common)
    return _Kinds(m, alike, u, prior, shares, kinds.apart)


def _all_by_chance_else(
    found: Sequence[Sequence[Floats]], u: Sequence[Floats], in_common: Sequence[Sequence[bool]]
) -> list[list[Floats]]:
    return [_by_chance_else(one, u, kind) for one, kind in zip(found, in_common, strict=True)]


def _by_chance_else(
    found: Sequence[Floats], u: Sequence[Floats], in_common: Sequence[bool]
) -> list[Floats]:
    """A kind agrees as it was found to in what it has in common, and by chance in all else."""
    return [one if yes else by for one, by, yes in zip(found, u, in_common, strict=True)]


def _mostly_agreeing(m: Floats) -> Floats:
    """Most duplicates agree, at least nearly, in any column: else it would not say who they are."""
    if len(m) < 2 or m[0] <= 0.5:
        return m
    return np.concatenate(([0.5], m[1:] / m[1:].sum() * 0.5))


def _shares(pairs: Sequence[float], all_pairs: float) -> list[float]:
    """The share of each kind of all pairs: half a pair at least; strangers keep theirs."""
    found = [max(one, 0.5) / all_pairs for one in pairs]
    return [one * min(1.0, (1 - STRANGERS) / sum(found)) for one in found]


def _log(share: float) -> float:
    return float(np.log(max(share, 1e-300)))


def _sum_of_logs(levels: npt.NDArray[np.int8], shares: Sequence[Floats]) -> Floats:
    total = np.zeros(len(levels))
    for place, one in enumerate(shares):
        column = levels[:, place]
        total += np.where(column == MISSING, 0.0, np.log(one)[np.maximum(column, 0)])
    return total


def _beginning(levels: int) -> Floats:
    rising = np.linspace(1.0, 3.0, levels)
    rising[0] = rising[1:].sum() if levels > 1 else 1.0
    return np.asarray(rising / rising.sum())


def _falling(levels: int) -> Floats:
    """Shares that fall with strength, each level a quarter of the one below."""
    falling = 4.0 ** -np.arange(levels)
    return np.asarray(falling / falling.sum())


def _share_of_levels(levels: npt.NDArray[np.int8], weight: Floats, size: int) -> Floats:
    """The weighted share of each level; half a pair is spread over all, so none is impossible."""
    there = levels != MISSING
    counts = np.bincount(levels[there], weights=weight[there], minlength=size)
    return np.asarray((counts + 0.5 / size) / (counts.sum() + 0.5))
