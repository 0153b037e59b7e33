"""Hostile texts in every place of a card and of its data: kept to the letter or refused.

Nothing of them may run: no canary file appears, no process or connection is started, and the
function generated for a card is the same as for a harmless text in the same place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scoreline.engines.record.engine import compile_card
from scoreline.errors import CardError
from scoreline.language.fields import FIELD_TYPES, Field
from scoreline.language.text import folded, normal
from scoreline.quality.typing.values import type_record, type_value
from scoreline.scorecard.file import parse_card
from tests.injection.corpus import HOSTILE, hostile

AS_OF = datetime(2026, 1, 31, tzinfo=UTC)
HARMLESS = "harmless"
FORBIDDEN = ("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect")
started: list[str] = []
watching = False


def watch(event: str, _: tuple[Any, ...]) -> None:
    if watching and event in FORBIDDEN:
        started.append(event)


sys.addaudithook(watch)


@pytest.fixture(autouse=True)
def nothing_runs(tmp_path: Path) -> Iterator[None]:
    """Watches the test: no process, no connection, no canary."""
    global watching
    started.clear()
    watching = True
    yield
    watching = False
    assert not started
    assert not (tmp_path / "canary").exists()


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    return hostile(str(tmp_path / "canary"))


def quoted(text: str) -> str:
    """The text as a double-quoted YAML scalar, every unusual sign escaped."""
    plain = " _-+=()[]{}<>.,:;'!?*&%$#@~^|/"
    signs = [s if s.isalnum() or s in plain else f"\\U{ord(s):08x}" for s in text]
    return '"' + "".join(signs) + '"'


def in_quotes(text: str, mark: str) -> str:
    return mark + text.replace(mark, mark * 2) + mark


def as_field_name(text: str) -> str:
    when = quoted(in_quotes(text, '"') + " is not null")
    term = f"{{name: t, when: {when}, points: 1}}"
    return f"scorecard: c\nfields: {{{quoted(text)}: text}}\nterms: [{term}]"


def as_column(text: str) -> str:
    field = f"{{type: text, column: {quoted(text)}}}"
    return f"scorecard: c\nfields: {{a: {field}}}\nterms:\n- {{name: t, when: a = 'v', points: 1}}"


def as_name(key: str) -> Callable[[str], str]:
    """The text as the name of a term, segment or group, as title or objective, as a sentinel."""

    def card(text: str) -> str:
        parts = dict.fromkeys(("term", "segment", "group", "title", "objective", "missing"), "n")
        parts[key] = text
        q = {part: quoted(of) for part, of in parts.items()}
        return f"""scorecard: c
title: {q["title"]}
objective: {q["objective"]}
fields: {{a: {{type: text, missing: {q["missing"]}}}}}
terms: [{{name: {q["term"]}, when: a = 'v', points: 3, group: {q["group"]}}}]
groups: {{{q["group"]}: {{cap: 1}}}}
segments: [{{name: {q["segment"]}}}]
"""

    return card


def as_literal(pattern: str, field_type: str = "text") -> Callable[[str], str]:
    def card(text: str) -> str:
        when = quoted(pattern.replace("?", in_quotes(text, "'")))
        return (
            f"scorecard: c\nfields: {{a: {field_type}}}\n"
            f"terms:\n- {{name: t, when: {when}, points: 1}}"
        )

    return card


def as_value(field_type: str) -> Callable[[str], str]:
    def card(text: str) -> str:
        return (
            f"scorecard: c\nfields: {{a: {field_type}}}\n"
            f"terms:\n- {{name: t, of: a, values: [{{is: {quoted(text)}, points: 1}}]}}"
        )

    return card


def as_anything(line: str, write: Callable[[str], str] = quoted) -> Callable[[str], str]:
    """The text where something else belongs: a whole condition, points, an edge, a type."""

    def card(text: str) -> str:
        lines = {"type": "number", "when": "a > 1", "of": "a", "from": "1", "points": "1"}
        lines["scorecard"] = "c"
        lines = {k: text if k == line else v for k, v in lines.items()}
        q = {k: write(v) for k, v in lines.items()}
        return f"""scorecard: {q["scorecard"]}
fields: {{a: {{type: {q["type"]}}}}}
terms:
  - {{name: t, when: {q["when"]}, points: {q["points"]}}}
  - {{name: u, of: {q["of"]}, bins: [{{from: {q["from"]}, points: 1}}]}}
