"""The local engine: equal to the record engine, whatever stands beside the typed columns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import polars as pl
import pytest

from scoreline.engines.local.engine import LocalEngine, tally_column
from scoreline.engines.local.expressions import divided
from scoreline.engines.record.engine import compile_card
from scoreline.errors import UsageError
from scoreline.scorecard.file import parse_card
from scoreline.scorecard.layout import WORD_BITS
from scoreline.scorecard.model import Scorecard
from scoreline.scorecard.reasons import reasons_text
from tests.conformance.cards import draw_card
from tests.conformance.records import draw_records
from tests.engines.typed import typed_table

AS_OF = dt.datetime(2026, 3, 29, tzinfo=dt.UTC)
CARDS, RECORDS = 24, 60
LEAD = """
scorecard: lead
fields: {phone: phone, company: text, position: text, budget: money, visits: integer, joined: date}
terms:
  - {name: phone, when: phone.status = 'ok', points: 1}
  - {name: company and position, when: company is not null and position is not null, points: 2}
  - {name: budget suits, when: budget >= 100000, points: 3}
  - {name: visits, of: visits, group: interest,
     bins: [{from: 3, below: 6, points: 4}, {from: 6, points: 9}]}
  - {name: new, when: "days_between(joined, as_of) <= 30", points: 2, group: interest}
base: 1
groups: {interest: {cap: 8}}
total: {cap: 12}
segments: [{name: hot, from: 9}, {name: warm, above: 2}, {name: cold}]
"""


def by_record(
    card: Scorecard, records: Sequence[Mapping[str, Any]], as_of: dt.datetime, most: int
) -> list[dict[str, Any]]:
    """Rows of results, by the record engine."""
    compiled = compile_card(card)
    rows = []
    for record in records:
        found = compiled.score(record, as_of)
        row = {name: getattr(found, name) for name in ("score", "segment", "low", "high")}
        row |= {"certain": found.certain, "ask": found.ask, "mask": found.mask}
        likely = card.probability.columns if card.probability else ()
        row |= {name: getattr(found, name) for name in likely}
        rows.append(row | {"reasons": reasons_text(found.reasons, most)})
    return rows


def by_local(
    card: Scorecard, records: Sequence[Mapping[str, Any]], as_of: dt.datetime, most: int
) -> list[dict[str, Any]]:
    """Rows of results, by the local engine; the mask's words as one number."""
    engine = LocalEngine(card, as_of, most, plain_rows=0)
    frame = typed_table(card, records).lazy()
    rows = engine.lazy(frame, masks=True).collect(engine="streaming").to_dicts()
    for row in rows:
        words = [row.pop(name) for name in engine.mask_columns]
        row["mask"] = sum(word << WORD_BITS * place for place, word in enumerate(words))
        for name in engine.open_columns:
            del row[name]
    return rows


@pytest.mark.parametrize("seed", range(CARDS))
def test_equals_the_record_engine(seed: int) -> None:
    random, traps = Random(seed), Counter[str]()  # noqa: S311 - cards, not secrets
    drawn = draw_card(random, traps, "wide" if seed % 6 == 0 else "")
    card = parse_card(drawn.file)
    records = draw_records(random, drawn, RECORDS, traps)
    most = random.choice([0, 1, 3, 3, 7])
    wanted = by_record(card, records, drawn.as_of, most)
    assert by_local(card, records, drawn.as_of, most) == wanted


@pytest.mark.parametrize("plain_rows", [0, 10])
def test_probabilities_may_be_all_that_is_asked_for(plain_rows: int) -> None:
    likely = "probability: {scores: [{below: 12, probability: 0.1}, {from: 12, probability: 0.2}]}"
    card = parse_card(LEAD + likely)
    engine = LocalEngine(card, AS_OF, plain_rows=plain_rows)
    frame = typed_table(card, [RECORD, RECORD | {"visits": 0}]).lazy()
    for columns in (None, ["probability"], ["probability", "score"]):
        found = engine.lazy(frame, columns=columns).collect(engine="streaming")
        assert found["probability"].to_list() == [0.2, 0.1]


def lead() -> Scorecard:
    return parse_card(LEAD)


RECORD = {"phone": "+7912", "phone__status": "ok", "company": "Acme", "position": "CTO"}
RECORD |= {"budget": 2e5, "visits": 7, "joined": dt.date(2026, 3, 20)}


