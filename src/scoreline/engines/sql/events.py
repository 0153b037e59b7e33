"""Typed events -> what they come to as of a moment, a row a key, beside the typed records.

The events of a kind are read once for all terms that count each of them or one of them, and for
all features; a term that counts values and lets them age groups them in another way, and reads them
again. Points that age stand in a list by whole days, made once, as everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scoreline.engines.sql.columns import Columns
from scoreline.engines.sql.event_table import EVENT, ROW, EventTable
from scoreline.engines.sql.layers import Layers
from scoreline.engines.sql.spelling import PIECE, Spelling, big, choice
from scoreline.errors import UsageError
from scoreline.language.render import column_of, render
from scoreline.language.tree import And, AsOf, Compare, Const, Days, Node, Ref
from scoreline.scorecard.ageing import DAY, Ageing, duration_text
from scoreline.scorecard.events import AT, Burst, Choice, Feature, Tally
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.points import SCALE

EXACT = 2**53
"""Sums of whole doubles are exact, whatever their order, as long as all sizes stay below."""
BEYOND = 1e12
"""A value as large as this is too large to be summed at four decimals."""
MOST_DAYS = 40_000
"""Days of a list of points: more than a century, and a text that databases read at once."""
KEY, AGE, MOMENT, ORDER = (f"{PIECE}{name}" for name in ("key", "age", "at", "row"))
_AT = Ref(AT.name, None, "time", "time", settled=True)


def points_column(number: int) -> str:
    """The column of what an event term comes to before its clamp, by its number among them; NULL
    where it counts none of its events.
    """
    return f"{PIECE}happened{number}"


def feature_column(number: int) -> str:
    """The column of a feature by its number."""
    return f"{PIECE}feature{number}"


@dataclass(frozen=True, slots=True)
class EventSource:
    """Where events are, and whose: a table or a subquery in brackets; key: the column of the
    records that says whose they are.
    """

    events: str
    key: str


class EventsQuery:
    """Writes the typed records of a card with what its events come to beside them."""

    def __init__(self, card: Scorecard, spelling: Spelling, as_of: dt.datetime) -> None:
        self.card = card
        self._spelling = spelling
        self._as_of = as_of
        self._table = EventTable(card)

    def joined(self, records: str, source: EventSource) -> str:
        """Records with a column for each event term (`points_column`) and feature beside them."""
        key = self._as_key(f"{PIECE}records.{self._spelling.quoted(source.key)}")
        columns, joins = [f"{PIECE}records.*"], []
        for number, (names, query) in enumerate(self._parts(source.events)):
            part = f"{PIECE}part{number}"
            columns += [f"{part}.{name}" for name in names]
            joins.append(f"\nLEFT JOIN {query} AS {part} ON {part}.{KEY} = {key}")
        from_ = f"{records} AS {PIECE}records{''.join(joins)}"
        return f"(SELECT {', '.join(columns)}\nFROM {from_}) AS {PIECE}joined"

    def _as_key(self, column: str) -> str:
        return self._spelling.by_code_points(f"CAST({column} AS {self._spelling.text})")

    def _parts(self, events: str) -> Iterator[tuple[list[str], str]]:
        """(names, query) of what is worked out together: all of a kind, or values that age."""
        tallies = [(n, tally) for n, (_, tally) in enumerate(self.card.tallies)]
        features = list(enumerate(self.card.features))
        apart = [one for one in tallies if one[1].count == "distinct" and one[1].ageing is not None]
        for kind in dict.fromkeys(one.event.name for one in self.card.choices):
            own = [(n, t) for n, t in tallies if t.event.name == kind and (n, t) not in apart]
            taken = [(n, feature) for n, feature in features if feature.event.name == kind]
            if own or taken:
                yield self._of_kind(events, own, taken)
        for number, tally in apart:
            yield self._ageing_values(events, number, tally)

    # -- events of a kind ------------------------------------------------------------------------

    def _of_kind(
        self,
        events: str,
        tallies: Sequence[tuple[int, Tally]],
        features: Sequence[tuple[int, Feature]],
    ) -> tuple[list[str], str]:
        choices: list[Choice] = [one for _, one in tallies]
        choices += [one for _, one in features]
        tested = self._tested(events, choices)
        found = {}
        for (number, tally), test in zip(tallies, tested.tests, strict=False):
            found[points_column(number)] = self._counted(tally, test, tested)
        for (number, feature), test in zip(features, tested.tests[len(tallies) :], strict=True):
            found[feature_column(number)] = self._taken(feature, test, tested)
        return self._grouped(found, tested.query)

    def _grouped(self, found: dict[str, str], query: str) -> tuple[list[str], str]:
        columns = ", ".join(f"{text} AS {name}" for name, text in found.items())
        return list(found), f"(SELECT {KEY}, {columns}\nFROM {query}\nGROUP BY {KEY})"

    def _counted(self, tally: Tally, test: str, tested: _Tested) -> str:
        """The scaled points of a group of events, NULL where none of them is counted."""
        if tally.ageing is not None:
            if tally.count == "each":
                return f"CAST(SUM({choice([(test, self._aged(tally, AGE))], 'NULL')}) AS BIGINT)"
            latest = f"MIN({choice([(test, AGE)], 'NULL')})"
            return choice([(f"{latest} IS NOT NULL", self._aged(tally, latest))], "NULL")
        if tally.count == "once":
            return f"MAX({choice([(test, big(tally.points))], 'NULL')})"
        value = "1" if tally.count == "each" else tested.name(tally.distinct)
        distinct = "DISTINCT " if tally.count == "distinct" else ""
        count = f"COUNT({distinct}{choice([(test, value)], 'NULL')})"
        return f"NULLIF({count}, 0) * {big(tally.points)}"

    def _ageing_values(self, events: str, number: int, tally: Tally) -> tuple[list[str], str]:
        """A term that counts the values of a property, each as old as its latest event."""
        tested = self._tested(events, [tally])
        value = tested.name(tally.distinct)
        test = f"{tested.tests[0]} AND {value} IS NOT NULL"
        latest = (
            f"(SELECT {KEY}, MIN({AGE}) AS {AGE}\nFROM {tested.query}\nWHERE {test}\n"
            f"GROUP BY {KEY}, {value}) AS {PIECE}values"
        )
        points = f"CAST(SUM({self._aged(tally, AGE)}) AS BIGINT)"
        return self._grouped({points_column(number): points}, latest)

    def _aged(self, tally: Tally, age: str) -> str:
        """The points of an event by its age in whole days."""
        if tally.ageing is None:
            return big(tally.points)
        points = _by_day(tally, tally.ageing)
        if not points:
            return big(0)
        listed = self._spelling.listed(points, f"CAST({age} AS INTEGER)")
        return choice([(f"{age} < {len(points)}", listed)], big(0))

    def _taken(self, feature: Feature, test: str, tested: _Tested) -> str:
        """The value of a feature of a group of events; NULL where there is none."""
        if feature.take == "count":
            return f"COUNT({choice([(test, '1')], 'NULL')})"
        if feature.of is None:
            end = "MAX" if feature.take == "days since first" else "MIN"
            return f"{end}({choice([(test, AGE)], 'NULL')})"
        value = tested.name(feature.of.column)
        chosen = choice([(test, value)], "NULL")
        match feature.take:
            case "distinct":
                return f"COUNT(DISTINCT {chosen})"
            case "sum":
                return self._exact_sum(chosen)
        last = feature.take == "last"
        known = f"{test} AND {value} IS NOT NULL"
        return self._spelling.utmost(value, known, (MOMENT, ORDER), last)

    def _exact_sum(self, value: str) -> str:
        """The sum at four decimals, NaN where sizes come to some 900 billion."""
        double = self._spelling.double
        small = f"ABS({value}) < CAST({BEYOND} AS {double})"
        scaled = self._spelling.even.format(f"{value} * CAST({SCALE} AS {double})")
        huge = f"CAST({EXACT} AS {double})"
        whole = choice([(f"{value} IS NULL", "NULL"), (small, scaled)], huge)
        total = f"SUM({whole}) / CAST({SCALE} AS {double})"
        return choice([(f"SUM(ABS({whole})) >= {huge}", f"CAST('NaN' AS {double})")], total)

    # -- tests -----------------------------------------------------------------------------------

    def _tested(self, events: str, choices: Sequence[Choice]) -> _Tested:
        """The events of one kind up to the moment, tested for each choice."""
        spelling, event = self._spelling, choices[0].event
        layers = Layers(spelling)
        inputs = self._table.inputs(event.name, spelling)
        columns = Columns(inputs, layers, self._as_of)
        wanted = {KEY: self._as_key(spelling.quoted(self._table.key)), ORDER: spelling.quoted(ROW)}
        outer = {name: layers.add(name, text) for name, text in wanted.items()}
        outer[MOMENT] = columns.name(AT.name)
        outer[AGE] = columns.sql(Days(_AT, AsOf()))
        tests = []
        for number, one in enumerate(choices):
            test = layers.add(f"{PIECE}test{number}", self._test(one, columns))
            outer[test] = test
            tests.append(test)
        read = {name for one in choices for name in one.reads}
        outer |= {columns.name(name): columns.name(name) for name in sorted(read)}
        chosen = self._up_to_now(events, event.name)
        if event.burst is not None:
            chosen = self._without_bursts(chosen, event.burst)
        query = f"({layers.query(chosen, outer)}) AS {PIECE}tested"
        return _Tested(query, tests, columns.name)

    def _test(self, one: Choice, columns: Columns) -> str:
        """Whether an event is chosen; true or false."""
        parts: list[Node] = [] if one.where is None else [one.where]
        if one.within is not None and one.within < _seconds_since_the_first_year(self._as_of):
            since = self._as_of - dt.timedelta(seconds=one.within)
            parts.append(Compare(">", _AT, Const(since, "time")))
        if not parts:
            return "TRUE"
        test = columns.sql(parts[0] if len(parts) == 1 else And(tuple(parts)))
        return f"COALESCE({test}, FALSE)"

    def _up_to_now(self, events: str, kind: str) -> str:
        spelling = self._spelling
        own = f"{spelling.by_code_points(spelling.quoted(EVENT))} = {spelling.literal(kind)}"
        known = render(Compare("<=", _AT, AsOf()), spelling.name, self._as_of)
        return f"(SELECT *\nFROM {events}\nWHERE {own} AND {known}) AS {PIECE}events"

    def _without_bursts(self, events: str, burst: Burst) -> str:
        """The events but those in a short span that holds enough of them."""
        spelling = self._spelling
        at, row = spelling.quoted(AT.name), spelling.quoted(ROW)
        whose = self._as_key(spelling.quoted(self._table.key))
        window = f"PARTITION BY {whose} ORDER BY {at}, {row}"
        last = f"LEAD({at}, {burst.events - 1}) OVER ({window})"
        later, micros = f"{PIECE}later", burst.seconds * 1_000_000
        apart = spelling.dialect.micros(column_of(AT.name), column_of(later)).sql(spelling.name)
        begins = choice([(f"{apart} <= {micros}", "1")], "0")
        begun, within = f"{PIECE}begun", f"{PIECE}within"
        rows = f"ROWS BETWEEN {burst.events - 1} PRECEDING AND CURRENT ROW"
        return (
            f"(SELECT *\nFROM (SELECT *, MAX({begun}) OVER ({window} {rows}) AS {within}\n"
            f"FROM (SELECT *, {begins} AS {begun}\n"
            f"FROM (SELECT *, {last} AS {later}\nFROM {events}) AS {PIECE}a) AS {PIECE}b) "
            f"AS {PIECE}c\nWHERE {within} = 0) AS {PIECE}events"
        )


@dataclass(frozen=True, slots=True)
class _Tested:
    """Events with a test for each choice: the query, the tests, the inner names of columns."""

    query: str
    tests: Sequence[str]
    name: Callable[[str], str]


def _by_day(tally: Tally, ageing: Ageing) -> list[int]:
    """The points of an event at each age in days, until none is left or it is too old to count.

    Raises UsageError where that takes more than a century.
    """
    most = MOST_DAYS if tally.within is None else min(MOST_DAYS, tally.within // DAY + 1)
    points = [ageing.points(tally.points, day) for day in range(most + 1)]
    if points[-1] and (tally.within is None or tally.within // DAY >= most):
        raise UsageError(
            f"Points of `{tally.event.name}` age so slowly that some are left after "
            f"{duration_text(MOST_DAYS * DAY)}, and no list in SQL is as long as that.",
            "Say `within`, or shorten the half-life.",
        )
    while points and not points[-1]:
        points.pop()
    return points


def _seconds_since_the_first_year(moment: dt.datetime) -> float:
    return (moment - dt.datetime.min.replace(tzinfo=dt.UTC)).total_seconds()
