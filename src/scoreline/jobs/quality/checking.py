"""Check a base: each cell, cells of a record together, records together -> figures, and a page."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import polars as pl

from scoreline.errors import DataError
from scoreline.jobs.card import load
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.quality.checked import CheckedBase, check_base
from scoreline.jobs.quality.cleaning import Cleaned, CleaningAsked, clean
from scoreline.jobs.quality.clusters import read_clusters
from scoreline.jobs.quality.effect import Effect, effect, scores_of
from scoreline.jobs.quality.fields import to_check
from scoreline.jobs.quality.results import Quality, QualityAsked, Way
from scoreline.jobs.quality.scoring import BaseScore, card_of, score_base
from scoreline.jobs.quality.source import SourceFile, source_file
from scoreline.jobs.report import source_name
from scoreline.quality.boundary import KEPT, ROW
from scoreline.quality.changes.rules import chosen
from scoreline.quality.quality_card import QualityCard
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.writing.files import as_texts, sink, write_text
from scoreline.scorecard.model import Scorecard
from scoreline.scoring.sources import Source, opened, read_again


def quality_of(data: Source, asked: QualityAsked, read: ReadOptions | None = None) -> Quality:
    """What checking a base comes to.

    With a card its fields are checked, else every column by what it holds. Raises DataError if the
    file can't be read or lacks columns of the card.
    """
    rules = chosen(asked.rules)
    duplicates = None if asked.duplicates is None else read_clusters(asked.duplicates)
    card = None if asked.card is None else load(asked.card).model
    with _lasting(data, asked.out) as lasting:
        file = None if asked.out is None else _file(lasting)
        with opened(lasting, read) as table:
            what = to_check(table, asked, card)
            checked = check_base(table, what, asked)
            if duplicates is not None and duplicates.keys:
                _same_base(checked.frame, duplicates.keys, asked.duplicates)
            own = card_of(what.fields, what.roles, card, what.key)
            score = None if own is None else _score(checked, own, asked)
            _write_tables(checked, own, asked)
            cleaned = None
            if asked.out is not None:
                how = CleaningAsked(asked.out, rules, source_name(data), file, asked.merging)
                cleaned = clean(checked.frame, what.pairs, what.roles, how)
                Outputs(asked.out).write_rejected(table.rejected)
            return Quality(
                checked.frame.height,
                tuple(table.rejected),
                checked.columns(),
                int(checked.rows_without("bad", "suspect").sum()),
                int(checked.rows_without("missing").sum()),
                tuple(table.findings),
                cleaned,
                score,
                {} if card is None or cleaned is None else _effects(cleaned, card, asked.as_of),
                duplicates,
            )


def _file(data: Source) -> SourceFile | None:
    """Where the bytes of a base are, and their hash before anything is read of them."""
    named = isinstance(data, str | Path) and Path(data).is_file()
    return source_file(Path(str(data))) if named else None


def _score(checked: CheckedBase, card: QualityCard, asked: QualityAsked) -> BaseScore | None:
    """What the base is worth, by channel and over time where that was asked for."""
    what, created = checked.what, None
    if what.created is not None:
        dated = (one.order for one, header in what.pairs if header == what.created)
        created = (what.created, next(dated, None) or asked.order)
    sound = checked.rows_without("bad", "suspect")
    return score_base(checked.frame, card, sound, asked.as_of, what.channel, created)


def _write_tables(checked: CheckedBase, card: QualityCard | None, asked: QualityAsked) -> None:
    """Write the quality card and all findings, where they were asked for."""
    if asked.model is not None:
        write_text(_model(card), asked.model)
    if asked.findings is not None:
        sink(checked.findings().lazy(), asked.findings)


def _lasting(data: Source, out: str | None) -> AbstractContextManager[Source]:
    """The source; standard input as a file, if its bytes are wanted again."""
    return read_again(data) if out is not None and data == "-" else nullcontext(data)


def _same_base(frame: pl.DataFrame, keys: frozenset[str], file: Path | None) -> None:
    """Raise DataError if clusters name no record of the base."""
    own: set[str] = set()
    for name in frame.columns:
        if name.startswith(KEPT):
            own |= keys & set(as_texts(frame[name]).str.strip_chars())
    if not own:
        raise DataError(
            f"{file} names no record of this base.", "Take the clusters of this very file."
        )


def _effects(cleaned: Cleaned, card: Scorecard, as_of: dt.datetime) -> dict[Way, Effect]:
    """What the rules did to the scores, what joining rows did to those that stay, and what all
    suggestions would do after the rules.
    """
    before, after, accepted = (
        scores_of(base, card, as_of) for base in (cleaned.before, cleaned.after, cleaned.accepted)
    )
    found: dict[Way, Effect] = {"rules": effect(before, after)}
    if cleaned.joined is not None:
        joined = scores_of(cleaned.joined.base, card, as_of)
        stay = pl.Series(ROW, (~cleaned.joined.gone).arg_true() + 1)
        stays = after.filter(pl.col(ROW).is_in(stay.implode()))
        found["merges"] = effect(stays, joined)
    return found | {"suggestions": effect(after, accepted)}


def _model(card: QualityCard | None) -> str:
    if card is None:
        raise DataError("Nothing in the base says how good a record is.", "Leave --model out.")
    return card.yaml
