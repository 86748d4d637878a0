"""Dates that a question names: "in June 2020", "since 2024", "between March and May 2020"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from corpus.dates import DATE, MONTH, MONTH_NUMBERS, date_of
from corpus.document import PartialDate

if TYPE_CHECKING:
    from datetime import date

_SINCE = re.compile(r"\b(?:since|from)\s+(?:the\s+)?(?:start of\s+)?\Z", re.IGNORECASE)
_AFTER = re.compile(r"\bafter\s+(?:the\s+)?(?:end of\s+)?\Z", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|up to|by)\s+(?:the\s+)?(?:end of\s+)?\Z", re.IGNORECASE)
_BEFORE = re.compile(r"\bbefore\s+(?:the\s+)?(?:start of\s+)?\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+\Z", re.IGNORECASE)
_AND = re.compile(r"\s*(?:and|to|until|-|–)\s*", re.IGNORECASE)
# "between March and May 2020": the year is said once.
_YEAR_LATER = re.compile(
    rf"\b(?:between|from)\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{MONTH})"
    r"\s*(?:and|to|until|-|–)\s*\Z",
    re.IGNORECASE,
)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``first`` to ``last``, both inclusive; ``None`` is open.

    ``literal`` is the year as written, where the question names one moment rather than a limit:
    a passage that says the year itself meets it, whenever its document was published.
    """

    first: date | None
    last: date | None
    literal: str | None = None

    def holds(self, published: PartialDate) -> bool:
        """Whether ``published`` may lie inside."""
        after = self.first is None or published.last_day >= self.first
        return after and (self.last is None or published.first_day <= self.last)


def asked_dates(question: str) -> tuple[DateRange | None, tuple[tuple[int, int], ...]]:
    """The range of dates that ``question`` names, and where its words stand (half-open offsets).

    No clock is read: "last week" names no date here.
    """
    found = [(match, when) for match in DATE.finditer(question) if (when := date_of(match))]
    if not found:
        return None, ()
    places = tuple(match.span() for match, _ in found)
    match, when = found[0]
    before = question[: match.start()]
    starts_range = _BETWEEN.search(before) or _SINCE.search(before)
    if (
        starts_range
        and len(found) > 1
        and _AND.fullmatch(question, match.end(), found[1][0].start())
    ):
        earlier, later = sorted((when, found[1][1]), key=lambda one: one.first_day)
        return DateRange(earlier.first_day, later.last_day), places
    if (start := _start_without_year(before, when)) is not None:
        return DateRange(start[0].first_day, when.last_day), (start[1], *places)
    for limit, limited in (
        (_SINCE, DateRange(when.first_day, None)),
        (_AFTER, DateRange(when.last_day + _A_DAY, None)),
        (_UNTIL, DateRange(None, when.last_day)),
        (_BEFORE, DateRange(None, when.first_day - _A_DAY)),
    ):
        if limit.search(before):
            return limited, places
    return DateRange(when.first_day, when.last_day, str(when.year)), places


def _start_without_year(
    before: str, end: PartialDate
) -> tuple[PartialDate, tuple[int, int]] | None:
    """The date that a range up to ``end`` begins with, if the text before names one, and where."""
    found = _YEAR_LATER.search(before)
    if found is None:
        return None
    month = MONTH_NUMBERS[found["month"].lower()]
    try:
        start = PartialDate(end.year, month, int(found["day"]) if found["day"] else None)
    except ValueError:
        return None
    place = (found.start("day" if found["day"] else "month"), found.end("month"))
    return (start, place) if start.first_day <= end.last_day else None
