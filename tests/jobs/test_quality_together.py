"""`quality`: what cells of a record, and records of a base, say of each other."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from scoreline.errors import DataError
from scoreline.jobs.card import load
from tests.jobs.test_quality import AS_OF, checked, codes, column, one_of

ADDRESS = "id,Street,City,State,Zip,Country"
WHOLE = "1,1 Main St,Austin,TX,73301,US"


def test_a_region_that_the_country_does_not_have(tmp_path: Path) -> None:
    rows = (
        WHOLE,
        "2,2 Main St,Fresno,Califronia,93650,US",
        "3,3 Main St,Toronto,Ontario,10001,US",
        "4,4 Main St,Toronto,Ontario,M5V 1A1,CA",
        "5,Am Markt 5,Berlin,Bayern,10115,DE",
    )
    found = checked(tmp_path, *rows, header=ADDRESS)
    assert column(found, "State").taken_for == "region"
    assert codes(found, "State") == {"country-region": 2}
    told = one_of(found, "State", "country-region").records
    assert [(one.key, one.raw, one.suggestion) for one in told] == [
        ("2", "Califronia", "California"),
        ("3", "Ontario", None),
    ]
    assert column(found, "State").verdicts["suspect"] == 2


def test_a_region_where_all_records_are_of_one_country(tmp_path: Path) -> None:
    """Without a column of countries the postcodes' own one is meant; without any, nothing is."""
    rows = ("1,NY,10001", "2,Califronia,93650", "3,Ontario,10001")
    found = checked(tmp_path, *rows, header="id,State,Zip", country="US")
    assert codes(found, "State") == {"country-region": 2}
    told = one_of(found, "State", "country-region").records
    assert [one.suggestion for one in told] == ["California", None]
    assert not codes(checked(tmp_path, *rows, header="id,State,Zip"), "State")


def test_a_suggested_region_waits_beside_the_clean_base(tmp_path: Path) -> None:
    out = tmp_path / "clean.csv"
    checked(tmp_path, WHOLE, "2,2 Main St,Fresno,Califronia,93650,US", header=ADDRESS, out=str(out))
    waiting = (tmp_path / "clean.csv.suggestions.csv").read_text(encoding="utf-8")
    assert "California" in waiting
    assert "Califronia" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Регион", ("Московская область", "Татарстан")),
        ("Субъект РФ", ("Москва", "Пермский край")),
        ("Région", ("Bretagne", "Grand Est")),
        ("Bundesland", ("Bayern", "Hessen")),
        ("Kanton", ("ZH", "Genève")),
        ("state/province", ("NY", "Ontario")),
    ],
)
def test_columns_of_regions_in_other_languages(
    tmp_path: Path, header: str, values: tuple[str, ...]
) -> None:
    rows = [f"{n},{value}" for n, value in enumerate(values)]
    found = checked(tmp_path, *rows, header=f"id,{header}")
    assert column(found, header).taken_for == "region"


def test_a_state_that_is_no_place_is_not_checked_as_one(tmp_path: Path) -> None:
    rows = [f"{n},{state},US" for n, state in enumerate(["open", "closed", "won"])]
    found = checked(tmp_path, *rows, header="id,state,country")
    assert column(found, "state").taken_for == "text"
    assert codes(found, "state") == {}


def test_parts_that_a_country_needs(tmp_path: Path) -> None:
    rows = (
        WHOLE,
        "2,2 Main St,Fresno,,93650,US",  # a state, in the US
        "3,Am Markt 5,Berlin,,,DE",  # a postcode and no region, in Germany
        "4,,,,,US",  # no address at all
        "5,1 Sheikh Zayed Rd,,Dubai,,AE",  # neither city nor postcode, in the Emirates
        "6,Am Markt 5,Berlin,,,",  # of no country
    )
    found = checked(tmp_path, *rows, header=ADDRESS)
    told = {
        one.name: [seen.key for seen in one_of(found, one.name, "address-incomplete").records]
        for one in found.columns
        if "address-incomplete" in codes(found, one.name)
    }
    assert told == {"State": ["2"], "Zip": ["3"]}
    assert column(found, "Zip").verdicts["missing"] == 4


