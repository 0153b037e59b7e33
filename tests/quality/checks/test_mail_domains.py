"""Whether domains take mail: asked once, kept while it holds; no answer proves nothing."""

import datetime as dt
import json
from pathlib import Path

import pytest
from dns.message import make_query, make_response
from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, NoNameservers, Resolver

from scoreline.jobs.quality.checking import quality_of
from scoreline.jobs.quality.results import QualityAsked
from scoreline.quality.checks.mail_domains import (
    CONTROL,
    HOLDS,
    Answer,
    answers_file,
    ask_dns,
    mail_answers,
)

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
NET: dict[str, Answer] = {"acme.ru": "takes mail", "gone.ru": "takes none", "slow.ru": "unknown"}
WIDE: dict[str, Answer] = NET | {CONTROL: "takes mail"}


class Net:
    """A net that knows three domains, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, domain: str) -> Answer:
        self.asked.append(domain)
        return WIDE[domain]


def test_each_domain_is_asked_once(tmp_path: Path) -> None:
    net = Net()
    kept = tmp_path / "cache" / "answers.json"
    assert mail_answers([*NET, *NET], net, kept, NOW) == NET
    assert sorted(net.asked) == sorted(WIDE)


def test_an_answer_holds_for_its_time_and_no_answer_is_asked_again(tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    mail_answers(NET, Net(), kept, NOW)
    later = Net()
    assert mail_answers(NET, later, kept, NOW + dt.timedelta(hours=1)) == NET
    assert later.asked == ["slow.ru"]
    much_later = Net()
    mail_answers(NET, much_later, kept, NOW + HOLDS["takes none"])
    assert sorted(much_later.asked) == [CONTROL, "gone.ru", "slow.ru"]


def test_the_file_says_when_it_was_asked_and_until_when_it_holds(tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    mail_answers(NET, Net(), kept, NOW)
    assert json.loads(kept.read_text())["gone.ru"] == {
        "answer": "takes none",
        "asked": "2026-11-01T00:00:00+00:00",
        "until": "2026-11-02T00:00:00+00:00",
    }
    assert "slow.ru" not in kept.read_text()


def test_a_net_that_denies_everything_is_not_believed(tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    assert set(mail_answers(NET, lambda _: "takes none", kept, NOW).values()) == {"unknown"}
    assert not kept.exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "no json", '{"acme.ru": 3}', '{"acme.ru": {"answer": "yes", "until": "x"}}']
)
def test_a_broken_file_is_an_empty_one(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "answers.json"
    kept.write_text(text)
    assert mail_answers(["acme.ru"], Net(), kept, NOW) == {"acme.ru": "takes mail"}


def test_where_nothing_can_be_kept_the_answers_are_given_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert mail_answers(NET, Net(), tmp_path / "file" / "answers.json", NOW) == NET


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (NXDOMAIN(), "takes none"),
        (NoAnswer(response=make_response(make_query("acme.ru", "MX"))), "takes none"),
        (LifetimeTimeout(timeout=5, errors=[]), "unknown"),
        (NoNameservers(), "unknown"),
        (OSError("the net is down"), "unknown"),
    ],
)
def test_only_what_the_name_system_says_is_an_answer(
    monkeypatch: pytest.MonkeyPatch, error: Exception, answer: Answer
) -> None:
    def resolve(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Resolver, "resolve", resolve)
    assert ask_dns("acme.ru") == answer
    assert ask_dns("пример.рф") == answer


def test_without_a_net_nothing_can_be_told() -> None:
    """The suite runs with the network blocked."""
    assert ask_dns("example.com") == "unknown"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "base.csv"
    file.write_text("id,email\n1,a@acme.ru\n2,b@gone.ru\n3,c@slow.ru\n4,foo@\n5,\n")
    return file


def test_a_base_is_asked_about_only_if_one_says_so(base: Path) -> None:
    net = Net()
    email = quality_of(base, QualityAsked(as_of=NOW, mx=net)).columns[1]
    assert {word: count for word, count in email.verdicts.items() if count} == {
        "ok": 1,
        "suspect": 1,
        "unknown": 1,
        "bad": 1,
        "missing": 1,
    }
    told = {one.code: [seen.key for seen in one.records] for one in email.found}
    assert told == {"email-invalid": ["4"], "email-no-mail": ["2"], "email-unanswered": ["3"]}
    assert answers_file().exists()
    silent = quality_of(base, QualityAsked(as_of=NOW)).columns[1]
    assert silent.verdicts["ok"] == 3
