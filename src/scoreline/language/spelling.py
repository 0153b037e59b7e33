"""The closed spelling of conditions: one way to write each thing, however much SQLGlot reads."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot.tokenizer_core import Token, TokenType

from scoreline.errors import ConditionError
from scoreline.language import subset
from scoreline.language.fields import Field

_LITERALS = (TokenType.STRING, TokenType.NUMBER)
_VALUES = ("end", "null", "true", "false")


def check_spelling(text: str, fields: Mapping[str, Field]) -> None:
    """Refuse signs and words that SQLGlot reads and conditions don't have (`==`, `nvl`)."""
    tokens = sqlglot.tokenize(text)
    names = {"as_of", *fields, *(fact.name for f in fields.values() for fact in f.facts)}
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.token_type in _LITERALS:
            continue
        if _is_word(token):
            _check_word(token, before, after, names)
        else:
            _check_sign(token, before, after)


def _is_word(token: Token) -> bool:
    named = token.token_type in (TokenType.IDENTIFIER, TokenType.VAR)
    return named or token.text.isidentifier()


def _check_word(token: Token, before: Token | None, after: Token | None, names: set[str]) -> None:
    quoted = token.token_type is TokenType.IDENTIFIER
    word = token.text if quoted else token.text.lower()
    if (
        not quoted
        and word in subset.REFUSED_WORDS
        and (
            token.text not in names or (before is not None and before.text.lower() in ("is", "not"))
        )
    ):
        raise ConditionError(
            f"`{token.text}` is not a word of conditions.", subset.REFUSED_WORDS[word]
        )
    called = after is not None and after.text == "(" and after.token_type is TokenType.L_PAREN
    if not quoted and (word in subset.KEYWORDS or (called and word in subset.FUNCTIONS)):
        return
    if called:
        instead = subset.REFUSED_FUNCTIONS.get(word)
        hint = instead or f"The functions are {', '.join(subset.FUNCTIONS)}."
        raise ConditionError(f"There is no function `{word}`.", hint)
    if not quoted and token.text not in names:
        raise ConditionError(
            f"`{token.text}` is not a word of conditions.",
            f"The words are {', '.join(subset.KEYWORDS)}.",
        )


def _check_sign(token: Token, before: Token | None, after: Token | None) -> None:
    sign = token.text
    if sign in subset.REFUSED_SIGNS:
        raise ConditionError(f"`{sign}` is not a sign of conditions.", subset.REFUSED_SIGNS[sign])
    if sign not in subset.SIGNS or (sign == "," and (after is None or after.text == ")")):
        raise ConditionError(
            f"`{sign}` is a sign too many.", f"The signs are {' '.join(subset.SIGNS)}"
        )
    if sign == "+" and (before is None or not _ends_a_value(before)):
        raise ConditionError("A `+` stands before a value.", "Write the number without a sign.")


def _ends_a_value(token: Token) -> bool:
    """Whether something may be added to what ends with the token."""
    if token.token_type in (*_LITERALS, TokenType.IDENTIFIER, TokenType.R_PAREN):
        return True
    word = token.text.lower()
    return _is_word(token) and (word not in subset.KEYWORDS or word in _VALUES)