def test_swapped_names_are_suggested_the_other_way_round(tmp_path: Path) -> None:
    rows = ("1,Smith,Jennifer", "2,Jennifer,Smith", "3,Thomas,Martin")
    found = checked(tmp_path, *rows, header="id,first name,last name")
    assert codes(found, "first name") == codes(found, "last name") == {"name-swapped": 1}
    seen = one_of(found, "first name", "name-swapped").records[0]
    assert (seen.key, seen.raw, seen.suggestion) == ("1", "Smith", "Jennifer")
    assert one_of(found, "last name", "name-swapped").records[0].suggestion == "Smith"


def test_swapped_names_by_the_evidence_of_the_base(tmp_path: Path) -> None:
    """Names that no list has; the other records know which is which."""
    rng = Random(5)  # noqa: S311 - names to try, no secrets
    given = [
        f"{a}{b}"
        for a in ("Zor", "Mir", "Jel", "Ves", "Dun")
        for b in ("an", "o", "ka", "na", "ja")
    ]
    starts = ("Nova", "Koro", "Horo", "Zupa", "Kova", "Mede", "Kralo", "Potoce")
    names = [f"{a}{b}" for a in starts for b in ("k", "sec", "vat", "cic", "nik")]
    people = list(itertools.product(given, names))
    rng.shuffle(people)
    rows = [f"{n},{g},{s}" for n, (g, s) in enumerate(people)]
    rows += [f"{9000 + n},{s},{g}" for n, (g, s) in enumerate(people[:2])]
    found = checked(tmp_path, *rows, header="id,first name,last name")
    told = one_of(found, "first name", "name-swapped")
    assert [seen.key for seen in told.records] == ["9000", "9001"]


def test_a_form_says_so_too(tmp_path: Path) -> None:
    """Names, region and address parts, one record at a time and as a table."""
    card = tmp_path / "card.yaml"
    card.write_text(
        "scorecard: c\nkey: id\nfields: {id: text, country: country, state: text, street: text, "
        "zip: postcode, first name: name, surname: name}\n"
        "terms: [{name: known, when: zip is not null, points: 1}]\n"
    )
    choices = [
        ["US", "DE", "RU", ""],
        ["CA", "Califronia", "Московская обл.", "Bayern", ""],
        ["1 Main St", ""],
        ["73301", "101000", ""],
        ["Smith", "Jennifer", "SMITH", ""],
        ["Jennifer", "Smith", "Lee", ""],
    ]
    records = [[str(n), *cells] for n, cells in enumerate(itertools.product(*choices))]
    records = Random(3).sample(records, 500)  # noqa: S311 - records to try, no secrets
    header = "id,country,state,street,zip,first name,surname"
    found = checked(tmp_path, *map(",".join, records), header=header, card=card)
    check = load(card).check
    alone = [check(dict(zip(header.split(","), r, strict=True)), AS_OF) for r in records]
    for shown in found.columns:
        words = Counter(verdicts[shown.name].verdict for verdicts in alone)
        assert {word: n for word, n in shown.verdicts.items() if n} == words, shown.name
    seen = Counter((name, v.finding) for one in alone for name, v in one.items() if v.finding)
    for name, code in (("state", "country-region"), ("zip", "address-incomplete")):
        assert seen[name, code] == codes(found, name)[code] > 0
    assert seen["surname", "name-swapped"] > 0


