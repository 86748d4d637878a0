"""How summaries are measured, worked out by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.document import Span
from corpus.errors import InputError
from index import evaluate_summaries as measures
from index.evaluate import Gold
from tests.index.test_summary import ZEBRAS, summarizer
from tests.small_index import index_of

if TYPE_CHECKING:
    from corpus.document import Document
    from tests.small_index import SmallIndex

LABELLED = Path(__file__).parent.parent / "data" / "summaries.jsonl"


def gold(name: str, text: str) -> dict[str, object]:
    whole = next(one for one in ZEBRAS if one.id == name).text
    start = whole.index(text)
    return {"document": name, "start": start, "end": start + len(text), "text": text}


TOPICS = [
    {
        "id": "t1", "topic": "officers hurt in Brixton", "half": "tuning", "differs": [[0, 1]],
        "should": [gold("first", "More than 20 officers were injured at the zebra party in"),
                   gold("last", "In Brixton, nearly 30 officers were hurt at the zebra party.")],
        "may": [gold("later", "The zebra eats grass")],
    },
    {"id": "t2", "topic": "quantum chromodynamics", "half": "held out", "should": []},
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    return index_of(tmp_path_factory.mktemp("measured"), ZEBRAS)


def topics(*values: object) -> tuple[measures.Topic, ...]:
    return measures.read_topics([json.dumps(value) for value in values], "topics.jsonl")


def test_a_summary_beside_the_simpler_ways(index: SmallIndex) -> None:
    judged = measures.run(topics(*TOPICS), summarizer(index), index.documents.__getitem__)
    count = len(judged[0].summary.items)
    assert list(judged[0].chosen) == list(measures.METHODS)
    assert all(len(places) == count for places in judged[0].chosen.values())
    values = measures.measures(judged, "summary", index.documents.__getitem__)
    assert (values["coverage"], values["both sides"]) == (1.0, 1.0)
    assert measures.marked(judged) == (1, 1)
    assert measures.abstention(judged) == (1.0, 0.0)


def test_lead_is_the_first_sentence_of_each_document(index: SmallIndex) -> None:
    judged = measures.run(topics(TOPICS[0]), summarizer(index), index.documents.__getitem__)
    lead = judged[0].chosen["lead"]
    documents = len({place.document_id for place in judged[0].chosen["best passages"]})
    assert all(place.span.start == 0 for place in lead[:documents])
    assert len({place.document_id for place in lead[:documents]}) == documents


def test_coverage_and_precision_by_hand() -> None:
    (topic,) = topics(TOPICS[0])
    half, less = Gold("first", Span(0, 28)), Gold("first", Span(0, 27))
    assert measures.coverage(topic, [half]) == 0.5
    assert measures.coverage(topic, [less]) == 0.0
    assert measures.precision(topic, [half, less, Gold("later", Span(0, 20))]) == pytest.approx(
        2 / 3
    )
    assert math.isnan(measures.precision(topic, []))


def test_redundancy_by_hand(index: SmallIndex) -> None:
    words: dict[str, Document] = index.documents
    zebra = Gold("later", Span(0, 20))  # The zebra eats grass
    drawn = Gold("undated", Span(0, 17))  # A zebra was drawn
    assert measures.redundancy([zebra, zebra], words.__getitem__) == 1.0
    assert measures.redundancy([zebra, drawn], words.__getitem__) == pytest.approx(
        (1 / 3 + 1 / 2) / 2
    )
    assert measures.redundancy([zebra], words.__getitem__) == 0.0


@pytest.mark.parametrize(
    "line",
    [
        "no json", "[]", '{"id": "a"}', '{"id": "a", "topic": "b", "half": "other", "should": []}',
        '{"id": "a", "topic": "b", "half": "tuning", "should": [{"document": "d"}]}',
        '{"id": "a", "topic": "b", "half": "tuning", "should": [], "differs": [[0, 1]]}',
    ],
)  # fmt: skip
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(InputError, match=r"topics\.jsonl, line 2: not a labelled topic"):
        measures.read_topics(["\n", line], "topics.jsonl")


def test_no_topic_is_an_error() -> None:
    with pytest.raises(InputError, match="holds no topic"):
        measures.read_topics([], "topics.jsonl")


def test_the_labels_are_slices_of_the_starter_documents(
    starter_documents: dict[str, Document],
) -> None:
    lines = LABELLED.read_text("utf-8").splitlines()
    found = measures.read_topics(lines, LABELLED.name)
    assert len(found) >= 20
    assert {topic.half for topic in found} == set(measures.HALVES)
    for value in map(json.loads, lines):
        for label in (*value["should"], *value["may"]):
            text = starter_documents[label["document"]].text
            assert text[label["start"] : label["end"]] == label["text"]
