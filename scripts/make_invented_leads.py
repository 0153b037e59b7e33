"""Make the invented leads of the demo: src/scoreline/demo/leads.csv and leads_cost.csv.

    python scripts/make_invented_leads.py

Nobody in these files exists. Companies and their domains say so in their names (vymysel is Russian
for invention), Russian phone numbers begin with 000, where no subscriber can be, and the others
come from ranges kept for fiction. The dirt is of the kind that real forms bring. The seed is fixed:
the files come out the same every time.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

SEED = 26
LEADS = 300
FIRST_DAY, DAYS = dt.date(2026, 6, 1), 150
DEMO = Path(__file__).parent.parent / "src/scoreline/demo"
HEADER = (
    *("lead_id", "created", "channel", "name", "company", "position", "email", "phone"),
    *("Бюджет, руб", "service", "has_spec", "outcome"),
)

# channel: leads in a hundred, how serious they are (0 to 1), cost
CHANNELS = {
    "search ads": (24, 0.50, 216_000),
    "social network": (28, 0.24, 118_000),
    "webinar": (13, 0.78, 140_000),
    "partners": (8, 0.86, 60_000),
    "exhibition": (10, 0.62, 190_000),
    "website": (12, 0.58, 30_000),
    "newsletter": (5, 0.40, 9_000),
}
RUSSIAN = (
    (("Анна", "Мария", "Ольга", "Елена", "Дарья"), ("Соколова", "Лунина", "Орехова", "Дымова")),
    (("Иван", "Пётр", "Олег", "Артём", "Семён"), ("Карпов", "Лесной", "Ёлкин", "Ветров")),
)
ENGLISH = (("Emma", "Noah", "Zoë", "Oliver", "Chloé"), ("Finch", "O’Hara", "Marlow", "Adeyemi"))
COMPANIES = (
    *(("Ромашка-Вымысел", "romashka-vymysel.ru"), ("Лунный трактор", "lunny-traktor-vymysel.ru")),
    *(("Медный чайник", "medny-chainik-vymysel.ru"), ("Бумажный кит", "kit-vymysel.ru")),
    *(("Тихий завод", "tikhy-zavod-vymysel.ru"), ("Северный самовар", "samovar-vymysel.ru")),
    *(("Paper Whale Ltd", "paper-whale-invented.com"), ("Lost Socks", "lost-socks-invented.com")),
    *(("Moonlit Tractors", "moonlit-invented.com"), ("Copper Kettle", "kettle-invented.com")),
)
POSITIONS = (
    *("директор", "Директор по маркетингу", "CTO", "Head of sales", "закупщик"),
    *("менеджер", "владелец", "CEO", "IT-директор", "Product owner"),
)
CORE = ("web development", "Web Development", "crm", "CRM", "online shop", "разработка сайта")
NOT_CORE = ("smm", "SMM ", "mobile app", "Mobile app")
SOUNDS = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya"
LATIN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", SOUNDS.split(), strict=True))


@dataclass
class Lead:
    """One row while it is being made, with what its score will be."""

    cells: dict[str, str]
    score: int = 0
    rng: random.Random = field(default_factory=random.Random)

    def chance(self, of: float) -> bool:
        """True with this probability."""
        return self.rng.random() < of


def latin(text: str) -> str:
    """Cyrillic letters as Latin ones, and nothing but letters."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("й", "y").replace("ё", "e"))
    letters = (LATIN.get(letter, letter) for letter in plain)
    return "".join(letter for letter in "".join(letters) if letter.isascii() and letter.isalpha())


def make_lead(number: int, rng: random.Random) -> Lead:
    """One invented lead; the more serious its channel, the more it tells."""
    names = list(CHANNELS)
    channel = rng.choices(names, [CHANNELS[name][0] for name in names])[0]
    serious = min(1, max(0, rng.gauss(CHANNELS[channel][1], 0.22)))
    created = FIRST_DAY + dt.timedelta(days=rng.randrange(DAYS))
    lead = Lead({"lead_id": f"L-{number:04d}", "created": created.isoformat()}, rng=rng)
    lead.cells["channel"] = spelled(channel, rng)
    company, domain = rng.choice(COMPANIES)
    add_person(lead)
    add_company(lead, company, serious)
    add_email(lead, domain, serious)
    add_phone(lead, serious)
    add_budget(lead, serious)
    add_wish(lead, serious)
    add_outcome(lead, created)
    return lead


def spelled(channel: str, rng: random.Random) -> str:
    """The channel as different people type it."""
    if rng.random() < 0.02:
        return ""
    return rng.choices(
        [channel, channel.capitalize(), f"{channel} ", channel.upper()], [84, 10, 3, 3]
    )[0]


def add_person(lead: Lead) -> None:
    """A name, Russian or English, in the shapes people give."""
    rng = lead.rng
    first, last = (
        rng.choice(part) for part in (rng.choice(RUSSIAN) if lead.chance(0.7) else ENGLISH)
    )
    shapes = [f"{first} {last}", f"{last} {first}", first, f"{first.upper()} {last.upper()}", ""]
    lead.cells["name"] = rng.choices(shapes, [70, 12, 10, 4, 4])[0]
    lead.cells["email"] = f"{latin(first) or 'x'}.{latin(last) or 'x'}"


def add_company(lead: Lead, company: str, serious: float) -> None:
    """Company and position: both, one of them, or signs that mean neither."""
    rng = lead.rng
    both = lead.chance(0.12 + 0.85 * serious)
    position = rng.choice(POSITIONS)
    if both:
        lead.cells |= {"company": company, "position": position}
        lead.score += 2
        return
    lead.cells["company"] = rng.choice(["", "", company, "  "])
    lead.cells["position"] = rng.choice(["", "   ", ""]) if lead.cells["company"] else position


