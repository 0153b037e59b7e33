"""`learn` on what stands in real columns: prices, codes, words for nothing, dates of one habit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from scoreline.analytics.outcomes import parse_spec
from scoreline.cli.app import run
from scoreline.errors import UsageError
from scoreline.jobs.card import load
from scoreline.jobs.learning.asked import Learned, ladders_of, trends_of
from scoreline.jobs.learning.special import special_of
from tests.jobs.learnt import learnt
from tests.learn.people import csv_of, people

ROWS = 3_000


def base(folder: Path, **columns: object) -> Path:
    """Records whose outcome goes by a number between 0 and 99, written as `columns` say."""
    random = np.random.default_rng(0)
    number = random.integers(0, 100, ROWS)
    bought = random.random(ROWS) < 0.1 + 0.006 * number
    frame = pl.DataFrame({"id": [f"c{n}" for n in range(ROWS)], "number": number})
    frame = frame.with_columns(bought=pl.Series(np.where(bought, "yes", "no")))
    frame = frame.with_columns(**columns)
    frame.write_csv(folder / "base.csv")
    return folder / "base.csv"


def auc(path: Path, *leave: str, **asked: object) -> float:
    return learnt(path, key="id", left_out=leave, **asked).figures.auc


def scores_like_its_table(found: Learned, path: Path, folder: Path) -> bool:
    """Whether the card scores a file as the mean of what was learnt: base and terms that differ."""
    file = folder / "own.yaml"
    file.write_text(found.text, encoding="utf-8")
    table = pl.DataFrame(load(file).score_table(path))
    return table["score"].n_unique() > 5


@pytest.mark.parametrize("sign", ["{} ₽", "{},50 €", "${}.25", "-{} €"])
def test_prices_are_read_whatever_their_column_is_called(tmp_path: Path, sign: str) -> None:
    """Below zero an amount of money is none, which is said."""
    price = pl.concat_str(pl.lit(sign.split("{}")[0]), "number", pl.lit(sign.split("{}")[1]))
    path = base(tmp_path, what=price)
    if sign.startswith("-"):
        assert learnt(path, key="id").counts["money-below-zero", "what"] > ROWS * 0.9
        return
    assert auc(path, "number") == pytest.approx(auc(path, "what"), abs=0.02)


def test_percentages_are_left_out_with_what_to_do(tmp_path: Path) -> None:
    path = base(tmp_path, share=pl.format("{}.{}%", "number", pl.int_range(pl.len())))
    (left,) = [one for one in learnt(path, key="id").left_out if one.field == "share"]
    assert "write 12.5 instead of 12.5%" in left.why


def test_words_for_nothing_are_missing_in_the_card_too(tmp_path: Path) -> None:
    nothing = pl.when(pl.int_range(pl.len()) % 7 == 0).then(pl.lit("n/a"))
    path = base(tmp_path, number=nothing.otherwise(pl.col("number").cast(pl.String)))
    found = learnt(path, key="id")
    assert found.card.fields[0].missing == ("n/a",)
    assert not found.findings
    assert scores_like_its_table(found, path, tmp_path)


def coded(folder: Path) -> Path:
    """A tenth holds 9999 and buys like the best, a tenth -9 and hardly buys."""
    random = np.random.default_rng(1)
    number = random.integers(300, 850, ROWS)
    kind = random.random(ROWS)
    chance = np.where(kind < 0.1, 0.7, np.where(kind < 0.2, 0.05, (number - 200) / 1_300))
    number = np.where(kind < 0.1, -9, np.where(kind < 0.2, 9_999, number))
    bought = np.where(random.random(ROWS) < chance, "yes", "no")
    frame = pl.DataFrame({"id": range(ROWS), "bureau": number, "bought": bought})
    frame.with_columns(bureau=pl.when(pl.col("id") % 50 > 0).then("bureau")).write_csv(
        folder / "coded.csv"
    )
    return folder / "coded.csv"


@pytest.mark.parametrize("method", ["points", "woe", "short"])
def test_codes_have_points_of_their_own(tmp_path: Path, method: str) -> None:
    """What the numbers say runs as it is locked, whatever the codes say; the card agrees."""
    path, special = coded(tmp_path), special_of(["bureau=-9,9999"])
    trend = {} if method == "short" else {"bureau": "ascending"}
    found = learnt(path, key="id", special=special, trends=trend, method=method)
    assert "bureau code" in found.table.columns
    plain = learnt(path, key="id", trends=trend, method=method)
    assert found.figures.auc > plain.figures.auc - 0.005
    file = tmp_path / "card.yaml"
    file.write_text(found.text, encoding="utf-8")
    card = load(file)
    worst, best = (card.score({"id": 1, "bureau": code}).score for code in (9_999, -9))
    usual = card.score({"id": 1, "bureau": 500}).score
    assert worst < usual < best
    if trend:
        (term,) = [one for one in found.table.terms if one.column == "bureau"]
        points = [one.points for one in term.bins[:-1]]
        assert points == sorted(points)


def test_what_seems_to_be_a_code_is_said(tmp_path: Path) -> None:
    told = [
        one for one in learnt(coded(tmp_path), key="id").findings if one.code == "special-codes"
    ]
    assert [one.hint.split("say ")[-1] for one in told] == ["--special bureau=-9,9999."]
    plain = learnt(base(tmp_path), key="id")
    assert not plain.findings


@pytest.mark.parametrize("text", ["bureau", "bureau=", "=9", "bureau=nine", "bureau=1,,2"])
def test_codes_that_are_no_numbers_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="codes"):
        special_of([text])


def test_codes_of_what_is_no_number_are_refused(tmp_path: Path) -> None:
    path = base(tmp_path, job=pl.lit("boss"))
    with pytest.raises(UsageError, match="no column of numbers"):
        learnt(path, key="id", special={"job": ("9",)})


def test_moments_are_read_in_the_order_that_their_column_proves(tmp_path: Path) -> None:
    day = pl.date(2025, 1, 1) + pl.duration(days=pl.int_range(pl.len()) % 300)
    path = base(tmp_path, made=day.dt.strftime("%d.%m.%Y"))
    assert learnt(path, key="id", time="made").rows > 0.6 * ROWS
    few = base(tmp_path, made=pl.when(pl.col("number") > 5).then(day.dt.strftime("%d.%m.%Y")))
    assert learnt(few, key="id", time="made").open > 0


def test_a_moment_that_could_be_two_is_said_by_its_own_name(tmp_path: Path) -> None:
    path = base(tmp_path, made=pl.lit("03/04/2026"), also=pl.lit("2026-04-03"))
    either = pl.when(pl.col("number") < 50).then("made").otherwise("also")
    pl.read_csv(path).with_columns(made=either).write_csv(path)
    found = learnt(path, key="id", time="made")
    (told,) = [one for one in found.findings if one.field == "made"][:1]
    assert "--order dmy" in told.hint
    assert "__time__" not in told.message


def schools(folder: Path) -> Path:
    """Of three schools the middle one buys least, by few records; some have none."""
    random = np.random.default_rng(2)
    school = random.choice(["Primary", "second'ry", "Third", ""], ROWS, p=[0.4, 0.1, 0.4, 0.1])
    chance = np.select(
        [school == "Primary", school == "second'ry", school == "Third"], [0.2, 0.15, 0.5], 0.3
    )
    vip, age = random.random(ROWS) < 0.5, random.integers(18, 80, ROWS)
    chance = chance + 0.2 * vip + 0.003 * (age - 50)
    bought = np.where(random.random(ROWS) < chance, "yes", "no")
    frame = pl.DataFrame({"id": range(ROWS), "school": school, "age": age, "bought": bought})
    frame.with_columns(vip=pl.Series(np.where(vip, "yes", "no"))).write_csv(folder / "schools.csv")
    return folder / "schools.csv"


@pytest.mark.parametrize("method", ["points", "woe", "short", "additive"])
def test_points_rise_along_levels_that_are_put_in_an_order(tmp_path: Path, method: str) -> None:
    """Locked, the middle school has no fewer points than the first; the card speaks of levels."""
    if method == "additive":
        pytest.importorskip("interpret")
    path, texts = schools(tmp_path), ["school=primary<Second'ry<third", "vip=no<yes"]
    asked = {"trends": trends_of(texts), "ladders": ladders_of(texts), "method": method}
    found = learnt(path, key="id", **asked)
    file = tmp_path / "card.yaml"
    file.write_text(found.text, encoding="utf-8")
    card = load(file)
    points = [
        card.score({"id": 1, "school": school, "vip": "no", "age": 40}).score
        for school in ("primary", "second'ry", "third")
    ]
    assert points == sorted(points)
    assert points[0] < points[-1]
    yes, no = (
        card.score({"id": 1, "school": "third", "vip": v, "age": 40}).score for v in ("yes", "no")
    )
    assert yes >= no
    assert "Third" in found.text or "third" in found.text
    plain = learnt(path, key="id", method=method)
    assert found.figures.auc > plain.figures.auc - 0.01


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("school=primary<third", "does not name second'ry"),
        ("school=primary<second'ry<third<fourth", "no level `fourth`"),
    ],
)
def test_every_level_has_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        learnt(schools(tmp_path), key="id", trends=trends_of([text]), ladders=ladders_of([text]))
    with pytest.raises(UsageError, match="order"):
        ladders_of(["school=a<a"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--insist", "age", "--without", "age"], "left out and insisted on"),
        (["--pair", "age,job", "--no-pairs"], "contradict"),
        (["--conditions", "4"], "--method short"),
        (["--method", "short", "--double", "7"], "own scale"),
        (["--trend", "age=ascending", "--trend", "age=descending"], "two trends"),
        (["--key", "bought"], "both the target and the --key"),
        (["--at", "600=1e308"], "--at 600=50"),
        (["--target", "bought=maybe"], "No row has"),
    ],
)
def test_options_that_contradict_one_another_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    columns, bought, _ = people(600, 0)
    path = tmp_path / "people.csv"
    path.write_text(csv_of(columns, bought), encoding="utf-8")
    target = [] if "--target" in options else ["--target", "bought=yes"]
    assert run(["learn", str(path), *target, *options]) == 2
    assert said in capsys.readouterr().err


def test_what_was_insisted_on_is_said_on_screen_and_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also a table of two columns that tells nothing is not dropped without a word."""
    knows = pl.when(pl.col("bought") == "yes").then(pl.col("number") + 200).otherwise("number")
    path, page = base(tmp_path, knows=knows, noise=pl.int_range(pl.len()) % 7), tmp_path / "a.html"
    command = ["learn", str(path), "--target", "bought=yes", "--key", "id"]
    more = ["--insist", "knows", "--pair", "number,noise", "--report", str(page)]
    assert run([*command, *more]) == 0
    told = capsys.readouterr().out
    assert "You insisted on knows, though: " in told
    assert "number with noise: together they tell nothing beside their sum" in told
    assert "knows was insisted on, though it seems to know the outcome" in page.read_text("utf-8")
    assert parse_spec("bought=yes", "--target").text in told


