"""The command line explains itself: help, examples, the reference, and no wait for it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from scoreline.cli.app import app

ROOT = Path(__file__).parents[2]
GROUP = typer.main.get_group(app)
ABOVE = typer.Context(GROUP, info_name="scoreline")
COMMANDS = GROUP.list_commands(ABOVE)
# What takes long to import, or is not needed to say what a command does.
HEAVY = {
    "duckdb",
    "jinja2",
    "numba",
    "numpy",
    "pandas",
    "phonenumbers",
    "polars",
    "rich",
    "sqlglot",
}


def context_of(name: str) -> typer.Context:
    """A command with its parameters."""
    return typer.Context(GROUP.commands[name], info_name=name, parent=ABOVE)


def scoreline(*arguments: str, flags: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """A finished call of the command line."""
    command = [sys.executable, *flags, "-m", "scoreline", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_commands_are_those_of_the_design() -> None:
    assert {"demo", "init", "score", "explain", "check", "diff", "channels"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_says_what_it_does_with_an_example(name: str) -> None:
    command = GROUP.commands[name]
    words = f"{command.help or ''}\n{command.epilog or ''}"
    assert words.split("\n")[0].rstrip().endswith(".")
    examples = re.findall(rf"scoreline {name}\b.*", words)
    assert examples, f"scoreline {name} has no example in its help"
    for example in examples:
        arguments = shlex.split(example)[2:]
        command.make_context(name, arguments, parent=ABOVE)  # an option that isn't there raises


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_is_explained_in_help_and_reference(name: str) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section
    for param in GROUP.commands[name].get_params(context_of(name)):
        assert getattr(param, "help", None), f"scoreline {name} {param.name} has no help"
        names = param.opts if param.param_type_name == "option" else [str(param.metavar)]
        assert param.name == "help" or all(name in section[1] for name in names)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_answer_in_json(name: str) -> None:
    assert any("--format" in param.opts for param in GROUP.commands[name].params)


def test_help_does_not_import_what_scoring_needs() -> None:
    done = scoreline("--help", flags=("-X", "importtime"))
    assert done.returncode == 0
    times = re.findall(r"^import time: +(\d+) \| +\d+ \| +(\S+)", done.stderr, re.MULTILINE)
    print(f"imports for --help: {sum(int(time) for time, _ in times) / 1000:.0f} ms")
    assert len(times) > 50
    assert not HEAVY & {name.partition(".")[0] for _, name in times}


def test_wrong_use_is_one_message() -> None:
    for arguments in (["scor"], ["score"], ["score", "a.csv", "--crad", "b.yaml"]):
        done = scoreline(*arguments)
        assert done.returncode == 2
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr
