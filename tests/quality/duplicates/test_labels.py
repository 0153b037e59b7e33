"""Labels: they bind the clusters, teach the points, and are asked where they tell most."""

import random

import numpy as np
import pytest
from tests.quality.duplicates.generating import BaseOfKnown, Dirt, organisations, people
from tests.quality.duplicates.other_kinds import contacts, of_two_countries
from tests.quality.duplicates.test_finding import found_in, pairwise_f1, shared

from scoreline.quality.duplicates.clusters import clustered, with_equals
from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.labels import Labels
from scoreline.quality.roles import roles

ROUND = 100


def answered(base: BaseOfKnown, found: Duplicates, labels: Labels) -> Labels:
    """The labels with the next round of questions, answered from the truth."""
    pairs, truth = found.scored.pairs, base.truth
    asked = found.most_telling(labels, ROUND)
    rows = [(int(pairs.left[place]), int(pairs.right[place])) for place in asked]
    assert len(set(rows) - set(labels.answers)) == len(asked) <= ROUND
    told = {(one, other): truth[one] == truth[other] for one, other in rows}
    return Labels({**labels.answers, **told})


def f1_by_round(base: BaseOfKnown, rounds: int) -> list[float]:
    """F1 without labels, and after each round of a hundred."""
    found, labels = found_in(base), Labels({})
    measured = [pairwise_f1(base.truth, found.clusters.first)]
    for _ in range(rounds):
        labels = answered(base, found, labels)
        found = find_duplicates(base.columns, roles(base.columns), labels=labels)
        measured.append(pairwise_f1(base.truth, found.clusters.first))
    return measured


@pytest.mark.parametrize(
    ("base", "rounds", "least"),
    [
        (organisations(42, 1500, "fr", Dirt(copied=0.005)), 2, 0.95),
        (organisations(4, 400, "fr", Dirt(slips=0.3, missing=0.3)), 2, 0.9),
        (of_two_countries(11, 1000), 1, 0.92),
        (contacts(21, 1500), 2, 0.85),
        (people(7, 300, dirt=Dirt(copied=0.02)), 1, 0.95),
        (people(8, 300, "ru", Dirt(slips=0.3, missing=0.3)), 2, 0.94),
    ],
    ids=[
        "firms, one in two hundred",
        "firms, dirty",
        "two countries",
        "contacts",
        "people, one in fifty",
        "people, dirty",
    ],
)
def test_labels_find_what_was_not_found_without(
    base: BaseOfKnown, rounds: int, least: float
) -> None:
    without, *_, at_last = f1_by_round(base, rounds)
    assert at_last >= max(least, without)


def test_organisations_with_three_hundred_labels() -> None:
    without, *_, at_last = f1_by_round(shared("organisations_true_ids"), 3)
    assert at_last >= max(0.95, without + 0.03)


@pytest.mark.parametrize("name", ["febrl3", "fake_1000"])
def test_labels_do_no_harm_where_nothing_is_missed(name: str) -> None:
    without, with_labels = f1_by_round(shared(name), 1)
    assert with_labels >= without


def asked_and_answered(
    base: BaseOfKnown, wrong: float, seed: int = 1
) -> tuple[Duplicates, Labels, set[tuple[int, int]]]:
    """What is found after a hundred answers, some of them wrong; and which those are."""
    found, draw = found_in(base), random.Random(seed)
    told = answered(base, found, Labels({})).answers
    slips = {pair for pair in sorted(told) if draw.random() < wrong}
    labels = Labels({pair: same != (pair in slips) for pair, same in told.items()})
    found = find_duplicates(base.columns, roles(base.columns), labels=labels)
    return found, labels, slips


def test_wrong_answers_are_told_and_teach_nothing_but_bind() -> None:
    base = people(7, 300, dirt=Dirt(copied=0.02))
    found, labels, slips = asked_and_answered(base, 0.05)
    assert len(slips) > 2
    told = {one.pair for one in found.surprising}
    assert len(slips - told) <= 1
    assert len(told - slips) <= 1
    right = Labels({pair: same != (pair in slips) for pair, same in labels.answers.items()})
    corrected = find_duplicates(base.columns, roles(base.columns), labels=right)
    assert pairwise_f1(base.truth, corrected.clusters.first) == 1.0
    likely = found.scored.points > 0
    assert np.mean(likely != (corrected.scored.points > 0)) < 0.001
    first = found.clusters.first
    assert all(
        first[one] == first[other] for (one, other), same in found.held.answers.items() if same
    )
    assert all(first[one] != first[other] for one, other in found.held.apart)
    assert set(labels.answers) - set(found.held.answers) <= slips


