"""`scoreline duplicates --labels`: asked, answered, asked further; and no answer is ever lost."""

import json
import pkgutil
from pathlib import Path

import polars as pl
import pytest

from scoreline.cli.app import run
from scoreline.quality.reading.files import open_table
from tests.quality.duplicates.generating import Dirt, people

BASE = people(6, 150, dirt=Dirt(slips=0.3, missing=0.2))
TRUTH = dict(zip(BASE.columns["id"], BASE.truth, strict=True))


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    pl.DataFrame(BASE.columns).write_csv(path)
    return path


def read(path: Path) -> pl.DataFrame:
    with open_table(path) as table:
        return table.frame.select(table.columns).collect()


def write(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".xlsx":
        frame.write_excel(path)
    else:
        frame.write_csv(path)


def answered(file: pl.DataFrame, most: int) -> pl.DataFrame:
    """The file with so many answers more, from the top, as people write them."""
    words = {True: "Yes ", False: "нет"}
    same = [
        word or (words[TRUTH[one] == TRUTH[other]] if n < most else None)
        for n, (word, one, other) in enumerate(file.select("same", "id 1", "id 2").rows())
    ]
    return file.with_columns(pl.Series("same", same, pl.String))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_first_it_asks_then_it_uses_the_answers_and_asks_on(
    ending: str, leads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = leads.with_name(f"labels.{ending}"), leads.with_name("out.csv")
    arguments = ["duplicates", str(leads), "--labels", str(path), "--out", str(out)]
    assert run(arguments) == 0
    said = capsys.readouterr().out
    assert "100 pairs to look at" in said
    assert "fill in yes or no" in said
    file = read(path)
    assert file.columns[:7] == [
        *("same", "id 1", "id 2", "points", "reasons", "first name 1", "first name 2")
    ]
    assert file["same"].is_null().all()

    first = answered(file, 30)
    write(first, path)
    assert run([*arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["labels"]
    assert (found["yes"] + found["no"], found["asked"]) == (30, 100)
    again = read(path)
    assert again.head(30).equals(first.head(30))
    assert again.height == 130
    pairs = again.select("id 1", "id 2").rows()
    assert len(set(pairs)) == len(pairs)

    clusters = dict(pl.read_csv(out, infer_schema=False).select("id", "cluster").rows())
    for one, other in first.head(30).select("id 1", "id 2").rows():
        assert (clusters[one] == clusters[other]) == (TRUTH[one] == TRUTH[other])


def test_answers_that_cant_be_used_are_said_and_kept(
    leads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = leads.with_name("labels.csv")
    path.write_text(
        "ID 1,ID 2,Same,note\n"
        "1,2,maybe,asked Ann\n"
        "3,4,yes,\n"
        "4,5,да,\n"
        "5,3,no,\n"
        "6,7,yes,\n"
        "7,6,no,\n"
        "8,gone,no,\n"
        "9,9,yes,\n"
        "9,10,,\n",
        encoding="utf-8",
    )
    assert run(["duplicates", str(leads), "--labels", str(path)]) == 0
    said = capsys.readouterr().out
    assert "row 1 of the labels says 'maybe'" in said
    assert "3 and 5 were answered no, but by answers yes 3 is 4, 4 is 5" in said
    assert "row 6 of the labels answers otherwise" in said
    assert "not in the data" in said
    assert "row 8 of the labels compares a record with itself" in said
    assert "3 answers used: 2 yes, 1 no." in said
    file = read(path)
    assert file.columns[:4] == ["ID 1", "ID 2", "Same", "note"]
    assert file["Same"].to_list()[:8] == ["maybe", "yes", "да", "no", "yes", "no", "no", "yes"]
    assert file["note"][0] == "asked Ann"


def test_surprising_answers_are_listed_by_row_and_keys_and_by_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = people(7, 300, dirt=Dirt(copied=0.02))
    data, path = tmp_path / "leads.csv", tmp_path / "labels.csv"
    pl.DataFrame(base.columns).write_csv(data)
    arguments = ["duplicates", str(data), "--labels", str(path)]
    assert run(arguments) == 0
    truth = dict(zip(base.columns["id"], base.truth, strict=True))
    file = read(path)
    same = [truth[one] == truth[other] for one, other in file.select("id 1", "id 2").rows()]
    points = file["points"].cast(pl.Float64).to_list()
    worst = min(range(len(same)), key=points.__getitem__)
    same[worst] = not same[worst]
    words = ["yes" if one else "no" for one in same]
    file.with_columns(pl.Series("same", words)).write_csv(path)
    capsys.readouterr()
    assert run([*arguments, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["labels"]["surprising"]
    assert told[0]["row"] == worst + 1
    assert told[0]["keys"] == list(file.select("id 1", "id 2").row(worst))
    assert told[0]["same"] is True
    assert told[0]["points"] < 0
    assert set(told[0]) == {"row", "keys", "same", "points"}
    assert run(arguments) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "to look at again" in said
    assert f"{worst + 1} {' '.join(told[0]['keys'])} yes" in said


def test_keys_that_look_like_formulas_are_found_again(tmp_path: Path) -> None:
    data, path = tmp_path / "leads.csv", tmp_path / "labels.csv"
    rows = ["=a,Anna,Kim", "=b,Anna,Kimm", "=c,Jan,Roux"]
    data.write_text("\n".join(["id,first name,surname", *rows]), encoding="utf-8")
    assert run(["duplicates", str(data), "--labels", str(path)]) == 0
    file = read(path)
    assert set(file["id 1"]) | set(file["id 2"]) == {"'=a", "'=b", "'=c"}
    file.with_columns(same=pl.lit("no")).write_csv(path)
    assert run(["duplicates", str(data), "--labels", str(path), "--out", str(path) + ".csv"]) == 0
    found = pl.read_csv(f"{path}.csv", infer_schema=False)
    assert found["cluster"].to_list() == found["id"].to_list()


@pytest.mark.parametrize(
    ("options", "labels", "message"),
    [
        (["--key", "surname"], None, "values of it repeat"),
        ([], "a,b\n1,2\n", "has no column `same`"),
        ([], "same,lead 1,lead 2\nyes,1,2\n", "has no column `id 1`"),
        (["--labels", "labels.doc"], None, "no format is known"),
        (["--labels", "-"], None, "needs the name of a file"),
    ],
)
def test_a_mistake_is_one_clear_message_and_the_file_stays(
    options: list[str],
    labels: str | None,
    message: str,
    leads: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = leads.with_name("labels.csv")
    if labels is not None:
        path.write_text(labels, encoding="utf-8")
    assert run(["duplicates", str(leads), "--labels", str(path), *options]) == 2
    assert message in capsys.readouterr().err
    assert labels == (path.read_text(encoding="utf-8") if path.exists() else None)


def test_the_data_is_no_file_of_labels(leads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["duplicates", str(leads), "--labels", str(leads)]) == 2
    assert "would be overwritten" in capsys.readouterr().err


@pytest.mark.parametrize(
    "while_it",
    ["jobs.duplicates.find_duplicates", "jobs.labels.pairs_to_look_at"],
)
def test_answers_given_while_it_runs_are_kept(
    leads: Path, while_it: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While records are compared, and while the next pairs are chosen."""
    path = leads.with_name("labels.csv")
    arguments = ["duplicates", str(leads), "--labels", str(path)]
    assert run(arguments) == 0
    write(answered(read(path), 2), path)
    work = pkgutil.resolve_name(f"scoreline.{while_it}")

    def slowly(*given: object) -> object:
        found = work(*given)
        if read(path)["same"].drop_nulls().len() < 7:
            write(answered(read(path), 7), path)
        return found

    monkeypatch.setattr(f"scoreline.{while_it}", slowly)
    capsys.readouterr()
    assert run(arguments) == 0
    assert "was changed while records were compared" in capsys.readouterr().out
    assert read(path)["same"].drop_nulls().len() == 7


def test_json_says_what_was_found(leads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = read(leads).with_columns(
        pl.concat_str("first name", "surname", separator=" ").alias("full name")
    )
    write(frame, leads)
    assert run(["duplicates", str(leads), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in told["findings"]] == ["column-made-of-others"]
    assert "full name" not in told["columns"]