@pytest.mark.parametrize(
    ("most", "text"),
    [
        (
            0,
            "visits +9; budget suits +3; company and position +2; new +2; phone +1; base +1; "
            "interest cap -3; total cap -3",
        ),
        (3, "visits +9; budget suits +3; company and position +2; other -2"),
        (
            6,
            "visits +9; budget suits +3; company and position +2; new +2; phone +1; base +1; "
            "other -6",
        ),
    ],
)
def test_lines_of_clamps_follow_the_terms(most: int, text: str) -> None:
    (row,) = by_local(lead(), [RECORD], AS_OF, most)
    assert (row["score"], row["segment"], row["reasons"]) == (12, "hot", text)


def test_keeps_other_columns_as_they_are_and_in_order() -> None:
    records = [RECORD | {"visits": n % 9} for n in range(1000)]
    frame = typed_table(lead(), records).with_row_index("__row__")
    frame = frame.with_columns(pl.lit("=1+1").alias("^odd.*$"), pl.lit(3.5).alias("*"))
    found = LocalEngine(lead(), AS_OF).lazy(frame.lazy()).collect(engine="streaming")
    assert found.columns[:3] == ["__row__", "^odd.*$", "*"]
    for name in found.columns[:3]:
        assert found.get_column(name).equals(frame.get_column(name))
    assert found["score"].to_list() == [
        row["score"] for row in by_record(lead(), records, AS_OF, 3)
    ]


def test_keeps_what_it_is_told_to() -> None:
    frame = typed_table(lead(), [RECORD]).lazy()
    engine = LocalEngine(lead(), AS_OF)
    assert engine.lazy(frame, ["budget"], ["segment"]).collect().columns == ["budget", "segment"]
    assert engine.lazy(frame, [], ["reasons", "low"]).collect().columns == ["reasons", "low"]
    assert engine.score_and_mask(frame, []).collect().columns == ["score", "mask_0"]


def test_a_kept_column_named_like_a_result_is_refused() -> None:
    frame = typed_table(lead(), [RECORD]).with_columns(score=1).lazy()
    with pytest.raises(UsageError, match="input_score"):
        LocalEngine(lead(), AS_OF).lazy(frame)


def test_a_column_of_another_type_is_refused() -> None:
    frame = typed_table(lead(), [RECORD]).with_columns(budget=pl.lit("100000")).lazy()
    with pytest.raises(UsageError, match="`budget` is of type String; a typed money is Float64"):
        LocalEngine(lead(), AS_OF).lazy(frame)


def test_an_absent_column_is_missing_and_nan_too() -> None:
    frame = pl.LazyFrame({"budget": [float("nan"), 1e5], "company": ["Acme", None]})
    found = LocalEngine(lead(), AS_OF).lazy(frame).collect().to_dicts()
    records = [{"budget": None, "company": "Acme"}, {"budget": 1e5}]
    wanted = by_record(lead(), records, AS_OF, 3)
    assert [row | {"mask": 0} for row in found] == [row | {"mask": 0} for row in wanted]


def test_other_types_of_the_same_values_are_taken() -> None:
    plain = typed_table(lead(), [RECORD, {}])
    other = plain.with_columns(
        pl.col("budget").cast(pl.Float32),
        pl.col("visits").cast(pl.UInt8),
        pl.col("company").cast(pl.Categorical),
        pl.col("phone__status").cast(pl.Enum(["ok", "invalid"])),
        pl.lit(None).alias("position"),
    )
    engine = LocalEngine(lead(), AS_OF)
    expected = engine.lazy(plain.with_columns(pl.lit(None, pl.String).alias("position")).lazy())
    assert engine.lazy(other.lazy()).collect().equals(expected.collect())


def test_no_rows_give_no_rows() -> None:
    found = LocalEngine(lead(), AS_OF).lazy(typed_table(lead(), []).lazy())
    assert found.collect(engine="streaming").height == 0


def test_a_card_of_constants_and_no_segments_scores_every_row() -> None:
    terms = "terms: [{name: always, when: true, points: 2.5}]"
    card = parse_card(f"scorecard: c\nfields: {{age: number}}\n{terms}")
    found = LocalEngine(card, AS_OF).lazy(pl.LazyFrame({"id": [1, 2]})).collect()
    assert found.rows() == [(n, 2.5, None, 2.5, 2.5, True, "", "always +2.5") for n in (1, 2)]


