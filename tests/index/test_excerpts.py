"""What is shown around a passage, and what of it is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Span
from index.excerpts import Cutter
from index.query import read
from index.search import Allowed
from tests.small_index import SmallIndex, document, index_of

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Excerpt

TEXT = (
    "A headline about it all\n\n"
    "Police came. Brixton was loud. Officers ran. Dogs barked. Nobody stayed.\n\n"
    "Well prepared: Horses stood at every corner of it. They waited.\n\n"
    "Angell Town\nOverton Road"
)


@pytest.fixture
def index(tmp_path: Path) -> SmallIndex:
    return index_of(tmp_path, [document("one", TEXT, title="A headline about it all")])


def cut(
    index: SmallIndex,
    words: str,
    *,
    characters: int = 320,
    question: str = "loud",
    taken: tuple[Excerpt, ...] = (),
    stems: frozenset[str] = frozenset(),
    name: str = "one",
) -> Excerpt | None:
    """The excerpt around the passage that is ``words``."""
    part = read(question, index.vocabulary)
    ranked = index.searcher.rank(part, Allowed(None))
    (found,) = (
        found
        for found in ranked
        if found.candidate.passage.document_id == name
        and index.text(name, found.candidate.passage.span) == words
    )
    return Cutter(index.catalogue, characters).cut(part, found, taken, stems)


def shown(index: SmallIndex, excerpt: Excerpt | None) -> str:
    assert excerpt is not None
    return index.text(excerpt.document_id, excerpt.span)


@pytest.mark.parametrize(
    ("words", "characters", "expected"),
    [
        ("Officers ran.", 0, "Officers ran."),
        ("Officers ran.", 27, "Officers ran. Dogs barked."),
        ("Officers ran.", 41, "Officers ran. Dogs barked. Nobody stayed."),
        ("Officers ran.", 60, "Brixton was loud. Officers ran. Dogs barked. Nobody stayed."),
        ("Officers ran.", 999, TEXT[25:97]),
        ("Nobody stayed.", 28, "Dogs barked. Nobody stayed."),
        ("Police came.", 999, "Police came. Brixton was loud. Officers ran."),
        ("Well prepared:", 0, "Well prepared: Horses stood at every corner of it."),
        ("They waited.", 999, "Horses stood at every corner of it. They waited."),
        ("Angell Town\nOverton Road", 999, "Angell Town\nOverton Road"),
    ],
)
def test_it_grows_by_whole_sentences_of_its_paragraph_first_forwards_as_far_as_there_is_room(
    index: SmallIndex, words: str, characters: int, expected: str
) -> None:
    assert shown(index, cut(index, words, characters=characters)) == expected


def test_the_title_is_no_excerpt(index: SmallIndex) -> None:
    assert cut(index, "A headline about it all") is None


def test_what_is_shown_is_not_shown_again_nor_grown_into(index: SmallIndex) -> None:
    first = cut(index, "Officers ran.", characters=27)
    assert first is not None
    assert cut(index, "Dogs barked.", taken=(first,)) is None
    assert cut(index, "Officers ran.", taken=(first,)) is None
    before = cut(index, "Brixton was loud.", taken=(first,))
    assert shown(index, before) == "Police came. Brixton was loud."
    assert shown(index, cut(index, "Nobody stayed.", taken=(first,))) == "Nobody stayed."


def test_a_heading_does_not_take_a_sentence_that_is_shown(index: SmallIndex) -> None:
    first = cut(index, "They waited.")
    assert first is not None
    heading = cut(index, "Well prepared:", taken=(first,))
    assert shown(index, heading) == "Well prepared:"


def test_a_copy_of_what_is_shown_is_not_shown_either(tmp_path: Path) -> None:
    index = index_of(tmp_path, [document("one", TEXT), document("two", f"Copied.\n\n{TEXT}")])
    first = cut(index, "Officers ran.", characters=27)
    assert first is not None
    assert cut(index, "Officers ran.", taken=(first,), name="two") is None
    assert cut(index, "Dogs barked.", taken=(first,), name="two") is None
    beside = cut(index, "Brixton was loud.", taken=(first,), name="two")
    assert shown(index, beside) == "Police came. Brixton was loud."


def marked(index: SmallIndex, excerpt: Excerpt | None) -> list[str]:
    assert excerpt is not None
    return [index.text(excerpt.document_id, span) for span in excerpt.highlights]


def test_the_stems_that_tell_are_marked_wherever_they_stand(index: SmallIndex) -> None:
    excerpt = cut(index, "Officers ran.", characters=60, stems=frozenset({"brixton", "bark"}))
    assert marked(index, excerpt) == ["Brixton", "barked"]


def test_marks_with_a_space_between_are_one(index: SmallIndex) -> None:
    excerpt = cut(index, "Officers ran.", characters=0, stems=frozenset({"offic", "ran"}))
    assert excerpt is not None
    assert excerpt.highlights == (Span(56, 68),)


def test_what_is_of_the_kind_asked_for_is_marked_in_the_best_sentence_alone(
    tmp_path: Path,
) -> None:
    text = "They saw 30 horses. More than 20 officers were injured. It took 5 hours."
    index = index_of(tmp_path, [document("one", text)])
    excerpt = cut(
        index,
        "More than 20 officers were injured.",
        question="How many officers were injured?",
        stems=frozenset({"offic", "injur"}),
    )
    assert shown(index, excerpt) == text
    assert marked(index, excerpt) == ["More than 20 officers", "injured"] or marked(
        index, excerpt
    ) == ["20 officers", "injured"]


def test_the_quotations_that_overlap_come_with_it(tmp_path: Path) -> None:
    text = 'Bas Javid said: "We run. We hide." Dogs barked in the whole street that night.'
    index = index_of(tmp_path, [document("one", text)])
    excerpt = cut(index, 'Bas Javid said: "We run.', characters=0)
    assert excerpt is not None
    (quotation,) = excerpt.quotations
    assert [index.text("one", span) for span in quotation.spans] == ["We run. We hide."]
    beside = cut(index, "Dogs barked in the whole street that night.", characters=0)
    assert beside is not None
    assert beside.quotations == ()