"""

    return card


def scored(card_text: str, raw: dict[str, Any]) -> tuple[Any, Any, str] | None:
    """(card, result, source of the generated function), or None if the card is refused."""
    try:
        card = parse_card(card_text)
    except CardError:
        return None
    compiled = compile_card(card)
    return card, compiled.score(type_record(card.fields, raw).values, AS_OF), compiled.source


def source_of(make: Callable[[str], str]) -> str:
    harmless = scored(make(HARMLESS), {})
    assert harmless is not None
    return harmless[2]


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 80


def test_a_field_may_have_any_name_without_a_dot(texts: list[str]) -> None:
    accepted = 0
    for text in texts:
        found = scored(as_field_name(text), {text: "v"})
        if found:
            accepted += 1
            assert [field.name for field in found[0].fields] == [normal(text)]
            assert found[1].score == 1
            assert found[2] == source_of(as_field_name)
    assert accepted >= 40


def test_a_column_may_have_any_header(texts: list[str]) -> None:
    for text in texts:
        found = scored(as_column(text), {text: "v"})
        assert found is None or found[1].score == 1 or not normal(text)


@pytest.mark.parametrize("key", ["term", "segment", "group", "title", "objective"])
def test_names_come_out_as_they_went_in(key: str, texts: list[str]) -> None:
    accepted = 0
    for text in texts:
        found = scored(as_name(key)(text), {"a": "v"})
        assert found is None or key in ("title", "objective") or normal(text), "a blank name"
        if found is None:
            continue
        accepted += 1
        card, result, source = found
        names = {"term": result.reasons[0].term, "segment": result.segment}
        names |= {"group": card.groups[0].name, "title": card.title, "objective": card.objective}
        assert names[key] == normal(text)
        assert source == source_of(as_name(key))
        if key == "group":
            assert normal(text) in result.reasons[-1].term
    assert accepted >= 60


def test_a_sentinel_means_missing_and_nothing_else(texts: list[str]) -> None:
    for text in texts:
        found = scored(as_name("missing")(text), {"a": text})
        assert found is None or found[1].score == 0
        found = scored(as_name("missing")(text), {"a": "v"})
        assert found is None or found[1].score == 1


@pytest.mark.parametrize(
    "make",
    [
        as_literal("a = ?"),
        as_literal("a in ('x', ?, 'y')"),
        as_literal("not a <> ?"),
        as_literal("coalesce(a, ?) = ?"),
        as_literal("case when a = ? then true else false end"),
        as_value("text"),
        as_literal("a = ?", "choice"),
        as_value("choice"),
    ],
)
def test_a_literal_equals_its_own_text_and_no_other(
    make: Callable[[str], str], texts: list[str]
) -> None:
    accepted = 0
    for text in texts:
        found = scored(make(text), {"a": text})
        if found is None or not normal(text):
            continue
        accepted += 1
        assert found[1].score == 1, text[:80]
        other = scored(make(text), {"a": "another"})
        assert other is not None
        assert other[1].score == 0, text[:80]
        assert found[2] == source_of(make)
    assert accepted >= 100


@pytest.mark.parametrize("function", ["starts_with", "ends_with", "contains"])
def test_a_text_begins_ends_with_and_contains_itself(function: str, texts: list[str]) -> None:
    """In its normal form: a blank at the end of such a literal is meant (`'Dr '`)."""
    for text in filter(None, map(normal, texts)):
        found = scored(as_literal(f"{function}(a, ?)")(text), {"a": text})
        assert found is None or found[1].score == 1, text[:80]


@pytest.mark.parametrize("write", [quoted, str], ids=["quoted", "bare"])
@pytest.mark.parametrize("line", ["when", "of", "points", "from", "type", "scorecard"])
def test_where_something_else_belongs_it_is_read_or_refused(
    line: str, write: Callable[[str], str], texts: list[str]
) -> None:
    for text in texts:
        scored(as_anything(line, write)(text), {"a": "2"})


def test_as_a_whole_card_file(texts: list[str]) -> None:
    for text in texts:
        assert scored(text, {}) is None


@pytest.mark.parametrize("field_type", FIELD_TYPES)
def test_as_a_cell_it_is_a_value_missing_or_invalid(field_type: Any, texts: list[str]) -> None:
    for text in texts:
        typed = type_value(Field("a", field_type), text)
        assert typed.status in ("ok", "missing", "invalid")
        if field_type in ("text", "choice") and typed.status == "ok":
            assert typed.value == (folded(text) if field_type == "choice" else normal(text))
        if typed.status == "invalid":
            finding = type_record([Field("a", field_type)], {"a": text}, record=text).findings[0]
            assert finding.field == "a"
            assert finding.message
