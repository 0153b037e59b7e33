"""Proof-read a card: what it says, whether its cases come out, how it meets a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoreline.engines.local.engine import LocalEngine
from scoreline.engines.local.results import exactly, holds
from scoreline.errors import CardError, DataError, Finding
from scoreline.jobs.card import Card
from scoreline.jobs.moments import AsOf, moment
from scoreline.jobs.rows import Source, typed_rows
from scoreline.scorecard.cases import run_cases
from scoreline.scorecard.checks import check_card
from scoreline.scorecard.file import load_card
from scoreline.scorecard.layout import Layout
from scoreline.scorecard.model import Example, Scorecard


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
            "findings": [{key: getattr(f, key) for key in keys} for f in self.findings],
            "cases": {"passed": self.passed, "failed": self.failed},
        }


def check_file(path: str | Path, data: Source | None = None, as_of: AsOf = None) -> CheckReport:
    """The report on a card file, and on how the card meets a data file if one is given."""
    as_of = moment(as_of) if as_of is not None else None
    try:
        card = load_card(path)
    except CardError as error:
        found = error.findings or (Finding("card-format", "error", error.message, error.hint),)
        return CheckReport(tuple(found))
    checked = check_card(card)
    cases = run_cases(card, lambda example: _outcome(card, example, as_of))
    tried = data_findings(card, data, as_of) if data is not None else ()
    return CheckReport(
        findings=(*checked.findings, *cases.failed, *tried),
        fingerprint=card.fingerprint,
        low=checked.min,
        high=checked.max,
        passed=cases.passed,
        failed=len(cases.failed),
    )


def _outcome(card: Scorecard, example: Example, as_of: AsOf) -> Mapping[str, object]:
    """What an example of the card comes to; its keys are fields, whatever `column` says."""
    result = Card(card).score_fields(example.given, example.as_of or as_of)
    return {key: getattr(result, key) for key in example.expected}


def data_findings(card: Scorecard, data: Source, as_of: AsOf) -> tuple[Finding, ...]:
    """Bins that no record of a file falls into, and fields that nobody filled in."""
    layout = Layout(card)
    try:
        with typed_rows(data, card) as rows:
            scored = LocalEngine(card, moment(as_of)).lazy(rows.frame, masks=True)
            used = [holds(place).any().alias(f"bit {place}") for place in range(len(layout.bits))]
            filled = [
                exactly(f.name).is_not_null().any().alias(f"field {f.name}") for f in card.fields
            ]
            counts = rows.frame.select(*filled).collect(engine="streaming").row(0, named=True)
            counts |= scored.select(*used).collect(engine="streaming").row(0, named=True)
    except DataError as error:
        return (Finding("data", "error", error.message, error.hint),)
    findings = [
        Finding(
            "field-empty",
            "warning",
            f"No record of the file has a readable `{f.name}`.",
            "Look at its column, its type and its options.",
            line=f.line,
            field=f.name,
        )
        for f in card.fields
        if not counts[f"field {f.name}"]
    ]
    for place, bit in enumerate(layout.bits):
        if not counts[f"bit {place}"]:
            term = card.terms[bit.term]
            bin_ = term.bins[bit.bin]
            findings.append(
                Finding(
                    "bin-unused",
                    "info",
                    f"No record of the file gets `{term.name}: {bin_.label}`.",
                    term=term.name,
                    line=bin_.line,
                )
            )
    return tuple(findings)
