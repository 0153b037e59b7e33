"""`evidence`: a hand-made card on records whose outcome is known."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import scoreline
from scoreline.analytics.outcomes import parse_spec
from scoreline.cli.app import run
from scoreline.errors import DataError, UsageError
from scoreline.jobs.capacity import Capacity
from scoreline.jobs.evidence.asked import Evidence, EvidenceAsked
from scoreline.jobs.evidence.changing import segments_of
from scoreline.jobs.evidence.offers import DIFFERS, Bench, fitted_line
from scoreline.jobs.evidence.reading import Criterion, read_weighable
from scoreline.jobs.evidence.totals import Totals
from scoreline.jobs.evidence.weighing import evidence_of
from scoreline.learn.measures import Ranked
from scoreline.scorecard.file import parse_card, parse_files
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.write import card_yaml

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DEMO = Path(scoreline.__file__).parent / "demo"
CARD = """
scorecard: leads
key: id
base: 1
fields: {phone: yes/no, company: yes/no, age: number}
groups: {contact: {cap: 5}}
total: {floor: -3}
terms:
- {name: phone, when: phone, points: 1, group: contact}
- {name: company, when: company, points: 2, group: contact}
- name: age
  of: age
  bins: [{below: 30, points: -1}, {from: 30, below: 50, points: 0}, {from: 50, points: 1}]
