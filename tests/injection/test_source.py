"""No text of a user can become code: what our own source may never call, read from its trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted(SOURCE.rglob("*.py"))

COMPILER = "scoreline/engines/record/code.py"
"""The one place that makes code, from checked trees only: numbered names and integers."""

CALLS = {"eval", "exec", "compile", "__import__", "execfile", "input", "breakpoint"}
MODULES_REFUSED = {
    *("pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"),
    *("code", "codeop", "runpy", "importlib.util", "ctypes", "xmlrpc", "telnetlib"),
}
YAML_REFUSED = {
    *("load", "load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all"),
    *("Loader", "FullLoader", "UnsafeLoader", "CLoader", "CFullLoader", "CUnsafeLoader"),
}
ATTRIBUTES_REFUSED = {
    ("os", "system"),
    ("os", "popen"),
    ("numpy", "load"),
    ("np", "load"),
    ("builtins", "eval"),
    ("builtins", "exec"),
    ("jinja2", "Template"),
    ("pickle", "loads"),
}


def dangers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what) of every call, import or attribute that could run or load a text as code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in CALLS:
            yield node.lineno, node.id
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            yield from ((node.lineno, name) for name in names if refused(name))
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in names if refused(name))
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if (owner, node.attr) in ATTRIBUTES_REFUSED or (
                owner == "yaml" and node.attr in YAML_REFUSED
            ):
                yield node.lineno, f"{owner}.{node.attr}"
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value.lineno, "shell="


def refused(name: str) -> bool:
    parts = name.split(".")
    yaml = parts[0] == "yaml" and parts[-1] in YAML_REFUSED
    pairs = tuple(parts[-2:]) in ATTRIBUTES_REFUSED
    return yaml or pairs or bool({parts[0], ".".join(parts[:2])} & MODULES_REFUSED)


def test_only_the_compiler_makes_code() -> None:
    found: dict[str, list[str]] = {}
    for path in MODULES:
        name = path.relative_to(SOURCE).as_posix()
        listed = sorted({what for _, what in dangers(ast.parse(path.read_text("utf-8")))})
        found |= {name: listed} if listed else {}
    assert found == {COMPILER: ["compile", "exec"]}


@pytest.mark.parametrize(
    "code",
    [
        "eval('1')",
        "f = exec",
        "import pickle",
        "from pickle import loads",
        "import yaml\nyaml.load(x)",
        "import yaml\nyaml.load_all(x, yaml.SafeLoader)",
        "from yaml import unsafe_load",
        "import os\nos.system('x')",
        "from os import system",
        "subprocess.run('x', shell=True)",
        "__import__('os')",
        "from jinja2 import Template",
        "import importlib.util",
    ],
)
def test_each_danger_would_be_seen(code: str) -> None:
    assert list(dangers(ast.parse(code)))


def test_pages_escape_what_they_are_given() -> None:
    """Every jinja environment of ours is made with autoescape on (or chosen by file name)."""
    calls = [
        (path, node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "Environment"
    ]
    assert calls
    for path, call in calls:
        chosen = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert chosen.get("autoescape", "False") != "False", path
