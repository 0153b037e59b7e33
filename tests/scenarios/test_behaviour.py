"""Behaviour: what events give, how it ages, and when a score leaves its segment.

Each test is one scenario of the acceptance table, through the command line.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import scoreline, write_card

HEADER = "id,event,at,event_id,mail\n"


def scored(
    folder: Path, card: str, events: list[str], as_of: str, record: str = "r,\n"
) -> dict[str, Any]:
    """The one record `r` scored at a moment, by `score`, and by `explain` which says the same."""
    data, happened, out = (folder / name for name in ("r.csv", "e.csv", "o.jsonl"))
    data.write_text("id,name\n" + record, encoding="utf-8")
    happened.write_text(HEADER + "".join(line + "\n" for line in events), encoding="utf-8")
    rest = ["--card", write_card(folder, card), "--events", happened, "--as-of", as_of]
    scoreline("score", data, *rest, "--out", out, "--reasons", "0")
    line = json.loads(out.read_text("utf-8"))
    told = scoreline("explain", data, *rest, "--id", "r", "--format", "json").json
    assert (told["score"], told["segment"]) == (line["score"], line["segment"])
    assert sum(reason["points"] for reason in told["reasons"]) == pytest.approx(told["score"])
    return {**line, "lines": told["reasons"], "leaves": told["leaves"]}


def card_of(*terms: str, rest: str = "") -> str:
    lines = "".join(f"  - {{{term}}}\n" for term in terms)
    return f"scorecard: behaviour\nkey: id\nfields: {{name: text}}\nterms:\n{lines}{rest}"


WEBINAR = "r,webinar,2026-01-01T00:00:00Z,,"


@pytest.mark.parametrize(
    ("as_of", "score"), [("2026-01-01", 10), ("2026-01-31", 5), ("2026-03-02", 2.5)]
)
def test_16_points_halve_in_a_half_life(tmp_path: Path, as_of: str, score: float) -> None:
    card = card_of("name: webinar, event: webinar, count: each, points: 10, half_life: 30 days")
    assert scored(tmp_path, card, [WEBINAR], as_of)["score"] == score


FIXED = """segments:
  - {name: qualified, above: 6}
  - {name: rest}
base: 5
"""


def test_17_the_moment_a_score_leaves_its_segment_is_known_beforehand(tmp_path: Path) -> None:
    card = card_of(
        "name: webinar, event: webinar, count: each, points: 4, half_life: 30 days", rest=FIXED
    )
    first = scored(tmp_path, card, [WEBINAR], "2026-01-01")
    assert (first["score"], first["segment"]) == (9, "qualified")
    assert first["leaves"] == {"segment": "rest", "at": "2026-03-02T00:00:00Z"}
    before = scored(tmp_path, card, [WEBINAR], "2026-03-01T23:59:59Z")
    assert (before["segment"], before["leaves"]) == ("qualified", first["leaves"])
    after = scored(tmp_path, card, [WEBINAR], "2026-03-02")
    assert (after["score"], after["segment"], after["leaves"]) == (6, "rest", None)


@pytest.mark.parametrize(
    ("as_of", "score"),
    [("2026-01-01", 10), ("2026-01-31", 5), ("2026-03-02", 0), ("2026-06-01", 0)],
)
def test_18_linear_ageing_ends_at_nothing(tmp_path: Path, as_of: str, score: float) -> None:
    card = card_of("name: webinar, event: webinar, points: 10, linear: 50% per 30 days")
    assert scored(tmp_path, card, [WEBINAR], as_of)["score"] == score


def test_19_a_window_ends_to_the_second(tmp_path: Path) -> None:
    card = card_of(
        "name: visit, event: visit, points: 5, within: 7 days",
        rest="""segments:
  - {name: warm, from: 5}
  - {name: cold}
