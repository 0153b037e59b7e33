"""A clean file and its log are never parted: what can't go back is refused before it is written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from scoreline.errors import DataError, ScorelineError
from scoreline.jobs.quality import cleaning
from scoreline.jobs.quality.beside import beside
from scoreline.jobs.quality.checking import quality_of
from scoreline.jobs.quality.clean_file import Back, CleanFile
from scoreline.jobs.quality.merging import MergeAsked
from scoreline.jobs.quality.results import QualityAsked
from scoreline.quality.changes.change import OtherBaseError
from scoreline.quality.reading.files import ReadOptions
from tests.conftest import Ran
from tests.jobs.test_cleaning import ALL, AS_OF

SEMICOLONS = b"id;name;email\n1; Anna ;anna@acme.ru\n2;Bob;\n"


def clean(source: Path, out: Path, read: ReadOptions | None = None) -> Path:
    quality_of(source, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL), read)
    return out


def goes_back(source: Path, out: Path) -> bool:
    """Whether a clean file gives the bytes of its source, and says so."""
    again = source.with_name(f"back_{source.name}")
    return CleanFile(out).back(again) is Back.BYTES and again.read_bytes() == source.read_bytes()


def wrote(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def joined(tmp_path: Path) -> Path:
    """A clean file whose row 2 is part of row 1; row 3 holds no city."""
    data, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    data.write_text("id,name,city\n1,Anna,\n2,Anna,\n3,Bob,\n", encoding="utf-8")
    clusters.write_text("id,cluster\n1,1\n2,1\n3,3\n", encoding="utf-8")
    out = tmp_path / "clean.csv"
    quality_of(data, QualityAsked(as_of=AS_OF, out=str(out), merging=MergeAsked(str(clusters))))
    return out


def suggested(folder: Path, *rows: str) -> Path:
    file = folder / "mine.csv"
    file.write_text("\n".join(["row,column,is,meant", *rows, ""]), encoding="utf-8")
    return file


def test_nothing_is_accepted_into_a_row_that_is_part_of_another(joined: Path) -> None:
    """The cell is blank, as `is` says, but of that row nothing is written."""
    with pytest.raises(DataError, match="row 2: Row 2 is part of row 1"):
        CleanFile(joined).accept(suggested(joined.parent, "3,city,,Omsk", "2,city,,Omsk"))
    assert goes_back(joined.parent / "base.csv", joined)


def test_what_was_changed_beside_the_log_is_said(
    scoreline: Callable[..., Ran], joined: Path
) -> None:
    """A step is taken back all the same: its own cells are as the log left them."""
    right = scoreline("changes", joined, "--accept", suggested(joined.parent, "3,city,,Omsk"))
    assert (right.code, right.err) == (0, "")
    with joined.open("a", encoding="utf-8") as file:
        file.write("4,Cid,Tomsk\n")
    (step, *_) = [one.step for one in CleanFile(joined).changes if one.field == "city"]
    ran = scoreline("changes", joined, "--undo", step)
    assert ran.code == 0, ran.err
    assert "changed by other means too" in ran.err
    assert CleanFile(joined).frame["city"].to_list()[-2:] == [None, "Tomsk"]


def test_an_accepted_suggestion_names_the_check_that_made_it(tmp_path: Path) -> None:
    """Also one that came of other cells: given name and surname that are swapped."""
    data, out = tmp_path / "base.csv", tmp_path / "clean.csv"
    data.write_text("id,first name,last name\n1,Smith,Jennifer\n2,Jennifer,Smith\n")
    clean(data, out)
    file = CleanFile(out)
    assert file.accept(beside(out)[1]) == 2
    assert {one.rule for one in file.changes} == {"name-swapped"}


def test_what_would_not_go_back_is_not_saved(joined: Path) -> None:
    """Whoever changes cells or log by hand gets no file that is worth nothing."""
    file = CleanFile(joined)
    file.log.append(replace(file.log[-1], step=9, record="3", field="city", old=None, new="Omsk"))
    before = wrote(joined.parent)
    with pytest.raises(OtherBaseError, match="Record 3"):
        file.save()
    assert wrote(joined.parent) == before


@pytest.mark.parametrize("ending", ["changes.jsonl", "suggestions.csv", "source.gz"])
def test_what_stands_beside_the_clean_file_is_never_what_it_is_made_of(
    scoreline: Callable[..., Ran], tmp_path: Path, ending: str
) -> None:
    data, clusters = f"s.csv.{ending}", "id,cluster\n1,1\n"
    (tmp_path / data).write_text("id,email\n1,anna@gmial.com\n", encoding="utf-8")
    (tmp_path / "base.csv").write_text("id,email\n1,anna@gmial.com\n", encoding="utf-8")
    before = wrote(tmp_path)
    refused = scoreline("quality", data, "--out", "s.csv")
    assert (refused.code, "would be overwritten" in refused.err) == (2, True)
    (tmp_path / data).write_text(clusters, encoding="utf-8")
    refused = scoreline("quality", "base.csv", "--out", "s.csv", "--merge", data)
    assert (refused.code, "would be overwritten" in refused.err) == (2, True)
    refused = scoreline("quality", "base.csv", "--out", "s.csv", "--findings", f"s.csv.{ending}")
    assert refused.code == 2, "nor may two files have one name"
    assert wrote(tmp_path) == before | {data: clusters.encode()}


def test_of_two_who_change_a_file_at_once_the_second_is_told(tmp_path: Path) -> None:
    source = tmp_path / "base.csv"
    source.write_text("id,name\n1, Anna \n2, Bob \n", encoding="utf-8")
    out = clean(source, tmp_path / "clean.csv")
    first, second = CleanFile(out), CleanFile(out)
    first.undo([1])
    second.undo([2])
    first.save()
    before = wrote(tmp_path)
    with pytest.raises(DataError, match="written by somebody else meanwhile"):
        second.save()
    assert wrote(tmp_path) == before
    assert [change.undoes for change in CleanFile(out).changes] == [None, None, 1]


@pytest.mark.parametrize("name", ["base.csv", "semicolons.csv"])
def test_a_source_that_changes_while_it_is_cleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A copy of other bytes than were read could not go back: nothing is written at all."""
    source, out = tmp_path / name, tmp_path / "clean.csv"
    source.write_bytes(SEMICOLONS.replace(b";", b"," if name == "base.csv" else b";"))
    suggestions = cleaning.suggestions

    def later(*given: object) -> pl.DataFrame:
        with source.open("ab") as stream:
            stream.write(b"3;Eva;\n")
        return suggestions(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(cleaning, "suggestions", later)
    if name == "base.csv":  # its cells were read, and give the bytes that were read
        was = source.read_bytes()
        assert CleanFile(clean(source, out)).back(tmp_path / "back.csv") is Back.BYTES
        assert (tmp_path / "back.csv").read_bytes() == was
        return
    with pytest.raises(DataError, match="changed while it was being cleaned"):
        clean(source, out)
    assert list(wrote(tmp_path)) == [name]


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "tsv", "parquet", "jsonl"])
def test_blank_rows_of_one_column_stay_rows(tmp_path: Path, ending: str) -> None:
    source = tmp_path / "base.parquet"
    pl.DataFrame({"email": ["anna@ACME.ru", None, " eva@acme.ru", ""]}).write_parquet(source)
    out = clean(source, tmp_path / f"clean.{ending}")
    assert goes_back(source, out)
    file = CleanFile(out)
    assert file.source.compared == ("email",)
    file.undo([1])
    file.save()
    assert goes_back(source, out)


