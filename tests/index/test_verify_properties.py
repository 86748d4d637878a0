"""What holds of every slice of every text."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.verdict import Finding
from index.verify import MAX_CHARACTERS
from tests.index.planted import PlantedIndex, planted_index, posted_part
from tests.small_index import document

if TYPE_CHECKING:
    from pathlib import Path

_WORD = re.compile(r"\S+")
# Words, numbers, and what stands between them, awkward on purpose.
_PIECES = (
    "the not will can of Met police officers Brixton don’t it’s 32,000 38% £5 -5 10² 09/08/2024 "
    "café ﬁre vio\u00adlence e\u0301tat Straße A.B. and/or well-known foo_bar [sic] (see x² ½ x"
).split()
_GAPS = (" ", "  ", "\n\n", ", ", ". ", " – ", "—", "... ", "…", "\u00a0", "\n\n“", "” ", "\n- ",
         " “", "’ ", "? ", "! ", ": ", " -", "\u200b ", "\r\n", "/", "'", "\n> ")  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(_PIECES), st.sampled_from(_GAPS)), min_size=4, max_size=40
).map(lambda pairs: "".join(word + gap for word, gap in pairs))


def slices(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _WORD.finditer(text)]


def words_in(text: str) -> int:
    return len(re.findall(r"[^\W_]+", text))


@given(data=st.data())
def test_a_slice_of_the_starter_documents_is_verbatim(
    planted_starter: PlantedIndex, data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(sorted(planted_starter.documents.values(), key=lambda d: d.id)))
    places = slices(one.text)
    length = data.draw(st.integers(3, 400))
    first = data.draw(st.integers(0, len(places) - 3))
    last = min(first + length, len(places)) - 1
    posted = one.text[places[first][0] : places[last][1]]
    verdict = planted_starter.verify(posted)
    assert verdict.finding is Finding.VERBATIM
    assert any(
        place.document_id == one.id
        and places[first][0] <= place.spans[0].start
        and place.spans[-1].end <= places[last][1]
        for place in verdict.places
    )
    assert "".join(posted_part(verdict, change) for change in verdict.changes) == posted


@given(data=st.data())
def test_one_changed_word_is_never_verbatim(
    planted_starter: PlantedIndex, data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(sorted(planted_starter.documents.values(), key=lambda d: d.id)))
    places = [found.span() for found in re.finditer(r"[^\W_]+(?:[’'.,][^\W_]+)*", one.text)]
    length = data.draw(st.integers(3, 120))
    first = data.draw(st.integers(0, len(places) - length))
    changed = data.draw(st.integers(first, first + length - 1))
    word = data.draw(st.sampled_from(["zebra", "Zebra", "7", "not", "Khan", "x", "thé"]))
    start, end = places[first][0], places[first + length - 1][1]
    before, after = one.text[start : places[changed][0]], one.text[places[changed][1] : end]
    if one.text[slice(*places[changed])].lower() == word.lower():
        return
    assert planted_starter.verify(before + word + after).finding is not Finding.VERBATIM


@settings(max_examples=60)
@given(text=TEXTS, data=st.data())
def test_a_slice_of_any_text_is_verbatim(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    """Whatever characters the text is made of, and wherever white space lets it be cut."""
    index = planted_index(tmp_path_factory.mktemp("any"), [document("d", text)])
    places = slices(text)
    first = data.draw(st.integers(0, len(places) - 1))
    last = data.draw(st.integers(first, len(places) - 1))
    posted = text[places[first][0] : places[last][1]]
    if words_in(posted) < 3:
        return
    verdict = index.verify(posted)
    assert verdict.finding is Finding.VERBATIM
    assert "".join(posted_part(verdict, change) for change in verdict.changes) == posted


@given(posted=st.text(max_size=200))
def test_any_text_gets_a_verdict_that_keeps_it(planted_starter: PlantedIndex, posted: str) -> None:
    if not words_in(posted):
        return
    verdict = planted_starter.verify(posted)
    assert "".join(posted_part(verdict, change) for change in verdict.changes) == posted


@pytest.mark.parametrize(
    "posted",
    [
        "the " * (MAX_CHARACTERS // 4),
        "police officers " * (MAX_CHARACTERS // 16),
        "not " * (MAX_CHARACTERS // 8) + "… " * (MAX_CHARACTERS // 8),
        "… a" * (MAX_CHARACTERS // 4),
        "[x] " * (MAX_CHARACTERS // 4),
        '"' * (MAX_CHARACTERS - 1) + "a",
        "> " * (MAX_CHARACTERS // 2 - 1) + "a",
        "[" + "a" * (MAX_CHARACTERS - 1),
        "said: " * (MAX_CHARACTERS // 6),
        " - Khan" * (MAX_CHARACTERS // 7),
        "zqxzqx " * (MAX_CHARACTERS // 7),
        "We will not tolerate this on our streets. " * (MAX_CHARACTERS // 43),
    ],
)
def test_repetition_costs_no_more_than_its_length(
    planted_starter: PlantedIndex, posted: str
) -> None:
    start = time.process_time()
    planted_starter.verify(posted)
    assert time.process_time() - start < 3


def test_a_corpus_that_repeats_itself(tmp_path: Path) -> None:
    text = "the police said the police said that. " * 2_000
    index = planted_index(tmp_path, [document("d", text)])
    for posted in (text[:20_000], text[:20_000] + " not", "said not " * 3_000):
        start = time.process_time()
        index.verify(posted)
        assert time.process_time() - start < 5
