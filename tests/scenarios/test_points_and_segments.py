"""Points and segments: what a lead scores, why, and what could still change it.

Each test is one scenario of the acceptance table, through the command line, and reads as a page of
the manual. Card S gives: phone +1, corporate e-mail +1, company and position +2, budget from
100000 +3, not our core work -5, technical specification +1; qualified is *more than* 6, marketing
from 0, garbage the rest.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import (
    EVERYTHING_RIGHT,
    LEAD_CARD,
    explain,
    score,
    scoreline,
    write_card,
    write_leads,
)

SMM = {"service": "SMM"}
NO_PHONE = {"phone": ""}
GMAIL = {"email": "anna@gmail.com"}


LEADS = {
    "everything right": EVERYTHING_RIGHT,
    "no phone": EVERYTHING_RIGHT | NO_PHONE,
    "no phone, gmail": EVERYTHING_RIGHT | NO_PHONE | GMAIL,
    "not core work": EVERYTHING_RIGHT | SMM,
    "empty": {},
    "only the wrong service": {"service": "mobile app"},
    "blank position": EVERYTHING_RIGHT | {"position": "  "},
}


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The leads of scenarios 1-7, scored as one file."""
    lines = score(tmp_path_factory.mktemp("leads"), *LEADS.values()).lines
    return dict(zip(LEADS, lines, strict=True))


def brief(line: dict[str, Any]) -> list[Any]:
    """Score, segment, low, high, certain and ask of a scored line."""
    return [line[name] for name in ("score", "segment", "low", "high", "certain", "ask")]


def test_01_everything_right_is_8_and_qualified(scored: dict[str, Any]) -> None:
    line = scored["everything right"]
    assert brief(line) == [8, "qualified", 8, 8, True, ""]
    assert line["reasons"] == (
        "budget suits +3; company and position +2; contact phone +1; corporate e-mail +1; "
        "technical specification +1"
    )


def test_01_three_reasons_are_shown_unless_more_are_asked_for(tmp_path: Path) -> None:
    data, card = write_leads(tmp_path, [EVERYTHING_RIGHT]), write_card(tmp_path)
    scoreline("score", data, "--card", card, "--out", tmp_path / "scored.csv")
    with (tmp_path / "scored.csv").open(encoding="utf-8-sig", newline="") as file:
        [line] = csv.DictReader(file)
    assert line["reasons"] == "budget suits +3; company and position +2; contact phone +1; other +2"
    assert list(line) == [
        *("lead_id", "score", "segment", "low", "high", "certain", "ask"),
        *("reasons", "fingerprint", "as_of"),
    ]


def test_01_explain_says_the_same_line_by_line(tmp_path: Path) -> None:
    said = explain(tmp_path, EVERYTHING_RIGHT)
    assert (said["key"], said["score"], said["segment"]) == ("1", 8, "qualified")
    assert [(r["term"], r["points"]) for r in said["reasons"] if r["points"]] == [
        ("budget suits", 3),
        ("company and position", 2),
        ("contact phone", 1),
        ("corporate e-mail", 1),
        ("technical specification", 1),
    ]
    assert [r["term"] for r in said["reasons"] if not r["points"]] == ["not our core work"]
    assert said["leaves"] is None


def test_02_without_a_phone_7_is_still_qualified(scored: dict[str, Any]) -> None:
    assert brief(scored["no phone"])[:2] == [7, "qualified"]


def test_03_six_is_not_more_than_six(scored: dict[str, Any]) -> None:
    assert brief(scored["no phone, gmail"])[:2] == [6, "marketing"]


def test_04_not_our_core_work_costs_5_and_stands_first(scored: dict[str, Any]) -> None:
    line = scored["not core work"]
    assert brief(line) == [3, "marketing", 3, 3, True, ""]
    assert line["reasons"].startswith("not our core work -5; budget suits +3; ")


def test_05_an_empty_record_is_scored_never_dropped(scored: dict[str, Any]) -> None:
    assert brief(scored["empty"]) == [0, "marketing", -5, 8, False, "service"]
    assert scored["empty"]["reasons"] == ""


def test_06_only_the_wrong_service_known(scored: dict[str, Any]) -> None:
    assert brief(scored["only the wrong service"]) == [-5, "garbage", -5, 3, False, "budget"]


