"""Tables into files: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import datetime as dt
import gzip
import os
import stat
import sys
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from scoreline.errors import DataError, UsageError
from scoreline.quality.formulas import RISKY_BYTES, neutralised
from scoreline.quality.reading.files import RejectedRow, open_table
from scoreline.quality.writing import xlsx
from scoreline.quality.writing.files import WRITERS, check_ending, sink, write_rejected

RISKY = [
    "=1+1", "=cmd|' /C calc'!A0", "+SUM(A1)", "-A1", "@SUM(A1)", "\tx", "\r=1", "\n=1", "  =1+1",
    "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1+1", "＋A1", "－A1", "＠x", "−A1", "+7 912 x", "-1*A1",
    "=", "@", "+a", "=\"x\"", "-5e", "+1!", "-1|x", "\u3000@x", "\u2003-x", "\x0b=1", "\x85=1",
    "-inf", "+nan",
]  # fmt: skip
HARMLESS = [
    "-5", "+5", "-1.5e-3", "-1,5E+10", "+7 912 345-67-89", "+7 (912) 345-67-89", "-", "--", "- 5 %",
    "-1 234,50 ₽", "+1/2", "a=1", "a@b.ru", "1-2", "", " ", "Анна", "é", "'=1", "日本", "😀",
    "x\t=1",
]  # fmt: skip


@pytest.mark.parametrize("text", RISKY)
def test_risky_cells_get_an_apostrophe(text: str) -> None:
    frame = pl.LazyFrame({"a": [text, None, "x", "5"]})
    assert neutralised(frame).collect()["a"].to_list() == [f"'{text}", None, "x", "5"]
    assert text.encode()[0] in RISKY_BYTES


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_phones_and_words_stay(text: str) -> None:
    assert neutralised(pl.LazyFrame({"a": [text, "=1"]})).collect()["a"].to_list() == [text, "'=1"]


def test_headers_and_categories_are_looked_at_too() -> None:
    kinds = {"=a": pl.Categorical, "b": pl.Enum(["@x", "y"])}
    frame = neutralised(pl.LazyFrame({"=a": ["=x", "y"], "b": ["@x", "y"]}, schema=kinds)).collect()
    assert frame.columns == ["'=a", "b"]
    assert frame.rows() == [("'=x", "'@x"), ("y", "y")]


def test_headers_that_differ_by_an_apostrophe_stay_different() -> None:
    frame = pl.LazyFrame({"=a": ["1"], "'=a": ["2"], "''=a": ["3"]})
    assert neutralised(frame).collect().columns == ["'''=a", "'=a", "''=a"]


def test_a_blank_cell_of_one_column_is_a_row_of_csv(tmp_path: Path) -> None:
    """A line of nothing would be no row to who reads it."""
    for cells in (["x", None, ""], [1.5, None, 2.0], [None, None]):
        path = tmp_path / "one.csv"
        sink(pl.LazyFrame({"a": cells}), path)
        assert [bool(line) for line in path.read_text().splitlines()] == [True] * (1 + len(cells))
        assert pl.read_csv(path).height == len(cells)


def test_columns_known_as_plain_are_not_looked_at() -> None:
    frame = pl.LazyFrame({"a": ["=1"], "b": ["=1"]})
    assert neutralised(frame, plain={"a"}).collect().rows() == [("=1", "'=1")]


FRAME = pl.LazyFrame(
    {
        "id": [1, 2],
        "name": ["=cmd()", None],
        "share": [0.5, None],
        "ok": [True, None],
        "on": [dt.date(2026, 3, 4), None],
        "at": [dt.datetime(2026, 3, 4, 10), dt.datetime(2026, 3, 4, 10, 0, 0, 500_000)],
    }
)
CSV = (
    "id,name,share,ok,on,at\n1,'=cmd(),0.5,true,2026-03-04,2026-03-04T10:00:00\n"
    "2,,,,,2026-03-04T10:00:00.500\n"
)


def test_csv_and_its_kin(tmp_path: Path) -> None:
    for ending in (".csv", ".csv.gz", ".tsv", ".tsv.gz"):
        path = tmp_path / f"OUT{ending.upper()}"
        sink(FRAME, path)
        data = gzip.decompress(path.read_bytes()) if "gz" in ending else path.read_bytes()
        assert data.decode() == (CSV.replace(",", "\t") if "tsv" in ending else CSV)


def test_machine_feeds_keep_formulas(tmp_path: Path) -> None:
    sink(FRAME, tmp_path / "feed.csv", formulas="keep")
    assert "\n1,=cmd()," in (tmp_path / "feed.csv").read_text()
    sink(FRAME, tmp_path / "feed.jsonl")
    first, second = (tmp_path / "feed.jsonl").read_text().splitlines()
    assert '"name":"=cmd()"' in first
    assert '"at":"2026-03-04T10:00:00"' in first
    assert '"name":null' in second
    sink(FRAME, tmp_path / "feed.parquet")
    assert pl.read_parquet(tmp_path / "feed.parquet").equals(FRAME.collect())


def test_xlsx_holds_values_not_formulas(tmp_path: Path) -> None:
    ids = [9007199254740993, -5]
    sink(FRAME.with_columns(pl.Series("id", ids)), tmp_path / "out.xlsx")
    sheet = python_calamine.load_workbook(tmp_path / "out.xlsx").get_sheet_by_index(0)
    head, first, second = sheet.to_python()
    assert head == ["id", "name", "share", "ok", "on", "at"]
    moment = dt.datetime(2026, 3, 4, 10)
    assert first == ["9007199254740993", "'=cmd()", 0.5, True, dt.date(2026, 3, 4), moment]
    assert second[:5] == [-5, "", "", "", ""]


def test_xlsx_limits_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsx.MOST_ROWS == 1_048_576
    monkeypatch.setattr(xlsx, "MOST_ROWS", 10)  # the header is one of them
    sink(pl.LazyFrame({"a": range(9)}), tmp_path / "long.xlsx")
    (tmp_path / "long.xlsx").unlink()
    with pytest.raises(DataError, match="at most 10 rows"):
        sink(pl.LazyFrame({"a": range(10)}), tmp_path / "long.xlsx")
    with pytest.raises(DataError, match="32,767"):
        sink(pl.LazyFrame({"a": ["x" * 32_768]}), tmp_path / "wide.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_what_csv_has_no_form_for_is_json_or_hex(tmp_path: Path) -> None:
    frame = pl.LazyFrame({"list": [[1, 2], None], "bytes": [b"\x01\xff", None]})
    sink(frame, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == 'list,bytes\n"[1,2]",01ff\n,\n'


def test_standard_output_is_csv(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for name in (None, "-"):
        sink(FRAME, name)
        assert capfdbinary.readouterr().out.decode() == CSV


def test_a_reader_that_leaves_is_a_broken_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python itself says it, so that the command line can end quietly."""
    out, into = os.pipe()
    os.close(out)
    monkeypatch.setattr(sys, "stdout", os.fdopen(into, "w"))
    with pytest.raises(BrokenPipeError):
        sink(FRAME, None)


