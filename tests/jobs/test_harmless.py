"""What a scored csv shows to a spreadsheet: no cell of it is a formula, whoever wrote it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.score import score_file
from scoreline.quality.formulas import RISKY_BYTES, begins
from scoreline.quality.reading.delimited import file
from scoreline.scorecard.file import parse_card
from scoreline.scoring.moments import moment

CARD = parse_card("""
scorecard: risky
key: id
fields: {city: text, size: number}
terms:
  - {name: "=named", when: size > 1, points: 3, group: "@group"}
  - {name: plain, when: city is not null, points: 1}
groups: {"@group": {cap: 1}}
segments: [{name: "+best", from: 2}, {name: "-rest"}]
""")
ROWS = [
    ["\x1c=1+A1", "Rome", "2", "=HYPERLINK(1)", "@x", "-1+A1"],
    ["b", "=Rome", "0", "x", "=1", "+A"],
    ["c", "Paris", "5", "\x1f=x", "plain", "plain"],
]
HEADERS = ["id", "city", "size", "score", "input_score", "row"]


@pytest.fixture(params=[0, 1 << 20])
def data(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A csv as either reader takes it."""
    monkeypatch.setattr(file, "SMALL", request.param)
    path = tmp_path / "risky.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([HEADERS, *ROWS])
    return path


@pytest.mark.parametrize("with_data", [False, True])
@pytest.mark.parametrize(
    "cards",
    [
        [CARD],
        [
            CARD,
            parse_card("""
scorecard: second
key: id
fields: {city: text}
terms: [{name: "@other", when: city is not null, points: 1}]
"""),
        ],
    ],
    ids=["one", "two"],
)
def test_no_cell_of_a_result_is_a_formula(
    data: Path, tmp_path: Path, cards: list[object], with_data: bool
) -> None:
    out = tmp_path / "out.csv"
    options = ScoreOptions(as_of=moment("2026-01-31"), with_data=with_data)
    score_file(data, cards, Outputs(str(out)), options)  # type: ignore[arg-type]
    with out.open(encoding="utf-8", newline="") as written:
        rows = list(csv.reader(written))
    assert len(rows) == 1 + len(ROWS)
    assert not [
        cell for row in rows for cell in row if begins(cell) and any(map(str.isalpha, cell))
    ]
    assert any(cell.startswith("'=named +3") for row in rows for cell in row)


def test_what_makes_a_cell_risky_is_seen_in_its_first_byte() -> None:
    """Cells are cleared by their first byte alone where a csv is scanned."""
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        sign = chr(code)
        if begins(f"{sign}=1"):
            assert sign.encode()[0] in RISKY_BYTES, hex(code)
