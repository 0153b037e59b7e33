"""Duplicates of bases with known truth: found as well as promised, the same again, and exactly."""

import csv
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from random import Random

import duckdb
import pytest
import splink
from tests.quality.duplicates.generating import BaseOfKnown, Dirt, organisations, people
from tests.quality.duplicates.other_kinds import (
    couples,
    firms_of_few_streets,
    of_branches,
    of_few_names,
    of_numbered_mailboxes,
    of_small_pools,
)
from tests.quality.published import published

from scoreline.errors import DataError
from scoreline.quality.duplicates.finding import Duplicates, find_duplicates
from scoreline.quality.duplicates.links import strongest_links
from scoreline.quality.duplicates.model import reasons_text
from scoreline.quality.duplicates.redundant import made_of_others
from scoreline.quality.roles import roles
from scoreline.scorecard.file import parse_card


def pairwise_f1(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """F1 of the pairs that stand in one cluster."""

    def pairs(groups: Sequence[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(groups).values())

    both = pairs(list(zip(truth, found, strict=True)))
    return 2 * both / (pairs(truth) + pairs(found))


def shared(name: str) -> BaseOfKnown:
    """A published base, without the column that holds the truth."""
    with published(f"{name}.csv.gz") as file:
        rows = list(csv.DictReader(file))
    truth = {"fake_1000": "cluster", "organisations_true_ids": "True Id"}.get(name)
    known = [row[truth] if truth else row["rec_id"].split("-")[1] for row in rows]
    numbers = {one: number for number, one in enumerate(dict.fromkeys(known))}
    columns = {header: [row[header] for row in rows] for header in rows[0] if header != truth}
    return BaseOfKnown(columns, [numbers[one] for one in known])


def found_in(base: BaseOfKnown, seed: int = 0) -> Duplicates:
    return find_duplicates(base.columns, roles(base.columns), seed)


@pytest.mark.parametrize(
    ("name", "least"), [("febrl3", 0.995), ("fake_1000", 0.92), ("organisations_true_ids", 0.80)]
)
def test_published_bases(name: str, least: float) -> None:
    base = shared(name)
    assert pairwise_f1(base.truth, found_in(base).clusters.first) >= least


@pytest.mark.parametrize("language", ["en", "ru", "fr", "de"])
def test_people_of_one_household_are_told_apart(language: str) -> None:
    base = people(1, 300, language)
    assert pairwise_f1(base.truth, found_in(base).clusters.first) >= 0.9


@pytest.mark.parametrize("language", ["en", "ru"])
def test_firms_of_one_name_are_told_apart_where_few_have_duplicates(language: str) -> None:
    base = organisations(5, 1000, language, Dirt(copied=0.02))
    assert pairwise_f1(base.truth, found_in(base).clusters.first) >= 0.9


@pytest.mark.parametrize("make", [people, organisations])
@pytest.mark.parametrize("seed", [1, 3, 7])
def test_where_there_are_no_duplicates_hardly_any_is_invented(
    make: Callable[..., BaseOfKnown], seed: int
) -> None:
    base = make(seed, 400, dirt=Dirt(copied=0.0))
    assert len(set(found_in(base).clusters.first)) >= 0.985 * len(base.truth)


def test_numbered_mailboxes_are_no_slips_of_each_other() -> None:
    base = of_few_names(1, 300)
    assert pairwise_f1(base.truth, found_in(base).clusters.first) >= 0.98


@pytest.mark.parametrize(("customers", "copied"), [(300, 0.3), (600, 0.05)])
def test_mailboxes_of_one_first_name_are_near_each_other_by_chance(
    customers: int, copied: float
) -> None:
    base = of_numbered_mailboxes(5, customers, copied)
    assert pairwise_f1(base.truth, found_in(base).clusters.first) >= 0.9


def test_firms_of_one_building_or_street_are_told_apart() -> None:
    base = firms_of_few_streets(4, 300)
    assert pairwise_f1(base.truth, found_in(base).clusters.first) >= 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_strangers_of_small_pools_are_not_one_customer(seed: int) -> None:
    """Names, mailboxes made of them, towns and streets are alike by chance: that tells nothing."""
    base = of_small_pools(seed, 1_500)
    assert len(set(found_in(base).clusters.first)) >= 0.985 * len(base.truth)


@pytest.mark.parametrize(
    "make", [lambda: of_small_pools(4, 1_200, copied=0.2), lambda: couples(4, 1_200)]
)
def test_namesakes_and_couples_are_told_from_one_customer(make: Callable[[], BaseOfKnown]) -> None:
    base = make()
    found = found_in(base).clusters.first
    together = [(one, other) for other, one in enumerate(found) if one != other]
    right = sum(base.truth[one] == base.truth[other] for one, other in together)
    assert right >= 0.97 * len(together)
    assert pairwise_f1(base.truth, found) >= 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_numbered_branches_are_told_apart(seed: int) -> None:
    """Also where their telephones are one digit apart; what is doubtful stays apart."""
    base = of_branches(seed, 40)
    found = found_in(base).clusters.first
    together = [(one, other) for other, one in enumerate(found) if one != other]
    assert all(base.truth[one] == base.truth[other] for one, other in together)
    assert pairwise_f1(base.truth, found) >= 0.8


@pytest.mark.parametrize("towns", [1, 6])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_family_or_firms_of_one_house_are_told_apart_where_duplicates_are_few(
    seed: int, towns: int
) -> None:
    """One family, one building and two real duplicates among four hundred strangers."""
    columns, few = mostly_strangers(seed, towns)
    found = find_duplicates(columns, roles(columns)).clusters.first
    together = {frozenset(n for n, c in enumerate(found) if c == one) for one in set(found)}
    assert {group for group in together if len(group) > 1} == few


def mostly_strangers(
    seed: int, towns: int
) -> tuple[dict[str, list[str | None]], set[frozenset[int]]]:
    """Columns of a small base, and its rows that are one customer."""
    random = Random(seed)
    names = [
        "Müller",
        "Schmidt",
        "Weber",
        "Dupont",
        "Weiß",
        "Kaya",
        "Becker",
        "Hoffmann",
        "Koch",
        "Richter",
        "Klein",
        "Wolf",
    ]
    first = ["Hans", "Anna", "Mehmet", "Jean", "Marie", "Jürgen", "Karin", "Uwe", "Sven", "Lara"]
    places = [("10115", "Berlin"), ("20095", "Hamburg"), ("80331", "München"), ("50667", "Köln"),
              ("70173", "Stuttgart"), ("01067", "Dresden")][:towns]  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for number in range(400):
        one, other = random.choice(first), random.choice(names)
        code, town = random.choice(places)
        street = f"{random.choice(['Haupt', 'Bahnhof', 'Garten'])}str. {number}"
        mail, phone = f"{one}.{other}{number}@example.org", f"+49 30 {random.randint(10**6, 10**7)}"
        rows.append((one, other, mail, phone, street, code, town, ""))
    for one in ("Peter", "Sabine", "Max"):
        rows.append((one, "Schneider", "familie@web.de", "+49 30 5556667", "Lindenallee 5", "10117",
                     "Berlin", ""))  # fmt: skip
    for firm in ("Alpha Bau GmbH", "Beta Software AG", "Gamma Logistik KG"):
        rows.append(("", "", "", "+49 89 1234567", "Turmstr. 1", "80337", "München", firm))
    begin = len(rows)
    rows += [
        ("Juergen", "Weiss", "jw@gmx.de", "030 9998887", "Hauptstrasse 12", "10115", "Berlin", ""),
        ("Jürgen", "Weiß", "jw@gmx.de", "+49309998887", "Hauptstr. 12", "10115", "Berlin", ""),
        ("Tom", "Berg", "tom@gmx.de", "0171 2223334", "Gartenstr. 3", "50667", "Köln", ""),
        ("Thomas", "Berg", "tb@firma.de", "+491712223334", "Gartenstr. 3", "50667", "Köln", ""),
    ]  # fmt: skip
    headers = ("vorname", "nachname", "email", "telefon", "straße", "plz", "ort", "firma")
    columns = {
        header: [cell or None for cell in cells]
        for header, cells in zip(headers, zip(*rows, strict=True), strict=True)
    }
    return columns, {frozenset({begin, begin + 1}), frozenset({begin + 2, begin + 3})}


def test_a_name_that_is_made_of_others_is_not_counted_twice() -> None:
    base = people(4, 400, dirt=Dirt(slips=0.3, missing=0.2))
    parts = zip(base.columns["first name"], base.columns["surname"], strict=True)
    whole = {"whole name": [" ".join(filter(None, names)) or None for names in parts]}
    columns = {**base.columns, **whole}
    found = find_duplicates(columns, roles(columns))
    assert found.made_of == {"whole name": ("first name", "surname")}
    assert found.clusters == found_in(base).clusters


@pytest.fixture(scope="module")
def small() -> Duplicates:
    return found_in(organisations(3, 200, "de"))


def test_the_same_again_gives_the_same(small: Duplicates) -> None:
    again = found_in(organisations(3, 200, "de"))
    assert again.model.yaml() == small.model.yaml()
    assert again.clusters == small.clusters
    assert (again.scored.points == small.scored.points).all()


def test_our_points_are_splinks_match_weights(small: Duplicates) -> None:
    api = splink.DuckDBAPI(connection=duckdb.connect())
    frame = api.register(small.base.frame.to_arrow())
    linker = splink.Linker(frame, small.model.splink(), log_level=None)
    predicted = linker.inference.predict(warning_mode="never").as_duckdbpyrelation()
    rows = predicted.select("row_l, row_r, match_weight").fetchall()
    weights = {(one, other): weight for one, other, weight in rows}
    pairs = small.scored.pairs
    assert len(weights) == len(pairs) > 10_000
    for left, right, points in zip(pairs.left, pairs.right, small.scored.points, strict=True):
        weight = weights.get((left, right), weights.get((right, left)))
        assert weight == pytest.approx(points, abs=1e-9)


def test_the_model_is_a_card_and_one_pair_comes_to_what_the_batch_gave(small: Duplicates) -> None:
    card = parse_card(small.model.yaml(1.5))
    assert [segment.rule for segment in card.segments] == ["1.5 or more", "the rest"]
    records, pairs = small.base.frame.to_dicts(), small.scored.pairs
    for place in range(0, len(pairs), 97):
        one, other = records[pairs.left[place]], records[pairs.right[place]]
        result = small.model.pair(one, other)
        assert result.score == small.scored.points[place]
        assert sum(line.scaled for line in result.reasons) == round(result.score * 10_000)


def test_each_record_of_a_cluster_has_its_strongest_link(small: Duplicates) -> None:
    links, sizes = strongest_links(small), small.clusters.sizes
    for row, link in links.items():
        assert small.clusters.first[row] == small.clusters.first[link.other]
        assert sizes[small.clusters.first[row]] > 1
    assert all(small.clusters.first[first] == first for first in small.clusters.first)
    assert reasons_text(links[next(iter(links))].result).count(";") == 3


def test_a_stronger_level_is_never_worth_less(small: Duplicates) -> None:
    for points in small.model.points:
        assert list(points) == sorted(points)


def test_equal_rows_are_one_customer() -> None:
    columns = {"first name": ["Anna"] * 5, "surname": ["Kim"] * 5}
    assert find_duplicates(columns, roles(columns)).clusters.first == [0] * 5


def test_records_that_say_nothing_are_not_duplicates() -> None:
    columns = {"first name": ["Anna", None, None], "surname": [None, "Kim", None]}
    assert find_duplicates(columns, roles(columns)).clusters.first == [0, 1, 2]


def test_a_base_without_names_or_contacts_is_refused() -> None:
    with pytest.raises(DataError, match="No column says who a record is"):
        find_duplicates({"amount": ["1", "2"]}, {"amount": "number"})


def test_two_to_four_strangers_are_not_one_customer():
    """Tiny bases with every column: nobody in them is twice."""
    base = people(11, 200, dirt=Dirt(copied=0.0, households=0.0, shared=0.0, missing=0.0))
    names = [name for name in base.columns if name != "id"]
    known = roles({name: base.columns[name] for name in names})
    random = Random(0)
    for size in (2, 3, 4) * 8:
        some = random.sample(range(len(base.truth)), size)
        cells = {name: [base.columns[name][row] for row in some] for name in names}
        found = find_duplicates(cells, {name: known[name] for name in names})
        assert len(set(found.clusters.first)) == size


@pytest.mark.parametrize("every", [1.2, 2, 50])
def test_a_sparse_column_that_repeats_a_full_one_is_left_out_and_not_the_full_one(every):
    base = people(3, 400)
    rows = len(base.truth)
    phone = base.columns["phone"]
    cells = {
        "phone": phone,
        "mobile": [phone[row] if row % every < 1 else None for row in range(rows)],
    }
    assert made_of_others(cells, {"phone": "phone", "mobile": "phone"}) == {"mobile": ("phone",)}
