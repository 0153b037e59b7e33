"""Text -> ISO 3166 code of a country, from a code or an English, French, German or Russian name."""

from __future__ import annotations

import gettext
import re
import unicodedata
from functools import cache

from scoreline.quality.typing.codes import Refusal
from scoreline.quality.typing.lists import country_aliases


def read_country(text: str) -> str | Refusal:
    """The two-letter code of the country in a normal text.

    >>> read_country("ru"), read_country("États-Unis"), read_country("Германия")
    ('RU', 'US', 'DE')
    """
    return _codes().get(_loose(text)) or Refusal("country-unknown")


def _loose(name: str) -> str:
    """A name without accents, dots, dashes and the difference of small and capital letters."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())
    return re.sub(r"\W", "", bare)


@cache
def _codes() -> dict[str, str]:
    """Loose name or code -> two-letter code; codes win over names, ISO names over aliases."""
    import pycountry  # 20 ms, and half a megabyte of names: only where countries are

    codes: dict[str, str] = {}
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        for language in ("fr", "de", "ru")
    ]
    for name, code in country_aliases().items():
        codes[_loose(name)] = code
    for country in pycountry.countries:
        names = [
            country.name,
            getattr(country, "common_name", ""),
            getattr(country, "official_name", ""),
        ]
        for name in filter(None, names):
            for shown in (name, *(t.gettext(name) for t in translations)):
                codes[_loose(shown)] = country.alpha_2
    for country in pycountry.countries:
        codes[country.alpha_3.casefold()] = country.alpha_2
        codes[country.alpha_2.casefold()] = country.alpha_2
    return codes
