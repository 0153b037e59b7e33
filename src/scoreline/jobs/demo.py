"""The demo: the main job on bundled files. It only calls what `score --report` calls."""

from __future__ import annotations

import contextlib
import shlex
import webbrowser
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from scoreline.errors import UsageError
from scoreline.jobs.options import Progress, ScoreOptions
from scoreline.jobs.outputs import Outputs
from scoreline.jobs.report import Asked, score_with_report
from scoreline.jobs.summary import ScoreSummary
from scoreline.pages.figures import Notice, Noun
from scoreline.scorecard.file import load_card
from scoreline.scoring.moments import moment

AS_OF = "2026-11-01"
"""The demo scores as of a fixed day, so that everyone sees the same page."""


@dataclass(frozen=True)
class Show:
    """One page of the demo: bundled data and card, and what a win is."""

    data: str
    card: str
    won: str
    lost: str
    page: str
    notices: tuple[Notice, ...]
    noun: Noun


SHOWS = (
    Show(
        "bank.csv.gz",
        "bank.yaml",
        "deposit=yes",
        "deposit=no",
        "bank.html",
        (
            Notice(
                "source",
                "Bank Marketing, UCI Machine Learning Repository, by S. Moro, P. Rita and "
                "P. Cortez, licence CC BY 4.0. Changed: the length of the call is left out, since "
                "it is known only after the call; the row number is added as client; y is called "
                "deposit. The card was written by hand.",
                "https://archive.ics.uci.edu/dataset/222/bank+marketing",
            ),
        ),
        Noun("client", "clients"),
    ),
    Show(
        "leads.csv",
        "leads.yaml",
        "outcome=won",
        "outcome=lost",
        "leads.html",
        (Notice("invented", "Every lead on this page is invented: no person or firm is real."),),
        Noun("lead", "leads"),
    ),
)


@dataclass(frozen=True)
class DemoPage:
    """A page that was written, and the command that makes the same."""

    path: Path
    summary: ScoreSummary
    command: str


def run_demo(folder: Path, progress: Progress | None = None) -> list[DemoPage]:
    """The pages, with data, cards and scored files beside them in `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in {name for show in SHOWS for name in (show.data, show.card)}:
            _copy(name, folder / name)
    except OSError as error:
        raise UsageError(
            f"{folder} can't be written: {error.strerror}.",
            "Name another folder: scoreline demo DIR",
        ) from None
    return [_show(folder, show, progress) for show in SHOWS]


def _copy(name: str, path: Path) -> None:
    bundled = files("scoreline.demo").joinpath(name).read_bytes()
    if path.exists() and path.read_bytes() != bundled:
        raise UsageError(
            f"{path} is a file of yours; the demo would overwrite it.",
            "Name another folder: scoreline demo DIR",
        )
    path.write_bytes(bundled)


def _show(folder: Path, show: Show, progress: Progress | None) -> DemoPage:
    page = folder / show.page
    out = folder / f"{page.stem}.scored.csv"
    outputs = Outputs(str(out), page)
    asked = Asked(show.won, show.lost, notices=show.notices, noun=show.noun)
    options = ScoreOptions(as_of=moment(AS_OF), progress=progress)
    card = load_card(folder / show.card)
    summary = score_with_report(
        folder / show.data, card, folder / show.card, outputs, options, asked
    )
    words = ["scoreline", "score", folder / show.data, "--card", folder / show.card]
    words += ["--won", show.won, "--lost", show.lost, "--as-of", AS_OF]
    command = shlex.join(map(str, [*words, "--out", out, "--report", page]))
    return DemoPage(page, summary, command)


def open_page(path: Path) -> None:
    """Open a page in the browser, where there is one; without one nothing happens."""
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(path.resolve().as_uri())
