"""One person under many forms of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import PartialDate, Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.catalogue import Catalogue
from index.people import Office, Person, is_asked_for, person_key
from index.tables import write
from tests.index.test_catalogue import entry
from tests.small_index import document

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Cressida Dick", "cressida dick"),
        ("Dame Cressida Dick", "cressida dick"),
        ("Commissioner Sir Mark Rowley", "mark rowley"),
        ("Ms. Dick", "dick"),
        ("DAC Valentine", "valentine"),
        ("the Commissioner", "commissioner"),
        ("a spokesman for the Met", "spokesperson for the metropolitan"),
        ("", ""),
    ],
)
def test_titles_in_front_are_no_part_of_a_name(name: str, key: str) -> None:
    assert person_key(name) == key


@pytest.mark.parametrize(
    ("asked", "name", "role", "organisation", "meant"),
    [
        ("Dick", "Cressida Dick", "Commissioner", None, True),
        ("ms dick", "Cressida Dick", None, None, True),
        ("Cressida", "Cressida Dick", None, None, True),
        ("the commissioner", "Cressida Dick", "Metropolitan Police Commissioner", None, True),
        ("Met commissioner", "Cressida Dick", "Commissioner", "Metropolitan Police", True),
        ("Rowley", "Cressida Dick", "Commissioner", None, False),
        ("Cressida Rowley", "Cressida Dick", None, None, False),
        ("dic", "Cressida Dick", None, None, False),
        ("Khan", "a spokesperson for Sadiq Khan", None, None, False),
        ("Khan's spokesman", "a spokesperson for Sadiq Khan", None, None, True),
        ("spokesperson", "a spokesperson for Sadiq Khan", None, None, True),
        ("", "Cressida Dick", None, None, False),
        ("🚔", "Cressida Dick", None, None, False),
    ],
)
def test_a_name_means_those_whose_words_it_uses(
    asked: str, name: str, role: str | None, organisation: str | None, meant: bool
) -> None:
    assert is_asked_for(asked, name, role, organisation) is meant


def said(*speakers: Speaker) -> tuple[Quotation, ...]:
    places = (Span(at, at + 1) for at in range(len(speakers)))
    return tuple(
        Quotation((place,), QuotationKind.DIRECT, speaker)
        for place, speaker in zip(places, speakers, strict=True)
    )


def test_everybody_quoted_is_listed_with_every_name_and_office(tmp_path: Path) -> None:
    """Most quoted first; the fullest name; offices by date, undated ones last."""
    early, late, undated = (
        document("b", "One. Two.", published="2018-11"),
        document("c", "One. Two.", published="2024-01-02"),
        document("a", "One. Two."),
    )
    write(
        tmp_path / "c.sqlite",
        [
            entry(undated, 0, *said(Speaker("Mark Rowley", "Knight"), Speaker("Ann Lee"))),
            entry(early, 2, *said(Speaker("Mark Rowley", "Assistant Commissioner", "Met"))),
            entry(late, 4, *said(Speaker("Sir Mark Rowley", "Commissioner", "Met"))),
        ],
    )
    rowley, lee = Catalogue.open(tmp_path / "c.sqlite").people()
    assert rowley == Person(
        key="mark rowley",
        name="Sir Mark Rowley",
        aliases=("Sir Mark Rowley", "Mark Rowley"),
        offices=(
            Office("Assistant Commissioner", "Met", "b", PartialDate(2018, 11)),
            Office("Commissioner", "Met", "c", PartialDate(2024, 1, 2)),
            Office("Knight", None, "a", None),
        ),
        quotations=3,
    )
    assert (lee.name, lee.offices, lee.quotations) == ("Ann Lee", (), 1)
