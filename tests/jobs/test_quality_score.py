"""`quality`: what a base is worth, by channel and over time, and what cleaning does to scores."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from scoreline.cli.app import run
from scoreline.errors import DataError
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.quality.checking import quality_of
from scoreline.jobs.quality.page import write_page
from scoreline.jobs.quality.results import Quality, QualityAsked
from scoreline.jobs.score import score_file
from scoreline.scorecard.file import load_card

AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
CARD = """
scorecard: leads
key: id
fields: {email: email, phone: {type: phone, country: FR}}
terms:
  - {name: private mailbox, when: "email.kind = 'free'", points: 4}
  - {name: phone, when: "phone.status = 'ok'", points: 4}
segments: [{name: qualified, above: 6}, {name: other}]
"""
BASE = """id,email,phone,channel,created
1,anna@gmail.com,06 12 34 56 78,Webinar,2026-01-05
2,jean@gmail,06 12 34 56 79,webinar,2026-01-06
3,eva@gmial.com,,Social,2026-02-01
4,,12,Social,2026-02-02
5,,06 12 34 56 70, Webinar ,2026-02-03
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    file = tmp_path / "base.csv"
    file.write_text(BASE, encoding="utf-8")
    (tmp_path / "card.yaml").write_text(CARD, encoding="utf-8")
    return file


def checked(base: Path, **asked: object) -> Quality:
    card = base.parent / "card.yaml"
    return quality_of(base, QualityAsked(card, as_of=AS_OF, **asked))  # type: ignore[arg-type]


def test_a_base_is_worth_the_mean_of_its_records(base: Path) -> None:
    found = checked(base)
    assert found.score is not None
    # Address and phone weigh 50 each: 100, 50 (no address), 25 (doubtful, no phone), 0, 50.
    assert found.score.base.score == pytest.approx((100 + 50 + 25 + 0 + 50) / 5)
    assert found.score.base.poor == 2


def test_channels_show_which_one_brings_garbage_however_they_are_spelt(base: Path) -> None:
    found = checked(base, channel="channel")
    assert found.score is not None
    told = [(one.name, one.rows, one.score, one.wrong.hits) for one in found.score.channels]
    assert told == [("Webinar", 3, pytest.approx(200 / 3), 1), ("Social", 2, 12.5, 2)]


@pytest.mark.parametrize(
    ("days", "period"), [(3, "day"), (31, "day"), (90, "week"), (600, "month"), (4000, "year")]
)
def test_the_trend_has_the_finest_steps_that_are_few(base: Path, days: int, period: str) -> None:
    first = dt.date(2010, 1, 1)
    lines = (f"{n},a{n}@acme.fr,,x,{first + dt.timedelta(days=n)}" for n in range(days))
    base.write_text("\n".join(["id,email,phone,channel,created", *lines]), encoding="utf-8")
    found = checked(base, created="created")
    assert found.score is not None
    assert found.score.trend is not None
    assert found.score.trend.period == period
    assert sum(part.rows for part in found.score.trend.parts) == days
    assert len(found.score.trend.parts) <= 31


def test_the_quality_card_scores_a_file_as_the_base_was_scored(base: Path) -> None:
    model, out = base.parent / "quality.yaml", base.parent / "scored.csv"
    found = checked(base, model=model)
    score_file(base, [load_card(model)], Outputs(str(out)), ScoreOptions(AS_OF))
    assert found.score is not None
    scores = pl.read_csv(out)["score"]
    assert scores.to_list() == [100, 50, 25, 0, 50]
    assert scores.mean() == pytest.approx(found.score.base.score)


def test_every_finding_is_in_the_table_with_its_record(base: Path) -> None:
    file = base.parent / "findings.csv"
    found = checked(base, findings=str(file))
    table = pl.read_csv(file, infer_schema=False)
    told = table.select("record", "column", "finding", "verdict", "value", "meant").rows()
    assert told == [
        ("2", "email", "email-invalid", "bad", "jean@gmail", "jean@gmail.com"),
        ("3", "email", "email-typo", "suspect", "eva@gmial.com", "eva@gmail.com"),
        ("4", "phone", "phone-impossible", "bad", "12", None),
    ]
    counted = sum(one.count for column in found.columns for one in column.found)
    assert counted == table.height
    assert "email-validator" in table["version"][0]


