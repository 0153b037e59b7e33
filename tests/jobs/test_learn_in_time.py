"""`learn`: outcomes that need their time, and what records did before their moment."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import scoreline
from scoreline.analytics.outcomes import parse_spec
from scoreline.cli.app import run
from scoreline.errors import DataError
from scoreline.jobs.learning.asked import LearnAsked, Learned
from scoreline.jobs.learning.learning import learn
from scoreline.jobs.learning.reading import read_records
from tests.jobs.learnt import learnt

OLIST = Path(__file__).parents[3] / "shared" / "data"


def leads(folder: Path, rows: int = 8_000) -> Path:
    """Leads of two years, three in ten of whom buy, after 40 days on average; size counts."""
    random = np.random.default_rng(0)
    begun = dt.datetime(2024, 1, 1)
    age = random.uniform(0, 730, rows)
    large = random.random(rows) < 0.5
    will = np.where(random.random(rows) < np.where(large, 0.45, 0.15), 1, 0)
    took = random.exponential(40, rows)
    bought = (will == 1) & (took <= age)
    created = [begun + dt.timedelta(days=730 - float(own)) for own in age]
    closed = [
        (at + dt.timedelta(days=float(days))).isoformat() if came else ""
        for at, days, came in zip(created, took, bought, strict=True)
    ]
    pl.DataFrame(
        {
            "id": [f"c{n}" for n in range(rows)],
            "created": [at.isoformat() for at in created],
            "size": np.where(large, "large", "small"),
            "stage": np.where(bought, "won", "open"),
            "paid on": closed,
        }
    ).write_csv(folder / "leads.csv")
    return folder / "leads.csv"


def test_leads_that_had_no_time_are_not_counted_as_lost(tmp_path: Path, capsys) -> None:
    path = leads(tmp_path)
    asked = ["learn", str(path), "--target", "stage=won", "--key", "id", "--time", "created"]
    assert run([*asked, "--without", "paid on"]) == 0
    assert "say with --closed COL" in capsys.readouterr().out
    assert run([*asked, "--closed", "paid on"]) == 0
    told = capsys.readouterr().out
    assert "within which 90% come" in told
    assert "paid on" not in told
    assert run([*asked, "--closed", "paid on", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    window = told["window"]
    assert window["days"] == pytest.approx(40 * np.log(10), rel=0.1)
    assert window["too_young"] == pytest.approx(8_000 * window["days"] / 730, rel=0.1)
    assert window["levelled"]


def test_with_a_window_the_chance_of_the_newest_is_that_of_all(tmp_path: Path) -> None:
    path = leads(tmp_path)
    free = learnt_leads(path, left_out=("paid on",))
    waited = learnt_leads(path, closed="paid on")
    assert free.fades
    assert not waited.fades
    # Within the window nine in ten of the three in ten have bought.
    newest = max(waited.bands, key=lambda band: band.chance)
    assert newest.low <= 0.45 * 0.9 <= newest.high + 0.02
    assert max(band.chance for band in free.bands) < 0.45 * 0.9


def learnt_leads(path: Path, **asked: object) -> Learned:
    target = parse_spec("stage=won", "--target")
    return learn(path, LearnAsked(target, key="id", time="created", **asked))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--closed", "paid on"], "Say the column of that moment too"),
        (["--closed", "piad on", "--time", "created"], "Did you mean paid on"),
        (["--closed", "size", "--time", "created"], "holds no moments"),
        (["--within", "30", "--time", "created"], "needs --closed"),
        (["--within", "900", "--time", "created", "--closed", "paid on"], "watched"),
    ],
)
def test_a_window_that_can_not_be_is_refused(tmp_path, capsys, options, message) -> None:
    assert run(["learn", str(leads(tmp_path, 500)), "--target", "stage=won", *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.skipif(not OLIST.exists(), reason="the leads of Olist are not here")
def test_the_window_of_real_leads(tmp_path: Path) -> None:
    """Olist: median 14 days from first contact to win, quartiles 5 and 55, at most 427."""
    first = pl.read_csv(OLIST / "olist_marketing_qualified_leads.csv.gz")
    won = pl.read_csv(OLIST / "olist_closed_deals.csv.gz").select("mql_id", "won_date")
    joined = first.join(won, on="mql_id", how="left").with_columns(
        stage=pl.when(pl.col("won_date").is_null()).then(pl.lit("open")).otherwise(pl.lit("won"))
    )
    joined.write_csv(tmp_path / "olist.csv")
    asked = LearnAsked(
        parse_spec("stage=won", "--target"),
        key="mql_id",
        time="first_contact_date",
        closed="won_date",
    )
    window = learn(tmp_path / "olist.csv", asked).window
    assert 55 < window.days < 427
    assert window.too_young > 0
    sooner = learn(tmp_path / "olist.csv", replace(asked, within=90)).window
    assert sooner.days == 90
    assert sooner.too_young < window.too_young


def doers(folder: Path, rows: int = 3_000, *, at_once: bool = False) -> tuple[Path, Path]:
    """Leads and their events: three visits in the month before tell, those after it don't count."""
    random = np.random.default_rng(0)
    leads, lines = ["id,created,bought"], ["id,event,at"]
    for row in range(rows):
        created = dt.datetime(2026, 1, 1) + dt.timedelta(hours=0 if at_once else row)
        visits = random.integers(0, 6)
        bought = random.random() < (0.5 if visits >= 3 else 0.2)
        leads.append(f"c{row},{created.isoformat()},{'yes' if bought else 'no'}")
        for _ in range(visits):
            when = created - dt.timedelta(days=float(random.uniform(0, 29)))
            lines.append(f"c{row},site visit,{when.isoformat()}")
        for _ in range(3 * bought):  # what buyers do after they have bought
            lines.append(f"c{row},invoice,{(created + dt.timedelta(days=2)).isoformat()}")
        if random.random() < 0.5:
            lines.append(f"c{row},letter.opened,{(created - dt.timedelta(days=50)).isoformat()}")
    data, events = folder / "doers.csv", folder / "events.csv"
    data.write_text("\n".join(leads) + "\n")
    events.write_text("\n".join(lines) + "\n")
    return data, events


