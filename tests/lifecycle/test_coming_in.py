"""What comes in: records, events, outcomes; what can't be used is said, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy
import pandas
import polars as pl
import pytest

from scoreline.errors import DataError, StoreError, UsageError
from scoreline.jobs.workspace import registering
from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.reading import history
from scoreline.jobs.workspace.registering import note_event, register
from scoreline.jobs.workspace.rescoring import rescore
from scoreline.lifecycle.workspace import Workspace, open_workspace
from scoreline.quality.table import ReadOptions
from scoreline.store import events, records
from scoreline.store.outcomes import Added
from tests.conftest import Ran
from tests.lifecycle.workspaces import START, make, put_in_force
from tests.scenarios.command import in_process

CARD = """\
scorecard: coming
key: id
fields:
  budget: {type: number, optional: yes}
  phone:  {type: phone, country: RU, optional: yes}
terms:
  - {name: budget, when: budget >= 100, points: 3}
  - {name: phone, when: "phone.status = 'ok'", points: 1}
  - {name: visits, event: visit, where: pages >= 2, points: 2}
events: {visit: {pages: number}}
segments: [{name: high, above: 4}, {name: low}]
"""


def score_of(workspace: Workspace, key: str) -> float:
    return history(workspace, key, START).life.now[0].result.score


def write(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def test_rows_in_are_stored_and_rejected(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    data = write(tmp_path, "leads.csv", "id,budget", "1,150", " ,150", "2,50", "1,50")
    done = import_files(workspace, Files(data), START)
    assert (done.rows, done.stored.new, done.stored.changed, len(done.rejected)) == (4, 2, 1, 1)
    assert [past.score for past in history(workspace, "1", START).life.past] == [30_000, 0]


def test_what_no_card_reads_is_said_and_kept(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    said = register(workspace, {"id": 1, "budgt": 150, "colour": "red"}, START).warnings
    assert [("budget" in one and "budgt" in one, "colour" in one) for one in said] == [
        (True, False),
        (False, True),
    ]
    assert history(workspace, "1", START).life.now[0].result.score == 0
    assert register(workspace, {"id": 1, "budget": 150}, START).warnings == ()
    assert register(make_bare(tmp_path), {"id": 1, "x": 2}, START).warnings == ()


def make_bare(folder: Path) -> Workspace:
    """A workspace without a card."""
    bare = folder / "bare"
    bare.mkdir()
    return make(bare)


def test_a_blank_cell_takes_nothing_back_and_null_does(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": 150, "phone": "+7 912 345-67-89"}, START)
    import_files(workspace, Files(write(tmp_path, "a.csv", "id,budget,phone", "1,,")), START)
    assert score_of(workspace, "1") == 4
    register(workspace, {"id": 1, "budget": None}, START)
    assert score_of(workspace, "1") == 1


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0\t"])
def test_a_blank_text_takes_nothing_back_wherever_it_comes_from(tmp_path: Path, blank: str) -> None:
    """Every form of the web sends an empty text for a field that was left empty."""
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": 150}, START)
    register(workspace, {"id": "1", "budget": blank}, START)
    in_process("register", "id=1", f"budget={blank}", "--workspace", tmp_path)
    given = json.dumps({"id": "1", "budget": blank})
    in_process("register", given, "--workspace", tmp_path)
    cells = json.dumps({"id": "1", "budget": blank})
    import_files(workspace, Files(write(tmp_path, "a.jsonl", cells)), START)
    assert score_of(workspace, "1") == 3
    assert history(workspace, "1", START).life.record.values["budget"] == 150
    in_process("register", '{"id": "1", "budget": null}', "--workspace", tmp_path)
    assert score_of(workspace, "1") == 0


@pytest.mark.parametrize("nothing", [math.nan, Decimal("nan"), numpy.float32("nan"), pandas.NaT])
def test_nan_is_a_blank_like_others(tmp_path: Path, nothing: object) -> None:
    """A row of a data frame has it in each cell that is empty."""
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": 150}, START)
    register(workspace, {"id": 1, "budget": nothing, "phone": nothing}, START)
    assert score_of(workspace, "1") == 3
    assert history(workspace, "1", START).life.record.values == {"id": 1, "budget": 150}
    register(workspace, {"id": 1, "budget": None}, START)
    assert score_of(workspace, "1") == 0


def test_a_blank_text_of_a_new_record_is_not_kept(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": " ", "phone": ""}, START)
    assert "budget" not in history(workspace, "1", START).life.record.values


def test_an_event_says_which_property_no_card_can_read(tmp_path: Path) -> None:
    """In the words of `register`, and for each property that a card in force reads."""
    workspace = make(tmp_path, CARD)
    told = register(workspace, {"id": 1, "budget": "abc"}, START).warnings
    event = {"event": "visit", "pages": "abc", "colour": "abc"}
    assert note_event(workspace, "1", event, START).warnings == tuple(
        one.replace("budget", "pages") for one in told
    )
    assert len(told) == 1
    assert note_event(workspace, "1", {"event": "visit", "pages": "3"}, START).warnings == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pagse": "3"}, True),
        ({"pages": "3", "pagse": "3"}, False),  # import says it at the level `info`
        ({"Pages": "3"}, False),
        ({"campaign": "may"}, False),
        ({"pagse": " "}, False),
    ],
)
def test_a_misspelt_property_of_an_event_is_told_as_that_of_a_file(
    tmp_path: Path, given: dict[str, str], told: bool
) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1}, START)
    said = note_event(workspace, "1", {"event": "visit", **given}, START).warnings
    assert said == told * (
        "pages: the event has no such property, but it has `pagse`, which no card reads. "
        "Call it `pages`, or name it in `column:` of the field.",
    )
    with workspace.database.reading() as connection:
        record = records.by_keys(connection, ["1"])["1"].id
        (kept,) = events.of_records(connection, [record])
    assert json.loads(kept.properties) == {k: v for k, v in given.items() if v.strip()}


def test_a_property_that_is_declared_and_not_read_is_no_slip(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD.replace("{pages: number}", "{pages: number, page: text}"))
    register(workspace, {"id": 1}, START)
    event = {"event": "visit", "page": "prices"}
    assert note_event(workspace, "1", event, START).warnings == ()


def test_a_warning_in_a_line_is_made_of_sentences(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    (told,) = register(workspace, {"id": 1, "phone": "my phone"}, START).warnings
    assert told.startswith("phone: not a phone number. If ")


@pytest.mark.parametrize(("key", "what"), [({"a": 1}, "an object"), ([1], "a list")])
def test_a_key_that_is_no_single_value_is_called_what_it_is(
    tmp_path: Path, key: object, what: str
) -> None:
    workspace = make(tmp_path, CARD)
    with pytest.raises(DataError, match=f"The key `id` is {what}"):
        register(workspace, {"id": key}, START)


def test_events_of_nobody_and_of_no_moment_are_rejected(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1}, START)
    lines = [
        "1,visit,2025-12-31,2",
        "9,visit,2025-12-31,2",
        "1,visit,yesterday,2",
        "1,,2025-12-31,",
    ]
    events = write(tmp_path, "e.csv", "id,event,at,pages", *lines, "1,vist,2025-12-31,2")
    done = import_files(workspace, Files(events=events), START)
    assert done.events.new == 2
    assert [(row.row, row.reason) for row in done.events.rejected] == [
        (2, "no record has this `id`"),
        (3, "`at` can't be read: not a moment"),
        (4, "`event` is blank"),
    ]
    assert done.events.without_id == 2
    assert [one.field for one in done.events.findings if one.code == "event-uncounted"] == ["vist"]
    assert score_of(workspace, "1") == 2


def test_a_repeat_of_an_event_is_no_error_and_counts_once(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1}, START)
    event = {"event": "visit", "event_id": "v", "pages": "2", "at": START.isoformat()}
    assert note_event(workspace, "1", event, START).warnings == ()
    again = note_event(workspace, "1", event, START)
    assert again.warnings == ("The event `v` is known; it counts once.",)
    other = note_event(workspace, "1", {**event, "pages": "3"}, START)
    assert "was another one" in other.warnings[0]
    assert score_of(workspace, "1") == 2


def test_outcomes_are_kept_once_each(tmp_path: Path, database: str) -> None:
    workspace = make(tmp_path, CARD, database=database)
    for key in "12":
        register(workspace, {"id": key}, START)
    undated = write(tmp_path, "o.csv", "id,stage", "1,Won", "2,Lost", "3,Won", "2,Open")
    files = Files(outcomes=undated, won="stage=Won", lost="stage=Lost")
    done = import_files(workspace, files, START).outcomes
    assert done.added == Added(new=2)
    assert (done.open, [row.row for row in done.rejected]) == (1, [3])
    later = START + dt.timedelta(days=1)
    assert import_files(workspace, files, later).outcomes.added == Added(same=2)
    dated = write(
        tmp_path, "d.csv", "id,stage,at", "1,Won,2026-02-01", "1,Won,2026-02-01", "2,Lost,soon"
    )
    files = Files(outcomes=dated, won="stage=Won", lost="stage=Lost")
    done = import_files(workspace, files, START).outcomes
    assert done.added == Added(changed=1, same=1)  # won again, at another moment
    assert [row.reason for row in done.rejected] == ["`at` can't be read: not a moment"]
    assert import_files(workspace, files, START).outcomes.added == Added(same=2)


def test_outcomes_come_as_frames_too(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    sold = pl.DataFrame({"id": [1, 2], "stage": ["Won", "Open"], "at": dt.date(2026, 1, 1)})
    for frame in (sold, sold.to_pandas(), sold.to_arrow()):
        register(workspace, {"id": 1}, START)
        done = import_files(workspace, Files(outcomes=frame, won="stage=Won"), START).outcomes
        assert (done.added.new + done.added.same, len(done.rejected)) == (1, 1)


def test_an_outcome_whose_key_no_database_can_hold_is_rejected_alone(
    tmp_path: Path, database: str
) -> None:
    workspace = make(tmp_path, CARD, database=database)
    register(workspace, {"id": 1}, START)
    sold = tmp_path / "sold.parquet"
    pl.DataFrame({"id": ["1\0q", "1", "7"], "stage": "Won"}).write_parquet(sold)
    done = import_files(workspace, Files(outcomes=sold, won="stage=Won"), START).outcomes
    assert done.added == Added(new=1)
    assert [(row.row, row.reason) for row in done.rejected] == [
        (1, "`id` holds a character that is none"),
        (3, "no record has this `id`"),
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (Files(lost="stage=Lost"), "--lost goes with --outcomes"),
        (Files(won="stage=Won"), "--outcomes and --won go together"),
        (Files(order="dmy"), "--order is that of `at` in events and outcomes"),
        (Files(read=ReadOptions(sheet="May")), "a file of text: it has no sheet"),
    ],
)
def test_an_option_that_can_have_no_effect_is_refused(
    tmp_path: Path, files: Files, said: str
) -> None:
    workspace = make(tmp_path, CARD)
    data = write(tmp_path, "leads.csv", "id", "1")
    with pytest.raises(UsageError, match=said):
        import_files(workspace, replace(files, data=data), START)
    with workspace.database.reading() as connection:
        assert records.by_keys(connection, ["1"]) == {}


def test_each_file_takes_the_options_that_it_has_a_use_for(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    data = write(tmp_path, "leads.csv", "id|budget, EUR", "1|150")
    visits = pl.DataFrame({"id": ["1"], "event": ["visit"], "at": ["2025-12-31"], "pages": ["2"]})
    visits.write_excel(tmp_path / "events.xlsx", worksheet="May")
    visits.write_csv(tmp_path / "events.csv", separator="|")
    sold = tmp_path / "sold.parquet"
    pl.DataFrame({"id": ["1"], "stage": ["Won"]}).write_parquet(sold)
    read = ReadOptions("utf-8", "|", "May")
    files = Files(data, tmp_path / "events.xlsx", sold, "stage=Won", read=read)
    done = import_files(workspace, files, START)
    assert (done.stored.new, done.events.new, done.outcomes.added.new) == (1, 1, 1)
    alone = Files(events=tmp_path / "events.csv", read=ReadOptions(separator="|"))
    assert import_files(workspace, alone, START).events.again == 1
    with pytest.raises(UsageError, match="No file of these has a sheet"):
        import_files(workspace, Files(data, tmp_path / "events.csv", read=read), START)
    with pytest.raises(UsageError, match="a file of xlsx: it has no separator"):
        import_files(workspace, replace(alone, events=tmp_path / "events.xlsx"), START)


def test_standard_input_is_read_once_though_a_transaction_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make(tmp_path, CARD)
    whole = workspace.database.write

    def clashing_once(work: Any) -> Any:
        def clashing(connection: Any) -> None:
            work(connection)
            raise InterruptedError

        with pytest.raises(InterruptedError):
            whole(clashing)
        return whole(work)

    monkeypatch.setattr(workspace.database, "write", clashing_once)
    with open(write(tmp_path, "stdin.csv", "id,budget", "1,150"), encoding="utf-8") as given:
        monkeypatch.setattr("sys.stdin", given)
        done = import_files(workspace, Files("-"), START)
    assert done.stored.new == 1


def test_a_base_does_not_go_back_in_time(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1}, START)
    visit = {"event": "visit", "pages": "2"}
    note_event(workspace, "1", visit, START + dt.timedelta(days=2))
    done = rescore(workspace, START + dt.timedelta(days=1), everything=True)
    assert done.changed == 0
    assert history(workspace, "1", START + dt.timedelta(days=3)).life.past[-1].score == 20_000


def test_typed_values_are_read_anew_only_when_a_version_reads_them_differently(
    tmp_path: Path,
) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": "1.500", "phone": "+7 912 345-67-89"}, START)
    assert score_of(workspace, "1") == 1
    put_in_force(workspace, "# The same with a comment.\n" + CARD)
    assert score_of(workspace, "1") == 1
    put_in_force(
        workspace, CARD.replace("type: number, optional", 'type: number, decimal: ",", optional')
    )
    assert score_of(workspace, "1") == 4


@pytest.mark.parametrize("name", ["lead", "purchase-readiness", "email-response", "site-activity"])
def test_every_card_that_comes_with_init_can_be_published(tmp_path: Path, name: str) -> None:
    in_process("init", tmp_path / "base")
    card = tmp_path / "base" / ("lead.yaml" if name == "lead" else f"cards/{name}.yaml")
    told = in_process("publish", card, "--workspace", tmp_path / "base", "--format", "json").json
    assert told["published"]


def test_the_key_of_a_workspace_stays(tmp_path: Path) -> None:
    make(tmp_path, CARD)
    (tmp_path / "workspace.yaml").write_text("workspace: acme\nkey: other\n", encoding="utf-8")
    with pytest.raises(UsageError, match="named by `id`"):
        open_workspace(tmp_path)


def test_the_key_of_a_workspace_without_cards_and_records_may_change(tmp_path: Path) -> None:
    put = (tmp_path / "workspace.yaml").write_text
    put("workspace: acme\nkey: lead_id\n", encoding="utf-8")
    in_process("init", tmp_path, "--database-only")
    put("workspace: acme\nkey: id\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    register(workspace, {"id": "1"}, START)
    assert history(open_workspace(tmp_path), "1", START).life.record.key == "1"


@pytest.mark.parametrize("given", ['{"id": "\\ud800"}', '{"id": "a\\u0000b"}', '{"id": ""}', "[]"])
def test_what_is_no_key_is_refused_in_words(tmp_path: Path, database: str, given: str) -> None:
    make(tmp_path, CARD, database=database).database.close()
    said = in_process(
        "register", given if given[0] == "{" else "x", "--workspace", tmp_path, code=2
    )
    assert "fault of Scoreline" not in said.errors


@pytest.mark.parametrize("as_of", ["9999-12-31", "0001-01-01"])
def test_a_moment_beyond_the_calendar_is_refused(tmp_path: Path, as_of: str) -> None:
    make(tmp_path, CARD).database.close()
    said = in_process("register", "id=1", "--as-of", as_of, "--workspace", tmp_path, code=2)
    assert "too far away" in said.errors


LINES = (
    b'{"id": 1, "budget": 150}',
    b"",
    b'{"id": 2, "budg',
    b"[3]",
    b'{"id": " "}',
    b'{"budget": 5}',
    b'{"id": "\xff"}',
    b"[" * 100_000,
    b'{"id": ' + b"1" * 5_000 + b"}",
    b'{"id": 4, "budget": 150}',
)
REASONS = (
    "line 3: Not JSON from character 11 on. Write one whole JSON object.",
    "line 4: JSON, but no object with names and values. It must look like "
    '{"lead_id": 7, "email": "anna@acme.ru"}.',
    "line 5: The key `id` is blank. Give every record its key.",
    "line 6: The record has no `id`. `id` is the workspace's key: give it.",
    "line 7: Not UTF-8. Write the text as UTF-8.",
    "line 8: Not JSON that can be read: nested too deeply.",
    "line 9: Not JSON that can be read: a number of it is too long.",
)


def on_stdin(monkeypatch: pytest.MonkeyPatch, *lines: bytes) -> None:
    given = io.TextIOWrapper(io.BytesIO(b"".join(line + b"\n" for line in lines)), "utf-8")
    monkeypatch.setattr("sys.stdin", given)


def test_lines_that_cannot_be_used_are_named_and_the_others_registered(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make(tmp_path, CARD, database=database)
    words = ("register", "-", "--workspace", tmp_path)
    on_stdin(monkeypatch, *LINES)
    said = in_process(*words, code=1)
    assert said.errors.splitlines() == list(REASONS)
    assert said.out.splitlines()[-1] == "2 registered, 7 lines rejected."
    assert (score_of(workspace, "1"), score_of(workspace, "4")) == (3, 3)
    on_stdin(monkeypatch, *LINES)
    said = in_process(*words, "--format", "json", code=1)
    assert [json.loads(line)["key"] for line in said.out.splitlines()] == ["1", "4"]
    assert said.errors.splitlines() == [*REASONS, "2 registered, 7 lines rejected."]


def test_where_every_line_can_be_used_only_their_number_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, CARD).database.close()
    words = ("register", "-", "--workspace", tmp_path)
    on_stdin(monkeypatch, b'\xef\xbb\xbf{"id": 1}')
    said = in_process(*words)
    assert (said.out.splitlines()[-1], said.errors) == ("1 registered.", "")
    on_stdin(monkeypatch, b'{"id": 1}', b'{"id": 2}')
    said = in_process(*words, "--format", "json")
    assert (len(said.out.splitlines()), said.errors) == (2, "")


def test_lines_end_where_the_database_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the lines: the rest are not called rejected."""
    make(tmp_path, CARD).database.close()
    whole, taken = registering.register, []

    def register_until_gone(*arguments: Any) -> Any:
        if taken:
            raise StoreError("The database is gone.", "Put it back.")
        taken.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr(registering, "register", register_until_gone)
    on_stdin(monkeypatch, *(b'{"id": %d}' % number for number in range(3)))
    said = in_process("register", "-", "--workspace", tmp_path, code=2)
    assert said.errors.splitlines() == [
        "The database is gone.",
        "Put it back. 1 record registered before.",
    ]