def test_right_answers_that_contradict_wrong_points_are_no_slips() -> None:
    base = organisations(42, 1500, "fr", Dirt(copied=0.005))
    found, labels, _ = asked_and_answered(base, 0.0)
    before = found_in(base).scored
    points = before.points[before.pairs.places(labels.pairs)]
    wrong = [
        (one > 0) != labels.answers[pair] for one, pair in zip(points, labels.pairs, strict=True)
    ]
    assert sum(wrong) > 1
    assert found.surprising == ()


def test_of_answers_that_contradict_each_other_the_surprising_one_is_given_up() -> None:
    labels = Labels.of([(0, 1, True), (1, 2, True), (0, 2, False), (5, 6, True)])
    sure = dict.fromkeys(labels.answers, 0.01)
    assert labels.held(sure, 0.5) == labels
    held = labels.held(sure | {(1, 2): 0.9}, 0.5)
    assert set(labels.answers) - set(held.answers) == {(1, 2)}
    assert (held.apart, held.contradictions) == ([(0, 2)], [])
    assert labels.held(sure | {(1, 2): 0.9, (0, 2): 0.95}, 0.5) == labels
    assert labels.held(sure | {(5, 6): 0.99}, 0.5) == labels


def test_what_is_asked_is_the_same_again() -> None:
    base = organisations(3, 200, "de")
    assert found_in(base).most_telling(Labels({}), 20) == found_in(base).most_telling(
        Labels({}), 20
    )


def test_an_answer_about_two_records_that_nothing_brings_together() -> None:
    base = people(9, 1100)
    one, other = 0, next(n for n in range(1, 1100) if base.truth[n] != base.truth[0])
    found = find_duplicates(base.columns, roles(base.columns), labels=Labels({(one, other): True}))
    assert found.clusters.first[other] == found.clusters.first[one]


def clusters_of(rows: int, probable: dict[tuple[int, int], float], labels: Labels) -> list[int]:
    left, right = np.array(list(probable), dtype=np.int64).reshape(-1, 2).T
    return clustered(rows, left, right, np.array(list(probable.values())), labels).first


LIKELY = {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.9, (2, 3): 0.01}


def test_answers_are_held_to() -> None:
    assert clusters_of(4, LIKELY, Labels({})) == [0, 0, 0, 3]
    yes = clusters_of(4, LIKELY, Labels.of([(3, 2, True)]))
    assert yes[2] == yes[3]
    assert clusters_of(4, LIKELY, Labels.of([(1, 0, False)])) in ([0, 1, 0, 3], [0, 1, 1, 3])
    both = Labels.of([(0, 3, True), (1, 3, False)])
    assert clusters_of(4, LIKELY, both) in ([0, 1, 0, 0], [0, 1, 1, 0])


def test_equal_rows_that_were_answered_no_stay_apart() -> None:
    labels = Labels({(0, 1): False})
    found = clustered(3, *np.empty((2, 0), dtype=np.int64), np.empty(0), labels)
    assert with_equals(found, [[0, 1, 2]], labels).first == [0, 1, 0]
    columns = {"first name": ["Anna"] * 3, "surname": ["Kim"] * 3}
    assert find_duplicates(columns, roles(columns), labels=labels).clusters.first == [0, 1, 0]


def test_an_answer_no_beside_a_chain_of_answers_yes_is_a_contradiction() -> None:
    labels = Labels.of([(0, 1, True), (2, 1, True), (5, 2, True), (5, 0, False), (3, 4, False)])
    assert labels.together == [[0, 1, 2, 5]]
    assert labels.apart == [(3, 4)]
    assert labels.contradictions == [[0, 1, 2, 5]]
