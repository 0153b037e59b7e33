"""ISO codes that a card may declare, written out: what a card may say is no library's business.

Regions of phone numbers are those of Google's metadata (ISO 3166 and Ascension, Kosovo, Tristan da
Cunha), currencies those of ISO 4217 and the lev, which left it in 2026. Tests compare both with
the libraries that typing reads cells by.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoreline.errors import nearest

_REGIONS = """
AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG
EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR
LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF
NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD
SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW
TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
_CURRENCIES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN
BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD
FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF
XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG
"""
REGIONS, CURRENCIES = frozenset(_REGIONS.split()), frozenset(_CURRENCIES.split())

_EVERYDAY = {"UK": "GB", "EN": "GB", "EL": "GR", "SU": "RU", "YU": "RS", "RUR": "RUB"}
"""Codes that people write for others."""


def near_code(code: str, known: Iterable[str]) -> str:
    """A sentence with the known codes nearest to one that is not.

    >>> near_code("EUO", CURRENCIES), near_code("UK", REGIONS)
    ('Did you mean EUR?', 'Did you mean GB?')
    """
    known = sorted(known)
    if _EVERYDAY.get(code) in known:
        return f"Did you mean {_EVERYDAY[code]}?"
    if near := nearest(code, known, 1):
        return f"Did you mean {near[0]}?"
    if alike := [other for other in known if other[0] == code[0]]:
        return f"Codes that begin with {code[0]}: {', '.join(alike)}."
    return f"Codes look like {', '.join(known[4:8])}."
