"""Synthetic customers for the benchmark card: seeded, typed, about one value in ten missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parent / "data"
CHUNK = 250_000
ROW_GROUP = 125_000
MISSING = 0.1
POSITIONS = [
    "director",
    "head of sales",
    "student",
    "engineer",
    "manager",
    "buyer",
    "sales director",
]
PLACES = ["Europe", "Moscow", "online", "north", "retail", "key accounts", "Ural", "partners"]
COUNTRIES = ["RU", "DE", "FR", "KZ", "GB", "US", "TR", "BR", "CN", "IN"]
INDUSTRIES = ["software", "finance", "retail", "logistics", "agency", "construction", "food"]
SOURCES = ["referral", "organic", "direct", "paid", "event", "social"]
SERVICES = ["crm", "site", "smm", "mobile app", "analytics"]
KINDS = ["corporate", "free", "disposable", "relay"]
WORDS = ["price", "call me", "integration", "urgent", "demo", "тендер", "how long", "references"]


def parquet(rows: int) -> Path:
    """The file of so many customers; made once."""
    path = FOLDER / f"customers-{rows}.parquet"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        writer: pq.ParquetWriter | None = None
        for number, start in enumerate(range(0, rows, CHUNK)):
            table = customers(number, start, min(CHUNK, rows - start)).to_arrow()
            table = table.cast(pa.schema([_plain(field) for field in table.schema]))
            writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
            writer.write_table(table, row_group_size=ROW_GROUP)
        assert writer is not None
        writer.close()
        part.rename(path)
    return path


def _plain(field: pa.Field) -> pa.Field:
    texts = (pa.types.is_large_string(field.type), pa.types.is_string_view(field.type))
    return field.with_type(pa.string()) if any(texts) else field


def customers(number: int, start: int, rows: int) -> pl.DataFrame:
    """A chunk of customers, typed as the boundary leaves them."""
    random = np.random.default_rng(number)
    keys = np.arange(start + 1, start + rows + 1)

    def pick(words: list[str]) -> np.ndarray:
        return np.array(words, dtype=object)[random.integers(0, len(words), rows)]

    def days() -> np.ndarray:
        return np.datetime64("2023-01-01") + random.integers(0, 1100, rows)

    domains = pick(["acme.ru", "gmail.com", "firma.de", "corp.com", "mail.ru", "example.fr"])
    frame = pl.DataFrame(
        {
            "lead_id": keys,
            "email": [f"user{key}@{domain}" for key, domain in zip(keys, domains, strict=True)],
            "email__kind": pick(KINDS),
            "phone": [f"+7912{key:07d}" for key in random.integers(0, 10**7, rows)],
            "phone__status": pick(["ok", "ok", "suspect"]),
            "company": [f"Company {key}" for key in random.integers(0, 200_000, rows)],
            "position": [f"{a}, {b}" for a, b in zip(pick(POSITIONS), pick(PLACES), strict=True)],
            "website": [f"www.{d}" for d in domains],
            "comment": [f"{a}, {b}" for a, b in zip(pick(WORDS), pick(WORDS), strict=True)],
            "country": pick(COUNTRIES),
            "industry": pick(INDUSTRIES),
            "source": pick(SOURCES),
            "service": pick(SERVICES),
            "budget": np.round(random.lognormal(10.5, 1.2, rows), 2),
            "revenue": np.round(random.lognormal(15, 2, rows), 2),
            "age": random.integers(18, 80, rows),
            "employees": random.lognormal(3.5, 1.6, rows).astype(np.int64),
            "visits": random.poisson(5, rows),
            "pages": random.poisson(12, rows),
            "opens": random.poisson(4, rows),
            "created": days(),
            "last_seen": days(),
            "has_spec": random.random(rows) < 0.3,
            "subscribed": random.random(rows) < 0.8,
        }
    )
    return _with_gaps(frame, random)


def _with_gaps(frame: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """The same with values taken away; the facts of a missing field are missing too."""
    gone: dict[str, pl.Series] = {}
    columns = []
    for name in frame.columns[1:]:
        field = name.partition("__")[0]
        if field not in gone:
            gone[field] = pl.Series(random.random(frame.height) < MISSING)
        columns.append(pl.when(~gone[field]).then(pl.col(name)).alias(name))
    return frame.with_columns(columns)