def test_what_a_record_is_told(tmp_path: Path) -> None:
    card = tmp_path / "card.yaml"
    card.write_text(
        "scorecard: c\nfields: {country: country, state: text, zip: postcode}\n"
        "terms: [{name: known, when: zip is not null, points: 1}]\n"
    )
    found = load(card).check({"country": "US", "state": "Texsa"})
    state, postcode = found["state"], found["zip"]
    assert (state.verdict, state.finding, state.suggestion) == (
        "suspect",
        "country-region",
        "Texas",
    )
    assert (postcode.verdict, postcode.finding) == ("missing", "address-incomplete")


def test_a_source_that_stopped_varying(tmp_path: Path) -> None:
    rows = [f"{n},site,{n * 10 + 5}" for n in range(60)]
    rows += [f"{n},fair,{n * 9 + 4}" for n in range(100, 160)]
    rows += [f"{n},shop,1000" for n in range(200, 260)]
    found = checked(tmp_path, *rows, header="id,source,budget")
    assert column(found, "budget").taken_for == "money"
    assert codes(found, "budget") == {"column-frozen": 60}
    assert one_of(found, "budget", "column-frozen").records[0].key == "200"


def test_one_phone_for_everybody_is_frozen_and_one_city_is_constant(tmp_path: Path) -> None:
    rows = [f"{n},+7 912 345-67-89,Omsk" for n in range(60)]
    found = checked(tmp_path, *rows, header="id,phone,city")
    assert codes(found, "phone") == {"column-frozen": 60, "value-shared": 60}
    assert codes(found, "city") == {"column-constant": 60}


def test_records_that_nobody_touches(tmp_path: Path) -> None:
    days = [dt.date(2026, 10, 1), dt.date(2025, 10, 1), dt.date(2023, 9, 30), dt.date(2019, 1, 1)]
    rows = [f"{n},{day},{day}" for n, day in enumerate(days)]
    found = checked(tmp_path, *rows, header="id,created,updated_at")
    assert codes(found, "updated_at") == {"record-stale": 2}
    assert codes(found, "created") == {}


def test_amounts_of_money(tmp_path: Path) -> None:
    rows = ("1,100 €", "2,250 EUR", "3,1 200 €", "4,70 $", "5,-5 €")
    found = checked(tmp_path, *rows, header="id,revenue")
    assert column(found, "revenue").taken_for == "money"
    assert codes(found, "revenue") == {"other-currency": 1, "money-below-zero": 1}


@pytest.mark.parametrize("header", ["Budget", "Сумма сделки", "Prix", "Umsatz", "annual revenue"])
def test_headers_of_money(tmp_path: Path, header: str) -> None:
    found = checked(tmp_path, "1,100", "2,250 000 ₽", "3,70000", header=f"id,{header}")
    assert column(found, header).taken_for == "money"
    ranges = checked(tmp_path, "1,up to 100", "2,100 to 500", "3,more", header=f"id,{header}")
    assert column(ranges, header).taken_for == "text"


def test_hints_say_what_can_be_done_without_a_card(tmp_path: Path) -> None:
    rows = ("1,8 912 345-67-89,soon", "2,8 912 345-67-80,12", "3,8 912 345-67-81,14")
    found = checked(tmp_path, *rows, header="id,phone,budget")
    assert "--country FR" in one_of(found, "phone", "phone-country").hint
    assert "--card" in one_of(found, "budget", "number-unreadable").hint


def test_words_that_a_card_should_call_missing(tmp_path: Path) -> None:
    rows = [f"{n},{n * 10}" for n in range(1, 8)] + ["8,н/д", "9,н/д", "10,tbc"]
    base = checked(tmp_path, *rows, header="id,budget")
    assert codes(base, "budget") == {"missing-word": 3}, "one cause is told once"
    assert column(base, "budget").verdicts["bad"] == 3
    found = one_of(base, "budget", "missing-word")
    assert "`missing: [н/д, tbc]`" in found.hint
    names = checked(tmp_path, "1,xx", "2,Anna", "3,Li", header="id,name")
    assert "missing-word" not in codes(names, "name")