def test_a_sheet_does_not_keep_blank_rows_so_none_is_written(tmp_path: Path) -> None:
    source = tmp_path / "base.csv"
    source.write_text("id,name\n1, Anna \n,\n3,Eva\n", encoding="utf-8")
    assert goes_back(source, clean(source, tmp_path / "clean.csv"))
    before = wrote(tmp_path)
    with pytest.raises(DataError, match="would lose 1 row"):
        clean(source, tmp_path / "clean.xlsx")
    assert wrote(tmp_path) == before


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_base_without_records_is_written(tmp_path: Path, ending: str) -> None:
    source = tmp_path / "base.csv"
    source.write_text("id,name\n", encoding="utf-8")
    out = clean(source, tmp_path / f"clean.{ending}")
    assert ending == "jsonl" or goes_back(source, out)


def test_a_clean_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Its cells hold more semicolons than it has commas: what was written is not guessed."""
    source = tmp_path / "base.csv"
    source.write_bytes(b"a;b;c,x;y;z\n 1;2;3,4;5;6\n1;2;3,4;5;6\n")
    out = clean(source, tmp_path / "clean.csv", ReadOptions(separator=","))
    assert CleanFile(out).frame.columns[:2] == ["a;b;c", "x;y;z"]
    assert goes_back(source, out)


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "parquet", "jsonl"])
@pytest.mark.parametrize("source", ["base.parquet", "base.jsonl"])
def test_what_a_format_can_not_hold_does_not_bar_the_way_back(
    tmp_path: Path, source: str, ending: str
) -> None:
    """A zero byte in a text is lost in csv and in sheets: the copy has it."""
    base = pl.DataFrame({"id": ["1", "2"], "email": [" a@acme.ru", "b@x.ru"], "n": ["a\0b", "c"]})
    path = tmp_path / source
    if source.endswith("jsonl"):
        base.write_ndjson(path)
    else:
        base.write_parquet(path)
    out = clean(path, tmp_path / f"clean.{ending}")
    assert goes_back(path, out)
    assert CleanFile(out).source.compared[:2] == ("id", "email"), "the others are compared"


def test_a_cell_that_the_file_could_not_hold_is_not_saved(tmp_path: Path) -> None:
    source = tmp_path / "base.csv"
    source.write_text("id,name\n1,Anna\n", encoding="utf-8")
    out, mine = clean(source, tmp_path / "clean.csv"), tmp_path / "mine.jsonl"
    mine.write_text('{"row": 1, "column": "name", "is": "Anna", "meant": "A\\u0000"}\n', "utf-8")
    file = CleanFile(out)
    file.accept(mine)
    before = wrote(tmp_path)
    with pytest.raises(DataError, match="would not read back"):
        file.save()
    assert wrote(tmp_path) == before


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_headers_that_differ_by_an_apostrophe_stay_apart(tmp_path: Path, ending: str) -> None:
    source = tmp_path / "base.csv"
    source.write_text("=a,'=a,''=a,b\n 1,2,3,x \n", encoding="utf-8")
    out = clean(source, tmp_path / f"clean.{ending}")
    assert goes_back(source, out)
    if ending == "csv":
        assert out.read_text("utf-8").splitlines()[0] == "'''=a,'=a,''=a,b"


@pytest.mark.parametrize("points", ["abc", "nan", "inf", "1,5"])
def test_points_that_are_no_number_are_said(tmp_path: Path, points: str) -> None:
    source, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    source.write_text("id,name\n1,Anna\n2,Anna\n", encoding="utf-8")
    clusters.write_text(f'id,cluster,points\n1,1,9\n2,1,"{points}"\n', encoding="utf-8")
    asked = QualityAsked(out=str(tmp_path / "o.csv"), merging=MergeAsked(str(clusters), 3))
    with pytest.raises(DataError, match=r"row 2: `points` is no number"):
        quality_of(source, asked)


def test_the_number_of_a_row_has_no_thousand_digits(joined: Path) -> None:
    for row in ("9" * 5000, "²", "-1", "0", "1e0"):
        with pytest.raises(DataError, match="no such cell"):
            CleanFile(joined).accept(suggested(joined.parent, f"{row},city,,Omsk"))


DAMAGED: dict[str, Callable[[dict[str, object], dict[str, object]], object]] = {
    "a column twice": lambda told, _: told.update(columns=["id", "id", "name"], compared=["id"]),
    "a column that is none": lambda told, _: told.update(compared=["id", "nothing"]),
    "a text for columns": lambda told, _: told.update(columns="id", compared="id"),
    "a row of 5,000 digits": lambda _, change: change.update(record="9" * 5000),
    "a row that is none": lambda _, change: change.update(record="²"),
    "part of a row of 5,000 digits": lambda _, change: change.update(field="", new="9" * 5000),
}


@pytest.mark.parametrize("how", [*DAMAGED, "deep JSON", "a list", "no JSON"])
def test_a_damaged_log_is_said_to_be_damaged(tmp_path: Path, how: str) -> None:
    source = tmp_path / "base.csv"
    source.write_text("id,name\n1, Anna \n", encoding="utf-8")
    out = clean(source, tmp_path / "clean.csv")
    log, *_ = beside(out)
    first, change = map(json.loads, log.read_text("utf-8").splitlines())
    if how in DAMAGED:
        told = json.loads(first["old"])
        DAMAGED[how](told, change)
        first["old"] = json.dumps(told)
    else:
        first["old"] = {"deep JSON": "[" * 100_000, "a list": "[]", "no JSON": "{"}[how]
    log.write_text("\n".join(map(json.dumps, (first, change))), encoding="utf-8")
    with pytest.raises(ScorelineError, match="damaged"):
        CleanFile(out)


def test_cells_that_make_other_bytes_are_not_said_to_be_the_source(tmp_path: Path) -> None:
    """A plain csv has no copy: only its hash says whether the cells are written as they were."""
    source = tmp_path / "base.csv"
    source.write_text("id,name\n1, Anna \n", encoding="utf-8")
    out = clean(source, tmp_path / "clean.csv")
    assert goes_back(source, out)
    log, *_ = beside(out)
    first, *others = log.read_text("utf-8").splitlines()
    line = json.loads(first)
    line["old"] = json.dumps(json.loads(line["old"]) | {"sha256": "0" * 64})
    log.write_text("\n".join([json.dumps(line), *others]), encoding="utf-8")
    assert CleanFile(out).back(tmp_path / "cells.csv") is Back.OTHER_BYTES
    assert "copy" not in Back.OTHER_BYTES.value, "there never was one"
    assert (tmp_path / "cells.csv").read_bytes() == source.read_bytes()


def test_the_copy_of_an_earlier_source_stays(scoreline: Callable[..., Ran], tmp_path: Path) -> None:
    """It may be the last one: a base of the same name is written beside it, not over it."""
    earlier = tmp_path / "clean.csv.source.1.gz"
    (tmp_path / "june.csv").write_bytes(SEMICOLONS)
    for _ in range(2):
        made = scoreline("quality", "june.csv", "--out", "clean.csv", "--apply", "trim")
        assert "Kept" not in made.out, "the copy of the same bytes is no other one"
    (tmp_path / "june.csv").unlink()
    (tmp_path / "july.csv").write_bytes(SEMICOLONS + b"3;Eva;\n")
    made = scoreline("quality", "july.csv", "--out", "clean.csv", "--apply", "trim")
    assert "Kept: clean.csv.source.1.gz, the copy of an earlier source." in made.out
    assert gzip.decompress(earlier.read_bytes()) == SEMICOLONS
    assert goes_back(tmp_path / "july.csv", tmp_path / "clean.csv")
    (tmp_path / "plain.csv").write_text("id,name\n1, Eva \n", encoding="utf-8")
    made = scoreline("quality", "plain.csv", "--out", "clean.csv", "--apply", "trim")
    assert "Kept: clean.csv.source.2.gz" in made.out
    assert not (tmp_path / "clean.csv.source.gz").exists(), "which would be of this base"
    assert gzip.decompress(earlier.read_bytes()) == SEMICOLONS
