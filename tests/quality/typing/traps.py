"""Raw cells that have gone wrong somewhere, by name: what both ways of typing are tried on.

A trap is a function of a seeded generator. Every field type draws from its own traps and from
those of any text; the tests count what was drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

Trap = Callable[[Random], str]

BLANKS = ["", " ", "  ", "\t", "\u00a0", "\ufeff", "\u200b", "\u3000 ", "\u2028", "\x00", "\x1f"]
CURRENCIES = [
    "₽",
    " руб.",
    "RUB",
    " р.",
    "$",
    "US$",
    "€",
    " EUR",
    "£",
    "¥",
    " kr",
    " zł",
    "₴",
    "C$",
]
MONTHS = [
    "Jan",
    "february",
    "Mars",
    "avr.",
    "мая",
    "июнь",
    "Juillet",
    "août",
    "Sept.",
    "окт",
    "déc",
]
SEPARATORS = ["/", ".", "-", " "]
DOMAINS = [
    "acme.ru", "mail.acme.co.uk", "gmail.com", "GMAIL.com", "mail.ru", "mailinator.com",
    "x.mailinator.com", "privaterelay.appleid.com", "duck.com", "a.anonaddy.com", "free.fr",
    "пример.рф", "xn--e1afmkfd.xn--p1ai", "bücher.de", "xn--bcher-kva.de", "127.0.0.1", "[1.2.3.4]",
    "localhost", "x.local", "test.invalid", "a.test", "acme", "acme.c0m", "acme.123", "-a.com",
    "a-.com", "ab--cd.com", "a..com", "a.com.", ".com", "a_b.com", "a b.com", "acme.museum",
    "l" * 63 + ".com", "l" * 64 + ".com", "x." * 125 + "com", "acme.com,b.com",
]  # fmt: skip
LOCALS = [
    "anna", "Anna.K", "info", "INFO", "Sales", "no-reply", "info+x", "INFO+x", "бухгалтерия",
    "иван", "a..b", ".a", "a.", "a b", '"a b"', "a" * 64, "a" * 250, "o'neil", "a{b}", "a\\b", "é",
    "e\u0301", "www", "a@b", "", "user1",
]  # fmt: skip
PHONES = {
    "RU": ["+7 912 345-67-89", "8 (495) 123-45-67", "89161234567", "79161234567", "9161234567"],
    "FR": ["01 42 68 53 00", "+33 6 12 34 56 78", "0612345678", "+33(0)612345678", "33612345678"],
    "US": ["(202) 555-0123", "1-202-555-0123", "+1 202 555 0123", "12025550123", "416-555-0123"],
    "GB": ["020 7946 0958", "+44 20 7946 0958", "07400 123456", "+44 (0)20 7946 0958"],
    "KZ": ["8 701 123 45 67", "+7 701 123 45 67", "77011234567"],
    "DE": ["030 123456", "+49 30 901820", "0151 23456789", "0049 30 901820"],
    "BR": ["(11) 96123-4567", "+55 11 96123-4567", "0 15 11 96123-4567"],
    "IT": ["06 1234 5678", "+39 06 1234 5678", "312 345 6789"],
}
COUNTRIES = [
    "FR", "fr", "FRA", "France", "Россия", "РФ", "Etats-Unis", "États-Unis", "USA", "U.S.", "UK",
    "Côte d’Ivoire", "Nowhere", "XX", "Korea, Republic of", "Türkiye", "643",
]  # fmt: skip


def _digits(rng: Random, length: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(length))


def _group(rng: Random, mark: str) -> str:
    groups = [str(rng.randint(1, 999))] + [_digits(rng, 3) for _ in range(rng.randint(1, 3))]
    return mark.join(groups)


def _fuzz(alphabet: str, longest: int) -> Trap:
    return lambda rng: "".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest)))


def _pick(values: list[str]) -> Trap:
    return lambda rng: rng.choice(values)


def _of(cells: str) -> Trap:
    """One of the cells between bars."""
    return _pick(cells.split("|"))


def _spoilt(trap: Trap, alphabet: str) -> Trap:
    """Cells of a trap with one sign changed, added or taken out."""

    def draw(rng: Random) -> str:
        text = trap(rng)
        place = rng.randrange(len(text) + 1)
        kept = place + rng.randint(0, 1)
        return text[:place] + rng.choice([*alphabet, ""]) + text[kept:]

    return draw


def _padded(trap: Trap) -> Trap:
    return lambda rng: rng.choice(BLANKS) + trap(rng) + rng.choice(BLANKS)


def _cased(trap: Trap) -> Trap:
    return lambda rng: rng.choice([str.upper, str.lower, str.title, str.swapcase])(trap(rng))


TEXT: dict[str, Trap] = {
    "blank": _pick(BLANKS),
    "nan": _of("NaN|nan|NAN|Nan| NaN |-nan|+nan"),
    "sentinel": _of("n/a|N/A| n/a|-|не указано|НЕ  УКАЗАНО|999|999.0"),
    "ascii words": lambda rng: " ".join(rng.choice(["Acme", "corp", "X1"]) for _ in range(3)),
    "inner blanks": _of("a  b|a\u00a0b|a\tb|a \u2009b|a\nb|a\u200bb|a\u3000b"),
    "accents": _of("Élodie|Müller|Ångström|naïve café|œuvre|ÿ|ˆx|·"),
    "decomposed": lambda rng: unicodedata.normalize(
        "NFD", rng.choice(["Élodie", "Йошкар", "ё", "ﬁ"])
    ),
    "cyrillic": _of("Иван Петров|ООО Ромашка|Ёлка|ОДЕССА|і|҃а"),
    "turkish i": _pick(["İstanbul", "ıspanak", "DİYARBAKIR", "i̇"]),
    "folding": _of("Straße|STRASSE|ΟΔΟΣ|ς|ſ|K|Å|ŉ|ẞ"),
    "east asia": _of("東京|서울|\u1112\u1161\u11ab|カ\u3099|１２３|，"),
    "emoji and marks": _of("👍🏽|a\u202eb|\u200fא|x\u0301\u0323|\u0301x|e\u0301"),
    "controls": _of("a\x00b|\x07bell|a\x1fb|\x85|a\x7f|\ufffd"),
    "long": lambda rng: rng.choice("aЫ é") * rng.randint(200, 400),
}

NUMBERS: dict[str, Trap] = {
    "whole": lambda rng: str(rng.randint(-(10**6), 10**7)),
    "decimals": lambda rng: f"{rng.uniform(-1e4, 1e6):.{rng.randint(0, 8)}f}",
    "every digit": lambda rng: repr(rng.uniform(-1, 1) * 10.0 ** rng.randint(-20, 20)),
    "twenty digits": lambda rng: f"{_digits(rng, 3)}.{_digits(rng, 20)}",
    "exponent": lambda rng: (
        f"{rng.randint(1, 99)}{rng.choice(['', '.5', ',5'])}"
        f"{rng.choice('eE')}{rng.choice(['', '+', '-'])}{rng.randint(0, 400)}"
    ),
    "signs": _of("+5|-5|−5|- 5|--5|+-5|-0|-0.0|5-|(5)|(1,200.00)"),
    "leading zeros": lambda rng: "0" * rng.randint(1, 4) + str(rng.randint(0, 9999)),
    "decimal comma": lambda rng: f"{rng.randint(0, 99999)},{_digits(rng, rng.randint(1, 5))}",
    "ambiguous": lambda rng: f"{rng.randint(1, 999)}{rng.choice(',.')}{_digits(rng, 3)}",
    "blank groups": lambda rng: (
        _group(rng, rng.choice([" ", "\u00a0", "\u202f", "  "])) + rng.choice(["", ",5", ".50"])
    ),
    "mixed blanks": _pick(["1 234\u00a0567", "1\u202f234 567,5", "12 34", "1 2345"]),
    "apostrophes": lambda rng: _group(rng, rng.choice("'’")) + rng.choice(["", ".5", ",50"]),
    "dot groups": lambda rng: _group(rng, ".") + rng.choice(["", ",5", ",50"]),
    "comma groups": lambda rng: _group(rng, ",") + rng.choice(["", ".5", ".50"]),
    "indian groups": _pick(["1,00,000", "12,34,567", "12,34,56", "1,00,000.50"]),
    "money": lambda rng: str(rng.randint(0, 99999)) + rng.choice(CURRENCIES),
    "money first": lambda rng: rng.choice(CURRENCIES).strip() + " " + _group(rng, " "),
    "money and groups": lambda rng: _group(rng, rng.choice(" .,")) + rng.choice(CURRENCIES),
    "percent": _pick(["15%", "15 %", "1,5%", "%"]),
    "multipliers": _of("5 тыс|5k|1.5M|2 млн руб|3 bn|5k€"),
    "infinite": _of("inf|-inf|Infinity|∞|1e999|-1E400|+inf"),
    "edge of 2^53": lambda rng: (
        str((2**53 + rng.randint(-2, 2)) * rng.choice([1, -1])) + rng.choice(["", ".0", "e0"])
    ),
    "too big": lambda rng: rng.choice(["", "-"]) + _digits(rng, rng.randint(17, 40)),
    "tiny": _of("5e-324|1e-400|0.0000001|2.2250738585072014e-308|-1e-320"),
    "whole by decimals": lambda rng: f"{rng.randint(-99, 9999)}.{'0' * rng.randint(1, 3)}",
    "other scripts": _of("١٢٣|１２３|१२.५|5²|½|Ⅷ|１，５"),
    "programs": _of("0x10|1_000|1d|1f|010|1e|e5|.|5.|.5|,5|5,"),
    "long digits": lambda rng: "0." + "3" * rng.choice([300, 500]),
    "fuzz": _fuzz("0123456789+-.,eE '\u00a0_xina%", 9),
    "padded": _padded(lambda rng: str(rng.randint(0, 9999))),
    "dates": _pick(["2026-03-04", "12:30", "01/02", "1.2.2026"]),
}


def _day(rng: Random) -> tuple[int, int, int]:
    return rng.randint(1, 31), rng.randint(1, 13), rng.choice([1900, 1969, 2000, 2024, 2025, 2026])


def _iso(rng: Random) -> str:
    day, month, year = _day(rng)
    return f"{year}-{month:02d}-{day:02d}"


def _numeric(rng: Random) -> str:
    (day, month, year), mark = _day(rng), rng.choice(SEPARATORS)
    shown = str(year) if rng.random() < 0.6 else f"{year % 100:02d}"
    first, second = rng.choice([(day, month), (month, day)])
    width = rng.choice(["", "02"])
    return f"{first:{width}}{mark}{second:{width}}{mark}{shown}"


def _clock(rng: Random) -> str:
    return f"{rng.randint(0, 24):02d}:{rng.randint(0, 60):02d}" + rng.choice(
        ["", f":{rng.randint(0, 60):02d}", f":{rng.randint(0, 59):02d}.{_digits(rng, 3)}"]
    )


ZONES = ["", "", "Z", "+03:00", "-0530", "+03", " UTC", " GMT+2", "+25:00", " MSK", " Europe/Paris"]

DATES: dict[str, Trap] = {
    "iso": _iso,
    "iso, odd": _of(
        "0000-01-01|0001-01-01|9999-12-31|12026-01-01|+2026-03-4| 2026-3-04|"
        "2026-03-04x|26-03-04|026-03-004|2026- 3- 4|-026-03-04|2026-02-29|٢٠٢٦-٠٣-٠٤|"
        "2026‑03‑04|2024-02-29|1900-02-29"
    ),
    "year first": lambda rng: _iso(rng).replace("-", rng.choice("/. ")),
    "three numbers": _numeric,
    "two digits": lambda rng: "/".join(f"{rng.randint(0, 99):02d}" for _ in range(3)),
    "compact": lambda rng: _iso(rng).replace("-", ""),
    "month names": lambda rng: (
        f"{rng.randint(1, 31)} {rng.choice(MONTHS)} {rng.choice(['2026', '26', '2026 г.'])}"
    ),
    "month first": lambda rng: f"{rng.choice(MONTHS)} {rng.randint(1, 31)}, 2026",
    "month words": _of("1er mars 2026|4th March 2026|4-Mar-26|2026 Mar 4|Mar-26"),
    "spreadsheet": lambda rng: str(rng.randint(0, 250_000)) + rng.choice(["", ".0", ".5"]),
    "epoch": lambda rng: str(rng.randint(10**9, 2 * 10**9)),
    "moment": lambda rng: _iso(rng) + rng.choice("T ") + _clock(rng) + rng.choice(ZONES),
    "moment, other order": lambda rng: _numeric(rng) + " " + _clock(rng),
    "half days": lambda rng: f"{_iso(rng)} {rng.randint(0, 13)}:30 {rng.choice(['am', 'PM'])}",
    "seconds": lambda rng: f"{_iso(rng)}T10:20:{rng.randint(0, 60):02d}{rng.choice(['', 'Z'])}",
    "fractions": lambda rng: f"{_iso(rng)} 10:20:30.{_digits(rng, rng.randint(1, 9))}",
    "ends of time": _of(
        "0001-01-01T00:00:00+05:00|9999-12-31T23:59:59-05:00|0000-01-01T00:00:00Z|"
        "2026-03-29T02:30:00+01:00|2026-03-29 02:30:00|2026-12-31T23:59:60Z"
    ),
    "words": _of("today|вчера|n/d|March 2026|Q1 2026|30/02/2026|10:00"),
    "fuzz": _fuzz("0123456789-/. :TZ", 12),
    "spoilt": _spoilt(_iso, "0123456789-/ T"),
    "padded": _padded(_iso),
}

YES_NO: dict[str, Trap] = {
    "words": _cased(_of("yes|no|oui|non|да|нет|true|false|vrai|faux")),
    "letters": _cased(_of("y|n|o|t|f|д|н")),
    "signs": _of("1|0|1.0|0.0|+|-|✓|✗|2|01|10|1.00"),
    "others": _of("maybe|si|ja|x|—|yes no|yess|unknown|вкл|off"),
    "padded": _padded(_pick(["yes", "нет", "1"])),
    "fuzz": _fuzz("yesnotrufalдант10", 4),
}

EMAILS: dict[str, Trap] = {
    "plain": lambda rng: f"user{rng.randint(1, 9999)}@firm{rng.randint(1, 99)}.com",
    "parts": lambda rng: f"{rng.choice(LOCALS)}@{rng.choice(DOMAINS)}",
    "roles": lambda rng: (
        f"{rng.choice(['info', 'sales', 'noreply', 'rh'])}@firm{rng.randint(1, 9)}.fr"
    ),
    "role look-alikes": _of("infos@a.ru|info.x@a.ru|x+info@a.ru|Info@a.ru|ftp@A.ru"),
    "cased": _cased(lambda rng: f"{rng.choice(LOCALS)}@{rng.choice(DOMAINS[:9])}"),
    "disposable": lambda rng: (
        f"u{rng.randint(1, 99)}@{rng.choice(['mailinator.com', 'yopmail.com'])}"
    ),
    "not one address": _of("a@b.ru, c@d.ru|Anna <a@b.ru>|mailto:a@b.ru|a@b.ru;|a(at)b.ru"),
    "broken": _of("foo@|@foo.ru|foo|@|a@@b.ru|a@b|a＠b.ru|a@b.ru\u0301"),
    "long": lambda rng: f"{'a' * rng.randint(240, 250)}@b.ru",
    "spoilt": _spoilt(lambda rng: "anna.k@acme-corp.co.uk", '@. -_,"<é'),
    "fuzz": _fuzz("ab@.-_+A1", 8),
    "padded": _padded(lambda rng: f"u{rng.randint(1, 99)}@acme.ru"),
    "sentinel": _pick(["no@mail.ru", "NO@mail.ru", "none"]),
}


def phones(country: str) -> dict[str, Trap]:
    """Traps of phone numbers, most of them of a country."""
    own, every = PHONES[country], [text for texts in PHONES.values() for text in texts]

    def redialled(texts: list[str]) -> Trap:
        """The same writing with other last digits."""

        def draw(rng: Random) -> str:
            text, tail = rng.choice(texts), rng.randint(1, 7)
            kept = [i for i, sign in enumerate(text) if sign.isdigit()][-tail:]
            return "".join(_digits(rng, 1) if i in kept else sign for i, sign in enumerate(text))

        return draw

    return {
        "own country": redialled(own),
        "any country": redialled(every),
        "spoilt": _spoilt(redialled(own), "+0123456789 ()-.x#"),
        "bare digits": lambda rng: _digits(rng, rng.randint(4, 15)),
        "plus digits": lambda rng: "+" + _digits(rng, rng.randint(4, 15)),
        "placeholders": _of(
            "000000|1234567|+7 999 999-99-99|0123456789|+33 1 23 45 67 89|11111111111|"
            "+7 912 000-00-00|9876543210|(000) 000-0000|8 800 000 00 00"
        ),
        "extensions": lambda rng: (
            redialled(own)(rng) + rng.choice([" ext. 12", " доб. 5", "#7", "x9"])
        ),
        "spreadsheet": _of("7.91235E+10|7,91235E+10|8.9E10|79161234567.0|7.9e+10"),
        "two numbers": lambda rng: f"{rng.choice(own)}, {rng.choice(every)}",
        "words": _of("no phone|call me|+7|8|тел. 89161234567|1-800-FLOWERS|+"),
        "other signs": _pick(
            ["＋７ ９１２ ３４５ ６７ ８９", "8–916–123–45–67", "8(916)123/45/67", "٠١٢٣٤٥٦٧٨٩"]
        ),
        "international": _pick(
            ["00 33 6 12 34 56 78", "011 44 20 7946 0958", "810 7 916 123 45 67"]
        ),
        "padded": _padded(redialled(own)),
        "double blanks": lambda rng: redialled(own)(rng).replace(" ", "  "),
    }


COUNTRY: dict[str, Trap] = {
    "names": _pick(COUNTRIES),
    "cased": _cased(_pick(COUNTRIES)),
    "padded": _padded(_pick(COUNTRIES)),
    "codes": lambda rng: "".join(rng.choice("ABCDEFGRSU") for _ in range(rng.randint(2, 3))),
}

CODES: dict[str, Trap] = {
    "digits": lambda rng: _digits(rng, rng.randint(1, 14)),
    "grouped": lambda rng: f"{_digits(rng, 3)} {_digits(rng, 3)}  {_digits(rng, 3)}",
    "postcodes": _of("75001|SW1A 1AA|sw1a  1aa|101000|H0H 0H0|〒100-0001"),
}

COMPANY_IDS: dict[str, Trap] = {
    "right": _of("7707083893|500100732259|1027700132195|732829320|73282932000074|FR40303265045"),
    "check digits wrong": _of("7707083894|1027700132196|73282932000075|FR41303265045"),
    "others' tax numbers": _of("DE136695976|de 136 695 976|EL094259216|PL8567346215|ATU13585627"),
    "written apart": _of("77 07 08 38 93|732 829 320 00074|732-829-320"),
    "of no country": _of("213800KUD8LAJWSQ9D15|ABC-1|HRB 11223|12|²34567890|-|١٢٣٤٥٦٧٨٩٠"),
    "accounts": _of("GR16 0110 1050 0000 1054 7023 795|GR1601101050000010547023796|DE00"),
}
POSTCODES: dict[str, Trap] = {
    "as written": _of("75001|SW1A 1AA|M1 1AE|00-950|20001"),
    "otherwise": _of("sw1a1aa|m11ae|00950|00 950|75 001|SW1A-1AA|SW1A  1AA|７５００１"),
    "zeros lost": lambda rng: _digits(rng, 4),
    "none": _of("ZZ99 9ZZ|7500|ABCDE|1234567890123456789012|-1|75001-"),
}
NAMES: dict[str, Trap] = {
    "plain": _of("Anna|Anna Karenina|Jean-Paul|Élodie|Анна|Сергей Ёлкин|Анна-Мария|Øyvind|Ng|Krk"),
    "other capitals": _of("ANNA|anna|McDonald|van der Berg|ИВАНОВ ИВАН|J. R. R. Tolkien|O'Neil"),
    "placeholders": _of("Test|test test|Qwerty|Тест Тестов|n/a|Имя|Xxx|User|Asdfgh"),
    "gibberish": _of("Aaab|Eéel|Éeé|Ééé|Ийй|Qwertasd|Йцукен|Bcdfg|Вкпст|Zxcvb|Poiuy|Brckst|Strž"),
    "no names": _of("a@b.ru|+7 912 345-67-89|Anna2|123|!!!|www.acme.ru|Anna (2)"),
    "two alphabets": _of("Аnna|Annа Karenina|Ивaнов|Anna Каренина|Ivanов"),
    "any letters": lambda rng: "".join(
        rng.choice("abeioуrstxyzéëñабийё -") for _ in range(6)
    ).title(),
}
