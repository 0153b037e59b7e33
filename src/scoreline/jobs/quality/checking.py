"""Check a base: each cell, cells of a record together, records together -> figures, and a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import DataError
from scoreline.jobs.card import load
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.quality.checked import CheckedBase, doubted
from scoreline.jobs.quality.cleaning import Cleaned, clean
from scoreline.jobs.quality.clusters import read_clusters
from scoreline.jobs.quality.effect import Effect, effect, scores_of
from scoreline.jobs.quality.every import findings_table
from scoreline.jobs.quality.fields import fields_to_check, in_order, named_header, orders_proved
from scoreline.jobs.quality.results import Quality, QualityAsked, Way
from scoreline.jobs.quality.scoring import card_of, score_base
from scoreline.jobs.report import source_name
from scoreline.language.fields import Field
from scoreline.quality.boundary import KEPT, ROW
from scoreline.quality.changes.rules import chosen
from scoreline.quality.checks.together import Told, together
from scoreline.quality.quality_card import QualityCard
from scoreline.quality.reading.files import ReadOptions
from scoreline.quality.typing.verdicts import VerdictWord
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
    name = source_name(data)
    with _lasting(data, asked.out) as data, opened(data, read) as table:
        fields, known, key = fields_to_check(table, asked, card)
        proved = {} if card is not None else orders_proved(table, fields)
        fields = tuple(
            in_order(f, proved[f.name].order if f.name in proved else None) for f in fields
        )
        channel, created = named_header(table, asked.channel), named_header(table, asked.created)
        checked = CheckedBase(table, fields, known, key, proved, by_record=card is None)
        frame = checked.collect(asked.mx)
        if duplicates is not None and duplicates.keys:
            _same_base(frame, duplicates.keys, asked.duplicates)
        source = None if channel is None else as_texts(frame[KEPT + channel])
        extra = together(checked.base(frame), known, asked.as_of.date(), source)
        frame = doubted(frame, extra)
        columns = tuple(checked.column(frame, one, extra.get(one.name, Told())) for one in fields)
        sound, whole = (
            _rows_without(frame, fields, "bad", "suspect"),
            _rows_without(frame, fields, "missing"),
        )
        own = card_of(fields, known, card, checked.key)
        score = None
        if own is not None:
            dated = (one.order for one in fields if checked.headers[one.name] == created)
            when = None if created is None else (created, next(dated, None) or asked.order)
            score = score_base(frame, own, sound, asked.as_of, channel, when)
        if asked.model is not None:
            write_text(_model(own), asked.model)
        pairs = [(one, checked.headers[one.name]) for one in fields]
        if asked.findings is not None:
            rows = {name: told.rows for name, told in extra.items()}
            whole_columns = {
                one.name: [f.code for f in checked.of_whole(frame, one)] for one in fields
            }
            sink(findings_table(frame, pairs, rows, whole_columns).lazy(), asked.findings)
        cleaned, effects = None, {}
        if asked.out is not None:
            told = [(one, header) for one, header in pairs if header is not None]
            file = Path(data) if isinstance(data, str | Path) and Path(data).is_file() else None
            cleaned = clean(frame, told, rules, asked.out, name, file, asked.merging, known)
            Outputs(asked.out).write_rejected(table.rejected)
            effects = {} if card is None else _effects(cleaned, card, asked.as_of)
        return Quality(
            frame.height,
            tuple(table.rejected),
            columns,
            int(sound.sum()),
            int(whole.sum()),
            tuple(table.findings),
            cleaned,
            score,
            effects,
            duplicates,
        )


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


def _rows_without(frame: pl.DataFrame, fields: Sequence[Field], *words: VerdictWord) -> pl.Series:
    """Which records have no cell with one of these verdicts."""
    cells = (exactly(f"{one.name}__verdict").is_in(words) for one in fields)
    told = pl.any_horizontal(pl.repeat(False, pl.len()), *cells)
    return frame.select(~told.alias("rows")).to_series()


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
