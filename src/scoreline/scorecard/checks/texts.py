"""Texts that stand for all texts, as far as a card's literals and text tests can tell them apart.

Every literal stands for itself. Any other text stands out by the text tests it passes: the tests
a text passes are passed, and no others, by the longest start, the wanted parts and the longest
end joined by a letter that the card never uses: whatever a test finds in the joined text lies
inside one of the pieces, and so it was in the text that the pieces were taken from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoreline.language.kleene import TEXT
from scoreline.language.tree import TextOperator
from scoreline.scorecard.checks.clock import Clock

MOST = 2_000
_LETTERS = range(0x4E00, 0x9FA6)  # Han letters: no case, nothing composes with them


@dataclass(frozen=True, slots=True)
class Part:
    """What a text test looks for."""

    op: TextOperator
    text: str

    def within(self, text: str) -> bool:
        """Whether a text passes the test."""
        return TEXT[self.op](text, self.text)


def text_stand_ins(
    literals: Iterable[str], parts: Iterable[Part], clock: Clock, each: int = 1
) -> tuple[str, ...] | None:
    """Texts that stand for all; `each` different ones where several fields are compared.

    None if they would be too many.
    """
    named, wanted = tuple(dict.fromkeys(literals)), tuple(dict.fromkeys(parts))
    fresh = _fresh({*"".join(named), *"".join(part.text for part in wanted)})
    letters = [next(fresh) for _ in range(each)]
    passed = {frozenset[Part](): frozenset[Part]()}
    rest = list(passed)
    while rest:
        chosen = rest.pop()
        for part in wanted:
            text = None if part in chosen else _joined({*chosen, part}, letters[0])
            clock.work(5 + len(chosen))
            if text is None:
                continue
            passes = frozenset(p for p in wanted if p.within(text))
            clock.work(len(wanted))
            if passes not in passed:
                passed[passes] = passes
                rest.append(passes)
        if len(passed) > MOST:
            return None
    others = [_joined(passes, letter) for passes in passed for letter in letters]
    return (*named, *(text for text in others if text is not None))


def _fresh(used: set[str]) -> Iterator[str]:
    return (letter for code in _LETTERS if (letter := chr(code)) not in used)


def _joined(parts: Iterable[Part], letter: str) -> str | None:
    """A text that passes these tests; None if no text does."""
    by_op: dict[str, list[str]] = {"starts_with": [], "contains": [], "ends_with": []}
    for part in parts:
        by_op[part.op].append(part.text)
    start = max(by_op["starts_with"], key=len, default="")
    end = max(by_op["ends_with"], key=len, default="")
    if not all(map(start.startswith, by_op["starts_with"])):
        return None
    if not all(map(end.endswith, by_op["ends_with"])):
        return None
    text = letter.join([start, *sorted(by_op["contains"]), end])
    text = text if letter in text else text + letter
    return text if text == text.strip() else None
