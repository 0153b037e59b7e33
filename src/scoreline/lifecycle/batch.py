"""One batch: everything that one transaction changes is scored, noted and handed over with it.

Facts and events are stored first; then `rescore` computes the records that they touch, by every
card in force, and writes what differs. Only what the whole batch comes to is handed over: a record
that goes up and down again inside it moved twice, and nobody is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from scoreline.engines.base import Result
from scoreline.errors import Finding
from scoreline.lifecycle.handing import hand_over
from scoreline.lifecycle.lines import moving_line
from scoreline.lifecycle.manner import BatchDone, Manner
from scoreline.lifecycle.past import Behind, Limits, event_table, events_by_record
from scoreline.lifecycle.scorer import FEW, Scored, ToScore
from scoreline.lifecycle.staying import Staying
from scoreline.quality.boundary import FACTS_VERSION
from scoreline.scoring.stored import typed_table
from scoreline.store import bulk, records, scores
from scoreline.store.moments import moment_of, stored
from scoreline.store.moves import NewMove
from scoreline.store.scores import StoredScore

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scoreline.lifecycle.matching import Matching
    from scoreline.lifecycle.settings import Settings
    from scoreline.lifecycle.shelf import CardInForce

PIECE = 50_000
"""Records that are scored at once, with all their events: memory is bounded by these."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Records that are to be scored.

    changed: those whose facts are others than before; given: raw values of those that are new, of
    which nothing else is known; limits: the last event, by its number, that counts yet, of those
    that have such a limit; forward: nothing happened but time: what was scored as of a later moment
    stays as it is, and history gets a line only where a record moved.
    """

    roots: Sequence[int]
    changed: frozenset[int] = frozenset()
    given: Mapping[int, records.Given] = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    forward: bool = False


@dataclass(frozen=True, slots=True)
class _Typed:
    """The typed values of a record as JSON, and the version of the facts among them."""

    text: str
    facts_version: str


class Batch:
    """The records of one transaction on their way to new scores.

    results: of records that were scored one by one, by card and record: what it came to, and as it
    is kept; people: roots by the keys of those that came in few rows; findings: in the values of
    those that were typed one by one; kept: scores that a dry batch would have written, by card and
    record, if it is `keeping` them for one after it; matching: what looks up duplicates, where a
    match model was learnt; rekeyed: the records that are found by other keys than before.
    """

    def __init__(
        self,
        connection: Connection,
        cards: Sequence[CardInForce],
        settings: Settings,
        manner: Manner,
        *,
        keeping: bool = False,
        matching: Matching | None = None,
    ) -> None:
        self.connection = connection
        self.cards = cards
        self.settings = settings
        self.manner = manner
        self.now = stored(manner.as_of)
        self.done = BatchDone()
        self.results: dict[tuple[str, int], tuple[Result, StoredScore]] = {}
        self.people: dict[str, int] = {}
        self.findings: list[str] = []
        self.keeping = keeping
        self.kept: dict[tuple[str, int], StoredScore] = {}
        self.matching = matching
        self.rekeyed: frozenset[int] = frozenset()

    def rescore(self, touched: Touched, cards: Sequence[CardInForce] | None = None) -> None:
        """Score records by the cards in force, and write what differs."""
        for roots in bulk.chunks(touched.roots, PIECE):
            old = [root for root in roots if root not in touched.given]
            behind = records.behind(self.connection, old) if old else {}
            piece = replace(touched, roots=roots)
            if self.matching is not None and (touched.changed or touched.given):
                self._keep_keys(self.matching, piece, behind)
            for card in self.cards if cards is None else cards:
                self._rescore(card, piece, behind)

    def _keep_keys(self, matching: Matching, touched: Touched, behind: Behind) -> None:
        """The index says what is known of these records now."""
        new = {root: touched.given[root] for root in touched.roots if root in touched.given}
        changed = [root for root in touched.roots if root in touched.changed]
        given = self._given(changed, behind) if changed else {}
        self.rekeyed |= matching.keep(self.connection, new, given)

    def finish(self) -> BatchDone:
        """Keep the moves and put messages about them into the outbox."""
        done, self.done = self.done, BatchDone()
        staying = Staying(self.connection, self.cards, done.stood)
        return hand_over(self.connection, self.settings, self.manner, done, staying)

    def _rescore(self, card: CardInForce, touched: Touched, behind: Behind) -> None:
        new: list[StoredScore] = []
        noted: list[StoredScore] = []
        changed = 0
        for before, after in self.computed(card, touched, behind, onward=not touched.forward):
            if before is not None and before.as_of > self.now:
                self.done.later.add((card.name, after.record))
                if touched.forward:
                    continue
            if before is None or _differs(before, after):
                changed += 1
                if before is None or not touched.forward or before.segment != after.segment:
                    noted.append(after)
                self._move(card, before, after)
            elif (before.next_change, before.typed) == (after.next_change, after.typed):
                continue
            new.append(after)
        self.done.computed += len(touched.roots)
        self.done.changed += changed
        if self.manner.dry and self.keeping:
            self.kept |= {(card.name, score.record): score for score in new}
        if not self.manner.dry:
            scores.put(self.connection, new)
            scores.note(self.connection, ((score, self.manner.cause) for score in noted))

    def computed(
        self, card: CardInForce, touched: Touched, behind: Behind, *, onward: bool = False
    ) -> Iterator[tuple[StoredScore | None, StoredScore]]:
        """The score of each record as it is kept, and as it is now; it writes findings only.

        onward: no record goes back in time: where it was last scored as of a later moment, it is
        scored as of that one again.
        """
        roots = touched.roots
        known = [root for root in roots if root not in touched.given]
        old = scores.of_records(self.connection, card.name, known) if known else {}
        if self.kept:
            old = {root: self.kept.get((card.name, root), score) for root, score in old.items()}
        fresh = [
            root
            for root in roots
            if root in touched.changed or root not in old or not card.reads(old[root])
        ]
        typed = {root: _Typed(score.typed, score.facts_version) for root, score in old.items()}
        typed |= self._read(card, fresh, touched, behind)
        for moment, some in self._moments(roots, old, onward=onward).items():
            part = replace(touched, roots=some)
            for root, scored in self._scored(card, part, typed, behind, moment):
                before = old.get(root)
                after = _kept(card, root, typed[root], scored, before, moment)
                if scored.result is not None:
                    self.results[card.name, root] = scored.result, after
                yield before, after

    def _moments(
        self, roots: Sequence[int], old: Mapping[int, StoredScore], *, onward: bool
    ) -> dict[int, list[int]]:
        """The records by the moment that they are scored as of: nearly always the batch's."""
        found: dict[int, list[int]] = {}
        for root in roots:
            later = onward and root in old and old[root].as_of > self.now
            found.setdefault(old[root].as_of if later else self.now, []).append(root)
        return found

    def _scored(
        self,
        card: CardInForce,
        touched: Touched,
        typed: Mapping[int, _Typed],
        behind: Behind,
        moment: int,
    ) -> Iterator[tuple[int, Scored]]:
        """What each record comes to."""
        known = [root for root in touched.roots if root not in touched.given]
        as_of = moment_of(moment)
        if len(touched.roots) <= FEW:
            happened = events_by_record(self.connection, card.scorer, known, behind, touched.limits)
            for root in touched.roots:
                row = ToScore(root, typed[root].text, happened.get(root, ()))
                yield root, card.scorer.one(row, as_of)
            return
        rows = [ToScore(root, typed[root].text) for root in touched.roots]
        table = event_table(self.connection, card.scorer, known, behind, touched.limits)
        yield from card.scorer.many(rows, table, as_of)

    def _move(self, card: CardInForce, before: StoredScore | None, after: StoredScore) -> None:
        old = None if before is None else before.segment
        if old == after.segment:
            return
        line = ""
        if before is not None:
            up = card.place(after.segment) < card.place(old)
            line = moving_line(before.reasons, after.reasons, up=up, order=card.order)
            if before.next_change is not None and before.next_change < after.as_of:
                self.done.stood.setdefault((card.name, after.record), before)
        self.done.moves.append(
            NewMove(
                card.name,
                after.record,
                old,
                after.segment,
                after.as_of,
                after.version,
                line,
                self.manner.cause,
                "",
            )
        )

    def _read(
        self, card: CardInForce, roots: Sequence[int], touched: Touched, behind: Behind
    ) -> dict[int, _Typed]:
        """The typed values of records, from what is known of them now; findings are kept."""
        if not roots:
            return {}
        known = [root for root in roots if root not in touched.given]
        given = {**touched.given, **(self._given(known, behind) if known else {})}
        codec = card.scorer.typed
        if len(roots) <= FEW:
            read = {root: codec.of(given[root], str(root)) for root in roots}
            texts = {root: codec.text(record.values) for root, record in read.items()}
            findings = {str(root): record.findings for root, record in read.items()}
            self.findings += [one.in_a_line for some in findings.values() for one in some]
        else:
            keys = [str(root) for root in roots]
            table, found = typed_table(card.model, keys, [given[root] for root in roots])
            texts = dict(zip(roots, codec.texts(table), strict=True))
            findings = {key: tuple(some) for key, some in found.items()}
        if not self.manner.dry:
            rows = _finding_rows(roots, findings)
            scores.put_findings(self.connection, card.name, known, rows)
        return {root: _Typed(text, FACTS_VERSION) for root, text in texts.items()}

    def _given(self, roots: Sequence[int], behind: Behind) -> dict[int, records.Given]:
        """The raw values of records; what one merged into it knows fills its gaps."""
        people = records.people(self.connection, roots, behind)
        return {person.id: person.given for person in people}


