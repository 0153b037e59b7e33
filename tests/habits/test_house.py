"""The house stands: its layers hold, and no file becomes the place where everything is dropped."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))


def test_a_folder_imports_only_from_below() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " kept, 0 broken" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_no_module_is_over_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_every_folder_with_code_stands_in_the_layers() -> None:
    layers = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    folders = {path.relative_to(ROOT / "src" / "scoreline").parts[0] for path in MODULES[1:]}
    with_code = {name for name in folders if (ROOT / "src" / "scoreline" / name).is_dir()} - {
        "demo",  # files for the demo
        "starters",  # files for `scoreline init`
    }
    assert len(with_code) > 5
    for name in with_code:
        assert f"scoreline.{name}" in layers
