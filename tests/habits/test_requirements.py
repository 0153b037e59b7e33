"""What is locked: in step with pyproject.toml, by hash, and without any address."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
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


def imported(tree: ast.AST) -> Iterator[str]:
    """Top names of the modules that a file imports when it runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).partition(".")[0]
        elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield from imported(node)


EXTRAS = {
    re.sub(r"[-_.]+", "-", Requirement(line).name).lower()
    for lines in PROJECT["project"]["optional-dependencies"].values()
    for line in lines
}
"""Parts that a user chooses to install; they are locked with the tests, which need them all."""


@pytest.mark.parametrize(("folder", "sets"), [("src", ["run"]), ("tests", ["run", "test"])])
def test_what_is_imported_is_locked(folder: str, sets: list[str]) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    names = {name for path in files for name in imported(ast.parse(path.read_text("utf-8")))}
    pinned = {part for name in sets for part in pins(name)} | (EXTRAS & pins("test").keys())
    homes = packages_distributions()
    foreign = names - sys.stdlib_module_names - {"scoreline", "tests"}
    assert len(foreign) > 5
    for name in foreign:
        parts = {re.sub(r"[-_.]+", "-", part).lower() for part in homes.get(name, [name])}
        assert parts & pinned, f"{folder} imports {name}, which is not in requirements: make lock"