def _kept(
    card: CardInForce,
    root: int,
    typed: _Typed,
    scored: Scored,
    before: StoredScore | None,
    moment: int,
) -> StoredScore:
    """A record's score as it is kept, as of a moment."""
    stays = before is not None and before.segment == scored.segment
    return StoredScore(
        card=card.name,
        record=root,
        version=card.publication.version,
        as_of=moment,
        score=scored.score,
        low=scored.low,
        high=scored.high,
        segment=scored.segment,
        ask=scored.ask,
        reasons=scored.reasons,
        typed=typed.text,
        facts_version=typed.facts_version,
        since=before.since if before is not None and stays else moment,
        next_change=scored.next_change,
    )


def _finding_rows(
    roots: Sequence[int], findings: Mapping[str, Sequence[Finding]]
) -> list[dict[str, object]]:
    return [
        {
            "record": root,
            "field": one.field,
            "code": one.code,
            "level": one.level,
            "message": one.message,
            "hint": one.hint,
            "raw": one.raw,
        }
        for root in roots
        for one in findings.get(str(root), ())
    ]


_MEANT = attrgetter("version", "score", "low", "high", "segment", "ask", "reasons")


def _differs(before: StoredScore, after: StoredScore) -> bool:
    """Whether a record's score is another one than before, or of another version."""
    return bool(_MEANT(before) != _MEANT(after))
