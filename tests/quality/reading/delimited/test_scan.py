"""Polars and our own parser make the same table of every file that the scan calls clean."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.quality.reading.seeing import Seen, see

from scoreline.errors import DataError
from scoreline.quality.reading import lines
from scoreline.quality.reading.delimited import file, mended, rows, scan
from scoreline.quality.reading.delimited.rows import Record
from scoreline.quality.reading.delimited.scan import scan_csv_bytes
from scoreline.quality.reading.files import open_table

RUNS = settings(
    max_examples=2_000,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

letters = st.sampled_from(["a", "b", " ", "é", "я", "日", "😀", "=", "-", "1", "'", "\\", "\t"])
plain = st.text(letters, max_size=6).filter(lambda text: text.strip())
tricky = st.sampled_from(
    ["", '""', ' ""', '"a"', '"a""b"', '"a,b"', '"x\ny"', '"\r\n"', '" "', "  "]
)
broken = st.sampled_from(['"a', 'a"', '"a"b', "\0", "\r", '"', "\x1a", '"""', '\\"', '"a\\"b"'])
sound_cells = st.one_of(plain, tricky)
any_cells = st.one_of(plain, tricky, tricky, broken)
ends = st.sampled_from(["\n", "\n", "\n", "\r\n"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A csv text: mostly regular, with a wrong width or a broken cell here and there."""
    width = draw(st.integers(1, 4))
    flawed = draw(st.booleans())
    cells = any_cells if flawed else sound_cells
    text = ",".join("abcd"[:width]) + "\n"
    for _ in range(draw(st.integers(0, 8))):
        odd = flawed and draw(st.integers(0, 9)) == 0
        number = draw(st.integers(0, 5)) if odd else width
        text += ",".join(draw(cells) for _ in range(number)) + draw(ends)
    return (text[:-1] if draw(st.booleans()) else text).encode("utf-8", "surrogatepass")


SOUND = [b"1,x,y\n", b'2,"a,b",z\r\n', b'3,"one\ntwo","q""q"\n', '4,"é\r",日\n'.encode(), b",,\n"]
FLAWS = [
    *(b"1\n", b"1,2,3,4\n", b"1,2,3,,\n", b"\n", b"  \r\n", b"\x1a\n", b"1,\xff,3\n", b"1,\xc3\n"),
    *(b'1,"a,3\n', b'1,a",3\n', b'1,"a"b,3\n', b"1,a\0b,3\n", b"1,2,3\r", b'1, "a,b",3\n'),
    *(
        b'1,"a\\"b",3\n',
        b'1,"\xe9\nx",3\n',
        b'"\n',
        b"=1,-2,+3,\n",
        b'"=1","",x,\n',
        b"1,2\x1a,3\n",
    ),
]


@st.composite
def long_files(draw: st.DrawFn) -> bytes:
    """Stretches of sound records with flawed ones between them, now alone, now many together."""
    text = b"a,b,c\n"
    for _ in range(draw(st.integers(0, 5))):
        text += b"".join(draw(st.lists(st.sampled_from(SOUND), max_size=8)))
        text += b"".join(draw(st.lists(st.sampled_from(FLAWS), max_size=3)))
    return text[:-1] if draw(st.booleans()) else text


def both(
    path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, far: int = 1
) -> tuple[Seen, Seen, bool]:
    """The table by either path, and whether Polars was let read it."""
    slow = see(path, separator=",")
    monkeypatch.setattr(file, "SMALL", 0)
    monkeypatch.setattr(scan, "CHUNK", chunk)
    monkeypatch.setattr(mended, "FAR", far)
    fast = see(path, separator=",")
    width = len(slow.columns)
    clean = scan_csv_bytes(path, len(",".join("abcd"[:width])) + 1, ",", width).clean
    monkeypatch.undo()
    return slow, fast, clean


def test_two_readers_one_table(tmp_path: Path) -> None:
    path, seen_kinds = tmp_path / "random.csv", Counter[str]()

    @RUNS
    @given(
        text=st.one_of(files(), long_files()),
        chunk=st.sampled_from([5, 7, 64, 1 << 18]),
        far=st.sampled_from([0, 1, 2, 5]),
    )
    def come_to_one_table(text: bytes, chunk: int, far: int) -> None:
        path.write_bytes(text)
        with pytest.MonkeyPatch.context() as patch:
            try:
                slow, fast, clean = both(path, patch, chunk, far)
            except DataError as refused:  # too many control characters: before anything is parsed
                assert "binary" in refused.message  # noqa: PT017
                return
        assert fast == slow
        seen_kinds["clean" if clean else "repaired"] += 1
        seen_kinds["rejected"] += bool(slow.rejected)
        seen_kinds["over lines"] += any("\n" in str(cell) for row in slow.rows for cell in row)

    come_to_one_table()
    print(dict(seen_kinds))
    assert all(seen_kinds[kind] > 100 for kind in ("clean", "repaired", "rejected", "over lines"))


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_at_any_place_of_a_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flaw: bytes
) -> None:
    path = tmp_path / "flawed.csv"
    path.write_bytes(b"a,b,c\n" + b"".join(SOUND) + flaw + SOUND[3])
    for chunk in range(5, 70, 3):
        slow, fast, _ = both(path, monkeypatch, chunk)
        assert fast == slow, chunk


HEADS = [
    b"a,b,c\r",
    b"a,b,c\r\n",
    b"\n\na,b,c\n",
    b"\r\r\na,b,c\n",
    b'a,b,"c\nd"\n',
    b'a,b,"c\rd"\n',
    b'a,b,"c\rd"\r',
    b'"a\r\nx",b,c\r\n',
    b"\xef\xbb\xbfa,b,c\r",
]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("head", HEADS)
def test_no_row_is_lost_behind_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: bytes, end: bytes
) -> None:
    path = tmp_path / "headed.csv"
    path.write_bytes(head + b"".join(b"%d,x,y" % n + end for n in range(50)))
    slow, fast, _ = both(path, monkeypatch, 64)
    assert fast == slow
    assert [row[0] for row in fast.rows] == [str(n) for n in range(50)]


def test_a_line_that_is_too_long_is_counted_whole_when_it_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unclosed quote takes a line that was cut and gives it back: no row is made of its tail."""
    path = tmp_path / "long.csv"
    long = b"x" * 5_000 + "ж".encode() * 7_000 + b",7,8" + b",1,2,3" * 100
    path.write_bytes(b"a,b,c\n" + SOUND[0] * 3 + b'1,"2,3\n' + long + b"\n" + SOUND[0] * 3)
    for module in (lines, rows, scan):
        monkeypatch.setattr(module, "LONGEST_LINE", 10_000)
    slow = see(path, separator=",")
    monkeypatch.setattr(file, "SMALL", 0)
    assert see(path, separator=",") == slow
    assert [code for _, _, code in slow.rejected] == ["line-too-long"]


def test_another_encoding_is_seen_behind_a_flaw_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "late.csv"
    name = "5,Анна,Москва\n6,Иван Петров,Санкт-Петербург\n".encode("windows-1251")
    path.write_bytes(b"a,b,c\n" + b"1,x,y\n" * 20_000 + b"\n" + b"1,x,y\n" * 20_000 + name * 50)
    monkeypatch.setattr(file, "SMALL", 0)
    found = see(path)
    assert (found.rows[-1][1], found.rejected) == ("Иван Петров", [])


def test_a_quote_behind_a_backslash_is_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "backslash.csv"
    path.write_bytes(b'a,b,c\n1,"a\\"",3\n2",x,y\n3,"c:\\dir\\",4\n' + SOUND[0])
    for chunk in range(5, 40):
        slow, fast, _ = both(path, monkeypatch, chunk)
        assert fast == slow, chunk


texts = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t"))


@settings(RUNS, max_examples=500)
@given(rows=st.lists(st.tuples(texts, texts, texts), max_size=20))
def test_what_python_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Python's csv module as a judge of its own: every cell comes back, by either path."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([("a", "b", "c"), *rows])
    path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_text(written.getvalue(), encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        slow, fast, clean = both(path, patch, 64)
    assert clean
    assert fast.rows == slow.rows == [tuple(cell or None for cell in row) for row in rows]


def test_a_flaw_anywhere_in_a_big_file_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two million bytes; whatever the flaw, all comes out as the robust parser has it."""
    lines = [f'{n},"name, {n}",Ünï-{n % 97}\n'.encode() for n in range(60_000)]
    path = tmp_path / "big.csv"
    path.write_bytes(b"id,name,city\n" + b"".join(lines))
    whole = see(path)
    assert (len(whole.rows), whole.rejected, whole.findings) == (60_000, [], {})
    assert whole.rows[59_999] == ("59999", "name, 59999", "Ünï-53")
    flaws = (b"x,y,z,too long\n", b'x,"y"z,w\n', b"x,\xff,z\n", b"x,a\0b,z\n", b"\n")
    for place, flaw in zip((0, 17_003, 31_415, 59_998, 60_000), flaws, strict=True):
        flawed = [*lines[:place], flaw, *lines[place:]]
        path.write_bytes(b"id,name,city\n" + b"".join(flawed))
        with monkeypatch.context() as patch:
            patch.setattr(file, "SMALL", 1 << 40)
            slow = see(path)
        assert see(path) == slow
        assert len(slow.rows) + len(slow.rejected) == 60_001 - (flaw == b"\n")
        assert slow.rejected or slow.findings


def test_only_flawed_records_go_through_the_robust_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few flaws far apart cost few records; many of them send everything to it in a few steps."""
    taken = steps = 0

    class Counted(mended.RecordReader):
        def __iter__(self) -> Iterator[Record]:
            nonlocal taken, steps
            steps += 1
            for record in super().__iter__():
                taken += 1
                yield record

    monkeypatch.setattr(mended, "RecordReader", Counted)
    sound = b'1,"a, b",c,some more text to fill the line\n'
    path = tmp_path / "flawed.csv"
    path.write_bytes(b"a,b,c,d\n" + (sound * 20_000 + b"1,2,3,4,5\n") * 3)
    seen = see(path)
    assert ([row for row, _, _ in seen.rejected], len(seen.rows)) == ([20001, 40002, 60003], 60_000)
    assert (taken, steps) == (3, 3)
    taken = steps = 0
    path.write_bytes(b"a,b,c,d\n" + (sound + b"1,2,3\n") * 20_000)
    assert len(see(path).rows) == 40_000
    assert steps < 20


def test_columns_of_mended_files_are_plain_only_if_they_are(tmp_path: Path) -> None:
    path = tmp_path / "risky.csv"
    path.write_bytes(b"a,b,c\n" + b"1,2,3\n" * 200_000 + b"=1,2\n" + b"1,2,3\n")
    with open_table(path) as table:
        assert table.plain == {"b", "c"}


def test_the_scan_counts_rows_and_knows_plain_columns(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_bytes('1,Анна,+7 912,"=x"\n2,"Boris",8,\n'.encode())
    scan = scan_csv_bytes(path, 0, ",", 4)
    assert (scan.clean, scan.rows, scan.plain) == (True, 2, (True, True, False, False))


@pytest.mark.parametrize(
    "wrong",
    [
        b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc3", b"\xc3(", b"\xe0\x80\x80", b"\xe2\x82",
        b"\xed\xa0\x80", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", range(6))
def test_only_valid_utf8_is_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: bytes, before: int
) -> None:
    monkeypatch.setattr(scan, "CHUNK", 6)
    path = tmp_path / "bytes.csv"
    for text in (b"x" * before + wrong, b"x" * before + wrong + b"y\n"):
        path.write_bytes(text)
        assert not scan_csv_bytes(path, 0, ",", 1).clean
    path.write_bytes(b"x" * before + "éя日😀\U0010ffff\ud7ff".encode() + b"\n")
    assert scan_csv_bytes(path, 0, ",", 1).clean
