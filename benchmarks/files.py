"""A csv in, the scored csv out, beside DuckDB copying that csv as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.batch import AS_OF, CARD, Row
from benchmarks.data import parquet
from benchmarks.timing import in_turn
from scoreline.jobs.options import ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.score import score_file
from scoreline.language.tree import fields_read
from scoreline.scorecard.file import load_card
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.moments import moment

CONTACTS = {"email", "phone"}


def files(rows: int, folder: Path, rounds: int) -> list[Row]:
    """The rows of the table: without e-mail and phone, and with both, half of them distinct."""
    card, options = load_card(CARD), ScoreOptions(as_of=moment(AS_OF))
    frame = pl.read_parquet(parquet(rows)).drop("email__kind", "phone__status")
    once = frame.select(pl.col(*CONTACTS).head(rows // 2))
    halves = frame.drop(CONTACTS).hstack(pl.concat([once, once]).head(rows))
    frame.drop(CONTACTS).write_csv(plain := folder / "plain.csv")
    halves.write_csv(contacts := folder / "contacts.csv")
    base = duckdb.connect()
    base.execute("set threads to 2; set enable_progress_bar = false")

    def copy(source: Path) -> object:
        read = f"select * from read_csv('{source}', all_varchar=true)"
        return base.execute(f"copy ({read}) to '{folder / 'copy.csv'}' (header)")

    slim, out = without_contacts(card), Outputs(str(folder / "out.csv"))
    found = in_turn(
        {
            "copy plain": lambda: copy(plain),
            "score plain": lambda: score_file(plain, [slim], out, options),
            "copy contacts": lambda: copy(contacts),
            "score contacts": lambda: score_file(contacts, [card], out, options),
        },
        rounds,
    )
    what = "csv in, scored csv out / DuckDB copy as text,"
    return [
        (f"{what} no e-mail or phone", "2.2", found["score plain"] / found["copy plain"]),
        (
            f"{what} e-mails and phones half distinct",
            "7",
            found["score contacts"] / found["copy contacts"],
        ),
    ]


def without_contacts(card: Scorecard) -> Scorecard:
    """The card without e-mail, phone and the terms that read them."""
    return replace(
        card,
        fields=tuple(f for f in card.fields if f.name not in CONTACTS),
        terms=tuple(t for t in card.terms if not CONTACTS & set(fields_read(t.of))),
    )
