"""Names of the months in English, French, German and Russian, full and short, in folded form."""

from __future__ import annotations

_NAMES = """
january jan janvier janv januar jänner jän январь января янв
february feb februar feber février fevrier févr fevr fév fev февраль февраля фев февр
march mar mars märz maerz mrz март марта мар
april apr avril avr апрель апреля апр
may mai май мая
june jun juin juni июнь июня июн
july jul juillet juil juli июль июля июл
august aug août aout август августа авг
september sep sept septembre сентябрь сентября сен сент
october oct octobre oktober okt октябрь октября окт
november nov novembre ноябрь ноября ноя нояб
december dec dezember dez décembre decembre déc декабрь декабря дек
"""

MONTHS: dict[str, int] = {
    name: number
    for number, line in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}
"""Folded name, without a closing dot -> number of the month."""
