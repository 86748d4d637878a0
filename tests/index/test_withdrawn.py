"""Words of documents that are no longer current: found by verification alone, with what became."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from corpus.document import PartialDate, StatusKind
from corpus.errors import SnapshotDamaged
from index.quotes import QuoteQuery
from index.types import Query
from index.verdict import Attribution, Finding
from index.withdrawn import NONE, withdrawals
from tests.history import History
from tests.small_index import index_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.opened import OpenSnapshot
    from index.verdict import Verdict
    from tests.conftest import TinyData

FIRST = 'A zebra was seen in Brixton. Bas Javid said: "We shall catch the zebra."'
SECOND = 'A horse was seen in Brixton. Bas Javid said: "We shall catch the horse."'
THIRD = 'A mule was seen in Brixton. Bas Javid said: "We shall catch the mule."'


@pytest.fixture
def history(tiny: TinyData) -> History:
    history = History(tiny.documents)
    history.add("beast", FIRST, front="kind: news\npublished: 2026-02-27")
    history.correct("beast", SECOND, "it was a horse", day=2)
    history.correct("beast", THIRD, "it was a mule", day=5)
    history.add("wrong", "All llamas are to be armed.")
    history.retract("wrong", "nobody said so")
    tiny.build()
    return history


@pytest.fixture
def opened(tiny: TinyData, history: History) -> Iterator[OpenSnapshot]:
    found = tiny.open().after(history.journal.records())
    yield found
    found.close()


def verified(opened: OpenSnapshot, posted: str, name: str | None = None) -> Verdict:
    verdict = opened.verifier.verify(posted, name)
    for place in verdict.places:
        document = opened.document(place.document_id)
        assert all(document.text_at(span) for span in place.spans)
    return verdict


def test_corrected_words_say_in_which_version_they_were(opened: OpenSnapshot) -> None:
    verdict = verified(opened, "A zebra was seen in Brixton")
    assert verdict.finding is Finding.VERBATIM
    assert verdict.places[0].document_id == "beast@1"
    status = verdict.status
    assert status is not None
    assert (status.kind, status.reason, status.now) == (
        StatusKind.CORRECTED,
        "it was a horse",
        "beast",
    )
    assert (status.version, status.changed) == (PartialDate(2026, 2, 27), date(2026, 3, 2))


def test_retracted_words_say_when_and_why(opened: OpenSnapshot) -> None:
    verdict = verified(opened, "All llamas are to be armed")
    status = verdict.status
    assert (verdict.finding, verdict.places[0].document_id) == (Finding.VERBATIM, "wrong")
    assert status is not None
    assert (status.kind, status.reason, status.now) == (
        StatusKind.RETRACTED,
        "nobody said so",
        None,
    )


def test_words_that_stand_in_both_are_simply_verbatim(opened: OpenSnapshot) -> None:
    verdict = verified(opened, "was seen in Brixton")
    assert (verdict.finding, verdict.status) == (Finding.VERBATIM, None)
    assert verdict.places[0].document_id == "beast"


def test_of_several_versions_the_last_says_when_the_words_went(
    tiny: TinyData, history: History
) -> None:
    for number in range(6, 16):
        history.correct("beast", f"{FIRST} {number}.", f"reason {number}", day=number)
    history.correct("beast", THIRD, "the end", day=20)
    tiny.build()
    opened = tiny.open().after(history.journal.records())
    verdict = verified(opened, "A zebra was seen in Brixton")
    assert verdict.places[0].document_id == "beast@13"
    assert verdict.status is not None
    assert verdict.status.reason == "the end"
    assert verdict.count == 11
    opened.close()


def test_another_persons_words_are_misattributed_then_too(opened: OpenSnapshot) -> None:
    verdict = verified(opened, "We shall catch the zebra", "Priti Patel")
    assert verdict.finding is Finding.MISATTRIBUTED
    assert verdict.attribution is Attribution.CONTRADICTED
    assert verdict.status is not None
    assert verified(opened, "We shall catch the zebra", "Bas Javid").finding is Finding.VERBATIM


def test_altered_words_are_held_against_what_is_current(opened: OpenSnapshot) -> None:
    verdict = verified(opened, "A mule was never seen in Brixton")
    assert (verdict.finding, verdict.status) == (Finding.ALTERED, None)
    assert verdict.places[0].document_id == "beast"


def test_fragments_with_a_negation_left_out_stay_altered(tiny: TinyData, history: History) -> None:
    """They stand in a current document, though not as they are; no withdrawn one has them."""
    history.add("rule", "Officers are not at all allowed to leave the park before the evening.")
    tiny.build()
    opened = tiny.open().after(history.journal.records())
    verdict = verified(opened, "Officers are … allowed to leave the park before the evening")
    assert (verdict.finding, verdict.status) == (Finding.ALTERED, None)
    opened.close()


def test_what_was_withdrawn_since_is_asked_first(history: History, opened: OpenSnapshot) -> None:
    history.retract("beast", "there was no beast", day=7)
    seen = opened.after(history.journal.records())
    verdict = verified(seen, "was seen in Brixton")
    assert verdict.places[0].document_id == "beast"
    assert verdict.status is not None
    assert (verdict.status.kind, verdict.status.reason) == (
        StatusKind.RETRACTED,
        "there was no beast",
    )
    assert verified(seen, "A zebra was seen").places[0].document_id == "beast@1"


def test_what_was_corrected_since_has_the_id_of_its_version(
    history: History, opened: OpenSnapshot
) -> None:
    history.correct("beast", "A fox was seen in Brixton.", "it was a fox", day=7)
    seen = opened.after(history.journal.records())
    verdict = verified(seen, "A mule was seen in Brixton")
    assert verdict.places[0].document_id == "beast@3"
    assert seen.document("beast@3").text == THIRD
    assert seen.document("beast") == seen.document("beast@3")
    assert seen.document("beast@2").text == SECOND


def test_only_a_current_document_of_the_same_text_is_unchanged(
    history: History, opened: OpenSnapshot
) -> None:
    now = opened.document("beast")
    assert opened.unchanged("beast", now.sha256) == now
    assert opened.unchanged("beast", opened.document("beast@2").sha256) is None
    assert opened.unchanged("wrong", opened.document("wrong").sha256) is None
    assert opened.unchanged("nobody", now.sha256) is None
    history.correct("beast", "A fox was seen in Brixton.", "it was a fox", day=7)
    seen = opened.after(history.journal.records())
    assert seen.unchanged("beast", now.sha256) is None


def test_everything_is_read_beforehand_where_that_is_asked_for(
    opened: OpenSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.verifier.prepare()
    monkeypatch.setattr("index.reading.WordLine.__init__", lambda *_: pytest.fail("read again"))
    assert verified(opened, "A zebra was seen in Brixton").status is not None


def test_nothing_else_finds_them(opened: OpenSnapshot) -> None:
    for text in ("zebra", "Where was the horse seen?", "llamas armed"):
        for excerpt in opened.answer(Query(text, limit=10)).excerpts:
            assert "@" not in excerpt.document_id
            assert excerpt.document_id != "wrong"
    for query in (QuoteQuery(about="zebra"), QuoteQuery(speaker="Bas Javid")):
        assert all("@" not in found.document_id for found in opened.quotes.find(query))


def test_their_words_can_be_shown_by_id(opened: OpenSnapshot) -> None:
    assert opened.document("beast@1").text == FIRST
    assert opened.document("beast@2").text == SECOND
    assert opened.document("wrong").status.kind is StatusKind.RETRACTED
    for name in ("beast@3", "none"):
        with pytest.raises(KeyError):
            opened.document(name)


def test_without_withdrawn_documents_there_is_no_file_of_them(tiny: TinyData) -> None:
    assert not (tiny.snapshot / "withdrawn.sqlite").exists()
    opened = tiny.open()
    assert verified(opened, "A zebra was seen in Brixton").status is None
    opened.close()


@pytest.mark.usefixtures("history")
def test_a_damaged_file_of_them_is_refused(tiny: TinyData) -> None:
    path = tiny.snapshot / "withdrawn.sqlite"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SnapshotDamaged, match=r"withdrawn\.sqlite"):
        tiny.open()


def test_what_was_hidden_is_found_again_by_those_who_look_without(opened: OpenSnapshot) -> None:
    seen = opened.after({})
    assert seen.document("beast").text == THIRD
    with pytest.raises(KeyError):
        seen.document("beast@1")


class TestWhatTheJournalSays:
    @pytest.fixture
    def records(self, tmp_path: Path) -> History:
        (tmp_path / "documents").mkdir()
        history = History(tmp_path / "documents")
        history.add("a", "One.")
        history.add("b", "Two.")
        return history

    def test_nothing_has_changed(self, records: History, tmp_path: Path) -> None:
        catalogue = index_of(tmp_path, records.library.read().documents).catalogue
        assert withdrawals(records.journal.records(), catalogue, None) == NONE
        assert withdrawals({}, catalogue, None) == NONE

    def test_the_same_text_corrected_in_its_metadata_stands(
        self, records: History, tmp_path: Path
    ) -> None:
        catalogue = index_of(tmp_path, records.library.read().documents).catalogue
        records.correct("a", "One.", "its date", front="kind: news\npublished: 2020")
        assert withdrawals(records.journal.records(), catalogue, None) == NONE

    def test_of_another_text_under_an_erased_id_nothing_is_taken_for_the_old(
        self, records: History, tmp_path: Path
    ) -> None:
        catalogue = index_of(tmp_path, records.library.read().documents).catalogue
        records.erase("a", "the law")
        found = withdrawals(records.journal.records(), catalogue, None)
        assert found.hidden == found.gone == {"a"}
        records.add("a", "Another.")
        found = withdrawals(records.journal.records(), catalogue, None)
        assert found.hidden == found.gone == {"a"}

    def test_a_withdrawn_document_that_no_record_knows_is_not_shown(
        self, records: History, tmp_path: Path
    ) -> None:
        records.retract("b", "wrong")
        (retracted,) = records.library.read().withdrawn
        (tmp_path / "other").mkdir()
        current = index_of(tmp_path, records.library.read().documents).catalogue
        withdrawn = index_of(tmp_path / "other", [retracted]).catalogue
        journal = records.journal.records()
        assert withdrawals(journal, current, withdrawn) == NONE
        del journal["b"]
        assert withdrawals(journal, current, withdrawn).gone == {"b"}
        assert replace(withdrawals(journal, current, withdrawn), gone=frozenset()) == NONE
