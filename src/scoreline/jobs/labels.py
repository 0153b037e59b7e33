"""The file of labels: pairs to look at, a column `same` for the answers, and what was answered.

A run reads the answered rows and writes the file anew: they stay as they are, and the pairs that
tell most now follow, without an answer.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.errors import DataError, Finding, counted, did_you_mean
from scoreline.quality.duplicates.finding import Duplicates
from scoreline.quality.duplicates.labels import NO_LABELS, Labels, Pair
from scoreline.quality.duplicates.model import reasons_text
from scoreline.quality.formulas import APOSTROPHE
from scoreline.quality.headers import header_of
from scoreline.quality.reading.files import open_table
from scoreline.quality.text import folded, normal
from scoreline.quality.typing.words import yes_no
from scoreline.quality.writing.files import sink

SAME = "same"
"""The column of answers."""
ROUND = 100
"""Pairs to look at that a run adds: an hour's work. What they teach chooses the next ones."""
ANSWERED_MEANWHILE = Finding(
    "labels-answered-meanwhile",
    "info",
    "The file of labels was changed while records were compared; what it says now is kept.",
    "Run it again to use the new answers.",
)


@dataclass(frozen=True)
class Answered:
    """What a file of labels says: the answers by row of the data, the rows to keep, findings.

    kept: the rows of the file with something in `same`, as they are; None if there is no file;
    rows: the row of the file that answers about each pair; digest: of the file as it was read.
    """

    labels: Labels = NO_LABELS
    kept: pl.DataFrame | None = None
    findings: Sequence[Finding] = field(default=())
    rows: Mapping[Pair, int] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True)
class LookAgain:
    """An answer that all others contradict: its row in the file of labels, both keys, what it says.

    points: of the pair, as all answers together have them.
    """

    row: int
    keys: tuple[str, str]
    same: bool
    points: float

    def json(self) -> dict[str, Any]:
        """The object under `surprising` that `--format json` prints."""
        return {"row": self.row, "keys": self.keys, "same": self.same, "points": self.points}


def read_answers(path: Path, key: str, keys: Sequence[str]) -> Answered:
    """The answers of a file of labels; none if there is no such file yet.

    key: the header of the key; keys: the keys of the data, by row.
    Raises DataError where keys repeat, or columns of the file are not there.
    """
    _refuse_repeated(key, keys)
    if not path.exists():
        return Answered()
    digest = _digest(path)
    with open_table(path) as table:
        columns = _columns(path, key, table.columns)
        frame = table.frame.select("__row__", *table.columns).collect()
        for row in table.rejected:  # it may hold an answer, which the new file would lose
            raise DataError(f"{path}: row {row.row} can't be read: {row.reason}.", "Mend it first.")
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in table.columns)
    said = frame.filter(pl.col(columns[0]).fill_null("").map_elements(normal, pl.String) != "")
    rows = said.select("__row__", *columns).rows()
    labels, findings, places = _understood(rows, _rows_by_key(keys))
    return Answered(labels, said.drop("__row__"), findings, places, digest)


