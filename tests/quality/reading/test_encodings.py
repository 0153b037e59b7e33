"""Which encoding a file is in: right on short lists of names too, and always overrulable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scoreline.errors import UsageError
from scoreline.quality.reading.encodings import guess_encoding
from scoreline.quality.reading.files import open_table

RUSSIAN = [
    "Иванов Иван Иванович;г. Москва, ул. Ленина, д. 5",
    "имя;телефон\nАнна;89123456789",
    "Бюджет, руб;Услуга\n150 000;разработка сайта",
    "ООО «Ромашка»;Екатеринбург",
    "ИП Щукина Ю. Э.;Чебоксары",
    "ЗАО ТЕХНОПРОМ;КАЗАНЬ",
    "да\nнет\nда",
    "Ольга",
    "Фёдор Шаляпин;Санкт-Петербург;№ 12",
    "lead_id,name,city\n1,Пётр,Omsk\n2,Алёна,Perm",
    "не указано;нет данных",
    "ПАО «Сбербанк»;Вавилова, 19",
    "кв. 17",
    "Заявка с сайта: хочу SEO и контекст",
    "менеджер;статус\nСмирнова;отказ\nКузнецов;договор",
]
OLDER = [text for text in RUSSIAN if not set(text) & set("«»—№") and text != "кв. 17"]
"""Without signs that the older code pages lack; two letters are not enough to choose them."""
UKRAINIAN = ["Київ;вул. Хрещатик", "Олексій Іваненко;Львів"]
FRENCH = [
    "prénom;société\nRené;Crédit Agricole",
    "Hélène Lefèvre;Orléans",
    "François;Besançon;été",
    "téléphone,âge,où\n0612345678,35,à Paris",
    "L’Oréal;Île-de-France",
    "Coût : 150 €;déjà payé",
    "Noël Müller;Strasbourg",
    "garçon;naïf;cœur",
]
ENGLISH = [
    "name,note\nO’Neil,“best offer” – call back",
    "Zoë Brown,café",
    "price,£150\nsize,½ inch",
    "José Núñez,San José",
    "temp,20°C",
]
GERMAN = ["Jürgen Groß;Köln", "Straße;Größe;Übergabe", "BÜRO MÜNCHEN;GRÖSSE", "Äpfel;Öl"]
SPANISH = ["Peña;Coruña;año", "São Paulo;João;não", "Łódź"]


@pytest.mark.parametrize("text", RUSSIAN + UKRAINIAN)
@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8", "utf-16-le", "utf-16-be"])
def test_russian(text: str, encoding: str) -> None:
    assert guess_encoding(f"{text}\n".encode(encoding)).name == encoding


@pytest.mark.parametrize("text", OLDER)
@pytest.mark.parametrize("encoding", ["cp866", "koi8-r"])
def test_russian_of_older_days(text: str, encoding: str) -> None:
    assert guess_encoding(f"{text}\n".encode(encoding)).name == encoding


@pytest.mark.parametrize("text", FRENCH + ENGLISH + GERMAN + SPANISH[:2])
@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-16-le", "utf-16-be"])
def test_western(text: str, encoding: str) -> None:
    assert guess_encoding(f"{text}\n".encode(encoding)).name == encoding


@pytest.mark.parametrize("text", [text for text in FRENCH if "½" not in text])
def test_french_from_an_old_mac(text: str) -> None:
    assert guess_encoding(f"{text}\n".encode("mac-roman")).name == "mac-roman"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_settles_it(read: Callable, mark: bytes, encoding: str) -> None:
    seen = read(mark + "имя,город\nАнна,Пермь\n".encode(encoding))
    assert (seen.columns, seen.rows) == (("имя", "город"), [("Анна", "Пермь")])
    assert seen.findings == {}


def test_a_guess_is_a_finding_that_names_the_option(read: Callable) -> None:
    seen = read("имя;город\nАнна;Пермь\n".encode("windows-1251"))
    assert seen.rows == [("Анна", "Пермь")]
    assert "windows-1251" in seen.findings["encoding-guessed"]


@pytest.mark.parametrize(
    ("text", "encoding", "other"),
    [
        ("имя;город\nАнна;Пермь\n", "windows-1251", "windows-1252"),
        ("Straße;Größe\nMünchen;groß\n", "windows-1252", "windows-1251"),
    ],
)
def test_the_option_names_an_encoding_that_was_not_taken(
    tmp_path: Path, text: str, encoding: str, other: str
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(text.encode(encoding))
    with open_table(path) as table:
        (finding,) = (f for f in table.findings if f.code.startswith("encoding"))
    assert encoding in finding.message
    assert finding.hint.endswith(f"--encoding {other}")


def test_the_user_may_overrule_it(read: Callable) -> None:
    data = "имя;город\nАнна;Пермь\n".encode("koi8-r")
    seen = read(data, encoding="koi8-r")
    assert (seen.rows, seen.findings) == ([("Анна", "Пермь")], {})
    with pytest.raises(UsageError, match="koi9"):
        read(data, encoding="koi9")


def test_one_broken_line_costs_one_row(read: Callable) -> None:
    lines = [f"{number},Анна".encode() for number in range(20)]
    lines[7] = "7,Борис".encode("windows-1251")
    seen = read(b"id,name\n" + b"\n".join(lines))
    assert len(seen.rows) == 19
    assert seen.rejected == [(8, 9, "undecodable")]
    assert seen.raw == [r"7,\xc1\xee\xf0\xe8\xf1"]


def test_bytes_that_a_code_page_lacks_cost_one_row(read: Callable) -> None:
    data = "id;имя\n1;Анна\n2;Бо?рис\n3;Ольга Петрова\n".encode("windows-1251")
    seen = read(data.replace(b"?", b"\x98"))
    assert seen.rejected == [(2, 3, "undecodable")]
    assert [row[1] for row in seen.rows] == ["Анна", "Ольга Петрова"]


def test_utf8_lines_in_an_old_file_are_said(read: Callable) -> None:
    old = "".join(f"{n};Мария;Москва\n" for n in range(10)).encode("windows-1251")
    seen = read("id;имя;город\n".encode("windows-1251") + old + "11;Пётр;Тверь\n".encode())
    assert seen.lines["encodings-mixed"] == 12


def test_a_torn_utf16_file_costs_its_last_row(read: Callable) -> None:
    data = "id;имя\n1;Анна\n2;Борис\n".encode("utf-16")
    seen = read(data[:-3])
    assert seen.rows[0] == ("1", "Анна")
    assert seen.rejected == [(2, 3, "undecodable")]
