"""Event terms: scoring by behaviour, beside a bare scan of the events and a query a rule.

The peer works as contact-by-contact tools do: points by (customer, rule), each rule a part of one
SQL query. It has no reasons, no clamps of groups and no segments, and rounds no aged points.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from benchmarks.batch import AS_OF, Row
from benchmarks.timing import in_turn
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.score import score_file
from scoreline.scorecard.file import parse_card

A_CUSTOMER = 50
"""Events of a customer, on average."""
KINDS = ("letter_opened", "link_clicked", "webinar_attended", "order_paid")
YEAR = 365 * 86_400
CARD = """
scorecard: behaviour
key: customer
fields: {name: text}
events:
  letter_opened: {mail: text}
  link_clicked: {}
  webinar_attended: {minutes: number}
  order_paid: {}
terms:
  - {name: letters, event: letter_opened, points: 1, cap: 10}
  - {name: different letters, event: letter_opened, count: distinct(mail), points: 1, cap: 10}
  - {name: clicks lately, event: link_clicked, points: 2, within: 90 days}
  - {name: clicks, event: link_clicked, points: 2, half_life: 30 days}
  - {name: webinars, event: webinar_attended, where: minutes >= 20, points: 4,
     half_life: 30 days, cap: 10}
  - {name: a webinar, event: webinar_attended, count: once, points: 4}
  - {name: orders lately, event: order_paid, points: 5, linear: 50% per 30 days}
  - {name: orders, event: order_paid, points: 1}
segments: [{name: warm, above: 20}, {name: cold}]
"""
AGE = f"floor((epoch(timestamptz '{AS_OF.isoformat()}') - epoch(\"at\")) / 86400)"
RULES = {
    "letters": ("event = 'letter_opened'", "least(count(*), 10)"),
    "different letters": ("event = 'letter_opened'", "least(count(distinct mail), 10)"),
    "clicks lately": (f"event = 'link_clicked' and {AGE} < 90", "2 * count(*)"),
    "clicks": ("event = 'link_clicked'", f"sum(2 * pow(0.5, {AGE} / 30))"),
    "webinars": (
        "event = 'webinar_attended' and minutes >= 20",
        f"least(sum(4 * pow(0.5, {AGE} / 30)), 10)",
    ),
    "a webinar": ("event = 'webinar_attended'", "4"),
    "orders lately": ("event = 'order_paid'", f"sum(greatest(5 * (1 - {AGE} / 60), 0))"),
    "orders": ("event = 'order_paid'", "count(*)"),
}


def events(customers: int, folder: Path, rounds: int) -> list[Row]:
    """The rows of the table."""
    data, happened = folder / "customers.parquet", folder / "events.parquet"
    write_events(customers, data, happened)
    card, out = parse_card(CARD), folder / "scored.parquet"
    options = ScoreOptions(as_of=AS_OF, events=happened)
    base = duckdb.connect()
    base.execute("set threads to 2; set enable_progress_bar = false")
    parts = " union all ".join(
        f"select customer, '{rule}' as rule, {points} as points "
        f"from '{happened}' where {chosen} group by customer"
        for rule, (chosen, points) in RULES.items()
    )
    query = f"select customer, sum(points) from ({parts}) group by customer"
    found = in_turn(
        {
            "scan": lambda: (
                pl.scan_parquet(happened).select(pl.all().null_count()).collect(engine="streaming")
            ),
            "score": lambda: score_file(data, [card], Outputs(str(out)), options),
            "peer": lambda: base.execute(query).fetchall(),
        },
        rounds,
    )
    _agree(out, dict(base.execute(query).fetchall()))
    return [
        ("scored as of a date, reasons written / scan", "12", found["score"] / found["scan"]),
        ("DuckDB, points by customer and rule alone / scan", "", found["peer"] / found["scan"]),
    ]


def _agree(out: Path, peer: dict[str, float]) -> None:
    """The peer's points are ours, but for the rounding of each aged event."""
    scored = pl.read_parquet(out, columns=["customer", "score"])
    for customer, score in scored.iter_rows():
        assert abs(score - float(peer.get(customer, 0))) < 1e-4 * 4 * A_CUSTOMER, customer


def write_events(customers: int, data: Path, happened: Path) -> None:
    """Customers, and their events over the year before the moment of scoring."""
    random = np.random.default_rng(7)
    count = customers * A_CUSTOMER
    end = int(AS_OF.timestamp())
    seconds = end - random.integers(0, YEAR, count)
    names = [f"c{number}" for number in range(customers)]
    pl.DataFrame({"customer": names, "name": names}).write_parquet(data)
    pl.DataFrame(
        {
            "customer": pl.Series(names).gather(random.integers(0, customers, count)),
            "event": pl.Series(KINDS).gather(random.integers(0, len(KINDS), count)),
            "at": pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC")),
            "mail": pl.Series(random.integers(0, 60, count)).cast(pl.String),
            "minutes": random.uniform(0, 60, count),
        }
    ).write_parquet(happened)
