"""Every hostile file is a table whose rows all count, or one clear error; never anything else."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import polars as pl
import pytest

from scoreline.errors import DataError
from scoreline.quality.reading import sources
from scoreline.quality.reading.files import READER_FINDINGS, ReadOptions, Table, open_table
from tests.hostile.files import FILES, HEAD, ROWS, TABLE, Hostile

LIGHT = [hostile for hostile in FILES if not hostile.heavy]
HEAVY = [hostile for hostile in FILES if hostile.heavy]
MOST_MEMORY = 512  # MB
MOST_SECONDS = 60


def by_name(hostile: Hostile) -> str:
    return hostile.name


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Temporary files go into a folder of the test, which must be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(sources, "_WAIT_FOR_WRITER", 0.1)


def check(hostile: Hostile, path: Path, options: ReadOptions) -> None:
    """Read the file to its end and hold it against what it says of itself."""
    if not hostile.refused:
        with open_table(path, options) as table:
            check_table(hostile, table)
        return
    with pytest.raises(DataError) as refused, open_table(path, options) as table:
        table.frame.collect()
    message = refused.value.message
    assert re.search(hostile.refused, message), message
    assert "\n" not in message
    assert len(message) < 600
    assert path.name in message


def check_table(hostile: Hostile, table: Table) -> None:
    """Rows in = rows of the frame + rejected rows; text is text; all that is said is known."""
    rejected = [row.row for row in table.rejected]
    last, count = 0, 0
    for batch in table.frame.collect_batches(maintain_order=True):
        numbers, cells = batch["__row__"], batch.drop("__row__")
        assert batch.is_empty() or (numbers[0] > last and numbers.is_sorted())
        assert numbers.n_unique() == len(numbers)
        assert not numbers.is_in(rejected).any()
        last, count = max([last, *numbers.tail(1)]), count + len(numbers)
        assert table.format == "parquet" or set(cells.dtypes) <= {pl.String}
        for column in cells.select(pl.col(pl.String)):
            assert not (column == "").any()
    assert (table.rows, len(rejected)) == (hostile.rows, hostile.rejected), table.rejected[:3]
    assert count + len(rejected) == table.rows == max([last, *rejected])
    check_words(hostile, table)


def check_words(hostile: Hostile, table: Table) -> None:
    codes = [finding.code for finding in table.findings]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(READER_FINDINGS)
    assert not hostile.finding or hostile.finding in codes, codes
    assert table.rejected == sorted(table.rejected, key=lambda row: row.row)
    for row in table.rejected:
        assert row.line is not None
        assert row.line >= row.row
        assert row.reason.partition(":")[0] in codes
        assert len(row.raw) < 2_010


@pytest.mark.parametrize("hostile", LIGHT, ids=by_name)
def test_hostile_file(tmp_path: Path, hostile: Hostile) -> None:
    check(hostile, hostile.write(tmp_path), ReadOptions(**hostile.options))
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("hostile", HEAVY, ids=by_name)
def test_heavy_file_in_a_process_of_its_own(tmp_path: Path, hostile: Hostile) -> None:
    """At most 512 MB, libraries included, and a minute of work."""
    hostile.write(tmp_path)
    command = [sys.executable, "-m", __name__, str(tmp_path), hostile.name]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    print(f"{hostile.name}: {done.stdout}")
    assert int(done.stdout.split()[0]) <= MOST_MEMORY
    assert list((tmp_path / "temporary").iterdir()) == []


def test_there_are_enough() -> None:
    names = [hostile.name for hostile in FILES]
    assert len(names) == len(set(names)) >= 60
    assert len([hostile for hostile in FILES if hostile.refused]) >= 30
    assert len([hostile for hostile in FILES if not hostile.refused]) >= 60


def test_a_pipe_that_somebody_writes_into(tmp_path: Path) -> None:
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb") as pipe:
            for row in [HEAD, *[row + b"\n" for row in ROWS]]:
                pipe.write(row)
                pipe.flush()

    writer = threading.Thread(target=write)
    writer.start()
    check(Hostile("pipe.csv", b"", 10), path, ReadOptions())
    writer.join()


def test_standard_input() -> None:
    script = (
        "from scoreline.quality.reading.files import open_table\n"
        "with open_table('-') as table: print(table.rows, table.frame.collect().height)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=TABLE, capture_output=True)
    assert done.stdout.split() == [b"10", b"10"], done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 5_000, "can't be read"),
        ("a\0b.csv", "no file name"),
        ("https://example.org/leads.csv", "https:// is no file"),
        ("", "folder"),
    ],
)
def test_names_that_are_no_files(name: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        open_table(name)


def test_the_nearest_name_is_said(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(TABLE)
    with pytest.raises(DataError, match=r"no file .*lead\.csv") as missing:
        open_table(tmp_path / "lead.csv")
    assert missing.value.hint == "Did you mean leads.csv?"


def main(folder: Path, name: str) -> None:
    """Check one file, already written; a minute of processor time at most."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    hostile = next(hostile for hostile in FILES if hostile.name == name)
    check(hostile, folder / name, ReadOptions(**hostile.options))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{peak() >> 20} MB, {used.ru_utime + used.ru_stime:.1f} s of processor time")


def peak() -> int:
    """Most memory this process held, in bytes; `ru_maxrss` would count its parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
