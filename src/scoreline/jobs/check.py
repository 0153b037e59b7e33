"""Proof-read a card: what it says, whether its cases come out, how it meets a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.local.results import exactly, holds
from scoreline.errors import CardError, Finding, counted
from scoreline.jobs.card import Card
from scoreline.language.tree import refs
from scoreline.quality.table import ReadOptions
from scoreline.scorecard.cases import run_cases
from scoreline.scorecard.checks import SECONDS, check_card
from scoreline.scorecard.checks.segments import UNREACHABLE
from scoreline.scorecard.file import load_card
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Example, Scorecard, Side
from scoreline.scorecard.points import SCALE, unscaled
from scoreline.scoring.events import NONE
from scoreline.scoring.moments import AsOf, moment
from scoreline.scoring.rows import TypedRows, typed_rows
from scoreline.scoring.sources import Source


@dataclass(frozen=True)
class CheckReport:
    """Everything `check` found. A refused card has findings and nothing else."""

    findings: tuple[Finding, ...]
    fingerprint: str | None = None
    low: int | float | None = None
    high: int | float | None = None
    passed: int = 0
    failed: int = 0

    @property
    def refused(self) -> bool:
        """Whether the card can't be used at all."""
        return self.fingerprint is None

    @property
    def range(self) -> str:
        """From where to where scores go, in words; events can go on for ever."""
        if self.low is None and self.high is None:
            return "Scores have no least and no most"
        if self.high is None:
            return f"Scores from {self.low}, without a most"
        return (
            f"Scores up to {self.high}"
            if self.low is None
            else (f"Scores from {self.low} to {self.high}")
        )

    @property
    def exit_code(self) -> int:
        """2 for a refused card, 1 for errors, warnings or failed cases, else 0."""
        if self.refused:
            return 2
        return int(self.failed > 0 or any(f.level != "info" for f in self.findings))

    def json(self) -> dict[str, object]:
        """The object that `check --format json` prints."""
        keys = ("code", "level", "term", "line", "message", "hint")
        return {
            "fingerprint": self.fingerprint,
            "min": self.low,
            "max": self.high,
            "findings": [
                {key: getattr(f, key) for key in keys} | {"message": _with_file(f)}
                for f in self.findings
            ],
            "cases": {"passed": self.passed, "failed": self.failed},
        }


def check_file(
    path: str | Path,
    data: Source | None = None,
    as_of: AsOf = None,
    read: ReadOptions | None = None,
) -> CheckReport:
    """The report on a card file, and on how the card meets a data file if one is given.

    as_of: the moment of cases that say none, and of trying the file (there now unless said).
    Raises DataError if the file can't be read or lacks columns.
    """
    as_of = moment(as_of) if as_of is not None else None
    try:
        card = load_card(path)
    except CardError as error:
        found = error.findings or (Finding("card-format", "error", error.message, error.hint),)
        return CheckReport(tuple(found))
    sides = [_proof_read(card, side, as_of) for side in card.sides]
    tried = data_findings(card, data, as_of, read) if data is not None else ()
    return CheckReport(
        findings=(*(found for one in sides for found in one.findings), *tried),
        fingerprint=card.fingerprint,
        low=_sum([one.low for one in sides]),
        high=_sum([one.high for one in sides]),
        passed=sum(one.passed for one in sides),
        failed=sum(one.failed for one in sides),
    )


def _with_file(found: Finding) -> str:
    """The message with the card's file, where that is one of a grid's."""
    return f"{found.file}: {found.message}" if found.file else found.message


def _sum(ends: Sequence[int | float | None]) -> int | float | None:
    """Points together, exactly; None where one has no end."""
    known = [round(end * SCALE) for end in ends if end is not None]
    return unscaled(sum(known)) if len(known) == len(ends) else None


