"""The command line as a user meets it: a process, its exit code, its output, its files."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoreline.cli.app import run

LEAD_CARD = """\
scorecard: lead-readiness
title: Is this lead ready for a sales call?
objective: Managers talk only to leads that can become a deal
key: lead_id
fields:
  phone:    {type: phone, country: RU}
  email:    email
  company:  text
  position: text
  budget:   {type: money, currency: RUB, missing: [not sure], column: [budget, "Бюджет, руб"]}
  service:  choice
  has_spec: yes/no
terms:
  - {name: contact phone,        when: "phone.status = 'ok'",       points: 1}
  - {name: corporate e-mail,     when: "email.kind = 'corporate'",  points: 1}
  - {name: company and position, when: company is not null and position is not null, points: 2}
  - {name: budget suits,         when: budget >= 100000,            points: 3}
  - {name: not our core work,    when: "service in ('smm', 'mobile app')", points: -5}
  - {name: technical specification, when: has_spec,                 points: 1}
segments:
  - {name: qualified, above: 6}
  - {name: marketing, from: 0}
  - {name: garbage}
cases:
  - {given: {phone: "+7 912 345-67-89", email: anna@acme.ru, company: Acme, position: CTO,
     budget: 250000, has_spec: yes}, score: 8, segment: qualified}
"""
"""Card S of the worked scenarios."""

EVERYTHING_RIGHT = {
    **{"phone": "+7 912 345-67-89", "email": "anna@acme.ru", "company": "Acme"},
    **{"position": "CTO", "budget": "250000", "service": "crm", "has_spec": "yes"},
}
"""A lead that is right in all six terms."""


@dataclass(frozen=True)
class Said:
    """What a command said: its exit code, its output and its messages."""

    code: int
    out: str
    errors: str

    @property
    def json(self) -> Any:
        """The output as JSON."""
        return json.loads(self.out)


def scoreline(*words: str | Path, code: int = 0) -> Said:
    """Runs `scoreline words...`; fails unless it exits with `code` and without a traceback."""
    command = Path(sys.executable).with_name("scoreline")
    done = subprocess.run(
        [str(command), *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
        check=False,
    )
    said = Said(done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stdout + done.stderr, said
    assert said.code == code, said
    return said


def in_process(*words: str | Path, code: int = 0) -> Said:
    """As `scoreline`, in this process: for tests of many commands, whose starts would take long."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        said = Said(run(list(map(str, words))), out.getvalue(), errors.getvalue())
    assert said.code == code, said
    return said


def write_card(folder: Path, text: str = LEAD_CARD, name: str = "card.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_leads(folder: Path, leads: list[dict[str, str]], name: str = "leads.csv") -> Path:
    """A csv of leads with the columns of card S, keys 1, 2, 3..."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["lead_id", *EVERYTHING_RIGHT], restval="")
        writer.writeheader()
        writer.writerows({"lead_id": str(i)} | lead for i, lead in enumerate(leads, start=1))
    return path


@dataclass(frozen=True)
class Scored:
    """What `scoreline score` wrote: a line for each lead, and what it printed."""

    lines: list[dict[str, Any]]
    summary: dict[str, Any]


def score(folder: Path, *leads: dict[str, str], card: str = LEAD_CARD) -> Scored:
    """The leads scored by the command line, all reasons written."""
    data, out = write_leads(folder, list(leads)), folder / "scored.jsonl"
    words: list[str | Path] = ["score", data, "--card", write_card(folder, card), "--out", out]
    summary = scoreline(*words, "--reasons", "0", "--format", "json").json
    assert (summary["rows"], summary["scored"], summary["rejected"]) == (len(leads), len(leads), 0)
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [str(line["lead_id"]) for line in lines] == [str(i + 1) for i in range(len(leads))]
    return Scored(lines, summary)


def explain(folder: Path, lead: dict[str, str], card: str = LEAD_CARD) -> Any:
    """What `scoreline explain` says of one lead."""
    data, card_path = write_leads(folder, [lead]), write_card(folder, card)
    return scoreline("explain", data, "--card", card_path, "--id", "1", "--format", "json").json
