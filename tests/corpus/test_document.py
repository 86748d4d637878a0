"""Spans, dates and the one slicer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Metadata, PartialDate, Span, text_sha256

ANY_TEXT = st.text(st.characters(), min_size=1)
PLACES = st.integers(0, 50)


def news(text: str) -> Document:
    return Document.of("one", Metadata(kind="news"), text)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(PLACES)
    return Span(start, start + draw(st.integers(1, 20)))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (4, 3), (-1, 2), (-3, -1)])
def test_an_empty_reversed_or_negative_range_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"not a span: {start}:{end}"):
        Span(start, end)


@given(spans(), spans())
def test_spans_relate_as_the_sets_of_their_code_points_do(one: Span, other: Span) -> None:
    mine, theirs = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.overlaps(other) == other.overlaps(one) == bool(mine & theirs)
    assert one.contains(other) == (theirs <= mine)
    assert len(one) == len(mine)
    joined = one.joined(other)
    assert joined == other.joined(one)
    assert (joined.start, joined.end) == (min(mine | theirs), max(mine | theirs) + 1)


def test_touching_spans_do_not_overlap() -> None:
    assert not Span(0, 3).overlaps(Span(3, 5))


def test_spans_sort_by_start_then_end() -> None:
    assert sorted([Span(2, 9), Span(1, 9), Span(1, 4)]) == [Span(1, 4), Span(1, 9), Span(2, 9)]


@given(ANY_TEXT, st.data())
def test_text_at_is_the_slice_in_code_points_of_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert news(text).text_at(Span(start, end)) == text[start:end]


def test_offsets_count_code_points_not_bytes() -> None:
    assert news("“naïve” 🚔 patrol").text_at(Span(8, 16)) == "🚔 patrol"


def test_a_span_beyond_the_text_is_refused_and_not_shortened() -> None:
    with pytest.raises(ValueError, match="2:7 ends beyond the text of one"):
        news("abcdef").text_at(Span(2, 7))


def test_a_document_whose_text_is_not_what_was_hashed_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="the text of one is not the one that was hashed"):
        Document("one", Metadata(kind="news"), "text", text_sha256("texT"))


def test_the_hash_is_of_the_utf8_bytes() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    curly = "fbe7a43247c3ae64bacf6cc936b1532082faf51869b27a26c198ec4480af9c4b"
    assert (text_sha256(""), text_sha256("’")) == (empty, curly)


@pytest.mark.parametrize(
    ("written", "first", "last", "spoken"),
    [
        ("2020-06-26", date(2020, 6, 26), date(2020, 6, 26), "26 June 2020"),
        ("2020-06", date(2020, 6, 1), date(2020, 6, 30), "June 2020"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "February 2020"),
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "2020"),
    ],
)
def test_a_date_is_as_precise_as_its_source(
    written: str, first: date, last: date, spoken: str
) -> None:
    when = PartialDate.parse(f" {written}\n")
    assert (when.first_day, when.last_day, when.spoken, str(when)) == (first, last, spoken, written)


@pytest.mark.parametrize(
    "written",
    ["", "26/06/2020", "2020-6-26", "2020-13", "2020-02-30", "2021-02-29", "0000", "June 2020",
     "2020-06-26T10:00", "2020-06-", "20-06-26", "2020 06 26"],
)  # fmt: skip
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(written)


def test_a_day_needs_a_month() -> None:
    with pytest.raises(ValueError, match="a day needs a month"):
        PartialDate(2020, None, 3)


@given(st.dates())
def test_a_full_date_reads_back_as_itself(day: date) -> None:
    when = PartialDate(day.year, day.month, day.day)
    assert PartialDate.parse(str(when)) == when
    assert when.first_day == when.last_day == day


@given(st.dates(max_value=date(9998, 12, 31)))
def test_a_month_ends_the_day_before_the_next_begins(day: date) -> None:
    last = PartialDate(day.year, day.month).last_day
    assert last.month == day.month
    assert (last + timedelta(days=1)).day == 1
