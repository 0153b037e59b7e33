"""A file of JSON lines: whole, once each, whatever happens to the writer."""

import fcntl
import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers import file as file_module
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import FileHandler
from scoreline.lifecycle.handlers.message import canonical_json
from tests.lifecycle.handlers.moves import NOW, a_move

ROOT = Path(__file__).parents[3]


def send(path: Path, number: int) -> None:
    deliver(FileHandler("list", path), a_move(number), NOW)


def ids(path: Path) -> list[str]:
    """The ids of the file's lines, each of which must be a whole one."""
    content = path.read_bytes()
    assert content.endswith(b"\n")
    return [json.loads(line)["id"] for line in content.splitlines()]


def test_a_message_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "moves.jsonl"
    send(path, 1)
    send(path, 2)
    lines = [canonical_json(a_move(number)) + b"\n" for number in (1, 2)]
    assert path.read_bytes() == b"".join(lines)


def test_a_repeat_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "moves.jsonl"
    for number in (1, 2, 1, 11, 2, 1):
        send(path, number)
    assert ids(path) == ["move_1", "move_2", "move_11"]


def test_an_id_inside_another_text_is_not_that_message(tmp_path: Path) -> None:
    path = tmp_path / "moves.jsonl"
    deliver(FileHandler("list", path), a_move(1, key='{"id":"move_2"}', owner='"id":"move_2"'), NOW)
    send(path, 2)
    assert ids(path) == ["move_1", "move_2"]


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0))
def test_wherever_a_write_was_cut_the_next_one_mends_it(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    line = canonical_json(a_move(2)) + b"\n"
    path = tmp_path_factory.mktemp("cut") / "moves.jsonl"
    for next_number in (2, 3):
        path.write_bytes(canonical_json(a_move(1)) + b"\n" + line[: cut % len(line)])
        send(path, next_number)
        send(path, 2)
        assert sorted(ids(path)) == ["move_1", "move_2", "move_3"][:next_number]


def test_a_file_that_is_someone_elses_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("buy milk")
    with pytest.raises(DeliveryError, match="ends with something that is no JSON line"):
        send(path, 1)
    assert path.read_text() == "buy milk"


WRITER = """
import itertools, sys
from pathlib import Path
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import FileHandler
from tests.lifecycle.handlers.moves import NOW, a_move

reasons = [{"term": "x" * 9000, "points": 8}]
for number in itertools.count(int(sys.argv[2])):
    deliver(FileHandler("list", Path(sys.argv[1])), a_move(number, reasons=reasons), NOW)
    print(number, flush=True)
"""


def write_until_killed(path: Path, first: int, seconds: float) -> list[int]:
    """Numbers that a writer said were sent, before it was killed so long after its first."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    sent = [int(process.stdout.readline())]
    time.sleep(seconds)
    process.kill()
    sent += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    return sent


def test_killed_at_any_moment_no_line_is_lost_halved_or_written_twice(tmp_path: Path) -> None:
    path, following = tmp_path / "moves.jsonl", 0
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    acknowledged: list[int] = []
    for _ in range(30):
        acknowledged += write_until_killed(path, following, chance.uniform(0, 0.02))
        following = acknowledged[-1] + 1  # the one that nobody heard of is tried again
    send(path, following)
    found = ids(path)
    assert found == [f"move_{number}" for number in range(following + 1)]
    assert acknowledged == list(range(following))


def test_several_writers_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "moves.jsonl"

    def write(first: int) -> None:
        for number in range(first, first + 20):
            send(path, number)
            send(path, number)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids(path)) == sorted(f"move_{number}" for number in range(50))


def test_a_file_that_stays_locked_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_module, "TIMEOUT", 0.1)
    path = tmp_path / "moves.jsonl"
    with path.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DeliveryError, match="is locked by another program"):
            send(path, 1)
    send(path, 1)
    assert ids(path) == ["move_1"]


FULL = """
import resource, signal, sys
from pathlib import Path
from scoreline.errors import DeliveryError
from scoreline.lifecycle.handlers.deliver import deliver
from scoreline.lifecycle.handlers.kinds import FileHandler
from tests.lifecycle.handlers.moves import NOW, a_move

path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
deliver(FileHandler("list", path), a_move(1), NOW)
size = path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
try:
    deliver(FileHandler("list", path), a_move(2), NOW)
except DeliveryError as error:
    print(path.stat().st_size == size, error.again, error.message)
"""


def test_with_no_room_left_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "moves.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"True True {path} can't be written: File too large.\n"
    assert ids(path) == ["move_1"]


def test_where_no_file_can_be(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="can't be written: No such file or directory"):
        send(tmp_path / "absent" / "moves.jsonl", 1)
    with pytest.raises(DeliveryError, match="can't be written: Is a directory"):
        send(tmp_path, 1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DeliveryError, match="is not a file"):
        send(tmp_path / "pipe", 1)
