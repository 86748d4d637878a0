"""A library to a snapshot: the one write path."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from corpus.errors import DocumentError, InputError, SnapshotError, StorageError
from corpus.leftovers import gone
from index import model, tables
from index.analysis import Passed
from index.catalogue import Catalogue
from index.dense import Before, DenseIndex
from index.embeddings import EmbeddingCache
from index.encoder import ENCODER_FILES, OnnxEncoder
from index.lexical import LexicalIndex
from index.locks import BuildLock
from index.manifest import SCHEMA, Manifest
from index.passages import MAX_CHARACTERS
from index.purge import holds, purge_locked
from index.reuse import old_snapshot, planned
from index.second_reading import second_reading
from index.snapshot import SnapshotStore, described

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.library import Library, Reading
    from index.reuse import Old, Part
    from index.second_reading import SecondReading
    from index.tables import Entry, Run
    from index.types import Encoder


_Linked: TypeAlias = "tuple[str, Path, tuple[str, ...]]"
# So often the documents are read, if they are changed meanwhile.
_READINGS = 20


class Progress(Protocol):
    """Where a build says how far it is."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage of ``total`` steps begins; ``None`` if nobody can tell how many."""

    def advance(self, steps: int = 1) -> None:
        """So many steps of the stage are done."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left: the snapshot now in use, if it is new, and what was refused."""

    manifest: Manifest
    is_new: bool
    refused: tuple[DocumentError, ...]


def build(
    library: Library,
    store: SnapshotStore,
    model_name: str,
    progress: Progress,
    *,
    reranker: str = "",
    stand_in: Encoder | None = None,
) -> Built:
    """Bring the index up to date with ``library`` and put it in use.

    A snapshot is named by what it is made of: where one of the same documents, model and
    schema is whole, it is used and nothing is written. Else a new one is written, and what the
    one in use holds of documents that have not changed is taken over from it. ``reranker`` names a
    cross-encoder to read again with, or its folder; empty is the packaged reader. A ``stand_in``
    encodes the passages in place of the model, for measurements; its vectors are not kept.

    Raises:
        InputError: the library holds no document that can be read.
        ModelError: the encoder cannot be had, or what reads again.
        StorageError: a folder cannot be read or written.
    """
    with BuildLock(store.data):
        progress.stage("reading documents")
        fingerprint, reading = _read(library)
        if not reading.documents:
            problems = "; ".join(str(error) for error in reading.refused)
            raise InputError(
                f"no document in {library.folder} can be read ({problems or 'none there'})"
            )
        progress.stage("checking the encoder")
        folder = model.locate(model_name)
        model_hash = model.fingerprint(folder)
        second = second_reading(folder, reranker)
        snapshot_id = _identity(fingerprint, model_hash, second)
        whole = _whole(store, snapshot_id)
        if whole is not None:
            _use(store, snapshot_id)
            _forget_erased(library, store, reading)
            return Built(whole, is_new=False, refused=reading.refused)
        samples = tuple(d.text[:MAX_CHARACTERS] for d in reading.documents[:4])
        linked = _exported(folder, second, store.data / "models", progress, samples)
        writer = _Writer(store, linked, progress, stand_in)
        manifest = store.create(
            lambda working: writer.fill(
                working, reading, Manifest(snapshot_id, fingerprint, model_hash, 0, 0, {})
            )
        )
        store.prune()
        _forget_erased(library, store, reading)
        return Built(manifest, is_new=True, refused=reading.refused)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Fills the folder of a new snapshot, and takes over from the old one what has not changed.

    ``linked`` are the folders of models in it, the exports that each is of, and their files; the
    first is the encoder's.
    """

    store: SnapshotStore
    linked: Sequence[_Linked]
    progress: Progress
    stand_in: Encoder | None

    def fill(self, folder: Path, reading: Reading, made_of: Manifest) -> Manifest:
        """Write every file of a snapshot of ``reading`` but its manifest, which is returned."""
        old = old_snapshot(self.store, made_of.model)
        new = sum(
            kept is None or kept.find(document) is None
            for kept, documents in (
                (old.current, reading.documents),
                (old.withdrawn, reading.withdrawn),
            )
            for document in documents
        )
        self.progress.stage("splitting into passages", new)
        parts = planned(reading.documents, old.current, self.progress.advance)
        withdrawn = planned(reading.withdrawn, old.withdrawn, self.progress.advance)
        vectors = self._vectors(parts, old.dense, made_of.model)
        self.progress.stage("writing the index")
        before = None if old.dense is None else Before(old.dense, _moved(parts, len(old.dense)))
        DenseIndex.of(vectors, before=before).save(folder / "dense.faiss")
        path = folder / "catalogue.sqlite"
        tables.write(path, _written(parts), _path(old.current))
        with closing(Catalogue.open(path)) as written:
            LexicalIndex.build(folder / "lexical", written.stems())
        if withdrawn:
            path = folder / "withdrawn.sqlite"
            tables.write(path, _written(withdrawn), _path(old.withdrawn))
        for name, export, files in self.linked:
            _link_all(export, folder / name, files)
        return Manifest(
            made_of.id,
            made_of.library,
            made_of.model,
            len(reading.documents),
            len(vectors),
            described(folder),
        )

    def _vectors(
        self, parts: Sequence[Part], old: DenseIndex | None, model_hash: str
    ) -> NDArray[np.float32]:
        """Shape (n, d): each passage's vector and that of it with its neighbours, halfway.

        On SQuAD's development part, with the words, this one vector and both kept apart each had
        R@1 0.75; by vectors alone it was 0.58 with the neighbours and 0.56 without.
        """
        own = [text for one in parts if isinstance(one, Passed) for text in one.own_texts]
        wide = [text for one in parts if isinstance(one, Passed) for text in one.around_texts]
        self.progress.stage("encoding passages", len(own) + len(wide))
        mixed = self._encoded([*own, *wide], model_hash)
        new = mixed[: len(own)]
        new += mixed[len(own) :]
        new /= np.linalg.norm(new, axis=1, keepdims=True).clip(min=1e-9)
        found, at = [], 0
        for part in parts:
            if isinstance(part, Passed):
                found.append(new[at : at + len(part.own_texts)])
                at += len(part.own_texts)
            elif old is not None:  # there is one where something is taken over
                found.append(old.rows(part.rows))
        return np.concatenate(found, dtype=np.float32)

    def _encoded(self, texts: Sequence[str], model_hash: str) -> NDArray[np.float32]:
        if self.stand_in is not None:
            return self.stand_in.encode(texts)
        cache = EmbeddingCache(self.store.data / "embeddings", model_hash)
        return cache.encode(OnnxEncoder.open(self.linked[0][1]), texts, self.progress.advance)


def _exported(
    folder: Path,
    second: SecondReading | None,
    models: Path,
    progress: Progress,
    samples: Sequence[str],
) -> tuple[_Linked, ...]:
    """The encoder's model, and what reads again if anything does, as `_Writer` takes them."""
    encoder = model.exported(folder, models, announce=progress.stage, samples=samples)
    first: _Linked = ("encoder", encoder, ENCODER_FILES)
    if second is None:
        return (first,)
    reads = second.export(models=models, announce=progress.stage)
    return first, (second.folder, reads, second.files)