def _proof_read(grid: Scorecard, side: Side, as_of: AsOf) -> CheckReport:
    """What is said of a card; of one in a grid, with the grid's classes in place of its segments.

    Its cases are run by its own segments, for which they were written. Classes stand in the grid's
    file, everything else in the card's.
    """
    card = replace(side.card, segments=side.classes)
    checked = check_card(card, SECONDS / len(grid.sides))
    cases = run_cases(
        side.card, lambda example: case_outcome(side.card, example, as_of), as_of is not None
    )
    findings = [
        replace(found, message=side.prefix + found.message)
        if found.code == UNREACHABLE
        else replace(found, file=side.file or None)
        for found in (*checked.findings, *cases.failed)
    ]
    return CheckReport(
        tuple(findings),
        card.fingerprint,
        checked.min,
        checked.max,
        cases.passed,
        len(cases.failed),
    )


def case_outcome(card: Scorecard, example: Example, as_of: AsOf) -> Mapping[str, object]:
    """What an example of the card comes to; its keys are fields, whatever `column` says."""
    result = Card(card).score_fields(example.given, example.as_of or as_of, example.events)
    return {key: getattr(result, key) for key in example.expected}


def data_findings(
    card: Scorecard, data: Source, as_of: AsOf, read: ReadOptions | None = None
) -> tuple[Finding, ...]:
    """What is wrong with a file and its values, fields nobody filled in, bins no record gets.

    Bins that depend on events are left out: a file of records does not tell what happened.
    """
    layout = Layout(card)
    with typed_rows(data, card, read, events=NONE) as rows:
        scored = LocalEngine(card, moment(as_of)).lazy(rows.frame, masks=True)
        used = [holds(place).any().alias(f"bit {place}") for place in range(len(layout.bits))]
        filled = [exactly(f.name).is_not_null().any().alias(f"field {f.name}") for f in card.fields]
        counts = rows.frame.select(*filled).collect(engine="streaming").row(0, named=True)
        # The second run finds the same again, so what was found is taken after the first.
        found = _value_findings(card, rows)
        counts |= scored.select(*used).collect(engine="streaming").row(0, named=True)
    empty = [
        Finding(
            "field-empty",
            "warning",
            f"No record of the file has a readable `{f.name}`.",
            "Look at its column, its type and its options.",
            line=f.line,
            field=f.name,
            file=_file_of_field(card, f.name),
        )
        for f in card.fields
        if not counts[f"field {f.name}"]
    ]
    unused = [
        _unused(card, bit.term, bit.bin)
        for place, bit in enumerate(layout.bits)
        if not counts[f"bit {place}"]
        and not any(ref.settled for ref in refs(card.terms[bit.term].of))
    ]
    return (*found, *empty, *unused)


def _unused(card: Scorecard, term: int, bin_: int) -> Finding:
    name, unused = card.terms[term].name, card.terms[term].bins[bin_]
    message = f"No record of the file gets `{name}: {unused.label}`."
    side = card.sides[Layout(card).side_of[term]]
    own, file = name.removeprefix(side.prefix), side.file or None
    return Finding("bin-unused", "info", message, term=own, line=unused.line, file=file)


def _file_of_field(card: Scorecard, name: str) -> str | None:
    """Where a field of a grid is declared; None for a card by itself."""
    for span in Layout(card).spans:
        if name in span.fields or name in span.side.card.field:
            return span.side.file or None
    return None


def _value_findings(card: Scorecard, rows: TypedRows) -> list[Finding]:
    """One finding a kind: of the file, and of the values of each field with how many there are."""
    lines = {field.name: field.line for field in card.fields}
    found = []
    if rejected := rows.rejected():
        message = f"{counted(rejected, 'row')} of the file can't be scored."
        hint = "`scoreline score --out FILE` keeps them with their reasons."
        found.append(Finding("rejected-rows", "warning", message, hint))
    counts = rows.counts()
    for one in rows.examples():
        kind = (one.code, one.field)
        if kind in counts:
            cells = f" ({counted(counts.pop(kind), 'cell')})" if one.field else ""
            where = f"{one.field}: " if one.field else ""
            message = f"{where}{one.message}{cells}"
            line = lines.get(one.field) if one.field else None
            file = _file_of_field(card, one.field) if line and one.field else None
            found.append(Finding(one.code, one.level, message, one.hint, line=line, file=file))
    return found
