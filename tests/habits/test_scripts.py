"""The two commands of the README, and what stands behind them."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A finished command of this checkout, as if no make were around this test."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert targets
    listed = re.findall(r"^  make (\w+)", run("make").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(targets[1].split())


def test_demo_and_test_begin_with_the_set_up() -> None:
    assert run("make", "-n", "demo").stdout.split("\n")[0] == "scripts/bootstrap"
    assert "scripts/bootstrap --test" in (ROOT / "scripts" / "test").read_text(encoding="utf-8")
    assert "make --no-print-directory test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_demo_with_half_of_what_it_needs_says_so() -> None:
    done = run("scripts/demo", "leads.csv", "")
    assert done.returncode == 2
    assert "FILE=leads.csv CARD=card.yaml" in done.stderr


def test_set_up_names_what_it_does_not_know() -> None:
    done = run("scripts/bootstrap", "--everything")
    assert done.returncode == 2
    assert "--everything" in done.stderr


def test_scripts_can_be_run_and_stop_at_the_first_failure() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix]
    assert len(scripts) > 4
    for path in [*scripts, ROOT / ".ci" / "run"]:
        assert path.stat().st_mode & 0o111, f"{path.name} can't be run"
        text = path.read_text(encoding="utf-8")
        assert text.startswith("#!/usr/bin/env bash\n"), path.name
        assert "set -euo pipefail" in text or path.name == "chromium", path.name
