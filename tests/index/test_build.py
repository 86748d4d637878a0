"""A library to a snapshot: what a build does, and what it need not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import InputError, ModelError, StorageError
from corpus.library import Library
from index.analysis import passed
from index.build import build
from index.snapshot import SnapshotStore, is_current
from index.types import Query
from index.words import content_stems
from tests import tiny_model
from tests.conftest import Recorded, TinyData
from tests.corpus.corpora import by_hand
from tests.small_index import document

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.library import Reading


def test_a_build_makes_a_whole_snapshot_and_says_how_far_it_is(
    tiny: TinyData, tmp_path: Path
) -> None:
    data = tmp_path / "new"
    tiny_model.write_export(tiny.model, data / "models")
    progress = Recorded()
    built = build(Library(tiny.documents), SnapshotStore(data), str(tiny.model), progress)
    assert built.is_new
    assert built.refused == ()
    assert built.manifest.documents == 4
    assert progress.stages == [
        "reading documents",
        "checking the encoder",
        "splitting into passages",
        "encoding passages",
        "writing the index",
    ]
    assert progress.totals[2:4] == [4, 2 * built.manifest.passages]
    assert progress.steps == 4 + 2 * built.manifest.passages
    SnapshotStore(data).check(built.manifest, fully=True)
    assert {name.split("/")[0] for name in built.manifest.files} == {
        "catalogue.sqlite", "dense.faiss", "encoder", "lexical",
    }  # fmt: skip


def test_the_same_library_builds_the_same_snapshot_without_writing(tiny: TinyData) -> None:
    before = tiny.store.current()
    built = build(Library(tiny.documents), tiny.store, str(tiny.model), progress := Recorded())
    assert (built.manifest.id, built.is_new) == (before, False)
    assert progress.stages == ["reading documents", "checking the encoder"]


def test_a_changed_library_is_noticed_and_built_anew_beside_the_old(tiny: TinyData) -> None:
    before = tiny.store.current()
    library = Library(tiny.documents)
    assert is_current(tiny.store.manifest(before), library)
    path = tiny.documents / "more.md"
    path.write_text("---\nkind: news\n---\nArmed llamas patrolled Croydon.", "utf-8")
    assert not is_current(tiny.store.manifest(before), library)
    after = tiny.build()
    assert after != before
    assert {p.name for p in (tiny.data / "snapshots").iterdir()} == {before, after}
    opened = tiny.open()
    assert "more" in opened.catalogue.document_ids()
    opened.close()


def test_going_back_uses_the_old_snapshot_again(tiny: TinyData) -> None:
    before = tiny.store.current()
    path = tiny.documents / "more.md"
    path.write_text("---\nkind: news\n---\nMore.", "utf-8")
    tiny.build()
    path.unlink()
    built = build(Library(tiny.documents), tiny.store, str(tiny.model), Recorded())
    assert (built.manifest.id, built.is_new, tiny.store.current()) == (before, False, before)


class Restless(Library):
    """A library that somebody changes after each of its first readings, ``changes`` times."""

    def __init__(self, folder: Path, changes: int) -> None:
        super().__init__(folder)
        self.left = changes

    def read(self) -> Reading:
        found = super().read()
        if self.left:
            self.left -= 1
            by_hand(self, "restless", f"A text of the {self.left} changes to come.")
        return found


def test_an_index_is_named_by_the_documents_that_are_in_it(tiny: TinyData) -> None:
    library = Restless(tiny.documents, 2)
    built = build(library, tiny.store, str(tiny.model), Recorded())
    assert is_current(built.manifest, library)
    opened = tiny.open()
    assert opened.document("restless").text == "A text of the 0 changes to come."
    opened.close()


def test_documents_that_never_rest_are_said(tiny: TinyData) -> None:
    with pytest.raises(StorageError, match="being changed all the time"):
        build(Restless(tiny.documents, 1_000), tiny.store, str(tiny.model), Recorded())


def test_only_new_passages_are_encoded(tiny: TinyData, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.encoder import OnnxEncoder  # noqa: PLC0415

    encoded: list[str] = []
    original = OnnxEncoder.encode

    def watched(self: OnnxEncoder, texts: list[str]) -> object:
        encoded.extend(texts)
        return original(self, texts)

    monkeypatch.setattr(OnnxEncoder, "encode", watched)
    (tiny.documents / "more.md").write_text("---\nkind: news\n---\nOne here. Two there.", "utf-8")
    tiny.build()
    assert sorted(encoded) == ["One here.", "One here. Two there.", "Two there."]


def test_two_builds_of_the_same_make_the_same_answers(tiny: TinyData, tmp_path: Path) -> None:
    tiny_model.write_export(tiny.model, tmp_path / "again" / "models")
    again = TinyData(tmp_path / "again", tiny.documents, tiny.model)
    assert again.build() == tiny.store.current()
    one, other = tiny.open(), again.open()
    for question in ("armed patrols", "who was injured in Brixton?", "drugs"):
        assert one.answer(Query(question)) == other.answer(Query(question))
    one.close()
    other.close()


def test_a_malformed_document_is_told_and_the_others_are_built(tiny: TinyData) -> None:
    (tiny.documents / "bad.md").write_bytes(b"no front matter")
    with (tiny.documents / "big.md").open("wb") as stream:
        stream.truncate(20_000_001)
    built = build(Library(tiny.documents), tiny.store, str(tiny.model), Recorded())
    assert [str(error).split(":")[0] for error in built.refused] == ["bad", "big"]
    assert built.manifest.documents == 4


def test_a_library_of_nothing_is_the_users_error(tiny: TinyData, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    library = Library(tmp_path / "empty")
    with pytest.raises(InputError, match=r"no document in .*empty can be read \(none there\)"):
        build(library, tiny.store, str(tiny.model), Recorded())
    (tmp_path / "empty" / "bad.md").write_bytes(b"")
    with pytest.raises(InputError, match=r"can be read \(bad: no front matter"):
        build(library, tiny.store, str(tiny.model), Recorded())


def test_a_library_that_is_missing_is_said(tiny: TinyData, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"set paths.documents"):
        build(Library(tmp_path / "none"), tiny.store, str(tiny.model), Recorded())


def test_a_failed_build_leaves_the_old_index_in_use(
    tiny: TinyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tiny.store.current()
    (tiny.documents / "more.md").write_text("---\nkind: news\n---\nMore.", "utf-8")

    def fails(*_: object) -> None:
        raise ModelError("no")

    with monkeypatch.context() as patched:
        patched.setattr("index.writer.OnnxEncoder.open", fails)
        with pytest.raises(ModelError):
            tiny.build()
    assert tiny.store.current() == before
    tiny.open().close()


def test_where_files_cannot_be_linked_they_are_copied(
    tiny: TinyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refused)
    tiny_model.write_export(tiny.model, tmp_path / "new" / "models")
    new = TinyData(tmp_path / "new", tiny.documents, tiny.model)
    new.build()
    assert (new.snapshot / "encoder" / "model.onnx").stat().st_nlink == 1
    new.open().close()


def test_a_pointer_that_cannot_be_moved_back_is_said(
    tiny: TinyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tiny.data / "current").write_text("other")

    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refused)
    with pytest.raises(StorageError, match=r"cannot be written \(Read-only file system\)"):
        tiny.build()


TEXT = (
    "Well prepared: Horses stood at every corner of it. They waited.\n\n"
    'Bas Javid said: "We cannot accept this violence." Dogs barked all night.'
)


def test_a_passage_is_indexed_with_its_words_and_those_around_it() -> None:
    """Around it stand its neighbours, the title, its heading, and who speaks in it."""
    result = passed(document("one", TEXT, title="A Title"), 5)
    entry = result.entry
    assert [p.row for p in entry.passages] == [5, 6, 7, 8, 9]
    texts = [entry.document.text_at(p.span) for p in entry.passages]
    assert list(result.own_texts) == texts
    for stems, text in zip(entry.stems, texts, strict=True):
        assert stems[: len(content_stems(text))] == content_stems(text)
    waited = texts.index("They waited.")
    assert result.around_texts[waited].startswith("Horses stood")
    assert result.around_texts[waited].endswith('violence."')
    assert {"hors", "stood", "titl", "prepar", "accept"} <= set(entry.around[waited])
    speech = texts.index('Bas Javid said: "We cannot accept this violence."')
    assert {"javid", "dog", "titl"} <= {*entry.stems[speech], *entry.around[speech]}
    assert "prepar" not in entry.around[speech]
    assert {"horses", "javid", "violence"} <= entry.forms
    assert all(form.isalpha() for form in entry.forms)


def test_a_vector_lies_halfway_between_a_passage_and_it_with_its_neighbours(
    tiny: TinyData,
) -> None:
    opened = tiny.open()
    name = opened.catalogue.document_ids()[0]
    result = passed(opened.document(name), 0)
    own, wide = (opened.encoder.encode(texts) for texts in (result.own_texts, result.around_texts))
    expected = own + wide
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    for row in (0, 1, len(expected) - 1):
        cosine = opened.dense.cosines(expected[row], [row])
        assert float(cosine[0]) == pytest.approx(1.0, abs=1e-5)
    opened.close()
