"""Slips that spoil a whole condition: numbers as people write them, names that need quotes.

Looked for only in a condition that is refused anyway, so that what is said names the cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from scoreline.errors import ConditionError
from scoreline.language.names import is_plain, written
from scoreline.language.subset import KEYWORDS

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_GROUP, _TAIL = re.compile(r"\d{3}(?:\.\d*)?"), re.compile(r"[_\d]+")
_LONE_GROUP = re.compile(r"[1-9]\d{0,2},\d{3}")


def slip_in(
    text: str, fields: Iterable[str], error: ConditionError | None
) -> ConditionError | None:
    """The slip that made a text unreadable (no error), or outside the language; None if none is.

    >>> print(slip_in("budget > 1,5", ["budget"], None).hint)
    Write 1.5: a decimal point, and nothing between thousands.
    """
    unknown = None if error is None else error.field
    if unknown is None:
        for raw in _numbers(text):
            return ConditionError(
                f"`{raw}` is no number in a condition.",
                f"Write {plain_number(raw)}: a decimal point, and nothing between thousands.",
            )
    bare = _QUOTED.sub(lambda found: "\0" * len(found[0]), text)
    for name in sorted(fields, key=len, reverse=True):
        if is_plain(name) or (
            unknown is not None and unknown.lower() not in re.split(r"\W+", name.lower())
        ):
            continue
        if error is not None and name.lower() in KEYWORDS:
            continue
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", bare, re.IGNORECASE):
            quoted = written(name)
            return ConditionError(
                f"The name `{name}` can't stand in a condition without quotes.",
                f"Write it as {quoted}, and in the card the whole condition in single quotes: "
                f"when: '{quoted} is not null'.",
                "not-in-subset" if error is None else error.code,
                unknown,
            )
    return None


def plain_number(raw: str) -> str:
    """A number with a decimal comma or groups of thousands as cards write it, or the two it may be.

    >>> plain_number("1 234,56"), plain_number("100_000"), plain_number("1,234")
    ('1234.56', '100000', '1234 or 1.234')
    """
    bare = re.sub(r"[\s_]", "", raw)
    if _LONE_GROUP.fullmatch(bare):
        return f"{bare.replace(',', '')} or {bare.replace(',', '.')}"
    if bare.count(",") == 1 and bare.rfind(".") < bare.find(","):
        return bare.replace(".", "").replace(",", ".")
    if bare.count(".") > 1:
        bare = bare.replace(".", "")
    return bare.replace(",", "")


def _numbers(text: str) -> Iterator[str]:
    """Runs of number tokens that the language reads as several things."""
    try:
        tokens = sqlglot.tokenize(text)
    except SqlglotError:
        return
    lists: list[bool] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.token_type is TokenType.L_PAREN:
            lists.append(place > 0 and _opens_list(tokens[place - 1]))
        elif token.token_type is TokenType.R_PAREN and lists:
            lists.pop()
        elif token.token_type is TokenType.NUMBER:
            last = _end_of_run(tokens, place, in_list=bool(lists and lists[-1]))
            if last > place:
                yield text[token.start : tokens[last].end + 1]
            place = last
        place += 1


def _opens_list(before: Token) -> bool:
    """Whether a bracket after this token holds a list: of IN, or of a function."""
    word = before.text.lower()
    return word == "in" or (word.isidentifier() and word not in KEYWORDS)


def _end_of_run(tokens: list[Token], first: int, *, in_list: bool) -> int:
    """The place of the last token of a number that was written with commas, blanks or _."""
    last = first
    while last + 1 < len(tokens):
        here, after = tokens[last], tokens[last + 1]
        close = after.start == here.end + 1
        group = after.token_type is TokenType.NUMBER and _GROUP.fullmatch(after.text)
        if group or (close and after.token_type is TokenType.VAR and _TAIL.fullmatch(after.text)):
            last += 1
        elif (
            close
            and not in_list
            and after.token_type is TokenType.COMMA
            and last + 2 < len(tokens)
            and tokens[last + 2].token_type is TokenType.NUMBER
            and tokens[last + 2].start == after.end + 1
        ):
            last += 2
        else:
            break
    return last
