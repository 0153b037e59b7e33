"""Grids: two cards beside each other, each record in a pair of classes.

Scenario 15 of the acceptance table and what follows from it, through the command line.
"""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import scoreline

FIT = """\
scorecard: fit
key: id
fields:
  size:     {type: number, optional: yes}
  industry: {type: choice, optional: yes}
terms:
  - {name: size, of: size, bins: [{from: 70, points: 60}, {from: 60, below: 70, points: 59.99},
     {from: 40, below: 60, points: 40}, {below: 40, points: 0}]}
  - {name: our industry, when: "industry = 'software'", points: 10}
segments: [{name: of no matter here, from: 1}, {name: nor this}]
cases:
  - {given: {size: 70, industry: software}, score: 70, segment: of no matter here}
"""
ENGAGEMENT = """\
scorecard: engagement
key: id
fields: {visits: {type: number, optional: yes}}
terms:
  - {name: visits, of: visits, bins: [{from: 80, points: 80}, {from: 60, below: 80, points: 60},
     {from: 50, below: 60, points: 59.99}, {from: 25, below: 50, points: 25},
     {below: 25, points: 0}]}
"""
GRID = """\
grid: fit-and-engagement
title: Who fits, and who is engaged
fit:        {card: fit.yaml, A: {from: 70}, B: {from: 40}, C: {}}
engagement: {card: engagement.yaml, 1: {from: 60}, 2: {from: 25}, 3: {}}
"""
ROWS = """\
id,size,industry,visits
a,70,software,50
b,60,software,60
c,40,,25
d,,,80
"""
"""Totals of (70, 59.99), (69.99, 60), (40, 25) and (nothing known of fit, 80)."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("fit.yaml", FIT),
        ("engagement.yaml", ENGAGEMENT),
        ("grid.yaml", GRID),
        ("rows.csv", ROWS),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def scored(folder: Path, *words: str | Path, grid: str = GRID) -> list[dict[str, Any]]:
    """The rows scored by a grid, all reasons written."""
    (folder / "grid.yaml").write_text(grid, encoding="utf-8")
    out = folder / "out.jsonl"
    card = ["--card", folder / "grid.yaml", "--as-of", "2026-01-31"]
    scoreline("score", folder / "rows.csv", *card, "--out", out, "--reasons", "0", *words)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def explained(folder: Path, key: str, *words: str | Path) -> Any:
    card = ["--card", folder / "grid.yaml", "--as-of", "2026-01-31", *words]
    told = scoreline("explain", folder / "rows.csv", *card, "--id", key, "--format", "json")
    return told.json


def test_15_a_record_is_in_a_class_of_each_card(folder: Path) -> None:
    found = scored(folder)
    assert [row["segment"] for row in found] == ["A2", "B1", "B2", "?1"]
    assert [row["score"] for row in found] == [129.99, 129.99, 65, 80]


def test_15_the_class_that_takes_the_rest_may_be_left_out(folder: Path) -> None:
    """A, B go on to C, and 1, 2 to 3."""
    short = GRID.replace(", C: {}", "").replace(", 3: {}", "")
    rest = "e,1,,1\n"
    (folder / "rows.csv").write_text(ROWS + rest, encoding="utf-8")
    found = scored(folder, grid=short)
    assert [row["segment"] for row in found] == ["A2", "B1", "B2", "?1", "C3"]
    assert found[0]["fingerprint"] == scored(folder)[0]["fingerprint"]


def test_the_reasons_of_both_cards_sum_to_the_score(folder: Path) -> None:
    told = explained(folder, "a")
    lines = {line["term"]: line["points"] for line in told["reasons"]}
    assert lines == {
        "fit: size": 60,
        "engagement: visits": 59.99,
        "fit: our industry": 10,
    }
    assert sum(Fraction(str(points)) for points in lines.values()) == Fraction("129.99")
    assert scored(folder)[0]["reasons"] == (
        "fit: size +60; engagement: visits +59.99; fit: our industry +10"
    )


def test_a_side_without_a_value_is_asked_for(folder: Path) -> None:
    """Nothing known is no class: no answer leaves it, so it is not certain."""
    *_, nothing = scored(folder)
    assert (nothing["low"], nothing["high"]) == (80, 150)
    assert (nothing["certain"], nothing["ask"]) == (False, "size")


def test_a_side_is_certain_when_no_answer_can_change_its_class(folder: Path) -> None:
    """Of c only the industry is open: 40 and 50 are both B."""
    third = scored(folder)[2]
    assert (third["low"], third["high"], third["certain"], third["ask"]) == (65, 75, True, "")


def test_an_unreadable_value_counts_as_missing(folder: Path) -> None:
    (folder / "rows.csv").write_text("id,size,industry,visits\nx,huge,,80\n", encoding="utf-8")
    assert [row["segment"] for row in scored(folder)] == ["?1"]


def test_segments_with_nothing_known_are_counted_where_there_are_some(folder: Path) -> None:
    told = scoreline(
        "score", folder / "rows.csv", "--card", folder / "grid.yaml", "--format", "json"
    ).json
    pairs = [letter + number for letter in "ABC" for number in "123"]
    assert list(told["segments"]) == [*pairs, "?1"]
    assert {name for name, count in told["segments"].items() if count} == {"A2", "B1", "B2", "?1"}
    assert (told["rows"], told["scored"]) == (4, 4)


def test_check_proof_reads_both_cards(folder: Path) -> None:
    told = scoreline("check", folder / "grid.yaml", "--format", "json").json
    assert (told["min"], told["max"]) == (0, 150)
    assert told["cases"] == {"passed": 1, "failed": 0}
    files = {found["message"].partition(": ")[0] for found in told["findings"]}
    assert files == {"fit.yaml", "engagement.yaml"}
    compulsory = [f["message"] for f in told["findings"] if f["code"] == "compulsory"]
    assert any("compulsory for `A`" in message for message in compulsory)
    text = scoreline("check", folder / "grid.yaml").out
    assert "fit.yaml:7 (size): info: `size` is compulsory for `A`" in text


def test_check_says_which_class_nobody_can_reach(folder: Path) -> None:
    (folder / "grid.yaml").write_text(GRID.replace("from: 70", "from: 71"), encoding="utf-8")
    told = scoreline("check", folder / "grid.yaml", code=1).out
    assert "grid.yaml:3: warning: fit: No record can be in `A` (71 or more)" in told


def test_diff_says_who_moves_by_which_line(folder: Path) -> None:
    (folder / "new_fit.yaml").write_text(FIT.replace("points: 10", "points: 11"), "utf-8")
    (folder / "new.yaml").write_text(GRID.replace("fit.yaml", "new_fit.yaml"), "utf-8")
    grids = [folder / "grid.yaml", folder / "new.yaml"]
    told = scoreline("diff", *grids, folder / "rows.csv", "--format", "json").json
    assert told["moves"] == [{"from": "B1", "to": "A1", "count": 1}]
    assert told["by_term"] == [{"term": "fit: our industry", "from": "B1", "to": "A1", "count": 1}]


def test_a_grid_stands_beside_its_cards_in_one_table(folder: Path) -> None:
    out = folder / "both.csv"
    cards = ["--card", folder / "grid.yaml", "--card", folder / "fit.yaml"]
    scoreline("score", folder / "rows.csv", *cards, "--out", out)
    with out.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["fit-and-engagement.segment"] == "A2"
    assert (first["fit.score"], first["fit.segment"]) == ("70.0", "of no matter here")


def test_channels_count_the_best_pair_as_qualified(folder: Path) -> None:
    rows = "id,size,industry,visits,channel,stage\na,70,software,80,ads,won\nb,,,1,ads,lost\n"
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    words = ["--channel", "channel", "--won", "stage=won", "--lost", "stage=lost"]
    card = ["--card", folder / "grid.yaml"]
    told = scoreline("channels", folder / "rows.csv", *card, *words, "--format", "json").json
    assert (told["qualified_segment"], told["garbage_segment"]) == ("A1", "C3")
    assert told["channels"][0]["qualified"] == 1


def test_the_page_shows_the_pairs(folder: Path) -> None:
    page = folder / "page.html"
    card = ["--card", folder / "grid.yaml"]
    scoreline("score", folder / "rows.csv", *card, "--report", page)
    text = page.read_text("utf-8")
    assert "Who fits, and who is engaged" in text
    assert all(f">{name}<" in text for name in ("A2", "B1", "B2", "?1"))


WEBINARS = """\
scorecard: engagement
key: id
fields: {visits: {type: number, optional: yes}}
terms:
  - {name: visits, when: visits > 9, points: 20}
  - {name: webinar, event: webinar, count: each, points: 60, half_life: 30 days}
