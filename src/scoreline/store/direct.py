"""Statements handed to the driver itself: compiled once, for each database.

What SQLAlchemy does around a statement takes several times longer than SQLite takes to carry it
out, and a record is registered with seven of them. The words stay SQLAlchemy's. Parameters and
results are texts, whole numbers and NULL, which the drivers take and give as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.exc import DBAPIError

from scoreline.errors import DataError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect
    from sqlalchemy.sql.expression import ClauseElement

Row = Mapping[str, Any]
NO_VALUES: Row = {}
AMONG: BindParameter[Any] = bindparam("among", expanding=True)
"""The parameter that stands for a list: `column.in_(AMONG)`."""


def run(
    connection: Connection,
    statement: ClauseElement,
    values: Row = NO_VALUES,
    among: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:
    """The rows that a statement gives, if it gives any.

    among: what AMONG stands for; filled up to a power of two, so that few lengths are compiled.
    """
    if among:
        length = 1 << (len(among) - 1).bit_length()
        among = [*among, *[among[-1]] * (length - len(among))]
    ready = _ready(connection.dialect, statement, tuple(values), len(among))
    parameters = ready.parameters((*values.values(), *among))
    return sent(connection, "execute", ready.text, parameters)


def run_each(connection: Connection, statement: ClauseElement, rows: Sequence[Row]) -> None:
    """Run a statement that gives nothing for each of some rows, which have the same columns."""
    names = tuple(rows[0])
    ready = _ready(connection.dialect, statement, names, 0)
    sent(connection, "executemany", ready.text, ready.parameters_of(rows, names))


def sent(connection: Connection, how: str, text: str, parameters: Any) -> list[tuple[Any, ...]]:
    """What the driver answers; its errors are raised as SQLAlchemy's."""
    driver = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        getattr(cursor, how)(text, parameters)
        return list(cursor.fetchall()) if cursor.description else []
    except UnicodeEncodeError:
        raise DataError("A text holds a character that is none.", "Leave it out.") from None
    except driver.Error as error:
        if isinstance(error, driver.DataError) and "NUL" in str(error):
            raise DataError("A text holds a character that is none.", "Leave it out.") from None
        raise DBAPIError.instance(None, None, error, driver.Error) from error
    finally:
        cursor.close()


@dataclass(frozen=True, slots=True)
class _Place:
    """Stands for one of the values given while a statement is compiled."""

    number: int


@dataclass(frozen=True, slots=True)
class _Ready:
    """A compiled statement.

    names: of its parameters, where the driver takes them by name; own: values that it brings
    itself, and places of those given.
    """

    text: str
    names: Sequence[str] | None
    own: Sequence[Any]

    def parameters(self, given: Sequence[Any]) -> Any:
        """What the driver takes for the values given."""
        found = [given[one.number] if type(one) is _Place else one for one in self.own]
        return found if self.names is None else dict(zip(self.names, found, strict=True))

    def parameters_of(self, rows: Sequence[Row], names: Sequence[str]) -> list[Any]:
        """What the driver takes for each of some rows; names: of their columns."""
        given = [names[one.number] for one in self.own if type(one) is _Place]
        if self.names is None and len(given) == len(self.own) > 1:
            return list(map(itemgetter(*given), rows))
        return [self.parameters([row[name] for name in names]) for row in rows]


@lru_cache(maxsize=1_000)
def _ready(
    dialect: Dialect, statement: ClauseElement, names: tuple[str, ...], among: int
) -> _Ready:
    given: dict[str, Any] = {name: _Place(number) for number, name in enumerate(names)}
    if among:
        given[AMONG.key] = [_Place(len(names) + number) for number in range(among)]
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    state = compiled.construct_expanded_state(given)
    if state.positiontup is not None:
        return _Ready(state.statement, None, state.positional_parameters)
    return _Ready(state.statement, list(state.parameters), list(state.parameters.values()))
