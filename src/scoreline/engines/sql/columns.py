"""The columns of typed records as a SELECT reads them, and what is bound to names of its own."""

from __future__ import annotations

import datetime as dt

from sqlglot import exp

from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE
from scoreline.language.fields import Kind, fact_column
from scoreline.language.render import SqlWriter
from scoreline.language.tree import Node, Ref
from scoreline.scorecard.model import Scorecard


class Columns:
    """Writes trees over the columns of a table of typed records.

    The inner names of columns are safe, whatever the fields are called.
    """

    def __init__(self, card: Scorecard, layers: Layers, as_of: dt.datetime) -> None:
        self._layers = layers
        self._kinds: dict[str, tuple[Kind, bool]] = {}
        for field in card.fields:
            self._kinds[field.name] = field.kind, field.type == "integer"
            for fact in field.facts:
                self._kinds[fact_column(field.name, fact.name)] = fact.kind, False
        self._inputs: dict[str, str] = {}
        self._bound: dict[Node, Ref] = {}
        self._names: dict[str, str] = {}
        self.writer = SqlWriter(layers.spelling.dialect, as_of, self._column, self.bind)

    def sql(self, node: Node) -> str:
        """The SQL of a tree."""
        return self.writer.write(node).sql(self._layers.spelling.name)

    def bind(self, node: Node) -> Ref:
        """A reference to a tree that is worked out once."""
        if isinstance(node, Ref):
            return node
        if node not in self._bound:
            text = self.sql(node)  # which binds parts of its own
            name = f"{PIECE}b{len(self._bound)}"
            # No field of a card begins with a dot.
            ref = Ref(f".{name}", None, node.kind, "text", settled=True)
            self._layers.add(name, text)
            self._bound[node], self._names[ref.column] = ref, name
        return self._bound[node]

    @property
    def read(self) -> tuple[str, ...]:
        """The columns of the table that are read."""
        return tuple(self._inputs)

    def _column(self, name: str) -> exp.Expr:
        inner = self._names.get(name)
        if inner is None:
            inner = self._inputs.get(name) or self._input(name)
        return exp.column(inner)

    def _input(self, name: str) -> str:
        spelling = self._layers.spelling
        kind, _ = self._kinds[name]
        column = spelling.quoted(name)
        if kind == "number":
            double = f"CAST({column} AS {spelling.double})"
            column = f"NULLIF({double}, CAST('NaN' AS {spelling.double}))"
        elif kind in ("text", "choice") and spelling.name == "postgres":
            column = f'{column} COLLATE "C"'
        self._inputs[name] = self._layers.add(f"{PIECE}i{len(self._inputs)}", column)
        return self._inputs[name]
