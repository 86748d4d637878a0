"""A build that takes over what has not changed makes what a build from nothing makes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.types import Query
from tests import tiny_model
from tests.conftest import TinyData
from tests.history import History

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from index.opened import OpenSnapshot

SENTENCES = (
    "Armed police officers patrolled Brixton on Friday.",
    "The commissioner said the violence was a disgrace.",
    "Drugs were found in a London street.",
    'Bas Javid said: "We cannot accept this violence."',
    "Twenty-two officers were injured at the party.",
    "The letter went to every gang in the borough.",
)


def from_nothing(tiny: TinyData, folder: Path) -> TinyData:
    """The same documents, built where no snapshot and no vector was before."""
    tiny_model.write_export(tiny.model, folder / "models")
    again = TinyData(folder, tiny.documents, tiny.model)
    assert again.build() == tiny.store.current()
    return again


def assert_same_content(tiny: TinyData, folder: Path) -> None:
    """Byte for byte where the format allows it, else row for row and answer for answer."""
    again = from_nothing(tiny, folder)
    for name in ("catalogue.sqlite", "withdrawn.sqlite"):
        paths = tiny.snapshot / name, again.snapshot / name
        assert paths[0].exists() == paths[1].exists()
        assert not paths[0].exists() or paths[0].read_bytes() == paths[1].read_bytes()
    one, other = tiny.open(), again.open()
    try:
        everything = range(len(one.dense))
        np.testing.assert_allclose(
            one.dense.rows(everything), other.dense.rows(everything), atol=1e-6
        )
        for stems in (["polic"], ["violenc", "brixton"], ["zebra", "gang", "letter"]):
            assert one.lexical.search(stems, 50) == pytest.approx(other.lexical.search(stems, 50))
        assert answers(one) == answers(other)
    finally:
        one.close()
        other.close()


def answers(opened: OpenSnapshot) -> list[object]:
    found: list[object] = []
    for question in ("armed patrols", "who was injured in Brixton?", "zebra"):
        answer = opened.answer(Query(question))
        found.append([(e.document_id, e.span, e.highlights, e.also) for e in answer.excerpts])
    return found


def put(tiny: TinyData, name: str, text: str, front: str = "kind: news") -> None:
    (tiny.documents / f"{name}.md").write_text(f"---\n{front}\n---\n{text}\n", "utf-8")


def test_documents_before_between_and_behind_the_old_ones_come_in(
    tiny: TinyData, tmp_path: Path
) -> None:
    for name in ("aaa", "letter-a", "zzz"):
        put(tiny, name, f"A zebra was seen in {name}. It ran.")
    tiny.build()
    assert_same_content(tiny, tmp_path / "again")


def test_changed_texts_changed_metadata_and_removals_leave_nothing_behind(
    tiny: TinyData, tmp_path: Path
) -> None:
    for name in ("a", "b", "c", "d"):
        put(tiny, name, f"Quokkas stood in {name}. They waited.")
    tiny.build()
    put(tiny, "a", "Only wombats stood there. They waited.")
    put(tiny, "b", "Quokkas stood in b. They waited.", "kind: news\ntitle: Another title")
    (tiny.documents / "c.md").unlink()
    tiny.build()
    opened = tiny.open()
    assert opened.catalogue.has_word("wombats")
    assert opened.catalogue.document("b").metadata.title == "Another title"
    assert "c" not in opened.catalogue.document_ids()
    opened.close()
    assert_same_content(tiny, tmp_path / "again")


def test_a_word_goes_with_the_last_document_that_has_it(tiny: TinyData) -> None:
    put(tiny, "a", "Quokkas waited.")
    put(tiny, "b", "Quokkas and wombats waited.")
    tiny.build()
    (tiny.documents / "b.md").unlink()
    tiny.build()
    opened = tiny.open()
    assert opened.catalogue.has_word("quokkas")
    assert not opened.catalogue.has_word("wombats")
    opened.close()


@pytest.mark.parametrize("seed", range(4))
def test_any_history_comes_to_what_a_build_from_nothing_makes(
    tiny: TinyData, tmp_path: Path, seed: int
) -> None:
    """Adding, correcting, retracting, erasing and writing by hand, with a build after each few."""
    rand = random.Random(seed)
    history = History(tiny.documents)
    for step in range(12):
        records = history.journal.records()
        standing = [r.id for r in records.values() if not r.erased and not r.withdrawn]
        text = "\n\n".join(
            " ".join(rand.sample(SENTENCES, rand.randint(1, 3))) for _ in range(rand.randint(1, 3))
        )
        action = rand.choice(("add", "add", "hand", "correct", "retract", "erase", "build"))
        if action == "add" or not standing:
            history.add(f"{rand.choice('akz')}-{step}", text)
        elif action == "hand":
            put(tiny, f"hand-{rand.randint(0, 2)}", text)
        elif action == "correct":
            history.correct(rand.choice(standing), text, "put right")
        elif action == "retract":
            history.retract(rand.choice(standing), "wrong")
        elif action == "erase":
            history.erase(rand.choice(standing), "the law")
        else:
            tiny.build()
    tiny.build()
    assert_same_content(tiny, tmp_path / "again")


def test_only_what_is_new_is_analysed(tiny: TinyData, monkeypatch: pytest.MonkeyPatch) -> None:
    from index import analysis  # noqa: PLC0415

    analysed: list[str] = []

    def watched(document: Document, first_row: int) -> analysis.Passed:
        analysed.append(document.id)
        return analysis.passed(document, first_row)

    monkeypatch.setattr("index.reuse.passed", watched)
    history = History(tiny.documents)
    history.add("one", "One zebra here.")
    history.add("two", "Two zebras here.")
    tiny.build()
    assert analysed == ["one", "two"]
    analysed.clear()
    history.correct("one", "One zebra there.", "wrong place")
    tiny.build()
    assert analysed == ["one", "one@1"]
    analysed.clear()
    history.add("three", "Three zebras.")
    tiny.build()
    assert analysed == ["three"]


def test_vectors_are_taken_over_and_not_looked_up(
    tiny: TinyData, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from index.encoder import OnnxEncoder  # noqa: PLC0415

    (model,) = (tiny.data / "embeddings").iterdir()
    model.unlink()
    encoded: list[str] = []
    original = OnnxEncoder.encode

    def watched(self: OnnxEncoder, texts: list[str]) -> object:
        encoded.extend(texts)
        return original(self, texts)

    put(tiny, "more", "Armed llamas.")
    with monkeypatch.context() as patched:
        patched.setattr(OnnxEncoder, "encode", watched)
        tiny.build()
    assert encoded == ["Armed llamas."]
    assert_same_content(tiny, tmp_path / "again")


@pytest.mark.parametrize(
    "name", ["catalogue.sqlite", "dense.faiss", "lexical/meta.json", "withdrawn.sqlite"]
)
def test_nothing_is_taken_over_from_a_damaged_snapshot(
    tiny: TinyData, tmp_path: Path, name: str
) -> None:
    history = History(tiny.documents)
    history.add("one", "A zebra was seen in Brixton.")
    history.correct("one", "A zebra was heard in Brixton.", "nobody saw it")
    tiny.build()
    path = tiny.snapshot / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    put(tiny, "more", "Armed llamas.")
    tiny.build()
    assert_same_content(tiny, tmp_path / "again")


def test_a_snapshot_of_another_model_gives_nothing(tiny: TinyData, tmp_path: Path) -> None:
    other = tiny_model.write_model(tmp_path / "other")
    (other / "config.json").write_text('{"name": "other"}', "utf-8")
    tiny_model.write_export(other, tiny.data / "models")
    changed = TinyData(tiny.data, tiny.documents, other)
    changed.build()
    again = TinyData(tmp_path / "again", tiny.documents, other)
    tiny_model.write_export(other, again.data / "models")
    assert again.build() == changed.store.current()
    names = ("catalogue.sqlite", "dense.faiss")
    assert all(
        (changed.snapshot / n).read_bytes() == (again.snapshot / n).read_bytes() for n in names
    )


@pytest.mark.parametrize("name", ["dense.faiss", "catalogue.sqlite"])
def test_a_part_that_agrees_with_its_manifest_and_not_with_the_others_gives_nothing(
    tiny: TinyData, tmp_path: Path, name: str
) -> None:
    from index.dense import DenseIndex  # noqa: PLC0415
    from index.manifest import Manifest, write_manifest  # noqa: PLC0415
    from index.snapshot import described  # noqa: PLC0415

    folder, old = tiny.snapshot, tiny.store.manifest(tiny.store.current())
    (folder / name).unlink()
    if name == "dense.faiss":
        DenseIndex.of(np.eye(16, dtype=np.float32)).save(folder / name)
    else:
        (folder / name).write_bytes(b"garbage")
    write_manifest(
        folder,
        Manifest(old.id, old.library, old.model, old.documents, old.passages, described(folder)),
    )
    put(tiny, "more", "Armed llamas.")
    tiny.build()
    assert_same_content(tiny, tmp_path / "again")