def test_keys_that_stand_twice(tmp_path: Path) -> None:
    rows = [f"{n},Omsk" for n in range(1, 101)] + ["7,Tver", "8,Tver"]
    found = one_of(
        checked(tmp_path, *rows, header="customer id,city"), "customer id", "key-repeated"
    )
    assert found.count == 4
    assert "(2 keys" in found.message


def test_keys_of_a_card_that_stand_twice(tmp_path: Path) -> None:
    card = tmp_path / "card.yaml"
    card.write_text(
        "scorecard: c\nkey: id\nfields: {id: text, mail: email}\n"
        "terms: [{name: known, when: mail is not null, points: 1}]\n"
    )
    found = checked(tmp_path, "1,a@acme.ru", "1,b@acme.ru", header="id,mail", card=card)
    assert codes(found, "id") == {"key-repeated": 2}


DATES = "id,created,born"


def test_dates_prove_their_order_together(tmp_path: Path) -> None:
    """What one cell can't say, 03/04/2026, the others say: no month is the thirteenth."""
    rows = [f"{n},{day}/04/2026,1990" for n, day in enumerate(("03", "13", "25", "30", "01"))]
    out = tmp_path / "findings.csv"
    found = checked(tmp_path, *rows, header=DATES, findings=str(out))
    assert column(found, "created").verdicts["ok"] == 5
    assert codes(found, "created") == {"date-order-proved": 3}
    assert "dmy" in one_of(found, "created", "date-order-proved").message
    first = out.read_text(encoding="utf-8").splitlines()[1]
    assert first.startswith(",,created,date-order-proved,info,")


@pytest.mark.parametrize(
    "days",
    [
        ("03/04/2026", "13/04/2026", "25/04/2026", "01/02/2026"),  # two are no habit
        ("13/04/2026", "14/04/2026", "15/04/2026", "03/04/2026", "04/16/2026"),  # they disagree
        ("13/04/26", "14/04/26", "15/04/26", "03/04/26"),  # 2013-04-26 can't be told from it
    ],
)
def test_dates_that_prove_nothing_wait_for_an_order(tmp_path: Path, days: tuple[str, ...]) -> None:
    rows = [f"{n},{day},1990" for n, day in enumerate(days)]
    found = checked(tmp_path, *rows, header=DATES)
    assert codes(found, "created")["date-ambiguous"] >= 1
    assert "date-order-proved" not in codes(found, "created")


def test_an_order_that_was_said_needs_no_proof(tmp_path: Path) -> None:
    rows = [f"{n},{day}/04/2026,1990" for n, day in enumerate(("13", "14", "15"))]
    found = checked(tmp_path, *rows, header=DATES, order="mdy")
    assert codes(found, "created") == {"date-order": 3}


def test_a_column_of_birth_years_is_read_as_years(tmp_path: Path) -> None:
    rows = [f"{n},2026-04-01,{year}" for n, year in enumerate((1980, 1990, 1890, 2041))]
    found = checked(tmp_path, *rows, header=DATES)
    assert column(found, "born").taken_for == "birth date"
    assert codes(found, "born") == {"birth-future": 1, "birth-too-old": 1}


def test_keys_of_a_card_that_no_field_reads_are_checked(tmp_path: Path) -> None:
    card = tmp_path / "card.yaml"
    card.write_text(
        "scorecard: c\nkey: lead id\nfields: {n: number}\n"
        "terms: [{name: t, when: n > 1, points: 1}]\nsegments: [{name: a}]\n",
        encoding="utf-8",
    )
    found = checked(tmp_path, "7,1", "7,2", "8,3", header="lead id,n", card=card)
    assert codes(found, "lead id") == {"key-repeated": 2}
    assert "1 key more than once" in one_of(found, "lead id", "key-repeated").message
    with pytest.raises(DataError, match="lack a column that the card declares: `lead id`"):
        checked(tmp_path, "7,1", header="id,n", card=card)
