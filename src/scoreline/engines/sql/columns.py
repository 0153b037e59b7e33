"""The columns of a typed table as a SELECT reads them, and what is bound to names of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, Spelling
from scoreline.language.fields import Field, Kind, fact_column
from scoreline.language.render import SqlWriter
from scoreline.language.tree import Node, Ref


@dataclass(frozen=True, slots=True)
class Input:
    """A column of a table: its name, quoted, and its kind."""

    name: str
    kind: Kind

    def sql(self, spelling: Spelling) -> str:
        """The value as it is compared: NaN is missing, texts go by code points."""
        if self.kind == "number":
            double = f"CAST({self.name} AS {spelling.double})"
            return f"NULLIF({double}, CAST('NaN' AS {spelling.double}))"
        if self.kind in ("text", "choice"):
            return spelling.by_code_points(self.name)
        return self.name


def inputs_of(fields: Iterable[Field], spelling: Spelling) -> dict[str, Input]:
    """The columns of fields and of their facts, by name."""
    found = {}
    for field in fields:
        found[field.name] = Input(spelling.quoted(field.name), field.kind)
        for fact in field.facts:
            name = fact_column(field.name, fact.name)
            found[name] = Input(spelling.quoted(name), fact.kind)
    return found


class Columns:
    """Writes trees over the columns of a typed table.

    inputs: the columns by the names that trees read. The inner names of columns are safe, whatever
    these are.
    """

    def __init__(self, inputs: Mapping[str, Input], layers: Layers, as_of: dt.datetime) -> None:
        self._layers = layers
        self._inputs = inputs
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

    def name(self, column: str) -> str:
        """The inner name of a column of the table."""
        if column not in self._names:
            text = self._inputs[column].sql(self._layers.spelling)
            name = f"{PIECE}i{len(self._names)}"
            self._names[column] = self._layers.add(name, text)
        return self._names[column]

    def _column(self, name: str) -> exp.Expr:
        return exp.column(self.name(name))
