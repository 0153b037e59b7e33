"""The cards in force, compiled once for each publication."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from scoreline.errors import DataError
from scoreline.lifecycle.scorer import Scorer
from scoreline.scorecard.file import parse_files
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import adjustments_of
from scoreline.store import versions
from scoreline.store.scores import StoredScore
from scoreline.store.versions import Identity, Publication, decode_files

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scoreline.lifecycle.matching import Matching


@dataclass(frozen=True)
class CardInForce:
    """A published card with what scores by it.

    reading: the versions that read the same fields and facts in the same way: what they typed can
    be scored as it stands.
    """

    publication: Publication
    model: Scorecard
    scorer: Scorer
    reading: frozenset[int]

    @property
    def name(self) -> str:
        """The card's name."""
        return self.publication.card

    def reads(self, score: StoredScore) -> bool:
        """Whether the typed values behind a score are what this version would read."""
        return score.version in self.reading

    def place(self, segment: str | None) -> int:
        """The place of a segment, the best is 0; one that is not there any more is last."""
        return self._places.get(segment or "", len(self._places))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {segment.name: place for place, segment in enumerate(self.model.segments)}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Places of the lines: terms, then adjustments."""
        names = [term.name for term in self.model.terms]
        return {n: place for place, n in enumerate([*names, *adjustments_of(self.model)])}


class Shelf:
    """The cards in force, kept compiled as long as no other version is put in force; and the match
    model.

    trouble: why the match model can't be used, where it is so.
    """

    def __init__(self) -> None:
        self._state: object = ()
        self._cards: list[CardInForce] = []
        self._matching: tuple[int | None, Matching | None] = (None, None)
        self.trouble = ""

    def in_force(
        self, connection: Connection, *, lock: bool = False
    ) -> tuple[list[CardInForce], Matching | None]:
        """The cards in force, by name, and what looks up duplicates.

        That is None where no match model was learnt, or it can't be used. lock: nothing is replaced
        before the transaction ends.
        """
        state = versions.state(connection, lock=lock)
        if state != self._state:
            self._cards = in_force(connection)
            number = dict(state)[versions.MATCH_MODEL]
            if number != self._matching[0]:
                self._matching = (number, self._learnt(connection, number))
            self._state = state
        return self._cards, self._matching[1]

    def _learnt(self, connection: Connection, number: int | None) -> Matching | None:
        self.trouble = ""
        if number is None:
            return None
        # What compares records takes a while to load, which only those pay who have a model.
        from scoreline.lifecycle.matching import Matching

        try:
            return Matching.in_force(connection, number)
        except DataError as error:
            self.trouble = f"Duplicates are not looked up. {error.message} {error.hint}"
            return None


def in_force(connection: Connection) -> list[CardInForce]:
    """The cards in force, by name."""
    return [compiled(connection, one) for one in versions.in_force(connection)]


def compiled(connection: Connection, publication: Publication) -> CardInForce:
    """A publication's card, ready to score."""
    model, scorer = _ready(publication.text)
    alike = versions.reading_alike(connection, identity(model)) | {publication.version}
    return CardInForce(publication, model, scorer, alike)


@lru_cache(maxsize=64)
def _ready(text: str) -> tuple[Scorecard, Scorer]:
    model = model_of(text)
    return model, Scorer(model)


def model_of(text: str) -> Scorecard:
    """The card of the files of a publication, as JSON."""
    return parse_files(decode_files(text))


def identity(model: Scorecard) -> Identity:
    """What a version of a card is known by."""
    read = [{f.name: f.meaning for f in model.fields}, sorted(model.facts)]
    digest = hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:32]
    return Identity(model.name, model.fingerprint, digest)