segments: [{name: qualified, above: 3}, {name: rest}]
"""


def leads(folder: Path, rows: int = 6_000) -> Path:
    """Leads whose company says nothing at all, and whose age says more than the card thinks."""
    random = np.random.default_rng(0)
    lines = ["id,phone,company,age,won,created"]
    for row in range(rows):
        phone, company = random.random(2) < 0.5
        age = random.integers(18, 70)
        said = -1.5 + 0.5 * phone + (1.5 if age >= 50 else -0.5 if age < 30 else 0)
        won = random.random() < 1 / (1 + np.exp(-said))
        day = dt.date(2025, 1, 1) + dt.timedelta(days=row // 20)
        words = ["yes" if one else "no" for one in (phone, company, won)]
        lines.append(f"L{row},{words[0]},{words[1]},{age},{words[2]},{day}")
    path = folder / "leads.csv"
    path.write_text("\n".join(lines))
    return path


def weighed(path: Path, **asked: object) -> Evidence:
    card = parse_card(CARD)
    return evidence_of(path, card, EvidenceAsked(parse_spec("won=yes", "--target"), **asked), NOW)


def test_each_criterion_is_counted_and_judged(tmp_path: Path) -> None:
    found = weighed(leads(tmp_path))
    said = {(one.term, one.bin): one for one in found.criteria}
    assert said["company", "yes"].judged.verdict == "too big"
    assert said["age", "50 or more"].judged.verdict == "too small"
    assert said["age", "30 to below 50"].judged.verdict == "the measure"
    assert (
        sum(said["age", one].judged.count for one in ("below 30", "30 to below 50", "50 or more"))
        == 6_000
    )


def test_totals_are_the_scores_that_the_engine_gives(tmp_path: Path) -> None:
    """Groups, clamps and events included: what is tried is what would be published."""
    for card, data in (
        (parse_card(CARD), leads(tmp_path, 300)),
        (scoreline.load(DEMO / "bank.yaml").model, DEMO / "bank.csv.gz"),
    ):
        target = "won=yes" if card.name == "leads" else "deposit=yes"
        asked = EvidenceAsked(parse_spec(target, "--target"))
        found = read_weighable(data, card, asked, NOW)
        points = np.array([one.points for one in found.criteria])
        totals = Totals(card, found.criteria).of(found.met, points)
        scored = scoreline_scores(card, data, tmp_path)
        assert totals.tolist() == scored[0]
        assert [card.segments[n].name for n in segments_of(card, totals)] == scored[1]


def scoreline_scores(card: Scorecard, data: Path, folder: Path) -> tuple[list[float], list[str]]:
    file = folder / "own.yaml"
    file.write_text(card_yaml(card))
    table = pl.DataFrame(scoreline.load(file).score_table(data))
    return table["score"].cast(pl.Float64).to_list(), table["segment"].cast(pl.String).to_list()


def test_offers_are_tried_on_what_they_were_not_made_from(tmp_path: Path) -> None:
    found = weighed(leads(tmp_path), time="created")
    assert found.split.startswith("by time")
    offers = {one.name: one for one in found.offers}
    assert list(offers) == ["keep", "threshold", "few", "refit"]
    assert offers["keep"].moved == offers["keep"].changed == 0
    assert offers["keep"].card.fingerprint == found.card.fingerprint
    assert 0 < offers["few"].changed <= 3
    assert offers["few"].auc > offers["keep"].auc + 0.02
    assert found.advised in ("few", "refit")


def test_the_new_card_moves_as_many_records_as_was_said(tmp_path: Path) -> None:
    path = leads(tmp_path)
    found = weighed(path)
    for offer in found.offers:
        before = scoreline_scores(found.card, path, tmp_path)[1]
        after = scoreline_scores(offer.card, path, tmp_path)[1]
        assert sum(one != other for one, other in zip(before, after, strict=True)) == offer.moved


def test_the_advised_card_is_written_and_can_be_scored(tmp_path: Path, capsys) -> None:
    path, card, new = leads(tmp_path), tmp_path / "card.yaml", tmp_path / "new.yaml"
    card.write_text(CARD)
    command = ["evidence", str(path), "--card", str(card), "--target", "won=yes"]
    assert run([*command, "--out", str(new)]) == 0
    assert run(["diff", str(card), str(new), str(path)]) == 0
    assert scoreline.load(new).model.fingerprint != scoreline.load(card).model.fingerprint
    capsys.readouterr()
    assert run([*command, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["advised"] in {one["offer"] for one in told["offers"]}
    assert run([*command, "--out", str(new), "--offer", "keep"]) == 0
    assert scoreline.load(new).model.fingerprint == scoreline.load(card).model.fingerprint


def test_thirty_labels_never_do_harm() -> None:
    """40 resamples of 30 records of the demo's bank: at most 2 are worse by more than 0.005."""
    card = scoreline.load(DEMO / "bank.yaml").model
    asked = EvidenceAsked(parse_spec("deposit=yes", "--target"))
    found = read_weighable(DEMO / "bank.csv.gz", card, asked, NOW)
    points = np.array([one.points for one in found.criteria])
    totals = Totals(card, found.criteria)
    bench = Bench(totals, found.met, found.events, points, 1.0)
    hand = Ranked.of(totals.of(found.met, points), found.events).auc
    worse = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        rows = random.choice(len(found.events), 30, replace=False)
        if found.events[rows].sum() > 0:
            new = bench.weighing(rows).suggested
            worse += Ranked.of(totals.of(found.met, new), found.events).auc < hand - 0.005
    assert worse <= 2


def test_capacity_and_profit_set_thresholds_beside_the_cards(tmp_path: Path) -> None:
    found = weighed(leads(tmp_path), capacity=Capacity(1_000), margin=100.0, cost=30.0)
    by = {one.by: one for one in found.thresholds}
    assert list(by) == ["the card", "capacity", "profit"]
    assert by["capacity"].reached <= 1_000
    profits = [one.profit for one in found.thresholds]
    assert by["profit"].profit == max(profits)


def test_other_points_get_a_threshold_for_as_many_as_can_be_reached(tmp_path: Path) -> None:
    """Also as a share; without a capacity the bounds of the card stay, and the table says so."""
    found = weighed(leads(tmp_path), capacity=Capacity(share=0.2))
    assert {one.name: one.reached <= 1_200 for one in found.offers} == {
        "keep": False,
        "threshold": True,
        "few": True,
        "refit": True,
    }
    plain = {one.name: one.card.segments[0].rule for one in weighed(leads(tmp_path)).offers}
    assert plain["keep"] == plain["few"] == plain["refit"] == "more than 3"


