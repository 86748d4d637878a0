"""Dates that a text states, as precise as it states them: written day first, as in London.

Nothing is completed: a day without its year, or one that can be read in two ways, is unknown, and
a note says so.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import PartialDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MONTH_NUMBERS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"\b(?:(?P<iso>{_YEAR}-\d\d(?:-\d\d)?)"
    rf"|(?P<uk>\d{{1,2}}/\d{{1,2}}/{_YEAR})"
    rf"|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{MONTH})\.?,? (?P<year>{_YEAR})"
    rf"|(?P<month_us>{MONTH}) (?P<day_us>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year_us>{_YEAR})"
    rf"|(?P<bare>{_YEAR}))\b",
    re.IGNORECASE,
)
_WEEKDAYS = {
    name.lower(): number
    for names in (calendar.day_name, calendar.day_abbr)
    for number, name in enumerate(names)
} | {"tues": 1, "thur": 3, "thurs": 3}
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_CLOCK = (
    r"(?:T|(?:,? at|,| -)? )\d{1,2}(?:[:.]\d\d){1,2}(?:\.\d+)?"
    r"(?: ?[ap]\.?m\b\.?| ?hrs\b| ?hours\b)?"
    r"(?: ?(?:Z|UTC|GMT|BST|[+-]\d\d:?\d\d)\b(?: \([A-Z]+\))?)?"
)
# A line that is a date and nothing else; what stands between weekday and clock is the date.
_LINE = re.compile(
    rf"(?:\d{{1,2}}[:.]\d\d ?(?:[ap]m|hrs)?,? )?(?:(?P<weekday>{_WEEKDAY})\.?,? (?:the )?)?"
    rf"(?P<date>[\w/. ,-]+?)(?:{_CLOCK})?\.?",
    re.IGNORECASE,
)
_DOTTED = re.compile(rf"(\d{{1,2}})([.-])(\d{{1,2}})\2({_YEAR})")
_SHORT = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d\d)")
_NO_YEAR = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{MONTH})", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:(?:date )?(?:first )?(?:published|posted|issued|released|released? date)(?: on)?"
    r"|date(?: of (?:issue|publication|release))?|publication date)(?:\s*:|\s+|\Z)\s*",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"(?:last )?(?:updated|modified)(?: on)?(?:\s*:|\s+|\Z)\s*", re.IGNORECASE)
_SEPARATED = re.compile(r"\s+[|•·]\s+")
# A day as two figures and a year as two: before this the last century is meant.
_FIRST_SHORT_YEAR = 70
_TOP_LINES = 10
_LABELLED_LINES = 20
# No dateline is longer than this; a sentence is.
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Stated:
    """What a line says of a date: ``date`` if it is one, or else why not, in a ``note``."""

    date: PartialDate | None
    note: str | None = None


def date_of(match: re.Match[str]) -> PartialDate | None:
    """The date of a match of ``DATE``; ``None`` for a day that does not exist."""
    group = match.groupdict()
    try:
        if group["iso"]:
            return PartialDate.parse(group["iso"])
        if group["uk"]:
            day, month, year = map(int, group["uk"].split("/"))
            return PartialDate(year, month, day)
        if group["bare"]:
            return PartialDate(int(group["bare"]))
        name = (group["month"] or group["month_us"]).lower()
        day_text = group["day"] or group["day_us"]
        year_text = group["year"] or group["year_us"]
        return PartialDate(int(year_text), MONTH_NUMBERS[name], int(day_text) if day_text else None)
    except ValueError:
        return None


def stated_date(text: str) -> PartialDate | None:
    """The date that ``text`` is, a time of day or a weekday aside; ``None`` if it is none.

    ``26/06/2020``, ``Friday 26 June 2020, 10:30``, ``26th June 2020``, ``June 2020``, ``2020``,
    ``2020-06-26T10:30:00+01:00``, ``Fri, 26 Jun 2020 10:30:00 +0100``: the day is the one that
    is written, whatever the time zone. A weekday has to fit.
    """
    found = read_date(text)
    return found.date if found else None


def read_date(text: str) -> Stated | None:
    """Like `stated_date`, but says what is wrong with a text that is nearly a date.

    ``None`` if it is nothing like one.
    """
    words = " ".join(text[: 2 * _LONGEST].split())
    found = _LINE.fullmatch(words) if len(words) <= _LONGEST else None
    if found is None:
        return None
    readings = _readings(found["date"])
    if readings is None and not _NO_YEAR.fullmatch(found["date"]):
        return None
    if readings is None:
        why = ", without a year"
    elif len(fitting := _fitting(readings, found["weekday"])) == 1:
        return Stated(fitting[0])
    elif fitting:
        why = ", which can be read in more than one way"
    else:
        why = ", but no such day exists" if not readings else ", but that was another weekday"
    return Stated(None, f"says '{words}'{why}; give it with --published")


def _fitting(readings: list[PartialDate], weekday: str | None) -> list[PartialDate]:
    """Those that fall on ``weekday``, if one is given."""
    if weekday is None:
        return readings
    number = _WEEKDAYS[weekday.lower()]
    return [one for one in readings if one.day and one.first_day.weekday() == number]


def _readings(written: str) -> list[PartialDate] | None:
    """The dates that ``written`` can mean, or ``None`` if it does not have the form of one."""
    if match := DATE.fullmatch(written):
        return [date] if (date := date_of(match)) else []
    if match := _DOTTED.fullmatch(written):
        return _existing((int(match[4]), int(match[3]), int(match[1])))
    if match := _SHORT.fullmatch(written):
        first, second, third = int(match[1]), int(match[3]), int(match[4])
        year_first = () if match[2] == "/" else ((_century(first), second, third),)
        return _existing(
            (_century(third), second, first), (_century(third), first, second), *year_first
        )
    return None


def _existing(*days: tuple[int, int, int]) -> list[PartialDate]:
    found = []
    for day in days:
        try:
            found.append(PartialDate(*day))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _century(year: int) -> int:
    return year + (1900 if year >= _FIRST_SHORT_YEAR else 2000)


def find_dateline(lines: Sequence[str]) -> tuple[PartialDate | None, tuple[str, ...]]:
    """When a text of these lines says that it was published, and notes on what it says otherwise.

    A date counts that stands alone on a line near the top, or behind a label near the top or the
    bottom: "Published:", "Date:" before a bare date before "Updated:". One in a sentence never
    does. Of two that differ the first counts, and a note names the other.
    """
    found = sorted(_datelines([line for line in lines if line.strip()]), key=lambda one: one[0])
    dates = [(rank, stated.date) for rank, stated in found if stated.date is not None]
    if not dates:
        return None, tuple(dict.fromkeys(s.note for _, s in found[:1] if s.note))
    best_rank, best = dates[0]
    others = [date for rank, date in dates if rank == best_rank and date != best]
    if not others:
        return best, ()
    return best, (f"says {best.spoken} and {others[0].spoken}; the first was taken",)


def _datelines(lines: list[str]) -> Iterator[tuple[int, Stated]]:
    """Each line that states a date, with its rank: 0 published, 1 bare, 2 updated."""
    for place, line in enumerate(lines):
        near_top = place < _LABELLED_LINES
        if not near_top and place < len(lines) - _TOP_LINES:
            continue
        if len(line) > _LONGEST:
            continue
        following = lines[place + 1] if place + 1 < len(lines) else ""
        for part in _SEPARATED.split(line.strip()):
            for rank, label in ((0, _PUBLISHED), (2, _UPDATED)):
                if match := label.match(part):
                    stated = read_date(part[match.end() :] or following)
                    if stated:
                        yield rank, stated
            if place < _TOP_LINES and not re.fullmatch(_YEAR, part) and (bare := read_date(part)):
                yield 1, bare