def test_07_a_blank_position_is_missing_and_is_asked_for(scored: dict[str, Any]) -> None:
    assert brief(scored["blank position"]) == [6, "marketing", 6, 8, False, "position"]


EMAILS = {  # text: low, points and high of the e-mail term
    "Ivan@GMAIL.COM ": (0, 0, 0),
    "a@mail.acme.co.uk": (1, 1, 1),
    "": (0, 0, 1),
    "foo@": (0, 0, 1),
    "someone@mailinator.com": (0, 0, 0),
}


def test_08_e_mails(tmp_path: Path) -> None:
    """Free 0, corporate +1; a missing or invalid address may still become +1; disposable 0.

    The invalid and the disposable one have a finding each.
    """
    found = score(tmp_path, *(EVERYTHING_RIGHT | {"email": email} for email in EMAILS))
    for line, expected in zip(found.lines, EMAILS.values(), strict=True):
        assert (line["low"] - 7, line["score"] - 7, line["high"] - 7) == expected
    assert sum(found.summary["findings"].values()) == 2


BUDGETS = {  # text: low, points and high of the budget term
    "100000": (3, 3, 3),
    "99999.99": (0, 0, 0),
    "150 000 ₽": (3, 3, 3),
    "1.5e5": (3, 3, 3),
    "NaN": (0, 0, 3),
    "not sure": (0, 0, 3),
}
NO_BUDGETS = ["-1", "$200000", "1,234"]


def test_09_budgets(tmp_path: Path) -> None:
    """What can be read counts, NaN and the card's own `not sure` are missing: no findings."""
    found = score(tmp_path, *(EVERYTHING_RIGHT | {"budget": budget} for budget in BUDGETS))
    for line, expected in zip(found.lines, BUDGETS.values(), strict=True):
        assert (line["low"] - 5, line["score"] - 5, line["high"] - 5) == expected
    assert found.summary["findings"] == {}


def test_09_what_is_no_budget_is_a_finding_and_open(tmp_path: Path) -> None:
    """Below zero, in another currency, or ambiguous: missing to the score, one finding each."""
    found = score(tmp_path, *(EVERYTHING_RIGHT | {"budget": budget} for budget in NO_BUDGETS))
    assert [brief(line) for line in found.lines] == [[5, "marketing", 5, 8, False, "budget"]] * 3
    assert sum(found.summary["findings"].values()) == 3


def test_09_an_ambiguous_number_says_what_to_declare(tmp_path: Path) -> None:
    """`100,001` is read once the card says which sign is the decimal one."""
    lead = EVERYTHING_RIGHT | {"budget": "100,001"}
    said = scoreline("score", write_leads(tmp_path, [lead]), "--card", write_card(tmp_path))
    assert "decimal" in said.out + said.errors
    for sign, points in ((".", 3), (",", 0)):
        card = LEAD_CARD.replace("currency: RUB,", f"currency: RUB, decimal: '{sign}',")
        found = score(tmp_path, lead, card=card)
        assert found.lines[0]["score"] == 5 + points
        assert found.summary["findings"] == {}


def all_64() -> list[dict[str, str]]:
    """All combinations of the six terms being true or false."""
    wrong: list[dict[str, str]] = [{"phone": "12"}, GMAIL, {"company": ""}, {"budget": "1"}]
    leads = []
    for *right, smm, has_spec in product([True, False], repeat=6):
        lead = EVERYTHING_RIGHT | {"has_spec": "yes" if has_spec else "no"}
        for holds, change in zip(right, wrong, strict=True):
            lead |= {} if holds else change
        leads.append(lead | (SMM if smm else {}))
    return leads


def test_10_all_64_combinations(tmp_path: Path) -> None:
    lines = score(tmp_path, *all_64()).lines
    assert Counter(line["score"] for line in lines) == {
        **{8: 1, 7: 3, 6: 4, 5: 5, 4: 6, 3: 6, 2: 7, 1: 7},
        **{0: 6, -1: 6, -2: 5, -3: 4, -4: 3, -5: 1},
    }
    assert sum(line["segment"] == "qualified" for line in lines) == 4
    said = scoreline("check", tmp_path / "card.yaml", "--format", "json").json
    assert (said["min"], said["max"]) == (-5, 8)


