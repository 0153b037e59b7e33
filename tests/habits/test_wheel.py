"""The built wheel is whole: unpacked anywhere, with no checkout beside it, it works."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "scoreline"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"scoreline/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(wanted) > 20
    assert wanted <= held


def test_wheel_carries_its_licences(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel).namelist()
    assert {"LICENSE", "THIRD_PARTY.md"} <= {Path(name).name for name in held}


def test_unpacked_wheel_scores_its_own_example(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "unpacked")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "unpacked")}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    where = run("-c", "import scoreline; print(scoreline.__file__)").strip()
    assert Path(where).is_relative_to(tmp_path)
    run("-m", "scoreline", "init", "new")
    card, data = "new/lead.yaml", "new/leads.csv"
    told = run("-m", "scoreline", "score", data, "--card", card, "--format", "json")
    assert json.loads(told)["scored"] == 5
