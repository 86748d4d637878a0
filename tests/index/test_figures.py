"""Figures of a sentence: how much, and of what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.figures import figures

READ = [
    ("It comes after more than 20 officers were injured.", "more than 20", 20, ""),
    ("Ken Marsh said that nearly 30 officers were hurt.", "nearly 30", 30, ""),
    ("Up to 1,300 specialist public order officers stood by.", "Up to 1,300", 1300, ""),
    ("Twenty-five people were arrested.", "Twenty-five", 25, ""),
    ("They took one hundred and five knives.", "one hundred and five", 105, ""),
    ("Two thousand three hundred people came.", "Two thousand three hundred", 2300, ""),
    ("Crime fell by 12.5% this year.", "12.5%", 12.5, "%"),
    ("Crime fell by 12 per cent this year.", "12 per cent", 12, "%"),
    ("It cost £3 million to repair.", "£3 million", 3_000_000, "£"),
    ("It cost about £1.5m to repair.", "about £1.5m", 1_500_000, "£"),
]


@pytest.mark.parametrize(("text", "words", "value", "unit"), READ)
def test_a_figure_is_read_with_its_hedge(text: str, words: str, value: float, unit: str) -> None:
    (found,) = figures(text)
    assert (text[slice(*found.place)], found.value, found.unit) == (words, value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "It was deployed in 2009 before.",
        "He is one of the best.",
        "The letter is dated 09/08/2024 here.",
        "A 15-year-old was there.",
        "The mayor's number-one priority is safety.",
        "There were officers.",
    ],
)
def test_years_dates_and_numbers_of_nothing_are_no_figures(text: str) -> None:
    assert figures(text) == ()


def test_what_is_counted_and_what_is_said_of_it_are_told_apart() -> None:
    (found,) = figures("Police said more than 20 experienced officers injured in Brixton.")
    assert found.counted == {"experienc", "offic"}
    assert "injur" in found.about


def test_a_figure_says_nothing_of_the_next_sentence() -> None:
    (found,) = figures("They hurt nobody; 20 officers stood by. Knives were found.")
    assert not {"hurt", "knive", "found"} & found.about


@given(st.text("0123456789,.%£ officers-twentyhundred\n", max_size=80))
def test_places_are_slices_in_order(text: str) -> None:
    places = [one.place for one in figures(text)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