def test_what_records_did_before_their_moment_is_learnt_and_nothing_after(tmp_path: Path) -> None:
    data, events = doers(tmp_path)
    found = learnt(data, key="id", time="created", events=str(events))
    used = found.table.columns
    assert "site visit in 30 days" in used
    assert not any("invoice" in name for name in used)
    assert found.figures.auc > 0.6
    assert (
        "site visit"
        in {event.name for event in found.card.events}
        <= {"site visit", "letter.opened"}
    )


@pytest.mark.parametrize("method", ["points", "woe", "short"])
def test_a_card_of_events_scores_as_its_table_says(tmp_path: Path, method: str) -> None:
    data, events = doers(tmp_path, at_once=True)
    asked = LearnAsked(
        parse_spec("bought=yes", "--target"),
        key="id",
        time="created",
        events=str(events),
        method=method,
        left_out=("created",),
    )
    found = learn(data, asked)
    card = tmp_path / "card.yaml"
    card.write_text(found.text)
    scored = scoreline.load(card).score_table(
        data, events=str(events), as_of="2026-01-01T00:00:00Z"
    )
    columns = read_records(data, asked).columns
    assert pl.DataFrame(scored)["score"].to_list() == found.table.scores(columns).tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--time", "created"], "Say --key COL"),
        (["--key", "id"], "--time COL"),
    ],
)
def test_events_need_a_key_and_a_moment(tmp_path: Path, capsys, options, message) -> None:
    data, events = doers(tmp_path, 200)
    asked = ["learn", str(data), "--target", "bought=yes", "--events", str(events)]
    assert run([*asked, *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "id,what\n1,2\n", "id,event,at\n"])
def test_a_file_that_is_none_of_events_is_refused(tmp_path: Path, capsys, text: str) -> None:
    data, _ = doers(tmp_path, 200)
    (tmp_path / "odd.csv").write_text(text)
    asked = ["learn", str(data), "--target", "bought=yes", "--key", "id", "--time", "created"]
    assert run([*asked, "--events", str(tmp_path / "odd.csv")]) == 2
    assert "fault of Scoreline" not in capsys.readouterr().err


