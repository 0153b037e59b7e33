"""What a csv file from the field means, row by row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scoreline.errors import DataError


def test_cells_are_text_as_they_stand(read: Callable) -> None:
    seen = read('id,phone,note\n1,007 495,"He said ""hi"", twice"\n2, 1.10 ,\n')
    assert seen.columns == ("id", "phone", "note")
    assert seen.rows == [("1", "007 495", 'He said "hi", twice'), ("2", " 1.10 ", None)]
    assert seen.findings == {}


def test_a_cell_may_hold_line_ends(read: Callable) -> None:
    seen = read('id,address\n1,"High Street\r\nLondon"\n2,Paris\n')
    assert seen.rows == [("1", "High Street\r\nLondon"), ("2", "Paris")]


def test_short_rows_are_padded_and_said(read: Callable) -> None:
    seen = read("id,name,city\n1,Anna,Perm\n2\n3,Olga\n")
    assert seen.rows == [("1", "Anna", "Perm"), ("2", None, None), ("3", "Olga", None)]
    assert seen.findings["short-row"].startswith("2 rows with fewer cells")
    assert seen.lines["short-row"] == 3


def test_long_rows_lose_blank_cells_or_are_rejected(read: Callable) -> None:
    seen = read("id,name\n1,Anna,, \n2,Boris,Omsk\n3,Olga\n")
    assert seen.rows == [("1", "Anna"), ("3", "Olga")]
    assert seen.numbers == [1, 3]
    assert seen.rejected == [(2, 3, "ragged")]
    assert seen.raw == ["2,Boris,Omsk"]
    assert set(seen.findings) == {"long-row-trimmed", "ragged"}


def test_a_header_that_one_sign_alone_parts_is_plain(read: Callable) -> None:
    """However ragged the rows are: these have findings of their own."""
    ragged = "id,name,city\n1,a,b\n" + "2,a,b,c,d\n3\n" * 4
    assert read(ragged).findings.keys() == {"ragged", "short-row"}
    title = "Report, 2026\n" + "1;a;b\n" * 9
    assert "separator-unsure" in read(title).findings


def test_blank_lines_are_no_rows_but_empty_cells_are(read: Callable) -> None:
    seen = read("\n\nid,name\n\n1,Anna\n   \n,\n\n")
    assert seen.rows == [("1", "Anna"), (None, None)]
    assert seen.findings["blank-lines"].endswith("no rows: 5 (lines 1, 2, 4, 6, 8).")


def test_line_ends_of_three_kinds(read: Callable) -> None:
    seen = read("id,name\r\n1,Anna\r2,Boris\n3,Olga")
    assert seen.rows == [("1", "Anna"), ("2", "Boris"), ("3", "Olga")]


def test_a_quote_never_closed_costs_at_most_its_row(read: Callable) -> None:
    seen = read('id,name,city\n1,"Anna, Perm,59\n2,Boris,Omsk\n3,"Olga",Tver\n')
    assert seen.rows == [("2", "Boris", "Omsk"), ("3", "Olga", "Tver")]
    assert seen.rejected == [(1, 2, "unclosed-quote")]


def test_a_quote_never_closed_is_text_if_the_row_is_whole(read: Callable) -> None:
    seen = read('id,name,city\n1,"Anna,Perm\n2,Boris,Omsk\n3,Olga,"Tver"\n')
    assert seen.rows[0] == ("1", '"Anna', "Perm")
    assert len(seen.rows) == 3
    assert "stray-quote" in seen.findings


def test_quotes_inside_a_cell(read: Callable) -> None:
    seen = read('id,name\n1,LLC "Romashka"\n2,"LLC "Vasilek" Ltd"\n3,5" pipe\n')
    assert seen.rows == [
        ("1", 'LLC "Romashka"'),
        ("2", 'LLC "Vasilek" Ltd'),
        ("3", '5" pipe'),
    ]
    assert seen.lines["stray-quote"] == 3


def test_backslash_before_a_quote(read: Callable) -> None:
    seen = read('id,name\n1,"the \\"best\\", they say"\n2,"C:\\dir"\n')
    assert seen.rows == [("1", 'the "best", they say'), ("2", "C:\\dir")]
    assert "backslash-quote" in seen.findings


def test_blanks_beside_quotes(read: Callable) -> None:
    seen = read('id,name,city\n1, "Smith, John" ,"Bath"\n')
    assert seen.rows == [("1", "Smith, John", "Bath")]
    assert "spaced-quote" in seen.findings


def test_nul_bytes_are_removed(read: Callable) -> None:
    seen = read("id,name\n1,An\0na\n")
    assert seen.rows == [("1", "Anna")]
    assert "nul-bytes" in seen.findings


def test_headers_are_cleaned_and_unique(read: Callable) -> None:
    seen = read('id, First\tname ,name,name,,"multi\nline",__row__\n1,2,3,4,5,6,7\n')
    assert seen.columns == (
        "id",
        "First name",
        "name",
        "name (2)",
        "column 5",
        "multi line",
        "__row__ (2)",
    )
    assert {"header-duplicate", "header-empty"} <= set(seen.findings)


def test_a_header_alone_is_a_table_of_no_rows(read: Callable) -> None:
    assert read("id,name").rows == []


def test_an_empty_file_is_refused(read: Callable) -> None:
    for content in ("", "\n\n", b"\xef\xbb\xbf"):
        with pytest.raises(DataError, match="empty"):
            read(content)
