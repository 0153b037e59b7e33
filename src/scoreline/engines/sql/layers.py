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

    def add(self, name: str, expression: str) -> str:
        """A column, in the first layer where all that it reads is there; its name comes out."""
        layer = max([0, *(self._layer_of[one] + 1 for one in self._read(expression))])
        while len(self._layers) <= layer:
            self._layers.append({})
        self._layers[layer][name] = expression
        self._layer_of[name] = layer
        return name

    def query(self, source: str, outer: Mapping[str, str]) -> str:
        """The whole SELECT: the columns of `outer`, by quoted name, over all layers."""
        wanted: list[set[str]] = []
        later = set().union(*map(self._read, outer.values()))
        for layer in reversed(self._layers):
            wanted.append(set(later))
            later = set().union(
                *(self._read(text) for name, text in layer.items() if name in later),
                later - layer.keys(),
            )
        wanted.reverse()
        query = source
        for number, (names, layer) in enumerate(zip(wanted, self._layers, strict=True)):
            through = sorted(name for name in names if self._layer_of[name] < number)
            own = (f"{text} AS {name}" for name, text in layer.items() if name in names)
            columns = [*through, *own] or [f"1 AS {PIECE}nothing{number}"]
            fence = self.spelling.fence if number else ""
            query = f"(SELECT {', '.join(columns)}\nFROM {query}{fence}) AS {PIECE}layer{number}"
        columns = [f"{text} AS {name}" for name, text in outer.items()]
        return f"SELECT {', '.join(columns)}\nFROM {query}"

    def _read(self, expression: str) -> set[str]:
        """The inner columns that an expression reads; a text that looks like one does no harm."""
        return self._layer_of.keys() & _PIECES.findall(expression)