def test_moments_that_are_still_to_come_are_said(tmp_path: Path) -> None:
    day = pl.date(2025, 1, 1) + pl.duration(days=pl.int_range(pl.len()) % 300)
    late = pl.when(pl.col("number") < 7).then(pl.date(2130, 1, 1)).otherwise(day)
    path = base(tmp_path, made=late)
    found = [one for one in learnt(path, key="id", time="made").findings if one.field == "made"]
    assert [one.code for one in found] == ["time-future"]
    assert found[0].count == pl.read_csv(path)["number"].lt(7).sum()
    assert not learnt(base(tmp_path, made=day), key="id", time="made").findings


def test_no_rows_at_all_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.csv"
    path.write_text("id,age,bought\n", encoding="utf-8")
    assert run(["learn", str(path), "--target", "bought=yes"]) == 2
    assert "no records" in capsys.readouterr().err


def test_measures_that_all_differ_are_no_key(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    ratio = random.random(900)
    bought = random.random(900) < np.where(ratio > 0.5, 0.5, 0.1)
    columns = {"ratio": ratio, "bought": np.where(bought, "yes", "no")}
    pl.DataFrame(columns).write_csv(tmp_path / "ratios.csv")
    assert learnt(tmp_path / "ratios.csv").table.columns == {"ratio"}


def test_codes_are_told_apart_by_their_worth() -> None:
    assert special_of(["x=1,1.0, 1e0,-9"]) == {"x": ("1", "-9")}
    for text in ("x=nan", "x=inf", "x=1e999999999", "x=1,,2"):
        with pytest.raises(UsageError, match="does not name a column and its codes"):
            special_of([text])