def test_cleaning_says_what_it_did_to_the_scores_and_what_more_it_could(base: Path) -> None:
    found = checked(base, out=str(base.parent / "clean.csv"), rules=("trim",))
    assert list(found.effects) == ["rules", "suggestions"]
    rules, suggestions = found.effects["rules"], found.effects["suggestions"]
    assert (rules.rescored, rules.moved) == (0, 0)
    # 2 and 3 have a free mailbox if the suggestions are right; 2 has a phone too: 8 points.
    assert suggestions.rescored == 2
    assert [(move.old, move.new, move.count) for move in suggestions.moves] == [
        ("other", "qualified", 1)
    ]


def test_the_page_shows_worth_effects_and_duplicates(base: Path) -> None:
    clusters, page = base.parent / "clusters.csv", base.parent / "page.html"
    clusters.write_text(
        "id,cluster,points,reasons\n1,1,9.5,email: same +9.5\n2,2,,\n5,1,9.5,email: same +9.5\n",
        encoding="utf-8",
    )
    asked = QualityAsked(
        base.parent / "card.yaml",
        as_of=AS_OF,
        out=str(base.parent / "clean.csv"),
        channel="channel",
        created="created",
        duplicates=clusters,
    )
    write_page(quality_of(base, asked), base, asked, page)
    html = page.read_text(encoding="utf-8")
    for told in ("45.0", "which one brings garbage", "other to qualified: 1", "email: same +9.5"):
        assert told in html
    assert "1 and 1 more" in html


def test_a_column_that_is_not_there_is_named(base: Path) -> None:
    with pytest.raises(DataError, match="no column `chanel`"):
        checked(base, channel="chanel")


def test_a_file_that_holds_no_clusters_is_said(base: Path) -> None:
    with pytest.raises(DataError, match="lacks the column `cluster`"):
        checked(base, duplicates=base)


def test_an_empty_base_has_no_score(base: Path) -> None:
    base.write_text("id,email,phone\n", encoding="utf-8")
    assert checked(base).score is None


def test_the_command_shows_it_all(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = base.parent
    args = ["quality", str(base), "--card", str(folder / "card.yaml"), "--channel", "channel"]
    args += ["--out", str(folder / "clean.csv"), "--model", str(folder / "q.yaml")]
    assert run(args) == 1
    told = capsys.readouterr().out
    assert "The base is worth 45.0 of 100 for leads" in told
    assert "If all suggestions are accepted: 2 records scored otherwise, 1 moved" in told


def test_clusters_of_another_base_are_refused(base: Path) -> None:
    clusters = base.parent / "clusters.csv"
    clusters.write_text("id,cluster,points,reasons\nx,x,9,\ny,x,9,\n", encoding="utf-8")
    with pytest.raises(DataError, match="names no record of this base"):
        checked(base, duplicates=clusters)


def test_a_column_that_holds_no_dates_is_no_trend(base: Path) -> None:
    with pytest.raises(DataError, match="No cell of `channel` is a date"):
        checked(base, created="channel")


def test_a_column_of_many_values_is_no_list_of_channels(base: Path) -> None:
    lines = (f"{n},a{n}@acme.fr,,c{n if n > 9 else 0}," for n in range(100))
    base.write_text("\n".join(["id,email,phone,channel,created", *lines]), encoding="utf-8")
    found = checked(base, channel="channel")
    assert found.score is not None
    names = {part.name: part.rows for part in found.score.channels}
    assert (len(names), names["c0"], names["all others"]) == (51, 10, 41)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--country", "XX"], "no country"),
        (["--order", "dym"], "no order"),
        (["--findings", "CLEAN.changes.jsonl"], "changes.jsonl"),
    ],
)
def test_what_can_not_be_is_said_before_any_work(
    more: list[str], told: str, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean = str(base.parent / "clean.csv")
    args = [one.replace("CLEAN", clean) for one in more]
    assert run(["quality", str(base), "--out", clean, *args]) == 2
    assert told in capsys.readouterr().err
    assert not Path(clean).exists()
