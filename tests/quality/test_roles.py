"""What columns hold, by their headers in four languages and by their values."""

import csv
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.quality.published import published

from scoreline.quality.roles import Role, proposed, roles, words

SHARED: dict[str, dict[str, Role]] = {
    "febrl3.csv.gz": {
        "rec_id": "key",
        "given_name": "given name",
        "surname": "surname",
        "street_number": "house number",
        "address_1": "street",
        "address_2": "street",
        "suburb": "city",
        "postcode": "postcode",
        "state": "region",
        "date_of_birth": "birth date",
        "soc_sec_id": "personal id",
    },
    "fake_1000.csv.gz": {
        "unique_id": "key",
        "first_name": "given name",
        "surname": "surname",
        "dob": "birth date",
        "city": "city",
        "email": "email",
        "cluster": "number",
    },
    "organisations_true_ids.csv.gz": {
        "True Id": "number",
        "Id": "key",
        "Source": "text",
        "Site name": "organisation",
        "Address": "street",
        "Zip": "postcode",
        "Phone": "phone",
        "Fax": "phone",
        "Program Name": "text",
    },
}
PEOPLE: dict[str, list[tuple[str, Role, list[str]]]] = {
    "ru": [
        ("Номер", "key", ["1", "2"]),
        ("Имя", "given name", ["Анна", "Пётр"]),
        ("Фамилия", "surname", ["Ким", "Лю"]),
        ("Эл. почта", "email", ["a@b.ru", "c@d.ru"]),
        ("Номер телефона", "phone", ["8 912 345-67-89", "+7 495 123 45 67"]),
        ("Дата рождения", "birth date", ["01.02.1990", "31.12.1985"]),
        ("Почтовый индекс", "postcode", ["101000", "630099"]),
        ("Город", "city", ["Москва", "Омск"]),
        ("ИНН", "company id", ["7707083893", "7702070139"]),
    ],
    "fr": [
        ("Identifiant", "key", ["a", "b"]),
        ("Prénom", "given name", ["Zoé", "Jean"]),
        ("Nom", "surname", ["Petit", "Roux"]),
        ("Adresse électronique", "email", ["a@b.fr", "c@d.fr"]),
        ("Code postal", "postcode", ["75001", "13002"]),
        ("Date de naissance", "birth date", ["1990-02-01", "1985-12-31"]),
        ("Raison sociale", "organisation", ["Acme SARL", "Roux et Fils"]),
        ("N° de téléphone portable", "phone", ["06 12 34 56 78", "0612345679"]),
    ],
    "de": [
        ("Kundennummer", "key", ["a", "b"]),
        ("Vorname", "given name", ["Eva", "Jörg"]),
        ("Nachname", "surname", ["Groß", "Klein"]),
        ("Straße", "street", ["Hauptstr. 5", "Am Markt"]),
        ("Hausnr.", "house number", ["5", "7a"]),
        ("PLZ", "postcode", ["10115", "80331"]),
        ("Geburtsdatum", "birth date", ["1.2.1990", "31.12.1985"]),
        ("Firma", "organisation", ["Acme GmbH", "Klein & Söhne"]),
    ],
}


@pytest.mark.parametrize("name", SHARED)
def test_the_columns_of_real_files(name: str) -> None:
    with published(name) as file:
        rows = list(csv.reader(file))
    columns = {h: [row[i] for row in rows[1:]] for i, h in enumerate(rows[0])}
    found = roles(columns)
    assert {header: found[header] for header in SHARED[name]} == SHARED[name]


@pytest.mark.parametrize("language", PEOPLE)
def test_headers_of_other_languages(language: str) -> None:
    columns = {header: values for header, _, values in PEOPLE[language]}
    assert roles(columns) == {header: role for header, role, _ in PEOPLE[language]}


@pytest.mark.parametrize(
    ("header", "values", "role"),
    [
        ("c1", ["anna@acme.ru", "", None, "li@acme.ru"], "email"),
        ("c1", ["DE89 3704 0044 0532 0130 00"], "iban"),
        ("c1", ["+7 912 345-67-89", "+33 6 12 34 56 78"], "phone"),
        ("c1", ["https://acme.ru/a", "www.acme.ru"], "web"),
        ("c1", ["2026-01-31", "2026-02-28"], "date"),
        ("c1", ["20260131", "20260228"], "date"),
        ("c1", ["1 234,56", "7"], "number"),
        ("c1", ["1", "1"], "number"),
        ("email", ["yes", "no", "no"], "text"),
        ("company size", ["10", "200", "10"], "number"),
        ("name", ["Acme Ltd", "Blue Door GmbH", "Anna"], "organisation"),
        ("name", ["Anna Kim", "Jan de Vries", "Anna Kim"], "full name"),
        ("phone", ["", None], "phone"),
        ("anything", [], "text"),
    ],
)
def test_values_bear_the_header_out_or_speak_for_themselves(
    header: str, values: list[str | None], role: Role
) -> None:
    assert roles({"first": ["x", "x"], header: values})[header] == role


def test_a_name_of_one_word_beside_a_surname_is_a_given_name() -> None:
    columns = {"name": ["Anna", "Li", "Li"], "surname": ["Kim", "Ma", "Ma"]}
    assert roles(columns) == {"name": "given name", "surname": "surname"}


def test_a_key_has_no_value_twice() -> None:
    assert roles({"id": ["1", "2", "2"]}) == {"id": "number"}
    assert roles({"id": ["1", "2"], "row id": ["1", "2"]}) == {"id": "key", "row id": "number"}
    assert roles({"what": ["a", "b"], "id": ["1", ""]}) == {"what": "key", "id": "number"}


def test_the_longest_phrase_of_a_header_counts() -> None:
    assert proposed("Street number")[0] == "house number"
    assert proposed("firm.email")[0] == "email"
    assert proposed("PhoneNumber2")[0] == "phone"
    assert words("Наименование организации") == ("наименование", "организации")


@given(
    st.dictionaries(
        st.text(max_size=12), st.lists(st.none() | st.text(max_size=20), max_size=6), max_size=5
    )
)
def test_every_column_has_one_role_and_the_same_again(columns: dict[str, list[str | None]]) -> None:
    found = roles(columns)
    assert list(found) == list(columns)
    assert roles(columns) == found
    assert list(found.values()).count("key") <= 1


def test_a_file_sorted_otherwise_has_the_same_roles() -> None:
    cells = [f"anna{n}@acme.ru" if n % 10 < 8 else f"word {n}" for n in range(5_003)]
    random = Random(0)  # noqa: S311
    found = set()
    for _ in range(30):
        random.shuffle(cells)
        found.add(roles({"contact": cells})["contact"])
    assert len(found) == 1
