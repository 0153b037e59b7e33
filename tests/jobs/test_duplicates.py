"""`scoreline duplicates`: from a file to a table in the order of its rows, and what it says."""

import datetime as dt
import json
import sys
from pathlib import Path

import polars as pl
import pytest

from scoreline.cli.app import run
from scoreline.scorecard.file import load_card
from tests.quality.duplicates.generating import people

HEADER = "lead_id,first name,surname,email\n"


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    columns = people(5, 60).columns
    pl.DataFrame(columns).rename({"id": "lead_id"}).write_csv(path)
    return path


def test_every_row_has_a_cluster_and_the_same_again(
    leads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = [leads.with_name(f"out{n}.csv") for n in range(2)]
    model = leads.with_name("model.yaml")
    for out in outs:
        code = run(["duplicates", str(leads), "--out", str(out), "--model", str(model)])
        assert code == 0, capsys.readouterr().err
    assert outs[0].read_bytes() == outs[1].read_bytes()
    table = pl.read_csv(outs[0], infer_schema=False)
    assert table.columns == ["lead_id", "cluster", "points", "reasons"]
    rows = pl.read_csv(leads, infer_schema=False)
    assert table["lead_id"].to_list() == rows["lead_id"].to_list()
    alone = table.filter(pl.col("points").is_null())
    assert (alone["lead_id"] == alone["cluster"]).all()
    assert {field.name for field in load_card(model).fields} == set(rows.columns) - {"lead_id"}


def test_what_is_printed_for_programs(leads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["duplicates", str(leads), "--key", "lead_id", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == pl.read_csv(leads).height
    assert 0 < found["clusters"] <= found["duplicates"] < found["rows"]
    assert found["columns"]["first name"] == "given name"
    assert set(found) == {
        *("rows", "rejected", "clusters", "duplicates", "threshold", "pairs", "key", "columns"),
        "findings",
    }


def test_households_are_a_column_more_when_they_are_asked_for(
    leads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = leads.with_name("out.csv")
    command = ["duplicates", str(leads), "--households", "--out", str(out), "--format", "json"]
    assert run(command) == 0
    table = pl.read_csv(out, infer_schema=False)
    assert table.columns == ["lead_id", "cluster", "points", "reasons", "household"]
    assert json.loads(capsys.readouterr().out)["households"] == table["household"].n_unique()
    of_cluster = table.group_by("cluster").agg(pl.col("household").n_unique())
    assert of_cluster["household"].to_list() == [1] * of_cluster.height
    assert table["household"].n_unique() < table["cluster"].n_unique()


def test_columns_that_no_text_says_are_no_obstacle(tmp_path: Path) -> None:
    """Durations, times, lists and bytes of Parquet say nothing of who somebody is."""
    columns = {
        "id": ["1", "2", "3"],
        "first name": ["Anna", "Anna", "Jan"],
        "email": ["anna@acme.ru", "anna@acme.ru", "jan@x.fr"],
        "took": [dt.timedelta(days=1), None, dt.timedelta(hours=2)],
        "at": [dt.time(1, 2), None, None],
        "tags": [["a"], None, []],
        "raw": [b"a", None, b"c"],
    }
    path, out = tmp_path / "odd.parquet", tmp_path / "out.csv"
    pl.DataFrame(columns).write_parquet(path)
    assert run(["duplicates", str(path), "--out", str(out)]) == 0
    assert pl.read_csv(out)["cluster"].to_list() == [1, 1, 3]


def test_firms_and_names_alone_have_no_households(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before anything is compared."""
    monkeypatch.delattr("scoreline.jobs.duplicates.find_duplicates")
    path = tmp_path / "leads.csv"
    firms = "id,company,street\n1,Acme,1 Main St\n2,Roux,1 Main St\n"
    names = "id,first name,surname\n1,Anna,Kim\n2,Jan,Kim\n"
    for text in (firms, names):
        path.write_text(text, encoding="utf-8")
        assert run(["duplicates", str(path), "--households"]) == 2
        assert "who lives together" in capsys.readouterr().err


@pytest.mark.parametrize("rows", ["", "1,Anna,Kim,anna@acme.ru\n"])
def test_nothing_to_compare_is_no_error(
    rows: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "leads.csv", tmp_path / "out.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    assert run(["duplicates", str(path), "--out", str(out)]) == 0
    assert f"{rows.count('@')} record" in capsys.readouterr().out
    expected = "".join(f"{row.split(',')[0]},{row.split(',')[0]},,\n" for row in rows.splitlines())
    assert out.read_text(encoding="utf-8") == f"lead_id,cluster,points,reasons\n{expected}"


def test_where_nobody_is_put_together_there_is_no_threshold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(HEADER + "1,Anna,Kim,\n2,,,jan@acme.ru\n", encoding="utf-8")
    assert run(["duplicates", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["threshold"] is None
    assert run(["duplicates", str(path)]) == 0
    assert "30 points" not in capsys.readouterr().out


def test_rows_without_a_key_are_rejected(tmp_path: Path) -> None:
    path, out = tmp_path / "leads.csv", tmp_path / "out.csv"
    path.write_text(HEADER + "1,Anna,Kim,\n ,Jan,Roux,\n2,Eva,Groß,\n", encoding="utf-8")
    assert run(["duplicates", str(path), "--out", str(out)]) == 1
    assert out.read_text(encoding="utf-8").splitlines()[1:] == ["1,1,,", "2,2,,"]
    assert "the key is blank" in Path(f"{out}.rejected.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (HEADER, ["--key", "lead"], "has no column `lead`"),
        ("id,amount\n1,2\n2,3\n", [], "No column says who a record is"),
        (HEADER, ["--model", "-"], "needs the name of a file"),
        (HEADER, ["--out", "out.doc"], "no format is known"),
    ],
)
def test_a_mistake_is_one_clear_message(
    text: str,
    options: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(text, encoding="utf-8")
    assert run(["duplicates", str(path), *options]) == 2
    assert message in capsys.readouterr().err


def test_without_splink_it_says_what_to_install(
    leads: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    assert run(["duplicates", str(leads)]) == 2
    assert "pip install 'scoreline[duplicates]'" in capsys.readouterr().err


def test_keys_that_repeat_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(HEADER + "1,Anna,Kim,anna@acme.ru\n1,Bob,Roth,bob@x.de\n", encoding="utf-8")
    run(["duplicates", str(path)])
    told = " ".join(capsys.readouterr().out.split())
    assert "repeats (1 value in several rows): those clusters can't be told apart" in told
