"""Quotations by speaker, subject and date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from corpus.errors import InputError
from corpus.quotations.types import QuotationKind
from index.quotes import QuoteFinder, QuoteQuery
from tests.small_index import document, index_of

if TYPE_CHECKING:
    from index.quotes import FoundQuote
    from tests.small_index import SmallIndex

PARK = (
    "The day began well. Commander Bas Javid said: “We saw a zebra in the park. It ran to the "
    "river.”\n\nLondon mayor Sadiq Khan said the animal was “a danger to nobody”. He added: “The "
    "zebra is safe and the park is open.”\n\nA spokesperson for Sadiq Khan said: “The mayor "
    "thanks the keepers.” The “zebra squad” went home."
)
BURGLARY = "Commissioner Ada Brook said: “Burglary fell by 12% this year.” Nobody else spoke."
HARBOUR = (
    "Dame Ada Brook, who leads the Harbour Inquiry, said: “The harbour was not safe.”\n\n"
    "Ms Brook added: “We will report in May.”"
)
RIVER = (
    "Ada Brook, chair of the Harbour Inquiry, said: “The river police did well.” “They were "
    "few,” she added, “and the nights were long.”"
)
UNDATED = "Sergeant Joe Finch said: “A zebra slept in the river.”"
DOCUMENTS = (
    document("undated", UNDATED),
    document("burglary", BURGLARY, published="2018-11"),
    document("park", PARK, published="2020-06-26"),
    document("harbour", HARBOUR, published="2024"),
    document("river", RIVER, published="2024-08-09"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    return index_of(tmp_path_factory.mktemp("quotes"), DOCUMENTS)


@pytest.fixture(scope="module")
def finder(index: SmallIndex) -> QuoteFinder:
    return QuoteFinder(index.catalogue, index.searcher, index.vocabulary)


def words(index: SmallIndex, found: tuple[FoundQuote, ...]) -> list[str]:
    """The words of each, its spans joined by a bar."""
    return [
        "|".join(index.text(one.document_id, span) for span in one.quotation.spans) for one in found
    ]


ZEBRA = "We saw a zebra in the park. It ran to the river."
SAFE = "The zebra is safe and the park is open."
SLEPT = "A zebra slept in the river."
DANGER = "a danger to nobody"
KEEPERS = "The mayor thanks the keepers."
FELL = "Burglary fell by 12% this year."
NIGHTS = "They were few,|and the nights were long."
EVERYTHING = [
    # 2024 may be its last day, and so is newer than the 9th of August.
    "The harbour was not safe.", "We will report in May.", "The river police did well.", NIGHTS,
    ZEBRA, DANGER, SAFE, KEEPERS, FELL, SLEPT,
]  # fmt: skip


def test_everything_is_there_newest_first_undated_last(
    index: SmallIndex, finder: QuoteFinder
) -> None:
    found = finder.find(QuoteQuery())
    assert words(index, found) == EVERYTHING
    assert QuotationKind.TERM not in {one.quotation.kind for one in found}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (QuoteQuery("Bas Javid"), [ZEBRA]),
        (QuoteQuery("commander javid"), [ZEBRA]),
        (QuoteQuery("javid"), [ZEBRA]),
        (QuoteQuery("Bas"), [ZEBRA]),
        (QuoteQuery("Jav"), []),
        (QuoteQuery("Khan"), [DANGER, SAFE]),
        (QuoteQuery("the mayor"), [DANGER, SAFE]),
        (QuoteQuery("London mayor"), [DANGER, SAFE]),
        (QuoteQuery("spokesperson for Sadiq Khan"), [KEEPERS]),
        (QuoteQuery("Khan's spokesman"), [KEEPERS]),
        (QuoteQuery("Dame Ada Brook"), [*EVERYTHING[:4], FELL]),
        (QuoteQuery("brook"), [*EVERYTHING[:4], FELL]),
        (QuoteQuery("Cressida Dick"), []),
        (QuoteQuery(""), []),
        (QuoteQuery(" \t"), []),
        (QuoteQuery("'; DROP TABLE quotations; --"), []),
    ],
)
def test_by_speaker(
    index: SmallIndex, finder: QuoteFinder, query: QuoteQuery, expected: list[str]
) -> None:
    assert words(index, finder.find(query)) == expected


@pytest.mark.parametrize(
    ("since", "until", "documents"),
    [
        (date(2020, 6, 26), None, {"park", "harbour", "river"}),
        (date(2020, 6, 27), None, {"harbour", "river"}),
        (None, date(2020, 6, 26), {"burglary", "park"}),
        (None, date(2020, 6, 25), {"burglary"}),
        (date(2018, 11, 30), date(2018, 12, 1), {"burglary"}),
        (date(2018, 12, 1), date(2020, 6, 25), set()),
        # What may have been published then is kept.
        (date(2024, 12, 31), None, {"harbour"}),
        (None, date(2018, 11, 1), {"burglary"}),
        (date(2025, 1, 1), date(2024, 1, 1), set()),
    ],
)
def test_by_day_undated_documents_left_out(
    finder: QuoteFinder, since: date | None, until: date | None, documents: set[str]
) -> None:
    query = QuoteQuery(since=since, until=until)
    assert {one.document_id for one in finder.find(query)} == documents


def test_by_subject_the_nearest_first(index: SmallIndex, finder: QuoteFinder) -> None:
    found = words(index, finder.find(QuoteQuery(about="zebra in the river")))
    assert set(found[:2]) == {SLEPT, ZEBRA}
    assert SAFE in found
    assert FELL not in found
    assert "zebra squad" not in found
    assert words(index, finder.find(QuoteQuery(about="burglary")))[0] == FELL


def test_filters_hold_together(index: SmallIndex, finder: QuoteFinder) -> None:
    zebra = QuoteQuery(about="zebra")
    assert set(words(index, finder.find(zebra))) >= {ZEBRA, SAFE, SLEPT}
    khan = words(index, finder.find(replace(zebra, speaker="the mayor")))
    assert SAFE in khan
    assert set(khan) <= {SAFE, DANGER}
    dated = finder.find(replace(zebra, since=date(1900, 1, 1)))
    assert {one.document_id for one in dated} == {"park"}
    assert finder.find(replace(zebra, speaker="Khan", since=date(2021, 1, 1))) == ()
    assert finder.find(replace(zebra, speaker="Ada Brook")) == ()
    brook = QuoteQuery("Brook", None, date(2019, 1, 1), date(2024, 12, 31))
    assert words(index, finder.find(brook)) == EVERYTHING[:4]
    assert words(index, finder.find(replace(brook, about="river police")))[0] == EVERYTHING[2]


def test_a_name_beside_others_words_finds_only_its_own(
    index: SmallIndex, finder: QuoteFinder
) -> None:
    """Khan and his spokesperson stand in one paragraph's neighbourhood; words stay apart."""
    found = words(index, finder.find(QuoteQuery("Khan", "the mayor thanks the zebra keepers")))
    assert KEEPERS not in found
    spokesperson = QuoteQuery("spokesperson", "the mayor thanks the zebra keepers")
    assert words(index, finder.find(spokesperson)) == [KEEPERS]


