"""A whole page from made-up figures, as `jobs` would fill them.

python -m tests.pages.example_figures page.html
"""

from __future__ import annotations

import sys
from pathlib import Path

from scoreline.pages.figures import (
    BinSpread,
    FindingLine,
    Histogram,
    HistogramBin,
    Notice,
    Noun,
    Question,
    Ranked,
    Rate,
    Reason,
    RejectedRow,
    ReportFigures,
    Segment,
    TermSpread,
    Threshold,
    TopShare,
    Waterfall,
    Worth,
)
from scoreline.pages.render import render_report


def rate(hits: float, of: float) -> Rate:
    """A rate with a rough interval: good enough to draw."""
    value = hits / of
    half = 1.96 * (value * (1 - value) / of) ** 0.5 + 1 / of
    return Rate(hits, of, max(0, value - half), min(1, value + half))


def histogram() -> Histogram:
    counts = {-8: 12, -7: 30, -6: 55, -5: 160, -4: 240, -3: 410, -2: 520, -1: 560}
    counts |= {0: 610, 1: 580, 2: 470, 3: 390, 4: 300, 5: 240, 6: 190, 7: 120}
    counts |= {8: 84, 9: 70, 10: 44, 11: 21, 12: 9}
    bins = []
    for score, count in counts.items():
        parts = (count, 0, 0) if score > 6 else (0, count, 0) if score >= 0 else (0, 0, count)
        share = 0.03 + 0.0016 * (score + 8) ** 2
        bins.append(
            HistogramBin(
                score - 0.5, score + 0.5, str(score), parts, rate(round(count * share), count)
            )
        )
    return Histogram(tuple(bins), (Threshold(6.5, "call first"), Threshold(-0.5, "write")))


REASONS = (
    Reason("budget suits", 3),
    Reason("company and position", 2),
    Reason("corporate e-mail", 1),
    Reason("not our core work", -5),
    Reason("webinars: 5 x 1, cap 3", 3.25),
)


MANY = (
    Reason("base", 50, "base"),
    *(Reason(f"line {i}", i) for i in (9, 8, 7, -6, 5, 2, 1)),
    Reason("total: cap 70", -6, "clamp"),
)
"""More lines than a row of the list shows at once."""


def ranked() -> tuple[Ranked, ...]:
    rows = []
    for place in range(50):
        reasons = MANY if place == 0 else REASONS[: 1 + place % 5]
        score = sum(reason.points for reason in reasons)
        rows.append(
            Ranked(
                key=f"L-{1000 + 37 * place}",
                score=score,
                segment="call first" if place < 40 else "write",
                low=score - (place % 3),
                high=score + (place % 4),
                certain=place % 3 == 0,
                reasons=reasons,
                ask=("budget", "phone", None)[place % 3],
                outcome=("won", "lost", "open")[place % 3],
                name="" if place % 2 else f"Firm {place}",
            )
        )
    return tuple(rows)


HINT = "If this text means that nothing is known, declare it in `missing` of field `budget`."


def example() -> ReportFigures:
    return ReportFigures(
        title="Will the client take a deposit?",
        objective="Call the clients who are likely to say yes, and leave the others in peace",
        card="bank.yaml",
        fingerprint="9f31c0de5a77",
        as_of="2026-11-22 00:00 UTC",
        file="clients-november.csv.gz",
        rows=5119,
        scored=5115,
        rejected=4,
        segments=(
            Segment("call first", 348, 348 / 5115, "more than 6", rate(121, 348)),
            Segment("write", 2780, 2780 / 5115, "0 to 6", rate(301, 2780)),
            Segment("leave in peace", 1987, 1987 / 5115, "less than 0", rate(72, 1987)),
        ),
        histogram=histogram(),
        ranked=ranked(),
        uncertain=412,
        worth=Worth(
            won_means="deposit = yes",
            base=rate(494, 5115),
            tops=(
                TopShare(0.1, 512, rate(163.4, 512), 163.4 / 512 / (494 / 5115)),
                TopShare(0.2, 1023, rate(251, 1023), 251 / 1023 / (494 / 5115)),
            ),
            verdict="yes",
        ),
        waterfalls=(
            Waterfall("L-1148", 4.25, "write", REASONS, 1, 8, "budget"),
            Waterfall("L-1259", 6, "write", REASONS[:3]),
        ),
        questions=(Question("budget", 212), Question("phone", 140), Question("service", 60)),
        terms=(
            TermSpread(
                "age",
                (
                    BinSpread("below 25", 4, 280, rate(70, 280)),
                    BinSpread("25 to 60", 0, 4300, rate(360, 4300)),
                    BinSpread("60 and more", 5, 430, rate(150, 430)),
                    BinSpread("not known", 0, 105, rate(9, 105)),
                ),
            ),
            TermSpread(
                "has a housing loan",
                (
                    BinSpread("yes", -2, 2790, rate(190, 2790)),
                    BinSpread("no", 0, 2325, rate(304, 2325)),
                ),
            ),
        ),
        rejected_rows=(
            RejectedRow(18, "the key is empty", ";;anna@acme.ru;;"),
            RejectedRow(77, "9 cells where the header has 7", "L-9;x;y;z;1;2;3;4;5"),
        ),
        findings=(
            FindingLine("warning", "amount", "budget: an amount cannot be read", 31, HINT),
            FindingLine("info", "key-repeated", "a key stands in several rows", 2, "Keep one"),
        ),
        notices=(
            Notice("invented", "These clients do not exist; they show what a page looks like."),
            Notice("source", "UCI Bank Marketing, CC BY 4.0", "https://archive.ics.uci.edu/"),
        ),
        noun=Noun("client", "clients"),
        made_with=(("Lists of e-mail domains", "2026-11-01"),),
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_report(example()), encoding="utf-8")