def test_20_a_late_event_changes_what_is_and_not_what_was(tmp_path: Path, database: str) -> None:
    workspace, day = make(tmp_path, CARD, database=database), dt.timedelta(days=1)
    register(workspace, {"id": 1, "budget": 150}, START)
    before = history(workspace, "1", START).life.past
    visit = {"event": "visit", "pages": "2"}
    note_event(workspace, "1", {**visit, "at": (START + day).isoformat()}, START + 2 * day)
    assert score_of(workspace, "1") == 3  # at START it had not happened
    late = history(workspace, "1", START + 2 * day).life
    assert late.past[: len(before)] == before
    assert [past.score for past in late.past] == [30_000, 50_000]


def test_20_an_event_of_tomorrow_counts_tomorrow(tmp_path: Path, database: str) -> None:
    workspace, day = make(tmp_path, CARD, database=database), dt.timedelta(days=1)
    register(workspace, {"id": 1, "budget": 150}, START)
    tomorrow = {"event": "visit", "pages": "2", "at": (START + day).isoformat()}
    assert note_event(workspace, "1", tomorrow, START).moves == ()
    assert rescore(workspace, START + day - dt.timedelta(microseconds=1)).recomputed == 0
    done = rescore(workspace, START + day)
    assert [(move.old, move.new) for move in done.moves] == [("low", "high")]


