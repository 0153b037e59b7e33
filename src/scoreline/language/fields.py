"""Fields of a record, their types, and the facts that quality derives from them.

A field is declared by the card; a fact (`email.kind`) comes with a field's type. In tables a
fact's column is `field__fact`. Nothing here computes anything: these are the names and kinds that
conditions are checked against.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

FieldType = Literal[
    "text",
    "choice",
    "number",
    "integer",
    "money",
    "yes/no",
    "date",
    "time",
    "email",
    "phone",
    "country",
    "company id",
    "postcode",
]
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)

Kind = Literal["text", "choice", "number", "yes/no", "date", "time"]
"""What a condition may do with a value: `choice` is text that was case-folded."""

KIND_OF_TYPE: dict[FieldType, Kind] = {
    "text": "text",
    "choice": "choice",
    "number": "number",
    "integer": "number",
    "money": "number",
    "yes/no": "yes/no",
    "date": "date",
    "time": "time",
    "email": "text",
    "phone": "text",
    "country": "text",
    "company id": "text",
    "postcode": "text",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a field: its name, kind, the values it can take (none: open), and its meaning."""

    name: str
    kind: Kind
    values: tuple[str, ...]
    doc: str


FACTS: dict[FieldType, tuple[Fact, ...]] = {
    "email": (
        Fact(
            "kind",
            "choice",
            ("corporate", "free", "disposable", "relay", "invalid"),
            "whose mailbox it is",
        ),
        Fact("role", "yes/no", (), "a role address such as info@ or sales@"),
        Fact("domain", "text", (), "the domain, in lower case"),
    ),
    "phone": (
        Fact("status", "choice", ("ok", "suspect", "invalid"), "whether it can be dialled"),
        Fact("e164", "text", (), "the number in international form, +79123456789"),
        Fact("country", "text", (), "ISO code of the number's country, RU"),
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field of a record.

    name: as conditions write it (no dot); type: one of FIELD_TYPES; column: headers to look for,
    in order, before the name itself; optional: the column may be absent; missing: texts that mean
    missing (compared after normalising, case-folded); decimal: `.` or `,`; order: `dmy`, `mdy` or
    `ymd`; currency: ISO code; country: ISO code that phones and the like are read by; settled: its
    value is worked out from events, so that being missing is an answer and no open question.
    """

    name: str
    type: FieldType
    column: tuple[str, ...] = ()
    optional: bool = False
    missing: tuple[str, ...] = ()
    decimal: str | None = None
    order: str | None = None
    currency: str | None = None
    country: str | None = None
    settled: bool = False
    line: int | None = field(default=None, compare=False)

    @property
    def kind(self) -> Kind:
        """What a condition may do with the field's value."""
        return KIND_OF_TYPE[self.type]

    @property
    def meaning(self) -> dict[str, object]:
        """What a fingerprint holds of it."""
        options = {
            "column": list(self.column),
            "optional": self.optional,
            "missing": sorted(self.missing),
            "decimal": self.decimal,
            "order": self.order,
            "currency": self.currency,
            "country": self.country,
        }
        return {"type": self.type, **{name: value for name, value in options.items() if value}}

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that come with the field's type."""
        return () if self.settled else FACTS.get(self.type, ())


def fact_column(field_name: str, fact_name: str) -> str:
    """The column of a fact in a table.

    >>> fact_column("email", "kind")
    'email__kind'
    """
    return f"{field_name}__{fact_name}"