def test_any_card_can_say_what_a_score_means_as_a_probability(tmp_path: Path, capsys) -> None:
    """And have that made anew: points and segments stay; what is said is what came."""
    path, card, new = leads(tmp_path), tmp_path / "card.yaml", tmp_path / "new.yaml"
    card.write_text(CARD)
    command = ["evidence", str(path), "--card", str(card), "--target", "won=yes", "--probability"]
    assert run(command) == 2, "it is written into a card"
    assert run([*command, "--offer", "keep", "--out", str(new)]) == 0
    old, own = scoreline.load(card), scoreline.load(new)
    assert own.model.probability is not None
    assert own.model.probability.of == "won = yes"
    assert (own.model.terms, own.model.segments) == (old.model.terms, old.model.segments)
    table = pl.DataFrame(own.score_table(path))
    frame = pl.read_csv(path).select("id", won=pl.col("won") == "yes")
    both = table.with_columns(pl.col("id").cast(pl.String)).join(frame, on="id")
    came = both.group_by("probability").agg(pl.col("won").mean()).sort("probability")
    assert came.height > 2
    assert came["probability"].to_list() == pytest.approx(came["won"].to_list(), abs=1e-4)
    again = parse_card(new.read_text())
    assert (
        evidence_of(
            path, again, EvidenceAsked(parse_spec("won=yes", "--target"), probability=True), NOW
        )
        .offers[0]
        .card.probability
        == again.probability
    )
    assert run([*command, "--offer", "refit", "--out", str(new)]) == 0
    assert scoreline.load(new).model.probability is not None
    assert run(["check", str(new)]) == 0


def test_the_cases_of_a_new_card_expect_what_it_says(tmp_path: Path, capsys) -> None:
    """Otherwise a card that was just advised would fail its own check."""
    path, card, new = leads(tmp_path), tmp_path / "card.yaml", tmp_path / "new.yaml"
    one = "{given: {company: yes, age: 60}, score: 4, segment: qualified}"
    card.write_text(f"{CARD}cases: [{one}, {{given: {{age: 35}}, score: 1}}]\n")
    command = ["evidence", str(path), "--card", str(card), "--target", "won=yes"]
    assert run([*command, "--out", str(new)]) == 0
    assert "Written anew: 1 case" in capsys.readouterr().out
    assert run(["check", str(new)]) == 0
    assert "Cases: 2 passed, 0 failed" in capsys.readouterr().out


def test_a_card_that_reads_the_outcome_is_refused(tmp_path: Path) -> None:
    """Also by another name of the field; one that is only declared does no harm."""
    reads = CARD.replace("age: number", "age: number, sold: {type: yes/no, column: Won}").replace(
        "terms:", "terms:\n- {name: sold, when: sold, points: 5}"
    )
    asked = EvidenceAsked(parse_spec("won=yes", "--target"))
    with pytest.raises(DataError, match="reads `won`"):
        evidence_of(leads(tmp_path, 300), parse_card(reads), asked, NOW)
    declared = CARD.replace("age: number", "age: number, won: yes/no")
    assert evidence_of(leads(tmp_path, 300), parse_card(declared), asked, NOW).rows == 300


def test_an_outcome_that_is_nowhere_is_refused_with_those_that_are(tmp_path: Path) -> None:
    asked = EvidenceAsked(parse_spec("won=maybe", "--target"))
    with pytest.raises(DataError, match="No row has `won = maybe`") as refused:
        evidence_of(leads(tmp_path, 300), parse_card(CARD), asked, NOW)
    assert "`no`, `yes`" in refused.value.hint


def test_few_outcomes_are_called_weak(tmp_path: Path, capsys) -> None:
    path, card = leads(tmp_path, 60), tmp_path / "card.yaml"
    card.write_text(CARD)
    command = ["evidence", str(path), "--card", str(card), "--target", "won=yes"]
    assert run(command) == 0
    assert "Weak evidence" in capsys.readouterr().out
    assert run([*command, "--offer", "few"]) == 2, "--offer says what is written"
    assert not weighed(leads(tmp_path)).weak


