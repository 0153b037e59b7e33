"""`learn`: from a file to a card that every engine runs."""

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import scoreline
from scoreline.analytics.outcomes import parse_spec
from scoreline.cli.app import run
from scoreline.errors import DataError, UsageError
from scoreline.jobs.learning.asked import Capacity, LearnAsked, Learned, capacity_of
from scoreline.jobs.learning.learning import learn
from scoreline.jobs.learning.reading import read_records
from scoreline.learn.columns import Levels, Numbers, parts
from scoreline.learn.measures import Ranked
from scoreline.learn.methods import LEARNERS
from scoreline.scorecard.file import parse_card
from tests.learn.people import csv_of, people

OLIST = Path(__file__).parents[3] / "shared" / "data"


def written(folder: Path, rows: int = 3_000, seed: int = 0, more: str = "") -> Path:
    columns, bought, _ = people(rows, seed)
    path = folder / "people.csv"
    path.write_text(csv_of(columns, bought) + more, encoding="utf-8")
    return path


def learnt(path: Path, **asked: object) -> Learned:
    return learn(path, LearnAsked(parse_spec("bought=yes", "--target"), **asked))


@pytest.mark.parametrize("method", list(LEARNERS))
def test_the_card_scores_a_file_as_the_table_says(tmp_path: Path, method: str) -> None:
    path = written(tmp_path)
    found = learnt(path, key="id", method=method)
    columns, _, _ = people(3_000)
    card = tmp_path / "card.yaml"
    card.write_text(found.text)
    scored = scoreline.load(card).score_table(path)
    assert pl.DataFrame(scored)["score"].to_list() == found.table.scores(columns).tolist()


def test_the_card_is_a_file_that_can_be_read_again(tmp_path: Path) -> None:
    path, card = written(tmp_path), tmp_path / "card.yaml"
    assert run(["learn", str(path), "--target", "bought=yes", "--out", str(card)]) == 0
    assert run(["check", str(card), "--data", str(path)]) == 0
    assert run(["score", str(path), "--card", str(card), "--won", "bought=yes"]) == 0


def test_a_short_card_is_a_few_conditions(tmp_path: Path, capsys) -> None:
    path, card = written(tmp_path), tmp_path / "card.yaml"
    asked = ["learn", str(path), "--target", "bought=yes", "--method", "short"]
    assert run([*asked, "--conditions", "2", "--out", str(card), "--report", f"{card}.html"]) == 0
    assert "age 50 or more" in capsys.readouterr().out
    terms = parse_card(card.read_text("utf-8")).terms
    assert {(term.name, term.text) for term in terms} == {
        ("age 50 or more", "age >= 50"),
        ("job boss", "job = 'boss'"),
    }
    assert "age 50 or more" in Path(f"{card}.html").read_text("utf-8")


def test_conditions_over_odd_names_and_levels_are_read_back(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    level = random.choice(["it's; odd", 'so "is" this', "plain"], 3_000)
    when = random.random(3_000) < np.where(level == "plain", 0.5, 0.1)
    frame = pl.DataFrame({'select "x"': level, "bought": np.where(when, "yes", "no")})
    frame.write_csv(tmp_path / "odd.csv")
    found = learnt(tmp_path / "odd.csv", method="short")
    (tmp_path / "odd.yaml").write_text(found.text)
    scored = pl.DataFrame(scoreline.load(tmp_path / "odd.yaml").score_table(tmp_path / "odd.csv"))
    plain, odd = (
        set(scored["score"].filter(pl.Series(own))) for own in (level == "plain", level != "plain")
    )
    assert len(plain) == len(odd) == 1
    assert plain != odd


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--trend", "age"], "does not name a column and a trend"),
        (["--trend", "age=rising"], "There is no trend `rising`"),
        (["--trend", "aeg=ascending"], "Did you mean age"),
        (["--trend", "job=ascending"], "no column of numbers"),
        (["--trend", "age=peak", "--method", "short"], "rise or fall"),
    ],
)
def test_trends_that_can_not_be_kept_are_refused(tmp_path, capsys, options, message) -> None:
    assert run(["learn", str(written(tmp_path)), "--target", "bought=yes", *options]) == 2
    assert message in capsys.readouterr().err


