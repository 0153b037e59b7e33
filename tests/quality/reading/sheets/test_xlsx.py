"""Workbooks: cells as a person sees them, nothing lost, nothing trusted."""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.quality.reading.seeing import see
from tests.quality.reading.sheets.workbooks import CellXml, raw_workbook
from xlsxwriter import Workbook

from scoreline.errors import DataError, UsageError
from scoreline.quality.reading.sheets.cells import date_text, number_text, plain_text
from scoreline.quality.reading.sheets.formats import format_kind

OLD = Path(__file__).parent / "data" / "old.xls"


def written(path: Path, rows: list[list[Any]], formats: dict[int, str] | None = None) -> Path:
    """A workbook with one sheet of these values; `formats` by column."""
    book = Workbook(path)
    sheet = book.add_worksheet("Leads")
    kinds = {c: book.add_format({"num_format": code}) for c, code in (formats or {}).items()}
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value is not None:
                sheet.write(row, column, value, kinds.get(column) if row else None)
    book.close()
    return path


def test_cells_are_text_as_a_person_sees_it(tmp_path: Path) -> None:
    path = written(
        tmp_path / "leads.xlsx",
        [
            ["id", "phone", "zip", "share", "joined", "at", "time", "ok", "note"],
            [1, 79123456789, "007", 0.1, dt.date(2026, 3, 4), dt.datetime(2026, 3, 4, 10),
             dt.time(9, 5), True, " two\nlines "],
            [2.5, 1234567890123456, "", 0.1 + 0.2, dt.date(1999, 12, 31),
             dt.datetime(2026, 3, 4), dt.time(0, 0, 1), False],
        ],
        {4: "dd.mm.yyyy", 5: "yyyy-mm-dd hh:mm", 6: "hh:mm"},
    )  # fmt: skip
    seen = see(path)
    assert seen.rows == [
        ("1", "79123456789", "007", "0.1", "2026-03-04", "2026-03-04T10:00:00", "09:05:00",
         "true", " two\nlines "),
        ("2.5", "1234567890123456", None, "0.3", "1999-12-31", "2026-03-04", "00:00:01",
         "false", None),
    ]  # fmt: skip
    assert set(seen.findings) == {"long-number"}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("5", "5"), ("5.0", "5"), ("-5", "-5"), ("0.1", "0.1"), ("-0", "0"), ("0", "0"),
        ("7.9123456789E+10", "79123456789"), ("1E-07", "0.0000001"), ("1e300", "1e+300"),
        ("0.30000000000000004", "0.3"), ("1234.3000000000002", "1234.3"),
        ("3.141592653589793", "3.141592653589793"), ("0.1234567890123456", "0.1234567890123456"),
        ("12345678901234567890", "12345678901234567890"), ("1.10", "1.1"), ("nonsense", "nonsense"),
        ("9007199254740993", "9007199254740993"), ("NaN", "NaN"), ("00", "0"),
    ],
)  # fmt: skip
def test_numbers(stored: str, text: str) -> None:
    assert number_text(stored) == text


@settings(max_examples=500, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value(value: float) -> None:
    text = number_text(repr(value))
    assert math.isclose(float(text), value, rel_tol=1e-14)
    assert "E" not in text
    if value == int(value):
        assert float(text) == value


@pytest.mark.parametrize(
    ("serial", "kind", "text"),
    [
        ("46085", "date", "2026-03-04"), ("46085.416666666664", "date", "2026-03-04T10:00:00"),
        ("46085.5000115741", "date", "2026-03-04T12:00:01"), ("1", "date", "1900-01-01"),
        ("59", "date", "1900-02-28"), ("60", "date", "60"), ("61", "date", "1900-03-01"),
        ("2958465", "date", "9999-12-31"), ("2958466", "date", "2958466"), ("-1", "date", "-1"),
        ("0.4375", "time", "10:30:00"), ("46085.4375", "time", "2026-03-04T10:30:00"),
        ("1.25", "elapsed", "30:00:00"), ("x", "date", "x"),
    ],
)  # fmt: skip
def test_dates(serial: str, kind: str, text: str) -> None:
    assert date_text(serial, kind, epoch_1904=False) == text


def test_dates_of_old_macs() -> None:
    assert date_text("44623", "date", epoch_1904=True) == "2026-03-04"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd.mm.yyyy", "date"), ("[$-419]d mmmm yyyy;@", "date"), ("mmm", "date"),
        ("h:mm AM/PM", "time"), ("mm:ss.0", "time"), ("[h]:mm:ss", "elapsed"),
        ("[mm]:ss", "elapsed"), ("General", None), ("0.00", None), ('0" days"', None),
        ("#,##0 [$руб.-419]", None), ("[Red]0;[Blue]-0", None), ("\\d0", None),
        ("_(* #,##0_)", None), ("0%", None), ("General;[Red]-General", None), ("@", None),
    ],
)  # fmt: skip
def test_which_formats_are_dates(code: str, kind: str | None) -> None:
    assert format_kind(164, code) == kind


def test_texts_have_their_escapes_resolved() -> None:
    assert plain_text("a_x000D_b_x005F_x000D_ _x 1_xD83D__xDE00_") == "a\rb_x000D_ _x 1😀"


