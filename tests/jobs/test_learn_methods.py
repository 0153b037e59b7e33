"""`learn`: the ways to learn, tables of two columns, locks and scales, as a user asks for them."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import scoreline
from scoreline.cli.app import run
from scoreline.learn.columns import Levels, Numbers
from scoreline.learn.methods.learners import LEARNERS
from scoreline.scorecard.file import parse_card
from tests.jobs.learnt import learnt, paired, written
from tests.learn.people import people


@pytest.mark.parametrize("method", list(LEARNERS))
def test_the_card_scores_a_file_as_the_table_says(tmp_path: Path, method: str) -> None:
    path = written(tmp_path)
    found = learnt(path, key="id", method=method)
    columns, _, _ = people(3_000)
    card = tmp_path / "card.yaml"
    card.write_text(found.text)
    scored = scoreline.load(card).score_table(path)
    assert pl.DataFrame(scored)["score"].to_list() == found.table.scores(columns).tolist()


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


def test_segments_differ_even_where_less_than_a_point_doubles_the_odds(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    number = random.integers(0, 100, 4_000)
    bought = random.random(4_000) < 0.02 + 0.3 * (number > 50)
    known = np.where(bought, "b", "a")
    told = np.where(bought, "yes", "no")
    frame = pl.DataFrame({"number": number, "known": known, "bought": told})
    frame.write_csv(tmp_path / "sure.csv")
    found = learnt(tmp_path / "sure.csv", method="short", insisted=("known",))
    high, medium, _ = (segment.bound for segment in found.card.segments)
    assert high is not None
    assert medium is not None
    assert high > medium
