"""Hostile texts as keys and cells of a file, and as names on a page: scored, shown, never run."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

import scoreline
from scoreline.language.text import normal
from tests.injection.corpus import hostile
from tests.scenarios.command import scoreline as command

CARD = """\
scorecard: c
title: "<script>alert(1)</script> {{7*7}} =1+1"
key: id
fields: {id: text, note: text, size: number}
terms:
  - {name: "<img src=x onerror=alert(2)> {{7*7}} ') --", when: size > 1, points: 2}
  - {name: "=HYPERLINK(1)", when: note is not null, points: 1}
segments: [{name: "</style><b>best", from: 2}, {name: "@rest"}]
"""
FORMULA = re.compile(r"[=+@\t\r-](?![\d.]*\Z)")


@pytest.fixture
def rows(tmp_path: Path) -> list[str]:
    """The hostile texts that can be the key of a row: not blank, each once, no NUL."""
    texts = [text for text in hostile(str(tmp_path / "canary")) if "\x00" not in text]
    return list({normal(text): text for text in texts if normal(text)}.values())


def write(folder: Path, rows: list[str]) -> tuple[Path, Path]:
    card, data = folder / "card.yaml", folder / "data.csv"
    card.write_text(CARD, encoding="utf-8")
    with data.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "note", "size"], *([row, row, 5] for row in rows)])
    return card, data


def test_every_row_is_scored_under_its_own_key(tmp_path: Path, rows: list[str]) -> None:
    card, data = write(tmp_path, rows)
    table = scoreline.load(card).score_table(data)
    assert table["score"].to_list() == [3] * len(rows)
    assert [normal(key) for key in table["id"].to_list()] == [normal(row) for row in rows]
    assert not (tmp_path / "canary").exists()


def test_files_hold_no_formula_and_pages_no_script(tmp_path: Path, rows: list[str]) -> None:
    card, data = write(tmp_path, rows)
    out, page = tmp_path / "out.csv", tmp_path / "page.html"
    words: list[str | Path] = ["score", data, "--card", card, "--out", out, "--report", page]
    said = json.loads(command(*words, "--with-data", "--format", "json").out)
    assert (said["rows"], said["scored"], said["rejected"]) == (len(rows), len(rows), 0)
    with out.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert not [cell for cell in cells if FORMULA.match(cell)]
    html = page.read_text("utf-8")
    for live in ("<script>alert(1)", "<script>fetch", "<img src=x", "<svg onload", "</style><b>"):
        assert live not in html
    assert "{{7*7}}" in html
    assert not (tmp_path / "canary").exists()
