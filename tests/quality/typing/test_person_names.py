"""Names of persons: what makes one doubtful, and what does not."""

from __future__ import annotations

import pytest

from scoreline.quality.typing.person_names import read_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Zoë Müller-Lüdenscheidt", ""),
        ("O'Neil", ""),
        ("Vlk", ""),
        ("J. R.", ""),
        ("Anna ?", ""),
        ("qwerty", "name-placeholder"),
        ("anna@acme.ru", "name-contact"),
        ("M4ria", "name-signs"),
        ("M?ller", "name-signs"),
        ("Zo?", "name-signs"),
        ("?rem", "name-signs"),
        ("L\ufffdvy", "name-signs"),
        ("Xxxqqq", "name-gibberish"),
        ("Aннa", "name-alphabets"),
        ("JEAN DUPONT", "name-case"),
    ],
)
def test_a_name_and_why_it_is_doubtful(text: str, code: str) -> None:
    """Letters that an encoding has lost are doubtful, and nobody guesses at them."""
    found = read_name(text)
    assert (found.code, found.status) == (code, "suspect" if code else "ok")
    assert found.suggestion is None or code in ("name-case", "name-alphabets")
