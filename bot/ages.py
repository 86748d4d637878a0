"""How old an answer is, in words; pure: whoever shows it brings the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dates import BRITISH, spoken

if TYPE_CHECKING:
    from datetime import date

    from corpus.document import PartialDate
    from index.types import Answer

_NUMBERS = "a two three four five six seven eight nine ten eleven twelve".split()
_MONTHS_A_YEAR = 12
# Of fewer months the days are told: "41 days ago".
_FEWEST_MONTHS = 2


def age_note(answer: Answer, today: date, old_after_days: int, dates: str = BRITISH) -> str:
    """How old the newest of an answer's sources is, in a sentence, if older than so many days.

    Empty for an answer that is not so old or has no date, and where ``old_after_days`` is 0.
    ``dates`` is the language of dates.
    """
    newest = answer.newest
    if not old_after_days or newest is None or not answer.excerpts:
        return ""
    if (today - newest.last_day).days <= old_after_days:
        return ""
    documents = {excerpt.document_id for excerpt in answer.excerpts}
    what = "This source" if len(documents) == 1 else "The newest of these sources"
    return f"{what} is from {spoken(newest, dates)}, {age(newest, today)} ago."


def age(published: PartialDate, today: date) -> str:
    """How long ago that was at least: ``more than six years``, ``41 days``.

    A month or a year counts from its end.
    """
    since = published.last_day
    months = (today.year - since.year) * _MONTHS_A_YEAR + today.month - since.month
    months -= today.day < since.day
    if months < _FEWEST_MONTHS:
        days = (today - since).days
        return f"{days} day{'' if days == 1 else 's'}"
    years, rest = divmod(months, _MONTHS_A_YEAR)
    more = "" if not rest and since.day == today.day else "more than "
    if years:
        return more + _counted(years, "year")
    more = "" if since.day == today.day else "more than "
    return more + _counted(months, "month")


def _counted(number: int, what: str) -> str:
    word = _NUMBERS[number - 1] if number <= len(_NUMBERS) else str(number)
    return f"{word} {what}{'' if number == 1 else 's'}"
