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
    "name",
    "iban",
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
    "name": "text",
    "iban": "text",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a field: its name, kind, the values it can take (none: open), and its meaning.

    sure: whether every value of the field has it; a phone number need not belong to a country.
    """

    name: str
    kind: Kind
    values: tuple[str, ...]
    doc: str
    sure: bool = True


def _status(doc: str, *others: str) -> Fact:
    return Fact("status", "choice", ("ok", "suspect", *others), doc)


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
        _status("`suspect`: throw-away, misspelt or a placeholder, as its finding says", "invalid"),
    ),
    "phone": (
        _status("whether it can be dialled", "invalid"),
        Fact("e164", "text", (), "the number in international form, +79123456789"),
        Fact("country", "text", (), "ISO code of the number's country, RU", sure=False),
    ),
    "company id": (
        _status(
            "whether its check digits are right; `suspect`: no known shape of the declared "
            "country; `unknown`: no country is declared",
            "unknown",
            "invalid",
        ),
        Fact("kind", "choice", (), "which identifier it is: inn, siret, vat", sure=False),
        Fact("country", "text", (), "ISO code of its country", sure=False),
    ),
    "postcode": (
        Fact(
            "status",
            "choice",
            ("ok", "unknown", "invalid"),
            "whether the declared country has such postcodes; `unknown`: none is declared",
        ),
    ),
    "name": (
        _status("`suspect`: a placeholder, no name, or without its capitals, as its finding says"),
    ),
    "iban": (
        Fact("status", "choice", ("ok", "invalid"), "whether its check digits are right"),
        Fact("country", "text", (), "ISO code of the country of the account"),
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


def fact_of_type(field_type: FieldType, name: str | None) -> Fact | None:
    """The fact of a type by its name; None if it has no such fact."""
    return next((fact for fact in FACTS.get(field_type, ()) if fact.name == name), None)


def fact_column(field_name: str, fact_name: str) -> str:
    """The column of a fact in a table.

    >>> fact_column("email", "kind")
    'email__kind'
    """
    return f"{field_name}__{fact_name}"
