"""Files of events on their way into a workspace, in pieces that hold all of a person."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from scoreline.engines.local.results import exactly
from scoreline.errors import Finding, MissingColumnsError
from scoreline.jobs.options import Progress
from scoreline.jobs.workspace.columns import event_findings
from scoreline.jobs.workspace.left_out import left_out, text_of, unfit, unfit_reason
from scoreline.jobs.workspace.telling import findings_json
from scoreline.language.fields import Field
from scoreline.lifecycle.batch import Batch
from scoreline.lifecycle.happenings import Kept, RawEvents, store_events
from scoreline.quality.boundary import KEPT, KEY, Boundary
from scoreline.quality.headers import header_of
from scoreline.quality.table import ROW, RejectedRow, Table
from scoreline.scorecard.events import AT
from scoreline.scoring.events import ID, KIND, no_moment
from scoreline.store import records

PIECE = 250_000
"""Events that are taken at once."""
_PART, _ROOT, _PROPERTIES, _SAID = "__part__", "__root__", "__properties__", "__said__"
_BAD = pl.any_horizontal(
    pl.col(AT.name).is_null(),
    pl.col(KIND.name).is_null(),
    *(unfit(name) for name in (KEY, KIND.name, ID.name)),
)


@dataclass
class EventsDone:
    """What became of events.

    repeats: known by their id already; differing: of these, those that were something else;
    without_id: those that would count again if they were imported again; again: of these, those
    that say exactly what was there already; kinds: how many there were of each.
    """

    new: int = 0
    repeats: int = 0
    differing: int = 0
    without_id: int = 0
    again: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def json(self) -> dict[str, object]:
        """The part of `import --format json` that is about events."""
        return {
            "new": self.new,
            "repeated": self.repeats,
            "differing": self.differing,
            "rejected": len(self.rejected),
            "without_id": self.without_id,
            "said_again": self.again,
            "findings": findings_json(self.findings),
        }

    def count(self, kept: Kept) -> None:
        """Count in what became of a piece."""
        self.new += kept.new
        self.repeats += kept.repeats
        self.differing += len(kept.differing)
        self.without_id += sum(own is None for own in kept.taken.ids)
        self.again += kept.again
        self.kinds.update(kept.taken.events)


def take_events(
    batch: Batch, table: Table, order: str | None, key: str, done: EventsDone, tell: Progress
) -> None:
    """Keep the events of a table, and score the records that they happened to.

    order: of day, month and year, where moments don't say it themselves.
    """
    needed = (key, KIND.name, AT.name)
    absent = [f"`{name}`" for name in needed if header_of([name], table.columns) is None]
    if absent:
        raise MissingColumnsError(
            f"{table.source}: events need a column {' and '.join(absent)}.",
            f"Every event says whose it is (`{key}`), what it is (`{KIND.name}`) and when it "
            f"happened (`{AT.name}`).",
        )
    at, dtypes = replace(AT, order=order), dict(table.frame.collect_schema())
    boundary = Boundary([KIND, at, ID], key, table.columns, (), dtypes)
    heads = {header_of([name], table.columns) for name in (*needed, ID.name)}
    properties = [name for name in table.columns if name not in heads]
    with _pieces(batch, table, _typed(table, boundary, properties)) as pieces:
        for piece in pieces:
            done.rejected += _take(batch, piece, at, key, done)
            tell(piece.height)
    done.rejected = left_out(table, boundary, done.rejected)
    done.findings = event_findings(table, key, batch.cards, done.kinds)


def _take(
    batch: Batch, piece: pl.DataFrame, at: Field, key: str, done: EventsDone
) -> Iterator[RejectedRow]:
    for row in piece.filter(_BAD).iter_rows(named=True):
        yield RejectedRow(row[ROW], None, _why(row, at, key), "")
    piece = piece.filter(~_BAD)
    names = (KEY, KIND.name, AT.name, ID.name, _PROPERTIES)
    raw = RawEvents(*(piece[name].to_list() for name in names))
    kept = store_events(batch, raw, compare=True)
    done.count(kept)
    rows = piece[ROW].to_list()
    for place in kept.nobody:
        yield RejectedRow(rows[place], None, f"no record has this `{key}`", "")


def _why(row: Mapping[str, Any], at: Field, key: str) -> str:
    """Why an event can't be used."""
    texts = {key: row[KEY], KIND.name: row[KIND.name], ID.name: row[ID.name]}
    found = [unfit_reason(name) for name, text in texts.items() if "\0" in (text or "")]
    if row[KIND.name] is None:
        found.append(f"`{KIND.name}` is blank")
    if row[AT.name] is None:
        found.append(no_moment(at, row[_SAID]))
    return "; ".join(found)