def test_dates_are_read_in_the_order_that_their_column_proves(tmp_path: Path) -> None:
    """As `--order` would have it; cells that can't be read are said."""
    path = leads(tmp_path)
    frame = pl.read_csv(path)
    day = pl.col("created").str.to_date()
    frame = frame.with_columns(created=day.dt.strftime("%d.%m.%Y"))
    frame.write_csv(path)
    found, said = weighed(path, time="created"), weighed(path, time="created", order="dmy")
    assert [one.auc for one in found.offers] == [one.auc for one in said.offers]
    assert not found.findings
    first = pl.int_range(pl.len()) < 40
    frame.with_columns(created=pl.when(~first).then("created")).write_csv(path)
    (told,) = weighed(path, time="created").findings
    assert (told.code, told.count) == ("no-moment", 40)


def test_suggestions_stay_in_the_cards_own_step(tmp_path: Path) -> None:
    tens = CARD.replace("points: 1", "points: 10").replace("points: 2", "points: 20")
    tens = tens.replace("points: -1", "points: -10").replace("base: 1", "base: 10")
    tens = tens.replace("cap: 5", "cap: 50").replace("above: 3", "above: 30")
    asked = EvidenceAsked(parse_spec("won=yes", "--target"))
    found = evidence_of(
        leads(tmp_path), parse_card(tens.replace("floor: -3", "floor: -30")), asked, NOW
    )
    assert all(one.suggested % 10 == 0 for one in found.criteria)
    assert any(one.suggested != one.points for one in found.criteria)


def test_only_what_is_spoken_against_is_changed(tmp_path: Path) -> None:
    for one in weighed(leads(tmp_path)).criteria:
        assert one.judged.verdict in DIFFERS or one.suggested == one.points


def test_events_are_weighed_by_each(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    card = parse_card(
        "scorecard: letters\nkey: id\nfields: {}\nevents: {opened: {}}\n"
        "terms:\n- {name: opened, event: opened, points: 1}\n"
        "segments: [{name: hot, from: 3}, {name: cold}]\n"
    )
    people, happened = ["id,won"], ["id,event,at"]
    for row in range(3_000):
        count = random.integers(0, 6)
        won = random.random() < 1 / (1 + np.exp(2.5 - 0.8 * count))
        people.append(f"{row},{'yes' if won else 'no'}")
        happened += [f"{row},opened,2025-06-01"] * count
    data, events = tmp_path / "people.csv", tmp_path / "events.csv"
    data.write_text("\n".join(people))
    events.write_text("\n".join(happened))
    asked = EvidenceAsked(parse_spec("won=yes", "--target"), events=str(events))
    (one,) = evidence_of(data, card, asked, NOW).criteria
    assert one.bin == "each"
    assert one.judged.verdict == "confirmed"


def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="too few"):
        weighed(leads(tmp_path, 8))


def test_a_grid_is_weighed_by_its_cards(tmp_path: Path) -> None:
    grid = parse_files(
        {
            "grid.yaml": "grid: both\nfit: {card: fit.yaml, A: {from: 2}, B: {}}\n"
            "acts: {card: acts.yaml, '1': {from: 2}, '2': {}}\n",
            "fit.yaml": CARD.replace("leads", "fit"),
            "acts.yaml": CARD.replace("leads", "acts"),
        }
    )
    with pytest.raises(UsageError, match="grid"):
        evidence_of(leads(tmp_path, 50), grid, EvidenceAsked(parse_spec("won=yes")), NOW)


def test_dates_that_do_not_say_their_order_are_read_as_it_is_said(tmp_path: Path, capsys) -> None:
    path, card = leads(tmp_path), tmp_path / "card.yaml"
    card.write_text(CARD)
    frame = pl.read_csv(path)
    twelfths = [f"0{1 + n // 1000}/0{1 + n % 9}/26" for n in range(len(frame))]
    frame.with_columns(created=pl.Series(twelfths)).write_csv(path)
    asked = ["evidence", str(path), "--card", str(card), "--target", "won=yes", "--time", "created"]
    assert run(asked) == 2
    assert "say the --order" in capsys.readouterr().err
    assert run([*asked, "--order", "dmy"]) == 0
    by_day = capsys.readouterr().out
    assert run([*asked, "--order", "mdy"]) == 0
    assert capsys.readouterr().out != by_day