def add_email(lead: Lead, domain: str, serious: float) -> None:
    """A corporate, free, disposable, wrong or missing address."""
    rng, user = lead.rng, lead.cells["email"]
    number = lead.cells["lead_id"][2:]
    if lead.chance(0.1 + 0.8 * serious):
        user = rng.choices([user, "info", "sales", user.title()], [80, 8, 4, 8])[0]
        lead.cells["email"] = f"{user}@{domain}"
        lead.score += 1
        return
    free = f"{user}.vymysel{number}@{rng.choice(['gmail.com', 'mail.ru', 'yandex.ru'])}"
    wrong = [f"{user}@", f"{user}@@{domain}", f"{user}.mail.ru", "нет почты", f"{user}@gmail"]
    lead.cells["email"] = rng.choices(
        [free, f"{free.upper()} ", f"{user}{number}@mailinator.com", rng.choice(wrong), ""],
        [58, 6, 9, 13, 14],
    )[0]


def add_phone(lead: Lead, serious: float) -> None:
    """A number in one of the shapes people type, a wrong one, or none."""
    rng = lead.rng
    area, last = rng.choice(["495", "812", "343"]), f"{rng.randrange(10_000):04d}"
    right = [
        *(f"+7 ({area}) 000-{last[:2]}-{last[2:]}", f"8 {area} 000-{last[:2]}-{last[2:]}"),
        *(f"+7{area}000{last}", f"8{area}000{last}", f"{area} 000 {last[:2]} {last[2:]}"),
        *(f"8({area})000{last}", f"+7 {area} 000-{last[:2]}-{last[2:]} доб. {last[:3]}"),
        *(f"+1 202 555 01{last[:2]}", f"+33 1 99 00 {last[:2]} {last[2:]}"),
    ]
    if lead.chance(0.35 + 0.6 * serious):
        lead.cells["phone"] = rng.choices(right, [30, 14, 16, 14, 8, 8, 2, 4, 4])[0]
        lead.score += 1
        return
    wrong = ["", "", "", f"000{last[:3]}", "нет", "позвоню сам", f"+44 7700 900{last[:3]}"]
    lead.cells["phone"] = rng.choice(wrong)


def add_budget(lead: Lead, serious: float) -> None:
    """A budget as people write it, from plain digits to words that are no amount."""
    rng = lead.rng
    if not lead.chance(0.3 + 0.62 * serious):
        blank = ["", "", "", "not sure", "Not sure", "пока не знаем", "договорная", "-1", "NaN"]
        lead.cells["Бюджет, руб"] = rng.choice(blank)
        return
    amount = 10_000 * round(math.exp(rng.gauss(1.9 + 1.5 * serious, 0.75)))
    if lead.chance(0.04):
        lead.cells["Бюджет, руб"] = rng.choice(["$2000", "1,500", "3000 €", "150-200 тыс"])
        return
    spaced = f"{amount:,}".replace(",", " ")
    shapes = [
        *(str(amount), spaced, f"{spaced} ₽", f"{spaced} руб.", f"{spaced},00"),
        *(f"{amount:.0f}.00", f"{spaced.replace(' ', chr(0xA0))} р."),
    ]
    lead.cells["Бюджет, руб"] = rng.choices(shapes, [40, 20, 16, 12, 4, 4, 4])[0]
    lead.score += 3 * (amount >= 100_000)


def add_wish(lead: Lead, serious: float) -> None:
    """What they want, and whether they have written it down."""
    rng = lead.rng
    if lead.chance(0.22 - 0.17 * serious):
        lead.cells["service"] = rng.choice(NOT_CORE)
        lead.score -= 5
    else:
        lead.cells["service"] = rng.choice(CORE) if lead.chance(0.9) else ""
    if lead.chance(0.12 + 0.7 * serious):
        lead.cells["has_spec"] = rng.choice(["yes", "yes", "да", "Да", "y", "1"])
        lead.score += 1
    else:
        lead.cells["has_spec"] = rng.choice(["no", "нет", "", "", "", "потом пришлём"])


def add_outcome(lead: Lead, created: dt.date) -> None:
    """Won, lost, or still open, which young leads mostly are."""
    age = (FIRST_DAY + dt.timedelta(days=DAYS) - created).days
    if lead.chance(0.12 + 0.75 * math.exp(-age / 21)):
        lead.cells["outcome"] = lead.rng.choice(["in work", "in work", ""])
        return
    won = lead.chance(1 / (1 + math.exp(3.4 - 0.44 * lead.score)))
    lead.cells["outcome"] = lead.rng.choice(["won", "won", "Won"]) if won else "lost"


def rows() -> list[list[str]]:
    """All rows: the leads, and what goes wrong with files: no key, a key twice, cells too many."""
    rng = random.Random(SEED)  # noqa: S311  nothing here is secret
    leads = [make_lead(number, rng) for number in range(1, LEADS + 1)]
    table = [[lead.cells[name] for name in HEADER] for lead in leads]
    table[141] = ["", *table[141][1:]]
    table[222] = ["   ", *table[222][1:]]
    table[187] = [table[186][0], *table[187][1:]]
    table[97] = [*table[97], "позвонить", "в среду"]
    return table


def write(name: str, header: tuple[str, ...], table: list[list[str]]) -> None:
    """One CSV file in UTF-8."""
    with (DEMO / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *table])


def main() -> None:
    """Write both files."""
    write("leads.csv", HEADER, rows())
    costs = [[name, str(cost)] for name, (_, _, cost) in CHANNELS.items()]
    write("leads_cost.csv", ("channel", "cost"), costs)


if __name__ == "__main__":
    main()