""",
    )
    visit = ["r,visit,2026-01-01T12:00:00Z,,"]
    inside = scored(tmp_path, card, visit, "2026-01-08T11:59:59Z")
    assert (inside["score"], inside["segment"]) == (5, "warm")
    assert inside["leaves"] == {"segment": "cold", "at": "2026-01-08T12:00:00Z"}
    assert scored(tmp_path, card, visit, "2026-01-08T12:00:00Z")["score"] == 0


def test_20_repeats_count_once_and_events_of_tomorrow_wait(tmp_path: Path) -> None:
    card = card_of("name: visit, event: visit, points: 1")
    today = ["r,visit,2026-02-10,v1,", "r,visit,2026-02-10,v1,"]
    assert scored(tmp_path, card, today, "2026-02-10")["score"] == 1
    late = [*today, "r,visit,2026-02-09,v0,"]
    assert scored(tmp_path, card, late, "2026-02-10")["score"] == 2
    assert scored(tmp_path, card, late, "2026-02-09")["score"] == 1
    future = [*late, "r,visit,2026-02-11,v2,"]
    assert scored(tmp_path, card, future, "2026-02-10")["score"] == 2
    assert scored(tmp_path, card, future, "2026-02-11")["score"] == 3


@pytest.mark.parametrize(("count", "score"), [("distinct(mail)", 2), ("once", 1), ("each", 3)])
def test_21_events_are_counted_as_the_card_says(tmp_path: Path, count: str, score: int) -> None:
    card = card_of(f"name: open, event: open, count: {count}, points: 1")
    card = card.replace("terms:", "events: {open: {mail: text}}\nterms:")
    opens = [f"r,open,2026-02-0{n},,{mail}" for n, mail in enumerate(("e1", "e1", "e2"), start=1)]
    assert scored(tmp_path, card, opens, "2026-02-10")["score"] == score


ENGAGED = [
    "name: open, event: open, points: 1, cap: 3, group: mail",
    "name: click, event: click, points: 2, cap: 6, group: mail",
    "name: webinar, event: webinar, points: 4",
    "name: unsubscribe, event: unsubscribe, points: -10",
]
HAPPENED = [
    *(f"r,open,2026-02-0{n},," for n in range(1, 6)),
    *("r,click,2026-02-01,,", "r,click,2026-02-02,,", "r,webinar,2026-02-03,,"),
]


def test_22_caps_of_terms_and_groups_are_lines_that_add_up(tmp_path: Path) -> None:
    card = card_of(*ENGAGED, rest="groups: {mail: {cap: 5}}\n")
    found = scored(tmp_path, card, HAPPENED, "2026-02-10")
    assert found["score"] == 9
    lines = {line["term"]: (line["bin"], line["points"]) for line in found["lines"]}
    assert lines["open"] == ("5 x 1, cap 3", 3)
    assert (lines["click"][1], lines["webinar"][1], lines["mail cap"][1]) == (4, 4, -2)
    assert found["reasons"] == "click +4; webinar +4; open +3; mail cap -2"

    gone = [*HAPPENED, "r,unsubscribe,2026-02-09,,"]
    assert scored(tmp_path, card, gone, "2026-02-10")["score"] == -1
    floored = scored(tmp_path, card + "total: {floor: 0}\n", gone, "2026-02-10")
    assert floored["score"] == 0
    assert floored["lines"][-1]["points"] == 1


def test_events_are_asked_for_and_none_is_said_on_purpose(tmp_path: Path) -> None:
    card = write_card(tmp_path, card_of("name: visit, event: visit, points: 1"))
    data = tmp_path / "r.csv"
    data.write_text("id,name\nr,\n", encoding="utf-8")
    refused = scoreline("score", data, "--card", card, code=2)
    assert "--events" in refused.errors
    assert "1 record scored" in scoreline("score", data, "--card", card, "--events", "none").out


def test_events_that_cannot_be_used_are_kept_beside_the_result(tmp_path: Path) -> None:
    card = write_card(tmp_path, card_of("name: visit, event: visit, points: 1"))
    data, events, out = (tmp_path / name for name in ("r.csv", "e.csv", "o.csv"))
    data.write_text("id,name\nr,\n", encoding="utf-8")
    events.write_text(
        "id,event,at\nr,visit,2026-01-01\nr,visit,soon\n,visit,2026-01-01\nr,visit,03/04/2026\n",
        encoding="utf-8",
    )
    rest = ["--card", card, "--events", events, "--as-of", "2026-02-01", "--out", out]
    scoreline("score", data, *rest)
    kept = (tmp_path / "o.csv.rejected-events.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in kept] == ["row", "2", "3", "4"]
    assert "`at` can't be read: not a moment" in kept[1]
    assert "`at` may be 2026-04-03 or 2026-03-04" in kept[3]


def test_an_event_term_says_what_it_lacks(tmp_path: Path) -> None:
    card = write_card(
        tmp_path,
        card_of(
            "name: a, event: vist, points: 1",
            "name: b, event: visit, points: 1, within: soon",
            "name: c, event: visit, points: 1, count: distinct(colour)",
            "name: d, when: name is not null, points: 1, within: 7 days",
        ).replace("terms:", "events: {visit: {color: text}}\nterms:"),
    )
    refused = scoreline("check", card, code=2).out
    for words in ("Did you mean visit?", "no duration", "Did you mean color?", "needs an `event`"):
        assert words in refused


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id,event,when,mail", "`at`"),
        ("who,event,at,mail", "`id`"),
        ("id,what,when,mail", "`event` and `at`"),
        ("id,event,at,letter", "e.csv lacks a column that the card declares: `mail`"),
    ],
)
def test_a_file_of_events_says_what_it_lacks(tmp_path: Path, header: str, told: str) -> None:
    text = card_of("name: open, event: open, count: distinct(mail), points: 1")
    card = write_card(tmp_path, text.replace("terms:", "events: {open: {mail: text}}\nterms:"))
    data, events = tmp_path / "r.csv", tmp_path / "e.csv"
    data.write_text("id,name\nr,\n", encoding="utf-8")
    events.write_text(f"{header}\nr,open,2026-01-01,x\n", encoding="utf-8")
    assert told in scoreline("score", data, "--card", card, "--events", events, code=2).errors


def test_a_repeat_that_differs_is_said(tmp_path: Path) -> None:
    card = write_card(tmp_path, card_of("name: visit, event: visit, points: 1"))
    data, events = tmp_path / "r.csv", tmp_path / "e.csv"
    data.write_text("id,name\nr,\n", encoding="utf-8")
    rows = ["r,visit,2026-01-01,same", "r,visit,2026-01-01,same"]
    rows += ["r,visit,2026-01-02,other", "r,visit,2026-01-03,other", "r,visit,2026-01-03,"]
    events.write_text("id,event,at,event_id\n" + "\n".join(rows) + "\n", encoding="utf-8")
    rest = ["--card", card, "--events", events, "--as-of", "2026-02-01"]
    assert scoreline("score", data, *rest, "--format", "json").json["findings"] == {
        "event-differs": 1
    }
    said = scoreline("score", data, *rest).out
    assert "the first of them counts. 1 x (first: event other)" in said
    told = scoreline("explain", data, *rest, "--id", "r", "--format", "json").json
    assert told["score"] == 3