@pytest.mark.parametrize("about", [None, "zebra in the park and the river"])
def test_no_more_than_the_limit(finder: QuoteFinder, about: str | None) -> None:
    everything = finder.find(QuoteQuery(about=about))
    assert len(everything) > 3
    for limit in (1, 3):
        assert finder.find(QuoteQuery(about=about, limit=limit)) == everything[:limit]


def test_a_quotation_over_several_passages_is_found_once(finder: QuoteFinder) -> None:
    found = finder.find(QuoteQuery(about="zebra in the park ran to the river"))
    assert len({(one.document_id, one.quotation.spans) for one in found}) == len(found)


@pytest.mark.parametrize("about", [None, "zebra river", "harbour", "Brook nights few long"])
def test_the_context_is_whole_sentences_around_exact_words(
    index: SmallIndex, finder: QuoteFinder, about: str | None
) -> None:
    found = finder.find(QuoteQuery(about=about))
    assert found
    for one in found:
        text = index.documents[one.document_id].text
        context = index.text(one.document_id, one.context)
        for span in one.quotation.spans:
            assert one.context.contains(span)
            # Marks are no part of the words, and stand right beside them.
            assert text[span.start - 1] == "“"
            assert text[span.end] == "”"
        before, after = text[: one.context.start].rstrip(), text[one.context.end :]
        assert not before or before.endswith((".", "”"))
        assert not after or after[0].isspace()
        assert context == context.strip()


def test_the_context_of_a_partial_quotation_is_its_sentence(
    index: SmallIndex, finder: QuoteFinder
) -> None:
    (one, _) = finder.find(QuoteQuery("the mayor"))
    assert index.text("park", one.context) == (
        "London mayor Sadiq Khan said the animal was “a danger to nobody”."
    )


def test_a_split_quotation_comes_whole(index: SmallIndex, finder: QuoteFinder) -> None:
    (one,) = [one for one in finder.find(QuoteQuery("Brook")) if len(one.quotation.spans) > 1]
    assert "“They were few,” she added, “and the nights were long.”" in index.text(
        "river", one.context
    )


@pytest.mark.parametrize("about", ["quantum chromodynamics", "多少", "!!!"])
def test_a_subject_that_nobody_spoke_of_finds_nothing(finder: QuoteFinder, about: str) -> None:
    assert finder.find(QuoteQuery(about=about)) == ()


@pytest.mark.parametrize(("about", "complaint"), [(" ", "empty"), ("x" * 4_001, "4,001")])
def test_a_subject_that_is_none_is_refused(finder: QuoteFinder, about: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        finder.find(QuoteQuery(about=about))


def test_an_empty_corpus_holds_no_quotation(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("none")
    index = index_of(folder, [document("plain", "Nobody said a word. It rained.")])
    finder = QuoteFinder(index.catalogue, index.searcher, index.vocabulary)
    assert finder.find(QuoteQuery()) == finder.find(QuoteQuery(about="rain")) == ()


def test_somebody_asked_for_keeps_their_own_words_only(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A passage with the words of two people answers for the one asked for."""
    text = "“The zebra ran,” said Ann Lee, while Bob Ray said “the zebra slept”."
    index = index_of(tmp_path_factory.mktemp("two"), [document("two", text)])
    finder = QuoteFinder(index.catalogue, index.searcher, index.vocabulary)
    assert words(index, finder.find(QuoteQuery("Ann Lee", "zebra"))) == ["The zebra ran,"]
    assert words(index, finder.find(QuoteQuery("Bob Ray", "zebra"))) == ["the zebra slept"]
