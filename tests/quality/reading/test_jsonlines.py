"""JSON lines as text: every value as it was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scoreline.errors import DataError


def test_values_keep_their_spelling(read: Callable) -> None:
    seen = read(
        '{"id": 12345678901234567890, "price": 1.10, "big": 1E5, "ok": true, "none": null}\n'
        '{"id": "007", "price": -0, "name": "Анна\\n\\u00e9", "ok": false, "empty": ""}\n',
        "leads.jsonl",
    )
    assert seen.format == "jsonl"
    assert seen.columns == ("id", "price", "big", "ok", "none", "name", "empty")
    assert seen.rows == [
        ("12345678901234567890", "1.10", "1E5", "true", None, None, None),
        ("007", "-0", None, "false", None, "Анна\né", None),
    ]
    assert seen.findings == {}


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
    assert (seen.rows, seen.rejected) == ([("1",), ("2.50",)], [(3, 4, "not-an-object")])


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


def test_json_lines_are_known_without_their_extension(read: Callable) -> None:
    assert read('{"id": 1}\n', "leads.txt").format == "jsonl"
    assert read("[id],[name]\n1,Anna\n", "leads.csv").columns == ("[id]", "[name]")


def test_too_many_keys_are_refused(read: Callable) -> None:
    with pytest.raises(DataError, match="more than 2,000 columns"):
        read("".join(f'{{"k{n}": 1}}\n' for n in range(2_001)), "leads.jsonl")


def test_keys_are_cleaned_like_headers(read: Callable) -> None:
    seen = read('{" Full  name": 1, "Full name": 2, "": 3, "__row__": 4}\n', "leads.jsonl")
    assert seen.columns == ("Full name", "Full name (2)", "column 3", "__row__ (2)")
