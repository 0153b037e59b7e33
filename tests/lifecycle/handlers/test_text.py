"""A move in words: for a chat, for a letter."""

from hypothesis import given
from hypothesis import strategies as st

from scoreline.lifecycle.handlers.chat import harmless
from scoreline.lifecycle.handlers.text import details, sentence, subject
from tests.lifecycle.handlers.moves import a_move


def test_who_moved_from_where_to_where_and_why() -> None:
    assert sentence(a_move(owner="Boris")) == (
        "17 moved from marketing to qualified (lead-readiness): score 8. "
        "Why: budget suits +3; company and position +2; contact phone +1; other +2. Owner: Boris."
    )


def test_a_new_record_comes_from_nowhere() -> None:
    said = sentence(a_move(**{"from": None, "reasons": [], "score": 0.5}))
    assert said == "17 is new in qualified (lead-readiness): score 0.5."


def test_a_letter_says_every_reason_and_by_which_version() -> None:
    said = details(a_move())
    assert "  technical specification +1\n" in said
    assert "version 5f2c, as of 2026-03-03T09:00:00Z" in said
    assert said.endswith("Message move_1\n")


def test_a_subject_is_filled_in_once() -> None:
    assert subject("{key} -> {to}: {score}", a_move(key="{score}")) == "{score} -> qualified: 8"


@given(st.text(), st.text())
def test_no_text_of_a_record_begins_a_line_of_its_own(key: str, owner: str) -> None:
    move = a_move(key=key, owner=owner)
    for said in (sentence(move), subject("{key} {owner}", move)):
        assert len(said.splitlines()) <= 1
        assert said.isprintable()
    assert len(details(move).splitlines()) == len(details(a_move()).splitlines())


@given(st.text())
def test_no_text_calls_everyone_or_hides_a_link(text: str) -> None:
    said = harmless(f"@channel {text}")
    assert "@channel" not in said
    assert "<" not in said
    assert "](" not in said
