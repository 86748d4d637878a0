"""A library to a snapshot: the one write path."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, InputError, SnapshotError, StorageError
from corpus.leftovers import gone
from index import model
from index.encoder import ENCODER_FILES
from index.locks import BuildLock
from index.manifest import SCHEMA, Manifest
from index.passages import MAX_CHARACTERS
from index.purge import holds, purge_locked
from index.second_reading import second_reading
from index.writer import SnapshotWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.library import Library, Reading
    from index.second_reading import SecondReading
    from index.snapshot import SnapshotStore
    from index.types import Encoder, Progress
    from index.writer import Linked


# So often the documents are read, if they are changed meanwhile.
_READINGS = 20


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
        writer = SnapshotWriter(store, linked, progress, stand_in)
        manifest = store.create(
            lambda working: writer.fill(
                working, reading, Manifest(snapshot_id, fingerprint, model_hash, 0, 0, {})
            )
        )
        store.prune()
        _forget_erased(library, store, reading)
        return Built(manifest, is_new=True, refused=reading.refused)


def _exported(
    folder: Path,
    second: SecondReading | None,
    models: Path,
    progress: Progress,
    samples: Sequence[str],
) -> tuple[Linked, ...]:
    """The encoder's model, and what reads again if anything does, as the writer takes them."""
    encoder = model.exported(folder, models, announce=progress.stage, samples=samples)
    first: Linked = ("encoder", encoder, ENCODER_FILES)
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
