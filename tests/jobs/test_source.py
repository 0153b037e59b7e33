"""A cleaned base goes back to the very bytes it was made of, whatever they were."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.errors import DataError, ScorelineError
from scoreline.jobs.quality.beside import beside
from scoreline.jobs.quality.checking import quality_of
from scoreline.jobs.quality.clean_file import Back, CleanFile
from scoreline.jobs.quality.results import QualityAsked
from tests.conftest import Ran
from tests.jobs.test_cleaning import ALL, AS_OF

ENDINGS = ("csv", "tsv.gz", "xlsx", "parquet", "jsonl")
TEXTS: dict[str, bytes] = {
    "plain.csv": b"id,name\n1, Anna \n2,\n",
    "semicolons.csv": "id;name;phone\r\n1; Anna ;+79123456789\r\n2;Bob;\r\n".encode("utf-8-sig"),
    "cyrillic.csv": "id,имя\n1, Анна \n2,Борис".encode("cp1251"),
    "quotes.csv": b'"id","name"\n"1"," Anna "\n2,"a ""b"""\n\n3,x',
    "one_name_thrice.csv": b"a,a,a\n1, 2 ,3\n",
    "blank_rows_of_one_column.csv": b"name\n Anna \n\nBob\n",
    "ragged.csv": b"a,b\n1, x \n2,3,4,5\n3,4\n",
    "formula.csv": b"=1+1,b\n1, =2 \n",
    "tabs.tsv": b"a\tb\n1\t x \n",
    "packed.csv.gz": gzip.compress(b"a,b\n1, x \n"),
    "export.txt": b"a,b\n1, x \n",
    "kinds.jsonl": b'{"a": 1, "b": " x ", "c": {"d": [1,2]}, "e": 1.50, "f": true}\n{"a": 2}\n',
}
COLUMNS = {
    "moment": [dt.datetime(2026, 1, 1, 10, 0, 0, 5), None],
    "day": [dt.date(2026, 1, 1), None],
    "time": [dt.time(1, 2), None],
    "duration": [dt.timedelta(1), None],
    "exact": [Decimal("1.50"), None],
    "real": [1e-7, 0.1],
    "yes": [True, None],
    "list": [[1, 2], None],
    "struct": [{"x": 1}, None],
    "bytes": [b"\x00\x01", None],
    "kind": pl.Series(["u", "v"], dtype=pl.Categorical),
}


def back(source: Path, out: Path) -> tuple[Back, bytes]:
    """What comes back of a base that was cleaned, and a step of which was taken back."""
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    clean = CleanFile(out)
    if clean.changes:
        clean.undo([clean.changes[-1].step])
        clean.save()
    again = source.with_name(f"back_{source.name}")
    return CleanFile(out).back(again), again.read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", TEXTS)
def test_the_bytes_of_a_text_come_back(tmp_path: Path, name: str, ending: str) -> None:
    source, out = tmp_path / name, tmp_path / f"clean.{ending}"
    source.write_bytes(TEXTS[name])
    assert back(source, out) == (Back.BYTES, TEXTS[name])


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("column", [*COLUMNS, "all"])
def test_the_bytes_of_parquet_come_back(tmp_path: Path, column: str, ending: str) -> None:
    """A column of any type is carried along, in a format that may not have its type."""
    source, out = tmp_path / "base.parquet", tmp_path / f"clean.{ending}"
    columns = COLUMNS if column == "all" else {column: COLUMNS[column]}
    pl.DataFrame({"id": [1, 2], "name": [" Anna ", None], **columns}).write_parquet(source)
    assert back(source, out) == (Back.BYTES, source.read_bytes())


def test_the_bytes_of_a_workbook_come_back(tmp_path: Path) -> None:
    source = tmp_path / "base.xlsx"
    pl.DataFrame({"id": [1, 2], "name": [" Anna ", "=1+1"]}).write_excel(source)
    assert back(source, tmp_path / "clean.csv") == (Back.BYTES, source.read_bytes())


