"""A text file as UTF-8, transcoded into a temporary file if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scoreline.quality.reading.encodings import (
    SAMPLE,
    UTF8_MARK,
    Encoding,
    guess_encoding,
    said_encoding,
    transcode,
    utf8_lines_in,
)
from scoreline.quality.table import Notes, Scratch


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file as UTF-8: where, from which byte on, its encoding, and whether that is settled.

    An encoding is settled unless all that was seen so far is ASCII or UTF-8 by guess.
    """

    path: Path
    start: int
    encoding: Encoding
    settled: bool

    def sample(self) -> tuple[bytes, bool]:
        """The first megabyte, and whether that is all."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return stream.read(SAMPLE), not stream.read(1)


def as_utf8(path: Path, said: str | None, notes: Notes, scratch: Scratch) -> TextFile:
    """The file as UTF-8; notes what was guessed."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE)
        whole = not stream.read(1)
    encoding = said_encoding(said) if said else guess_encoding(sample, whole)
    if encoding.name == "utf-8":
        start = len(UTF8_MARK) if sample.startswith(UTF8_MARK) else 0
        return TextFile(path, start, encoding, settled=said is not None)
    return transcoded(path, encoding, sample, notes, scratch)


def transcoded(
    path: Path, encoding: Encoding, sample: bytes, notes: Notes, scratch: Scratch
) -> TextFile:
    """The file as UTF-8, from another encoding."""
    if encoding.guessed:
        code = "encoding-guessed" if encoding.sure else "encoding-unsure"
        notes.count(code, detail=encoding.name)
        if "utf" not in encoding.name:
            for line in utf8_lines_in(sample):
                notes.count("encodings-mixed", line, encoding.name)
    target = scratch.path(".txt")
    transcode(path, encoding.name, target)
    return TextFile(target, 0, encoding, settled=True)


def encoding_around(text: TextFile, offset: int) -> Encoding | None:
    """The encoding, now that bytes that are no UTF-8 were met at `offset`, far down in the file.

    None if it is UTF-8 all the same, or was settled before.
    """
    if text.settled or not text.sample()[0].isascii():
        return None
    with text.path.open("rb") as stream:
        stream.seek(max(0, offset - 1024))
        found = guess_encoding(stream.read(SAMPLE).split(b"\n", 1)[-1], whole=False)
    return None if found.name == "utf-8" else found