def _typed(table: Table, boundary: Boundary, properties: Sequence[str]) -> pl.LazyFrame:
    """Row, key, kind, moment and id of each event, and its properties as JSON.

    Where there is no moment, also what stands in its place.
    """
    typed = boundary.lazy(table.frame, keep=True)
    moment = exactly(KEPT + (header_of([AT.name], table.columns) or AT.name))
    said = text_of(pl.when(pl.col(AT.name).is_null()).then(moment)).alias(_SAID)
    own = (ROW, KEY, KIND.name, pl.col(AT.name).cast(pl.Int64), ID.name, said)
    texts = typed.select(*own, *map(_text, properties))
    return texts.select(
        ROW, KEY, KIND.name, AT.name, ID.name, _SAID, _object(properties).alias(_PROPERTIES)
    )


def _text(name: str) -> pl.Expr:
    """The raw texts of a column; null where nothing is said."""
    text = text_of(exactly(KEPT + name))
    return pl.when(text.str.strip_chars() != "").then(text).alias(KEPT + name)


def _object(names: Sequence[str]) -> pl.Expr:
    """The texts of a row as JSON."""
    if not names:
        return pl.lit("{}")
    members = pl.concat_str(*map(_member, names), separator=",", ignore_nulls=True)
    return pl.concat_str(pl.lit("{"), members, pl.lit("}"))


def _member(name: str) -> pl.Expr:
    """`"name":"text"` of an object; null where nothing is said."""
    text = exactly(KEPT + name)
    whole = pl.struct(text.alias(name)).struct.json_encode()
    return pl.when(text.is_not_null()).then(whole.str.slice(1).str.strip_suffix("}"))


@contextmanager
def _pieces(batch: Batch, table: Table, typed: pl.LazyFrame) -> Iterator[Iterator[pl.DataFrame]]:
    """The events in pieces, all of one person in one piece, in the order of the file in each.

    Many of them go through files, by persons in their order: memory is bounded (a person's own
    events must fit), and those of one lie together in the database.
    """
    count = table.frame.select(pl.len()).collect(engine="streaming").item()
    if count <= PIECE:
        yield iter([typed.collect(engine="streaming")])
        return
    with tempfile.TemporaryDirectory(prefix="scoreline-") as folder:
        whole = Path(folder, "whole.ipc")
        typed.sink_ipc(whole)
        yield _cut_up(batch, pl.scan_ipc(whole), Path(folder, "parts"))


def _cut_up(batch: Batch, rows: pl.LazyFrame, folder: Path) -> Iterator[pl.DataFrame]:
    """The events of each part of the persons, then those of nobody, then what was said before."""
    roots = records.roots_by_key(batch.connection)
    known = pl.LazyFrame(
        {
            KEY: pl.Series(list(roots), dtype=pl.String),
            _ROOT: pl.Series(list(roots.values()), dtype=pl.Int64),
        }
    )
    placed = rows.join(known, on=KEY, how="left")
    usable = pl.col(_ROOT).is_not_null() & ~_BAD
    again = _said_before(placed.filter(usable)).lazy()
    first = placed.filter(usable).join(again, on=ROW, how="anti")
    sizes = first.group_by(_ROOT).len().sort(_ROOT).collect(engine="streaming")
    parts = sizes.select(_ROOT, (pl.col("len").cum_sum() // PIECE).alias(_PART))
    by_part = pl.PartitionBy(folder, key=_PART, include_key=False)
    first.join(parts.lazy(), on=_ROOT).sink_ipc(by_part, mkdir=True)
    for part in sorted(folder.glob("*"), key=lambda path: (len(path.name), path.name)):
        whole = pl.concat([pl.read_ipc(path) for path in part.iterdir()])
        yield whole.sort(_ROOT, ROW).drop(_ROOT)
    for rest in (placed.filter(~usable), placed.join(again, on=ROW, how="semi")):
        yield from rest.drop(_ROOT).collect_batches(chunk_size=PIECE, engine="streaming")


def _said_before(rows: pl.LazyFrame) -> pl.DataFrame:
    """The rows whose id stands in an earlier row; ids are told apart by their hashes first."""
    own = pl.col(ID.name)
    hashes = rows.filter(own.is_not_null()).select(own.hash()).collect(engine="streaming")
    twice = hashes.filter(pl.all().is_duplicated()).to_series().unique()
    some = rows.filter(own.hash().is_in(twice.implode())).select(ROW, ID.name)
    found = some.sort(ROW).collect(engine="streaming")
    return found.filter(~own.is_first_distinct()).select(ROW)
