"""Builds with a cross-encoder of one's own in the place of the packaged reader."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from corpus.errors import ModelUnusable, SnapshotDamaged
from corpus.library import Library
from index.answer import AnswerSettings
from index.build import build
from index.evaluate import Judged, Question
from index.evaluate_ablation import READER, SPELLING, ingredients, without
from index.evaluate_misses import misses
from index.model import DEFAULT_MODEL
from index.opened import OpenSnapshot
from index.reader import Reader
from index.reranker import Reranker
from index.snapshot import SnapshotStore
from index.types import Query
from tests.conftest import ROOT, STARTER, Recorded, TinyData, copied
from tests.tiny_reranker import write_reranker

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Answer

QUESTION = "How many officers were injured in Brixton?"


def shown(data: TinyData, answer: Answer) -> list[str]:
    opened = data.open()
    try:
        return [opened.document(e.document_id).text_at(e.span) for e in answer.excerpts]
    finally:
        opened.close()


def answered(data: TinyData, *, second_reading: bool = True) -> Answer:
    settings = AnswerSettings(0.0, 0.0, second_reading=second_reading)
    opened = OpenSnapshot(data.store, data.store.current(), settings)
    try:
        return opened.answer(Query(QUESTION))
    finally:
        opened.close()


def telling(one: str, others: list[str]) -> str:
    """A word of ``one`` that is in none of ``others``."""
    return next(w for w in one.lower().split() if w.isalpha() and w not in " ".join(others).lower())


@pytest.fixture
def third(tiny: TinyData, tmp_path: Path) -> tuple[str, str]:
    """A cross-encoder that likes a word of what is shown third alone, and what that is."""
    first = shown(tiny, answered(tiny))
    word = telling(first[2], [*first[:2], *first[3:]])
    return str(write_reranker(tmp_path / "mine", tiny.data / "models", {word: 50.0})), first[2]


def test_it_takes_the_place_of_the_reader_and_orders_what_is_found(
    tiny: TinyData, third: tuple[str, str]
) -> None:
    reranker, liked = third
    plain = answered(tiny)
    tiny.build(reranker)
    names = {path.name for path in tiny.snapshot.iterdir()}
    assert "reranker" in names
    assert "reader" not in names
    files = tiny.store.manifest(tiny.store.current()).files
    assert {"reranker/reranker.onnx", "reranker/tokenizer.json"} <= set(files)
    found = answered(tiny)
    assert shown(tiny, found).index(liked) < shown(tiny, plain).index(liked)
    assert found.confidence == plain.confidence
    assert found.outcome == plain.outcome
    assert answered(tiny, second_reading=False) == plain


def test_an_evaluation_tells_it_apart_as_it_does_the_reader(
    tiny: TinyData, third: tuple[str, str]
) -> None:
    tiny.build(third[0])
    settings = AnswerSettings(0.0, 0.0)
    opened = OpenSnapshot(tiny.store, tiny.store.current(), settings)
    query = Query(QUESTION)
    assert READER in ingredients(opened)
    plain = answered(tiny, second_reading=False)
    assert without(opened, settings, READER)(query) == plain
    assert without(opened, settings, SPELLING)(query) == opened.answer(query) != plain
    judged = Judged(Question("q", QUESTION, "near-miss", ()), opened.answer(query), (), 0)
    alone = OpenSnapshot(tiny.store, tiny.store.current(), AnswerSettings(second_reading=False))
    (miss,), (before,) = (misses([judged], one, 1) for one in (opened, alone))
    assert miss.decided == before.decided, "what decided how sure it is has nothing to do with it"
    opened.close()
    alone.close()


def test_another_setting_is_another_index_of_the_same_vectors(
    tiny: TinyData, tmp_path: Path
) -> None:
    models = tiny.data / "models"
    without = tiny.store.current()
    one = str(write_reranker(tmp_path / "one", models, {"met": 1.0}))
    other = str(write_reranker(tmp_path / "other", models, {"met": 2.0}))
    built = build(Library(tiny.documents), tiny.store, str(tiny.model), progress := Recorded(),
                  reranker=one)  # fmt: skip
    assert built.is_new
    assert progress.steps == 0, "what the snapshot before holds is taken over"
    ids = [without, built.manifest.id, tiny.build(other)]
    assert len(set(ids)) == 3
    assert tiny.build(other) == ids[2]
    assert tiny.build(one) == ids[1]
    assert tiny.build() == without


@pytest.mark.timeout(30)
def test_one_that_is_nowhere_leaves_the_index_as_it_was(
    tiny: TinyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    before = tiny.store.current()
    with pytest.raises(ModelUnusable, match="it is not in the local cache") as caught:
        tiny.build("cross-encoder/no-such-model")
    assert caught.value.exit_status == 2
    assert str(caught.value).endswith("set encoder.reranker in config.toml to a folder")
    assert "\n" not in str(caught.value)
    assert tiny.store.current() == before


def test_a_damaged_export_in_a_snapshot_is_told(tiny: TinyData, third: tuple[str, str]) -> None:
    tiny.build(third[0])
    file = tiny.snapshot / "reranker" / "reranker.onnx"
    file.unlink()
    file.write_bytes(b"damaged")
    with pytest.raises(SnapshotDamaged, match=r"reranker\.onnx.*run 'metquote index build'"):
        tiny.open()


def test_asking_with_it_imports_no_torch(tiny: TinyData, third: tuple[str, str]) -> None:
    tiny.build(third[0])
    program = """
        import sys
        from pathlib import Path
        from index.answer import AnswerSettings
        from index.opened import OpenSnapshot
        from index.snapshot import SnapshotStore
        from index.types import Query

        store = SnapshotStore(Path(sys.argv[1]))
        opened = OpenSnapshot(store, store.current(), AnswerSettings())
        print(type(opened.reader).__name__, opened.answer(Query(sys.argv[2])).outcome)
        heavy = ("torch", "sentence_transformers", "transformers", "huggingface_hub", "onnx")
        print([name for name in heavy if name in sys.modules])
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tiny.data), QUESTION]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    first, second = found.stdout.splitlines()
    assert first.startswith("Reranker ")
    assert second == "[]"


def test_the_packaged_reader_is_back_when_the_setting_is_empty_again(
    starter_data: Path, tmp_path: Path
) -> None:
    store = SnapshotStore(copied(starter_data, tmp_path / "data"))
    folder = write_reranker(tmp_path / "mine", store.data / "models", {"brixton": 4.0})
    packaged, kinds, ids = store.current(), [], []
    for reranker in ("", str(folder), ""):
        built = build(Library(STARTER), store, DEFAULT_MODEL, Recorded(), reranker=reranker)
        opened = OpenSnapshot(store, store.current(), AnswerSettings())
        kinds.append(type(opened.reader))
        ids.append(built.manifest.id)
        assert opened.answer(Query(QUESTION)).excerpts
        opened.close()
    assert kinds == [Reader, Reranker, Reader]
    assert ids[0] == ids[2] == packaged != ids[1]