def test_equal_scores_are_one_score_however_they_come_about(tmp_path: Path) -> None:
    """0.1 + 0.2 is 0.3: what can't be told apart ranks nothing, and is reached together."""
    card = parse_card(
        "scorecard: c\nfields: {a: yes/no, b: yes/no, c: yes/no}\nterms:\n"
        "  - {name: a, when: a, points: 0.1}\n  - {name: b, when: b, points: 0.2}\n"
        "  - {name: c, when: c, points: 0.3}\nsegments: [{name: hi, from: 0.3}, {name: lo}]\n"
    )
    random = np.random.default_rng(0)
    first = np.arange(400) < 200
    won = random.random(400) < np.where(first, 0.6, 0.2)
    words = {True: "yes", False: "no"}
    frame = pl.DataFrame(
        {
            "a": [words[bool(one)] for one in first],
            "b": [words[bool(one)] for one in first],
            "c": [words[not one] for one in first],
            "won": [words[bool(one)] for one in won],
        }
    )
    asked = EvidenceAsked(parse_spec("won=yes", "--target"), capacity=Capacity(200))
    found = evidence_of(frame, card, asked, NOW)
    assert found.offers[0].auc == 0.5
    capacity = next(one for one in found.thresholds if one.by == "capacity")
    assert (capacity.least, capacity.reached, capacity.over) == (0.3, 400, 200)
    moved = next(one for one in found.offers if one.name == "threshold")
    assert moved.reached == 400


@pytest.mark.parametrize("seed", range(12))
def test_no_verdict_contradicts_what_the_data_say(seed: int) -> None:
    """Points that differ move, to the side that the verdict says, into what is likely."""
    random = np.random.default_rng(seed)
    points = random.integers(-5, 6, 8).astype(np.float64)
    met = (random.random((1_500, 8)) < random.uniform(0.1, 0.6, 8)).astype(np.float64)
    effects = 0.3 * random.permutation(points) + random.normal(0, 0.3, 8)
    events = (random.random(1_500) < 1 / (1 + np.exp(1 - met @ effects))).astype(np.float64)
    names = ", ".join(f"x{n}: yes/no" for n in range(8))
    terms = "".join(f"  - {{name: t{n}, when: x{n}, points: {points[n]}}}\n" for n in range(8))
    card = parse_card(f"scorecard: c\nfields: {{{names}}}\nterms:\n{terms}")
    criteria = tuple(Criterion(n, 0, points[n]) for n in range(8))
    bench = Bench(Totals(card, criteria), met, events, points, 1.0)
    found = bench.weighing(np.arange(1_500))
    low, high = found.open.low, found.open.high
    for n, judged in enumerate(found.judged):
        old, new = points[n], found.suggested[n]
        if judged.verdict not in DIFFERS:
            assert new == old
            continue
        assert new != old
        assert low[n] - 0.5 <= new <= high[n] + 0.5 or abs(new - old) == 1
        if old:
            assert (np.sign(old) * new < np.sign(old) * old) == (judged.verdict != "too small")
        if judged.verdict == "contradicted":
            assert new * old <= 0


@pytest.mark.parametrize("options", [["--margin", "5"], ["--margin", "1e308", "--cost", "1"]])
def test_a_margin_is_an_amount_and_needs_a_cost(tmp_path: Path, capsys, options) -> None:
    (tmp_path / "card.yaml").write_text(CARD)
    command = ["evidence", str(leads(tmp_path)), "--card", str(tmp_path / "card.yaml")]
    assert run([*command, "--target", "won=yes", *options]) == 2
    assert "--margin" in capsys.readouterr().err


def test_a_card_that_is_kept_is_tried_at_its_own_worth() -> None:
    """Points twice as steep as what a point is worth elsewhere are no worse for it."""
    random = np.random.default_rng(0)
    scores = random.normal(size=4_000)
    events = (random.random(4_000) < 1 / (1 + np.exp(1 - 2 * scores))).astype(np.float64)
    intercept, unit = fitted_line(scores, events, 0.5)
    assert unit == pytest.approx(2.0, abs=0.15)
    assert intercept == pytest.approx(-1.0, abs=0.15)
    assert fitted_line(-scores, events, 0.5)[1] == 0.0
