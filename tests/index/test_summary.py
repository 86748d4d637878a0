"""A topic in real sentences: which are taken, in which order, and what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from index.fusion import Logistic
from index.summary import Summarizer
from index.summary_pool import Pools
from index.types import Outcome, Query
from tests.small_index import document, index_of, steady_weights

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from index.fusion import Weights
    from index.opened import OpenSnapshot
    from index.summary import Summary
    from tests.small_index import SmallIndex

TWENTY = "More than 20 officers were injured at the zebra party in Brixton."
THIRTY = "In Brixton, nearly 30 officers were hurt at the zebra party."
FEED = "The zebra eats grass near the river in summer."
FED = "The zebra eats green grass near the river in summer."
SLEEP = "Keepers moved the sleeping zebra to another park."
UNDATED = "A zebra was drawn on the wall of the library."
RAIN = "Rain fell on every street of the town all day."


def summarizer(index: SmallIndex, weights: Weights | None = None) -> Summarizer:
    weights = weights or steady_weights()
    pools = Pools(index.searcher, index.catalogue, index.dense, index.vocabulary, weights)
    return Summarizer(pools, index.searcher, len(index.catalogue), 0.02)


def words(index: SmallIndex, summary: Summary) -> list[str]:
    return [index.text(item.document_id, item.span) for item in summary.items]


def summarized(
    folder: Path, *documents: Document, topic: str = "zebra", limit: int = 6
) -> list[str]:
    index = index_of(folder, documents)
    return words(index, summarizer(index).summarize(Query(topic, limit=limit)))


ZEBRAS = (
    document("undated", UNDATED),
    document("first", f"{TWENTY}\n\n{RAIN}", published="2020-06-26", publisher="The Met"),
    document("later", f"{FEED} {RAIN}", published="2020-07-01"),
    document("last", f"{RAIN} {THIRTY} {SLEEP}", published="2020-07-03", publisher="A paper"),
)


@pytest.fixture(scope="module")
def zebras(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    return index_of(tmp_path_factory.mktemp("zebras"), ZEBRAS)


def test_by_date_undated_last_and_what_differs_side_by_side(zebras: SmallIndex) -> None:
    summary = summarizer(zebras).summarize(Query("zebra", limit=6))
    assert words(zebras, summary) == [TWENTY, THIRTY, FEED, SLEEP, UNDATED]
    assert [item.disagrees_with for item in summary.items] == [(1,), (0,), (), (), ()]
    (found,) = summary.disagreements
    assert (found.first, found.second, found.contrast) == (0, 1, "figures")
    assert zebras.text("first", found.first_span) == "More than 20"
    assert zebras.text("last", found.second_span) == "nearly 30"


@pytest.mark.parametrize("limit", [1, 2])
def test_one_side_of_a_disagreement_is_never_shown_alone(zebras: SmallIndex, limit: int) -> None:
    summary = summarizer(zebras).summarize(Query("officers injured in Brixton", limit=limit))
    assert words(zebras, summary) == [TWENTY, THIRTY]


def test_at_most_three_sides_are_shown(tmp_path: Path) -> None:
    sides = [
        document(f"d{n}", f"In Brixton, {n}0 officers were hurt at the zebra party. {RAIN}")
        for n in range(1, 7)
    ]
    others = [
        document(f"e{n}", f"Band {n} played {word} music on the pier at noon. {SLEEP} {FEED}")
        for n, word in enumerate("loud soft new old brass folk house dance".split())
    ]
    index = index_of(tmp_path, [*sides, *others])
    summary = summarizer(index).summarize(Query("officers hurt in Brixton", limit=1))
    assert len(summary.items) == 3
    assert {(one.first, one.second) for one in summary.disagreements} == {(0, 1), (0, 2), (1, 2)}


def test_what_two_documents_say_alike_is_said_once(tmp_path: Path) -> None:
    found = summarized(tmp_path, document("a", FEED), document("b", FED), document("c", SLEEP))
    assert SLEEP in found
    assert len(set(found) & {FEED, FED}) == 1


def test_a_copy_is_not_said_again(tmp_path: Path) -> None:
    copy = FEED.replace(" near", "\nnear")
    found = summarized(tmp_path, document("a", FEED), document("b", copy), document("c", RAIN))
    assert [" ".join(text.split()) for text in found] == [FEED]


def test_in_one_document_in_its_order(tmp_path: Path) -> None:
    text = f"{SLEEP} {RAIN} {FEED}"
    found = summarized(tmp_path, document("a", text, published="2020"), topic="zebra eats grass")
    assert found == sorted(found, key=text.index)
    assert found[-1] == FEED


def test_a_filter_leaves_out_and_counts_what_has_no_date(zebras: SmallIndex) -> None:
    made = summarizer(zebras)
    since = made.summarize(Query("zebra", since=date(2020, 7, 1)))
    assert {item.document_id for item in since.items} == {"later", "last"}
    assert since.undated_left_out == 1
    until = made.summarize(Query("zebra", until=date(2020, 6, 30)))
    assert {item.document_id for item in until.items} == {"first"}
    paper = made.summarize(Query("zebra", publisher="paper"))
    assert ({item.document_id for item in paper.items}, paper.undated_left_out) == ({"last"}, 0)
    nobody = made.summarize(Query("zebra", publisher="nobody"))
    assert (nobody.outcome, nobody.items) == (Outcome.NOTHING, ())


def test_what_is_not_in_the_corpus_gets_nothing(zebras: SmallIndex) -> None:
    summary = summarizer(zebras).summarize(Query("quantum chromodynamics"))
    assert (summary.outcome, summary.items, summary.disagreements) == (Outcome.NOTHING, (), ())


def test_a_topic_without_a_word_gets_nothing(zebras: SmallIndex) -> None:
    summary = summarizer(zebras).summarize(Query("what about it"))
    assert (summary.outcome, summary.confidence) == (Outcome.NOTHING, 0.0)


def test_an_empty_index_has_nothing(tmp_path: Path) -> None:
    assert summarized(tmp_path, document("a", "No.")) == []


def test_what_may_not_be_the_topic_is_said_to_be_only_related(zebras: SmallIndex) -> None:
    unsure = replace(steady_weights(), subject=Logistic({}, -0.5))
    summary = summarizer(zebras, unsure).summarize(Query("zebra"))
    assert summary.outcome is Outcome.RELATED
    assert summary.confidence == pytest.approx(0.3775, abs=1e-3)
    assert summary.items


@pytest.mark.parametrize("topic", ["", "  ", "x" * 5_000])
def test_an_empty_or_endless_topic_is_refused(zebras: SmallIndex, topic: str) -> None:
    with pytest.raises(InputError):
        summarizer(zebras).summarize(Query(topic))


WORDS = st.sampled_from(
    "Brixton officers violence London police mayor Khan carnival stop search arrests patrols armed "
    "disorder contractors communities he said Rowley drugs zebra".split()
)


@settings(max_examples=40)
@given(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.integers(1, 12))
def test_every_item_is_a_whole_slice_with_its_marks(
    stub_starter: SmallIndex, topic: str, limit: int
) -> None:
    summary = summarizer(stub_starter).summarize(Query(topic, limit=limit))
    assert len(summary.items) <= limit + 2
    assert (summary.outcome is Outcome.NOTHING) == (not summary.items)
    for number, item in enumerate(summary.items):
        text = stub_starter.text(item.document_id, item.span)
        assert text == text.strip()
        assert text.count('"') % 2 == 0
        assert text.count("“") == text.count("”")
        assert all(
            any(span.overlaps(item.span) for span in quotation.spans)
            for quotation in item.quotations
        )
        for other in item.disagrees_with:
            assert number in summary.items[other].disagrees_with
    spans = [(item.document_id, item.span) for item in summary.items]
    assert not any(
        a == b and one.overlaps(other) for i, (a, one) in enumerate(spans) for b, other in spans[:i]
    )
    for one in summary.disagreements:
        sides = ((one.first, one.first_span), (one.second, one.second_span))
        assert all(summary.items[at].span.contains(span) for at, span in sides)


def test_brixton_in_the_starter_documents(starter: OpenSnapshot) -> None:
    topic = Query("officers injured at the Brixton street party", limit=4)
    summary = starter.summarizer.summarize(topic)
    texts = [starter.document(item.document_id).text_at(item.span) for item in summary.items]
    (found,) = summary.disagreements
    assert found.second == found.first + 1
    assert "more than 20 officers were injured" in texts[found.first]
    assert "nearly 30 officers were hurt" in texts[found.second]
    assert summary.outcome is Outcome.ANSWERED


def test_the_speaker_of_a_sentence_is_attached(starter: OpenSnapshot) -> None:
    summary = starter.summarizer.summarize(Query("two-tier policing accusations"))
    speakers = {q.speaker.name for item in summary.items for q in item.quotations if q.speaker}
    assert "Sir Mark Rowley" in speakers


def test_sourdough_is_not_in_the_starter_documents(starter: OpenSnapshot) -> None:
    assert starter.summarizer.summarize(Query("sourdough bread")).outcome is Outcome.NOTHING
