"""Words for yes and no in the larger languages of Europe, and the signs forms use for them.

Among them the words that spreadsheets write for true and false. Compared in folded form
(`text.folded`), so `YES`, `Oui` and `ДА ` are here. A word outside this table is invalid: nothing
is guessed from it.
"""

from __future__ import annotations

YES = frozenset(
    {
        *("yes", "y", "true", "t", "on", "1", "1.0", "+", "✓", "✔"),  # English, numbers, signs
        *("oui", "o", "vrai"),  # French
        *("ja", "j", "wahr"),  # German
        *("sí", "si", "sì", "verdadero", "vero", "sim", "verdadeiro"),  # Spanish to Portuguese
        *("tak", "prawda", "waar", "sant"),  # Polish, Dutch, Swedish; ja too
        *("да", "д", "истина", "вкл", "есть"),  # Russian
    }
)

NO = frozenset(
    {
        *("no", "n", "false", "f", "off", "0", "0.0", "-", "✗", "✘"),  # English, numbers, signs
        *("non", "faux"),  # French
        *("nein", "falsch"),  # German
        *("falso", "não", "nao"),  # Spanish to Portuguese; no too
        *("nie", "fałsz", "nee", "onwaar", "nej", "nei", "falskt"),  # Polish, Dutch, Scandinavian
        *("нет", "н", "ложь", "выкл"),  # Russian
    }
)


def yes_no(folded: str) -> bool | None:
    """Whether a folded word means yes (True), no (False), or neither (None).

    >>> yes_no("oui"), yes_no("нет"), yes_no("maybe")
    (True, False, None)
    """
    if folded in YES:
        return True
    return False if folded in NO else None
