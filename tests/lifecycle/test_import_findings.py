"""What an import says of a file: cells and columns that cards can't read, rows that look wrong."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from scoreline.errors import UsageError
from scoreline.jobs.workspace import importing
from scoreline.jobs.workspace.importing import Files, import_files
from scoreline.jobs.workspace.registering import merge, note_event
from scoreline.lifecycle.workspace import open_workspace
from tests.lifecycle.workspaces import START, make, put_in_force
from tests.scenarios.command import in_process

CARD = """\
scorecard: coming
key: id
fields:
  budget: {type: number, optional: yes}
  phone:  {type: phone, country: RU}
  name:   {type: text, optional: yes}
events: {visit: {pages: number}, letter: {mail: text}}
terms:
  - {name: budget, when: budget >= 100, points: 3}
  - {name: phone, when: "phone.status = 'ok'", points: 1}
  - {name: visits, event: visit, where: pages >= 2, points: 2}
  - {name: letters, event: letter, count: distinct(mail), points: 1}
segments: [{name: high, above: 4}, {name: low}]
"""
OTHER = CARD.replace("coming", "other").replace("type: number, opt", "type: integer, opt")


def write(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def import_(folder: Path, *words: str, code: int = 0) -> str:
    return in_process(
        "import", *words, "--workspace", folder, "--as-of", "2026-01-01", code=code
    ).out


def test_cells_that_no_card_can_read_are_counted_by_field_and_finding(
    tmp_path: Path, database: str
) -> None:
    workspace = make(tmp_path, CARD, OTHER, database=database)
    lines = ["1,abc,89123456789", "2,many,12", '3,"1,234",89123456789', "4,1.5,89123456789"]
    data = write(tmp_path, "leads.csv", "id,budget,phone", *lines)
    found = import_files(workspace, Files(data), START).findings
    assert [(one.field, one.code, one.count) for one in found if one.field] == [
        ("budget", "number-unreadable", 2),
        ("budget", "number-ambiguous", 1),
        ("phone", "phone-impossible", 1),
        ("budget", "integer-fraction", 1),  # only `other` wants whole numbers
    ]
    assert [one.record for one in found if one.field == "phone"] == ["2"]
    # Said again when the file comes again, though no record changed.
    assert import_files(workspace, Files(data), START).findings == found


def test_findings_are_those_of_score(tmp_path: Path) -> None:
    make(tmp_path, CARD).database.close()
    data = write(tmp_path, "leads.csv", "id,budget,phone,name", "1,abc,12,A", "2,1,89123456789,B")
    card = write(tmp_path, "card.yaml", CARD)
    words = ("--card", card, "--events", "none", "--as-of", "2026-01-01")
    said = in_process("score", data, *words).out.splitlines()
    findings = [line for line in said if line.startswith(("warning", "  "))]
    assert len(findings) == 4
    assert "\n".join(findings) in import_(tmp_path, data)


def test_programs_are_told_the_findings_without_whose_they_are(tmp_path: Path) -> None:
    make(tmp_path, CARD).database.close()
    data = write(tmp_path, "leads.csv", "id,budget,phone,name", "secret,abc,,", "2,abc,,")
    said = import_(tmp_path, data, "--format", "json")
    assert json.loads(said)["findings"] == [
        {
            "code": "number-unreadable",
            "level": "warning",
            "field": "budget",
            "count": 2,
            "message": "not a number",
            "hint": "If this text means that nothing is known, declare it in `missing` of field "
            "`budget`.",
        }
    ]
    assert "secret" not in said


def test_columns_that_cards_lack_and_columns_that_no_card_reads(tmp_path: Path) -> None:
    make(tmp_path, CARD, OTHER).database.close()
    said = import_(tmp_path, write(tmp_path, "leads.csv", "id,phne,city", "1,89123456789,Kazan"))
    assert said.splitlines()[1:5] == [
        "warning: phone: the file has no such column, but it has `phne`, which no card reads",
        "  Call it `phone`, or name it in `column:` of the field.",
        "info: Cards read `budget`, `name`, which the file does not have.",
        "info: The file has `city`, which no card reads.",
    ]


def test_without_cards_nothing_is_said_of_columns(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    data = write(tmp_path, "leads.csv", "id,city", "1,Kazan")
    assert import_files(workspace, Files(data), START).findings == []


def test_rows_that_look_like_events_are_taken_with_a_warning(tmp_path: Path) -> None:
    make(tmp_path, CARD).database.close()
    head, row = "id,event,at,phone,name,budget", "1,visit,2026-01-01,,,"
    said = import_(tmp_path, write(tmp_path, "once.csv", head, row))
    assert "--events" not in said
    said = import_(tmp_path, write(tmp_path, "twice.csv", head, row, row))
    assert "they look like events" in said
    assert "scoreline import --events FILE" in said


def test_a_key_that_comes_again_far_down_is_seen_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PIECE", 1_000)
    workspace = make(tmp_path, CARD)
    keys = [str(n) for n in range(5_000)]
    rows = pl.DataFrame({"id": keys, "event": "visit", "at": "2026-01-01"})
    for data, seen in ((rows, False), (pl.concat([rows, rows[:1]]), True)):
        found = import_files(workspace, Files(data), START).findings
        assert ("like-events" in [one.code for one in found]) is seen


def test_a_column_is_not_taken_for_two_fields(tmp_path: Path) -> None:
    phones = "phone1: {type: phone, optional: yes}\n  phone2: {type: phone, optional: yes}"
    card = CARD.replace("phone:  {type: phone, country: RU}", phones)
    workspace = make(tmp_path, card.replace("phone.status", "phone1.status"))
    data = write(tmp_path, "leads.csv", "id,phone,budget,name", "1,2,3,4")
    found = import_files(workspace, Files(data), START).findings
    assert [(one.code, one.field) for one in found if "phone" in one.message] == [
        ("name-mistaken", "phone1"),
        ("fields-absent", None),
    ]


def test_columns_of_lists_are_left_out_and_named(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    people = pl.DataFrame({"id": ["1"], "budget": [[1.0]], "tags": [["a"]], "home": [{"x": 1}]})
    events = pl.DataFrame({"id": ["1"], "event": "visit", "at": "2026-01-01", "pages": [[3]]})
    done = import_files(workspace, Files(people, events), START)
    codes = {one.code: one.message for one in done.findings}
    assert codes["column-nested"] == "`tags`, `home` hold lists or structs, and were left out."
    assert codes["not-a-value"] == "a list is not a single value"  # `budget`, which cards read
    [found] = done.events.findings
    assert (found.field, found.message) == ("visit.pages", "a list is not a single value")


def test_nested_values_of_json_lines_are_kept_as_text(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    data = write(tmp_path, "leads.jsonl", '{"id": 1, "tags": ["a", "b"]}')
    events = write(
        tmp_path, "e.jsonl", '{"id": 1, "event": "visit", "at": "2026-01-01", "seen": {"x": 1}}'
    )
    done = import_files(workspace, Files(data, events), START)
    for findings in (done.findings, done.events.findings):
        assert "nested" in [one.code for one in findings]


def test_the_words_of_reading_a_file_are_said_by_import_too(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    path = tmp_path / "leads.csv"
    path.write_bytes("id,name,name\n1,Жанна Дарк из Орлеана,x\n".encode("cp1251"))
    codes = [one.code for one in import_files(workspace, Files(str(path)), START).findings]
    assert {"header-duplicate"} < set(codes)


REASONS = {
    "1,,2026-01-01": "`event` is blank",
    "1,visit,": "`at` is blank",
    "1,visit,someday": "`at` can't be read: not a moment",
    "1,visit,2026-02-30": "`at` can't be read: no such date in the calendar",
    "1,visit,03/04/2026": "`at` may be 2026-04-03 or 2026-03-04: say the order, "
    "such as --order dmy",
    "1,,03/04/26 10:00": "`event` is blank; `at` may be 2026-04-03 or 2026-03-04 or 2003-04-26: "
    "say the order, such as --order dmy",
    " ,visit,2026-01-01": "the key is blank",
    "9,visit,2026-01-01": "no record has this `id`",
}


def test_each_rejected_event_says_why(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    people = write(tmp_path, "leads.csv", "id", "1")
    events = write(tmp_path, "e.csv", "id,event,at", *REASONS)
    done = import_files(workspace, Files(people, events), START).events
    assert [row.reason for row in done.rejected] == list(REASONS.values())


def test_moments_that_are_no_texts_say_why_too(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    people = write(tmp_path, "leads.csv", "id", "1")
    events = pl.DataFrame(
        {"id": ["1", "1"], "event": "visit", "at": pl.Series([None, 2**60]).cast(pl.Datetime("us"))}
    )
    done = import_files(workspace, Files(people, events), START).events
    first, second = (row.reason for row in done.rejected)
    assert first == "`at` is blank"
    assert second.startswith("`at` can't be read")


def test_the_order_of_dates_is_said_for_events_and_outcomes(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    people = write(tmp_path, "leads.csv", "id", "1")
    events = write(
        tmp_path, "e.csv", "id,event,at", "1,visit,03/04/2026", "1,visit,13/04/2026",
        "1,visit,2026-03-04", "1,visit,04/13/2026",
    )  # fmt: skip
    outcomes = write(tmp_path, "o.csv", "id,stage,at", "1,Won,03/04/2026", "1,Won,04/13/2026")
    files = Files(people, events, outcomes, "stage=Won", order="dmy")
    done = import_files(workspace, files, START)
    wrong = "`at` is no date in the order dmy"
    assert [(row.row, row.reason) for row in done.left_out_rows()] == [(4, wrong), (2, wrong)]
    with workspace.database.reading() as connection:
        asked = "SELECT at FROM events UNION ALL SELECT at FROM outcomes"
        found = list(connection.exec_driver_sql(asked).scalars())
    days = [dt.datetime.fromtimestamp(at / 1e6, dt.UTC).date().isoformat() for at in found]
    assert sorted(days) == ["2026-03-04", "2026-04-03", "2026-04-03", "2026-04-13"]


def test_what_no_row_of_the_outcomes_says_is_told(tmp_path: Path) -> None:
    make(tmp_path, CARD).database.close()
    people = write(tmp_path, "leads.csv", "id", *"123456")
    rows = [f"{key},{stage}" for key, stage in zip("123456", ["Won", "Lost"] * 3, strict=True)]
    outcomes = write(tmp_path, "o.csv", "id,stage", *rows)
    slip = ("--outcomes", outcomes, "--won", "stage=Wom", "--lost", "stage=Lots")
    said = import_(tmp_path, people, *slip)
    assert "6 rows neither won nor lost." in said
    assert "warning: stage: No row has `stage = Wom`, so nothing counts as won." in said
    assert "warning: stage: No row has `stage = Lots`, so nothing counts as lost." in said
    assert "The column holds `Won`." in said
    told = json.loads(import_(tmp_path, *slip, "--format", "json"))["outcomes"]
    assert (told["new"], told["open"]) == (0, 6)
    assert [one["code"] for one in told["findings"]] == ["outcome-unmatched"] * 2
    clash = import_(tmp_path, "--outcomes", outcomes, "--won", "id=1", "--lost", "stage=Won")
    assert "Won and lost at once, and so counted as open: 1 row." in clash
    right = import_(tmp_path, "--outcomes", outcomes, "--won", "stage=Won", "--lost", "stage=Lost")
    assert "warning" not in right


def test_a_list_of_rejected_rows_says_how_many_more_there_are(tmp_path: Path) -> None:
    make(tmp_path, CARD).database.close()
    events = write(tmp_path, "e.csv", "id,event,at", *["9,visit,2026-01-01"] * 1_005)
    said = import_(tmp_path, "--events", events, code=1).splitlines()
    assert said[:5] == [
        "0 events, 1,005 rejected.",
        *(f"  data row {n}: no record has this `id`" for n in (1, 2, 3)),
        "  and 1,002 more",
    ]


def test_a_kind_that_no_card_counts_is_named_with_the_nearest(tmp_path: Path) -> None:
    make(tmp_path, CARD).database.close()
    people = write(tmp_path, "leads.csv", "id", "1")
    events = write(tmp_path, "e.csv", "id,event,at,page,mail", "1,vist,2026-01-01,2,a")
    said = import_(tmp_path, people, "--events", events)
    assert (
        "warning: vist: no card in force counts this kind (1 event).\n  Did you mean visit?" in said
    )
    assert "page" not in said  # of kinds that nobody counts no property is read
    events = write(tmp_path, "e.csv", "id,event,at,page,mail", "1,visit,2026-01-01,2,a")
    assert "warning: pages: the file has no such column, but it has `page`" in import_(
        tmp_path, "--events", events
    )


def again(folder: Path, *events: str, head: str = "id,event,at,pages,mail") -> tuple[int, int]:
    """How many events of a file have no id, and how many of these say what was there already."""
    path = write(folder, "e.csv", head, *events)
    done = import_files(open_workspace(folder), Files(events=path), START).events
    return done.without_id, done.again


def test_events_without_an_id_that_are_there_already_are_counted(
    tmp_path: Path, database: str
) -> None:
    workspace = make(tmp_path, CARD, database=database)
    import_files(workspace, Files(write(tmp_path, "leads.csv", "id", "1", "2")), START)
    visit, letter = "1,visit,2026-01-01,3,", "1,letter,2026-01-01,,a"
    assert again(tmp_path, visit, letter, visit, visit) == (4, 2)
    assert again(tmp_path, visit, letter) == (2, 2)
    # Another record, kind, moment or property is another event.
    others = ("2,visit,2026-01-01,3,", "1,letter,2026-01-01,3,", "1,visit,2026-01-01T01:00,3,")
    assert again(tmp_path, *others, "1,visit,2026-01-01,4,", "1,visit,2026-01-01,3,b") == (5, 0)
    # Columns in another order, and one event at a time, say the same.
    assert again(tmp_path, ",1,2026-01-01,visit,3", head="mail,id,at,event,pages") == (1, 1)
    told = {"event": "visit", "at": "2026-01-05", "mail": "b", "pages": "1"}
    note_event(workspace, "1", told, START)
    assert again(tmp_path, "1,visit,2026-01-05,1,b") == (1, 1)
    # Of many at one moment, those that say the same in another order of columns.
    many = [f"2,letter,2026-01-07,{n},a" for n in range(30)]
    turned = [f"a,2,2026-01-07,letter,{n}" for n in range(20, 40)]
    assert again(tmp_path, *many) == (30, 0)
    assert again(tmp_path, *turned, head="mail,id,at,event,pages") == (20, 10)
    # What has an id is known by it, and is not told here.
    head = "id,event,at,pages,mail,event_id"
    assert again(tmp_path, f"{visit},e1", f"{visit},e1", head=head) == (0, 0)


def test_a_merged_record_keeps_its_own_events(tmp_path: Path) -> None:
    workspace = make(tmp_path, CARD)
    import_files(workspace, Files(write(tmp_path, "leads.csv", "id", "1", "2")), START)
    merge(workspace, "1", "2", START)
    assert again(tmp_path, "1,visit,2026-01-01,3,", "2,visit,2026-01-01,3,") == (2, 0)
    assert again(tmp_path, "2,visit,2026-01-01,3,") == (1, 1)


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("event", "its kind"),
        ("event_id", "its id"),
        ("At", "when it happened"),
        ("[clicks, id]", "whose it is"),
    ],
)
def test_a_property_that_never_comes_in_is_refused(tmp_path: Path, column: str, why: str) -> None:
    workspace = make(tmp_path)
    card = CARD.replace("pages: number", f"pages: {{type: number, column: {column}}}")
    with pytest.raises(UsageError, match=why) as refused:
        put_in_force(workspace, card)
    assert "`pages` of the event `visit` (line 7) reads the column" in refused.value.message


def test_properties_of_events_that_no_card_can_read_are_counted(tmp_path: Path) -> None:
    """A text in the place of a number would be missing for every card, and nobody would know."""
    workspace = make(tmp_path, CARD, OTHER)
    leads = write(tmp_path, "leads.csv", "id,phone", "1,89123456789")
    lines = ["1,visit,2025-12-01,many,a", "1, visit ,2025-12-02,3,", "1,letter,2025-12-03,few,b"]
    events = write(tmp_path, "events.csv", "id,event,at,pages,mail", *lines, lines[0])
    found = import_files(workspace, Files(leads, events), START).events.findings
    assert [(one.field, one.code, one.count) for one in found if one.code != "columns-unread"] == [
        ("visit.pages", "number-unreadable", 2)
    ]
    assert "visit.pages" in import_(tmp_path, "--events", events)