EMAIL_TERM = "{name: corporate e-mail,     when: \"email.kind = 'corporate'\",  points: 1}"
DEARER_EMAIL = LEAD_CARD.replace(EMAIL_TERM, EMAIL_TERM.replace("points: 1", "points: 2"))


def test_11_a_change_is_seen_before_it_is_made(tmp_path: Path) -> None:
    """E-mail at +2: who moves, and by which term; taken back, everything is as before."""
    data = write_leads(tmp_path, all_64())
    old = write_card(tmp_path, LEAD_CARD, "old.yaml")
    new = write_card(tmp_path, DEARER_EMAIL, "new.yaml")
    said = scoreline("diff", old, new, data, "--format", "json").json
    assert said["rows"] == 64
    assert {(m["from"], m["to"]): m["count"] for m in said["moves"]} == {
        ("marketing", "qualified"): 2,
        ("garbage", "marketing"): 3,
    }
    assert {(m["term"], m["from"], m["to"]): m["count"] for m in said["by_term"]} == {
        ("corporate e-mail", "marketing", "qualified"): 2,
        ("corporate e-mail", "garbage", "marketing"): 3,
    }
    before, after = summary(data, old), summary(data, new)
    assert (before["segments"]["qualified"], after["segments"]["qualified"]) == (4, 6)
    assert after["fingerprint"] != before["fingerprint"]
    back = write_card(tmp_path, "# as before\n" + LEAD_CARD, "back.yaml")
    assert summary(data, back)["segments"] == before["segments"]
    assert summary(data, back)["fingerprint"] == before["fingerprint"]
    said = scoreline("diff", old, back, data, "--format", "json").json
    assert (said["moves"], said["by_term"]) == ([], [])


def summary(data: Path, card: Path) -> dict[str, Any]:
    said: dict[str, Any] = scoreline("score", data, "--card", card, "--format", "json").json
    return said


def test_12_ten_times_six_tenths_is_six(tmp_path: Path) -> None:
    """Points are exact: binary fractions would give 5.999... and miss the segment."""
    terms = "".join(f"  - {{name: t{i}, when: budget > 0, points: 0.6}}\n" for i in range(10))
    card = (
        "scorecard: tenths\nkey: lead_id\nfields: {budget: number}\n"
        f"terms:\n{terms}segments: [{{name: in, from: 6}}, {{name: out}}]\n"
    )
    [line] = score(tmp_path, {"budget": "1"}, card=card).lines
    assert (line["score"], line["segment"]) == (6, "in")


def checked(folder: Path, card: str, code: int) -> dict[str, Any]:
    said: dict[str, Any] = scoreline(
        "check", write_card(folder, card), "--format", "json", code=code
    ).json
    return said


def test_13_proof_reading_says_what_a_card_demands(tmp_path: Path) -> None:
    said = checked(tmp_path, LEAD_CARD, code=0)
    assert (said["min"], said["max"]) == (-5, 8)
    assert said["cases"] == {"passed": 1, "failed": 0}
    assert {finding["level"] for finding in said["findings"]} == {"info"}
    by_code = Counter((finding["code"], finding["term"]) for finding in said["findings"])
    assert by_code["compulsory", "budget suits"] == 1
    assert by_code["compulsory", "company and position"] == 1
    assert by_code["veto", "not our core work"] == 1
    assert {code for code, _ in by_code} == {"compulsory", "veto", "at-most-n-missing"}
    [at_most] = [f for f in said["findings"] if f["code"] == "at-most-n-missing"]
    for term in ("contact phone", "corporate e-mail", "technical specification"):
        assert term in at_most["message"]


DRAFT = """\
scorecard: draft
key: lead_id
fields: {budget: money, has_spec: yes/no}
groups: {all: {cap: 4}}
terms:
  - {name: spec, when: has_spec, points: 5, group: all}
  - name: budget
    of: budget
    bins: [{below: 10, points: 1}, {from: 10, below: 10, points: 2}, {from: 10, points: 0}]
segments: [{name: best, from: 50}, {name: rest}]
"""


