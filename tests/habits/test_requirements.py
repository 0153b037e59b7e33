"""What is locked: in step with pyproject.toml, by hash, and without any address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = {
    "run": PROJECT["project"]["dependencies"],
    **PROJECT["dependency-groups"],
    "build": PROJECT["build-system"]["requires"],
}


def pins(name: str) -> dict[str, list[str]]:
    """Versions pinned in requirements/NAME.txt, by part (a part may have one a Python version)."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for part, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(part, []).append(version)
    return found


def test_every_set_of_pyproject_has_its_file() -> None:
    assert {path.stem for path in FILES} == {*WANTED, "uv"}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_pins_fit_pyproject(name: str) -> None:
    pinned = pins(name)
    for line in WANTED[name]:
        wanted = Requirement(line)
        part = re.sub(r"[-_.]+", "-", wanted.name).lower()
        assert part in pinned, f"{part} is not locked: make lock"
        for version in pinned[part]:
            assert version in wanted.specifier, f"{part} {version} is not {wanted}: make lock"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_pin_has_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-|@ ", re.sub(r"^ +--hash=", "", text, flags=re.MULTILINE))
    for pin in re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]:
        assert re.fullmatch(r"[\w.-]+==[^\\]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", pin)
