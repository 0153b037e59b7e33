"""What columns hold -> fields, where a file has no card; fields of a card -> what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from scoreline.language.fields import Field, FieldType
from scoreline.quality.headers import headers_of, names_of
from scoreline.quality.roles import Role, proposed
from scoreline.quality.text import normal
from scoreline.quality.typing.numbers import Amount, read_amount

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
    "money": "money",
    "number": "number",
}
"""How the values of a role are checked; all others are text."""
HELD_BY_TYPE: dict[FieldType, tuple[Role, ...]] = {
    "date": ("birth date", "date"),
    "time": ("date",),
    "postcode": ("postcode",),
    "text": ("given name", "surname", "street", "city", "region"),
    "name": ("given name", "surname"),
}
"""Roles that a declared field may have by its names; checks of whole records go by them."""
HELD = frozenset(role for roles in HELD_BY_TYPE.values() for role in roles)
"""All of these roles."""
BY_COUNTRY = ("phone", "postcode", "company id")
"""Types whose values are read by the country that they belong to."""


def fields_of_roles(
    roles: Mapping[str, Role],
    country: str | None = None,
    order: str | None = None,
    currencies: Mapping[str, str | None] | None = None,
    years: Collection[str] = (),
) -> tuple[Field, ...]:
    """A field a column, called like its header as far as that can be a name, in their order.

    roles: by header; country: that phones, postcodes and company ids belong to where they don't
    say it; order: of day, month and year where dates don't say it; currencies: of columns of
    money, by header; years: headers of columns that hold years alone.

    >>> [field.type for field in fields_of_roles({"Mail": "email", "Ort": "city"})]
    ['email', 'text']
    """
    money = currencies or {}
    return tuple(
        _field(
            name,
            header,
            "integer" if header in years else TYPE_OF_ROLE.get(role, "text"),
            country,
            order,
            money.get(header),
        )
        for name, (header, role) in zip(names_of(roles), roles.items(), strict=True)
    )


def declared_roles(fields: Sequence[Field]) -> dict[str, Role]:
    """The roles of declared fields, by type and by the first of their names that proposes one.

    >>> declared_roles([Field("state", "text"), Field("born", "date"), Field("mail", "email")])
    {'state': 'region', 'born': 'birth date'}
    """
    found: dict[str, Role] = {}
    for field in fields:
        held = HELD_BY_TYPE.get(field.type, ())
        names = (role for header in headers_of(field) for role in proposed(header)[:1])
        role = next((role for role in names if role in held), None)
        if field.type == "postcode":
            role = "postcode"
        if role is not None:
            found[field.name] = role
    return found


def currency_of_values(values: Iterable[str | None]) -> str | None:
    """The currency that most amounts name; None if none does.

    >>> currency_of_values(["100 €", "20 EUR", "5 $", "7"])
    'EUR'
    """
    amounts = (read_amount(normal(value), None) for value in values if value)
    named = Counter(
        amount.currency.split()[0]
        for amount in amounts
        if isinstance(amount, Amount) and amount.currency
    )
    return named.most_common(1)[0][0] if named else None


def _field(
    name: str,
    header: str,
    kind: FieldType,
    country: str | None,
    order: str | None,
    currency: str | None,
) -> Field:
    return Field(
        name,
        kind,
        column=() if name == header else (header,),
        order=order if kind == "date" else None,
        country=country if kind in BY_COUNTRY else None,
        currency=currency if kind == "money" else None,
    )