def _read(library: Library) -> tuple[str, Reading]:
    """What the library holds and its fingerprint, both of one moment: nobody is kept from writing.

    Raises:
        StorageError: it cannot be read, or is changed all the time.
    """
    before = library.fingerprint()
    for _ in range(_READINGS):
        reading = library.read()
        after = library.fingerprint()
        if after == before:
            return after, reading
        before = after
    raise StorageError(
        f"the documents in {library.folder} are being changed all the time; build the index again "
        "when that is done"
    )


def _written(parts: Iterable[Part]) -> list[Entry | Run]:
    return [part.entry if isinstance(part, Passed) else part for part in parts]


def _moved(parts: Iterable[Part], count: int) -> NDArray[np.int64]:
    """Where each of the ``count`` old rows is now, -1 for those that are gone."""
    moved = np.full(count, -1, dtype=np.int64)
    for part in parts:
        if not isinstance(part, Passed):
            rows = np.arange(part.rows.start, part.rows.stop)
            moved[rows] = rows + part.shift
    return moved


def _path(old: Old | None) -> Path | None:
    return None if old is None else old.path


def _forget_erased(library: Library, store: SnapshotStore, reading: Reading) -> None:
    """Finish what an erasure that was interrupted left in older snapshots."""
    # Somebody may have put the same text back by hand: then it is a document like any other.
    erased = gone(library.journal.records()) - reading.texts
    if holds(store, erased):
        purge_locked(store, erased)


def _identity(library: str, model_hash: str, second: SecondReading | None) -> str:
    parts = json.dumps([SCHEMA, library, model_hash, second and second.made_of])
    return sha256(parts.encode()).hexdigest()[:24]


def _whole(store: SnapshotStore, snapshot_id: str) -> Manifest | None:
    try:
        manifest = store.manifest(snapshot_id)
        store.check(manifest)
    except SnapshotError:
        return None
    return manifest


def _use(store: SnapshotStore, snapshot_id: str) -> None:
    try:
        if store.current() == snapshot_id:
            return
    except SnapshotError:
        # No pointer, or a damaged one: either way it is written anew.
        pass
    try:
        store.use(snapshot_id)
    except OSError as error:
        raise StorageError(f"{store.data} cannot be written ({error.strerror})") from error


def _link_all(source: Path, target: Path, names: Sequence[str]) -> None:
    target.mkdir()
    for name in names:
        _link(source / name, target / name)


def _link(source: Path, target: Path) -> None:
    """A second name for the same file, or a copy where the file system knows no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
