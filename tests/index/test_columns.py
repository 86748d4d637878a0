"""What filters leave, against going over every passage."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document, Metadata, PartialDate, Span
from corpus.errors import SnapshotDamaged
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index import tables
from index.analysis import passed
from index.catalogue import Catalogue
from index.columns import Columns
from index.people import is_asked_for

if TYPE_CHECKING:
    from pathlib import Path

    from index.tables import Entry

TEXT = "One fox ran. Two foxes ran home. Three foxes slept.\n\nFour foxes woke in May."
SPEAKERS = (
    None,
    Speaker("Ada Brook", "commissioner", None),
    Speaker("Ada Brook", None, "Harbour Inquiry"),
    Speaker("Joe Finch", "sergeant", "the Met"),
)
PUBLISHERS = (None, "The Met", "Met Éireann", "Harbour News")
DAYS = st.dates(date(2018, 1, 1), date(2021, 12, 31))


@st.composite
def dated(draw: st.DrawFn) -> PartialDate | None:
    day = draw(st.none() | DAYS)
    if day is None:
        return None
    precision = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:precision])


@st.composite
def quotation(draw: st.DrawFn) -> Quotation:
    start = draw(st.integers(0, len(TEXT) - 2))
    end = draw(st.integers(start + 1, len(TEXT)))
    kind = draw(st.sampled_from(list(QuotationKind)))
    return Quotation((Span(start, end),), kind, draw(st.sampled_from(SPEAKERS)), confidence=0.5)


@st.composite
def corpora(draw: st.DrawFn) -> list[Entry]:
    entries: list[Entry] = []
    rows = 0
    for at in range(draw(st.integers(1, 6))):
        publisher = draw(st.sampled_from(PUBLISHERS))
        metadata = Metadata("news", published=draw(dated()), publisher=publisher)
        text = draw(st.sampled_from((TEXT, "Five foxes sang.", "\n")))
        entry, name = analysed(text), f"d{at}"
        passages = (replace(p, row=p.row + rows, document_id=name) for p in entry.passages)
        quotations = draw(st.lists(quotation(), max_size=3)) if text == TEXT else []
        entries.append(
            replace(
                entry,
                document=Document.of(name, metadata, text),
                passages=tuple(passages),
                quotations=tuple(quotations),
            )
        )
        rows += len(entry.passages)
    return entries


@cache
def analysed(text: str) -> Entry:
    return passed(Document.of("any", Metadata("news"), text), 0).entry


def expected(entries: list[Entry], filters: dict[str, object], hidden: str | None) -> list[int]:
    """The rows, one passage after the other."""
    return [
        passage.row
        for entry in entries
        if entry.document.id != hidden and leaves(entry.document.metadata, filters)
        for passage in entry.passages
        if said(entry, passage.span, filters)
    ]


def leaves(metadata: Metadata, filters: dict[str, object]) -> bool:
    published, name = metadata.published, metadata.publisher
    since, until = filters.get("since"), filters.get("until")
    if isinstance(since, date) and (published is None or published.last_day < since):
        return False
    if isinstance(until, date) and (published is None or published.first_day > until):
        return False
    part = filters.get("publisher")
    if isinstance(part, str) and (name is None or part.casefold() not in name.casefold()):
        return False
    return name is None or name.casefold() not in str(filters.get("left_out", "")).casefold()


def said(entry: Entry, span: Span, filters: dict[str, object]) -> bool:
    here = [one for one in entry.quotations if one.spans[0].overlaps(span)]
    asked = filters.get("speaker")
    if isinstance(asked, str) and not any(
        one.speaker
        and is_asked_for(asked, one.speaker.name, one.speaker.role, one.speaker.organisation)
        for one in here
    ):
        return False
    return not filters.get("quoted") or any(one.kind is not QuotationKind.TERM for one in here)


@given(
    corpora(),
    st.fixed_dictionaries(
        {},
        optional={
            "since": DAYS,
            "until": DAYS,
            "publisher": st.sampled_from(("met", "MET É", "nobody")),
            "speaker": st.sampled_from(("brook", "the commissioner", "Finch", "nobody")),
            "quoted": st.booleans(),
            "left_out": st.sampled_from((("THE MET",), ("harbour news", "none"))),
        },
    ),
    st.sampled_from((None, "d0", "d1")),
)
@settings(max_examples=100, deadline=None)
def test_filters_leave_what_going_over_every_passage_does(
    entries: list[Entry], filters: dict[str, object], hidden: str | None
) -> None:
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as store:
        tables.fill(store, entries)
        catalogue = Catalogue(store)
        if hidden is not None:
            catalogue = catalogue.without([hidden])
        rows = catalogue.rows(**filters)  # type: ignore[arg-type]
    assert rows.tolist() == expected(entries, filters, hidden)


def test_columns_are_read_as_they_were_gathered() -> None:
    entry = passed(Document.of("a", Metadata("news", publisher="The Met"), TEXT), 0).entry
    with closing(sqlite3.connect(":memory:")) as store:
        tables.fill(store, [entry])
        kept = Columns.of(store.execute("SELECT name, value FROM columns"))
        again = Columns.gathered(store)
    assert kept.publishers == again.publishers == ("The Met",)
    for name in ("starts", "first_days", "last_days", "published_by", "said_by", "said"):
        assert getattr(kept, name).tolist() == getattr(again, name).tolist()


@pytest.mark.parametrize("damage", ["DELETE FROM columns", "UPDATE columns SET value = x'00'"])
def test_columns_that_are_not_whole_are_said_to_be_damaged(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "catalogue.sqlite"
    tables.write(path, [passed(Document.of("a", Metadata("news"), TEXT), 0).entry])
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(damage)
    opened = Catalogue.open(path)
    with pytest.raises(SnapshotDamaged, match=r"cannot be read.*run 'metquote index build'"):
        opened.rows(quoted=True)
    opened.close()


def test_names_are_kept_as_json() -> None:
    entry = passed(Document.of("a", Metadata("news", publisher="Met Éireann"), TEXT), 0).entry
    with closing(sqlite3.connect(":memory:")) as store:
        tables.fill(store, [entry])
        ((names,),) = store.execute("SELECT value FROM columns WHERE name = 'publishers'")
    assert json.loads(names) == ["Met Éireann"]
