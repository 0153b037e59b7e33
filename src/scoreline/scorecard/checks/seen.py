"""The values that an expression can come to, one for each part that the card tells apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoreline.language.tree import AsOf, Const, Node, Ref, Scalar, walk
from scoreline.scorecard.checks.domains import Block
from scoreline.scorecard.checks.paths import Clock, TooManyPathsError
from scoreline.scorecard.checks.settle import settle

MOST_REMAINDERS = 20_000


Values = Mapping[Scalar | None, None]
"""What an expression can come to: a value for each part that the card tells apart, in order."""


def values_of(tree: Node, blocks: Sequence[Block], clock: Clock) -> Values:
    """The values of an expression over all states of the blocks; None is unknown.

    Raises TooManyPathsError if it is left open in too many ways.
    """
    variables: set[Node] = {part for part in walk(tree) if isinstance(part, Ref | AsOf)}
    found: dict[Scalar | None, None] = {}
    rest = [tree]
    for block in blocks:
        own = variables & block.variables
        if not own:
            continue
        parts = {tuple((v, state[v]) for v in own): state for state in block.states}
        states = [{v: state[v] for v in own} for state in parts.values()]
        left = dict.fromkeys(settle(node, state) for node in rest for state in states)
        rest = [node for node in left if not isinstance(node, Const)]
        found |= dict.fromkeys(node.value for node in left if isinstance(node, Const))
        if len(rest) > MOST_REMAINDERS:
            raise TooManyPathsError
        clock.check()
    return found | dict.fromkeys(node.value for node in rest if isinstance(node, Const))
