"""Publishers that are left out, and those that come first."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import Weights
from index.quotes import QuoteFinder, QuoteQuery
from index.summary_pool import Pools
from index.types import Query
from tests.small_index import SmallIndex, document, index_of

RIVER = "The river patrol found 11 bicycles near the bridge."
SAID = "Ada Brook said: “The river patrol found 14 bicycles near the bridge.”"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    return index_of(
        tmp_path_factory.mktemp("publishers"),
        [
            document("a-met", RIVER, publisher="The Met"),
            document("b-hall", SAID, publisher="City Hall Ä"),
            document("c-none", "Somebody looked for bicycles in the river."),
            document("d-far", "Owls breed in the marshes.", publisher="city hall"),
        ],
    )


def ids(
    index: SmallIndex, left_out: tuple[str, ...] = (), preferred: tuple[str, ...] = ()
) -> list[str]:
    question = "river patrol bicycles near the bridge"
    answer = index.answer(Query(question, left_out=left_out, preferred=preferred))
    return [excerpt.document_id for excerpt in answer.excerpts]


def test_publishers_are_listed_once_by_name(index: SmallIndex) -> None:
    assert index.catalogue.publishers() == ("city hall", "City Hall Ä", "The Met")
    assert index.catalogue.without(["a-met"]).publishers() == ("city hall", "City Hall Ä")


@pytest.mark.parametrize("name", ["The Met", "the met", "THE MET"])
def test_one_left_out_is_found_nowhere(index: SmallIndex, name: str) -> None:
    assert "a-met" in ids(index)
    assert "a-met" not in ids(index, left_out=(name,))
    assert {"b-hall", "c-none"} <= set(ids(index, left_out=(name,)))


def test_a_part_of_a_name_leaves_nothing_out(index: SmallIndex) -> None:
    assert set(ids(index, left_out=("Met", "City Hall"))) >= {"a-met", "b-hall"}
    assert "b-hall" not in ids(index, left_out=("CITY HALL Ä",))


def test_quotations_of_one_left_out_are_not_found(index: SmallIndex) -> None:
    finder = QuoteFinder(index.catalogue, index.searcher, index.vocabulary)
    for about in (None, "bicycles"):
        found = finder.find(QuoteQuery(about=about))
        assert [one.document_id for one in found] == ["b-hall"]
        assert finder.find(QuoteQuery(about=about, left_out=("city hall ä",))) == ()


def test_preferred_ones_come_before_others_about_as_good(index: SmallIndex) -> None:
    for name, document_id in (("the met", "a-met"), ("City Hall Ä", "b-hall")):
        assert ids(index, preferred=(name,))[0] == document_id
    assert set(ids(index, preferred=("The Met",))) == set(ids(index))


def test_preferred_ones_do_not_come_before_what_answers_better(index: SmallIndex) -> None:
    assert ids(index, preferred=("city hall",))[0] != "d-far"


def test_preferring_makes_no_answer_surer(index: SmallIndex) -> None:
    question = "river patrol bicycles near the bridge"
    plain = index.answer(Query(question))
    preferring = index.answer(Query(question, preferred=("City Hall Ä",)))
    assert (plain.outcome, plain.confidence) == (preferring.outcome, preferring.confidence)


def test_summaries_take_and_leave_the_same(index: SmallIndex) -> None:
    pools = Pools(index.searcher, index.catalogue, index.dense, index.vocabulary, Weights.load())

    def relevance(
        left_out: tuple[str, ...] = (), preferred: tuple[str, ...] = ()
    ) -> dict[str, float]:
        query = Query("river patrol bicycles", left_out=left_out, preferred=preferred)
        pool = pools.pool(query)
        assert np.isfinite(pool.vectors).all()
        return {one.document_id: one.relevance for one in pool.sentences}

    plain = relevance()
    assert "a-met" in plain
    assert "a-met" not in relevance(left_out=("the met",))
    preferred = relevance(preferred=("The Met",))
    assert preferred["a-met"] >= plain["a-met"]
    assert all(0 <= value <= 1 for value in preferred.values())
