"""A whole index, damaged in every way: never served, said in a sentence, healed by a build."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import SnapshotDamaged, SnapshotError
from index.answer import AnswerSettings
from index.dense import DenseIndex, Sizes
from index.manifest import Manifest, write_manifest
from index.opened import OpenSnapshot
from index.snapshot import described
from index.types import Query
from tests.tiny_model import write_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import TinyData


def replace(path: Path, content: bytes) -> None:
    """Write a new file: the old one may have other names, in ``models`` or another test."""
    path.unlink()
    path.write_bytes(content)


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def turned_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "emptied": lambda path: replace(path, b""),
    "cut short": lambda path: replace(path, path.read_bytes()[:-2]),
    "longer": lambda path: replace(path, path.read_bytes() + b"\0"),
    "first bit": lambda path: replace(path, flipped(path.read_bytes(), 0)),
    "middle bit": lambda path: replace(path, flipped(path.read_bytes(), path.stat().st_size // 2)),
    "a folder": turned_into_a_folder,
}


def refusal(tiny: TinyData) -> str:
    with pytest.raises(SnapshotError) as caught:
        tiny.open()
    message = str(caught.value)
    assert message.endswith("run 'metquote index build'")
    assert "\n" not in message
    return message


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_to_any_file_is_refused(tiny: TinyData, damage: Callable[[Path], object]) -> None:
    """Each file in turn; every other one stays whole."""
    whole = tiny.snapshot
    aside = tiny.data / "aside"
    for name in [path.relative_to(whole) for path in files(whole)]:
        shutil.copytree(whole, aside)
        if (whole / name).stat().st_size or damage is not DAMAGES["emptied"]:
            damage(whole / name)
            refusal(tiny)
        shutil.rmtree(whole)
        aside.rename(whole)
    tiny.open().close()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["manifest.json", "catalogue.sqlite", "encoder/model.onnx"])
def test_a_rebuild_heals(tiny: TinyData, name: str, damage: Callable[[Path], object]) -> None:
    before = tiny.store.current()
    answer = answered(tiny)
    damage(tiny.snapshot / name)
    refusal(tiny)
    assert tiny.build() == before
    assert answered(tiny) == answer


def answered(tiny: TinyData) -> object:
    opened = tiny.open()
    try:
        return opened.answer(Query("armed patrols in London", limit=3)).excerpts
    finally:
        opened.close()


def test_an_extra_file_is_refused_and_a_rebuild_heals(tiny: TinyData) -> None:
    (tiny.snapshot / "lexical" / "extra").write_text("x")
    assert "lexical/extra does not belong there" in refusal(tiny)
    tiny.build()
    tiny.open().close()


@pytest.mark.parametrize("content", [b"", b"garbage!", b"\xff", b"abc"])
def test_a_rebuild_heals_the_pointer(tiny: TinyData, content: bytes) -> None:
    before = tiny.store.current()
    (tiny.data / "current").write_bytes(content)
    with pytest.raises(SnapshotError):
        tiny.open()
    assert tiny.build() == before
    tiny.open().close()


def test_a_missing_pointer_or_snapshot_is_healed(tiny: TinyData) -> None:
    before = tiny.store.current()
    (tiny.data / "current").unlink()
    assert tiny.build() == before
    shutil.rmtree(tiny.snapshot)
    assert "is gone" in refusal(tiny)
    assert tiny.build() == before
    tiny.open().close()


def test_damage_to_the_export_that_snapshots_share_is_not_taken_over(
    tiny: TinyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has two names: what damages the snapshot's has damaged the export's."""
    whole = (tiny.snapshot / "encoder" / "model.onnx").read_bytes()
    (export,) = (tiny.data / "models").glob("*/model.onnx")
    for name in (export, tiny.snapshot / "encoder" / "model.onnx"):
        replace(name, flipped(whole, len(whole) // 2))
    refusal(tiny)
    monkeypatch.setattr("index.model._export", lambda _, target, __: write_files(target))
    tiny.build()
    tiny.open().close()
    assert export.read_bytes() == whole


def resealed(tiny: TinyData, *, passages: int | None = None) -> None:
    """Make the manifest agree with the files as they are now: only their sense is wrong."""
    folder = tiny.snapshot
    old = tiny.store.manifest(folder.name)
    count = old.passages if passages is None else passages
    write_manifest(
        folder,
        Manifest(old.id, old.library, old.model, old.documents, count, described(folder)),
    )


NOT_TOGETHER = "the parts of the index do not belong together; run 'metquote index build'"


def test_rows_that_do_not_match_are_refused(tiny: TinyData) -> None:
    vectors = np.eye(16, dtype=np.float32)
    path = tiny.snapshot / "dense.faiss"
    path.unlink()
    DenseIndex.of(vectors).save(path)
    (tiny.snapshot / "lexical" / ".tantivy-meta.lock").unlink(missing_ok=True)
    resealed(tiny)
    assert refusal(tiny) == NOT_TOGETHER


def test_a_damaged_shortlist_of_vectors_is_named(tiny: TinyData) -> None:
    """Only large corpora have one; here the vectors of a small one get theirs."""
    path = tiny.snapshot / "dense.faiss"
    before = answered(tiny)
    exact = DenseIndex.open(path)
    large = DenseIndex.of(exact.rows(range(len(exact))), Sizes(flat_below=1))
    path.unlink()
    large.save(path)
    (tiny.snapshot / "lexical" / ".tantivy-meta.lock").unlink(missing_ok=True)
    resealed(tiny)
    assert answered(tiny) == before
    near = tiny.snapshot / "near.faiss"
    for damage, said in (("middle bit", "altered"), ("cut short", "bytes"), ("missing", "read")):
        whole = near.read_bytes()
        DAMAGES[damage](near)
        message = refusal(tiny)
        assert "near.faiss" in message
        assert said in message
        near.unlink(missing_ok=True)
        near.write_bytes(whole)


def test_a_count_that_does_not_match_is_refused(tiny: TinyData) -> None:
    resealed(tiny, passages=3)
    assert refusal(tiny) == NOT_TOGETHER


def test_vectors_of_another_dimension_are_refused(tiny: TinyData) -> None:
    count = tiny.store.manifest(tiny.store.current()).passages
    path = tiny.snapshot / "dense.faiss"
    path.unlink()
    DenseIndex.of(np.tile(np.eye(1, 8, dtype=np.float32), (count, 1))).save(path)
    resealed(tiny)
    assert refusal(tiny) == NOT_TOGETHER


@pytest.mark.parametrize(
    "name", ["dense.faiss", "catalogue.sqlite", "encoder/encoder.json", "lexical/meta.json"]
)
def test_garbage_that_the_manifest_agrees_with_is_refused(tiny: TinyData, name: str) -> None:
    replace(tiny.snapshot / name, b"garbage")
    resealed(tiny)
    with pytest.raises(SnapshotDamaged):
        tiny.open()


def test_a_snapshot_that_could_not_be_opened_is_not_held(tiny: TinyData) -> None:
    import fcntl  # noqa: PLC0415

    resealed(tiny, passages=3)
    refusal(tiny)
    with (tiny.snapshot / "manifest.json").open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_an_old_schema_is_refused_and_rebuilt(tiny: TinyData) -> None:
    path = tiny.snapshot / "manifest.json"
    replace(path, json.dumps(json.loads(path.read_text()) | {"schema": 0}).encode())
    assert "another version (schema 0" in refusal(tiny)
    tiny.build()
    tiny.open().close()


def test_an_open_snapshot_says_what_it_has(tiny: TinyData) -> None:
    opened = OpenSnapshot(tiny.store, tiny.store.current(), AnswerSettings())
    assert opened.manifest.documents == 4
    assert len(opened.catalogue) == opened.manifest.passages
    name = opened.catalogue.document_ids()[0]
    assert opened.document(name).id == name
    with pytest.raises(KeyError):
        opened.document("none")
    opened.close()
