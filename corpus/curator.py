"""The one who writes the corpus: adds, corrects, retracts and erases, one at a time.

A version's file is written first, once and for good; then its line is appended to the journal.
The line is the commit: before it nothing has happened, after it everything has. Of an erasure the
line comes first too, and the files go after it. What a killed process left half done is finished
or swept away by whoever writes next.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus import leftovers, swap
from corpus.document import text_sha256
from corpus.errors import DocumentError, InputError, StorageError
from corpus.files import FileLock, make_folder, write_whole
from corpus.formats import markdown
from corpus.journal import Action, Entry, Record
from corpus.known import KnownTexts
from corpus.library import MAX_BYTES, PURPOSE, VERSION, lock_path
from corpus.naming import checked_id, proposed_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from corpus.document import Document
    from corpus.draft import Draft
    from corpus.known import Known
    from corpus.library import Library

# Somebody else's change takes less than a second; a whole restore takes a few.
_PATIENCE_SECONDS = 60.0


class Curator:
    """Writes to ``library``. Safe to use from several threads and processes."""

    def __init__(
        self,
        library: Library,
        *,
        by: str,
        clock: Callable[[], datetime],
        patience: float | None = _PATIENCE_SECONDS,
    ) -> None:
        """``by`` and ``clock`` (aware times) go into the journal.

        ``patience`` is how many seconds to wait for another writer.
        """
        self.library = library
        self._by, self._clock, self._patience = by, clock, patience
        self.texts = KnownTexts(library)

    def known(self, draft: Draft) -> Known | None:
        """Which document has this text, or had it; ``None`` if it is new.

        Raises:
            StorageError: the corpus cannot be read.
        """
        return self._find(self.library.journal.records(), draft)

    def add(
        self,
        draft: Draft,
        *,
        document_id: str | None = None,
        copy_of: str | None = None,
        again: bool = False,
    ) -> str:
        """Make a document of ``draft``; the id it has.

        A file of the same text and metadata that was put into the folder by hand, or by a
        process that was killed, is recorded where it is. ``again`` brings in a text that was
        erased or withdrawn before.

        Raises:
            AlreadyKnown: the same text is, or was, another document.
            InputError: the id cannot be, or ``copy_of`` names no document.
            StorageError: the corpus cannot be written.
        """
        if document_id is not None:
            checked_id(document_id)
        with self._writing() as records:
            if copy_of is not None:
                self._record(records, copy_of)  # or it is told that there is none
            known = self._find(records, draft)
            if known is not None and known.status == "unrecorded":
                return self._adopt(known, draft, document_id, copy_of)
            if known is not None and not (again and known.is_gone):
                raise known.error
            taken = {*records, *self.texts.stems()}
            name = document_id or proposed_id(draft.metadata.title, draft.text, taken)
            if name in taken:
                raise InputError(f"the id {name!r} is taken; leave it out, or give another one")
            line = self._stored(name, f"{name}.md", draft)
            self.library.journal.append(replace(line, copy_of=copy_of))
            return name

    def correctable(self, document_id: str) -> Document:
        """The document, if it stands and can be corrected.

        Raises:
            InputError: there is none, it is one version, or it was retracted or erased.
            DocumentError: its file was altered.
            StorageError: the corpus cannot be read.
        """
        self._correctable(self.library.journal.records(), document_id)
        return self.library.get(document_id)

    def correct(
        self,
        document_id: str,
        draft: Draft,
        reason: str | None = None,
        *,
        seen: Document | None = None,
    ) -> str:
        """Put ``draft`` in the place of a document; the old text stays on record as ``ID@1``.

        ``seen`` is the document as whoever decided on it had it before them.

        Returns:
            The id of the version that is now on record as the earlier one.

        Raises:
            AlreadyKnown: the text is, or was, another document.
            InputError: there is no such document, it was retracted, nothing differs, or it is
                no longer as it was ``seen``.
            StorageError: the corpus cannot be written.
        """
        with self._writing() as records:
            record, adopted = self._correctable(records, document_id)
            known = self._find(records, draft)
            if known is not None and known.id != document_id:
                raise known.error
            newest = self.library.get(document_id)
            if seen is not None and (seen.text, seen.metadata) != (newest.text, newest.metadata):
                raise InputError(f"{document_id} was corrected meanwhile; look at it and try again")
            if (newest.text, newest.metadata) == (draft.text, draft.metadata):
                raise InputError(f"nothing differs from {document_id} as it stands")
            number = len(record.versions) + 1
            line = self._stored(document_id, f"{document_id}{VERSION}{number}.md", draft)
            reason = _reason(reason) if reason is not None else None
            self.library.journal.append(
                *adopted, replace(line, action=Action.CORRECTED, reason=reason)
            )
            return f"{document_id}{VERSION}{number - 1}"

    def retract(self, document_id: str, reason: str) -> None:
        """Withdraw a document: it answers no more, and verification says why.

        Raises:
            InputError: there is no such document, it is retracted already, or there is no reason.
            StorageError: the corpus cannot be written.
        """
        reason = _reason(reason)
        with self._writing() as records:
            record, adopted = self._record(records, document_id)
            if record.withdrawn:
                when = record.withdrawn.at.date().isoformat()
                raise InputError(
                    f"{document_id} was retracted on {when} ({record.withdrawn.reason})"
                )
            line = Entry(self._clock(), self._by, Action.RETRACTED, document_id, reason=reason)
            self.library.journal.append(*adopted, line)

    def erase(self, document_id: str, reason: str) -> leftovers.Erased:
        """Remove a document's text, every version of it; the journal keeps that it was.

        Raises:
            InputError: there is no such document, it is erased already, or there is no reason.
            StorageError: the corpus cannot be written.
        """
        reason = _reason(reason)
        with self._writing() as records:
            record, adopted = self._record(records, document_id)
            newest = record.newest
            line = Entry(
                self._clock(), self._by, Action.ERASED, document_id, sha256=newest.sha256,
                text_sha256=newest.text_sha256, reason=reason,
            )  # fmt: skip
            documents = leftovers.readable(self.library, record)
            self.library.journal.append(*adopted, line)
            leftovers.remove_erased(self.library, self.library.journal.records())
            texts = leftovers.gone(self.library.journal.records())
            mine = {entry.text_sha256 for entry in record.versions}
            copies = tuple(
                one.id for one in records.values()
                if one.versions[0].copy_of == document_id and not one.erased
            )  # fmt: skip
            return leftovers.Erased(document_id, tuple(sorted(texts & mine)), documents, copies)

    def recover(self) -> tuple[str, ...]:
        """Finish what a killed process left half done; a sentence for each thing that was done.

        Raises:
            StorageError: the corpus cannot be written.
        """
        with self._locked():
            return self._recovered()

    def _find(self, records: dict[str, Record], draft: Draft) -> Known | None:
        return self.texts.find(records, text_sha256(draft.text), draft.source)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with FileLock(lock_path(self.library), purpose=PURPOSE, patience=self._patience):
            try:
                yield
            except OSError as error:
                raise StorageError(
                    f"{self.library.folder} cannot be written ({error.strerror or error}); make "
                    "room there, or set paths.documents in config.toml"
                ) from error

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Record]]:
        """The records, with nobody else writing and nothing left half done."""
        with self._locked():
            self._recovered()
            make_folder(self.library.folder)
            yield self.library.journal.records()

    def _recovered(self) -> tuple[str, ...]:
        return (*swap.finish(self.library), *leftovers.swept(self.library))

    def _record(
        self, records: dict[str, Record], document_id: str
    ) -> tuple[Record, tuple[Entry, ...]]:
        """A document's record; of one that was never recorded with the line that is to do it."""
        record = records.get(document_id)
        if record is not None and not record.erased:
            return record, ()
        name = document_id.partition(VERSION)[0]
        if name != document_id and name in records:
            raise InputError(f"{document_id} is one version; name the document, {name!r}")
        # Or it is told that it was erased, or that there is none.
        line = self._recording(self.library.get(document_id))
        return Record(document_id, (line,)), (line,)

    def _correctable(
        self, records: dict[str, Record], document_id: str
    ) -> tuple[Record, tuple[Entry, ...]]:
        record, adopted = self._record(records, document_id)
        if record.withdrawn:
            raise InputError(
                f"{document_id} was retracted, and what is retracted is not corrected; add the "
                "right text as a new document with 'metquote corpus add'"
            )
        return record, adopted

    def _recording(self, document: Document, copy_of: str | None = None) -> Entry:
        file = f"{document.id}.md"
        content = (self.library.folder / file).read_bytes()
        if markdown.parse(document.id, content) != document:
            raise StorageError(f"{file} is being changed by somebody else; try again")
        return Entry(
            self._clock(), self._by, Action.ADDED, document.id, file=file,
            sha256=sha256(content).hexdigest(), text_sha256=document.sha256, source=file,
            copy_of=copy_of,
        )  # fmt: skip

    def _adopt(
        self, known: Known, draft: Draft, document_id: str | None, copy_of: str | None
    ) -> str:
        document = self.library.get(known.id)
        same = replace(document.metadata, retrieved=None) == replace(draft.metadata, retrieved=None)
        if not same or document_id not in (None, known.id):
            raise known.error
        self.library.journal.append(self._recording(document, copy_of))
        return known.id

    def _stored(self, name: str, file: str, draft: Draft) -> Entry:
        """The line of ``draft`` as a new document, its file written; it reads back as itself."""
        try:
            content = markdown.dump(draft.metadata, draft.text)
        except ValueError as error:
            raise DocumentError(
                f"{draft.source}: cannot be stored as it is ({error}); save it as plain text"
            ) from error
        if len(content) > MAX_BYTES:
            raise InputError(f"{draft.source}: larger than {MAX_BYTES // 1_000_000} MB; split it")
        write_whole(self.library.folder / file, content)
        return Entry(
            self._clock(), self._by, Action.ADDED, name, file=file,
            sha256=sha256(content).hexdigest(), text_sha256=text_sha256(draft.text),
            source=draft.source,
        )  # fmt: skip


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InputError("give a reason; it is what people are told: --reason 'why'")
    return " ".join(reason.split())
