"""Short ways to check small cards."""

import re

from scoreline.errors import Finding
from scoreline.scorecard.checks import CheckResult, check_card
from scoreline.scorecard.file import parse_card

FIELDS = """
  a: number
  b: money
  age: integer
  budget: {type: money, missing: [not sure, "0"]}
  job: {type: choice, missing: [unemployed]}
  email: email
  phone: phone
  ok: yes/no
  joined: date
  last: date
"""
PATIENT = 600.0
"""Seconds: a busy machine must not turn answers into bounds."""


def check(*terms: str, rest: str = "") -> CheckResult:
    """The result for terms written as flow mappings without their brackets."""
    lines = "\n".join(f"- {{{term}}}" for term in terms)
    return check_card(parse_card(f"scorecard: t\nfields:{FIELDS}terms:\n{lines}\n{rest}"), PATIENT)


def found(result: CheckResult, code: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.code == code]


def veto_of(finding: Finding) -> tuple[str, str]:
    """The term and the label of the bin that a veto names."""
    named = re.match(r"(?:bound: )?`(.*?)`(?: \((.*?)\))? is a veto", finding.message)
    assert named is not None, finding.message
    return named[1], named[2] or "yes"