def _digest(path: Path) -> str:
    """Which bytes a file holds; blank where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


@dataclass(frozen=True)
class Labelled:
    """What became of labels: answers that were used, and pairs that the file asks about now.

    surprising: the answers that the points contradict, which somebody should look at again;
    findings: what is to be said of answers that contradict each other, or couldn't be used.
    """

    file: Path
    yes: int
    no: int
    asked: int
    surprising: Sequence[LookAgain] = ()
    findings: Sequence[Finding] = ()

    def json(self) -> dict[str, Any]:
        """The object under `labels` that `--format json` prints."""
        told = [one.json() for one in self.surprising]
        return {"yes": self.yes, "no": self.no, "asked": self.asked, "surprising": told}


@dataclass(frozen=True)
class LabelFile:
    """A file of labels and the records that it names.

    key: the header of the key; keys: those of the records, by row; columns: their cells.
    """

    path: Path
    key: str
    keys: Sequence[str]
    columns: Mapping[str, Sequence[str | None]]

    def answered(self) -> Answered:
        """The answers of the file; none if there is no such file yet."""
        return read_answers(self.path, self.key, self.keys)

    def go_on(self, found: Duplicates, answered: Answered, seed: int) -> Labelled:
        """Write the file anew, with the pairs that tell most now; what became of the answers."""
        labels, now, meanwhile = answered.labels, answered, []
        asked = self._to_look_at(found, now, seed)
        while _digest(self.path) != now.digest:  # somebody answered while pairs were compared
            now, meanwhile = self.answered(), [ANSWERED_MEANWHILE]
            asked = self._to_look_at(found, now, seed)
        write_labels(self.path, now, asked)
        no = len(labels) - labels.yes
        again = to_look_at_again(found, answered, self.keys)
        told = [*answered.findings, *contradictions(labels, found.held, self.keys), *meanwhile]
        return Labelled(self.path, labels.yes, no, asked.height, again, told)

    def _to_look_at(self, found: Duplicates, now: Answered, seed: int) -> pl.DataFrame:
        return pairs_to_look_at(found, now.labels, self.key, self.keys, self.columns, seed)


def to_look_at_again(found: Duplicates, answered: Answered, keys: Sequence[str]) -> list[LookAgain]:
    """The surprising answers, the surest slips first."""
    return [
        LookAgain(
            answered.rows[one.pair],
            (keys[one.pair[0]], keys[one.pair[1]]),
            one.same,
            round(one.points, 4),
        )
        for one in found.surprising
    ]


def pairs_to_look_at(
    found: Duplicates,
    labels: Labels,
    key: str,
    keys: Sequence[str],
    columns: Mapping[str, Sequence[str | None]],
    seed: int,
) -> pl.DataFrame:
    """The pairs that tell most, beside each other: keys, points, reasons and compared values."""
    places = found.most_telling(labels, ROUND, seed)
    pairs, scored = found.scored.pairs.at(places), found.scored
    results = [scored.results[scored.patterns.of[place]] for place in places]
    sides = (pairs.left.tolist(), pairs.right.tolist())
    texts: dict[str, list[str | None]] = {SAME: [None] * len(places)}
    for name, rows in zip(_names(key), sides, strict=True):
        texts[name] = [keys[row] for row in rows]
    texts["points"] = [f"{float(one.score):.1f}" for one in results]
    texts["reasons"] = [reasons_text(one) for one in results]
    for one in found.base.comparisons:
        for name, rows in zip(_names(one.name), sides, strict=True):
            texts[name] = [columns[one.name][row] for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))


def write_labels(path: Path, answered: Answered, asked: pl.DataFrame) -> None:
    """Write the file: answered rows as they were, then the pairs to look at."""
    frame = asked
    if answered.kept is not None:
        known = {name: header_of([name], answered.kept.columns) or name for name in asked.columns}
        frame = pl.concat([answered.kept, asked.rename(known)], how="diagonal")
    sink(frame.lazy(), path)


def _names(header: str) -> tuple[str, str]:
    return f"{header} 1", f"{header} 2"


def _refuse_repeated(key: str, keys: Sequence[str]) -> None:
    repeated = [one for one, count in Counter(keys).items() if count > 1]
    if repeated:
        raise DataError(
            f"Labels name records by `{key}`, and {counted(len(repeated), 'value')} of it repeat.",
            "Name the column that has another value in each row: --key COL.",
        )


def _columns(path: Path, key: str, headers: Sequence[str]) -> list[str]:
    """The headers of the answers and of the two keys."""
    found = []
    for name in (SAME, *_names(key)):
        header = header_of([name], headers)
        if header is None:
            raise DataError(
                f"{path} has no column `{name}`: it is no file of labels for the key `{key}`.",
                did_you_mean(name, headers) or "Name a file that isn't there yet to begin one.",
            )
        found.append(header)
    return found


def _rows_by_key(keys: Sequence[str]) -> dict[str, int]:
    """Keys -> rows; also in the form in which a spreadsheet gets what looks like a formula."""
    rows = {key: row for row, key in enumerate(keys)}
    return {APOSTROPHE + key: row for key, row in rows.items()} | rows


def _understood(
    said: Sequence[tuple[int, str, str | None, str | None]], rows: Mapping[str, int]
) -> tuple[Labels, list[Finding], dict[Pair, int]]:
    """Labels of the rows of the file that say something; what can't be used; the row of each."""
    findings: list[Finding] = []
    answers: dict[Pair, bool] = {}
    places: dict[Pair, int] = {}
    differing: set[Pair] = set()
    gone = 0
    for number, word, *cells in said:
        named = [normal(cell or "") for cell in cells]
        same = yes_no(folded(normal(word)))
        one, other = (rows.get(cell) for cell in named)
        if same is None:
            findings.append(_not_understood(number, word, named))
        elif one is None or other is None:
            gone += 1
        elif one == other:
            findings.append(_with_itself(number, named))
        else:
            pair = (min(one, other), max(one, other))
            places.setdefault(pair, number)
            if answers.setdefault(pair, same) != same and pair not in differing:
                differing.add(pair)
                findings.append(_differs(number, named))
    if gone:
        findings.append(_gone(gone))
    used = {pair: one for pair, one in answers.items() if pair not in differing}
    return Labels(used), findings, places


def _not_understood(number: int, word: str, keys: Sequence[str]) -> Finding:
    return Finding(
        "label-not-understood",
        "warning",
        f"row {number} of the labels says {word!r}, which is neither yes nor no: it isn't used",
        "Write yes or no, or leave it blank.",
        record=" and ".join(keys),
        raw=word,
    )


def _differs(number: int, keys: Sequence[str]) -> Finding:
    return Finding(
        "label-differs",
        "warning",
        f"row {number} of the labels answers otherwise than an earlier row: neither is used",
        "Leave one of the two answers.",
        record=" and ".join(keys),
    )


def _with_itself(number: int, keys: Sequence[str]) -> Finding:
    return Finding(
        "label-of-one-record",
        "warning",
        f"row {number} of the labels compares a record with itself: it isn't used",
        "Write the keys of two records.",
        record=keys[0],
    )


def _gone(count: int) -> Finding:
    return Finding(
        "label-key-unknown",
        "warning",
        "answers name keys that are not in the data: they stay in the file, unused",
        "Label with the same key as before.",
        count=count,
    )


def contradictions(labels: Labels, held: Labels, keys: Sequence[str]) -> list[Finding]:
    """What is to be said of answers that contradict each other; held: those that bind."""
    found = []
    for chain in labels.contradictions:
        names = [keys[row] for row in chain]
        links = ", ".join(f"{a} is {b}" for a, b in pairwise(names))
        found.append(
            Finding(
                "labels-contradict",
                "warning",
                f"{names[0]} and {names[-1]} were answered no, but by answers yes {links}: "
                + _given_up(chain, held, keys),
                "Look at these answers again.",
                record=" and ".join((names[0], names[-1])),
            )
        )
    return found


def _given_up(chain: Sequence[int], held: Labels, keys: Sequence[str]) -> str:
    for one, other in pairwise(chain):
        if (min(one, other), max(one, other)) not in held.answers:
            return f"{keys[one]} is {keys[other]} is not held to, which the points contradict"
    return "they are put together"
