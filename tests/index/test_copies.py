"""The same words in several documents are shown once, with where else they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer import AnswerSettings
from index.copies import are_copies
from index.types import Query
from tests.small_index import SmallIndex, document, index_of

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from index.types import Answer

ANYTHING = AnswerSettings(answered_at=0.0, related_at=0.0)
TEXT = (
    "A grey zebra was led out of the station by two officers late on the evening of the parade. "
    "It was taken to a field. Nobody was hurt."
)
LONG = (
    "the officers led the grey zebra out of the station late in the evening and took it to a field"
)


def index(folder: Path, *documents: Document) -> SmallIndex:
    return index_of(folder, documents, settings=ANYTHING)


def ask(index: SmallIndex, text: str = "Who led the zebra out?", limit: int = 5) -> Answer:
    return index.answer(Query(text, limit=limit))


def test_a_copy_is_left_out_and_named(tmp_path: Path) -> None:
    other = document("other", "A zebra was painted on the wall of the station by an artist.")
    found = index(tmp_path, document("a", TEXT), document("b", TEXT), other)
    answer = ask(found)
    assert [(e.document_id, e.also) for e in answer.excerpts] == [("a", ("b",)), ("other", ())]


def test_the_slot_of_a_copy_goes_to_the_next(tmp_path: Path) -> None:
    other = document("other", "A zebra was painted on the wall of the station by an artist.")
    found = index(tmp_path, document("a", TEXT), document("b", TEXT), document("c", TEXT), other)
    answer = ask(found, limit=2)
    assert [e.document_id for e in answer.excerpts] == ["a", "other"]
    assert answer.excerpts[0].also == ("b", "c")


def test_copies_behind_the_last_slot_are_named_too(tmp_path: Path) -> None:
    answer = ask(index(tmp_path, document("a", TEXT), document("b", TEXT)), limit=1)
    assert [(e.document_id, e.also) for e in answer.excerpts] == [("a", ("b",))]


def test_a_lightly_edited_copy_is_left_out(tmp_path: Path) -> None:
    edited = TEXT.replace("led out of", "led from").replace("Nobody was hurt.", "Nobody was hurt")
    answer = ask(index(tmp_path, document("a", TEXT), document("b", edited)))
    assert [len(e.also) for e in answer.excerpts] == [1]


def test_a_text_in_which_the_words_stand_with_others_is_named(tmp_path: Path) -> None:
    """The copy goes on in the same paragraph, and would be shown longer."""
    longer = f"The parade was long. {TEXT} Many people watched it from the other side."
    found = index(tmp_path, document("a", TEXT), document("b", longer))
    answer = ask(found)
    assert sum("grey zebra" in words for words in found.shown(answer)) == 1
    for excerpt in answer.excerpts:
        words = found.text(excerpt.document_id, excerpt.span)
        assert all(words in found.documents[name].text for name in excerpt.also)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("two officers", "12 officers"),
        ("two officers", "three officers"),
        ("was led", "was not led"),
        ("the parade", "the Carnival"),
    ],
)
def test_another_number_name_or_a_negation_is_no_copy(tmp_path: Path, old: str, new: str) -> None:
    answer = ask(index(tmp_path, document("a", TEXT), document("b", TEXT.replace(old, new))))
    assert {e.document_id for e in answer.excerpts} == {"a", "b"}
    assert all(not e.also for e in answer.excerpts)


def test_a_copy_makes_an_answer_no_less_sure(tmp_path: Path) -> None:
    """Of equals the second best is the first again: no margin would be left."""
    others = [document("x", "Horses stood in the rain."), document("y", "Dogs barked all night.")]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    alone = ask(index(tmp_path / "one", document("a", TEXT), *others))
    twice = ask(index(tmp_path / "two", document("a", TEXT), document("b", TEXT), *others))
    assert twice.confidence == pytest.approx(alone.confidence, abs=0.05)
    assert twice.outcome is alone.outcome


def test_the_same_words_twice_in_one_document_are_no_copy_of_another(tmp_path: Path) -> None:
    found = index(tmp_path, document("a", f"{TEXT}\n\nIn between.\n\n{TEXT}"))
    assert all(not e.also for e in ask(found).excerpts)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "", True),
        ("“The Met’s horses”", "the Met's horses", True),
        (LONG, LONG.replace("grey zebra", "grey old zebra"), True),
        (LONG, LONG.replace("out of the station", "from a place"), False),
        (LONG, LONG.replace("grey", "don't"), False),
        (LONG, LONG.replace("late", "Ann"), False),
        (LONG, LONG.replace("grey", "4th"), False),
        ("horses", "dogs", False),
        (LONG, "", False),
    ],
)
def test_what_counts_as_the_same_words(one: str, other: str, *, same: bool) -> None:
    assert are_copies(one, other) is same
    assert are_copies(other, one) is same


@given(st.text(max_size=60), st.text(max_size=60))
def test_copies_are_so_either_way_and_a_text_is_one_of_itself(one: str, other: str) -> None:
    assert are_copies(one, one)
    assert are_copies(one, other) == are_copies(other, one)


WORDS = st.lists(
    st.sampled_from(("the", "Met", "“café”", "officers,", "o'clock", "was", "20", "said.")),
    min_size=1,
    max_size=30,
)


@given(WORDS, st.lists(st.tuples(st.integers(0, 29), st.sampled_from(("cafe", "a", "said")))))
def test_what_is_passed_over_at_a_glance_are_no_copies(
    said: list[str], edits: list[tuple[int, str]]
) -> None:
    edited = list(said)
    for at, word in edits:
        edited[at % len(edited)] = word
    one, other = " ".join(said), " ".join(edited)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.copies._ROUGHLY", 0.0)
        slowly = are_copies(one, other)
    assert are_copies(one, other) == slowly