def test_a_value_is_as_before_though_another_kind_of_file_says_it(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    csv = write(tmp_path, "leads.csv", "id,budget,phone,new", "1,150,79123456789,1", "2,1.5,,1")
    import_files(workspace, Files(csv), START)
    sheet = pl.DataFrame(
        {"id": [1, 2], "budget": [150.0, 2.0], "phone": [79123456789, None], "new": [True, True]}
    )
    done = import_files(workspace, Files(sheet), START).stored
    assert (done.same, done.changed) == (0, 2)  # yes is not 1
    done = import_files(workspace, Files(sheet.drop("new")), START).stored
    assert (done.same, done.changed) == (2, 0)


def test_rejected_rows_show_what_stood_in_them(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    people = write(tmp_path, "leads.csv", "id,budget", "1,150", " ,170")
    events = write(
        tmp_path, "e.csv", "id,event,at,pages", "1,visit,someday,3", "9,visit,2026-01-01,4"
    )
    done = import_files(workspace, Files(people, events), START)
    assert [(row.row, row.raw) for row in done.left_out_rows()] == [
        (2, '{"id":" ","budget":"170"}'),
        (1, '{"id":"1","event":"visit","at":"someday","pages":"3"}'),
        (2, '{"id":"9","event":"visit","at":"2026-01-01","pages":"4"}'),
    ]


def test_an_event_that_is_still_to_come_is_confirmed(
    tmp_path: Path, scoreline: Callable[..., Ran]
) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": "1"}, START)
    words = ["event", "1", "visit", "pages=3", "--as-of", "2026-01-01", "--event-id", "v"]
    said = scoreline(*words, "--at", "2026-02-01").out
    assert "The event is kept; it counts from 2026-02-01T00:00:00Z on." in said
    assert "it counts from" not in scoreline(*words, "--at", "2026-02-01").out  # it is known
    later = note_event(workspace, "1", {"event": "visit", "at": "2026-03-01"}, START)
    assert later.json()["counts_from"] == "2026-03-01T00:00:00Z"
    now = note_event(workspace, "1", {"event": "visit", "at": "2026-01-01"}, START)
    assert now.json()["counts_from"] is None


def test_a_list_of_the_past_says_by_what_it_goes(
    tmp_path: Path, scoreline: Callable[..., Ran]
) -> None:
    then = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)  # the past, whatever the clock says
    put_in_force(make(tmp_path), CARD, then)
    past = scoreline("worklist", "--as-of", "1990-02-01").out
    assert "As of 1990-02-01T00:00:00Z by what is known today;" in past
    assert "As of" not in scoreline("worklist").out
    assert "As of" not in scoreline("worklist", "--as-of", "9000-01-01").out
    asked = ("worklist", "--as-of", "1990-02-01", "--format", "json")
    assert scoreline(*asked).json["as_of"] == "1990-02-01T00:00:00Z"


def test_a_list_is_kept_as_its_json_and_takes_no_answer_back(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    register(workspace, {"id": 1, "budget": 150}, START)
    told = register(workspace, {"id": 1, "budget": [150, "ян"]}, START)
    assert told.scores[0].result.score == 0
    assert any("budget" in warning for warning in told.warnings)
    with workspace.database.reading() as connection:
        given = records.by_keys(connection, ["1"])["1"].values
    assert given["budget"] == '[150,"ян"]'
