"""The verdicts on one record, as a form gives it: its cells, and these held against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from scoreline.language.fields import Field, fact_column
from scoreline.quality.checks.consistency import pairs_of
from scoreline.quality.checks.fields import declared_roles
from scoreline.quality.checks.pair import Pair
from scoreline.quality.headers import header_of, headers_of
from scoreline.quality.typing.values import cell_typer, fact_of, value_of
from scoreline.quality.typing.verdicts import Verdict, VerdictWord, verdict_of


class RecordChecker:
    """Checks records of some fields; made once a card."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._cells = [(field, cell_typer(field), headers_of(field)) for field in fields]
        self._fields = tuple(fields)
        self._roles = declared_roles(fields)
        self._pairs = lru_cache(maxsize=2)(self._pairs_of)

    def check(self, raw: Mapping[str, object], as_of: dt.datetime) -> dict[str, Verdict]:
        """The verdict on each field of a raw record; a header that is absent is missing.

        as_of: the moment at which births lie in the future.
        """
        found: dict[str, Verdict] = {}
        values: dict[str, object] = {}
        for field, typer, headers in self._cells:
            header = header_of(headers, raw)
            result = None if header is None else typer.read(raw[header])
            found[field.name] = verdict_of(result)
            values[field.name] = value_of(result)
            for fact in field.facts:
                values[fact_column(field.name, fact.name)] = fact_of(result, fact.name)
        for pair in self._pairs(as_of.date()):
            read = pair.read(values)
            if read is not None and pair.fails(*read):
                found[pair.field] = doubted(found[pair.field], pair.code, pair.meant(*read))
        return found

    def _pairs_of(self, today: dt.date) -> tuple[Pair, ...]:
        return pairs_of(self._fields, self._roles, today)


def doubted(verdict: Verdict, code: str, meant: str | None = None) -> Verdict:
    """A verdict on a cell that other cells contradict; one that is worse already stays.

    A missing cell stays missing, and says why it is asked for.
    """
    if verdict.finding or verdict.verdict not in ("ok", "unknown", "missing"):
        return verdict
    word: VerdictWord = "missing" if verdict.verdict == "missing" else "suspect"
    return replace(verdict, verdict=word, finding=code, suggestion=meant)
