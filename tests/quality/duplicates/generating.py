"""Bases with known duplicates: people and organisations in four languages, seeded.

Each customer has one true record and, now and then, copies with slips: a letter wrong, names
swapped, another phone, missing cells, day and month swapped, an address that is written otherwise.
People live in households that share an address, a surname and often a phone; a switchboard's phone
and a `noreply` mailbox stand in many records.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

WORDS = {
    "en": {
        "given": "James Mary John Patricia Robert Linda Michael Susan William Karen David Nancy "
        "Thomas Lisa Daniel Betty Paul Helen Mark Sandra George Donna Steven Carol Kevin Ruth "
        "Brian Sharon Edward Laura Jason Sarah Ryan Kimberly Jacob Deborah Gary Amy",
        "surname": "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore "
        "Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King "
        "Wright Scott Hill Green Adams Baker Nelson Carter Mitchell Roberts Turner Phillips "
        "Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Cooper "
        "Peterson Reed",
        "street": "Main Street|Oak Avenue|Park Road|High Street|Church Lane|Mill Road|Station Road|"
        "Victoria Street|Green Lane|Kings Road|Queen Street|Elm Drive|Maple Avenue|Cedar Court",
        "city": "London Leeds Bristol York Oxford Derby Cardiff Exeter Bath Dover",
        "trade": "Bakery|Motors|Software|Foods|Textiles|Printing|Engineering|Travel|Plumbing|Media|"
        "Furniture|Security|Optics|Farms",
        "form": "Ltd|Limited|LLC|Inc|PLC",
    },
    "ru": {
        "given": "Анна Иван Мария Пётр Елена Сергей Ольга Андрей Наталья Дмитрий Татьяна Алексей "
        "Ирина Максим Светлана Николай Юлия Михаил Екатерина Владимир Галина Артём Людмила Олег",
        "surname": "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров "
        "Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов "
        "Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов",
        "street": "ул. Ленина|ул. Мира|Садовая улица|проспект Победы|ул. Гагарина|Лесная улица|"
        "Школьная улица|ул. Пушкина|Набережная улица|Заводская улица|ул. Кирова|Советская улица",
        "city": "Москва Казань Омск Пермь Тула Самара Уфа Томск Киров Рязань",
        "trade": "Строй|Мебель|Хлеб|Транспорт|Текстиль|Печать|Софт|Авто|Окна|Металл|Свет|Мед",
        "form": "ООО|АО|ИП|ЗАО",
    },
    "fr": {
        "given": "Jean Marie Pierre Nathalie Michel Isabelle André Sylvie Philippe Catherine Alain "
        "Françoise Nicolas Céline Julien Sophie Thomas Hélène Éric Chloé Lucas Zoé Hugo Léa",
        "surname": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon "
        "Laurent Lefèvre Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André "
        "Mercier Dupont Lambert Bonnet François Martinez Legrand Garnier Faure",
        "street": "rue de la Gare|rue Victor Hugo|avenue de Paris|rue du Moulin|place de l'Église|"
        "rue Pasteur|boulevard Voltaire|rue des Écoles|chemin des Vignes|rue de la Paix",
        "city": "Paris Lyon Lille Nice Nantes Rennes Dijon Angers Brest Tours",
        "trade": "Boulangerie|Transports|Conseil|Imprimerie|Optique|Menuiserie|Vins|Textiles|"
        "Informatique|Jardins|Voyages|Fromages",
        "form": "SARL|SAS|SA|EURL",
    },
    "de": {
        "given": "Hans Anna Peter Ursula Klaus Monika Jürgen Petra Wolfgang Sabine Dieter Renate "
        "Stefan Karin Uwe Birgit Frank Andrea Jörg Heike Bernd Ute Tobias Käthe Lukas Lena",
        "surname": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann "
        "Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger "
        "Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Huber Groß",
        "street": "Hauptstraße|Bahnhofstraße|Gartenstraße|Schulstraße|Am Markt|Lindenweg|"
        "Goethestraße|Bergstraße|Mozartstraße|Feldweg|Kirchplatz",
        "city": "Berlin Hamburg Köln Bremen Kiel Mainz Ulm Trier Jena Essen",
        "trade": "Bäckerei|Maschinenbau|Software|Druck|Möbel|Logistik|Optik|Bau|Elektro|Reisen|"
        "Gartenbau|Metallbau",
        "form": "GmbH|AG|KG|GmbH & Co. KG",
    },
}
LETTERS = {"ru": "абвгдеиклмнопрстуя"}
Record = dict[str, str]


@dataclass(frozen=True)
class BaseOfKnown:
    """columns: header -> values, `id` first; truth: the customer of each row; houses: which
    household or building each row belongs to, where that is known.
    """

    columns: dict[str, list[str | None]]
    truth: list[int]
    houses: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Dirt:
    """How dirty a base is: shares of cells, and how many copies a customer has at most."""

    copied: float = 0.3
    copies: int = 3
    slips: float = 0.15
    missing: float = 0.1
    changed: float = 0.08
    households: float = 0.3
    shared: float = 0.05


USUAL = Dirt()


def people(seed: int, customers: int, language: str = "en", dirt: Dirt = USUAL) -> BaseOfKnown:
    """People with names, address, birth date, phone and e-mail."""
    return _base(seed, customers, language, dirt, _person)


def organisations(
    seed: int,
    customers: int,
    language: str = "en",
    dirt: Dirt = Dirt(),
) -> BaseOfKnown:
    """Organisations with name, address, phone, e-mail and web site."""
    return _base(seed, customers, language, dirt, _organisation)


def _base(
    seed: int,
    customers: int,
    language: str,
    dirt: Dirt,
    make: Callable[[random.Random, str, Record | None], Record],
) -> BaseOfKnown:
    draw = random.Random(f"{seed} {language} {customers}")
    rows: list[tuple[int, Record]] = []
    before: Record | None = None
    house_of: list[int] = []
    for customer in range(customers):
        beside = before if draw.random() < dirt.households else None
        house_of.append(house_of[-1] if beside else customer)
        true = make(draw, language, beside)
        if draw.random() < dirt.shared:
            true |= {"phone": "+44 20 7946 0000", "email": "noreply@post.example"}
        before = true
        rows.append((customer, dict(true)))
        if draw.random() < dirt.copied:
            copies = draw.randint(1, dirt.copies)
            rows += [(customer, _copy(draw, language, true, dirt)) for _ in range(copies)]
    draw.shuffle(rows)
    headers = list(rows[0][1])
    columns: dict[str, list[str | None]] = {"id": [str(n) for n in range(len(rows))]}
    columns |= {header: [record[header] or None for _, record in rows] for header in headers}
    truth = [customer for customer, _ in rows]
    return BaseOfKnown(columns, truth, [house_of[customer] for customer in truth])


def _person(draw: random.Random, language: str, housemate: Record | None) -> Record:
    words = WORDS[language]
    given = _often(draw, words["given"].split())
    surname = housemate["surname"] if housemate else _often(draw, words["surname"].split())
    mail = f"{_ascii(given)}.{_ascii(surname)}{draw.randint(1, 999)}@{draw.choice(MAILS)}"
    home = housemate or {
        "street": f"{draw.randint(1, 180)} {_often(draw, words['street'].split('|'))}",
        "city": _often(draw, words["city"].split()),
        "postcode": f"{draw.randint(10000, 99999)}",
    }
    phone = housemate["phone"] if housemate and draw.random() < 0.5 else _phone(draw)
    return {
        "first name": given,
        "surname": surname,
        "birth date": _birth_date(draw),
        "street": home["street"],
        "city": home["city"],
        "postcode": home["postcode"],
        "phone": phone,
        "email": mail,
    }


def _organisation(draw: random.Random, language: str, beside: Record | None) -> Record:
    words = WORDS[language]
    surname = _often(draw, words["surname"].split())
    trade = _often(draw, words["trade"].split("|"))
    name = f"{surname} {trade} {draw.choice(words['form'].split('|'))}"
    site = f"{_ascii(surname)}-{_ascii(trade)}-{draw.randint(1, 99)}.example"
    return {
        "company": name,
        "address": beside["address"]
        if beside
        else f"{draw.randint(1, 180)} {_often(draw, words['street'].split('|'))}",
        "city": beside["city"] if beside else _often(draw, words["city"].split()),
        "postcode": beside["postcode"] if beside else f"{draw.randint(10000, 99999)}",
        "phone": _phone(draw),
        "email": f"info@{site}",
        "website": f"www.{site}",
    }


MAILS = ("gmail.com", "mail.example", "post.example", "web.example", "acme.example")


def _copy(draw: random.Random, language: str, true: Record, dirt: Dirt) -> Record:
    record = {
        header: _slip(draw, language, value) if draw.random() < dirt.slips else value
        for header, value in true.items()
    }
    if "surname" in record and draw.random() < dirt.slips / 3:
        record["first name"], record["surname"] = record["surname"], record["first name"]
    if "birth date" in record and draw.random() < dirt.slips / 3:
        year, month, day = true["birth date"].split("-")
        record["birth date"] = f"{year}-{day}-{month}"
    if draw.random() < dirt.changed:
        record["phone"] = _phone(draw)
    if draw.random() < dirt.changed:
        record["email"] = f"{draw.choice('abcdefgh')}{draw.randint(1, 9999)}@{draw.choice(MAILS)}"
    if "company" in record and draw.random() < 0.4:
        record["company"] = record["company"].rsplit(" ", 1)[0]
    return {
        header: "" if draw.random() < dirt.missing else value for header, value in record.items()
    }


def _slip(draw: random.Random, language: str, value: str) -> str:
    """One letter or digit left out, doubled, swapped with the next, or another."""
    place = draw.randrange(len(value))
    other = (
        draw.choice("0123456789")
        if value[place].isdigit()
        else draw.choice(LETTERS.get(language, "abcdefghilmnoprstu"))
    )
    kind = draw.randrange(4)
    if kind == 0 and len(value) > 3:
        return value[:place] + value[place + 1 :]
    if kind == 1:
        return value[:place] + value[place] + value[place:]
    if kind == 2 and place + 1 < len(value):
        return value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    return value[:place] + other + value[place + 1 :]


def _often(draw: random.Random, words: list[str]) -> str:
    """One of the words; the first ones come up more often, as names do."""
    return words[min(int(draw.expovariate(3 / len(words))), len(words) - 1)]


def _birth_date(draw: random.Random) -> str:
    return f"{draw.randint(1940, 2005)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def _phone(draw: random.Random) -> str:
    return f"+44 7{draw.randint(100, 999)} {draw.randint(100000, 999999)}"


def _ascii(text: str) -> str:
    table = str.maketrans("абвгдеёзийклмнопрстуфхыэяюьжчшщц", "abvgdeeziiklmnoprstufhyeauzzcssc")
    return (
        "".join(c for c in text.casefold().translate(table) if c.isascii() and c.isalpha()) or "x"
    )
