"""Checking a base: verdicts of a column, beside loops over the libraries that are asked for one.

The loop goes over a part of the column, every cell of which is held against our verdict in the
same run; its time is taken for as many cells as the column has.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from random import Random

import email_validator
import phonenumbers
import polars as pl

from benchmarks.batch import Row
from benchmarks.timing import cpu
from scoreline.language.fields import Field
from scoreline.quality.boundary import Boundary
from scoreline.quality.typing.verdicts import CHECKED, check_value

LOOPED = 20_000
FORMS = 20_000
ODD = ["a b@acme.ru", "foo@", "Иван@почта.рф", "x@acme..ru", "o'neil@bücher.de", '"a b"@acme.ru']
GIVEN_OUT = [f"6{n}" for n in range(10)] + [f"7{n}" for n in range(5, 9)]
NOT_GIVEN_OUT = ["70", "71", "72"]
"""How French mobile numbers begin, and how none does."""
FORM = {
    "given": Field("given", "name"),
    "surname": Field("surname", "name"),
    "email": Field("email", "email"),
    "phone": Field("phone", "phone", country="FR"),
    "siret": Field("siret", "company id", country="FR"),
    "iban": Field("iban", "iban"),
    "postcode": Field("postcode", "postcode", country="FR"),
    "born": Field("born", "date", order="dmy"),
}


def quality(rows: int) -> list[Row]:
    """The rows of the table."""
    random = Random(7)  # noqa: S311 - cells to time, no secrets
    clean = [f"user{n}@company{random.randrange(3_000)}.com" for n in range(rows)]
    odd = [random.choice(ODD) if random.random() < 0.05 else cell for cell in clean]
    odd = [f"{n}{cell}" if cell in ODD else cell for n, cell in enumerate(odd)]
    distinct = [_mobile(random, GIVEN_OUT) for _ in range(rows)]
    some = distinct[: rows // 2]
    half = [random.choice(some) for _ in range(rows)]
    doubtful = [
        _mobile(random, NOT_GIVEN_OUT) if random.random() < 0.12 else cell for cell in distinct
    ]
    email, phone = Field("x", "email"), Field("x", "phone", country="FR")
    found = [
        ("e-mails, plain: loop over email-validator / verdicts", ">= 40", email, clean, _mail),
        ("e-mails, 5 % odd: loop over email-validator / verdicts", ">= 8", email, odd, _mail),
        ("phones, all distinct: loop over phonenumbers / verdicts", ">= 7", phone, distinct, _tel),
        ("phones, half distinct: loop over phonenumbers / verdicts", ">= 12", phone, half, _tel),
        ("phones, all distinct, 12 % not given out: the same", ">= 7", phone, doubtful, _tel),
    ]
    lines = [(what, bar, _ratio(field, cells, alone)) for what, bar, field, cells, alone in found]
    typical, worst = _form(random)
    return [
        *lines,
        ("a form of 8 fields, all values distinct, median, ms", "", typical),
        ("the same, of a hundred the slowest one, ms", "0.5", worst),
    ]


def _ratio(field: Field, cells: list[str], alone: Callable[[str], bool]) -> float:
    """Seconds of the loop / seconds of the verdicts of a column; their answers are the same."""
    table = pl.DataFrame({"x": cells}).with_row_index("__row__").lazy()
    names = [f"x__{fact.name}" for fact in CHECKED]
    verdicts = pl.Series(dtype=pl.String)

    def work() -> None:
        nonlocal verdicts
        boundary = Boundary([field], None, ["x"], names)
        verdicts = boundary.lazy(table).collect(engine="streaming")["x__verdict"]

    work()
    ours = statistics.median(cpu(work) for _ in range(3))
    some = cells[:: max(len(cells) // LOOPED, 1)]
    answers: list[bool] = []
    theirs = cpu(lambda: answers.extend(alone(cell) for cell in some)) * len(cells) / len(some)
    ours_some = verdicts.gather_every(max(len(cells) // LOOPED, 1)).to_list()
    for cell, verdict, good in zip(some, ours_some, answers, strict=True):
        assert (verdict != "bad") == good, cell
    return theirs / ours


def _mail(text: str) -> bool:
    try:
        email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True


def _tel(text: str) -> bool:
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return False
    phonenumbers.is_valid_number(number)
    phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    phonenumbers.region_code_for_number(number)
    return bool(phonenumbers.is_possible_number(number))


def _mobile(random: Random, begins: list[str]) -> str:
    number = f"{random.choice(begins)}{random.randrange(10**7):07d}"
    pairs = " ".join(f"0{number}"[i : i + 2] for i in range(0, 10, 2))
    return random.choice([pairs, f"+33{number}", f"0{number}"])


def _form(random: Random) -> tuple[float, float]:
    """Milliseconds of CPU for the verdicts of a form: the median, and the slowest of a hundred."""
    day = dt.date(1950, 1, 1)
    forms = [
        {
            "given": f"{random.choice(['Anna', 'Jean-Paul', 'ZOE'])}{'abcdefgh'[n % 8]}",
            "surname": "".join(random.choice("aeioulnrst") for _ in range(9)).title(),
            "email": f"user{n}@{random.choice(['gmail.com', 'gmial.com', f'firm{n}.fr'])}",
            "phone": _mobile(random, GIVEN_OUT),
            "siret": f"{random.randrange(10**14):014d}",
            "iban": f"FR76{random.randrange(10**23):023d}",
            "postcode": f"{random.randrange(10**5):05d}",
            "born": (day + dt.timedelta(random.randrange(20_000))).strftime("%d/%m/%Y"),
        }
        for n in range(FORMS)
    ]
    taken = []
    for form in forms:
        start = time.thread_time()
        for name, field in FORM.items():
            check_value(field, form[name])
        taken.append((time.thread_time() - start) * 1e3)
    ordered = sorted(taken[FORMS // 10 :])  # the first ones load the libraries
    return statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