"""


def test_each_side_gets_the_events_it_counts(folder: Path) -> None:
    """An event is something known: without fields the side has a class, and ages out of it."""
    (folder / "engagement.yaml").write_text(WEBINARS, encoding="utf-8")
    events = folder / "events.csv"
    events.write_text("id,event,at\na,webinar,2026-01-31\nd,mail,2026-01-31\n", encoding="utf-8")
    (folder / "rows.csv").write_text("id,size\na,70\nb,70\nd,70\n", encoding="utf-8")
    found = scored(folder, "--events", events)
    assert [row["segment"] for row in found] == ["B1", "B?", "B?"]
    told = explained(folder, "a", "--events", events)
    assert told["leaves"] == {"segment": "B2", "at": "2026-02-01T00:00:00Z"}
    assert {line["term"]: line["bin"] for line in told["reasons"]}[
        "engagement: webinar"
    ] == "1 x 60"


def test_a_field_is_typed_by_each_card_for_itself(folder: Path) -> None:
    """`1,234` is 1234 to one card and 1.234 to the other; both read one column."""
    for name, decimal in (("fit", "."), ("engagement", ",")):
        text = f"""scorecard: {name}
key: id
fields: {{sum: {{type: number, decimal: "{decimal}"}}}}
terms: [{{name: large, when: sum > 1000, points: 70}}, {{name: some, when: sum > 1, points: 30}}]
"""
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "rows.csv").write_text('id,sum\na,"1,234"\n', encoding="utf-8")
    (row,) = scored(folder)
    assert (row["segment"], row["score"]) == ("A2", 130)


def test_a_grid_in_a_workspace_keeps_its_cards(folder: Path) -> None:
    """What was published is scored by, whatever becomes of the files."""
    (folder / "engagement.yaml").write_text(WEBINARS, encoding="utf-8")
    (folder / "cards").mkdir()
    (folder / "fit.yaml").rename(folder / "cards" / "fit.yaml")
    (folder / "grid.yaml").write_text(GRID.replace("fit.yaml", "cards/fit.yaml"), "utf-8")
    (folder / "workspace.yaml").write_text("workspace: acme\nkey: id\n", encoding="utf-8")
    here = ["--workspace", folder]
    scoreline("init", folder, "--database-only")
    scoreline("publish", folder / "grid.yaml", *here)
    for file in ("grid.yaml", "engagement.yaml", "cards/fit.yaml"):
        (folder / file).unlink()
    first, later = ["--as-of", "2026-01-01"], ["--as-of", "2026-03-01"]
    scoreline("register", "id=a", "size=60", "industry=software", *first, *here)
    scoreline("event", "a", "webinar", *first, *here)
    assert now(folder, *first) == ("B1", 129.99)
    scoreline("work", "--once", *later, *here)
    assert now(folder, *later) == ("B3", 85.3406)


def now(folder: Path, *as_of: str) -> tuple[str, float]:
    """The segment and the score of record a in the workspace."""
    told = scoreline("history", "a", *as_of, "--workspace", folder, "--format", "json").json
    (last,) = told["now"]
    return last["segment"], last["score"]
