"""Names of the months in English, French and Russian, full and short, in folded form."""

from __future__ import annotations

_NAMES = """
january jan janvier janv январь января янв
february feb février fevrier févr fevr fév fev февраль февраля фев февр
march mar mars март марта мар
april apr avril avr апрель апреля апр
may mai май мая
june jun juin июнь июня июн
july jul juillet juil июль июля июл
august aug août aout август августа авг
september sep sept septembre сентябрь сентября сен сент
october oct octobre октябрь октября окт
november nov novembre ноябрь ноября ноя нояб
december dec décembre decembre déc декабрь декабря дек
"""

MONTHS: dict[str, int] = {
    name: number
    for number, line in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}
"""Folded name, without a closing dot -> number of the month."""
