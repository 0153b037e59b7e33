"""The same terms in other tools: seven of the thirty, enough to see what each way costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import zen

WHEN = (
    ("contact phone", "phone__status = 'ok'", 4),
    ("corporate e-mail", "email__kind = 'corporate'", 6),
    ("throw-away e-mail", "email__kind = 'disposable'", -12),
    ("company and position", "company is not null and position is not null", 5),
    ("web address", "website is not null", 2),
    ("core market", "country in ('RU', 'DE', 'FR', 'KZ')", 4),
    ("not our core work", "service in ('smm', 'mobile app')", -9),
)


def numpy_select(path: Path) -> int:
    """The sum of the scores by pandas and np.select."""
    f = pd.read_parquet(path)
    tests = (
        f.phone__status == "ok",
        f.email__kind == "corporate",
        f.email__kind == "disposable",
        f.company.notna() & f.position.notna(),
        f.website.notna(),
        f.country.isin(["RU", "DE", "FR", "KZ"]),
        f.service.isin(["smm", "mobile app"]),
    )
    score = np.zeros(len(f), np.int64)
    for test, (_, _, points) in zip(tests, WHEN, strict=True):
        score += np.select([test.fillna(False).to_numpy(bool)], [points], 0)
    return int(score.sum())


def sorted_lists(base: duckdb.DuckDBPyConnection, path: Path) -> object:
    """Score and three reasons by the obvious SQL: a list of structs, sorted by points."""
    parts = ", ".join(
        f"case when {test} then {{'p': {points}, 'n': '{name}'}} end" for name, test, points in WHEN
    )
    strongest = "list_transform(r, lambda x: {'a': -abs(x.p), 'n': x.n})"
    return base.execute(
        f"with l as (select list_filter([{parts}], lambda x: x is not null) r from '{path}') "
        "select sum(list_sum(list_transform(r, lambda x: x.p))), "
        f"sum(length(list_sort({strongest})[1:3]::varchar)) from l"
    ).fetchall()


def zen_table(records: list[dict[str, Any]]) -> tuple[Any, list[dict[str, Any]]]:
    """(decision, records) of zen-engine: a collecting decision table with a row for each term."""
    tests = {
        "contact phone": ("phone__status", '"ok"'),
        "corporate e-mail": ("email__kind", '"corporate"'),
        "throw-away e-mail": ("email__kind", '"disposable"'),
        "web address": ("website", "!= null"),
        "core market": ("country", '"RU", "DE", "FR", "KZ"'),
        "not our core work": ("service", '"smm", "mobile app"'),
    }
    fields = sorted({field for field, _ in tests.values()})
    points = {name: value for name, _, value in WHEN}
    rules = [
        {"_id": name, field: test, "out": str(points[name])}
        for name, (field, test) in tests.items()
    ]
    content = {
        "hitPolicy": "collect",
        "rules": rules,
        "inputs": [{"id": f, "name": f, "type": "expression", "field": f} for f in fields],
        "outputs": [{"id": "out", "name": "points", "type": "expression", "field": "points"}],
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
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    slim = [{field: record[field] for field in fields} for record in records]
    return decision, slim