def test_13_warnings_are_for_the_draft_never_for_a_run(tmp_path: Path) -> None:
    """A segment out of reach, a bin no value can reach, a cap below its largest term."""
    said = checked(tmp_path, DRAFT, code=1)
    codes = {finding["code"]: finding["level"] for finding in said["findings"]}
    for code in ("segment-unreachable", "bin-dead", "cap-below-term"):
        assert codes[code] == "warning"
    [line] = score(tmp_path, {"budget": "5", "has_spec": "yes"}, card=DRAFT).lines
    assert (line["score"], line["segment"]) == (5, "rest")


OUTSIDE = {  # a condition: what the refusal must name
    "buget >= 100000": ["buget", "budget"],
    "company >= 5": ["number", "text"],
    "lower(company) = 'acme'": ["lower", "choice"],
    "joined > now()": ["now", "as_of"],
}


def test_14_a_card_outside_the_language_is_refused(tmp_path: Path) -> None:
    """All of it at once: file, line, term, the nearest known name, what to write instead."""
    terms = "".join(
        f'  - {{name: term {i}, when: "{when}", points: 1}}\n' for i, when in enumerate(OUTSIDE)
    )
    fields = "key: lead_id\nfields: {budget: money, company: text, joined: date}\n"
    card = write_card(tmp_path, f"scorecard: c\n{fields}terms:\n{terms}", "lead.yaml")
    data = write_leads(tmp_path, [EVERYTHING_RIGHT])
    words: list[str | Path] = ["score", data, "--card", card, "--out", tmp_path / "out.csv"]
    message = " ".join(scoreline(*words, code=2).errors.split())
    for i, named in enumerate(OUTSIDE.values()):
        for text in (f"lead.yaml:{5 + i}", f"term {i}", *named):
            assert text in message
    assert not (tmp_path / "out.csv").exists()
    scoreline("check", card, code=2)


CHANNEL_CARD = """\
scorecard: ready
key: lead_id
fields: {ready: yes/no}
terms: [{name: ready, when: ready, points: 1}]
segments: [{name: qualified, above: 0}, {name: garbage}]
"""


def test_26_a_channel_of_dear_leads_can_be_the_cheaper_one(tmp_path: Path) -> None:
    """Ads: 100 leads, 20 qualified, 8 sales, 7 of them qualified. Webinar: 50, 25, 10, 10."""
    rows = [
        [f"{channel} {i}", channel, "yes" if i < qualified else "no", "won" if won else "lost"]
        for channel, (leads, qualified, sales, qualified_sales) in {
            "Ads": (100, 20, 8, 7),
            "Webinar": (50, 25, 10, 10),
        }.items()
        for i in range(leads)
        for won in [i < qualified_sales or 0 <= i - qualified < sales - qualified_sales]
    ]
    data, cost = tmp_path / "leads.csv", tmp_path / "cost.csv"
    with data.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["lead_id", "channel", "ready", "deal"], *rows])
    cost.write_text("channel,cost\nAds,10000\nWebinar,10000\n", encoding="utf-8")
    words: list[str | Path] = [
        *("channels", data, "--card", write_card(tmp_path, CHANNEL_CARD), "--channel", "channel"),
        *("--won", "deal=won", "--lost", "deal=lost", "--cost", cost),
    ]
    said = scoreline(*words, "--format", "json").json
    ads, webinar = sorted(said["channels"], key=lambda channel: str(channel["channel"]))
    assert [c["leads"] for c in (ads, webinar)] == [100, 50]
    assert [c["qualified"] for c in (ads, webinar)] == [20, 25]
    assert [c["sales"] for c in (ads, webinar)] == [8, 10]
    assert [c["conversion"]["value"] for c in (ads, webinar)] == [0.08, 0.20]
    assert [c["qualified_conversion"]["value"] for c in (ads, webinar)] == [0.35, 0.40]
    assert said["total"]["conversion"]["value"] == 0.12
    assert round(said["total"]["qualified_conversion"]["value"], 3) == 0.378
    assert [c["cost_per_lead"] for c in (ads, webinar)] == [100, 200]
    assert [c["cost_per_qualified"] for c in (ads, webinar)] == [500, 400]
    assert [c["cost_per_sale"] for c in (ads, webinar)] == [1250, 1000]
    assert any({r["first"], r["second"]} == {"Ads", "Webinar"} for r in said["reversals"])
    text = scoreline(*words).out.replace("1,250", "1250").replace("1,000", "1000")
    for figure in ("35", "40", "37.8", "500", "400", "1250", "1000"):
        assert figure in text
