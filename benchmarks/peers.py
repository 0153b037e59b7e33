"""The thirty terms of card.yaml in other tools, written as their users would write them.

Each gives the points before the clamps, which are held against ours before anything is timed; the
clamps, the interval and the question to ask are ours alone.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import zen

from scoreline.scorecard.model import Bin, Holds, Missing, OneOf, Otherwise, Range, Scorecard, Term
from scoreline.scorecard.points import unscaled

Rule = dict[str, str]
FREE = "free"
"""zen's column of a table for tests that are no test of one field."""


def days(text: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Days from a column of dates to the moment of scoring, in pandas."""
    return lambda f: (pd.Timestamp("2026-11-01") - pd.to_datetime(f[text])).dt.days


CONDITIONS: dict[str, tuple[Callable[[pd.DataFrame], Any], Rule]] = {
    "contact phone": (lambda f: f.phone__status == "ok", {"phone__status": "'ok'"}),
    "corporate e-mail": (lambda f: f.email__kind == "corporate", {"email__kind": "'corporate'"}),
    "throw-away e-mail": (lambda f: f.email__kind == "disposable", {"email__kind": "'disposable'"}),
    "company and position": (
        lambda f: f.company.notna() & f.position.notna(),
        {FREE: "company != null and position != null"},
    ),
    "decision maker": (
        lambda f: f.position.str.contains("director") | f.position.str.contains("head"),
        {FREE: "contains(position, 'director') or contains(position, 'head')"},
    ),
    "student": (
        lambda f: f.position.str.startswith("student"),
        {FREE: "startsWith(position, 'student')"},
    ),
    "web address": (lambda f: f.website.notna(), {FREE: "website != null"}),
    "country domain": (
        lambda f: f.website.str.endswith(".ru") | f.website.str.endswith(".de"),
        {FREE: "endsWith(website, '.ru') or endsWith(website, '.de')"},
    ),
    "asks for a price": (
        lambda f: f.comment.str.contains("price"),
        {FREE: "contains(comment, 'price')"},
    ),
    "core market": (
        lambda f: f.country.isin(["RU", "DE", "FR", "KZ"]),
        {"country": "'RU', 'DE', 'FR', 'KZ'"},
    ),
    "far market": (
        lambda f: f.country.notna() & ~f.country.isin(["RU", "DE", "FR", "KZ", "GB", "US", "TR"]),
        {"country": "not in ['RU', 'DE', 'FR', 'KZ', 'GB', 'US', 'TR']"},
    ),
    "not our core work": (
        lambda f: f.service.isin(["smm", "mobile app"]),
        {"service": "'smm', 'mobile app'"},
    ),
    "paid but small": (
        lambda f: (f.source == "paid") & (f.budget < 20000),
        {"source": "'paid'", "budget": "< 20000"},
    ),
    "budget to revenue": (
        lambda f: f.budget / f.revenue >= 0.01,
        {FREE: "budget / revenue >= 0.01"},
    ),
    "big": (
        lambda f: (f.employees >= 500) | (f.revenue >= 5e7),
        {FREE: "employees >= 500 or revenue >= 50000000"},
    ),
    "opens letters": (lambda f: f.opens.between(2, 50), {"opens": "[2..50]"}),
    "bot": (lambda f: (f.opens > 50) | (f.pages > 200), {FREE: "opens > 50 or pages > 200"}),
    "seen lately": (lambda f: days("last_seen")(f) <= 14, {"last_seen_days": "<= 14"}),
    "cold": (lambda f: days("last_seen")(f) > 180, {"last_seen_days": "> 180"}),
    "old acquaintance": (
        lambda f: pd.to_datetime(f.created) < "2024-01-01",
        {"created_days": f"> {(dt.date(2026, 11, 1) - dt.date(2024, 1, 1)).days}"},
    ),
    "technical specification": (lambda f: f.has_spec == True, {FREE: "has_spec == true"}),  # noqa: E712
    "left the list": (lambda f: f.subscribed == False, {FREE: "subscribed == false"}),  # noqa: E712
}


def bins(card: Scorecard) -> Iterator[tuple[Term, Bin]]:
    """Every bin of every term."""
    return ((term, bin_) for term in card.terms for bin_ in term.bins)


def numpy_select(path: Path, card: Scorecard) -> pd.DataFrame:
    """Key and points by pandas and np.select, no reasons."""
    f = pd.read_parquet(path)
    score = np.zeros(len(f), np.int64)
    for term in card.terms:
        tests = [np.asarray(_pandas_test(f, term, b).fillna(False), bool) for b in term.bins]
        score += np.select(tests, [int(unscaled(b.points)) for b in term.bins], 0)
    return pd.DataFrame({"lead_id": f.lead_id, "points": score})


def _pandas_test(f: pd.DataFrame, term: Term, bin_: Bin) -> Any:
    match bin_.test:
        case Holds():
            return CONDITIONS[term.name][0](f)
        case Missing():
            return f.email.isna() if term.is_condition else f[term.text].isna()
        case Otherwise():
            return f[term.text].notna()
        case OneOf(values):
            return f[term.text].isin(values)
        case Range(lower, upper):
            value = f[term.text]
            return (value >= _low(lower)) & (value < _high(upper))
    raise AssertionError(bin_)


def _low(value: Any) -> float:
    return -np.inf if value is None else value


def _high(value: Any) -> float:
    return np.inf if value is None else value


def sorted_lists(card: Scorecard, path: Path) -> str:
    """SQL of score and three reasons as an analyst writes it: a list of lines, sorted by points."""
    terms = []
    for term in card.terms:
        cases = " ".join(
            f"when {_sql_test(term, b)} then "
            f"{{'p': {unscaled(b.points)}, 'n': '{term.name} {unscaled(b.points):+}'}}"
            for b in sorted(term.bins, key=lambda b: isinstance(b.test, Otherwise))
        )
        terms.append(f"case {cases} end")
    strongest = "list_transform(r, lambda x: {'a': -abs(x.p), 'n': x.n})"
    return (
        f"with l as (select lead_id, list_filter([{', '.join(terms)}], lambda x: x is not null) r "
        f"from '{path}') select lead_id, list_sum(list_transform(r, lambda x: x.p)) points, "
        f"list_transform(list_sort({strongest})[1:3], lambda x: x.n)::varchar reasons from l"
    )


def _sql_test(term: Term, bin_: Bin) -> str:
    text = re.sub(r"\b(email|phone)\.", r"\1__", term.text)
    text = text.replace(
        "days_between(last_seen, as_of)", "date_diff('day', last_seen, date '2026-11-01')"
    )
    match bin_.test:
        case Holds():
            return text
        case Missing():
            return f"({text}) is null"
        case Otherwise():
            return f"{text} is not null"
        case OneOf(values):
            return f"{text} in ({', '.join(repr(value) for value in values)})"
        case Range(lower, upper):
            tests = [f"{text} >= {lower!r}"] * (lower is not None)
            return " and ".join(tests + [f"{text} < {upper!r}"] * (upper is not None))
    raise AssertionError(bin_)


def zen_table(card: Scorecard, *, by_field: bool) -> Any:
    """A decision of zen-engine: a collecting table, a row for each bin, that gives the reasons.

    by_field: tests stand in the columns of their fields, as a patient person fills the table in;
    else each row has one expression, as a card is translated.
    """
    test = _zen_cells if by_field else _zen_expression
    rules = [
        {
            "_id": str(number),
            **test(term, bin_),
            "term": json.dumps(term.name),
            "bin": json.dumps(bin_.label),
            "points": str(unscaled(bin_.points)),
        }
        for number, (term, bin_) in enumerate(bins(card))
    ]
    results = ("term", "bin", "points")
    fields = sorted({name for rule in rules for name in rule} - {"_id", *results})
    column = {"type": "expression"}
    content = {
        "hitPolicy": "collect",
        "rules": rules,
        "inputs": [
            {"id": f, "name": f, **column} | ({} if f == FREE else {"field": f}) for f in fields
        ],
        "outputs": [{"id": name, "name": name, "field": name, **column} for name in results],
    }
    nodes = [
        {"id": "i", "name": "in", "type": "inputNode"},
        {"id": "t", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "o", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "i", "targetId": "t"},
        {"id": "2", "type": "edge", "sourceId": "t", "targetId": "o"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def _zen_expression(term: Term, bin_: Bin) -> Rule:
    """The row's cells as one expression: `budget in [0..5)`, `position != null and ...`."""
    tests = []
    for name, cell in _zen_cells(term, bin_).items():
        if name == FREE:
            tests.append(f"({cell})")
        elif cell[0] in "<>" or cell.startswith("not in"):
            tests.append(f"{name} {cell}")
        elif cell == "null":
            tests.append(f"{name} == null")
        else:
            tests.append(f"{name} in {cell if '..' in cell else f'[{cell}]'}")
    return {FREE: " and ".join(tests)}


def _zen_cells(term: Term, bin_: Bin) -> Rule:
    match bin_.test:
        case Holds():
            return CONDITIONS[term.name][1]
        case Missing():
            return {"email__kind" if term.is_condition else term.text: "null"}
        case Otherwise():
            known = [v for b in term.bins if isinstance(b.test, OneOf) for v in b.test.values]
            return {term.text: f"not in {known!r}"}
        case OneOf(values):
            return {term.text: ", ".join(repr(value) for value in values)}
        case Range(None, upper):
            return {term.text: f"< {upper:g}"}
        case Range(lower, None):
            return {term.text: f">= {lower:.0f}"}
        case Range(lower, upper):
            return {term.text: f"[{lower:.0f}..{upper:.0f})"}
    raise AssertionError(bin_)


def zen_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """A complete typed record as zen takes it: JSON values, the dates as days already counted."""
    today = dt.date(2026, 11, 1)
    counted = {f"{n}_days": (today - record[n]).days for n in ("created", "last_seen")}
    plain = {n: v for n, v in record.items() if not isinstance(v, dt.date)}
    return plain | counted
