"""Which word a misspelt one was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.spelling import CorpusVocabulary
from tests.small_index import SmallIndex, document, index_of
from tests.stub_encoder import StubEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from index.query import Vocabulary

TEXT = "Armed patrols met commissioner Rowley. Violence, disorder, cat, parked. 2020."


@pytest.fixture
def index(tmp_path: Path) -> SmallIndex:
    return index_of(tmp_path, [document("one", TEXT)], known=["petrol", "parties"])


@pytest.fixture
def vocabulary(index: SmallIndex) -> Vocabulary:
    return CorpusVocabulary(index.catalogue, StubEncoder(["petrol", "parties"]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("patrlos", "patrols"),  # two neighbours swapped
        ("comissioner", "commissioner"),
        ("comisioner", "commissioner"),  # two slips in a long word
        ("violense", "violence"),
        ("rowly", "rowley"),
        ("armd", "armed"),
        ("barked", "parked"),
    ],
)
def test_a_likely_slip_is_put_right(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert vocabulary.nearest(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "petrol",  # the encoder's model knows it
        "bat",  # too short to tell
        "armz9",  # no word
        "2019",  # a number is meant as it is
        "aremdd",  # two slips in a short word
        "blockchain",
        "",
    ],
)
def test_what_may_be_meant_is_left(vocabulary: Vocabulary, typed: str) -> None:
    assert vocabulary.nearest(typed) is None


def test_of_two_as_near_the_one_that_begins_alike_is_taken(tmp_path: Path) -> None:
    index = index_of(tmp_path, [document("one", "Barking parking.")])
    assert index.vocabulary.nearest("marking") in {"barking", "parking"}
    assert index.vocabulary.nearest("parkins") == "parking"
    assert index.vocabulary.nearest("barkinp") == "barking"


def test_only_words_of_the_corpus_are_had(vocabulary: Vocabulary) -> None:
    assert vocabulary.has("patrols")
    assert not vocabulary.has("patrol")
    assert not vocabulary.has("petrol")


def test_the_starter_corpus_corrects_only_what_is_wrong(stub_starter: SmallIndex) -> None:
    vocabulary = stub_starter.vocabulary
    assert vocabulary.nearest("brixtn") == "brixton"
    assert vocabulary.nearest("metropolitn") == "metropolitan"
    assert vocabulary.nearest("cresida") == "cressida"
