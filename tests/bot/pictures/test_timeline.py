"""Timelines as pictures: what is drawn where, and that nothing hides anything."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.timeline import (
    KINDS,
    LABEL,
    LANE,
    MARK,
    MAX_ALT_TEXT,
    PERIOD,
    alt_text,
    drawing,
    picture,
)
from corpus.document import PartialDate
from tests.bot.test_timeline import document, made

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

    from corpus.document import Document


def boxes(figure: Figure, *kinds: str) -> list[Bbox]:
    """Where the artists of these kinds stand, in pixels, of a figure that was drawn."""
    (axes,) = figure.axes
    return [
        artist.get_window_extent() for artist in axes.get_children() if artist.get_gid() in kinds
    ]


def words_of(figure: Figure, kind: str) -> list[str]:
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts if text.get_gid() == kind]


def test_a_picture_is_a_png_with_a_description() -> None:
    one = document("a", publisher="The Met")
    drawn = picture(made(one), lambda _: one)
    opened = Image.open(io.BytesIO(drawn.png))
    assert (opened.format, opened.width) == ("PNG", 1200)
    assert drawn.alt_text == (
        "Timeline of “the topic”: 1 document. 26 June 2020: news, The Met, A title."
    )
    assert picture(made(one), lambda _: one).png == drawn.png


def test_lanes_are_publishers_and_shapes_are_kinds() -> None:
    documents = {
        f"d{n}": document(f"d{n}", f"202{n}", kind=kind, publisher="The Met" if n % 2 else None)
        for n, kind in enumerate(KINDS)
    }
    figure = drawing(made(*documents.values()), documents.__getitem__)
    assert words_of(figure, LANE) == ["publisher unknown", "The Met"]
    marks = [line for line in figure.axes[0].lines if line.get_gid() == MARK]
    assert {(line.get_color(), line.get_marker()) for line in marks} == set(KINDS.values())
    assert len({marker for _, marker in KINDS.values()}) == len(KINDS)
    (legend,) = figure.legends
    told = [text.get_text() for text in legend.get_texts()]
    assert told == [*KINDS, "some day in that time"]


@pytest.mark.parametrize(
    ("published", "days"), [("2020-02", 29), ("2020", 366), ("2019-12", 31), ("2020-06-26", 0)]
)
def test_a_date_as_precise_as_a_month_or_a_year_is_a_span(published: str, days: int) -> None:
    one = document("a", published)
    drawn = drawing(made(one), lambda _: one).axes[0].lines
    spans = [np.asarray(line.get_xdata(), float) for line in drawn if line.get_gid() == PERIOD]
    (mark,) = (line for line in drawn if line.get_gid() == MARK)
    if days:
        ((start, end),) = spans
        assert end - start == days
        assert start < np.asarray(mark.get_xdata(), float)[0] < end
        assert mark.get_markerfacecolor() == "white"
    else:
        assert spans == []
        assert mark.get_markerfacecolor() == mark.get_color()


_DATES = st.tuples(st.integers(1990, 2024), st.none() | st.integers(1, 12), st.integers(1, 28))


@st.composite
def timelines(draw: st.DrawFn) -> list[Document]:
    """Documents that are close to one another in time, with titles of any length."""
    found = []
    for at in range(draw(st.integers(1, 9))):
        year, month, day = draw(_DATES)
        precise = month is not None and draw(st.booleans())
        when = PartialDate(year, month, day if precise else None)
        title = draw(st.sampled_from(["W" * 60, "a b " * 40, "Short", "Costs $5 and $6_x"]))
        publisher = draw(st.sampled_from([None, "The Met", "W" * 90]))
        found.append(document(f"d{at}", str(when), title=title, publisher=publisher))
    return found


@settings(max_examples=6)
@given(timelines())
def test_nothing_overlaps_and_nothing_leaves_the_picture(documents: list[Document]) -> None:
    by_id = {one.id: one for one in documents}
    figure = drawing(made(*documents), by_id.__getitem__)
    figure.canvas.draw()
    placed = boxes(figure, LABEL, LANE)
    for one, other in itertools.combinations(placed, 2):
        assert not one.overlaps(other)
    width, height = figure.canvas.get_width_height()
    for one in [*placed, *(text.get_window_extent() for text in figure.texts)]:
        assert one.x0 >= 0
        assert one.x1 <= width
        assert one.y0 >= 0
        assert one.y1 <= height
    labels = boxes(figure, LABEL)
    assert not any(mark.overlaps(label) for mark in boxes(figure, MARK) for label in labels)


def test_marks_of_the_same_day_stand_on_rows_of_their_own() -> None:
    documents = {f"d{n}": document(f"d{n}") for n in range(6)}
    figure = drawing(made(*documents.values()), documents.__getitem__)
    marks = [line for line in figure.axes[0].lines if line.get_gid() == MARK]
    assert len({float(np.asarray(line.get_ydata())[0]) for line in marks}) == 6


@pytest.mark.parametrize("text", ["a $x^2$ b $", "אבג", "警察", "\x1b[31m", "🚔"])
def test_titles_that_the_font_cannot_show_give_way_to_the_id(text: str) -> None:
    one = document("the-id", title=text, publisher=text)
    found = replace(made(one), topic=text)
    figure = drawing(found, lambda _: one)
    figure.canvas.draw()
    (label,) = words_of(figure, LABEL)
    assert label == f"26 June 2020 · {text if '$' in text else 'the-id'}"


def test_a_long_description_counts_what_it_leaves_out() -> None:
    documents = {f"d{n}": document(f"d{n}", title="A title " * 20) for n in range(40)}
    alt = alt_text(made(*documents.values()), documents.__getitem__)
    assert len(alt) <= MAX_ALT_TEXT
    told = alt.count("26 June 2020")
    assert alt.endswith(f"And {40 - told} more.")
