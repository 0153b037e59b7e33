"""The bundled files are what their README says, and their cards do what they promise."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import itertools
import runpy
from importlib.resources import files
from pathlib import Path

import pytest

from scoreline.engines.record.engine import compile_card
from scoreline.quality.typing.values import type_record
from scoreline.scorecard.file import load_card
from scoreline.scorecard.points import points_text

DEMO = files("scoreline.demo")
AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
SCRIPTS = Path(__file__).parent.parent.parent / "scripts"


def rows_of(name):
    data = DEMO.joinpath(name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    return list(csv.DictReader(io.StringIO(text)))


def scorer(name):
    card = load_card(Path(str(DEMO.joinpath(name))))
    compiled = compile_card(card)

    def score(record):
        given = {key: value for key, value in record.items() if key}
        return compiled.score(type_record(card.fields, given).values, AS_OF)

    return card, score


def test_the_bank_file_is_the_source_without_duration():
    rows = rows_of("bank.csv.gz")
    assert len(rows) == 45_211
    header = list(rows[0])
    assert (header[0], header[-1]) == ("client", "deposit")
    assert "duration" not in rows[0]
    assert len(rows[0]) == 17
    assert sum(row["deposit"] == "yes" for row in rows) == 5_289
    assert len({row["client"] for row in rows}) == len(rows)
    assert len(DEMO.joinpath("bank.csv.gz").read_bytes()) < 450_000


@pytest.mark.parametrize("name", ["bank.yaml", "leads.yaml"])
def test_the_cases_of_the_cards_hold(name):
    card, score = scorer(name)
    assert card.cases
    for case in card.cases:
        result = score(case.given)
        found = {
            "score": points_text(round(result.score * 10_000)),
            "segment": result.segment,
            "low": points_text(round(result.low * 10_000)),
            "high": points_text(round(result.high * 10_000)),
            "certain": "yes" if result.certain else "no",
            "ask": result.ask,
        }
        assert {name: found[name] for name in case.expected} == dict(case.expected)


def test_the_bank_card_tells_good_from_bad():
    _, score = scorer("bank.yaml")
    scored = [(score(row), row) for row in itertools.islice(rows_of("bank.csv.gz"), 0, None, 19)]
    won = {"call first": [], "write": [], "leave in peace": []}
    for result, row in scored:
        won[result.segment].append(row["deposit"] == "yes")
    rates = {name: sum(hits) / len(hits) for name, hits in won.items()}
    assert rates["call first"] > 3 * rates["write"] / 1.5 > rates["leave in peace"]
    assert 0.05 < len(won["call first"]) / len(scored) < 0.15
    assert any(not result.certain for result, _ in scored)


def test_the_leads_come_out_of_their_script():
    made = runpy.run_path(str(SCRIPTS / "make_invented_leads.py"))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([made["HEADER"], *made["rows"]()])
    assert out.getvalue().encode() == DEMO.joinpath("leads.csv").read_bytes()


def test_the_leads_are_invented():
    free = {"gmail.com", "mail.ru", "yandex.ru"}
    for row in rows_of("leads.csv"):
        user, at, domain = row["email"].strip().lower().rpartition("@")
        if at and "." in domain and domain not in free | {"mailinator.com"}:
            assert "vymysel" in domain or "invented" in domain
        assert domain not in free or "vymysel" in user
        digits = "".join(c for c in row["phone"] if c.isdecimal()).removeprefix("7")
        local = digits.removeprefix("8") if len(digits) == 11 and digits[0] == "8" else digits
        fiction = local.startswith(("120255501", "33199", "447700900"))
        assert fiction or len(local) < 10 or local[3:6] == "000"


def test_the_leads_have_the_dirt_that_the_readme_names():
    rows = rows_of("leads.csv")
    _, score = scorer("leads.yaml")
    segments = {score(row).segment for row in rows}
    assert segments == {"qualified", "marketing", "garbage"}
    assert sum(not row["lead_id"].strip() for row in rows) == 2
    assert sum(bool(row.get(None)) for row in rows) == 1
    keys = [row["lead_id"] for row in rows if row["lead_id"].strip()]
    assert len(keys) - len(set(keys)) == 1
    assert {row["outcome"] for row in rows} == {"won", "Won", "lost", "in work", ""}
    channels = {row["channel"].strip().casefold() for row in rows} - {""}
    assert channels == {row["channel"] for row in rows_of("leads_cost.csv")}