@settings(max_examples=25, deadline=None)
@given(
    cells=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=3),
        min_size=1,
        max_size=5,
    ),
    separator=st.sampled_from([",", ";", "\t"]),
    line=st.sampled_from(["\n", "\r\n"]),
    coding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_the_bytes_of_any_text_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[list[str]],
    separator: str,
    line: str,
    coding: str,
) -> None:
    folder = tmp_path_factory.mktemp("base")
    source, out = folder / "base.csv", folder / "clean.csv"
    lines = [separator.join(row) for row in [["id", "name", "phone"], *cells]]
    source.write_bytes(line.join(lines).encode(coding))
    try:
        quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    except DataError:
        return  # no table at all
    again = folder / "back.csv"
    assert CleanFile(out).back(again) is Back.BYTES
    assert again.read_bytes() == source.read_bytes()


def test_a_plain_file_needs_no_copy_and_others_have_one(tmp_path: Path) -> None:
    for name, kept in (("plain.csv", False), ("semicolons.csv", True)):
        source, out = tmp_path / name, tmp_path / "clean.csv"
        source.write_bytes(TEXTS[name])
        found = quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
        *_, copy = beside(out)
        assert found.cleaned is not None
        assert (found.cleaned.written.copied, copy.exists()) == (kept, kept)


def test_without_the_copy_the_cells_come_back_and_it_is_said(
    scoreline: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "leads.csv").write_bytes(TEXTS["semicolons.csv"])
    made = scoreline("quality", "leads.csv", "--out", "clean.csv", "--apply", "trim")
    assert "clean.csv.source.gz" in made.out
    went = scoreline("changes", "clean.csv", "--back", "back.csv")
    assert "byte for byte" in went.out
    (tmp_path / "clean.csv.source.gz").unlink()
    went = scoreline("changes", "clean.csv", "--back", "cells.csv")
    assert (went.code, "the copy of the source is gone" in went.out) == (0, True)
    cells = (tmp_path / "cells.csv").read_text("utf-8")
    assert cells == "id,name,phone\n1, Anna ,+79123456789\n2,Bob,\n"


def test_another_format_gets_the_cells(tmp_path: Path) -> None:
    source, out = tmp_path / "leads.csv", tmp_path / "clean.csv"
    source.write_bytes(TEXTS["semicolons.csv"])
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    assert CleanFile(out).back(tmp_path / "back.parquet") is Back.OTHER_FORMAT
    names = pl.read_parquet(tmp_path / "back.parquet")["name"]
    assert names.to_list() == [" Anna ", "Bob"]


def test_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    source, out = tmp_path / "leads.csv", tmp_path / "clean.csv"
    source.write_bytes(TEXTS["semicolons.csv"])
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    *_, copy = beside(out)
    whole = copy.read_bytes()
    for damaged in (b"", whole[:-9], gzip.compress(b"another base"), b"no gzip"):
        copy.write_bytes(damaged)
        with pytest.raises(DataError, match="damaged, or of another base"):
            CleanFile(out).back(tmp_path / "back.csv")
        assert not (tmp_path / "back.csv").exists()


def test_a_base_from_standard_input_goes_back_too(
    scoreline: Callable[..., Ran], tmp_path: Path
) -> None:
    scoreline("quality", "-", "--out", "clean.csv", stdin=TEXTS["semicolons.csv"].decode())
    assert "byte for byte" in scoreline("changes", "clean.csv", "--back", "back.csv").out
    assert (tmp_path / "back.csv").read_bytes() == TEXTS["semicolons.csv"]


def test_a_header_that_a_spreadsheet_would_run_is_harmless(tmp_path: Path) -> None:
    source, out = tmp_path / "base.csv", tmp_path / "clean.csv"
    source.write_bytes(TEXTS["formula.csv"])
    assert back(source, out) == (Back.BYTES, TEXTS["formula.csv"])
    assert out.read_text("utf-8").splitlines()[0] == "'=1+1,b"


