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


@cache
def spelt_countries() -> dict[str, str]:
    """Every listed name and code, as written -> two-letter code."""
    import pycountry

    codes = [part for c in pycountry.countries for part in (c.alpha_2, c.alpha_3)]
    spelt = [*_names(), *country_aliases(), *codes, *(code.lower() for code in codes)]
    return {text: _codes()[_loose(text)] for text in spelt}


def _loose(name: str) -> str:
    """A name without accents, dots, dashes and the difference of small and capital letters."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())
    return re.sub(r"\W", "", bare)


@cache
def _codes() -> dict[str, str]:
    """Loose name or code -> two-letter code; codes win over names, ISO names over aliases."""
    import pycountry  # 20 ms, and half a megabyte of names: only where countries are

    codes = {_loose(name): code for name, code in (country_aliases() | _names()).items()}
    for country in pycountry.countries:
        codes[country.alpha_3.casefold()] = country.alpha_2
        codes[country.alpha_2.casefold()] = country.alpha_2
    return codes


@cache
def _names() -> dict[str, str]:
    """The names of ISO 3166 in four languages, as written -> two-letter code."""
    import pycountry

    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        for language in ("fr", "de", "ru")
    ]
    found = {}
    for country in pycountry.countries:
        for kind in ("name", "common_name", "official_name"):
            if name := getattr(country, kind, ""):
                for shown in (name, *(t.gettext(name) for t in translations)):
                    found[shown] = country.alpha_2
    return found
