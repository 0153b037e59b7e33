"""Polars expressions that accept plain e-mail addresses and phone numbers in bulk.

As in `cells`: what is accepted comes to what `type_value` gives, without a finding; the rest goes
there. An e-mail is accepted by its shape and, once its domain is known (`boundary` asks for each
distinct one), by the domain. A phone is accepted in the numbering plan of the declared country, by
the steps of `phone_plans`.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from scoreline.language.fields import Field
from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.emails import LONGEST, PLACEHOLDER_LOCAL, plain_domain
from scoreline.quality.typing.fast.cells import Cells, Fast, nothing_fast, sentinels_of
from scoreline.quality.typing.lists import role_names
from scoreline.quality.typing.phone_plans import (
    PLAIN_COLUMN,
    PUNCTUATION,
    BulkPlan,
    Sized,
    bulk_plan,
)
from scoreline.quality.typing.phones import FLOAT, PLACEHOLDERS

_ATOM = r"[a-z0-9_!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_PLACEHOLDER = f"^{PLACEHOLDER_LOCAL}@".replace(r"\w", "[a-z0-9_]").replace(r"\d", "[0-9]")
_EMAIL = rf"^{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+$"


def email_fast(field: Field, cells: Cells) -> Fast:
    """Addresses of plain shape in small letters, which the library leaves as they are.

    The facts hold the domain and `role`; `kind` is the business of `kind_of_plain`.
    """
    accepted = (
        cells.raw.str.contains(_EMAIL)
        & (cells.raw.str.len_bytes() <= LONGEST)
        & ~cells.raw.str.contains(_PLACEHOLDER)
    )
    if field.missing:
        accepted &= ~cells.raw.is_in(sentinels_of(field))
    roles = "|".join(re.escape(name) for name in sorted(role_names()) if name.isascii())
    return Fast(
        accepted,
        cells.raw,
        {
            "domain": cells.raw.str.split_exact("@", 1).struct.field("field_1"),
            "status": pl.lit("ok"),
            "role": cells.raw.str.contains(rf"^(?:{roles})(?:\+[^@]*)?@"),
        },
    )


@lru_cache(maxsize=100_000)
def kind_of_plain(domain: str) -> str | None:
    """Whose mailboxes a domain in small letters has; None if the library should see the address.

    That is so for domains that are refused or change their form, and for those that have a finding.
    """
    found = plain_domain(domain)
    if isinstance(found, Refusal) or found.code or found.name != domain:
        return None
    return found.kind


def phone_fast(field: Field, cells: Cells) -> Fast:
    """Valid numbers of the declared country, plainly written, that are no placeholders."""
    plan = bulk_plan(field.country.upper()) if field.country else None
    if plan is None:
        return nothing_fast()
    digits = cells.keep("digits", cells.raw.str.replace_many(PUNCTUATION, [""]))
    national = cells.keep("national", _national(plan, cells.raw.str.starts_with("+"), digits))
    accepted = (
        is_plain_phone(cells.raw)
        & is_valid_phone(national, plan.general, plan.types)
        & ~is_placeholder_phone(national)
    )
    if plan.leading:
        accepted &= national.str.contains(f"^(?:{plan.leading})")
    if field.missing:
        accepted &= ~cells.raw.is_in(sentinels_of(field))
    return Fast(
        accepted,
        cells.raw,
        {
            "status": pl.lit("ok"),
            "e164": pl.lit(f"+{plan.code}") + national,
            "country": pl.lit(plan.region),
        },
    )


def is_plain_phone(raw: pl.Expr) -> pl.Expr:
    """Whether cells are digits in simple punctuation, and no whole number written as a float."""
    return raw.str.contains(f"^{PLAIN_COLUMN}$") & ~raw.str.contains(f"^{FLOAT}$")


def is_valid_phone(national: pl.Expr, general: str, sized: Sized) -> pl.Expr:
    """Whether national numbers are of one of these types, lengths and pattern, of a plan."""
    types = [
        national.str.len_bytes().is_in(lengths) & national.str.contains(f"^(?:{pattern})$")
        for lengths, pattern in sized
    ]
    some = pl.any_horizontal(types) if types else pl.lit(False)
    return national.str.contains(f"^(?:{general})$") & some


def is_placeholder_phone(national: pl.Expr) -> pl.Expr:
    """Whether national numbers are what people type to get past a form."""
    return national.str.contains(f"^(?:{'|'.join(PLACEHOLDERS)})$")


def _national(plan: BulkPlan, plus: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """The national number of digits as written; null where only the library knows."""
    coded = digits.str.starts_with(plan.code)
    after_code = digits.str.slice(len(plan.code))
    whole = digits.str.contains(f"^(?:{plan.general})$")  # the code may belong to the number
    by_code = pl.when(plus | ~whole).then(after_code)
    inside = digits
    if plan.prefix:
        prefixed = digits.str.starts_with(plan.prefix)
        inside = pl.when(prefixed).then(digits.str.slice(len(plan.prefix))).otherwise(digits)
    if plan.international:
        abroad = digits.str.contains(f"^(?:{plan.international})")
        inside = pl.when(~abroad).then(inside)
    found = pl.when(coded).then(by_code).otherwise(pl.when(~plus).then(inside))
    if plan.prefix:
        found = pl.when(~found.str.starts_with(plan.prefix)).then(found)
    return found
