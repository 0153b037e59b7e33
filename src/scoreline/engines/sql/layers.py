"""Subqueries one inside the other: what is worked out in one is a column of the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scoreline.engines.sql.spelling import PIECE, Spelling

_PIECES = re.compile(rf"\b{PIECE}\w+")


@dataclass
class Layers:
    """Columns by layer, each written over columns of layers before its own.

    spelling: of the database; columns of the innermost layer read the table itself.
    """

    spelling: Spelling
    _layers: list[dict[str, str]] = field(default_factory=list)
    _layer_of: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, expression: str, *, least: int = 0) -> str:
        """A column, in the first layer where all that it reads is there; its name comes out.

        least: the first layer that it may stand in.
        """
        read = pieces(expression)
        layer = max([least, *(self._layer_of[one] + 1 for one in read)])
        while len(self._layers) <= layer:
            self._layers.append({})
        self._layers[layer][name] = expression
        self._layer_of[name] = layer
        return name

    @property
    def depth(self) -> int:
        """How many layers there are."""
        return len(self._layers)

    def query(self, source: str, outer: Mapping[str, str]) -> str:
        """The whole SELECT: the columns of `outer`, by quoted name, over all layers."""
        wanted: list[set[str]] = []
        later = set().union(*map(pieces, outer.values()))
        for layer in reversed(self._layers):
            wanted.append(set(later))
            later = set().union(
                *(pieces(text) for name, text in layer.items() if name in later),
                later - layer.keys(),
            )
        query = source
        for number, (layer, names) in enumerate(zip(self._layers, wanted[::-1], strict=True)):
            own = {name: text for name, text in layer.items() if name in names}
            through = sorted(name for name in names if self._layer_of[name] < number)
            columns = [*through, *(f"{text} AS {name}" for name, text in own.items())]
            if not columns:
                columns = [f"1 AS {PIECE}nothing{number}"]
            fence = self.spelling.fence if number else ""
            query = f"(SELECT {', '.join(columns)}\nFROM {query}{fence}) AS {PIECE}layer{number}"
        columns = [f"{text} AS {name}" for name, text in outer.items()]
        return f"SELECT {', '.join(columns)}\nFROM {query}"


def pieces(expression: str) -> set[str]:
    """The inner columns that an expression reads; a text that looks like one does no harm."""
    return set(_PIECES.findall(expression))
