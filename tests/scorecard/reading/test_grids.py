"""Grid files: what they may say, and what is said of the ones that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoreline.errors import CardError
from scoreline.scorecard.file import load_card
from scoreline.scorecard.model import Scorecard

FIT = """\
scorecard: fit
key: id
fields: {budget: number}
terms: [{name: large, when: budget > 10, points: 5}]
"""
ENGAGEMENT = """\
scorecard: engagement
key: id
fields: {visits: number}
terms: [{name: often, when: visits > 10, points: 5}]
"""
GRID = """\
grid: both
fit:        {card: fit.yaml, A: {from: 4}, B: {from: 2}, C: {}}
engagement: {card: engagement.yaml, 1: {above: 4}, 2: {}}
"""


def load(folder: Path, grid: str = GRID, fit: str = FIT, engagement: str = ENGAGEMENT) -> Scorecard:
    for name, text in (("grid", grid), ("fit", fit), ("engagement", engagement)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_card(folder / "grid.yaml")


def test_segments_are_the_pairs_of_classes_best_first(tmp_path: Path) -> None:
    names = [segment.name for segment in load(tmp_path).segments]
    assert names[:3] == ["A1", "A2", "A?"]
    assert names[-3:] == ["?1", "?2", "??"]
    assert len(set(names)) == 4 * 3


def test_cards_are_looked_for_beside_the_grid(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "fit.yaml").write_text(FIT, encoding="utf-8")
    grid = load(tmp_path, GRID.replace("fit.yaml", "cards/fit.yaml"), fit="no card")
    assert [side.card.name for side in grid.parts] == ["fit", "engagement"]


@pytest.mark.parametrize("section", ["probability: {scores: []}", "learned: {method: points}"])
def test_what_a_score_means_belongs_to_the_cards(section: str, tmp_path: Path) -> None:
    with pytest.raises(CardError) as refused:
        load(tmp_path, GRID + section + "\n")
    (finding,) = refused.value.findings
    assert finding.message.startswith("A grid has no `")
    assert finding.line == 4


def test_the_cards_of_a_grid_may_have_probabilities_that_it_ignores(tmp_path: Path) -> None:
    likely = "probability: {scores: [{below: 2, probability: 0.1}, {from: 2, probability: 0.2}]}\n"
    grid = load(tmp_path, fit=FIT + likely)
    assert grid.probability is None
    assert grid.parts[0].card.probability is not None


def test_a_side_may_be_called_probability(tmp_path: Path) -> None:
    grid = load(tmp_path, GRID.replace("fit:  ", "probability:  "))
    assert [side.name for side in grid.parts] == ["probability", "engagement"]


def test_the_fingerprint_is_that_of_the_meaning(tmp_path: Path) -> None:
    def fingerprint(**files: str) -> str:
        return load(tmp_path, **files).fingerprint

    mark = fingerprint()
    assert fingerprint(grid=GRID + "title: Both\n") == mark
    assert fingerprint(grid=GRID.replace("from: 2}, C", "from: 2.0}, C")) == mark
    assert fingerprint(grid=GRID.replace("grid: both", "grid: other")) == mark
    for changed in (
        {"grid": GRID.replace("from: 2", "from: 3")},
        {"grid": GRID.replace("above: 4", "from: 4")},
        {"grid": GRID.replace("fit:  ", "match:")},
        {"grid": GRID.replace("A: {", "AA: {")},
        {"fit": FIT.replace("points: 5", "points: 6")},
        {"engagement": ENGAGEMENT.replace("> 10", "> 11")},
    ):
        assert fingerprint(**changed) != mark, changed


REFUSED = [
    (
        "fit.yaml,",
        "fitt.yaml,",
        "grid.yaml:2: The card of `fit`: there is no file `fitt.yaml`. Did you mean fit.yaml?",
    ),
    ("fit.yaml,", "grid.yaml,", "grid.yaml:2: The card of `fit`: `grid.yaml` is a grid itself."),
    ("card: fit.yaml, ", "", "grid.yaml:2: The side `fit` needs `card`."),
    (
        "card: fit",
        "crad: fit",
        "grid.yaml:2: `crad` is not a key of the side `fit`. Did you mean card?",
    ),
    (
        "A: {from: 4}",
        "A: 4",
        "grid.yaml:2: `A` is not a key of the side `fit`. A class is a mapping: A: {from: 70}.",
    ),
    (
        "{from: 4}",
        "{form: 4}",
        "grid.yaml:2: `form` is not a key of the class `A`. Did you mean from?",
    ),
    (
        "{from: 4}",
        "{from: 4, above: 4}",
        "grid.yaml:2: The class `A` has `above` or `from`, not both.",
    ),
    ("{from: 4}", "{from: lots}", "grid.yaml:2: `lots` is not a number of points."),
    (
        "{from: 2}",
        "{from: 4}",
        "grid.yaml:2: `B` (4 or more) stands after `A` (4 or more), which "
        "takes all of it. Write the best class first.",
    ),
    ("{from: 4}", "{}", "grid.yaml:2: `A` has no cut-off, so nothing is left for `B`."),
    (", A: {from: 4}, B: {from: 2}, C: {}", "", "grid.yaml:2: The side `fit` has no classes."),
    (
        "B: {from: 2}, C: {}",
        "'A ': {from: 2}",
        "grid.yaml:2: The side `fit` has two classes called `A`.",
    ),
    (
        "A: {from: 4}, B: {from: 2}, C: {}",
        "best: {from: 4}",
        "grid.yaml:2: No class of `fit` takes "
        "what is below `best`. Name one without a cut-off as the last: rest: {}",
    ),
    (
        "A: {from: 4}, B: {from: 2}, C: {}",
        "A: {from: 4}, A1: {}",
        "grid.yaml:3: `A12` would be two segments",
    ),
    ("C: {}", "'?': {}", "grid.yaml:2: No class can be called `?`"),
    (
        "grid: both",
        "grid: both\ntittle: x",
        "grid.yaml:2: `tittle` is not a key of a grid. Did you mean title?",
    ),
    (
        "grid: both",
        "grid: both\nkey: id",
        "grid.yaml:2: `key` is not a key of a grid. "
        "Leave it out: the key is that of the two cards.",
    ),
    ("grid: both\n", "", "grid.yaml:1: A grid needs `grid`."),
    (
        "\nengagement",
        "\nthird: {card: fit.yaml, x: {}}\nengagement",
        "grid.yaml:1: A grid has two sides, not 3.",
    ),
    ("fit:  ", "'my: fit':  ", "grid.yaml:2: The name of a side has no colon: `my: fit`."),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED, ids=lambda text: str(text)[:40])
def test_one_mistake_is_one_message_with_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in GRID
    grid = GRID.replace(old, new, 1)
    if "A12" in said:
        grid = grid.replace("1: {above: 4}", "12: {above: 4}")
    with pytest.raises(CardError) as error:
        load(tmp_path, grid)
    assert said in str(error.value)
    assert len(error.value.findings) == 1, str(error.value)


def test_what_is_wrong_with_a_card_is_said_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(CardError) as error:
        load(tmp_path, fit=FIT.replace("when: budget", "when: buget"))
    assert str(error.value).startswith("fit.yaml:4 (large): ")
    assert "budget" in str(error.value)


def test_both_cards_have_one_key(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"grid.yaml:3: The cards have different keys"):
        load(tmp_path, engagement=ENGAGEMENT.replace("key: id\n", ""))
