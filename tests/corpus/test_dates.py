"""Dates that a text states."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import find_dateline, read_date, stated_date
from corpus.document import PartialDate

A_DAY = PartialDate(2020, 6, 26)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    ["26/06/2020", "26/6/2020", "26.06.2020", "26-06-2020", "26 June 2020", "26th June 2020",
     "26th of June 2020", "26 Jun 2020", "26 jun. 2020", "Friday 26 June 2020",
     "Friday, 26 June 2020", "Fri 26 Jun 2020", "FRIDAY 26TH JUNE 2020", "June 26, 2020",
     "Friday, June 26th, 2020", "Friday the 26th of June 2020", "2020-06-26",
     "2020-06-26T23:30:00Z", "2020-06-26T10:30:00.000+01:00", "2020-06-26 10:30:00",
     "26 June 2020 10:30", "26 June 2020, 10:30 BST", "26 June 2020 at 10.30am",
     "10:30am Friday 26 June 2020", "10:30, 26 June 2020", "26 Jun 2020 - 10:30",
     "Fri, 26 Jun 2020 10:30:00 +0100", "Fri, 26 Jun 2020 10:30:00 +0100 (BST)",
     "Friday 26.06.20", "26/06/20", "  26  June\t2020 ", "26 June 2020."]
)  # fmt: skip
def test_a_day_is_read_in_the_ways_that_people_and_programs_write_it(text: str) -> None:
    assert stated_date(text) == A_DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [("June 2020", "2020-06"), ("Sept. 2020", "2020-09"), ("2020-06", "2020-06"),
     ("2020", "2020"), ("09/08/2024", "2024-08-09"), ("26/06/98", "1998-06-26")]
)  # fmt: skip
def test_a_date_is_as_precise_as_it_is_written_and_day_first(text: str, expected: str) -> None:
    assert str(stated_date(text)) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Friday 26 June", "without a year"),
        ("26th of June", "without a year"),
        ("Monday 26 June 2020", "but that was another weekday"),
        ("31 June 2020", "but no such day exists"),
        ("06/26/2020", "but no such day exists"),
        ("29 February 2021", "but no such day exists"),
        ("26.06.20", "which can be read in more than one way"),
        ("09/08/24", "which can be read in more than one way"),
    ],
)
def test_what_is_nearly_a_date_is_unknown_and_a_note_says_why(text: str, why: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.date is None
    assert found.note is not None
    assert found.note.startswith(f"says '{text}'")
    assert why in found.note
    assert found.note.endswith("; give it with --published")
    assert stated_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "hello", "Friday", "June", "10:30", "on 26 June 2020", "26 June 2020 was a Friday",
     "1899", "32,000 officers", "020 7230 1212", "2020-06-26-01", "/" * 99, "1" * 10_000]
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@given(DAYS)
def test_every_day_is_read_back_from_every_form(day: date) -> None:
    expected = PartialDate(day.year, day.month, day.day)
    moment = datetime(day.year, day.month, day.day, 10, 30, tzinfo=UTC)
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day:%A} {day.day} {day:%B} {day.year}",
        f"{day:%a}, {day.day} {day:%b} {day.year}",
        day.isoformat(),
        moment.isoformat(),
        format_datetime(moment),
    ):
        assert stated_date(text) == expected


@given(DAYS, st.integers(1, 6))
def test_a_weekday_that_does_not_fit_makes_a_date_unknown(day: date, shift: int) -> None:
    other = date.fromordinal(day.toordinal() + shift)
    assert stated_date(f"{other:%A} {day.day} {day:%B} {day.year}") is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["A title", "26 June 2020", "Text."], "2020-06-26"),
        (["A title", "Friday 26 June 2020, 10:30", "Text."], "2020-06-26"),
        (["date 2020-06-26", "Text."], "2020-06-26"),
        (["Published: 26 June 2020"], "2020-06-26"),
        (["Published on 26/06/2020 at 10:30"], "2020-06-26"),
        (["Published", "26 June 2020"], "2020-06-26"),
        (["Date:", "", "June 2020"], "2020-06"),
        (["Published: 2020"], "2020"),
        (["Date of issue: 26 June 2020"], "2020-06-26"),
        (["By A Reporter | 26 June 2020 | 10:30"], "2020-06-26"),
        (["Updated: 27 June 2020", "26 June 2020"], "2020-06-26"),
        (["27 June 2020", "Published: 26 June 2020"], "2020-06-26"),
        (["Last updated: 27 June 2020"], "2020-06-27"),
        (["Published: 26 June 2020 | Last updated: 3 July 2020"], "2020-06-26"),
        ([*["Text."] * 50, "Published: 26 June 2020", "Ends"], "2020-06-26"),
    ],
)
def test_a_dateline_is_found(lines: list[str], expected: str) -> None:
    found, notes = find_dateline(lines)
    assert str(found) == expected
    assert notes == ()


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["On 26 June 2020 officers were called to Brixton."],
        ["Officers were called on", "Friday 26 June 2020 and stayed."],
        [*["Text."] * 20, "26 June 2020", *["Text."] * 20],
        [*["Text."] * 30, "Published: 26 June 2020", *["Text."] * 30],
        ["2020"],
        ["Dated"],
        ["Update"],
        ["Published by the Metropolitan Police"],
        ["x" * 200 + " | 26 June 2020"],
    ],
)
def test_a_date_in_the_text_is_no_dateline(lines: list[str]) -> None:
    assert find_dateline(lines) == (None, ())


def test_a_dateline_without_its_year_is_noted() -> None:
    assert find_dateline(["A title", "Friday 26 June"]) == (
        None,
        ("says 'Friday 26 June', without a year; give it with --published",),
    )


def test_of_two_datelines_the_first_counts_and_the_other_is_named() -> None:
    assert find_dateline(["26 June 2020", "3 July 2020"]) == (
        A_DAY,
        ("says 26 June 2020 and 3 July 2020; the first was taken",),
    )


@given(st.lists(st.text(), max_size=30))
def test_any_lines_are_read_without_an_error(lines: list[str]) -> None:
    found, notes = find_dateline(lines)
    assert found is None or isinstance(found, PartialDate)
    assert all("\n" not in note for note in notes)
