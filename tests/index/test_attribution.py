"""Who said it, and the same person under other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Metadata, Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.attribution import Said, judged, said
from index.verdict import Attribution, Place
from tests.index.planted import (
    BRIXTON,
    DICK,
    DUVALL,
    EFFORTS,
    HOUSE,
    JAVID,
    KHAN,
    LETTER,
    MARSH,
    PATEL,
    POLICE,
    ROWLEY,
    SIMMONS,
    SPOKESPERSON,
    VALENTINE,
    PlantedIndex,
    planted_index,
)
from tests.small_index import document

if TYPE_CHECKING:
    from pathlib import Path

YES, PERHAPS, NO = Attribution.CONFIRMED, Attribution.UNCONFIRMED, Attribution.CONTRADICTED


@pytest.mark.parametrize(
    ("name", "speaker", "expected"),
    [
        ("Cressida Dick", DICK, YES),
        ("Dick", DICK, YES),
        ("Ms Dick", DICK, YES),
        ("Ms. Dick", DICK, YES),
        ("Dame Cressida Dick", DICK, YES),
        ("dame cressida dick", DICK, YES),
        ("C. Dick", DICK, YES),
        ("Cressida", DICK, YES),
        ("the Met Commissioner", DICK, YES),
        ("Met chief Cressida Dick", DICK, YES),
        ("the Met chief", DICK, YES),
        ("the Metropolitan Police Commissioner", DICK, YES),
        ("Commissioner Dick of the Metropolitan Police", DICK, YES),
        ("the Met", DICK, YES),
        ("the Deputy Commissioner", DICK, NO),
        ("Philip Dick", DICK, NO),
        ("Commissioner", HOUSE, NO),
        ("the deputy commissioner", HOUSE, YES),
        ("Sir Stephen", HOUSE, YES),
        ("Sadiq Khan", DICK, NO),
        ("the mayor", KHAN, YES),
        ("Mayor of London Sadiq Khan", KHAN, YES),
        ("London's Khan", KHAN, YES),
        ("Sadiq Kahn", KHAN, NO),
        ("the Mayor of London", SPOKESPERSON, NO),
        ("a spokesman for the mayor", SPOKESPERSON, YES),
        ("spokeswoman for Sadiq Khan", SPOKESPERSON, YES),
        ("a spokesperson for Priti Patel", SPOKESPERSON, NO),
        ("a spokesperson for Bas Javid", JAVID, NO),
        ("Cdr Javid", JAVID, YES),
        ("Bas Javied", JAVID, YES),
        ("Bas Smith", JAVID, NO),
        ("a police commander", JAVID, YES),
        ("the Metropolitan Police", JAVID, YES),
        ("a police officer", JAVID, YES),
        ("the", JAVID, PERHAPS),
        ("the Home Secretary", PATEL, YES),
        ("Home Secretary", KHAN, NO),
        ("Priti Patel, Home Secretary", PATEL, YES),
        ("the police", PATEL, PERHAPS),
        ("the Police Federation", MARSH, YES),
        ("the chairman of the Metropolitan Police Federation", MARSH, YES),
        ("the Met", MARSH, NO),
        ("the Labour Group", DUVALL, YES),
        ("Met Police", POLICE, YES),
        ("Scotland Yard", POLICE, YES),
        ("Bas Javid", POLICE, NO),
        ("the Commissioner", POLICE, PERHAPS),
        ("London Fire Brigade", POLICE, NO),
        ("DAC Valentine", VALENTINE, YES),
        ("Assistant Commissioner Andy Valentine", VALENTINE, YES),
        ("an assistant commissioner", SIMMONS, YES),
        ("the Commissioner", SIMMONS, NO),
        ("Rowley", ROWLEY, YES),
        ("Sir Mark", ROWLEY, YES),
        ("Mark Rowley", ROWLEY, YES),
    ],
)
def test_forms_of_a_name(name: str, speaker: Speaker, expected: Attribution) -> None:
    found = judged(name, Said(quoted=True, speaker=speaker), document("d", "x"))
    assert found is expected


AIDE = Speaker("Ann Lee", "an aide to Sadiq Khan")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sadiq Khan", NO),
        ("Ann Lee", YES),
        ("an aide to Sadiq Khan", YES),
        ("an aide to Priti Patel", NO),
    ],
)
def test_an_aide_is_not_whom_they_aid(name: str, expected: Attribution) -> None:
    assert judged(name, Said(quoted=True, speaker=AIDE), document("d", "x")) is expected


def test_an_office_that_the_document_names_elsewhere_counts() -> None:
    who = Said(quoted=True, speaker=Speaker("Ann Lee"), roles=("Borough Commander",))
    assert judged("the borough commander", who, document("d", "x")) is YES
    assert (
        judged("the commander", Said(quoted=True, speaker=Speaker("Ann Lee")), document("d", "x"))
        is PERHAPS
    )


def test_nobody_is_named() -> None:
    assert judged("Ann Lee", Said(quoted=True, speaker=None), document("d", "x")) is PERHAPS


@pytest.mark.parametrize(
    ("name", "metadata", "expected"),
    [
        ("Ann Lee", Metadata(kind="letter", author="Ann Lee"), YES),
        ("Ms Lee", Metadata(kind="letter", author="Ann Lee"), YES),
        ("Bo Ray", Metadata(kind="letter", author="Ann Lee"), NO),
        ("the Commissioner", Metadata(kind="letter"), NO),
        ("the Met", Metadata(kind="announcement"), PERHAPS),
        ("the Met", Metadata(kind="announcement", publisher="Metropolitan Police Service"), YES),
        ("City Hall", Metadata(kind="news", publisher="Metropolitan Police Service"), NO),
        ("City Hall", Metadata(kind="news", publisher="City Hall"), YES),
        ("the Met", Metadata(kind="news", publisher="City Hall"), NO),
    ],
)
def test_a_writers_own_words(name: str, metadata: Metadata, expected: Attribution) -> None:
    one = type(document("d", "x")).of("d", metadata, "x")
    assert judged(name, Said(quoted=False, speaker=None), one) is expected


class TestSaid:
    def place(self, index: PlantedIndex, name: str, words: str) -> Place:
        start = index.documents[name].text.index(words)
        return Place(name, (Span(start, start + len(words)),))

    def test_inside_a_quotation(self, planted_starter: PlantedIndex) -> None:
        place = self.place(planted_starter, BRIXTON, "a public health crisis")
        assert said(planted_starter.catalogue, place) == Said(
            quoted=True, speaker=JAVID, roles=("Commander",)
        )

    def test_with_the_words_that_introduce_it(self, planted_starter: PlantedIndex) -> None:
        place = self.place(
            planted_starter, BRIXTON, 'Commander Bas Javid said: "We remain in a public health'
        )
        assert said(planted_starter.catalogue, place).speaker == JAVID

    def test_outside(self, planted_starter: PlantedIndex) -> None:
        for words in ("Police said the party was finally", 'met by a "hostile" crowd'):
            place = self.place(planted_starter, BRIXTON, words)
            assert said(planted_starter.catalogue, place) == Said(quoted=False, speaker=None)
        place = self.place(planted_starter, LETTER, "Dear Colleagues")
        assert not said(planted_starter.catalogue, place).quoted

    def test_over_a_group_of_paragraphs(self, planted_starter: PlantedIndex) -> None:
        text = planted_starter.documents[EFFORTS].text
        start = text.index("Every single")
        place = Place(EFFORTS, (Span(start, len(text) - 1),))
        assert said(planted_starter.catalogue, place).speaker == SIMMONS

    def test_over_two_peoples_words(self, tmp_path: Path) -> None:
        text = '"We know nothing of it," she said. "They know everything about it."'
        one, two = text.index("We"), text.index("They")
        quotations = tuple(
            Quotation((span,), QuotationKind.DIRECT, speaker, confidence=0.9)
            for span, speaker in (
                (Span(one, one + 22), Speaker("Ann Lee")),
                (Span(two, two + 30), Speaker("Bo Ray")),
            )
        )
        index = planted_index(tmp_path, [document("d", text)], {"d": quotations})
        found = said(index.catalogue, Place("d", (Span(one, two + 30),)))
        assert found == Said(quoted=False, speaker=None)

    def test_terms_are_nobodys(self, tmp_path: Path) -> None:
        text = "They call it “Operation Venice” now."
        start = text.index("Operation")
        term = Quotation((Span(start, start + 16),), QuotationKind.TERM)
        index = planted_index(tmp_path, [document("d", text)], {"d": (term,)})
        assert not said(index.catalogue, Place("d", (Span(start, start + 16),))).quoted