def test_the_first_sheet_with_cells_is_read(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "three.xlsx")
    book.add_worksheet("Empty")
    hidden = book.add_worksheet("Lists")
    hidden.write(0, 0, "secret")
    hidden.hide()
    book.add_worksheet("Лиды").write_column(2, 1, ["id", "1"])
    book.close()
    seen = see(tmp_path / "three.xlsx")
    assert (seen.columns, seen.rows) == (("id",), [("1",)])
    assert seen.findings["sheets"] == "Sheet Лиды was read; the workbook also has Empty, Lists."
    assert see(tmp_path / "three.xlsx", sheet="lists").columns == ("secret",)
    with pytest.raises(UsageError, match="Лид") as refused:
        see(tmp_path / "three.xlsx", sheet="Лид")
    said = "Лиды".encode().decode("ascii", "surrogateescape")  # as with LC_ALL=C
    assert see(tmp_path / "three.xlsx", sheet=said).columns == ("id",)
    with pytest.raises(UsageError, match="no sheet"):
        see(tmp_path / "three.xlsx", sheet="\udcff")
    assert "Лиды" in refused.value.hint


def test_blank_rows_and_columns_are_not_there(tmp_path: Path) -> None:
    rows = [[], [None, "id", None, "name", None], [], [None, 1, None, "Anna"], [], [], [None, 2]]
    seen = see(written(tmp_path / "gaps.xlsx", rows))
    assert seen.columns == ("id", "name")
    assert seen.rows == [("1", "Anna"), ("2", None)]
    assert "3 (lines 3, 5, ...)" in seen.findings["blank-lines"]


def test_a_value_beside_the_table_makes_a_column(tmp_path: Path) -> None:
    rows = [[None, "id", "name"], ["?", 1, "Anna", None, "call her"], [None, 2, "Boris"]]
    seen = see(written(tmp_path / "beside.xlsx", rows))
    assert seen.columns == ("column 1", "id", "name", "column 5")
    assert seen.rows == [("?", "1", "Anna", "call her"), (None, "2", "Boris", None)]


def test_errors_and_uncomputed_formulas_are_missing(tmp_path: Path) -> None:
    cells: list[list[CellXml]] = [
        ["<c t='inlineStr'><is><t>a</t></is></c>", "<c t='inlineStr'><is><t>b</t></is></c>"],
        ["<c t='e'><v>#N/A</v></c>", "<c><f>A1+1</f></c>"],
        ["<c><f>1+1</f><v>2</v></c>", "<c t='str'><f>A1</f><v>x</v></c>"],
    ]
    seen = see(raw_workbook(tmp_path / "errors.xlsx", cells))
    assert seen.rows == [("2", "x")]  # a row of nothing but errors holds no value
    assert "#N/A" in seen.findings["cell-error"]
    assert "formula-uncomputed" in seen.findings


def test_rich_text_without_phonetic_hints(tmp_path: Path) -> None:
    cells: list[list[CellXml]] = [
        ["<c t='inlineStr'><is><r><t>na</t></r><r><t>me</t></r><rPh><t>HINT</t></rPh></is></c>"],
        ["<c t='d'><v>2026-03-04T00:00:00</v></c>"],
    ]
    seen = see(raw_workbook(tmp_path / "rich.xlsx", cells))
    assert (seen.columns, seen.rows) == (("name",), [("2026-03-04",)])


def test_xml_with_prefixes(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "prefixed.xlsx", [["<c><v>1</v></c>"], ["<c><v>2</v></c>"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    for tag in ("worksheet", "sheetData", "row", "c", "v"):
        sheet = sheet.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
        sheet = sheet.replace(f"</{tag}>", f"</x:{tag}>")
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("xmlns=", "xmlns:x=")
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert see(path).rows == [("2",)]


values = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9).map(lambda value: round(value, 6)),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(values, min_size=3, max_size=3), max_size=6))
def test_calamine_sees_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]
) -> None:
    """Another reader as a judge, on harmless workbooks."""
    path = tmp_path_factory.getbasetemp() / "random.xlsx"
    book = Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for number, row in enumerate([["a", "b", "c"], *rows]):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    book.close()
    judge = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
    expected = []
    for row in judge[1:]:
        texts = [
            "" if cell == "" else cell if isinstance(cell, str)
            else str(cell).lower() if isinstance(cell, bool) else number_text(repr(cell))
            for cell in row
        ]  # fmt: skip
        if any(texts):
            expected.append(tuple(text or None for text in texts))
    assert see(path).rows == expected


def test_old_xls(read: Callable) -> None:
    seen = read(OLD.read_bytes(), "old.csv")
    assert seen.columns == ("id", "имя", "budget", "date", "ok")
    assert seen.rows[0] == ("1", "Анна", "150000.5", "2026-03-04", "true")


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("<sheetData><row r='1'><c r='A1'><v>1</v></c>", "damaged"),
        ("<sheetData><row r='1'><c r='ZZZZ9'><v>1</v></c></row></sheetData>", "damaged"),
        ("<sheetData><row r='1'><c r='A1' t='s'><v>7</v></c></row></sheetData>", "row 1"),
        ("<sheetData/>", "no cells"),
        ("<sheetData><row r='1048577'><c><v>1</v></c></row></sheetData>", "damaged"),
        ("<sheetData><row>" + "<c><v>1</v></c>" * 2_001 + "</row></sheetData>", "2,000 columns"),
    ],
)
def test_unsound_sheets_are_refused(tmp_path: Path, sheet: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        see(raw_workbook(tmp_path / "unsound.xlsx", sheet))


def test_formats_of_zeros_are_shown(tmp_path: Path) -> None:
    """Postcodes are kept as numbers with leading zeros that only the format knows."""
    path = tmp_path / "zeros.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, zeros = book.add_worksheet(), book.add_format({"num_format": "00000"})
        sheet.write_row(0, 0, ["plz", "size"])
        for row, number in enumerate([1067, 80331, 123456, 0.5, -7], start=1):
            sheet.write_number(row, 0, number, zeros)
            sheet.write_number(row, 1, number)
    assert [row[:2] for row in see(path).rows] == [
        ("01067", "1067"),
        ("80331", "80331"),
        ("123456", "123456"),
        ("0.5", "0.5"),
        ("-00007", "-7"),
    ]
