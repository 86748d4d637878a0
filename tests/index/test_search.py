"""A question to ranked passages, scores and all."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.fusion import rarity
from index.query import Part, read
from index.search import Allowed
from index.types import Query
from tests.small_index import SmallIndex, document, index_of
from tests.stub_encoder import StubEncoder, stem_vector

if TYPE_CHECKING:
    from pathlib import Path

    from index.fusion import Scored

ALL = Allowed(None)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    """Each document is one sentence, so that nothing stands around it."""
    return index_of(
        tmp_path_factory.mktemp("search"),
        [
            document("a", "Armed patrols began.", published="2020-06", publisher="The Met"),
            document("b", "Armed robbers fled.", published="2024-08-09"),
            document("c", "Carnival floats danced.", publisher="Notting Hill News"),
            document("d", 'Ms Dick said: "Knives kill people."', published="2018"),
        ],
    )


def ask(index: SmallIndex, text: str) -> Part:
    return read(text, index.vocabulary)


def ids(ranked: list[Scored]) -> list[str]:
    return [found.candidate.passage.document_id for found in ranked]


def test_the_stub_keeps_meaning() -> None:
    """Shared words make texts near, and how near can be worked out."""
    encoder = StubEncoder()
    one, other, neither = encoder.encode(["armed patrols", "armed robbers", "carnival floats"])
    arm, patrol, robber = (stem_vector(stem) for stem in ("arm", "patrol", "robber"))
    expected = float((arm + patrol) @ (arm + robber)) / float(
        np.linalg.norm(arm + patrol) * np.linalg.norm(arm + robber)
    )
    assert float(one @ other) == pytest.approx(expected, abs=1e-6)
    assert float(one @ other) > float(one @ neither) + 0.2
    np.testing.assert_array_equal(encoder.encode([""]), encoder.encode(["🚔"]))
    assert np.linalg.norm(encoder.encode_query("")) == 1.0
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_passage_of_the_same_words_is_first(index: SmallIndex) -> None:
    ranked = index.searcher.rank(ask(index, "armed patrols"), ALL)
    assert ids(ranked)[:2] == ["a", "b"]
    assert sorted(ids(ranked)) == ["a", "b", "c", "d"]


def test_features_are_the_cosine_and_the_shares_worked_out_by_hand(index: SmallIndex) -> None:
    ranked = index.searcher.rank(ask(index, "armed patrols"), ALL)
    first, second = ranked[0].features, ranked[1].features
    arm, patrol = rarity(2, 4), rarity(1, 4)
    assert arm == pytest.approx(math.log(2))
    assert patrol == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert (first["own"], first["pairs"]) == (1.0, 1.0)
    assert second["own"] == pytest.approx(arm / (arm + patrol))
    asked = stem_vector("arm") + stem_vector("patrol")
    passage = asked + stem_vector("began")
    cosine = float(asked @ passage) / float(np.linalg.norm(asked) * np.linalg.norm(passage))
    assert first["cosine"] == pytest.approx(cosine, abs=1e-5)


def test_scores_fall_and_ties_go_by_row(tmp_path: Path) -> None:
    index = index_of(tmp_path, [document(name, "Armed patrols began.") for name in "abc"])
    ranked = index.searcher.rank(ask(index, "armed patrols"), ALL)
    assert ids(ranked) == ["a", "b", "c"]
    assert len({found.score for found in ranked}) == 1


def test_the_order_is_that_of_the_scores(stub_starter: SmallIndex) -> None:
    ranked = stub_starter.searcher.rank(ask(stub_starter, "Who was injured in Brixton?"), ALL)
    scores = [found.score for found in ranked]
    assert scores == sorted(scores, reverse=True)
    assert len({found.candidate.passage.row for found in ranked}) == len(ranked) <= 80


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (Query("q"), None),
        (Query("q", since=date(2020, 1, 1)), ["a", "b"]),
        (Query("q", until=date(2020, 6, 15)), ["a", "d"]),
        (Query("q", publisher="met"), ["a"]),
        (Query("q", speaker="dick"), ["d"]),
        (Query("q", speaker="dick", publisher="met"), []),
    ],
)
def test_options_leave_rows(index: SmallIndex, query: Query, left: list[str] | None) -> None:
    allowed = index.searcher.allowed(query)
    if left is None:
        assert (allowed.rows, allowed.undated_left_out) == (None, 0)
        return
    assert allowed.rows is not None
    rows = [found.passage for found in index.catalogue.candidates(allowed.rows.tolist())]
    assert [passage.document_id for passage in rows] == left


def test_undated_documents_are_counted_only_by_a_filter_of_dates(index: SmallIndex) -> None:
    assert index.searcher.allowed(Query("q", since=date(2020, 1, 1))).undated_left_out == 1
    assert index.searcher.allowed(Query("q", publisher="met")).undated_left_out == 0


def test_only_allowed_rows_are_ranked(index: SmallIndex) -> None:
    allowed = index.searcher.allowed(Query("q", since=date(2024, 1, 1)))
    assert ids(index.searcher.rank(ask(index, "armed patrols"), allowed)) == ["b"]


def test_nothing_is_ranked_where_nothing_is_allowed_or_there(
    index: SmallIndex, tmp_path: Path
) -> None:
    assert index.searcher.rank(ask(index, "armed"), Allowed(np.zeros(0, dtype=np.int64))) == []
    index.encoder.encoded.clear()
    assert index_of(tmp_path, []).searcher.rank(ask(index, "armed"), ALL) == []
