"""What the language refuses, and what to write instead: a literal table.

The allowed part is the `match` in `parse.py`; everything else is refused, the frequent wishes with
a hint of their own.
"""

from __future__ import annotations

from sqlglot import exp

MAX_TEXT = 20_000
MAX_TOKENS = 4_000
MAX_BRACKETS = 64
MAX_DEPTH = 32
MAX_NODES = 1_000

FUNCTIONS: dict[str, tuple[str, str]] = {
    "starts_with": ("starts_with(text, 'literal')", "starts_with(email.domain, 'mail.')"),
    "ends_with": ("ends_with(text, 'literal')", "ends_with(email.domain, '.ru')"),
    "contains": ("contains(text, 'literal')", "contains(position, 'director')"),
    "coalesce": ("coalesce(value, value, ...)", "coalesce(budget, 0) >= 100000"),
    "days_between": ("days_between(from, to)", "days_between(joined, as_of) <= 30"),
}
"""Allowed functions: signature and an example. Used by the docs and by refusals."""

KEYWORDS = (
    *("and", "or", "not", "is", "null", "in", "between"),
    *("case", "when", "then", "else", "end", "true", "false"),
)
SIGNS = ("=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "(", ")", ",", ".")
"""All words and signs of the language; functions, names and literals stand beside them."""

REFUSED_SIGNS: dict[str, str] = {
    "==": "Write =.",
    "!": "Write not.",
    ";": "Write one condition; join parts with AND or OR.",
}
REFUSED_WORDS: dict[str, str] = {
    "unknown": "Write `is null`, or `is not null`.",
    "isnull": "Write `is null`.",
    "notnull": "Write `is not null`.",
}
"""Spellings that SQLGlot reads too, and the one that conditions have."""

NO_CLOCK = "Time is the argument as_of: write days_between(joined, as_of) or joined >= as_of."
NO_FOLD = "Give the field the type choice: its values, and literals beside it, are case-folded."
NO_CAST = "Types come from the card's fields: declare the field number, date or text instead."
NO_PATTERN = "Write starts_with(x, '...'), ends_with(x, '...') or contains(x, '...')."
NO_QUERY = "A condition reads one record: there are no queries inside it."
NO_ROUND = "Compare with the edges instead, such as x >= 9.5 and x < 10.5."

REFUSED: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Like: ("LIKE", NO_PATTERN),
    exp.ILike: ("ILIKE", NO_PATTERN + " " + NO_FOLD),
    exp.SimilarTo: ("SIMILAR TO", NO_PATTERN),
    exp.RegexpLike: ("a regular expression", NO_PATTERN),
    exp.RegexpILike: ("a regular expression", NO_PATTERN),
    exp.Cast: ("a cast", NO_CAST),
    exp.TryCast: ("a cast", NO_CAST),
    exp.Lower: ("lower()", NO_FOLD),
    exp.Upper: ("upper()", NO_FOLD),
    exp.Trim: ("trim()", "Text is trimmed already when a record is typed."),
    exp.CurrentDate: ("current_date", NO_CLOCK),
    exp.CurrentTimestamp: ("the clock", NO_CLOCK),
    exp.CurrentTime: ("the clock", NO_CLOCK),
    exp.DateDiff: ("date_diff()", "Write days_between(from, to)."),
    exp.Interval: (
        "an interval",
        "Write days_between(from, to) and compare with a number of days.",
    ),
    exp.Round: ("round()", NO_ROUND),
    exp.Floor: ("floor()", NO_ROUND),
    exp.Ceil: ("ceil()", NO_ROUND),
    exp.Mod: ("%", "Use bins or an IN list."),
    exp.DPipe: ("||", "Test the fields one by one, joined by AND."),
    exp.Concat: ("concat()", "Test the fields one by one, joined by AND."),
    exp.NullSafeEQ: ("IS NOT DISTINCT FROM", "Write a = b or (a is null and b is null)."),
    exp.NullSafeNEQ: ("IS DISTINCT FROM", "Write a <> b, and say what a missing one means."),
    exp.Subquery: ("a subquery", NO_QUERY),
    exp.Select: ("a query", NO_QUERY),
    exp.Exists: ("EXISTS", NO_QUERY),
    exp.If: ("if()", "Write CASE WHEN ... THEN ... ELSE ... END."),
    exp.Nullif: ("nullif()", "Division by zero is already unknown; otherwise write CASE."),
    exp.Alias: ("a word too many", "Join conditions with AND or OR; quote names with blanks."),
    exp.Block: ("a second statement", "Write one condition; join parts with AND or OR."),
    exp.BitwiseAnd: ("&", "Write AND."),
    exp.BitwiseOr: ("|", "Write OR."),
}
"""Refused constructs: what to call them, and what to write instead."""

REFUSED_FUNCTIONS: dict[str, str] = {
    "now": NO_CLOCK,
    "today": NO_CLOCK,
    "getdate": NO_CLOCK,
    "regexp_matches": NO_PATTERN,
    "matches": NO_PATTERN,
    "nvl": "Write coalesce(a, b).",
    "ifnull": "Write coalesce(a, b).",
    "startswith": "Write starts_with(text, 'literal').",
    "endswith": "Write ends_with(text, 'literal').",
    "len": "Test for blank with IS NULL; the length of a text is not a condition.",
}
