"""The documentation is true: its links lead somewhere and its commands do what it says."""

import ast
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scoreline.jobs.check import check_file
from scoreline.language.parse import parse_condition, parse_value
from scoreline.scorecard.file import parse_card

ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
    if path.exists()
]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# How a command of a page is run here: `make test` is what runs this very test, `make demo` opens a
# window after the set-up, and `uv run` would set up what is set up.
HERE = (
    (r"^make test$", "true"),
    (r"^make demo$", "scoreline demo --no-open"),
    (r"^make demo FILE=(\S+) CARD=(\S+)$", rf"bash {ROOT}/scripts/demo \1 \2"),
    (r"^uv run ", ""),
)


def steps(page: Path) -> list[tuple[str, str]]:
    """Commands of a page's console blocks, in order, each with the output that the page shows."""
    text = "".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def run(line: str, folder: Path) -> str:
    """What a command prints; it must succeed or say that rows were rejected (exit code 1)."""
    command = line.partition("  #")[0].strip()
    for pattern, instead in HERE:
        command = re.sub(pattern, instead, command)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        encoding="utf-8",
    )
    failed = done.returncode not in (0, 1) or "*** Failures" in done.stdout
    assert not failed, f"$ {command}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "page", [page for page in PAGES if steps(page)], ids=lambda page: page.stem
)
def test_commands_of_the_page_do_what_it_shows(page: Path, tmp_path: Path) -> None:
    same = doctest.OutputChecker().check_output
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    for command, shown in steps(page):
        printed = run(command, tmp_path)
        if shown.strip() not in ("", "..."):
            assert same(shown, printed, flags), f"$ {command}\nprints\n{printed}\nnot\n{shown}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if ">>> " in page.read_text("utf-8")], ids=lambda p: p.stem
)
def test_python_of_the_page_gives_what_it_shows(page: Path, tmp_path: Path) -> None:
    for command, _ in steps(page):
        if " init " in command:
            run(command, tmp_path)
    run(f"python -m doctest -o ELLIPSIS {page}", tmp_path)


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"https?://", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_cards_of_the_page_are_read(page: Path) -> None:
    for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.M | re.S):
        if block.startswith("scorecard:"):
            assert parse_card(block).terms


def test_cases_of_the_page_of_events_come_out(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "events.md").read_text("utf-8")
    passed = 0
    for card in re.findall(r"^```yaml\n(.*?)^```", page, re.M | re.S):
        (tmp_path / "card.yaml").write_text(card, encoding="utf-8")
        report = check_file(tmp_path / "card.yaml")
        assert not report.failed, report.findings
        passed += report.passed
    assert passed == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_cases_of_the_page_come_out(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    for card in [one for one in blocks if one.startswith("scorecard:") and "\ncases:" in one]:
        (tmp_path / "card.yaml").write_text(card, encoding="utf-8")
        report = check_file(tmp_path / "card.yaml")
        assert report.passed
        assert not report.failed, report.findings


def test_conditions_of_the_card_reference_are_read() -> None:
    card = parse_card(
        "scorecard: a\nfields: {budget: money, income: number, persons: integer, joined: date, "
        "service: choice, has_spec: yes/no, vip: yes/no, company: text, position: text, "
        "phone: phone, email: email}\nterms: [{name: a, when: vip, points: 1}]"
    )
    fields = {field.name: field for field in card.fields}
    page = (ROOT / "docs" / "card-reference.md").read_text(encoding="utf-8")
    table = page.partition("| to write | for example |")[2].partition("\n\n")[0]
    rows = [line.split(" | ")[1] for line in table.splitlines()[2:]]
    examples = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    assert len(examples) > 10
    for text in examples:
        (parse_value if text == "as_of" else parse_condition)(text, fields)


def codes_in(tree: ast.AST) -> set[str]:
    """Codes that a module gives to findings as literals."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call for call in calls if getattr(call.func, "id", "") == "Finding"]
    first = [call.args[0] for call in made if call.args]
    named = [word.value for call in made for word in call.keywords if word.arg == "code"]
    return {
        str(node.value)
        for node in [*first, *named]
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_finding_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    codes = set[str]().union(*(codes_in(ast.parse(source)) for source in sources))
    assert len(codes) > 5
    for code in codes:
        assert f"| `{code}` |" in page, f"{code} is not in scripts/findings_reference.py"


def test_every_page_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        assert page.name == "README.md" or f"]({page.relative_to(ROOT / 'docs')})" in index
