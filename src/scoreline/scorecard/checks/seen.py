"""The values that an expression can come to, one for each part that the card tells apart."""

from __future__ import annotations

from collections.abc import Mapping

from scoreline.language.tree import Const, Node, Scalar
from scoreline.scorecard.checks.cells import cells
from scoreline.scorecard.checks.clock import Clock, TooManyPathsError
from scoreline.scorecard.checks.cuts import Cuts
from scoreline.scorecard.checks.domains import Domains
from scoreline.scorecard.checks.settle import settle

MOST_REMAINDERS = 20_000
Values = Mapping[Scalar | None, None]
"""What an expression can come to: a value for each part that the card tells apart, in order."""


def values_of(tree: Node, cuts: Cuts, domains: Domains, clock: Clock) -> Values:
    """The values of an expression over all states of its blocks; None is unknown.

    cuts: of the term that it belongs to. Raises TooManyPathsError if it is left open in too many
    ways.
    """
    found: dict[Scalar | None, None] = {}
    rest = [tree]
    size = 10 + len(cuts.at)
    for block in domains.blocks_of(tree):
        left: dict[Node, None] = {}
        for state in cells(block, cuts, clock).examples.values():
            left |= dict.fromkeys([settle(node, state) for node in rest])
            clock.work(size * len(rest))
            if len(left) > MOST_REMAINDERS:
                raise TooManyPathsError
        rest = [node for node in left if not isinstance(node, Const)]
        found |= dict.fromkeys([node.value for node in left if isinstance(node, Const)])
    return found | dict.fromkeys([node.value for node in rest if isinstance(node, Const)])