def boom(batch: pl.DataFrame) -> pl.DataFrame:
    raise RuntimeError("half way")


@pytest.mark.parametrize("ending", WRITERS)
def test_nothing_is_half_written(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    path.write_text("old")
    with pytest.raises(Exception, match="half way"):
        sink(FRAME.map_batches(boom, schema=FRAME.collect_schema()), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_replaces_what_a_link_points_to_and_keeps_its_mode(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    sink(FRAME, link)
    assert link.is_symlink()
    assert real.read_text() == CSV
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    sink(FRAME, tmp_path / "new.csv")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == 0o666 & ~mask


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("")
    cases = {
        tmp_path / "none" / "out.csv": "no such folder",
        tmp_path / "file" / "out.csv": "its folder is a file",
        tmp_path / "folder.csv": "is a folder",
        tmp_path / f"{'n' * 300}.csv": "name is too long",
    }
    if Path("/dev/full").exists():
        cases[Path("/dev/full")] = "disk is full"
    for path, words in cases.items():
        with pytest.raises(DataError, match=words):
            sink(FRAME, path)


def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    """Even the superuser is refused by a read-only file system, so one of those will do as well."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o500)
    places = [folder] if os.geteuid() else [Path("/sys"), Path("/proc")]
    for place in places:
        with pytest.raises(DataError, match="can't be written"):
            sink(FRAME, place / "out.csv")


def test_unknown_extensions_are_wrong_use() -> None:
    for name in ("out.doc", "out", "out.gz"):
        with pytest.raises(UsageError, match="no format"):
            check_ending(name)
    for name in ("a.csv", "-", None, "b.XLSX"):
        check_ending(name)


def test_blank_is_written_in_one_way(tmp_path: Path) -> None:
    """An empty text and no text at all look alike in csv and tsv; machines are told the truth."""
    frame = pl.LazyFrame({"id": ["1", "2"], "ask": ["", None]})
    for ending in ("csv", "tsv", "jsonl", "parquet"):
        sink(frame, tmp_path / f"out.{ending}")
    assert (tmp_path / "out.csv").read_text() == "id,ask\n1,\n2,\n"
    assert (tmp_path / "out.tsv").read_text() == "id\task\n1\t\n2\t\n"
    assert pl.read_ndjson(tmp_path / "out.jsonl")["ask"].to_list() == ["", None]
    assert pl.read_parquet(tmp_path / "out.parquet")["ask"].to_list() == ["", None]


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".tsv", ".xlsx", ".jsonl", ".parquet"])
def test_names_that_are_no_text(tmp_path: Path, ending: str) -> None:
    """File systems take any bytes; Python shows those that are no UTF-8 as lone surrogates."""
    for name in (f"caf\udce9{ending}", f"d\udcff/out{ending}"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        sink(FRAME, path)
        with open_table(path) as table:
            assert table.frame.collect().height == FRAME.collect().height
        assert not [other for other in path.parent.iterdir() if other.suffix == ".part"]


def test_rejected_rows_have_a_file_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "out.csv.rejected.csv"
    write_rejected(
        [RejectedRow(3, 4, "ragged: 3 cells", "=1,2,3"), RejectedRow(9, None, "x", "")], path
    )
    assert path.read_text() == 'row,line,reason,raw\n3,4,ragged: 3 cells,"\'=1,2,3"\n9,,x,\n'
    write_rejected([], path)
    assert path.read_text() == "row,line,reason,raw\n"


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".tsv", ".xlsx", ".jsonl", ".parquet"])
def test_what_is_written_is_read_back(tmp_path: Path, ending: str) -> None:
    frame = pl.LazyFrame(
        {"id": ["1", "007"], "имя": ['Анна "А"', None], "note": ["a,b;c\nd", "+7 9"]}
    )
    sink(frame, tmp_path / f"out{ending}")
    with open_table(tmp_path / f"out{ending}") as table:
        assert table.frame.drop("__row__").collect().equals(frame.collect())
        assert table.findings == []


def test_what_is_blank_in_a_csv_is_blank_in_every_column(tmp_path: Path) -> None:
    ask = pl.Series(["", "budget", None], dtype=pl.Enum(["", "budget"]))
    frame = pl.LazyFrame({"reasons": ["phone +1", "", None], "ask": ask, "score": [1, 2, 3]})
    sink(frame, path := tmp_path / "blank.csv")
    assert path.read_text(encoding="utf-8") == "reasons,ask,score\nphone +1,,1\n,budget,2\n,,3\n"


def test_names_that_are_formulas_are_guarded_in_columns_of_few_values(tmp_path: Path) -> None:
    segment = pl.Series(["=hot", "cold"], dtype=pl.Enum(["=hot", "cold"]))
    sink(pl.LazyFrame({"segment": segment, "score": [1, 2]}), path := tmp_path / "guarded.csv")
    assert path.read_text(encoding="utf-8") == "segment,score\n'=hot,1\ncold,2\n"
