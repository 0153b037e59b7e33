"""Bases of other kinds, with other slips: people of two countries, and a list of contacts.

They were made to see how well rules do that were chosen while looking at other bases.
"""

from __future__ import annotations

import random

from tests.quality.duplicates.generating import WORDS, BaseOfKnown, Dirt, organisations, people

ONCE = Dirt(copied=0)
Cells = dict[str, str | None]


def of_two_countries(seed: int, customers: int) -> BaseOfKnown:
    """People with English and German names, no phone and few e-mails.

    A quarter have copies: first names cut or swapped with the surname, births in another order,
    another surname, address or nothing.
    """
    half = customers // 2
    bases = (people(seed, half, "en", ONCE), people(seed + 1, customers - half, "de", ONCE))
    draw = random.Random(seed)
    true = [
        (f"{country} {who}", {header: base.columns[header][row] for header in _headers(base)})
        for country, base in enumerate(bases)
        for row, who in enumerate(base.truth)
    ]
    rows: list[tuple[str, Cells]] = []
    for who, cells in true:
        record = {**cells, "email": None} if draw.random() < 0.7 else cells
        rows.append((who, record))
        if draw.random() < 0.25:
            copies = draw.choice((1, 1, 1, 2, 4))
            rows += [(who, _typed_anew(draw, record, true)) for _ in range(copies)]
    return _mixed(draw, rows)


def _headers(base: BaseOfKnown) -> list[str]:
    return [header for header in base.columns if header not in ("id", "phone")]


def _typed_anew(draw: random.Random, record: Cells, true: list[tuple[str, Cells]]) -> Cells:
    copy = dict(record)
    given = copy["first name"] or ""
    if draw.random() < 0.2:
        copy["first name"] = f"{given[0]}."
    elif draw.random() < 0.2:
        copy["first name"] = given[:3]
    if draw.random() < 0.15:
        copy["first name"], copy["surname"] = copy["surname"], copy["first name"]
    if draw.random() < 0.3:
        copy["birth date"] = ".".join(reversed((copy["birth date"] or "").split("-")))
    if draw.random() < 0.2:
        moved = draw.choice(true)[1]
        copy |= {header: moved[header] for header in ("street", "city", "postcode")}
    for header in ("birth date", "postcode"):
        if draw.random() < 0.15:
            copy[header] = None
    if draw.random() < 0.1:
        copy["surname"] = draw.choice(true)[1]["surname"]
    return copy


