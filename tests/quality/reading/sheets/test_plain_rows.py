"""Rows read without a parser are the rows that the parser reads, whatever a sheet holds."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.quality.reading.seeing import see
from tests.quality.reading.sheets.workbooks import raw_workbook

from scoreline.errors import DataError
from scoreline.quality.reading.sheets import plainrows, sharedtexts, workbook
from scoreline.quality.reading.sheets.xlsx import SheetRows

SHARED = [
    "<si><t>Анна</t></si>",
    '<si><t xml:space="preserve"> a </t></si>',
    "<si><t>A &amp; B &lt;c&gt;</t></si>",
    "<si><t>one_x000D_two</t></si>",
    "<si><r><t>rich</t></r><rPh><t>hint</t></rPh></si>",
    "<si><t>&#1071;</t></si>",
    "<si><t></t></si>",
]
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs>'
)
numbers = st.one_of(
    st.integers(-5, 10**17).map(str),
    st.floats(0, 50_000).map(repr),
    st.floats(-1, 1).map(repr),
    st.sampled_from(
        [
            "0",
            "-0",
            "007",
            "1.0",
            "1.50",
            "0.1",
            "0.30000000000000004",
            "1E5",
            "1e-7",
            "45000",
            "60",
            "45000.5",
            "2958466",
            "12345678901234567",
            "0.000001",
            "",
            " 5 ",
            "x",
            "NaN",
            "-.5",
        ]
    ),
)
styles = st.sampled_from(["", "", "", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="99"'])
texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=5).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
    ),
    st.sampled_from(["a&amp;b", "&lt;", "\t", "a\nb", "_x0041_", "  ", "", "&quot;&apos;&gt;"]),
)
odd_texts = st.sampled_from(["&#65;", "&bad;", "a&", "\r\n", "\x01", "]]>", "\ufffe", "\r"])


@st.composite
def cells(draw: st.DrawFn, reference: str, odd: bool) -> str:
    """A cell as XML: of a plain shape, or of an odd one now and then."""
    style, number = draw(styles), draw(numbers)
    text = draw(odd_texts) if odd and draw(st.integers(0, 5)) == 0 else draw(texts)
    place = draw(st.integers(0, len(SHARED) - 1))
    plain = [
        f'<c r="{reference}"{style}><v>{number}</v></c>',
        f'<c r="{reference}"{style} t="n"><v>{number}</v></c>',
        f'<c r="{reference}"{style} t="s"><v>{place}</v></c>',
        f'<c r="{reference}"{style} t="str"><v>{text}</v></c>',
        f'<c r="{reference}" t="b"><v>{place % 2}</v></c>',
        f'<c r="{reference}"{style}/>',
        f'<c r="{reference}"{style}></c>',
        f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>',
        f'<c r="{reference}"{style}><f>A1&amp;B1</f><v>{number}</v></c>',
        f'<c r="{reference}"><f t="shared" si="0"/><v>{number}</v></c>',
    ]
    strange = [
        f'<c r="{reference}" t="e"><v>#N/A</v></c>',
        f'<c r="{reference}"{style}><f>A1</f></c>',
        f'<c r="{reference}" t="s"><v>99</v></c>',
        f'<c r="{reference}" t="s"><v> 1</v></c>',
        f'<c r="{reference}" t="d"><v>2026-01-31T00:00:00</v></c>',
        f'<c t="s" r="{reference}"><v>1</v></c>',
        f"<c><v>{number}</v></c>",
        f'<c r="{reference}" r="A1"><v>1</v></c>',
        f'<c r="A1"><v>{number}</v></c>',
        f'<c r="{reference}"><v><![CDATA[</c></row>]]></v></c>',
        f'<c r="{reference}"><!-- </row> --><v>1</v></c>',
        f'<c r="{reference}"><?pi </row>?><v>1</v></c>',
        f'<c r="{reference}"><v>1</v>',
        f'<c r="{reference}" t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c>',
        f'<c r="{reference}"><is><t>1</v></c>',
        f'<c r="{reference}"> <v>1</v></c>',
        "</row><row>",
        "</sheetData><row><c><v>1</v></c></row><sheetData>",
    ]
    return draw(st.sampled_from(strange if odd and draw(st.integers(0, 2)) == 0 else plain))


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """The inside of `sheetData`."""
    flawed, grid = draw(st.booleans()), draw(st.booleans())
    out = ['<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>']
    row = 1
    for _ in range(draw(st.integers(0, 12))):
        row += draw(st.sampled_from([1, 1, 1, 1, 2, 5]))
        odd = flawed and draw(st.integers(0, 4)) == 0
        names = "AB" if grid else draw(st.sampled_from(["A", "AB", "ABC", "B", "AC", "BD"]))
        inside = "".join(draw(cells(f"{name}{row}", odd)) for name in names)
        tag = draw(
            st.sampled_from(
                [f'<row r="{row}">'] * 6
                + [f'<row r="{row}" spans="1:3">', f'<row r="{row}" ht="15" x:d="0.2">', "<row>"]
                + (
                    [f'<row r="{row}" r="2">', '<row r="2">', f'<row s="1" r="{row}">']
                    if odd
                    else []
                )
            )
        )
        out.append(draw(st.sampled_from(["", "", "", "\n", "\n  "])))
        out.append(draw(st.sampled_from(["", "", "", "", f'<row r="{row}"/>' if odd else ""])))
        out.append(f"{tag}{inside}</row>")
    return "".join(out)


def book(path: Path, inside: str, head: str) -> Path:
    """A workbook with texts and styles of its own."""
    raw_workbook(path, f"<sheetData>{inside}</sheetData><x/>", head)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    more = "".join(
        f'<Relationship Id="{kind}" Type="/{kind}" Target="{kind}.xml"/>'
        for kind in ("styles", "sharedStrings")
    )
    parts[links] = parts[links].replace(b"</Relationships>", f"{more}</Relationships>".encode())
    parts["xl/styles.xml"] = f"<styleSheet>{STYLES}</styleSheet>".encode()
    parts["xl/sharedStrings.xml"] = f"<sst>{''.join(SHARED)}</sst>".encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def outcome(path: Path) -> object:
    try:
        return see(path)
    except DataError as error:
        return error.message


seen_kinds: Counter[str] = Counter()
HEADS = ["", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', "<!-- c -->"]


@settings(
    max_examples=1_500,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(inside=sheets(), head=st.sampled_from(HEADS), block=st.sampled_from([50, 300, 1 << 18]))
def test_two_readers_one_sheet(
    tmp_path_factory: pytest.TempPathFactory, inside: str, head: str, block: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "sheet.xlsx"
    book(path, inside, head)
    taken = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "BLOCK", block)
        take = SheetRows.take

        def counted(self: SheetRows, stretch: str) -> bool:
            nonlocal taken
            found = take(self, stretch)
            taken += found
            return found

        patch.setattr(SheetRows, "take", counted)
        fast = outcome(path)
        patch.setattr(SheetRows, "take", lambda self, stretch: False)
        patch.setattr(sharedtexts.SharedTexts, "take", lambda self, stretch: False)
        slow = outcome(path)
    assert fast == slow
    seen_kinds["some rows plain"] += bool(taken)
    seen_kinds["none plain"] += not taken
    seen_kinds["refused"] += isinstance(slow, str)
    seen_kinds["read with findings"] += not isinstance(slow, str) and bool(slow.findings)  # type: ignore[attr-defined]


def test_the_random_sheets_were_of_all_kinds() -> None:
    print(dict(seen_kinds))
    assert len(seen_kinds) == 4
    assert all(count > 50 for count in seen_kinds.values())


def test_memory_of_values_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all styles together no more values are remembered than so many."""
    monkeypatch.setattr(plainrows, "_REMEMBERED", 3)
    monkeypatch.setattr(plainrows, "_STYLES", 2)
    held: list[int] = []
    room = plainrows._Memory.make_room

    def counted(self: plainrows._Memory) -> None:
        held.append(sum(map(len, self.values())))
        assert len(self) <= 2
        room(self)

    monkeypatch.setattr(plainrows._Memory, "make_room", counted)
    rows = "".join(
        f'<row><c r="A1" s="{n % 5}"><v>{n}.5</v></c><c r="B1" t="str"><v>t{n}</v></c></row>'
        for n in range(40)
    )
    seen = see(book(tmp_path / "many.xlsx", rows, ""))
    assert [row[1] for row in seen.rows] == [f"t{n}" for n in range(1, 40)]
    assert max(held) == 3
