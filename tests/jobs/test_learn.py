"""`learn`: from a file to a card that every engine runs."""

import datetime as dt
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from scoreline.analytics.outcomes import parse_spec
from scoreline.cli.app import run
from scoreline.errors import DataError, UsageError
from scoreline.jobs.capacity import Capacity, capacity_of
from scoreline.jobs.learning.asked import LearnAsked
from scoreline.jobs.learning.learning import learn
from scoreline.learn.columns import parts
from scoreline.learn.measures import Ranked
from tests.jobs.learnt import learnt, paired, written
from tests.learn.people import csv_of, people


def test_the_card_is_a_file_that_can_be_read_again(tmp_path: Path) -> None:
    path, card = written(tmp_path), tmp_path / "card.yaml"
    assert run(["learn", str(path), "--target", "bought=yes", "--out", str(card)]) == 0
    assert run(["check", str(card), "--data", str(path)]) == 0
    assert run(["score", str(path), "--card", str(card), "--won", "bought=yes"]) == 0


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
        (["--target", "bought=maybe"], "No row has `bought = maybe`"),
        (["--target", "bought=yes", "--time", "jbo"], "job"),
        (["--target", "bought=yes", "--time", "job"], "holds no moments"),
        (["--target", "bought=yes", "--without", "jbo"], "job"),
        (["--target", "bought=yes", "--key", "nokey"], "nokey"),
        (["--target", "bought=yes", "--at", "nan=50", "--method", "woe"], "which score has"),
        (
            ["--target", "bought=yes", "--special", "age=nan"],
            "does not name a column and its",
        ),
        (["--target", "bought=yes", "--special", "age=1e999999999"], "does not name a column"),
    ],
)
def test_wrong_use_is_said(tmp_path: Path, capsys, options: list[str], message: str) -> None:
    code = run(["learn", str(written(tmp_path, 300)), *options])
    told = capsys.readouterr()
    assert "fault of Scoreline" not in told.err
    assert code == 2
    assert message in told.err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x,won\n",
        "x,won\n1,yes\n",
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
    assert code == 2
    assert 0 < told.count("\n") <= 4


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
