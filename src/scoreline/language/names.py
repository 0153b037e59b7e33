"""Names of fields as conditions write them: unusual ones, and words of SQL, in double quotes."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import TokenType
from sqlglot.tokens import Tokenizer

STATEMENTS = frozenset(Parser.STATEMENT_PARSERS) | frozenset(Tokenizer.COMMANDS)
"""Words that begin a statement of SQL: at the head of a condition they are read as one."""
_NO_NAMES = STATEMENTS | {TokenType.IDENTIFIER, TokenType.UNKNOWN}


def written(name: str, fact: str | None = None) -> str:
    """A field, or a fact of it, as a condition names it.

    >>> written("email", "kind"), written("E-Mail", "kind"), written("when")
    ('email.kind', '"E-Mail".kind', '"when"')
    """
    quoted = name if is_plain(name) else '"' + name.replace('"', '""') + '"'
    return quoted if fact is None else f"{quoted}.{fact}"


@lru_cache(maxsize=4096)
def is_plain(name: str) -> bool:
    """Whether a condition may name the field without quotes."""
    try:
        tokens = sqlglot.tokenize(name)
        if len(tokens) != 1 or tokens[0].token_type in _NO_NAMES:
            return False
        return all(_is_column(sqlglot.parse_one(text), name) for text in (name, f"({name})"))
    except (SqlglotError, RecursionError):
        return False


def _is_column(found: exp.Expr, name: str) -> bool:
    column = found.unnest()
    return isinstance(column, exp.Column) and not column.table and column.name == name
