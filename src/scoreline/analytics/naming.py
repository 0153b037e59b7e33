"""What channels are called: people write one name in several ways."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from scoreline.quality.text import folded, normal


def one_spelling(names: pl.Series) -> dict[str, str]:
    """Each spelling of a channel -> the most frequent spelling of the same channel; "" is none.

    >>> one_spelling(pl.Series(["Webinar", "webinar", "Webinar", None]))
    {'Webinar': 'Webinar', '': '', 'webinar': 'Webinar'}
    """
    counts = names.cast(pl.String).fill_null("").value_counts(sort=True)
    chosen: dict[str, str] = {}
    spellings = {}
    for name in sorted(counts[:, 0].to_list(), key=_by_count(counts)):
        spellings[name] = chosen.setdefault(folded(name), normal(name))
    return spellings


def _by_count(counts: pl.DataFrame) -> Callable[[str], tuple[int, str]]:
    numbers = dict(counts.iter_rows())
    return lambda name: (-numbers[name], name)
