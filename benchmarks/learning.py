"""Learning points beside its peers: optimal bins, a whole card, how well cards rank.

    python -m benchmarks.learning FOLDER

FOLDER holds the data sets (bank_full.csv.gz and so on); optbinning, lightgbm and scikit-learn are
peers that are installed for this alone, in an environment of their own.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from scoreline.learn.binning.best import Counts, best_partition, information
from scoreline.learn.binning.field import bins_of_numbers
from scoreline.learn.binning.numbers import number_cuts
from scoreline.learn.binning.rules import BinRules, Trend
from scoreline.learn.columns import Column, Levels, Numbers, parts
from scoreline.learn.measures import Ranked, calibration
from scoreline.learn.methods.pairs import gaining_pairs
from scoreline.learn.methods.points import learn_points
from scoreline.learn.table import LearnOptions

SETS = {
    "bank_additional_full": ("y", "yes", ["duration"]),
    "bank_full": ("y", "yes", ["duration"]),
    "taiwan_default": ("default_next_month", "1", ["ID"]),
    "online_shoppers": ("Revenue", "True", ["PageValues"]),
    "telco_churn": ("Churn", "Yes", ["customerID"]),
    "german_credit": ("creditability", "bad", []),
    "hillstrom_email": ("visit", "1", ["conversion", "spend"]),
    "motor_claims_au": ("ClaimOcc", "1", ["ClaimNb", "ClaimAmount"]),
}
"""Target, its value, and columns that are left out: known only afterwards, or keys."""
TRENDS: dict[Trend, str | None] = {
    "any": None,
    "ascending": "ascending",
    "descending": "descending",
    "peak": "peak",
    "valley": "valley",
}
"""Our names of trends, and optbinning's."""
SPLITS = 5


def read(folder: Path, name: str) -> tuple[list[Column], np.ndarray]:
    """The columns of a set that are learnt from, and 1 for each event."""
    target, value, out = SETS[name]
    frame = pl.read_csv(folder / f"{name}.csv.gz", infer_schema_length=0)
    columns: list[Column] = []
    for header in frame.columns:
        if header == target or header in out:
            continue
        texts = frame[header].str.strip_chars().replace("", None)
        numbers = texts.cast(pl.Float64, strict=False)
        if numbers.null_count() == texts.null_count() and numbers.n_unique() > 2:
            columns.append(Numbers(header, numbers.fill_null(float("nan")).to_numpy()))
        else:
            columns.append(Levels.of(header, texts.to_list()))
    return columns, (frame[target] == value).cast(pl.Float64).to_numpy()


def problems(folder: Path) -> Iterator[tuple[np.ndarray, np.ndarray, list[float], BinRules]]:
    """Columns of numbers with their pre-bins and what their bins must keep to."""
    for name in SETS:
        columns, events = read(folder, name)
        for column in columns:
            if not isinstance(column, Numbers):
                continue
            there = column.there
            values, own = column.values[there], events[there]
            cuts = [float(cut) for cut in number_cuts(values, own)][::4]
            if len(cuts) < 3:
                continue
            for trend in TRENDS:
                for most in (None, 3, 5):
                    yield values, own, cuts, BinRules(0.05 * len(own), most=most, trend=trend)


def against_cp_sat(folder: Path) -> str:
    """Our bins beside those of CP-SAT on the same pre-bins and rules."""
    from optbinning import OptimalBinning

    best_partition(Counts.of([1, 2, 3], [3, 2, 1]), BinRules(), information)  # loaded once
    ours_time = theirs_time = 0.0
    count = better = worse = equal = unsolved = 0
    for values, events, cuts, rules in problems(folder):
        place = np.searchsorted(cuts, values, side="right")
        hits = np.bincount(place, events, len(cuts) + 1)
        counts = Counts.of(hits, np.bincount(place, minlength=len(cuts) + 1) - hits)
        took = []
        for _ in range(5):  # so short a time is the median of five; the peer's is one
            begun = time.perf_counter()
            ours = best_partition(counts, rules, information)
            took.append(time.perf_counter() - begun)
        ours_time += float(np.median(took))
        peer = OptimalBinning(
            dtype="numerical", solver="cp", user_splits=np.array(cuts), min_bin_size=0.05,
            max_n_bins=rules.most, monotonic_trend=TRENDS[rules.trend], time_limit=15,
        )  # fmt: skip
        peer.fit(values, events.astype(int))
        theirs_time += peer._time_solver
        count += 1
        if peer.status not in ("OPTIMAL", "FEASIBLE"):
            unsolved += 1
            continue
        theirs = _worth(np.array(peer.splits), values, events, counts)
        gap = (ours.worth if ours else 0.0) - theirs
        equal += abs(gap) <= 1e-9
        better += gap > 1e-9
        worse += gap < -1e-9
    return (
        f"{count} problems: equal {equal}, ours better {better}, worse {worse}, unsolved {unsolved}"
        f"; {theirs_time:.1f} s against {ours_time:.3f} s, {theirs_time / ours_time:.0f} x"
    )