def contacts(seed: int, customers: int) -> BaseOfKnown:
    """Contacts of firms: a full name, the firm, often an e-mail or a phone; one in ten twice."""
    persons = people(seed, customers, "fr", ONCE).columns
    firms = organisations(seed + 5, customers, "fr", ONCE).columns["company"]
    draw = random.Random(seed)
    rows: list[tuple[str, Cells]] = []
    for who in range(customers):
        given, surname = persons["first name"][who] or "", persons["surname"][who] or ""
        record: Cells = {
            "name": f"{given} {surname}",
            "company": firms[draw.randrange(customers // 4)],
            "email": persons["email"][who] if draw.random() < 0.6 else None,
            "phone": persons["phone"][who] if draw.random() < 0.6 else None,
        }
        rows.append((str(who), record))
        if draw.random() < 0.1:
            rows.append((str(who), _shortened(draw, record, given, surname)))
    return _mixed(draw, rows)


def _shortened(draw: random.Random, record: Cells, given: str, surname: str) -> Cells:
    copy, kind = dict(record), draw.random()
    if kind < 0.55:
        turned = f"{surname} {given}" if kind < 0.25 else f"{given[0]}. {surname}"
        copy["name"] = turned if kind < 0.4 else surname
    if draw.random() < 0.3:
        copy["company"] = (copy["company"] or "").split()[0]
    for header, share in (("email", 0.3), ("phone", 0.3), ("company", 0.2)):
        if draw.random() < share:
            copy[header] = None
    return copy


def of_few_names(seed: int, customers: int) -> BaseOfKnown:
    """People of thirty names, with mailboxes of their first name and a number; one in ten twice.

    A copy lacks the e-mail or the phone.
    """
    draw = random.Random(seed)
    rows: list[tuple[str, Cells]] = []
    for who in range(customers):
        given, surname = draw.choice(GIVEN), draw.choice(SURNAMES)
        mail = f"{given.lower()}{who}@{draw.choice(('gmail.com', 'mail.example'))}"
        phone = f"+447700{draw.randrange(100_000):06}"
        record: Cells = {"first name": given, "surname": surname, "email": mail, "phone": phone}
        rows.append((str(who), record))
        if draw.random() < 0.1:
            rows.append((str(who), {**record, draw.choice(("email", "phone")): None}))
    return _mixed(draw, rows)


GIVEN = ("Anna", "Ivan", "Olga", "Petr", "Maria", "Jan")
SURNAMES = ("Kim", "Lee", "Roux", "Novak", "Berg")


def of_numbered_mailboxes(seed: int, customers: int, copied: float) -> BaseOfKnown:
    """People of few names, mailboxes of a first name and a number below 100, and a town.

    A copy has one letter or digit less in one cell.
    """
    draw = random.Random(seed)
    words = WORDS["en"]
    given, surnames = words["given"].split()[:20], words["surname"].split()[:20]
    rows: list[tuple[str, Cells]] = []
    for who in range(customers):
        record = {"first name": draw.choice(given), "surname": draw.choice(surnames)}
        record["email"] = f"{record['first name'].lower()}{draw.randint(1, 99)}@mail.example"
        record["city"] = draw.choice(words["city"].split())
        rows.append((str(who), {**record}))
        if draw.random() < copied:
            header = draw.choice(list(record))
            value = record[header]
            place = draw.randrange(len(value.partition("@")[0]) - 1)
            rows.append((str(who), {**record, header: value[:place] + value[place + 1 :]}))
    return _mixed(draw, rows)


def of_small_pools(seed: int, customers: int, copied: float = 0.0) -> BaseOfKnown:
    """People of 20 first names and 48 surnames that sound alike, mailboxes made of these, and five
    towns of eight streets; phones and birth dates are their own.

    A copy is typed anew: another mailbox or none, a slip in a name, the phone written otherwise.
    """
    draw = random.Random(seed)
    given = WORDS["de"]["given"].split()[:20]
    endings = ("mann", "berg", "hof", "feld", "stein", "bach")
    surnames = [a + b for a in ("Stein", "Lind", "Wald", "Gold", "Hein", "Neu", "Roth", "Sand")
                for b in endings]  # fmt: skip
    streets, towns = ("Garten", "Bahnhof", "Linden", "Markt", "Kirch", "Ring", "Berg", "Post"), (
        "Berlin", "Ulm", "Kiel", "Bonn", "Jena")  # fmt: skip
    rows: list[tuple[str, Cells]] = []
    for who in range(customers):
        first, last = draw.choice(given), draw.choice(surnames)
        mail = f"{first}.{last}@{draw.choice(('gmx', 'web', 'mail'))}.example".lower()
        record: Cells = {
            "first name": first,
            "surname": last,
            "email": mail,
            "phone": f"+49 17{draw.randrange(10**8):08}",
            "birth date": _born(draw),
            "street": f"{draw.choice(streets)}str. {draw.randint(1, 120)}",
            "city": draw.choice(towns),
        }
        rows.append((str(who), record))
        if draw.random() < copied:
            place = draw.randrange(1, len(last) - 1)
            other = draw.choice((None, f"{last.lower()}{who}@web.example", mail))
            slip = draw.choice((last, last[:place] + last[place + 1 :]))
            rows.append((str(who), {**record, "surname": slip, "email": other}))
    return _mixed(draw, rows)


def _born(draw: random.Random) -> str:
    return f"{draw.randint(1945, 2004)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def couples(seed: int, customers: int) -> BaseOfKnown:
    """People as above; one in forty has a partner of the same name, house and mailbox."""
    base = of_small_pools(seed, customers, copied=0.1)
    draw = random.Random(seed)
    given = WORDS["de"]["given"].split()[20:30]
    rows: list[tuple[str, Cells]] = []
    for row, who in enumerate(base.truth):
        cells = {name: base.columns[name][row] for name in base.columns if name != "id"}
        rows.append((str(who), cells))
        if draw.random() < 1 / 40:
            phone = f"+49 16{draw.randrange(10**8):08}"
            own = {"first name": draw.choice(given), "birth date": _born(draw), "phone": phone}
            rows.append((f"{who} partner {row}", {**cells, **own}))
    return _mixed(draw, rows)


def firms_of_few_streets(seed: int, customers: int) -> BaseOfKnown:
    """Name, address and town of firms, some in one building, many in one street.

    One in eight stands there twice: the copy has another legal form, the street is written anew.
    """
    firms = organisations(seed, customers, "en", ONCE).columns
    draw = random.Random(seed)
    streets = [f"{name} {kind}" for name in NAMED for kind in ("Road", "Street")]
    rows: list[tuple[str, Cells]] = []
    address = ""
    for who in range(customers):
        if draw.random() > 0.15:
            address = f"{draw.randint(1, 400)} {draw.choice(streets)}"
        record: Cells = {
            "company": firms["company"][who],
            "address": address,
            "city": draw.choice(("Leeds", "York", "Bath")),
        }
        rows.append((str(who), record))
        if draw.random() < 0.125:
            name = (record["company"] or "").rsplit(" ", 1)[0]
            written = address.replace("Road", "Rd").replace("Street", "St.")
            rows.append((str(who), {**record, "company": name, "address": written}))
    return _mixed(draw, rows)


def of_branches(seed: int, chains: int) -> BaseOfKnown:
    """Chains of five to twenty numbered branches, with telephones that follow each other.

    One branch in ten stands there twice: a letter of its name is lost, or its legal form, and
    sometimes the telephone.
    """
    draw = random.Random(seed)
    trades, words = ("Bäckerei", "Apotheke", "Optik"), WORDS["de"]["surname"].split()
    makes = [f"{trade} {word}" for trade in trades for word in words]
    rows: list[tuple[str, Cells]] = []
    for chain, make in enumerate(draw.sample(makes, chains)):
        phone, town = draw.randrange(10_000_000, 90_000_000), draw.choice(("Berlin", "Kiel", "Ulm"))
        for number in range(1, draw.randint(5, 20)):
            name, who = f"{make} {number} GmbH", f"{chain} {number}"
            record: Cells = {"company": name, "phone": f"+49 30 {phone + number}", "city": town}
            rows.append((who, record))
            if draw.random() < 0.1:
                place = draw.randrange(len(make))
                slip = draw.choice((name.removesuffix(" GmbH"), name[:place] + name[place + 1 :]))
                left = draw.choice((record["phone"], None))
                rows.append((who, {**record, "company": slip, "phone": left}))
    return _mixed(draw, rows)


NAMED = ("Victoria", "Station", "Market", "Castle", "Albert")


def _mixed(draw: random.Random, rows: list[tuple[str, Cells]]) -> BaseOfKnown:
    draw.shuffle(rows)
    numbers = {who: number for number, who in enumerate(dict.fromkeys(who for who, _ in rows))}
    columns = {"id": [str(number) for number in range(len(rows))]}
    columns |= {header: [record[header] for _, record in rows] for header in rows[0][1]}
    return BaseOfKnown(columns, [numbers[who] for who, _ in rows])
