"""What a case of a card says happened, and what refuses a card there."""

import pytest

from scoreline.scorecard.file import parse_card
from tests.scorecard.reading.refusing import findings

WEBINAR = "{event: webinar, at: 2026-01-02, minutes: 45}"


def text(
    event: str = WEBINAR, kinds: str = "{webinar: {minutes: number}, letter: {mail: text}}"
) -> str:
    return f"""scorecard: c
fields: {{name: text}}
{f"events: {kinds}" if kinds else ""}
terms:
  - {{name: webinars, event: webinar, points: 4}}
cases:
  - given: {{name: Anna}}
    events:
      - {event}
    as_of: 2026-02-01
    score: 4
"""


def test_events_of_a_case_are_kept_as_they_are_written() -> None:
    told = "{event: webinar, at: 2026-01-02T10:00:00+03:00, event_id: w-1, minutes: many}"
    (case,) = parse_card(text(told)).cases
    at = "2026-01-02T10:00:00+03:00"
    assert case.events == ({"event": "webinar", "at": at, "event_id": "w-1", "minutes": "many"},)


def test_what_is_declared_can_happen_whether_or_not_it_gives_points() -> None:
    (case,) = parse_card(text("{event: letter, at: 2026-01-02, mail: a}")).cases
    assert len(case.events) == 1


def test_without_declared_events_those_of_terms_can_happen() -> None:
    (case,) = parse_card(text("{event: webinar, at: 2026-01-02}", kinds="")).cases
    assert len(case.events) == 1


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("{event: webiner, at: 2026-01-02}", "There is no event `webiner`. Did you mean webinar?"),
        ("{event: webinar}", "The event `webinar` needs `at`."),
        ("{event: webinar, at: }", "`at` is blank."),
        ("{event: webinar, at: 2026-13-02}", "'2026-13-02' is not a date or moment. Write '2026"),
        ("{event: webinar, at: soon}", "'soon' is not a date or moment."),
        ("{event: webinar, att: 2026-01-02}", "`att` is not a key of the event `webinar`."),
        ("{event: webinar, at: 2026-01-02, minute: 5}", "Did you mean minutes?"),
        ("{event: webinar, at: 2026-01-02, mail: a}", "`mail` is not a key of the event `webinar`"),
        ("{event: webinar, at: 2026-01-02, minutes: 1,5}", "no number in a card. Write 1.5"),
        ("{event: webinar, at: 2026-01-02, minutes: [5]}", "one value, not a list"),
        ("{at: 2026-01-02, minutes: 5}", "An event of a case needs `event`."),
        ("{evnt: webinar, at: 2026-01-02, minutes: 5}", "`evnt` is not a key of an event of a"),
        ("{event: , at: 2026-01-02}", "`event` is blank."),
        ("webinar", "An event of a case is a mapping"),
    ],
)
def test_one_mistake_in_an_event_is_one_finding_on_its_line(event: str, told: str) -> None:
    (finding,) = findings(text(event))
    assert finding.line == 9
    assert told in f"{finding.message} {finding.hint}"


def test_events_are_a_list() -> None:
    (finding,) = findings(text().replace(f"\n      - {WEBINAR}", f" {WEBINAR}"))
    assert (finding.line, "`events` is a list" in finding.message) == (8, True)


def test_a_card_that_counts_no_events_can_not_be_told_any() -> None:
    counted = "name: webinars, event: webinar, points: 4"
    (finding,) = findings(text().replace(counted, "name: n, when: name = 'a', points: 4"))
    assert (finding.line, finding.message) == (8, "The card counts no events.")


@pytest.mark.parametrize("wrong", ["webinar: {minutes: numbr}", "webinar: [minutes]"])
def test_what_is_wrong_with_the_declaration_is_not_said_again(wrong: str) -> None:
    (finding,) = findings(text(kinds=f"{{{wrong}}}"))
    assert finding.line == 3


def test_what_is_wrong_with_a_term_is_not_said_again() -> None:
    (finding,) = findings(text(kinds="").replace("points: 4}", "points: four}"))
    assert finding.line == 5