def _worth(splits: np.ndarray, values: np.ndarray, events: np.ndarray, counts: Counts) -> float:
    place = np.searchsorted(splits, values, side="right")
    hits = np.bincount(place, events, len(splits) + 1).astype(float)
    rest = np.bincount(place, minlength=len(splits) + 1) - hits
    return float(information(hits, rest, counts).sum()) if len(splits) else 0.0


def many_columns(columns: int = 1_000, rows: int = 100_000) -> str:
    """CPU seconds for cutting so many columns."""
    random = np.random.default_rng(0)
    events = (random.random(rows) < 0.2).astype(float)
    begun, clock = time.process_time(), time.perf_counter()
    for _ in range(columns):
        values = random.normal(size=rows) + 0.3 * events
        bins_of_numbers(values, events, BinRules(0.02 * rows))
    return (
        f"{columns:,} columns of {rows:,} rows: {time.perf_counter() - clock:.0f} s, "
        f"{time.process_time() - begun:.0f} s of CPU"
    )


def whole_card(folder: Path) -> str:
    """A card of 150,000 rows and 10 fields, beside optbinning's."""
    import pandas as pd
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    columns, events = read(folder, "taiwan_default")
    ten = [column for column in columns if isinstance(column, Numbers)][:10]
    rows = np.random.default_rng(0).choice(len(events), 200_000)
    seen, rest = rows[:150_000], rows[150_000:]
    learn_points(parts(ten, seen[:2_000]), events[seen[:2_000]])  # what is compiled, is
    begun = time.perf_counter()
    table = learn_points(parts(ten, seen), events[seen])
    ours = time.perf_counter() - begun
    our_area = Ranked.of(table.scores(parts(ten, rest)), events[rest]).auc
    frame = pd.DataFrame({column.name: column.values for column in ten})
    begun = time.perf_counter()
    card = Scorecard(
        binning_process=BinningProcess([column.name for column in ten]),
        estimator=LogisticRegression(),
        scaling_method="min_max",
        scaling_method_params={"min": 0, "max": 100},
    )
    card.fit(frame.iloc[seen], events[seen].astype(int))
    theirs = time.perf_counter() - begun
    area = Ranked.of(np.asarray(card.score(frame.iloc[rest])), events[rest]).auc
    their_area = max(area, 1 - area)
    return (
        f"150,000 rows, 10 fields: {ours:.2f} s against {theirs:.2f} s, {theirs / ours:.1f} x; "
        f"AUC {our_area:.4f} against {their_area:.4f}"
    )


def against_trees(folder: Path) -> Iterator[str]:
    """The area of cards beside that of LightGBM with its defaults; by time for both bank sets."""
    import lightgbm
    import pandas as pd
    from sklearn.model_selection import train_test_split

    for name in SETS:
        columns, events = read(folder, name)
        frame = pd.DataFrame(
            {
                one.name: one.values
                if isinstance(one, Numbers)
                else pd.Categorical.from_codes(one.codes, list(one.names))
                for one in columns
            }
        )
        rows = np.arange(len(events))
        splits = [
            train_test_split(rows, test_size=0.3, random_state=seed, stratify=events)
            for seed in range(SPLITS)
        ]
        kinds = {"random": splits}
        if name.startswith("bank"):
            kinds["by time"] = [(rows[: int(0.7 * len(rows))], rows[int(0.7 * len(rows)) :])]
        for kind, several in kinds.items():
            ours, paired, theirs, slopes, sizes = [], [], [], [], []
            for seen, rest in several:
                own, later = parts(columns, seen), parts(columns, rest)
                table = learn_points(own, events[seen])
                said = table.log_odds(later)
                ours.append(Ranked.of(said.round(9), events[rest]).auc)
                slopes.append(calibration(said, events[rest])[1])
                sizes.append(sum(len(term.bins) for term in table.terms))
                pairs = gaining_pairs(own, events[seen], seen if kind == "by time" else None)
                with_pairs = learn_points(own, events[seen], options=LearnOptions(pairs=pairs))
                paired.append(Ranked.of(with_pairs.scores(later), events[rest]).auc)
                peer = lightgbm.LGBMClassifier(verbose=-1).fit(frame.iloc[seen], events[seen])
                theirs.append(
                    Ranked.of(peer.predict_proba(frame.iloc[rest])[:, 1], events[rest]).auc
                )
            yield (
                f"{name}, {kind}: LightGBM {np.mean(theirs):.4f}, points without pairs "
                f"{np.mean(ours) - np.mean(theirs):+.4f}, with those that gain "
                f"{np.mean(paired) - np.mean(theirs):+.4f}; slope {np.mean(slopes):.2f}, "
                f"{np.mean(sizes):.0f} bins"
            )


def main() -> None:
    """Print all figures."""
    warnings.filterwarnings("ignore")
    folder = Path(sys.argv[1])
    for line in against_trees(folder):
        print(line, flush=True)
    print(whole_card(folder), flush=True)
    print(many_columns(), flush=True)
    print(against_cp_sat(folder), flush=True)


if __name__ == "__main__":
    main()
