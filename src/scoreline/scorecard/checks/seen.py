"""The values that an expression can come to, one for each part that the card tells apart."""

from __future__ import annotations

from collections.abc import Sequence

from scoreline.language.tree import AsOf, Const, Node, Ref, Scalar, walk
from scoreline.scorecard.checks.domains import Block
from scoreline.scorecard.checks.paths import Clock, TooManyPathsError
from scoreline.scorecard.checks.settle import settle

MOST_REMAINDERS = 20_000


def values_of(tree: Node, blocks: Sequence[Block], clock: Clock) -> set[Scalar | None]:
    """The values of an expression over all states of the blocks; None is unknown.

    Raises TooManyPathsError if it is left open in too many ways.
    """
    variables: set[Node] = {part for part in walk(tree) if isinstance(part, Ref | AsOf)}
    found: set[Scalar | None] = set()
    rest = {tree}
    for block in blocks:
        own = variables & block.variables
        if not own:
            continue
        parts = {tuple((v, state[v]) for v in own): state for state in block.states}
        states = [{v: state[v] for v in own} for state in parts.values()]
        left = {settle(node, state) for node in rest for state in states}
        rest = {node for node in left if not isinstance(node, Const)}
        found.update(node.value for node in left if isinstance(node, Const))
        if len(rest) > MOST_REMAINDERS:
            raise TooManyPathsError
        clock.check()
    found.update(node.value for node in rest if isinstance(node, Const))
    return found
