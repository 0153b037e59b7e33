"""What a run writes: refused before work begins if it can't be written; nothing else is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]

LEADS = "lead_id,phone,email,company,position,budget,service,has_spec\nL-1,,,,,5,,\nL-2,,,,,x,,\n"
RAGGED = LEADS + "L-3,,,,,1,,,,,x\n"


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(LEADS, encoding="utf-8")
    return path


def test_an_input_is_never_written_nor_removed(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    again = tmp_path / "out.csv.rejected.csv"
    again.write_text(LEADS, encoding="utf-8")
    ran = scoreline("score", again, "--card", lead_card, "--out", "out.csv")
    assert ran.code == 2
    assert "overwritten" in ran.err
    assert again.read_text(encoding="utf-8") == LEADS


def test_rejected_rows_of_an_earlier_run_go_and_other_files_stay(
    scoreline: Run, lead_card: Path, leads: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "out.csv.rejected.csv"
    leads.write_text(RAGGED, encoding="utf-8")
    ran = scoreline("score", leads, "--card", lead_card, "--out", "out.csv")
    assert (ran.code, beside.exists()) == (1, True)
    assert f"Written: {beside.name}" in ran.out
    leads.write_text(LEADS, encoding="utf-8")
    assert scoreline("score", leads, "--card", lead_card, "--out", "out.csv").code == 0
    assert not beside.exists()
    beside.write_text("my own notes\n", encoding="utf-8")
    assert scoreline("score", leads, "--card", lead_card, "--out", "out.csv").code == 0
    assert beside.read_text(encoding="utf-8") == "my own notes\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--report", "-"), "needs the name of a file"),
        (("--findings", "-"), "needs the name of a file"),
        (("--report", "page.csv"), "a page is HTML"),
        (("--report", "nowhere/page.html"), "no such folder"),
        (("--findings", "nowhere/f.csv"), "no such folder"),
        (("--findings", "f.doc"), "no format"),
        (("--out", "nowhere/o.csv"), "no such folder"),
        (("--out", "same.csv", "--findings", "same.csv"), "overwritten"),
        (("--out", "o.csv", "--findings", "o.csv.rejected.csv"), "overwritten"),
        (("--out", "."), "format"),
        (("--sheet", "1"), "no sheet"),
        (("--won", "phonee=1"), "Did you mean phone?"),
    ],
)
def test_what_can_not_be_done_is_refused_before_anything_is_written(
    scoreline: Run, lead_card: Path, leads: Path, tmp_path: Path, options: list[str], told: str
) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    ran = scoreline("score", leads, "--card", lead_card, *options)
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert {path.name for path in tmp_path.iterdir()} == before


def test_the_summary_says_how_to_see_more(scoreline: Run, lead_card: Path, leads: Path) -> None:
    leads.write_text(RAGGED, encoding="utf-8")
    ran = scoreline("score", leads, "--card", lead_card)
    assert "--findings FILE.csv" in ran.out
    assert "--out FILE" in ran.out
    ran = scoreline("score", leads, "--card", lead_card, "--findings", "f.csv")
    assert "--findings FILE.csv" not in ran.out
    assert "Written: f.csv" in ran.out


def test_json_stands_beside_a_table_on_stdout(scoreline: Run, lead_card: Path, leads: Path) -> None:
    ran = scoreline("score", leads, "--card", lead_card, "--out", "-", "--format", "json")
    assert ran.out.startswith("lead_id,score")
    assert ran.err.startswith('{"rows": 2,')


def test_each_row_that_was_repaired_or_rejected_counts(
    scoreline: Run, lead_card: Path, leads: Path
) -> None:
    leads.write_text(RAGGED + "L-4,,,,,1,,,,,x\nL-5\nL-6\nL-7\n", encoding="utf-8")
    found = scoreline("score", leads, "--card", lead_card, "--format", "json").json
    assert found["findings"]["ragged"] == found["rejected"] == 2
    assert found["findings"]["short-row"] == 3


def test_outcomes_without_a_page_are_printed(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    data = "lead_id,phone,email,company,position,budget,service,has_spec,stage\n"
    data += "".join(f"{n},,,,,{n * 10000},,,{'won' if n > 15 else 'lost'}\n" for n in range(40))
    (tmp_path / "won.csv").write_text(data, encoding="utf-8")
    ran = scoreline("score", "won.csv", "--card", lead_card, "--won", "stage=won")
    assert "Won (stage = won): 60.0%" in ran.out
    assert "of the best 10%" in ran.out


def test_several_cards_keep_input_columns_that_have_their_names(
    scoreline: Run, lead_card: Path, tmp_path: Path
) -> None:
    data = LEADS.replace("has_spec\n", "has_spec,lead-readiness.score\n").replace(",,\n", ",,,7\n")
    (tmp_path / "d.csv").write_text(data, encoding="utf-8")
    second = lead_card.read_text(encoding="utf-8").replace("lead-readiness", "second", 1)
    (tmp_path / "second.yaml").write_text(second, encoding="utf-8")
    cards = ("--card", lead_card, "--card", "second.yaml")
    ran = scoreline("score", "d.csv", *cards, "--with-data", "--out", "two.csv")
    assert ran.code == 0, ran.err
    header = (tmp_path / "two.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header.count("lead-readiness.score") == 1
    assert "input_lead-readiness.score" in header
    assert header[-1] == "as_of"
    found = scoreline("score", "d.csv", *cards, "--format", "json").json
    assert [one["card"] for one in found] == ["lead-readiness", "second"]
    ran = scoreline("score", "d.csv", *cards, "--won", "stage=won")
    assert (ran.code, "go with one card" in ran.err) == (2, True)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device /dev/full")
def test_a_full_disk_is_one_message(lead_card: Path, leads: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scoreline", "score", leads, "--card", lead_card],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, "the disk is full" in done.stderr) == (2, True), done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs the device /dev/stdout")
def test_the_device_of_standard_output_is_a_file_like_others(
    scoreline: Run, lead_card: Path, leads: Path
) -> None:
    ran = scoreline("score", leads, "--card", lead_card, "--out", "/dev/stdout")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("lead_id,score")


def test_a_reader_that_leaves_is_no_failure(lead_card: Path, tmp_path: Path) -> None:
    rows = "".join(f"{n},,,,,{n},,\n" for n in range(60_000))
    (tmp_path / "many.csv").write_text(LEADS.splitlines()[0] + "\n" + rows, encoding="utf-8")
    command = f"{sys.executable} -m scoreline score many.csv --card {lead_card} --out - "
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -1; echo ${{PIPESTATUS[0]}}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[1] == "0", done.stderr