def test_what_events_came_to_can_be_left_out_and_rare_kinds_are_told(tmp_path: Path) -> None:
    data, events = doers(tmp_path)
    with events.open("a") as file:
        file.writelines(f"c1,kind {number},2026-01-01\n" for number in range(25))
    unwanted = "site visit in 30 days"
    found = learnt(data, key="id", time="created", events=str(events), left_out=(unwanted,))
    told = {one.field: one.why for one in found.left_out}
    assert unwanted not in found.table.columns
    assert told[unwanted] == "you left it out"
    assert sum("commonest" in why for why in told.values()) == 8
    again = learnt(data, key="id", time="created", events=str(events), insisted=(unwanted,))
    assert unwanted in again.table.columns
    with pytest.raises(DataError, match="no column"):
        learnt(data, key="id", time="created", events=str(events), left_out=("site vist",))


def test_a_date_of_closing_in_the_future_is_said_and_ends_nothing(tmp_path: Path) -> None:
    path = leads(tmp_path)
    right = learnt_leads(path, closed="paid on")
    table = pl.read_csv(path, infer_schema=False)
    row = table["stage"].to_list().index("won")
    late = table.with_row_index().with_columns(
        pl.when(pl.col("index") == row)
        .then(pl.lit("2931-01-01"))
        .otherwise("paid on")
        .alias("paid on")
    )
    late.drop("index").write_csv(path)
    found = learnt_leads(path, closed="paid on")
    assert found.window is not None
    assert right.window is not None
    assert found.window.days == right.window.days
    assert found.window.too_young == right.window.too_young
    told = [one for one in found.findings if one.code == "time-future"]
    assert [(one.field, one.count) for one in told] == [("paid on", 1)]


def test_within_a_day_is_what_took_a_day_at_most(tmp_path: Path) -> None:
    """A part of a day counts as one, for outcomes and for how long a record was watched."""
    rows = 20_000
    random = np.random.default_rng(0)
    begun, end = dt.datetime(2025, 1, 1), dt.datetime(2025, 3, 1)
    age = random.uniform(0, 59, rows)
    took = random.exponential(10, rows)
    bought = took <= age
    created = [end - dt.timedelta(days=float(own)) for own in age]
    assert min(created) >= begun
    pl.DataFrame(
        {
            "id": [f"c{n}" for n in range(rows)],
            "created": [at.isoformat() for at in created],
            "size": random.choice(["s", "l"], rows),
            "number": random.integers(0, 50, rows) + 8 * (took < 1),
            "stage": np.where(bought, "won", "open"),
            "paid": [
                (at + dt.timedelta(days=float(days))).isoformat() if came else ""
                for at, days, came in zip(created, took, bought, strict=True)
            ],
        }
    ).write_csv(tmp_path / "fast.csv")
    found = learnt_leads(tmp_path / "fast.csv", closed="paid", within=1)
    assert found.window is not None
    assert found.window.too_young == pytest.approx((age < 1).sum(), abs=2)
    within = 1 - np.exp(-0.1)
    assert found.window.shares[1] == pytest.approx(within, abs=0.01)
    assert found.positives / found.rows == pytest.approx(within, abs=0.01)


def test_a_handful_of_later_outcomes_tries_no_card(tmp_path: Path, capsys) -> None:
    """One event among the later records would say an area of anything, and JSON no number."""
    random = np.random.default_rng(0)
    rows = ["number,day,bought"]
    for n in range(1_000):
        number = int(random.integers(0, 50))
        won = n in (900,) or (n < 650 and random.random() < number / 100)
        day = dt.date(2024, 1, 1) + dt.timedelta(days=n // 2)
        rows.append(f"{number},{day},{'yes' if won else 'no'}")
    path = tmp_path / "few.csv"
    path.write_text("\n".join(rows))
    asked = ["learn", str(path), "--target", "bought=yes", "--time", "day", "--format", "json"]
    assert run(asked) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert "by time there were too few outcomes on one side" in found["split"]