def paired(folder: Path, rows: int = 6_000) -> Path:
    """A file of which two columns count only together, with gaps and levels never seen again."""
    random = np.random.default_rng(0)
    age, job = random.integers(18, 80, rows), random.choice(["Boss", "it's; odd", "none"], rows)
    chance = np.where((age < 40) == (job == "Boss"), 0.6, 0.1)
    gaps = random.random((2, rows)) < 0.1
    frame = pl.DataFrame(
        {
            "id": [f"c{n}" for n in range(rows)],
            "age": [None if gap else int(a) for gap, a in zip(gaps[0], age, strict=True)],
            "job x": [None if gap else str(j) for gap, j in zip(gaps[1], job, strict=True)],
            "bought": np.where(random.random(rows) < chance, "yes", "no"),
        }
    )
    frame.write_csv(folder / "paired.csv")
    return folder / "paired.csv"


def test_two_columns_that_gain_together_become_a_table_that_engines_run(tmp_path: Path) -> None:
    path = paired(tmp_path)
    found = learnt(path, key="id")
    assert [pair.columns for pair in found.table.pairs] == [("age", "job x")]
    card = tmp_path / "card.yaml"
    card.write_text(found.text)
    frame = pl.read_csv(path)
    columns = [
        Numbers("age", frame["age"].cast(pl.Float64).fill_null(float("nan")).to_numpy()),
        Levels.of("job x", [None if v is None else v.lower() for v in frame["job x"]]),
    ]
    scored = pl.DataFrame(scoreline.load(card).score_table(path))
    assert scored["score"].to_list() == found.table.scores(columns).tolist()
    fresh = scoreline.load(card).score({"id": 1, "age": 30, "job x": "never seen"})
    unknown = Levels.of("job x", [None])
    there = found.table.scores([Numbers("age", np.array([30.0])), unknown])
    assert fresh.score == there[0]


def test_pairs_are_insisted_on_or_forbidden(tmp_path: Path, capsys) -> None:
    path = paired(tmp_path)
    asked = ["learn", str(path), "--target", "bought=yes", "--key", "id"]
    assert run([*asked, "--no-pairs"]) == 0
    assert "age and job x" not in capsys.readouterr().out
    page = tmp_path / "page.html"
    assert run([*asked, "--pair", "job x, age", "--report", str(page)]) == 0
    assert "job x and age" in capsys.readouterr().out
    assert "Boss; below" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--pair", "age"], "does not name two columns"),
        (["--pair", "age,age"], "does not name two columns"),
        (["--pair", "age,jbo"], "Did you mean job"),
        (["--pair", "age,job", "--trend", "age=ascending"], "can't keep its --trend"),
        (["--pair", "age,job", "--method", "woe"], "--method points"),
    ],
)
def test_pairs_that_can_not_be_are_refused(tmp_path, capsys, options, message) -> None:
    assert run(["learn", str(written(tmp_path)), "--target", "bought=yes", *options]) == 2
    assert message in capsys.readouterr().err


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


