"""The XML of a workbook's part cut where whole elements end, so that plain ones need no parser.

expat calls Python five times a cell. Nearly all of a sheet is rows of one plain shape, which a
regular expression reads three times as fast (1.5 million cells: 2.6 s of CPU instead of 8.5). A
stretch of whole elements that was read so is kept from expat, which then goes on as if it had not
been there; all else it gets, byte for byte. After a comment, a CDATA section or an instruction
everything goes to expat, for in these an end tag need not be one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST_HELD = 4 << 20
"""Bytes without the end of an element after which no more are held back."""
_FAILURES = 8
"""Stretches that were not plain after which no more are tried, unless more were plain."""

_DECLARATION = re.compile(
    rb"""(?:\xef\xbb\xbf)?<\?xml version=["']1\.0["'](?: encoding=["'][Uu][Tt][Ff]-8["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])?\s*\?>\s*"""
)
_AFTER_NAME = (b" ", b">", b"\n", b"\r", b"\t")

NOT_TEXT = "<&\x00-\x08\x0b-\x1f\ufffe\uffff"
"""What never stands for itself in a text of XML, and the carriage return, which expat changes."""
ATTRIBUTES = rf'(?: [A-Za-z_][A-Za-z0-9_:.-]*="[^"{NOT_TEXT}]*+")*+'
TEXT = rf"(?:[^{NOT_TEXT}]++|&(?:amp|lt|gt|quot|apos);)*+"
"""The text of an element with the five entities that XML has by itself."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What may be read without a parser.

    root: the root element; opening: the end of what stands before the elements; closing: the end
    tag of an element; end: the beginning of what stands after the last; take: reads a stretch of
    whole elements, false if it is not plain or holds anything else.
    """

    root: bytes
    opening: bytes
    closing: bytes
    end: bytes
    take: Callable[[str], bool]


def unescaped(text: str) -> str:
    """A text that `TEXT` matched, as it is meant."""
    if "&" not in text:
        return text
    for name, sign in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
        text = text.replace(f"&{name};", sign)
    return text


def for_parser(blocks: Iterator[bytes], plain: Plain | None) -> Iterator[tuple[bytes, int]]:
    """The bytes that a parser must see, each with the number of line ends it was spared before.

    An empty one means that a stretch was taken.
    """
    if plain is None:
        yield from ((block, 0) for block in blocks)
        return
    head = next(blocks, b"")
    start = _start(head, plain)
    if not start:
        yield head, 0
        yield from ((block, 0) for block in blocks)
        return
    yield head[:start], 0
    rest, balance = head[start:], _FAILURES
    while True:
        cut = rest.rfind(plain.closing) + len(plain.closing)
        if cut >= len(plain.closing):
            stretch, rest = rest[:cut], rest[cut:]
            if _taken(stretch, plain):
                balance = min(balance + 1, _FAILURES)
                yield b"", stretch.count(b"\n")
            elif _may_mislead(stretch, plain):
                yield stretch + rest, 0
                break
            else:
                balance -= 1
                yield stretch, 0
        if len(rest) > MOST_HELD or not balance:
            yield rest, 0
            break
        block = next(blocks, b"")
        if not block:
            yield rest, 0
            break
        rest += block
    yield from ((block, 0) for block in blocks)


def _start(head: bytes, plain: Plain) -> int:
    """Where the first element may begin; 0 if what stands before is unusual."""
    declared = _DECLARATION.match(head)
    begin = declared.end() if declared else 0
    after_root = begin + len(plain.root)
    if head[begin:after_root] != plain.root or head[after_root : after_root + 1] not in _AFTER_NAME:
        return 0
    start = head.find(plain.opening, begin) + len(plain.opening)
    before = head[begin:start]
    return 0 if not before or b"<!" in before or b"<?" in before else start


def _may_mislead(stretch: bytes, plain: Plain) -> bool:
    """Whether the stretch holds what makes an end tag none, or ends the elements."""
    return b"<!" in stretch or b"<?" in stretch or plain.end in stretch


def _taken(stretch: bytes, plain: Plain) -> bool:
    try:
        text = stretch.decode()
    except UnicodeDecodeError:
        return False
    return "]]>" not in text and plain.take(text)
