"""The fields of a file that has no card: typed by what its columns hold."""

from __future__ import annotations

from collections.abc import Mapping

from scoreline.language.fields import Field, FieldType
from scoreline.quality.roles import Role

TYPE_OF_ROLE: dict[Role, FieldType] = {
    "email": "email",
    "phone": "phone",
    "given name": "name",
    "surname": "name",
    "full name": "name",
    "postcode": "postcode",
    "country": "country",
    "birth date": "date",
    "date": "date",
    "company id": "company id",
    "iban": "iban",
    "number": "number",
}
"""How the values of a role are checked; all others are text."""
_BY_COUNTRY = ("phone", "postcode", "company id")


def fields_of_roles(
    roles: Mapping[str, Role], country: str | None = None, order: str | None = None
) -> tuple[Field, ...]:
    """A field a column, under the column's own header.

    roles: by header; country: that phones, postcodes and company ids belong to where they don't
    say it; order: of day, month and year where dates don't say it.

    >>> [field.type for field in fields_of_roles({"Mail": "email", "Ort": "city"})]
    ['email', 'text']
    """
    return tuple(
        _field(header, TYPE_OF_ROLE.get(role, "text"), country, order)
        for header, role in roles.items()
    )


def _field(header: str, kind: FieldType, country: str | None, order: str | None) -> Field:
    return Field(
        header,
        kind,
        order=order if kind == "date" else None,
        country=country if kind in _BY_COUNTRY else None,
    )
