"""Dates that a question names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PartialDate
from index.dates import DateRange, asked_dates

JUNE = DateRange(date(2020, 6, 1), date(2020, 6, 30), "2020")
A_DAY = DateRange(date(2020, 6, 26), date(2020, 6, 26), "2020")


@pytest.mark.parametrize(
    ("question", "expected", "words"),
    [
        ("in 2020?", DateRange(date(2020, 1, 1), date(2020, 12, 31), "2020"), ["2020"]),
        ("in June 2020", JUNE, ["June 2020"]),
        ("in june, 2020", JUNE, ["june, 2020"]),
        ("JUN 2020", JUNE, ["JUN 2020"]),
        ("Sept. 2020", DateRange(date(2020, 9, 1), date(2020, 9, 30), "2020"), ["Sept. 2020"]),
        ("in 2020-06", JUNE, ["2020-06"]),
        ("on 2020-06-26", A_DAY, ["2020-06-26"]),
        ("on 26/06/2020", A_DAY, ["26/06/2020"]),
        ("on 26/6/2020", A_DAY, ["26/6/2020"]),
        ("on 26 June 2020", A_DAY, ["26 June 2020"]),
        ("on the 26th of June 2020", A_DAY, ["26th of June 2020"]),
        ("on June 26, 2020", A_DAY, ["June 26, 2020"]),
        ("June 26th 2020", A_DAY, ["June 26th 2020"]),
        ("09/08/2024", DateRange(date(2024, 8, 9), date(2024, 8, 9), "2024"), ["09/08/2024"]),
        ("since 2024", DateRange(date(2024, 1, 1), None), ["2024"]),
        ("from June 2020", DateRange(date(2020, 6, 1), None), ["June 2020"]),
        ("since the start of 2020", DateRange(date(2020, 1, 1), None), ["2020"]),
        ("after 2019", DateRange(date(2020, 1, 1), None), ["2019"]),
        ("after 26 June 2020", DateRange(date(2020, 6, 27), None), ["26 June 2020"]),
        ("until June 2020", DateRange(None, date(2020, 6, 30)), ["June 2020"]),
        ("by the end of 2020", DateRange(None, date(2020, 12, 31)), ["2020"]),
        ("up to 2020-06-26", DateRange(None, date(2020, 6, 26)), ["2020-06-26"]),
        ("before 2021", DateRange(None, date(2020, 12, 31)), ["2021"]),
        ("before June 2020", DateRange(None, date(2020, 5, 31)), ["June 2020"]),
        (
            "between 2019 and 2020",
            DateRange(date(2019, 1, 1), date(2020, 12, 31)),
            ["2019", "2020"],
        ),
        (
            "from June 2020 to 3 July 2020",
            DateRange(date(2020, 6, 1), date(2020, 7, 3)),
            ["June 2020", "3 July 2020"],
        ),
        (
            "between 2020 and 2019",
            DateRange(date(2019, 1, 1), date(2020, 12, 31)),
            ["2020", "2019"],
        ),
        (
            "between March and May 2020",
            DateRange(date(2020, 3, 1), date(2020, 5, 31)),
            ["March", "May 2020"],
        ),
        (
            "from 3rd March to 5 May 2020",
            DateRange(date(2020, 3, 3), date(2020, 5, 5)),
            ["3rd March", "5 May 2020"],
        ),
    ],
)
def test_a_date_is_understood_and_its_words_are_found(
    question: str, expected: DateRange, words: list[str]
) -> None:
    text = f"What was said {question} about it?"
    found, places = asked_dates(text)
    assert found == expected
    assert [text[start:end] for start, end in places] == words


@pytest.mark.parametrize(
    "question",
    ["", "What happened last week?", "on 26 June", "in March", "32,000 officers", "1899", "2100",
     "31/02/2020", "2020-13", "30 February 2020", "12020", "section 2019a", "op 20201"],
)  # fmt: skip
def test_what_names_no_date_is_none(question: str) -> None:
    found, places = asked_dates(question)
    if question in {"2020-13", "30 February 2020"}:
        assert found is None or found.literal == "2020"
    else:
        assert (found, places) == (None, ())


@pytest.mark.parametrize(
    "question", ["between May and March 2020", "between 31 June and 5 July 2020"]
)
def test_a_range_that_cannot_be_is_the_date_it_ends_with(question: str) -> None:
    found, places = asked_dates(question)
    assert found is not None
    assert found.literal == "2020"
    assert len(places) == 1


def test_of_two_dates_that_are_no_range_the_first_counts() -> None:
    found, places = asked_dates("in 2019 or in 2020?")
    assert found == DateRange(date(2019, 1, 1), date(2019, 12, 31), "2019")
    assert places == ((3, 7), (14, 18))


@pytest.mark.parametrize(
    ("published", "inside"),
    [("2020-06-15", True), ("2020-06", True), ("2020", True), ("2020-07", False),
     ("2020-05-31", False), ("2021", False), ("2019", False)],
)  # fmt: skip
def test_a_document_is_inside_when_it_may_have_been_published_then(
    published: str, inside: bool
) -> None:
    assert JUNE.holds(PartialDate.parse(published)) is inside


def test_an_open_range_holds_everything_on_its_side() -> None:
    assert DateRange(date(2020, 6, 1), None).holds(PartialDate(2024))
    assert not DateRange(date(2020, 6, 1), None).holds(PartialDate(2019))
    assert DateRange(None, date(2020, 6, 1)).holds(PartialDate(2019))
    assert not DateRange(None, date(2020, 6, 1)).holds(PartialDate(2021))


@given(st.dates(date(1900, 1, 2), date(2099, 12, 30)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    expected = DateRange(day, day, str(day.year))
    assert asked_dates(f"on {day.strftime(form)}?")[0] == expected
    assert asked_dates(f"on {day.day} {day:%B} {day.year}?")[0] == expected
    assert asked_dates(f"on {day:%b} {day.day}, {day.year}?")[0] == expected


@given(st.text())
def test_places_are_in_order_disjoint_and_inside(text: str) -> None:
    for question in (text, f"{text} 2020 {text} between March and 5 May 2019 {text}"):
        end = 0
        for start, stop in asked_dates(question)[1]:
            assert end <= start < stop <= len(question)
            end = stop
