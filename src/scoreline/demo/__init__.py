"""Bundled files of the demo, and what its pages must say of them."""

from __future__ import annotations

from typing import Literal

NOTICES: dict[str, tuple[tuple[Literal["invented", "source"], str, str | None], ...]] = {
    # file: (kind of notice, text, link)
    "bank.csv.gz": (
        (
            "source",
            "S. Moro, P. Rita, P. Cortez: Bank Marketing, UCI Machine Learning Repository, 2014, "
            "under CC BY 4.0. Telephone contacts of a Portuguese bank, 2008 to 2010. Changed here: "
            "the length of the call left out, a client number put in, y called deposit.",
            "https://doi.org/10.24432/C5K306",
        ),
    ),
    "leads.csv": (
        (
            "invented",
            "None of these people and companies exists. They show what a page says.",
            None,
        ),
        ("source", "Invented for this demo by a script; Apache-2.0 like Scoreline itself.", None),
    ),
}
"""Notices by file name; `scoreline.pages.figures.Notice` takes them as they are."""
