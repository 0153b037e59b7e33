"""JSON lines as text: strings as they were written, numbers as Python's numbers are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scoreline.errors import DataError
from scoreline.language.fields import FIELD_TYPES, Field, FieldType
from scoreline.quality.reading.files import open_table
from scoreline.quality.table import LONGEST_LINE
from scoreline.quality.typing.values import type_value


def test_each_value_becomes_the_text_that_stands_for_it(read: Callable) -> None:
    seen = read(
        '{"id": 12345678901234567890, "price": 1.10, "big": 1E5, "ok": true, "none": null}\n'
        '{"id": "007", "price": -0, "name": "Анна\\n\\u00e9", "ok": false, "empty": ""}\n',
        "leads.jsonl",
    )
    assert seen.format == "jsonl"
    assert seen.columns == ("id", "price", "big", "ok", "none", "name", "empty")
    assert seen.rows == [
        ("12345678901234567890", "1.1", "100000", "true", None, None, None),
        ("007", "0", None, "false", None, "Анна\né", None),
    ]
    assert seen.findings == {}


NUMBERS = [
    *("5", "5.0", "-0", "-0.0", "1.10", "1.125", "1E5", "1e22", "1e-7", "1e400", "-1e400"),
    *("79123456789.0", "101000.0", "46000.0", "20260304", "1234567.891"),
    *("9007199254740993", "9007199254740993.0", "12345678901234567890", "1" * 4000),
    *("NaN", "Infinity", "-Infinity"),
]


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_a_number_comes_to_what_the_number_in_a_record_does(
    kind: FieldType, read: Callable
) -> None:
    """A phone, a postcode, a key written as 79123456789.0 is 79123456789 by every way in."""
    field = Field("x", kind)
    seen = read("".join(f'{{"x": {number}}}\n' for number in NUMBERS), "leads.jsonl")
    for number, (text,) in zip(NUMBERS, seen.rows, strict=True):
        from_file, from_record = type_value(field, text), type_value(field, json.loads(number))
        assert from_file.value == from_record.value, number
        assert from_file.status == from_record.status, number


def test_a_number_in_quotes_stays_as_it_is(read: Callable) -> None:
    assert read('{"x": "5.0", "y": "1E5"}\n', "leads.jsonl").rows == [("5.0", "1E5")]


def test_numbers_beside_what_only_looks_broken_are_read_as_others(read: Callable) -> None:
    assert read('{"x": 5.0, "y": NaN, "z": [5.0]}\n', "a.jsonl").rows == [("5", "NaN", "[5.0]")]


def test_nested_values_stay_json(read: Callable) -> None:
    seen = read('{"id": 1, "tags": ["a", 1.10], "utm": {"source": "ads"}}\n', "leads.ndjson")
    assert seen.rows == [("1", '["a", 1.10]', '{"source": "ads"}')]
    assert "tags, utm" in seen.findings["nested"]


def test_a_broken_line_costs_one_row(read: Callable) -> None:
    seen = read('{"id": 1}\n{"id": 2\n[3]\n\n"four"\n{"id": 5}\n', "leads.jsonl")
    assert (seen.rows, seen.numbers) == ([("1",), ("5",)], [1, 5])
    assert seen.rejected == [(2, 2, "not-json"), (3, 3, "not-an-object"), (4, 5, "not-an-object")]
    assert seen.raw == ['{"id": 2', "[3]", '"four"']


def test_what_only_looks_broken_is_read(read: Callable) -> None:
    seen = read(
        '{"id": 1, "x": NaN, "y": [-Infinity]}\n{"id": 2, "x": "half \\ud83d"}\n'
        '{"id": 3, "x": "a\ttab"}\n',
        "leads.jsonl",
    )
    assert seen.rows == [
        ("1", "NaN", "[-Infinity]"),
        ("2", "half \N{REPLACEMENT CHARACTER}", None),
        ("3", "a\ttab", None),
    ]
    assert "lone-surrogate" in seen.findings


def test_a_key_named_twice_is_said(read: Callable) -> None:
    seen = read('{"id": 1, "id": 2}\n{"id": 3, "note": "\\"id\\":"}\n', "leads.jsonl")
    assert seen.rows == [("2", None), ("3", '"id":')]
    assert seen.lines["key-repeated"] == 1


def test_a_json_array_is_read_too(read: Callable) -> None:
    seen = read('[\n{"id": 1},\n{"id": 2.50}\n, 3]', "leads.json")
    assert (seen.rows, seen.rejected) == ([("1",), ("2.5",)], [(3, 4, "not-an-object")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "empty"),
        ('[{"a": 1},', "from here on"),
        ('[{"a": 1}', "does not end"),
        ('[{"a": 1}] more', "does not end"),
        ('[{"a": 1},\n{"a": ]', "line 2"),
        ('{\n "a": 1\n}', "No line of the file is a JSON object"),
        ("[" * 100_000, "line 1"),
    ],
)
def test_json_that_is_no_list_of_records(read: Callable, text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(text, "leads.json")


def test_a_line_that_is_too_long_may_hold_a_long_cell_or_be_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    note = "x" * LONGEST_LINE
    path.write_text(f'{{"id": 1}}\n{{"id": 2, "note": "{note}"}}\n', encoding="utf-8")
    with open_table(path) as table:
        (found,) = table.findings
    assert found.code == "line-too-long"
    assert found.hint == (
        "Shorten the longest cell of the line; a file without line ends looks like this too."
    )


def test_json_lines_are_known_without_their_extension(read: Callable) -> None:
    assert read('{"id": 1}\n', "leads.txt").format == "jsonl"
    assert read("[id],[name]\n1,Anna\n", "leads.csv").columns == ("[id]", "[name]")


def test_too_many_keys_are_refused(read: Callable) -> None:
    with pytest.raises(DataError, match="more than 2,000 columns"):
        read("".join(f'{{"k{n}": 1}}\n' for n in range(2_001)), "leads.jsonl")


def test_keys_are_cleaned_like_headers(read: Callable) -> None:
    seen = read('{" Full  name": 1, "Full name": 2, "": 3, "__row__": 4}\n', "leads.jsonl")
    assert seen.columns == ("Full name", "Full name (2)", "column 3", "__row__ (2)")
