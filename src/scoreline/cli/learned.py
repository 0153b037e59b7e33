"""What `learn` shows of a card: as text, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scoreline.cli.output import found_by_code, out, say, show_findings, table
from scoreline.errors import counted

if TYPE_CHECKING:
    from rich.table import Table

    from scoreline.jobs.learning.asked import Learned, LeftOut, Peer
    from scoreline.learn.table import LearnedBin, LearnedTerm
    from scoreline.learn.validation.figures import Figures


def to_json(found: Learned) -> dict[str, object]:
    """What `--format json` prints."""
    figures = found.figures
    return {
        "fingerprint": found.card.fingerprint,
        "terms": len(found.card.terms),
        "rows": found.rows,
        "positives": found.positives,
        "open": found.open,
        "split": found.split,
        "weak": found.weak,
        "window": _window(found),
        "metrics": {
            "auc": figures.auc,
            "auc_low": figures.auc_low,
            "auc_high": figures.auc_high,
            "ks": figures.ks,
            "gini": figures.gini,
            "brier": figures.brier,
            "lift10": figures.lift10,
            "lift20": figures.lift20,
            "pr_auc": figures.pr_auc,
            "slope": figures.slope,
            "rows": figures.rows,
            "positives": figures.events,
            "psi": found.stability.psi if found.stability else None,
            "lift_at_capacity": found.reached.lift if found.reached else None,
        },
        "csi": dict(found.stability.csi) if found.stability else None,
        "best_single": {"field": found.best_single.name, "auc": found.best_single.auc},
        "challenger": _peer(found.challenger),
        "doubling": found.table.doubling,
        "gap": found.table.gap,
        "findings": found_by_code(found.findings, found.counts),
        "left_out": [{"field": one.field, "why": one.why} for one in found.left_out],
        "insisted": [{"field": one.field, "why": one.why} for one in found.insisted],
    }


def show(found: Learned) -> None:
    """What the card is worth, its terms, and what was left out."""
    console, worth = out(), found.figures
    known = f"{found.rows:,} records, {found.positives:,} of them {found.target}"
    say(console, f"Learnt from {known}. {found.split[0].upper()}{found.split[1:]}.")
    if found.open:
        say(console, f"Not known yet, and counted as nothing: {counted(found.open, 'record')}.")
    for line in _waited(found):
        say(console, line)
    if found.weak:
        say(console, "Weak evidence: so few outcomes leave the points wide open.", style="bold")
    console.print()
    console.print(table(("on records it did not see", ""), _worth(worth), ""))
    for line in _beside(found):
        say(console, line)
    console.print()
    console.print(_terms(found))
    console.print()
    doubling, gap = found.table.doubling, found.table.gap
    plural = "points double" if doubling > 1 else "point doubles"
    bound = f"No card over these bins fits better by {gap:.2%}"
    if found.method == "additive":
        bound = f"Whole points lose {gap:.2%} of the fit of the trees they were read from"
    say(console, f"{doubling:g} {plural} the odds. {bound}.")
    for why, own in _by_reason(found.insisted).items():
        fields = ", ".join(one.field for one in own)
        say(console, f"You insisted on {fields}, though: {why}.", style="bold")
    for why, own in _by_reason(found.left_out).items():
        fields = ", ".join(one.field for one in own)
        say(console, f"Left out: {fields}: {why}.", style="bold" if own[0].leak else "")
    show_findings(console, found.findings, found.counts)


def _peer(peer: Peer | None) -> dict[str, object] | None:
    return None if peer is None else {"name": peer.name, "auc": peer.auc}


def _beside(found: Learned) -> list[str]:
    """What the card is worth beside others, to those who can reach so many, and in time."""
    from scoreline.learn.validation.stability import MOVED, MUCH

    area, single = found.figures.auc, found.best_single
    lines = [f"The best field alone, {single.name}, has an area of {single.auc:.3f}."]
    if found.challenger is not None:
        cost = found.challenger.auc - area
        told = f"{cost:.3f} is what staying readable costs" if cost > 0 else "no more than the card"
        lines.append(f"{found.challenger.name} has {found.challenger.auc:.3f}: {told}.")
    if found.reached is not None:
        one = found.reached
        lines.append(
            f"Of the best {one.count:,} of {one.rows:,} tried, {one.hits:,.0f} are "
            f"{found.target}: {one.lift:.1f} times as many as of {one.count:,} drawn blindly."
        )
    if found.stability is not None and found.stability.psi >= MOVED:
        much = "have moved much" if found.stability.psi >= MUCH else "have moved"
        most = max(found.stability.csi, key=lambda one: one[1])
        lines.append(
            f"The later records {much} (PSI {found.stability.psi:.2f}), most in {most[0]} "
            f"(CSI {most[1]:.2f})."
        )
    return lines


def _window(found: Learned) -> dict[str, object] | None:
    """What JSON says of the window that an outcome was waited for."""
    one = found.window
    if one is None:
        return None
    return {
        "days": one.days,
        "watched": one.watched,
        "too_young": one.too_young,
        "levelled": one.levelled,
    }


def _waited(found: Learned) -> list[str]:
    """How long an outcome was waited for, or why it perhaps should be."""
    one = found.window
    if one is None:
        if not found.fades:
            return []
        return [
            "The newest tenth of the records has fewer of them than chance explains. If they have "
            "not had the time yet, say with --closed COL when outcomes came."
        ]
    lines = [
        f"An outcome was waited for {counted(one.days, 'day')}, within which "
        f"{one.share:.0%} come. Left out, for they have not had that time: "
        f"{counted(one.too_young, 'record')}."
    ]
    if not one.levelled:
        lines.append(
            f"Outcomes still come late: records were watched for {counted(one.watched, 'day')} at "
            "most, and more may come after that."
        )
    return lines


def _terms(found: Learned) -> Table:
    """The terms, those that move scores most first; of a short card its conditions."""
    terms = sorted(found.table.terms, key=_range, reverse=True)
    if terms and terms[0].on is not None:
        from scoreline.learn.wording import condition_name

        clues = {clue.column: clue for clue in found.clues}
        lines = [
            (condition_name(one, clues[one.column]), _signed(one.bins[one.on or 0].points))
            for one in terms
        ]
        return table(("condition", "points"), lines, "points")
    rows = [(one.column, str(len(one.bins) - 1), *map(_signed, _ends(one.bins))) for one in terms]
    for pair in found.table.pairs:
        size = f"{pair.grid.rows.size - 1} x {pair.grid.columns.size - 1}"
        rows.append((" and ".join(pair.columns), size, *map(_signed, _ends(pair.cells))))
    return table(("term", "bins", "least", "most"), rows, "bins|least|most")


def _by_reason(left_out: Sequence[LeftOut]) -> dict[str, list[LeftOut]]:
    """Columns that were left out, by the reason; those that know the outcome first."""
    found: dict[str, list[LeftOut]] = {}
    for one in sorted(left_out, key=lambda one: not one.leak):
        found.setdefault(one.why, []).append(one)
    return found


def _worth(worth: Figures) -> list[tuple[str, str]]:
    return [
        ("area under the curve (AUC)", f"{worth.auc:.3f}"),
        ("   95% sure between", f"{worth.auc_low:.3f} and {worth.auc_high:.3f}"),
        ("Gini", f"{worth.gini:.3f}"),
        ("KS", f"{worth.ks:.3f}"),
        ("PR-AUC", f"{worth.pr_auc:.3f}"),
        ("the best tenth has, times its share", f"{worth.lift10:.2f}"),
        ("the best fifth has, times its share", f"{worth.lift20:.2f}"),
        ("Brier score", f"{worth.brier:.4f}"),
        ("slope of what came on what was said", f"{worth.slope:.2f}"),
    ]


def _range(term: LearnedTerm) -> int:
    least, most = _ends(term.bins)
    return most - least


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"


def _ends(bins: Sequence[LearnedBin]) -> tuple[int, int]:
    points = [one.points for one in bins if one.weight > 0]
    return min(points), max(points)
