"""How old an answer is, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.ages import age, age_note
from corpus.document import PartialDate
from tests.bot.answers import answer, document, excerpt

_TODAY = date(2026, 11, 30)
_SOURCE = document("One was hurt.")
_OTHER = document("Two were hurt.", name="another")


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2020-06-26", "more than six years"),
        ("2020-11-30", "six years"),
        ("2025-11-30", "a year"),
        ("2025-11-29", "more than a year"),
        ("2025-12-01", "more than eleven months"),
        ("2026-08-30", "three months"),
        ("2026-10-20", "41 days"),
        ("2026-11-29", "1 day"),
        ("2019", "more than six years"),
        ("2019-11", "seven years"),
        ("1829-09-29", "more than 197 years"),
    ],
)
def test_an_age_is_what_it_is_at_least(published: str, expected: str) -> None:
    assert age(PartialDate.parse(published), _TODAY) == expected


def test_an_old_answer_says_so() -> None:
    newest = PartialDate.parse("2020-06-26")
    two = replace(answer(excerpt(_SOURCE), excerpt(_OTHER)), newest=newest)
    assert age_note(two, _TODAY, 365) == (
        "The newest of these sources is from 26 June 2020, more than six years ago."
    )
    one = replace(answer(excerpt(_SOURCE), excerpt(_SOURCE)), newest=newest)
    assert age_note(one, _TODAY, 365, "iso") == (
        "This source is from 2020-06-26, more than six years ago."
    )


def test_only_what_is_older_than_was_set_is_called_old() -> None:
    recent = replace(answer(excerpt(_SOURCE)), newest=PartialDate.parse("2026-11-20"))
    assert age_note(recent, _TODAY, 10) == ""
    assert age_note(recent, _TODAY, 9) != ""
    assert age_note(recent, _TODAY, 0) == ""


def test_what_has_no_date_or_lies_ahead_has_no_age() -> None:
    assert age_note(answer(excerpt(_SOURCE)), _TODAY, 1) == ""
    ahead = replace(answer(excerpt(_SOURCE)), newest=PartialDate.parse("2027-01-01"))
    assert age_note(ahead, _TODAY, 1) == ""
    nothing = replace(answer(), newest=PartialDate.parse("2001"))
    assert age_note(nothing, _TODAY, 1) == ""
