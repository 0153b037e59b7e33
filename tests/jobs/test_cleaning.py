"""A cleaned base: only what was asked for is changed, each change is in the log, all goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.errors import DataError, UsageError
from scoreline.jobs.quality.checking import quality_of
from scoreline.jobs.quality.clean_file import CleanFile
from scoreline.jobs.quality.results import Quality, QualityAsked
from scoreline.quality.changes.undo import DependsError
from tests.conftest import Ran

AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
ROWS = [
    "id,name,email,phone",
    "1, Anna  Karenina ,Anna@GMAIL.com,8 912 345-67-89",
    "2,JEAN DUPONT,jean@gmial.com,12",
    "3,=1+1,,",
    '4,"O\'Neil, ""Bob""",bob@acme.ru,+33 6 12 34 56 78',
]
ALL = ("trim", "email-domain", "e164")


def cleaned(folder: Path, *rules: str, ending: str = "csv", rows: list[str] | None = None) -> Path:
    data, out = folder / "base.csv", folder / f"clean.{ending}"
    data.write_text("\n".join([*(rows or ROWS), ""]), encoding="utf-8")
    asked = QualityAsked(country="RU", as_of=AS_OF, out=str(out), rules=rules)
    found: Quality = quality_of(data, asked)
    assert found.cleaned is not None
    return out


def cells(path: Path, column: str) -> list[str | None]:
    frame = pl.read_csv(path, infer_schema=False)
    return frame[column].to_list()


def undo(out: Path, *steps: int) -> None:
    clean = CleanFile(out)
    clean.undo(steps)
    clean.save()


def accept(out: Path, file: Path) -> int:
    clean = CleanFile(out)
    count = clean.accept(file)
    clean.save()
    return count


def test_nothing_is_changed_that_nobody_asked_for(tmp_path: Path) -> None:
    out = cleaned(tmp_path)
    assert cells(out, "email")[0] == "Anna@GMAIL.com"
    rules = {change.rule for change in CleanFile(out).changes}
    assert rules == {"formula"}, "but for what a spreadsheet would run"
    assert cells(out, "name")[2] == "'=1+1"


