"""A library to a snapshot: the one write path."""

from __future__ import annotations

import json
import os
import shutil
from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corpus.errors import DocumentError, InputError, SnapshotError, StorageError
from corpus.quotations.extract import extract
from index import catalogue, model
from index.catalogue import Entry
from index.dense import DenseIndex
from index.embeddings import EmbeddingCache
from index.encoder import ENCODER_FILES, OnnxEncoder
from index.lexical import LexicalIndex
from index.locks import BuildLock
from index.passages import MAX_CHARACTERS, around, passages
from index.snapshot import SCHEMA, Manifest, SnapshotStore, described
from index.words import STOPWORDS, content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.document import Document, Span
    from corpus.library import Library
    from corpus.quotations.types import Quotation
    from index.types import Passage


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


@dataclass(frozen=True, slots=True)
class Passed:
    """One document's entry with the texts to encode: its passages, and each with its neighbours."""

    entry: Entry
    own_texts: tuple[str, ...]
    around_texts: tuple[str, ...]


def build(library: Library, store: SnapshotStore, model_name: str, progress: Progress) -> Built:
    """Bring the index up to date with ``library`` and put it in use.

    A snapshot is named by what it is made of: where one of the same documents, model and
    schema is whole, it is used and nothing is written.

    Raises:
        InputError: the library holds no document that can be read.
        ModelError: the encoder cannot be had.
        StorageError: a folder cannot be read or written.
    """
    with BuildLock(store.data):
        progress.stage("reading documents")
        fingerprint = library.fingerprint()
        reading = library.read()
        if not reading.documents:
            problems = "; ".join(str(error) for error in reading.refused)
            raise InputError(
                f"no document in {library.folder} can be read ({problems or 'none there'})"
            )
        progress.stage("checking the encoder")
        folder = model.locate(model_name)
        model_hash = model.fingerprint(folder)
        snapshot_id = _identity(fingerprint, model_hash)
        whole = _whole(store, snapshot_id)
        if whole is not None:
            _use(store, snapshot_id)
            return Built(whole, is_new=False, refused=reading.refused)
        samples = tuple(d.text[:MAX_CHARACTERS] for d in reading.documents[:4])
        exported = model.exported(
            folder, store.data / "models", announce=progress.stage, samples=samples
        )
        writer = _Writer(store, OnnxEncoder.open(exported), exported, progress)
        manifest = store.create(
            lambda working: writer.fill(
                working, reading.documents, Manifest(snapshot_id, fingerprint, model_hash, 0, 0, {})
            )
        )
        store.prune()
        return Built(manifest, is_new=True, refused=reading.refused)


def passed(document: Document, first_row: int) -> Passed:
    """Everything that the index keeps of one document; ``first_row`` is its first passage's row."""
    found = passages(document, first_row)
    quotations = extract(document.text)
    analysed = [words(document.text_at(passage.span)) for passage in found]
    speakers = _speakers(found, quotations)
    own = tuple(
        (*(word.stem for word in line if word.form not in STOPWORDS), *content_stems(speaker))
        for line, speaker in zip(analysed, speakers, strict=True)
    )
    surroundings = [around(found, at) for at in range(len(found))]
    headings = _headings(document, found)
    beside = tuple(
        tuple(_stems_around(document, span, passage.span, heading))
        for span, passage, heading in zip(surroundings, found, headings, strict=True)
    )
    entry = Entry(
        document=document,
        passages=found,
        quotations=quotations,
        stems=own,
        around=beside,
        forms=frozenset(word.form for line in analysed for word in line if word.form.isalpha()),
    )
    return Passed(
        entry,
        tuple(document.text_at(passage.span) for passage in found),
        tuple(document.text_at(span) for span in surroundings),
    )


def _headings(document: Document, found: Sequence[Passage]) -> tuple[str, ...]:
    """For each passage the title, and the heading that its paragraph begins with."""
    title = document.metadata.title or ""
    headings: list[str] = []
    at, heading = -1, ""
    for passage in found:
        if passage.paragraph != at:
            at, heading = passage.paragraph, ""
        if not passage.is_sentence:
            heading = document.text_at(passage.span)
        headings.append(f"{title} {heading}")
    return tuple(headings)


def _speakers(found: Sequence[Passage], quotations: Iterable[Quotation]) -> tuple[str, ...]:
    """For each passage who speaks in it: "He added: …" is then found by his name."""
    starts = [passage.span.start for passage in found]
    names: list[dict[str, None]] = [{} for _ in found]
    for quotation in quotations:
        if quotation.speaker is None:
            continue
        for span in quotation.spans:
            at = max(bisect_right(starts, span.start) - 1, 0)
            while at < len(found) and found[at].span.start < span.end:
                names[at].setdefault(f"{quotation.speaker.name} {quotation.speaker.role or ''}")
                at += 1
    return tuple(" ".join(some) for some in names)


def _stems_around(document: Document, wide: Span, own: Span, heading: str) -> Iterable[str]:
    """Stems of the neighbours and the headings above."""
    text = document.text
    beside = " ".join((text[wide.start : own.start], text[own.end : wide.end], heading))
    return dict.fromkeys(content_stems(beside))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Fills the folder of a new snapshot."""

    store: SnapshotStore
    encoder: OnnxEncoder
    exported: Path
    progress: Progress

    def fill(self, folder: Path, documents: tuple[Document, ...], made_of: Manifest) -> Manifest:
        """Write every file of a snapshot of ``documents`` but its manifest, which is returned."""
        self.progress.stage("splitting into passages", len(documents))
        everything: list[Passed] = []
        rows = 0
        for document in documents:
            everything.append(passed(document, rows))
            rows += len(everything[-1].entry.passages)
            self.progress.advance()
        vectors = self._vectors(everything, made_of.model)
        self.progress.stage("writing the index")
        DenseIndex.of(vectors).save(folder / "dense.faiss")
        entries = [one.entry for one in everything]
        LexicalIndex.build(
            folder / "lexical",
            (pair for e in entries for pair in zip(e.stems, e.around, strict=True)),
        )
        catalogue.write(folder / "catalogue.sqlite", entries)
        (folder / "encoder").mkdir()
        for name in ENCODER_FILES:
            _link(self.exported / name, folder / "encoder" / name)
        return Manifest(
            made_of.id, made_of.library, made_of.model, len(documents), rows, described(folder)
        )

    def _vectors(self, everything: list[Passed], model_hash: str) -> NDArray[np.float32]:
        """Shape (n, d): each passage's vector and that of it with its neighbours, halfway.

        On SQuAD's development part, with the words, this one vector and both kept apart each had
        R@1 0.75; by vectors alone it was 0.58 with the neighbours and 0.56 without.
        """
        own = [text for one in everything for text in one.own_texts]
        wide = [text for one in everything for text in one.around_texts]
        self.progress.stage("encoding passages", len(own) + len(wide))
        cache = EmbeddingCache(self.store.data / "embeddings", model_hash)
        vectors = cache.encode(self.encoder, [*own, *wide], self.progress.advance)
        mixed = vectors[: len(own)] + vectors[len(own) :]
        return np.asarray(
            mixed / np.linalg.norm(mixed, axis=1, keepdims=True).clip(min=1e-9), dtype=np.float32
        )


def _identity(library: str, model_hash: str) -> str:
    parts = json.dumps([SCHEMA, library, model_hash])
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


def _link(source: Path, target: Path) -> None:
    """A second name for the same file, or a copy where the file system knows no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