BINS = ", ".join(f"{{from: {n}, below: {n + 1}, points: {n % 7 - 3}.5}}" for n in range(-40, 60, 2))
LISTED = ", ".join(f"{{is: [v{n}, w{n}], points: {n}}}" for n in range(90))
DAYS = ", ".join(f"{{is: 2026-01-{n:02}, points: {n}}}" for n in range(2, 30))
LONG = f"""
scorecard: long
fields: {{a: number, n: integer, t: text, d: date}}
terms:
  - {{name: gaps, of: a, bins: [{{missing: -1}}, {BINS}, {{from: 10, points: 99}}]}}
  - {{name: sum, of: a + n, bins: [{BINS}]}}
  - {{name: list, of: t, values: [{LISTED}, {{otherwise: -4}}, {{missing: -2}}]}}
  - {{name: days, of: d, values: [{DAYS}, {{otherwise: 1}}]}}
segments: [{{name: p, from: 20}}, {{name: q}}]
"""


def test_terms_of_many_bins_are_looked_up() -> None:
    random, card = Random(5), parse_card(LONG)  # noqa: S311 - records, not secrets
    values: dict[str, list[Any]] = {
        "a": [None, float("nan"), -1e9, 1e9, *(n / 2 for n in range(-90, 130)), -0.0, 59.999],
        "n": [None, *range(-50, 70)],
        "t": [None, "v0", "w89", "v90", "V1", *(f"v{n}" for n in range(95))],
        "d": [None, *(dt.date(2026, 1, day) for day in range(1, 32)), dt.date(1, 1, 1)],
    }
    records = [{k: random.choice(found) for k, found in values.items()} for _ in range(800)]
    assert by_local(card, records, AS_OF, 0) == by_record(card, records, AS_OF, 0)


def test_scores_beyond_exact_doubles_are_those_of_the_record_engine() -> None:
    terms = "\n".join(
        f"  - {{name: t{n}, when: 'n > {n}', points: 999999500.9{n:03d}}}" for n in range(950)
    )
    card = parse_card(f"scorecard: big\nfields: {{n: number}}\nterms:\n{terms}\n")
    rows = pl.LazyFrame({"n": [float(n) for n in range(900, 960)]})
    found = LocalEngine(card, AS_OF).lazy(rows).collect()["score"].to_list()
    one = compile_card(card)
    assert found == [one.score({"n": float(n)}, AS_OF).score for n in range(900, 960)]


DIVIDED = """\
scorecard: divided
key: id
fields: {id: text, a: number, b: number}
terms:
  - {name: by a number, of: a / 10000, values: [{is: QUOTIENT, points: 1}]}
  - {name: by a field, of: a / b, values: [{is: QUOTIENT, points: 2}]}
"""


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_quotient_is_the_same_to_the_last_digit(engine: Any) -> None:
    """Many rows at once: of one row Polars divides, of many it multiplies by the reciprocal."""
    amounts = [4992856.0, 29907.0, 3.0, 7.0]
    for amount in amounts:
        card = parse_card(DIVIDED.replace("QUOTIENT", repr(amount / 10000)))
        rows = {"a": [amount, *[0.5] * 3_000, None], "b": [10000.0] * 3_002}
        lazy = LocalEngine(card, AS_OF).lazy(pl.LazyFrame(rows))
        assert lazy.collect(engine=engine)["score"].to_list() == [3, *[0] * 3_001], amount


def test_quotients_of_many_rows_are_those_of_ieee() -> None:
    random = Random(3)  # noqa: S311 - no secret
    values = [random.uniform(-1e9, 1e9) for _ in range(5_000)]
    for divisor in (10_000.0, 3.0, 0.1, 1e300):
        lazy = pl.LazyFrame({"a": values}).select(divided(pl.col("a"), pl.lit(divisor)))
        assert lazy.collect(engine="streaming")["a"].to_list() == [v / divisor for v in values]


ALL_OF_EVENTS = """\
scorecard: events alone
key: id
fields: {id: text}
events: {visit: {pages: number}}
terms: [{name: visits, event: visit, points: 1}]
segments: [{name: some, from: 1}, {name: none}]
"""


def test_a_card_whose_terms_read_no_field_is_decoded_by_compiled_code() -> None:
    """No answer is ever missing, so that the tables of what is open are empty."""
    card = parse_card(ALL_OF_EVENTS)
    rows = pl.LazyFrame({"id": ["a", "b"], tally_column(0): [20_000, None]})
    found = LocalEngine(card, AS_OF, plain_rows=0).lazy(rows).collect()
    assert found["score"].to_list() == [2, 0]
    assert found["segment"].to_list() == ["some", "none"]
    assert found["ask"].to_list() == ["", ""]