def test_the_figures_an_analyst_asks_for(tmp_path: Path, capsys) -> None:
    path = written(tmp_path, 4_000)
    asked = ["learn", str(path), "--target", "bought=yes", "--key", "id", "--capacity", "10%"]
    assert run([*asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    metrics = told["metrics"]
    assert metrics["auc_low"] < metrics["auc"] < metrics["auc_high"]
    assert metrics["lift_at_capacity"] == pytest.approx(metrics["lift10"], rel=0.05)
    assert told["best_single"]["field"] == "age"
    assert 0.5 < told["best_single"]["auc"] < metrics["auc"]
    assert metrics["psi"] is told["csi"] is told["challenger"] is None
    assert run(asked) == 0
    text = capsys.readouterr().out
    assert "The best field alone, age" in text
    assert "Of the best 400 of 4,000 tried" in text


def test_who_can_be_reached_is_counted_with_ties_by_their_share(tmp_path: Path) -> None:
    rows = [("a", "yes")] * 60 + [("a", "no")] * 40 + [("b", "yes")] * 40 + [("b", "no")] * 160
    text = "id,kind,bought\n" + "".join(f"{n},{k},{b}\n" for n, (k, b) in enumerate(rows))
    (tmp_path / "tied.csv").write_text(text)
    reached = learnt(tmp_path / "tied.csv", key="id", capacity=Capacity(50)).reached
    assert (reached.count, reached.rows) == (50, 300)
    assert reached.hits == pytest.approx(30, abs=1)
    everybody = learnt(tmp_path / "tied.csv", key="id", capacity=Capacity(9_999)).reached
    assert (everybody.count, everybody.hits, everybody.lift) == pytest.approx((300, 100, 1.0))


def test_records_that_move_are_said_to(tmp_path: Path, capsys) -> None:
    columns, bought, _ = people(6_000)
    old = columns[0].values >= 50
    order = np.argsort(old, kind="stable")
    text = csv_of(parts(columns, order), bought[order]).splitlines()
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=n // 10) for n in range(6_000)]
    lines = [text[0] + ",at", *(f"{line},{day}" for line, day in zip(text[1:], days, strict=True))]
    (tmp_path / "moved.csv").write_text("\n".join(lines) + "\n")
    asked = ["learn", str(tmp_path / "moved.csv"), "--target", "bought=yes", "--time", "at"]
    assert run([*asked, "--key", "id"]) == 0
    assert "The later records have moved much (PSI" in capsys.readouterr().out
    assert run([*asked, "--key", "id", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"]["psi"] > 0.25


def test_boosted_trees_are_held_beside_the_card(tmp_path: Path, capsys) -> None:
    path = paired(tmp_path)
    asked = ["learn", str(path), "--target", "bought=yes", "--key", "id", "--challenger"]
    assert run([*asked, "--no-pairs"]) == 0
    assert "is what staying readable costs" in capsys.readouterr().out
    assert run([*asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["challenger"]["name"] == "LightGBM"
    assert told["challenger"]["auc"] == pytest.approx(told["metrics"]["auc"], abs=0.02)


def test_without_lightgbm_it_says_what_to_install(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    path = written(tmp_path)
    assert run(["learn", str(path), "--target", "bought=yes", "--challenger"]) == 2
    assert "scoreline[challenger]" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "-5", "ten", "120%", "0%", ""])
def test_a_capacity_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--capacity"):
        capacity_of(text)


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


def test_a_scale_says_which_score_has_which_odds(tmp_path: Path, capsys) -> None:
    path = written(tmp_path, 6_000)
    asked = ["learn", str(path), "--target", "bought=yes", "--method", "woe", "--key", "id"]
    assert run([*asked, "--double", "20", "--at", "600=1", "--out", str(tmp_path / "c.yaml")]) == 0
    frame = pl.DataFrame(scoreline.load(tmp_path / "c.yaml").score_table(path, with_data=True))
    near = frame.filter(pl.col("score").is_between(580, 620))
    assert 0.3 < (near["bought"] == "yes").mean() < 0.7


@pytest.mark.parametrize("text", ["600", "600=", "x=50", "600=0", "600=-1", "600=inf", "1e9=2"])
def test_a_scale_that_says_nothing_is_refused(tmp_path: Path, capsys, text: str) -> None:
    path = written(tmp_path)
    assert run(["learn", str(path), "--target", "bought=yes", "--at", text]) == 2
    assert "which score has which odds" in capsys.readouterr().err


def test_json_says_what_the_design_promises(tmp_path: Path, capsys) -> None:
    path = written(tmp_path)
    assert run(["learn", str(path), "--target", "bought=yes", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"fingerprint", "terms", "rows", "positives", "split", "metrics", "left_out"} <= set(
        told
    )
    assert {"auc", "ks", "gini", "brier", "lift10"} <= set(told["metrics"])
    assert told["rows"] == 3_000
    assert told["split"].startswith("random")
    assert {one["field"]: one["why"] for one in told["left_out"]}["id"] == "it names the record"


def test_the_figures_are_those_of_records_that_it_has_not_seen(tmp_path: Path) -> None:
    """A column of pure noise with many levels does not make them look better."""
    _, bought, said = people(3_000)
    found = learnt(written(tmp_path))
    truth = Ranked.of(said, bought).auc
    assert truth - 0.04 < found.figures.auc < truth + 0.005


def test_with_a_time_the_latest_records_are_tried(tmp_path: Path) -> None:
    columns, bought, _ = people(3_000)
    lines = csv_of(columns, bought).splitlines()
    first = dt.date(2024, 1, 1)
    dated = [lines[0] + ",created"] + [
        f"{line},{first + dt.timedelta(days=number // 10)}" for number, line in enumerate(lines[1:])
    ]
    path = tmp_path / "dated.csv"
    path.write_text("\n".join(dated))
    found = learnt(path, time="created")
    assert found.split.startswith("time: learnt from records before 2024-07-29")
    assert (found.rows, found.figures.rows) == (2_100, 900)
    assert "created" not in found.text


def test_a_date_counts_from_the_moment_of_the_record(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rows = ["born,created,won"]
    for _ in range(2_000):
        created = dt.date(2024, 1, 1) + dt.timedelta(days=int(random.integers(0, 600)))
        age = int(random.integers(18, 80))
        born = created - dt.timedelta(days=int(age * 365.25))
        rows.append(
            f"{born},{created},{'yes' if random.random() < (0.6 if age > 45 else 0.2) else 'no'}"
        )
    path = tmp_path / "dates.csv"
    path.write_text("\n".join(rows))
    found = learn(path, LearnAsked(parse_spec("won=yes", "--target"), time="created"))
    assert "days_between(born, as_of)" in found.text
    assert found.figures.auc > 0.65
    with pytest.raises(DataError) as refused:  # nothing else is there, and dates need a moment
        learn(path, LearnAsked(parse_spec("won=yes", "--target")))
    assert "--time COL" in refused.value.hint


def test_too_few_outcomes_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("x,won\n" + "".join(f"{n},{'yes' if n % 2 else 'no'}\n" for n in range(20)))
    with pytest.raises(DataError) as refused:
        learn(path, LearnAsked(parse_spec("won=yes", "--target")))
    assert "10 more with won = yes and 10 more without" in refused.value.hint


def test_forty_and_forty_give_a_table_called_weak(tmp_path: Path, capsys) -> None:
    path = tmp_path / "some.csv"
    random = np.random.default_rng(0)
    path.write_text(
        "budget,won\n"
        + "".join(f"{random.normal(n % 2):.2f},{'yes' if n % 2 else 'no'}\n" for n in range(80))
    )
    assert run(["learn", str(path), "--target", "won=yes"]) == 0
    assert "Weak evidence" in capsys.readouterr().out


def test_what_is_filled_in_after_the_sale_is_left_out_unless_insisted(tmp_path: Path) -> None:
    columns, bought, _ = people(2_000)
    lines = csv_of(columns, bought).splitlines()
    late = [lines[0] + ",contract"] + [
        line + (",signed" if line.endswith("yes") else ",") for line in lines[1:]
    ]
    path = tmp_path / "late.csv"
    path.write_text("\n".join(late))
    found = learnt(path)
    assert [one.field for one in found.left_out if one.leak] == ["contract"]
    assert "contract" not in found.text
    insisted = learnt(path, insisted=("contract",))
    assert "contract" in insisted.text
    assert insisted.figures.auc > 0.99


def test_open_leads_are_not_counted_as_lost(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    random = np.random.default_rng(0)
    lines = ["budget,stage"]
    for n in range(900):
        lines.append(f"{random.normal(n % 3 == 0):.2f},{('Won', 'Lost', 'Open')[n % 3]}")
    path.write_text("\n".join(lines))
    spec = parse_spec("stage=Won", "--target")
    found = learn(path, LearnAsked(spec, lost=parse_spec("stage=Lost", "--lost")))
    assert (found.rows, found.positives, found.open) == (600, 300, 300)


@pytest.mark.parametrize("method", ["points", "woe", "short"])
def test_where_chance_explains_all_there_is_no_card(tmp_path: Path, capsys, method: str) -> None:
    random = np.random.default_rng(3)
    lines = (
        f"{random.random():.3f},{'yes' if random.random() < 0.4 else 'no'}\n" for _ in range(600)
    )
    (tmp_path / "noise.csv").write_text("a,won\n" + "".join(lines))
    code = run(["learn", str(tmp_path / "noise.csv"), "--target", "won=yes", "--method", method])
    told = capsys.readouterr()
    assert "there is no card" in told.err if code == 2 else "AUC" in told.out
    assert code == 2 or method == "points"


def test_what_people_type_is_one_level_however_it_is_written(tmp_path: Path) -> None:
    columns, bought, _ = people(2_000)
    text = csv_of(columns, bought).replace(",boss,", ", Boss ,")
    path = tmp_path / "spelt.csv"
    path.write_text(text)
    assert "is: Boss" in learnt(path).text
    assert learnt(path).figures.auc > 0.6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--target", "bougt=yes"], "bought"),
        (["--target", "bought=maybe"], "0 records with bought = maybe"),
        (["--target", "bought=yes", "--time", "jbo"], "job"),
        (["--target", "bought=yes", "--time", "job"], "holds no moments"),
        (["--target", "bought=yes", "--without", "jbo"], "job"),
        (["--target", "bought=yes", "--key", "nokey"], "nokey"),
        (["--target", "bought"], ""),
    ],
)
def test_wrong_use_is_said(tmp_path: Path, capsys, options: list[str], message: str) -> None:
    code = run(["learn", str(written(tmp_path, 300)), *options])
    told = capsys.readouterr()
    assert "fault of Scoreline" not in told.err
    assert message in told.err or code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x,won\n",
        "x,won\n1,yes\n" * 1,
        "x,won\n" + "1,yes\n" * 100,
        "x,won\n" + "1,yes\n1,no\n" * 100,
        "x,won\n" + ",yes\n,no\n" * 100,
        "won\n" + "yes\nno\n" * 100,
        "won,x,x\n" + "yes,1,2\nno,2,3\n" * 100,
        "won,a;b.c\n" + "yes,1\nno,2\n" * 100,
        "x,won\n" + "".join(f"level {n},{'yes' if n % 3 else 'no'}\n" for n in range(10_000)),
    ],
)
def test_files_that_teach_nothing_get_one_clear_error(tmp_path: Path, capsys, text: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text)
    code = run(["learn", str(path), "--target", "won=yes"])
    told = capsys.readouterr().err
    assert "fault of Scoreline" not in told
    assert code in (0, 2)
    assert code == 0 or told.count("\n") <= 4


def test_dates_after_the_moment_of_the_record_are_left_out(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rows = ["budget,created,signed,won"]
    for n in range(1_000):
        created = dt.date(2024, 1, 1) + dt.timedelta(days=n // 4)
        won = random.random() < 0.4
        signed = created + dt.timedelta(days=int(random.integers(1, 20 if won else 60)))
        rows.append(f"{random.normal(won):.2f},{created},{signed},{'yes' if won else 'no'}")
    path = tmp_path / "dates.csv"
    path.write_text("\n".join(rows))
    found = learn(path, LearnAsked(parse_spec("won=yes", "--target"), time="created"))
    why = {one.field: one.why for one in found.left_out if one.leak}
    assert why == {"signed": "100% of its dates lie after the moment of the record"}


def test_values_that_can_not_be_read_are_said(tmp_path: Path, capsys) -> None:
    columns, bought, _ = people(1_000)
    lines = csv_of(columns, bought).splitlines()
    lines[5] = lines[5].replace(lines[5].split(",")[1], "old", 1)
    path = tmp_path / "odd.csv"
    path.write_text("\n".join(lines))
    assert run(["learn", str(path), "--target", "bought=yes"]) == 0
    assert "age" in capsys.readouterr().out.split("Left out")[-1]
    assert run(["learn", str(path), "--target", "bought=yes", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == {"number-unreadable": 1}
