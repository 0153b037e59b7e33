"""More than a hundred files that nobody should send, made by a script: `python -m
tests.hostile.files FOLDER` writes them all.

Each says how many data rows it holds and how many of them must be rejected, or with which words it
is refused. The test beside it holds the readers to that.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import socket
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from tests.quality.reading.sheets.workbooks import raw_workbook

MB = 1 << 20
HEAD = b"id,name,city\n"
ROWS = [f"{n},Anna {n},Perm".encode() for n in range(1, 11)]
TABLE = HEAD + b"\n".join(ROWS) + b"\n"
RUSSIAN = "id;имя;город\n" + "".join(f"{n};Анна Петрова;Пермь\n" for n in range(1, 11))
FRENCH = "id;prénom;ville\n" + "".join(f"{n};Hélène;Besançon\n" for n in range(1, 11))


@dataclass(frozen=True)
class Hostile:
    """A file: how it is made, and what must become of it.

    make: its bytes, or what makes it at a path; rows: data rows in it, None where it is refused;
    rejected: how many of them; refused: words of the one error; finding: a code that must be said;
    heavy: read in a process of its own, whose memory is measured.
    """

    name: str
    make: bytes | Callable[[Path], object]
    rows: int | None = None
    rejected: int = 0
    refused: str = ""
    finding: str = ""
    heavy: bool = False
    options: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """The file, made in `folder`."""
        path = folder / self.name
        if isinstance(self.make, bytes):
            path.write_bytes(self.make)
        else:
            self.make(path)
        return path


def later(make: Callable[[], bytes]) -> Callable[[Path], object]:
    """Bytes too many to be made before they are wanted."""
    return lambda path: path.write_bytes(make())


def with_row(row: bytes, at: int = 5, end: bytes = b"\n") -> bytes:
    """The small table with one more row among the others."""
    return HEAD + b"\n".join([*ROWS[:at], row]) + end + b"\n".join(ROWS[at:]) + b"\n"


def many(count: int, line: Callable[[int], str], head: str = "id,name,city\n") -> bytes:
    """A table of `count` rows."""
    return (head + "".join(line(n) for n in range(count))).encode()


def big(path: Path, flaw: bytes) -> None:
    """Some 4 MB of regular rows, one flaw near the end."""
    rows = [f"{n},name {n},Perm\n".encode() for n in range(200_000)]
    path.write_bytes(HEAD + b"".join(rows[:190_000]) + flaw + b"".join(rows[190_000:]))


def ascii_then(path: Path, encoding: str) -> None:
    """Two megabytes of ASCII before the first letter that shows the encoding."""
    rows = [f"{n},name {n},Perm\n".encode() for n in range(120_000)]
    late = [f"{n},Анна Петрова,Пермь\n".encode(encoding) for n in range(1_000)]
    path.write_bytes(HEAD + b"".join(rows) + b"".join(late))


# ----------------------------------------------------------------------------------- encodings

ENCODINGS = [
    Hostile("utf8-mark.csv", b"\xef\xbb\xbf" + RUSSIAN.encode(), 10),
    Hostile("utf16-little.csv", RUSSIAN.encode("utf-16"), 10),
    Hostile("utf16-big.csv", b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), 10),
    Hostile("utf16-no-mark.csv", RUSSIAN.encode("utf-16-le"), 10, finding="encoding-guessed"),
    Hostile("utf32.csv", RUSSIAN.encode("utf-32"), 10),
    Hostile("utf16-torn.csv", RUSSIAN.encode("utf-16")[:-3], 10, 1, finding="undecodable"),
    Hostile("utf16-lone-half.csv", "id;имя\n1;".encode("utf-16") + b"\x00\xd8;\0\n\0", 1, 1),
    Hostile("windows-1251.csv", RUSSIAN.encode("windows-1251"), 10, finding="encoding-guessed"),
    Hostile("windows-1252.csv", FRENCH.encode("windows-1252"), 10, finding="encoding-guessed"),
    Hostile("koi8.csv", RUSSIAN.encode("koi8-r"), 10, finding="encoding-guessed"),
    Hostile("dos.csv", RUSSIAN.encode("cp866"), 10, finding="encoding-guessed"),
    Hostile("mac.csv", FRENCH.encode("mac-roman"), 10, finding="encoding-guessed"),
    Hostile("no-such-byte.csv", RUSSIAN.encode("windows-1251").replace(b"10;", b"\x98;"), 10, 1),
    Hostile("mixed-mostly-utf8.csv",
            RUSSIAN.encode() + "11;Борис;Омск\n".encode("windows-1251"), 11, 1),
    Hostile("mixed-mostly-1251.csv", RUSSIAN.encode("windows-1251") + "11;Пётр;Омск\n".encode(),
            11, finding="encodings-mixed"),
    Hostile("overlong.csv", RUSSIAN.encode() + b"x;\xc0\xaf;y", 11, 1, finding="undecodable"),
    Hostile("surrogates.csv", RUSSIAN.encode() + b"x;\xed\xa0\x80;y", 11, 1),
    Hostile("beyond-unicode.csv", RUSSIAN.encode() + b"x;\xf5\x80\x80\x80;y\n", 11, 1),
    Hostile("late-1251.csv", lambda path: ascii_then(path, "windows-1251"), 121_000,
            finding="encoding-guessed"),
    Hostile("late-bad-byte.csv", lambda path: big(path, b"x,\x98\x98,y\n"), 200_001, 1),
    Hostile("right-to-left.csv",
            with_row("x,\u202eanna\u202c,\u05d0\u200f\u200b\u2060\ufeff".encode()), 11),
    Hostile("emoji.csv", with_row("x,👩‍👩‍👧‍👦 é́́́,\U0010ffff".encode()), 11),
]  # fmt: skip

# ------------------------------------------------------------------------------ lines and cells

LONG = 5 * MB
LINES = [
    Hostile("crlf.csv", TABLE.replace(b"\n", b"\r\n"), 10),
    Hostile("bare-cr.csv", TABLE.replace(b"\n", b"\r"), 10),
    Hostile("mixed-ends.csv", with_row(b"x,y,z", end=b"\r").replace(b"m\n", b"m\r\n", 3), 11),
    Hostile("cr-cr-lf.csv", TABLE.replace(b"\n", b"\r\r\n"), 10, finding="blank-lines"),
    Hostile("no-last-line-end.csv", TABLE.rstrip(b"\n"), 10),
    Hostile("control-z.csv", TABLE + b"\x1a", 10),
    Hostile("blank-lines.csv", b"\n\n" + TABLE.replace(b"\n", b"\n\n") + b"   \n\n", 10,
            finding="blank-lines"),
    Hostile("short.csv", with_row(b"x"), 11, finding="short-row"),
    Hostile("long.csv", with_row(b"a,b,c,d"), 11, 1, finding="ragged"),
    Hostile("long-but-blank.csv", with_row(b"a,b,c,, ,"), 11, finding="long-row-trimmed"),
    Hostile("all-long.csv", later(lambda: many(1000, lambda n: f"{n},b,c,d\n")), 1000, 1000),
    Hostile("one-short-far-down.csv", lambda path: big(path, b"x\n"), 200_001, finding="short-row"),
    Hostile("quote-never-closed.csv", TABLE + b'11,"Anna,Perm', 11, finding="stray-quote"),
    Hostile("quote-never-closed-torn.csv", TABLE + b'11,"An', 11, 1, finding="unclosed-quote"),
    Hostile("quote-opened-in-the-middle.csv", lambda path: big(path, b'x,"Anna\n'), 200_001, 1,
            finding="unclosed-quote"),
    Hostile("quotes-inside.csv", with_row(b'x,LLC "Romashka",5" pipe'), 11),
    Hostile("quotes-not-doubled.csv", with_row(b'x,"LLC "Romashka" Ltd",y'), 11,
            finding="stray-quote"),
    Hostile("quotes-by-backslash.csv", with_row(b'x,"the \\"best\\", he said",y'), 11,
            finding="backslash-quote"),
    Hostile("quotes-after-blanks.csv", with_row(b'x, "Smith, John" , "y"'), 11,
            finding="spaced-quote"),
    Hostile("quotes-only.csv", later(lambda: HEAD + b'"""""",""""""""""""\n' * 100), 100,
            finding="short-row"),
    Hostile("quotes-everywhere.csv", later(lambda: HEAD + b'"a"b"c,"d,"e\n' * 50_000), 50_000),
    Hostile("quotes-in-one-long-line.csv", later(lambda: with_row(b'"a,' * 700_000)), 11, 1,
            heavy=True),
    Hostile("quotes-odd-lines.csv", later(lambda: HEAD + b'"x,y,z\n"",",q\n' * 20_000), 40_000),
    Hostile("lines-in-cells.csv", with_row(b'x,"High\r\nStreet\n\n5",y'), 11),
    Hostile("cell-of-1-mb.csv", later(lambda: with_row(b"x," + b"a" * MB + b",y")), 11),
    Hostile("cell-over-1-mb.csv", later(lambda: with_row(b"x," + b"a" * (MB + 1) + b",y")), 11, 1,
            finding="cell-too-long"),
    Hostile("cell-of-5-mb.csv", later(lambda: with_row(b'x,"' + b"a\n" * (LONG // 2) + b'",y')),
            11, 1),
    Hostile("line-of-20-mb.csv", later(lambda: with_row(b"a" * 20 * MB)), 11, 1,
            finding="line-too-long",
            heavy=True),
    Hostile("only-a-line-of-20-mb.csv", later(lambda: b"a" * 20 * MB), refused="header",
            heavy=True),
    Hostile("nul.csv", with_row(b"x,An\0na,y"), 11, finding="nul-bytes"),
    Hostile("nul-page.csv", TABLE + b"\0" * 3, 11, finding="nul-bytes"),
    Hostile("nul-only.csv", b"\0" * 1000, refused="binary"),
    Hostile("controls.csv", bytes(range(256)) * 4, refused="binary"),
    Hostile("formulas.csv", with_row(b"=cmd|' /C calc'!A0,@SUM(A1),-1+1"), 11),
    Hostile("separators-only.csv", b",,\n" * 5, 4, finding="header-empty"),
    Hostile("blanks-in-one-column.csv", b"id\n1\n  \n2\n\n", 2, finding="blank-lines"),
    Hostile("all-separators.csv", b"id;name,x\tcity|y\n" + b"1;a,b\tc|d\n" * 5, 5),
    Hostile("semicolons-with-decimal-commas.csv", b"id;budget\n" + b"1;1,5\n" * 9, 9),
    Hostile("tabs.csv", TABLE.replace(b",", b"\t"), 10),
    Hostile("bars.txt", TABLE.replace(b",", b"|"), 10),
    Hostile("sep-line.csv", b"sep=;\r\n" + TABLE.replace(b",", b";"), 10),
    Hostile("header-only.csv", HEAD, 0),
    Hostile("header-twice.csv", HEAD + TABLE, 11),
    Hostile("header-duplicate.csv", TABLE.replace(b"name", b"id"), 10, finding="header-duplicate"),
    Hostile("header-empty.csv", TABLE.replace(b"name", b" "), 10, finding="header-empty"),
    Hostile("header-over-lines.csv", TABLE.replace(b"name", b'"na\nme"'), 10),
    Hostile("header-unclosed.csv", TABLE.replace(b"name", b'"name'), 10),
    Hostile("header-undecodable.csv", b"id,\xff\xfe\xfa\n1,2\n", refused="line 1"),
    Hostile("columns-2000.csv", (b"c," * 2_000)[:-1] + b"\n" + (b"1," * 2_000)[:-1], 1),
    Hostile("columns-2001.csv", b",".join(b"c%d" % n for n in range(2_001)), refused="2,000 col"),
    Hostile("columns-a-million.csv", later(lambda: b"a," * 1_000_000 + b"\n1"),
            refused="2,000 columns"),
    Hostile("empty.csv", b"", refused="empty"),
    Hostile("mark-only.csv", b"\xef\xbb\xbf", refused="empty"),
    Hostile("lines-only.csv", b"\r\n" * 100, refused="empty"),
]  # fmt: skip

# ------------------------------------------------------------------------------- files and places


def pipe(path: Path) -> None:
    os.mkfifo(path)


def closed(path: Path) -> None:
    path.write_bytes(TABLE)
    path.chmod(0)


def socket_file(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        here = os.open(".", os.O_RDONLY)
        try:
            os.chdir(path.parent)  # the name of a socket may have 108 characters at most
            end.bind(path.name)
        finally:
            os.chdir(here)
            os.close(here)


PLACES = [
    Hostile("folder.csv", lambda path: path.mkdir(), refused="is a folder"),
    Hostile("missing.csv", lambda path: path.with_name("missing.tsv").touch(), refused="no file"),
    Hostile("nowhere.csv", lambda path: path.symlink_to("nothing"), refused="no file"),
    Hostile("circle.csv", lambda path: path.symlink_to(path), refused="can't be read"),
    Hostile("pipe-nobody-writes.csv", pipe, refused="nobody writes"),
    Hostile("socket.csv", socket_file, refused="device"),
    Hostile("zeros.csv", lambda path: path.symlink_to("/dev/zero"), refused="device"),
    Hostile("null.csv", lambda path: path.symlink_to("/dev/null"), refused="device"),
    # the superuser may read it all the same
    Hostile("closed.csv", closed, 10) if os.geteuid() == 0
    else Hostile("closed.csv", closed, refused="may not be read"),
    Hostile("a[b]*?.csv", TABLE, 10),
    Hostile("имя с пробелом.csv", TABLE, 10),
    Hostile("no-extension", TABLE, 10),
    Hostile("pdf.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", refused="PDF"),
    Hostile("page.xls", b"<html><table><tr><td>id</td></tr></table></html>", refused="web page"),
    Hostile("sheet-xml.xls", b'<?xml version="1.0"?><Workbook/>', refused="XML document"),
    Hostile("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, refused="picture"),
    Hostile("database.csv", b"SQLite format 3\x00" + b"\0" * 99, refused="SQLite"),
    Hostile("rich.csv", b"{\\rtf1\\ansi", refused="rich text"),
    Hostile("random.csv", bytes(n * n * 7919 % 251 for n in range(5_000)), refused="binary"),
    Hostile("csv.xlsx", TABLE, 10, finding="wrong-extension"),
    Hostile("csv.parquet", TABLE, 10, finding="wrong-extension"),
    Hostile("csv.jsonl", TABLE, 10, finding="wrong-extension"),
]  # fmt: skip

# ---------------------------------------------------------------------------------- compression


def packed(path: Path, blocks: Iterator[bytes]) -> None:
    with gzip.open(path, "wb", compresslevel=6) as stream:
        for block in blocks:
            stream.write(block)


def repetitive(path: Path) -> None:
    """94 MB of equal rows: more than 100 to 1, and yet a table."""
    packed(path, (block for block in [HEAD, *[b"1,Anna Petrova of Perm,Perm\n" * 37_450] * 90]))


def tar(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("table.csv")
        entry.size = len(TABLE)
        archive.addfile(entry, io.BytesIO(TABLE))


def zipped(path: Path, **parts: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


GZ = gzip.compress(TABLE)
COMPRESSED = [
    Hostile("fine.csv.gz", GZ, 10),
    Hostile("gzip-named.csv", GZ, 10),
    Hostile("fine.tsv.gz", gzip.compress(TABLE.replace(b",", b"\t")), 10),
    Hostile("members.csv.gz", gzip.compress(HEAD) + gzip.compress(TABLE[len(HEAD) :]), 10),
    Hostile("cut.csv.gz", GZ[:-12], refused="cut off"),
    Hostile("wrong-sum.csv.gz", GZ[:-8] + b"\1\2\3\4" + GZ[-4:], refused="damaged"),
    Hostile("damaged.csv.gz", GZ[:20] + b"\xff" * 10 + GZ[30:], refused="damaged"),
    Hostile("more-behind.csv.gz", GZ + b"garbage", refused="damaged"),
    Hostile("twice.csv.gz", gzip.compress(GZ), refused="twice"),
    Hostile("empty.csv.gz", gzip.compress(b""), refused="empty"),
    Hostile("bomb-of-zeros.csv.gz", lambda path: packed(path, iter([bytes(MB)] * 1024)),
            refused="holds no lines", heavy=True),
    Hostile("bomb-of-letters.csv.gz", lambda path: packed(path, iter([HEAD, *[b"a" * MB] * 500])),
            refused="holds no lines", heavy=True),
    Hostile("repetitive.csv.gz", repetitive, 3_370_500, heavy=True),
    Hostile("bomb-of-rejected.csv.gz",
            lambda path: packed(path, iter([HEAD, *[b"1,2,3,4\n" * 131_072] * 60])),
            refused="More than 500,000 rows can't be read.*line 2", heavy=True),
    Hostile("packed.csv.bz2", bz2.compress(TABLE), refused="bzip2"),
    Hostile("archive.csv.tar", tar, refused="tar"),
    Hostile("archive.csv.zip", lambda path: zipped(path, table=TABLE), refused="zip archive"),
    Hostile("archive-cut.zip", b"PK\x03\x04" + b"\0" * 50, refused="damaged"),
]  # fmt: skip

# ------------------------------------------------------------------------------------ workbooks

TEXT = "<c t='inlineStr'><is><t>{}</t></is></c>"
HEADER = f"<row>{TEXT.format('id')}{TEXT.format('name')}</row>"
ROW = "<row><c><v>1</v></c><c><v>2</v></c></row>"


def workbook(inner: str, head: str = "") -> Callable[[Path], object]:
    return lambda path: raw_workbook(path, f"<sheetData>{inner}</sheetData>", head)


def merged(path: Path) -> None:
    book = Workbook(path)
    book.add_worksheet("Empty")
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["id", "name", "city"])
    sheet.merge_range(1, 0, 2, 1, "both")
    sheet.write(2, 2, "Perm")
    sheet.write_formula(3, 0, "=1/0", value="#DIV/0!")
    sheet.write(3, 2, "Omsk")
    book.close()


def bomb(path: Path, row: str, times: int) -> None:
    """A sheet of one row over and over, made without unfolding it."""
    raw_workbook(path, f"<sheetData>{HEADER}HERE</sheetData>")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    start, end = parts["xl/worksheets/sheet1.xml"].split(b"HERE")
    block = row.encode() * (MB // len(row))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            stream.write(start)
            for _ in range(times):
                stream.write(block)
            stream.write(end)


def text_bomb(path: Path) -> None:
    """Millions of shared texts in a small file."""
    raw_workbook(path, f"<sheetData>{HEADER}</sheetData>")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = parts["xl/_rels/workbook.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="s" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", link).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        with archive.open("xl/sharedStrings.xml", "w") as stream:
            stream.write(b"<sst>")
            for number in range(60):
                stream.write(b"".join(b"<si><t>%d</t></si>" % (number + n) for n in range(99_999)))
            stream.write(b"</sst>")


def without(part: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        raw_workbook(path, f"<sheetData>{HEADER}{ROW}</sheetData>")
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if name != part}
        zipped(path, **parts)

    return make


def cut(path: Path) -> None:
    raw_workbook(path, f"<sheetData>{HEADER}{ROW * 100}</sheetData>")
    path.write_bytes(path.read_bytes()[:-300])


def damaged(path: Path) -> None:
    raw_workbook(path, f"<sheetData>{HEADER}{ROW * 100}</sheetData>")
    data = bytearray(path.read_bytes())
    place = data.rindex(b"xl/worksheets/sheet1.xml", 0, data.index(b"PK\x01\x02")) + 40
    data[place : place + 20] = b"\xff" * 20
    path.write_bytes(data)


def empty_rows(path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 1_000_003))
    raw_workbook(path, f"<sheetData>{HEADER}{ROW}{rows}</sheetData>")


LOL = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
WORKBOOKS = [
    Hostile("merged-errors-second-sheet.xlsx", merged, 3, finding="cell-error"),
    Hostile("workbook.csv", workbook(HEADER + ROW), 1),
    Hostile("a-million-empty-rows.xlsx", empty_rows, 1, heavy=True),
    Hostile("far-corners.xlsx",
            workbook(HEADER + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), 1),
    Hostile("beyond-the-corner.xlsx", workbook('<row><c r="ZZZ1"><v>1</v></c></row>'),
            refused="damaged"),
    Hostile("rows-backwards.xlsx", workbook(ROW.replace("<row>", "<row r='9'>") * 2),
            refused="damaged"),
    Hostile("bomb-of-rows.xlsx", lambda path: bomb(path, "<row/>", 200), refused="unfolds|damaged",
            heavy=True),
    Hostile("bomb-of-cells.xlsx",
            lambda path: bomb(path, "<row><c><v>1</v></c><c><v>2</v></c></row>", 70),
            refused="1,048,576|unfolds|damaged", heavy=True),
    Hostile("bomb-of-texts.xlsx", text_bomb, refused="too many texts|unfolds", heavy=True),
    Hostile("cell-of-20-mb.xlsx",
            lambda path: workbook(f"{HEADER}<row>{TEXT.format('a' * 20 * MB)}</row>{ROW}")(path),
            2, 1, heavy=True),
    Hostile("laughs.xlsx", workbook(HEADER + "<row><c><v>&b;</v></c></row>", LOL),
            refused="entities"),
    Hostile("external.xlsx", workbook(HEADER + "<row><c><v>&e;</v></c></row>", EXTERNAL),
            refused="entities"),
    Hostile("unknown-entity.xlsx", workbook(HEADER + "<row><c><v>&z;</v></c></row>"),
            refused="damaged"),
    Hostile("xml-cut.xlsx", lambda path: raw_workbook(path, "<sheetData><row>"), refused="damaged"),
    Hostile("deep.xlsx", lambda path: workbook(HEADER + "<a>" * 100_000 + "</a>" * 100_000)(path),
            0),
    Hostile("cut.xlsx", cut, refused="damaged"),
    Hostile("damaged.xlsx", damaged, refused="damaged"),
    Hostile("no-sheet-part.xlsx", without("xl/worksheets/sheet1.xml"), refused="lacks its part"),
    Hostile("no-links.xlsx", without("xl/_rels/workbook.xml.rels"), refused="no sheets"),
    Hostile("empty.xlsx", workbook(""), refused="no cells"),
    Hostile("text-missing.xlsx", workbook("<row><c t='s'><v>9</v></c></row>"), refused="row 1"),
    Hostile("letter.docx", lambda path: zipped(
        path, **{"[Content_Types].xml": b"", "word/document.xml": b""}), refused="Office document"),
    Hostile("encrypted.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            refused="old Office file"),
    Hostile("open.ods", lambda path: zipped(path, **{"mimetype": b"", "content.xml": b""}),
            refused="OpenDocument"),
]  # fmt: skip

# ------------------------------------------------------------------------------- JSON and Parquet


def parquet(path: Path) -> None:
    pl.DataFrame({"id": [1, 2], "tags": [["a"], None], "": [None, 1.5]}).write_parquet(path)


def parquet_cut(path: Path) -> None:
    parquet(path)
    path.write_bytes(path.read_bytes()[:-20])


def parquet_damaged(path: Path) -> None:
    rows = [f"text number {n}" for n in range(10_000)]
    pl.DataFrame({"id": rows}).write_parquet(path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[100 : len(data) // 2] = b"\xff" * (len(data) // 2 - 100)
    path.write_bytes(data)


def json_lines(*lines: str) -> bytes:
    return "\n".join(lines).encode()


MACHINES = [
    Hostile("nested.jsonl", json_lines('{"id": 1, "a": {"b": [1, {"c": 1.10}]}}'), 1,
            finding="nested"),
    Hostile("keys-twice.jsonl", json_lines('{"id": 1, "id": 2}'), 1, finding="key-repeated"),
    Hostile("not-numbers.jsonl", json_lines('{"a": NaN, "b": -Infinity, "c": 1e999}'), 1),
    Hostile("huge-numbers.jsonl", json_lines('{"a": ' + "9" * 5_000 + "}"), 1),
    Hostile("deep.jsonl",
            later(lambda: json_lines('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"a": 1}')),
            2, 1, finding="not-json"),
    Hostile("broken-lines.jsonl", json_lines('{"a": 1}', '{"a":', "", "[1]", '{"a": 2}'), 4, 2),
    Hostile("half-characters.jsonl", json_lines('{"a": "\\ud800"}'), 1, finding="lone-surrogate"),
    Hostile("undecodable.jsonl", b'{"a": "\xd0\x90\xd0\x91"}\n{"a": "\xff"}\n', 2, 1),
    Hostile("line-of-20-mb.jsonl",
            later(lambda: json_lines('{"a": "' + "x" * 20 * MB + '"}', '{"a": 1}')), 2, 1,
            heavy=True),
    Hostile("cell-of-2-mb.jsonl",
            later(lambda: json_lines('{"a": "' + "x" * 2 * MB + '"}', '{"a": 1}')), 2, 1),
    Hostile("utf16.jsonl", '{"a": "Анна"}\n'.encode("utf-16"), 1),
    Hostile("keys-10000.jsonl",
            later(lambda: json_lines(*[json.dumps({f"k{n}": n}) for n in range(10_000)])),
            refused="2,000 columns"),
    Hostile("array.json", b'[{"a": 1},\n{"a": 2}]', 2),
    Hostile("array-cut.json", b'[{"a": 1},\n{"a": ', refused="line 2"),
    Hostile("array-deep.json", later(lambda: b"[" * 1_000_000), refused="line 1"),
    Hostile("array-bomb.json", later(lambda: b"[" + b"{}," * 1_000_000 + b'{"a": 1}]'), 1_000_001,
            heavy=True),
    Hostile("array-too-large.json", later(lambda: b"[" + b" " * 65 * MB + b"{}]"), refused="64 MB",
            heavy=True),
    Hostile("document.json", b'{\n  "a": 1\n}\n', refused="No line"),
    Hostile("fine.parquet", parquet, 2, finding="header-empty"),
    Hostile("cut.parquet", parquet_cut, refused="cut off"),
    Hostile("magic-only.parquet", b"PAR1PAR1", refused="damaged"),
    Hostile("damaged.parquet", parquet_damaged, refused="damaged"),
    Hostile("encrypted.parquet", b"PARE" + b"\0" * 40 + b"PARE", refused="encrypted"),
]  # fmt: skip

FILES = [*ENCODINGS, *LINES, *PLACES, *COMPRESSED, *WORKBOOKS, *MACHINES]


def main(folder: Path) -> None:
    """Write all files into the folder and list them."""
    folder.mkdir(parents=True, exist_ok=True)
    for hostile in FILES:
        hostile.write(folder)
        print(hostile.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