def test_rules_change_what_they_name(tmp_path: Path) -> None:
    out = cleaned(tmp_path, *ALL)
    assert cells(out, "name")[0] == "Anna Karenina"
    assert cells(out, "email")[0] == "Anna@gmail.com"
    assert cells(out, "email")[1] == "jean@gmial.com", "what looks misspelt waits for somebody"
    assert cells(out, "phone")[0] == "8 912 345-67-89", "as it was written"
    assert cells(out, "phone_e164") == ["+79123456789", None, None, "+33612345678"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl", "tsv", "csv.gz"])
def test_the_way_back_is_exact(tmp_path: Path, ending: str) -> None:
    out, back = cleaned(tmp_path, *ALL, ending=ending), tmp_path / "back.csv"
    CleanFile(out).back(back)
    assert back.read_bytes() == (tmp_path / "base.csv").read_bytes()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
            st.sampled_from([" A@GMAIL.com", "a@gmial.com", "", "+7 912 345-67-89 ", "'=1"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_the_way_back_is_exact_whatever_the_cells(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("base")
    data, out, back = folder / "base.parquet", folder / "clean.parquet", folder / "back.parquet"
    base = pl.DataFrame(
        {"text": [text for text, _ in rows], "email": [cell for _, cell in rows]}
    ).with_row_index("id")
    base.write_parquet(data)
    quality_of(data, QualityAsked(as_of=AS_OF, out=str(out), rules=ALL))
    CleanFile(out).back(back)
    again = pl.read_parquet(back)
    texts = pl.col("text", "email").fill_null("")
    assert again.with_columns(texts).equals(base.with_columns(texts))


def test_a_cleaned_base_is_cleaned_again(tmp_path: Path) -> None:
    """Its columns beside are columns like others then, and stay on the way back."""
    first, again, back = cleaned(tmp_path, *ALL), tmp_path / "again.csv", tmp_path / "back.csv"
    quality_of(first, QualityAsked(country="RU", as_of=AS_OF, out=str(again), rules=ALL))
    CleanFile(again).back(back)
    assert back.read_bytes() == first.read_bytes()


def test_a_step_is_taken_back_and_brought_back(tmp_path: Path) -> None:
    out = cleaned(tmp_path, *ALL)
    trim = next(c for c in CleanFile(out).changes if c.rule == "trim" and c.field == "name")
    undo(out, trim.step)
    assert cells(out, "name")[0] == " Anna  Karenina "
    undo(out, CleanFile(out).changes[-1].step)
    assert cells(out, "name")[0] == "Anna Karenina"
    CleanFile(out).back(tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == (tmp_path / "base.csv").read_bytes()


def test_a_step_that_another_stands_on_is_named(tmp_path: Path) -> None:
    out = cleaned(tmp_path, *ALL, rows=["id,email", "1, Anna@GMAIL.com"])
    first, second = CleanFile(out).changes
    before = out.read_bytes()
    with pytest.raises(DependsError) as refused:
        undo(out, first.step)
    assert refused.value.steps == (second.step,)
    assert out.read_bytes() == before
    undo(out, first.step, second.step)
    assert cells(out, "email") == [" Anna@GMAIL.com"]


def test_suggestions_wait_until_they_are_accepted(tmp_path: Path) -> None:
    out = cleaned(tmp_path, *ALL)
    waiting = tmp_path / "clean.csv.suggestions.csv"
    assert cells(waiting, "meant") == ["Jean Dupont", "jean@gmail.com"]
    assert accept(out, waiting) == 2
    assert cells(out, "email")[1] == "jean@gmail.com"
    assert [change.rule for change in CleanFile(out).changes[-2:]] == ["name-case", "email-typo"]
    with pytest.raises(DataError, match="something else by now"):
        accept(out, waiting)
    CleanFile(out).back(tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == (tmp_path / "base.csv").read_bytes()


def test_a_file_that_was_changed_otherwise_does_not_go_back(tmp_path: Path) -> None:
    out = cleaned(tmp_path, *ALL)
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("bob@acme.ru", "bob@acme.com"), encoding="utf-8")
    with pytest.raises(DataError, match="changed by other means"):
        CleanFile(out).back(tmp_path / "back.csv")
    assert not (tmp_path / "back.csv").exists()


def test_the_command_line(scoreline: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("\n".join([*ROWS, ""]), encoding="utf-8")
    refused = scoreline("quality", "base.csv", "--out", "-")
    assert (refused.code, "beside its log" in refused.err) == (2, True)
    assert scoreline("quality", "base.csv", "--apply", "trim").code == 2, "nothing is written"
    made = scoreline("quality", "base.csv", "--out", "clean.csv", "--apply", "trim")
    assert (made.code, "Changed by the rule trim: 1 cell." in made.out) == (1, True)
    shown = scoreline("changes", "clean.csv", "--format", "json").json
    assert shown[0]["is"] == "Anna Karenina"
    assert scoreline("changes", "clean.csv", "--undo", shown[0]["step"]).code == 0
    assert scoreline("changes", "clean.csv", "--back", "back.csv").code == 0
    assert (tmp_path / "back.csv").read_bytes() == (tmp_path / "base.csv").read_bytes()


def test_mistakes_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rule `trimm`"):
        cleaned(tmp_path, "trimm")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="is not there"):
        CleanFile(tmp_path / "other.csv")
    out = cleaned(tmp_path, *ALL)
    with pytest.raises(UsageError, match="no step 999"):
        undo(out, 999)
    with pytest.raises(DataError, match="lacks the column `row`"):
        accept(out, tmp_path / "other.csv")
    log = tmp_path / "clean.csv.changes.jsonl"
    log.write_text("not a log")
    with pytest.raises(DataError, match="no log of changes"):
        CleanFile(out)


def test_a_suggestion_names_a_cell_and_says_what_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("id,email\n1,anna@gmial.com\n2,eva@acme.fr\n", encoding="utf-8")
    out = tmp_path / "clean.csv"
    quality_of(path, QualityAsked(out=str(out)))
    before = out.read_bytes()
    for line in ("1,1,,,2,", "1,1,id,1,,"):
        file = tmp_path / "mine.csv"
        file.write_text(f"row,record,column,is,meant,finding\n{line}\n", encoding="utf-8")
        with pytest.raises(DataError):
            accept(out, file)
        assert out.read_bytes() == before


def test_a_column_of_the_user_is_never_written_over(tmp_path: Path) -> None:
    path, out = tmp_path / "leads.csv", tmp_path / "clean.csv"
    path.write_text("id,phone,phone_e164\n1,+49 30 901820,mine\n", encoding="utf-8")
    quality_of(path, QualityAsked(out=str(out), rules=("e164",)))
    first = pl.read_csv(out, infer_schema=False).row(0, named=True)
    assert first["phone_e164"].endswith("mine")
    assert first["phone_e164_"].endswith("+4930901820")


def test_old_suggestions_do_not_stay(tmp_path: Path) -> None:
    path, out = tmp_path / "leads.csv", tmp_path / "clean.csv"
    waiting = tmp_path / "clean.csv.suggestions.csv"
    path.write_text("id,email\n1,anna@gmial.com\n", encoding="utf-8")
    quality_of(path, QualityAsked(out=str(out)))
    assert waiting.exists()
    path.write_text("id,email\n1,anna@acme.fr\n", encoding="utf-8")
    quality_of(path, QualityAsked(out=str(out)))
    assert not waiting.exists()
