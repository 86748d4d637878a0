"""How dates are written for people, by the language that a server chose; pure."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from corpus.document import PartialDate

if TYPE_CHECKING:
    from datetime import date

BRITISH, AMERICAN, ISO = "en-GB", "en-US", "iso"
DATE_LANGUAGES = (BRITISH, AMERICAN, ISO)


def spoken(when: PartialDate, language: str = BRITISH) -> str:
    """``26 June 2020``, ``June 26, 2020`` or ``2020-06-26``, as precise as the date is."""
    if language == ISO:
        return str(when)
    if language == AMERICAN and when.month is not None and when.day is not None:
        return f"{calendar.month_name[when.month]} {when.day}, {when.year}"
    return when.spoken


def spoken_day(day: date, language: str = BRITISH) -> str:
    """The same of a whole day."""
    return spoken(PartialDate(day.year, day.month, day.day), language)