def test_accepted_formulas_are_harmless_where_spreadsheets_open_them(tmp_path: Path) -> None:
    source, mine = tmp_path / "base.jsonl", tmp_path / "mine.csv"
    source.write_text('{"id": "1", "name": "=1+1"}\n', encoding="utf-8")
    mine.write_text("row,column,is,meant\n1,name,'=1+1,'=2+2\n", encoding="utf-8")
    for ending, want in (("csv", "'=2+2"), ("jsonl", "=2+2")):
        out = tmp_path / f"clean.{ending}"
        quality_of(source, QualityAsked(as_of=AS_OF, out=str(out)))
        clean = CleanFile(out)
        clean.accept(mine)
        clean.save()
        assert CleanFile(out).frame["name"].to_list() == [want]


def test_a_suggestion_in_a_column_of_numbers_is_accepted(tmp_path: Path) -> None:
    source, out, mine = tmp_path / "b.parquet", tmp_path / "clean.parquet", tmp_path / "mine.csv"
    pl.DataFrame({"id": [1, 2], "phone": [79123456789, 12]}).write_parquet(source)
    mine.write_text("row,column,is,meant\n2,phone,12,79123456780\n", encoding="utf-8")
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out)))
    clean = CleanFile(out)
    assert clean.accept(mine) == 1
    clean.save()
    assert pl.read_parquet(out)["phone"].to_list() == [79123456789, 79123456780]
    mine.write_text("row,column,is,meant\n2,phone,79123456780,none\n", encoding="utf-8")
    with pytest.raises(DataError, match="holds no texts"):
        CleanFile(out).accept(mine)


def test_two_acts_in_one_command_are_one(scoreline: Callable[..., Ran], tmp_path: Path) -> None:
    """The suggestion does not fit, so nothing is taken back either."""
    (tmp_path / "leads.csv").write_text("id,name\n1, Anna \n", encoding="utf-8")
    (tmp_path / "mine.csv").write_text("row,column,is,meant\n1,name,Eva,Ida\n", encoding="utf-8")
    scoreline("quality", "leads.csv", "--out", "clean.csv", "--apply", "trim")
    files = {path: path.read_bytes() for path in beside(tmp_path / "clean.csv") if path.exists()}
    refused = scoreline("changes", "clean.csv", "--undo", "1", "--accept", "mine.csv")
    assert (refused.code, "something else by now" in refused.err) == (2, True)
    assert {path: path.read_bytes() for path in files} == files


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_log_is_refused_with_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("base")
    source, out = folder / "base.csv", folder / "clean.csv"
    source.write_text("id,name\n1, Anna \n2, Bob \n", encoding="utf-8")
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    log = folder / "clean.csv.changes.jsonl"
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    line = data.draw(st.sampled_from(lines))
    name = data.draw(st.sampled_from(list(line)))
    odd = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers()))
    line[name] = data.draw(odd)
    text = "\n".join(map(json.dumps, lines))
    log.write_text(text[: data.draw(st.integers(len(text) // 2, len(text)))], encoding="utf-8")
    again = folder / "back.csv"
    try:
        clean = CleanFile(out)
        clean.undo([1])
        clean.back(again)
    except ScorelineError:
        assert not again.exists()
    else:
        assert again.read_bytes() == source.read_bytes()


def test_nothing_is_there_if_one_of_the_files_can_not_be_written(tmp_path: Path) -> None:
    source, out = tmp_path / "base.csv", tmp_path / "clean.csv"
    source.write_text("id,name\n1, Anna \n", encoding="utf-8")
    log, *_ = beside(out)
    log.mkdir()
    with pytest.raises(DataError, match="is a folder"):
        quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    assert not out.exists()


def test_numbers_beside_are_made_once(tmp_path: Path) -> None:
    source, out, again = tmp_path / "base.csv", tmp_path / "clean.csv", tmp_path / "again.csv"
    source.write_text("id,phone\n1,+33 6 12 34 56 78\n", encoding="utf-8")
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=("e164",)))
    quality_of(out, QualityAsked(as_of=AS_OF, out=str(again), rules=("e164",)))
    assert pl.read_csv(again).columns == ["id", "phone", "phone_e164"]
