"""The keys of a card file, written out: the reader refuses others, the docs are made of this."""

from __future__ import annotations

from dataclasses import dataclass

from scoreline.language.fields import FieldType


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its name, what its value is, what it means, an example; whether it must be there.

    types: of an option of fields, the types of field that take it; all of them if empty.
    """

    name: str
    value: str
    doc: str
    example: str = ""
    required: bool = False
    types: tuple[FieldType, ...] = ()


CARD = (
    Key("scorecard", "name", "Name of the card, for files and messages.", "lead-readiness", True),
    Key("title", "text", "The question that the score answers.", "Is this lead ready for a call?"),
    Key("objective", "text", "What the score is for.", "Managers talk only to ready leads"),
    Key("key", "column", "Column that names a record; without it the row number does.", "lead_id"),
    Key("fields", "mapping", "The fields that terms read, with their types.", "", True),
    Key(
        "events",
        "mapping",
        "Kinds of events, with the properties that terms read.",
        "{webinar_attended: {minutes: number}}",
    ),
    Key(
        "features",
        "mapping",
        "Values taken from events, which terms read like fields.",
        "{orders: {event: order, take: count}}",
    ),
    Key("terms", "list", "The criteria, each with its points.", "", True),
    Key("base", "points", "Points that every record starts with; 0 unless said.", "20"),
    Key("groups", "mapping", "Terms with a shared cap or floor.", "{engagement: {cap: 40}}"),
    Key("total", "clamp", "Cap and floor of the whole score.", "{floor: 0, cap: 100}"),
    Key("segments", "list", "Where scores put a record, best first.", "- {name: hot, above: 6}"),
    Key(
        "probability",
        "mapping",
        "What a score means as a probability.",
        "{scores: [{below: 0, probability: 0.04}, {from: 0, probability: 0.2}]}",
    ),
    Key(
        "learned",
        "mapping",
        "How the card was made: texts by name, for people; no part of its fingerprint.",
        "{method: points}",
    ),
    Key("cases", "list", "Examples that `scoreline check` runs.", "- {given: {...}, score: 8}"),
)
FIELD = (
    Key("type", "type", "Type of the field; text unless said.", "money"),
    Key("column", "header or list", "Headers to look for, before the name.", "[budget, Budget]"),
    Key("optional", "yes/no", "The column may be absent: every value is missing then.", "yes"),
    Key("missing", "list", "Texts that mean missing.", "[not sure, n/a]"),
    Key(
        "decimal",
        ". or ,",
        "The decimal sign, where numbers don't say it themselves.",
        '","',
        types=("number", "integer", "money"),
    ),
    Key(
        "order",
        "dmy, mdy, ymd",
        "Order of day, month and year, where dates don't say.",
        "dmy",
        types=("date", "time"),
    ),
    Key(
        "currency",
        "ISO code",
        "Currency of the money; another one is invalid.",
        "RUB",
        types=("money",),
    ),
    Key(
        "country",
        "ISO code",
        "Country that phones without a +, postcodes and company ids belong to.",
        "RU",
        types=("phone", "postcode", "company id"),
    ),
)
TERM = (
    Key(
        "name",
        "text",
        "Name of the criterion, as reasons show it: no semicolon, and not the name of another "
        "line of a score or a diff (`base`, `other`, `total cap`, `segments`).",
        required=True,
    ),
    Key("when", "condition", "Points are given when it is true.", "budget >= 100000"),
    Key(
        "of",
        "field or value",
        "What `bins` or `values` look at; of a pair table a list of two.",
        "age",
    ),
    Key(
        "event",
        "event",
        "The kind of event that gives points: those up to the moment of scoring.",
        "webinar_attended",
    ),
    Key(
        "points",
        "points",
        "Points of a `when` term or of an event; four decimals at most. Of a pair table a list of "
        "them for each row.",
        "3",
    ),
    Key("missing", "points", "Points of a `when` term when the answer is unknown.", "-1"),
    Key("bins", "list", "Half-open ranges [from, below) with points.", "- {below: 25, points: -4}"),
    Key("values", "list", "Values with points.", "- {is: [retired, student], points: 1}"),
    Key(
        "rows",
        "list",
        "Of a pair table: ranges or values of the first of its two; `otherwise`, `missing`.",
        "[{below: 30}, {from: 30}, missing]",
    ),
    Key(
        "columns",
        "list",
        "Of a pair table: ranges or values of the second.",
        "[{is: management}, {is: [retired, student]}, otherwise]",
    ),
    Key("where", "condition", "Only events for which it is true count.", "minutes >= 20"),
    Key(
        "count",
        "each, once, distinct(property)",
        "Whether each event gives points, only one, or one for each value of a property; each "
        "unless said.",
        "distinct(mail)",
    ),
    Key("within", "duration", "Only events that are younger than this count.", "180 days"),
    Key("half_life", "duration", "The points of an event halve in this time.", "30 days"),
    Key("linear", "share per duration", "How an event's points run out.", "50% per 30 days"),
    Key("group", "group", "The group whose cap and floor it shares.", "engagement"),
    Key("cap", "points", "Most points of the term.", "10"),
    Key("floor", "points", "Least points of the term.", "-5"),
)
BIN = (
    Key("from", "value", "The range begins here, this value included.", "25"),
    Key("below", "value", "The range ends here, this value left out.", "40"),
    Key("is", "value or list", "The value is this, or one of these.", "[retired, student]"),
    Key("points", "points", "Points of the bin.", "2"),
    Key("missing", "points", "Points when the value is missing or invalid.", "-1"),
    Key("otherwise", "points", "Points when the value is known and no bin has it.", "0"),
)
AXIS = tuple(key for key in BIN if key.name in ("from", "below", "is"))
"""Of an entry of `rows` or `columns`."""
CLAMP = (
    Key("cap", "points", "The most.", "40"),
    Key("floor", "points", "The least.", "-10"),
)
SEGMENT = (
    Key("name", "text", "Name of the segment.", "qualified", True),
    Key("above", "points", "Scores greater than this.", "6"),
    Key("from", "points", "Scores of this and more.", "0"),
)
PROBABILITY = (
    Key("of", "text", "Of what it is the probability, in words.", "becomes a customer"),
    Key(
        "scores",
        "list",
        "Ranges of the score with their probabilities, ascending and without gaps.",
        "- {from: -10, below: 0, probability: 0.04}",
        True,
    ),
)
CHANCE = (
    Key("from", "points", "The range begins here; not in the first line.", "-10"),
    Key("below", "points", "The range ends here, this score left out; not in the last line.", "0"),
    Key("probability", "0 to 1", "The probability; six decimals at most.", "0.04", True),
    Key("low", "0 to 1", "The least that it may be, beside `high`.", "0.03"),
    Key("high", "0 to 1", "The most that it may be, beside `low`.", "0.05"),
)
CASE = (
    Key("given", "mapping", "Raw values of a record, as a file would hold them.", "", True),
    Key(
        "events",
        "list",
        "What the record did; nothing unless said.",
        "[{event: webinar_attended, at: 2026-01-12, minutes: 45}]",
    ),
    Key(
        "as_of",
        "moment",
        "The moment of scoring; needed beside events, and if a term uses as_of.",
        "2026-01-31",
    ),
    Key("score", "points", "The score it must get.", "8"),
    Key("segment", "segment", "The segment it must get.", "qualified"),
    Key("low", "points", "The least score that answers can lead to.", "5"),
    Key("high", "points", "The highest score that answers can lead to.", "8"),
    Key("certain", "yes/no", "Whether the segment is settled.", "yes"),
    Key("ask", "field", "The question to ask next.", "budget"),
)
HAPPENED = (
    Key("event", "event", "What happened: a kind of event of the card.", "webinar_attended", True),
    Key("at", "moment", "When it happened.", "2026-01-12T10:00:00Z", True),
    Key("event_id", "text", "Its id: the same one counts once.", "w-1"),
)
FEATURE = (
    Key("event", "event", "The kind of event, up to the moment of scoring.", "order", True),
    Key(
        "take",
        "count, distinct(property), sum(property), first(property), last(property), days since "
        "last, days since first",
        "What the feature is: how many events there are, how many values a property has, what they "
        "come to, the first or the last of them, or how many whole days ago that was.",
        "sum(amount)",
        True,
    ),
    Key("where", "condition", "Only events for which it is true are taken.", "status = 'paid'"),
    Key("within", "duration", "Only events that are younger than this are taken.", "365 days"),
)
IGNORE = (
    Key(
        "burst",
        "events in duration",
        "So many events of one record in so short a time were no person's: they are ignored.",
        "5 in 2 seconds",
        True,
    ),
)
GRID = (
    Key("grid", "name", "Name of the grid, for files and messages.", "fit-and-engagement", True),
    Key("title", "text", "The question that the grid answers.", "Who fits, and who is engaged"),
    Key("objective", "text", "What the grid is for.", "Managers talk to A1 first"),
)
SIDE = (
    Key("card", "file", "The card's file; a relative name starts at the grid.", "fit.yaml", True),
)
CLASS = (
    Key("above", "points", "Totals of the card that are greater than this.", "70"),
    Key("from", "points", "Totals of the card of this and more.", "70"),
)
