"""Random grids: two drawn cards, cut-offs at and beside sums that records can reach."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from tests.conformance import happenings
from tests.conformance.cards import Drawn, decimal, draw_card, draw_segments
from tests.conformance.records import draw_record
from tests.oracle_events import counted, tally

NAMES = ["fit", "engagement", "соответствие", "a b", "x.y", "1st", "base", "total"]
LETTERS, NUMBERS = "ABCDE", "12345"


@dataclass(frozen=True)
class DrawnGrid:
    """Two drawn cards with their side's name and classes, and the file that names them."""

    sides: tuple[Drawn, Drawn]
    names: tuple[str, str]
    classes: tuple[list[dict[str, str]], list[dict[str, str]]]
    fields: tuple[dict[str, str], dict[str, str]]
    file: str
    as_of: datetime

    def write(self, folder: Path) -> Path:
        """The grid's file, its cards beside it."""
        for number, side in enumerate(self.sides):
            (folder / f"card{number}.yaml").write_text(side.file, encoding="utf-8")
        path = folder / "grid.yaml"
        path.write_text(self.file, encoding="utf-8")
        return path

    @property
    def whole(self) -> Drawn:
        """Both cards as one, for drawing events and making tables."""
        fields = {
            name: side.card["fields"][own]
            for side, names in zip(self.sides, self.fields, strict=True)
            for own, name in names.items()
        }
        terms = [term for side in self.sides for term in side.card["terms"]]
        return Drawn({"fields": fields, "terms": terms}, {}, self.as_of, self.file)

    def oracle_sides(
        self, records: list[dict[str, Any]], events: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The sides as the oracle has them, with what it says of these events."""
        return [
            {
                "name": name,
                "card": with_tallies(side, events, self.as_of),
                "classes": classes,
                "record": happenings.with_features(side, record, events),
                "names": names,
            }
            for name, side, classes, record, names in zip(
                self.names, self.sides, self.classes, records, self.fields, strict=True
            )
        ]


def with_tallies(side: Drawn, events: list[dict[str, Any]], as_of: datetime) -> dict[str, Any]:
    terms = []
    for term in side.card["terms"]:
        if "event" in term:
            plain = term | ({"where": term["where"][1]} if "where" in term else {})
            told = {"tally": str(tally(plain, events, as_of)[1])}
            term = term | told | {"counted": len(counted(plain, events, as_of))}
        terms.append(happenings.as_facts(term, set(side.card.get("features", ()))))
    return side.card | {"terms": terms}


def draw_grid(random: Random, traps: Counter[str]) -> DrawnGrid:
    """A random grid; in half of them one side or both count events."""
    first = draw_card(random, Counter(), random.choice(["small", ""]))
    second = draw_second(random, first)
    sides = [first, replace(second, as_of=first.as_of)]
    counting = [random.random() < 0.7 for _ in sides] if random.random() < 0.5 else [False, False]
    for number, counts in enumerate(counting):
        if counts:
            sides[number] = happenings.with_events(random, sides[number], Counter(), bursts=False)
        elif any(counting):
            keyed = sides[number].file.replace("scorecard: drawn", "scorecard: drawn\nkey: id")
            sides[number] = replace(sides[number], file=keyed)
    traps["events on both sides"] += all(counting)
    traps["events on one side"] += any(counting) and not all(counting)
    return grid_of_two(random, sides, random.sample(NAMES, 2), traps)


def grid_of_two(
    random: Random, sides: list[Drawn], names: list[str], traps: Counter[str]
) -> DrawnGrid:
    """The grid of two drawn cards, with drawn cut-offs."""
    classes = [
        draw_classes(random, side, letters, traps)
        for side, letters in zip(sides, (LETTERS, NUMBERS), strict=True)
    ]
    return DrawnGrid(
        (sides[0], sides[1]),
        (names[0], names[1]),
        (classes[0], classes[1]),
        fields_of(names, sides, traps),
        grid_file(random, names, classes, traps),
        sides[0].as_of,
    )


def draw_second(random: Random, first: Drawn) -> Drawn:
    """Another card; in half of them, if luck will have it, with a field that both declare alike."""
    for _ in range(random.choice([1, 10])):
        second = draw_card(random, Counter(), random.choice(["small", ""]))
        theirs = second.card["fields"]
        if any(theirs.get(name) == field for name, field in first.card["fields"].items()):
            break
    return second


def fields_of(
    names: list[str], sides: list[Drawn], traps: Counter[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What each card's fields are called in the grid: as in the card, if both say the same."""
    first, second = (side.card["fields"] for side in sides)
    apart = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    traps["field declared alike"] += bool(first.keys() & second.keys() - apart)
    traps["field declared differently"] += bool(apart)
    return (
        {name: f"{names[0]}.{name}" if name in apart else name for name in first},
        {name: f"{names[1]}.{name}" if name in apart else name for name in second},
    )


def draw_classes(
    random: Random, side: Drawn, letters: str, traps: Counter[str]
) -> list[dict[str, str]]:
    """Classes best first, their cut-offs on sums of the card's points, or a ten-thousandth away."""
    cuts: dict[Fraction, dict[str, str]] = {}
    for segment in draw_segments(random, side.card)[:-1]:
        away = Fraction(random.choice([0, 0, 0, 1, -1]), 10_000)
        traps["cut-off beside a sum"] += away != 0
        word = "above" if "above" in segment else "from"
        bound = Fraction(segment[word]) + away
        cuts[bound + Fraction(word == "above", 10_000)] = {word: decimal(bound)}
    ordered = [cuts[lowest] for lowest in sorted(cuts, reverse=True)]
    return [{"name": letter} | cut for letter, cut in zip(letters, [*ordered, {}], strict=False)]


def grid_file(
    random: Random, names: list[str], classes: list[list[dict[str, str]]], traps: Counter[str]
) -> str:
    lines = ["grid: drawn"]
    for number, (name, own) in enumerate(zip(names, classes, strict=True)):
        lines.append(f'"{name}":')
        lines.append(f"  card: card{number}.yaml")
        implied = random.random() < 0.3
        traps["last class left out"] += implied
        for one in own[:-1] if implied else own:
            cut = ", ".join(f"{key}: {value}" for key, value in one.items() if key != "name")
            lines.append(f"  {one['name']}: {{{cut}}}")
    return "\n".join(lines) + "\n"


def draw_pair(random: Random, grid: DrawnGrid, traps: Counter[str]) -> list[dict[str, Any]]:
    """A record as each card types it; what both declare alike is the same on both sides."""
    records = [draw_record(random, side, Counter()) for side in grid.sides]
    for record, side in zip(records, grid.sides, strict=True):
        if random.random() < 0.2:
            traps["side without a value"] += 1
            record |= {key: None for key in record if key in side.card["fields"]}
    shared = {own for own, name in grid.fields[0].items() if name == own} & grid.fields[1].keys()
    for own in shared:
        for key in records[0]:
            if key == own or key.startswith(f"{own}__"):
                records[1][key] = records[0][key]
    return records
