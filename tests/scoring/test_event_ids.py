"""Which events of a file count: the first usable one of each id, in `score` and in a workspace."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

import pytest

from scoreline.errors import MissingColumnsError
from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import register
from scoreline.scorecard.file import parse_card
from scoreline.scoring.events import EventRows, event_rows
from tests.lifecycle.workspaces import START, make
from tests.scenarios.command import in_process, write_card

CARD = """\
scorecard: ids
key: id
fields: {name: {type: text, optional: yes}}
terms:
  - {name: web, event: web, where: min >= 1, points: 1}
  - {name: call, event: call, points: 10}
events: {web: {min: number}, call: {}}
"""
AS_OF = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
HEADER = "id,event,at,event_id,min\n"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "e.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def counted(rows: EventRows) -> list[int]:
    """The rows of the events that count."""
    found = [frame.collect()["__row__"].to_list() for frame in rows.kinds.values()]
    return sorted(row for some in found for row in some)


def test_a_rejected_event_claims_no_id(tmp_path: Path) -> None:
    """One whose date has two readings is no first of its id: the next one counts."""
    events = write(tmp_path, "1,web,01/02/2026,q1,30", "1,web,2026-02-03,q1,30")
    with event_rows(str(events), parse_card(CARD)) as rows:
        assert rows is not None
        assert [one.at.day for one in rows.of("1")] == [3]
        assert [one.row for one in rows.rejected_rows()] == [1]
        assert rows.differing == []
    data = tmp_path / "r.csv"
    data.write_text("id\n1\n", encoding="utf-8")
    said = in_process(
        *("explain", data, "--card", write_card(tmp_path, CARD), "--id", "1"),
        *("--events", events, "--as-of", "2026-03-01", "--format", "json"),
    )
    assert said.json["score"] == 1


def test_what_lacks_its_key_or_its_kind_claims_no_id_either(tmp_path: Path) -> None:
    rows = [",web,2026-02-01,q1,1", "1,,2026-02-01,q1,1", "1,web,,q1,1", "1,web,2026-02-03,q1,1"]
    with event_rows(str(write(tmp_path, *rows)), parse_card(CARD)) as found:
        assert found is not None
        assert (counted(found), found.differing) == ([4], [])
        assert [one.row for one in found.rejected_rows()] == [1, 3]


def test_of_usable_events_the_first_counts_and_a_differing_one_is_said(tmp_path: Path) -> None:
    rows = [
        "1,web,soon, q1,1",
        "1,web,2026-02-01,q1,1",
        "1,web,2026-02-01,q1 ,2",
        "1,call,2026-02-01,q2,",
        "1,call,2026-02-01,q2,",
        "1,call,2026-02-01,,",
        "1,call,2026-02-01,,",
    ]
    with event_rows(str(write(tmp_path, *rows)), parse_card(CARD)) as found:
        assert found is not None
        assert (counted(found), found.differing) == ([2, 4, 6, 7], ["q1"])


def test_ids_are_one_in_normal_form(tmp_path: Path) -> None:
    """Trimmed, inner blanks collapsed, NFC; capitals tell apart, and NaN is no id."""
    ids = ["q\u00e9 1", " qe\u0301  1", "q\u00e9\u00a01", "Q\u00e9 1", "NaN", "NaN"]
    events = write(tmp_path, *(f"1,call,2026-02-01,{own}," for own in ids))
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "1"}, START)
    done = import_files(workspace, Files(events=str(events)), AS_OF)
    assert (done.events.new, done.events.repeats) == (4, 2)
    with event_rows(str(events), parse_card(CARD)) as found:
        assert found is not None
        assert (counted(found), found.differing) == ([1, 4, 5, 6], [])


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_the_order_of_moments_is_said_as_for_an_import(tmp_path: Path, order: str) -> None:
    """3 April is after the moment of scoring, 4 March is not; 20/02 is no date of mdy."""
    rows = ["1,call,03/04/2026,q1,", "1,call,01/02/2026,q1,", "1,web,20/02/2026,,1"]
    high = {"dmy": 0, "mdy": 1}[order]
    cut = CARD + "segments: [{name: high, from: 10}, {name: low}]\n"
    events, card = write(tmp_path, *rows), write_card(tmp_path, cut)
    lower = write_card(tmp_path, cut.replace("points: 10", "points: 5"), "lower.yaml")
    (data := tmp_path / "r.csv").write_text("id\n1\n", encoding="utf-8")
    json = ("--format", "json", "--as-of", "2026-03-31")
    said = ("--events", events, "--order", order)
    scored = in_process("score", data, "--card", card, *said, *json).json
    assert scored["segments"]["high"] == high
    why = in_process("explain", data, "--card", card, "--id", "1", *said, *json).json
    assert why["score"] == {"dmy": 1, "mdy": 10}[order]
    moved = in_process("diff", card, lower, data, *said, *json).json
    assert [move["count"] for move in moved["moves"]] == [1] * high


@pytest.mark.parametrize("events", [(), ("--events", "none")])
def test_the_order_of_no_events_is_refused(tmp_path: Path, events: tuple[str, ...]) -> None:
    card = write_card(tmp_path, CARD)
    (data := tmp_path / "r.csv").write_text("id\n1\n", encoding="utf-8")
    rest = (*events, "--order", "dmy")
    for words in (
        ("score", data, "--card", card),
        ("explain", data, "--card", card, "--id", "1"),
        ("diff", card, card, data),
    ):
        said = in_process(*words, *rest, code=2)
        assert said.errors.startswith("--order is that of `at` in events.")


def test_moments_with_several_readings_hint_at_their_order(tmp_path: Path) -> None:
    rows = ["1,call,03/04/2026,,", "1,call,20/04/2026,,"]
    events, card = write(tmp_path, *rows), write_card(tmp_path, CARD)
    (data := tmp_path / "r.csv").write_text("id\n1\n", encoding="utf-8")
    asked = ("score", data, "--card", card, "--as-of", "2026-05-01", "--events", events)
    out = tmp_path / "o.csv"
    said = in_process(*asked, "--out", out)
    assert "Say the order, such as --order dmy" in said.out
    kept = (tmp_path / "o.csv.rejected-events.csv").read_text("utf-8")
    assert "`at` may be 2026-04-03 or 2026-03-04: say the order, such as --order dmy" in kept
    said = in_process(*asked, "--out", out, "--order", "dmy")
    assert "events.at" not in said.out


@pytest.mark.parametrize("seed", range(4))
def test_score_and_workspace_count_what_a_naive_reading_counts(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - test data, not secrets
    drawn = [
        (
            random.choice("123"),
            random.choice(["web", "call", "call", ""]),
            random.choice(["2026-01-05", "2026-02-03", "2026-02-03", "01/02/2026", "soon", ""]),
            random.choice(["", *(f"q{number}" for number in range(12))]),
            random.choice(["1", "2", ""]),
        )
        for _ in range(60)
    ]
    expected, seen = dict.fromkeys("123", 0), set[str]()
    for key, kind, at, own, minutes in drawn:
        if not kind or not at.startswith("2026") or own in seen:
            continue
        seen |= {own} - {""}
        expected[key] += 10 if kind == "call" else bool(minutes)
    events = write(tmp_path, *map(",".join, drawn))
    data = tmp_path / "r.csv"
    data.write_text("id\n1\n2\n3\n", encoding="utf-8")
    workspace = make(tmp_path, CARD)
    for key in expected:
        register(workspace, {"id": key}, START)
    done = import_files(workspace, Files(events=str(events)), AS_OF)
    with event_rows(str(events), parse_card(CARD)) as rows:
        assert rows is not None
        usable = [one for key in "123" for one in rows.of(key)]
        assert len(usable) == done.events.new
        assert len(rows.differing) == len(set(rows.differing))
        assert len(rows.rejected_rows()) <= len(done.events.rejected)  # a blank kind is no kind
    for key, score in expected.items():
        assert history(workspace, key, AS_OF).life.now[0].result.score == score
        said = in_process(
            *("explain", data, "--card", write_card(tmp_path, CARD), "--id", key),
            *("--events", events, "--as-of", "2026-03-01", "--format", "json"),
        )
        assert said.json["score"] == score


def test_a_kind_without_events_needs_no_column_of_its_properties(tmp_path: Path) -> None:
    events = tmp_path / "e.csv"
    events.write_text("id,event,at\n1,call,2026-02-01\n", encoding="utf-8")
    with event_rows(str(events), parse_card(CARD)) as rows:
        assert rows is not None
        assert [one.event for one in rows.of("1")] == ["call"]
    events.write_text("id,event,at\n1,call,2026-02-01\n1, web ,2026-02-01\n", encoding="utf-8")
    with event_rows(str(events), parse_card(CARD)) as rows:
        assert rows is not None
        with pytest.raises(MissingColumnsError, match="lacks a column that the card declares"):
            rows.of("1")


def test_moments_that_can_not_be_read_are_one_cause_over_all_kinds(tmp_path: Path) -> None:
    rows = ["1,web,01/02/2026,,1", "1,call,01/02/2026,,", "1,call,03/02/2026,,", "1,web,soon,,1"]
    events, data = write(tmp_path, *rows), tmp_path / "r.csv"
    data.write_text("id\n1\n", encoding="utf-8")
    said = in_process(
        *("score", data, "--card", write_card(tmp_path, CARD), "--events", events),
        *("--as-of", "2026-03-01"),
    )
    lines = [line for line in (said.out + said.errors).splitlines() if "events.at" in line]
    assert len(lines) == 2
    assert [" 3 x" in line for line in lines].count(True) == 1
