"""The folder of documents, read with the journal that says which of them stand."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.document import PartialDate, Status, StatusKind
from corpus.errors import DocumentError, InputError, StorageError
from corpus.journal import Journal
from corpus.swap import is_unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.document import Document
    from corpus.journal import Entry, Record

# Describes the folder to people; it is no document.
_README = "README.md"
# Far beyond any announcement: whoever stored more stored the wrong file.
MAX_BYTES = 20_000_000
# Between a document's id and the number of a version.
VERSION = "@"
# What whoever changes a library has its lock for.
PURPOSE = "a change of the corpus"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds, each part in order of id.

    ``documents`` are current. ``withdrawn`` are those that no longer are: earlier versions, whose
    id ends in ``@1``, ``@2``…, and retracted ones; erased ones are nowhere. ``unrecorded`` are the
    ids of current documents that were put into the folder by hand. ``refused`` says of each other
    file why it cannot be used.
    """

    documents: tuple[Document, ...]
    refused: tuple[DocumentError, ...]
    withdrawn: tuple[Document, ...] = ()
    unrecorded: tuple[str, ...] = ()

    @property
    def texts(self) -> frozenset[str]:
        """The hex SHA-256 of every text that a document has, current or withdrawn."""
        return frozenset(one.sha256 for one in (*self.documents, *self.withdrawn))


class Library:
    """The documents of one folder: every ``*.md`` but its README; the id is the file's stem.

    The journal lies beside the folder. A file that it does not know is a document all the same;
    one that differs from what it recorded is refused.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = Journal(folder.parent / "journal.jsonl")

    def read(self) -> Reading:
        """Read all documents; a malformed one does not stop the others.

        Raises:
            JournalDamaged: the journal does not hold together.
            StorageError: the folder is missing or cannot be listed.
        """
        records = self.journal.records()
        recorded = {entry.file for record in records.values() for entry in record.versions}
        documents: list[Document] = []
        withdrawn: list[Document] = []
        refused: list[DocumentError] = []
        unrecorded: list[str] = []
        for path in self.paths():
            if path.name in recorded:
                continue
            try:
                documents.append(self._unrecorded(path))
                unrecorded.append(path.stem)
            except DocumentError as error:
                refused.append(error)
        for record in records.values():
            for number in range(1, len(record.versions) + 1):
                try:
                    document = self._version(record, number)
                except DocumentError as error:
                    refused.append(error)
                    continue
                if document is not None:
                    is_current = document.status.kind is StatusKind.CURRENT
                    (documents if is_current else withdrawn).append(document)
        return Reading(
            tuple(sorted(documents, key=lambda document: document.id)),
            tuple(sorted(refused, key=str)),
            tuple(sorted(withdrawn, key=lambda document: document.id)),
            tuple(unrecorded),
        )

    def get(self, document_id: str) -> Document:
        """Read one document; ``ID@1`` is the first version of one that was corrected.

        Raises:
            InputError: there is none of this id; close ids are named.
            DocumentError: it is malformed, or not what was recorded.
            JournalDamaged: the journal does not hold together.
            StorageError: the folder cannot be listed.
        """
        records = self.journal.records()
        name, _, number = document_id.partition(VERSION)
        record = records.get(name)
        if record is not None and record.erased:
            when = record.erased.at.date().isoformat()
            raise InputError(f"{name} was erased on {when} ({record.erased.reason})")
        if record is not None and (not number or number.isdecimal()):
            wanted = int(number) if number else len(record.versions)
            if 1 <= wanted <= len(record.versions):
                found = self._version(record, wanted)
                if found is not None:
                    return found
        paths = {path.stem: path for path in self.paths()}
        if document_id not in paths or VERSION in document_id:
            near = get_close_matches(document_id, {*paths, *records}, n=1)
            hint = f", perhaps {near[0]!r} was meant" if near else ""
            raise InputError(
                f"no document {document_id!r}{hint}; 'metquote corpus list' shows the ids there are"
            )
        return self._unrecorded(paths[document_id])

    def fingerprint(self) -> str:
        """A hex SHA-256 over the journal and every file's name and bytes.

        It changes when any document does. A file that cannot be read counts by its name and the
        reason.

        Raises:
            StorageError: the folder cannot be listed.
        """
        digest = sha256()
        for path in (self.journal.path, *self.paths()):
            try:
                content = _bytes(path)
            except StorageError as error:
                content = str(error).encode("utf-8", "surrogateescape")
            digest.update(os.fsencode(path.name) + b"\0" + sha256(content).digest())
        return digest.hexdigest()

    def _unrecorded(self, path: Path) -> Document:
        if VERSION in path.stem:
            raise DocumentError(
                f"{path.stem}: a version that was never recorded, left by a correction that was "
                "interrupted; correct the document again or remove the file"
            )
        return _parsed(path.stem, path, None)

    def _version(self, record: Record, number: int) -> Document | None:
        """Version ``number``, counted from 1, of a recorded document; ``None`` of an erased one."""
        if record.erased:
            return None
        entry = record.versions[number - 1]
        is_newest = number == len(record.versions)
        name = record.id if is_newest else f"{record.id}{VERSION}{number}"
        document = _parsed(name, self.folder / (entry.file or ""), entry)
        if is_newest and record.withdrawn is None:
            return document
        change = record.withdrawn if is_newest else record.versions[number]
        return replace(document, status=status_of(document, entry, change, is_newest=is_newest))

    def paths(self) -> Iterator[Path]:
        """Every file that is to be a document, in order of name.

        Raises:
            StorageError: the folder cannot be listed, or is being exchanged for another.
        """
        if is_unfinished(self.folder):
            raise StorageError(
                f"a restore of {self.folder.parent} is going on or was interrupted; run "
                "'metquote corpus check', which finishes it"
            )
        try:
            names = sorted(
                name
                for name in os.listdir(self.folder)  # noqa: PTH208 - a Path each costs a tenth
                if is_document(name)
            )
        except OSError as error:
            raise StorageError(
                f"the documents folder {self.folder} cannot be read ({error.strerror}); "
                "set paths.documents in config.toml"
            ) from error
        return (self.folder / name for name in names)


def lock_path(library: Library) -> Path:
    """The file that whoever changes ``library`` has locked."""
    return library.folder.parent / "journal.lock"


def is_document(name: str) -> bool:
    """Whether a file of this name is to be a document."""
    return name.endswith(".md") and name != _README and not name.startswith(".")


def status_of(document: Document, entry: Entry, change: Entry | None, *, is_newest: bool) -> Status:
    """What became of a version of ``document`` that ``entry`` brought and ``change`` withdrew.

    Raises:
        ValueError: nothing withdrew it.
    """
    recorded = entry.at.date()
    version = document.metadata.published or PartialDate(
        recorded.year, recorded.month, recorded.day
    )
    if change is None:
        raise ValueError("a withdrawn version has an entry that withdrew it")
    return Status(
        StatusKind.RETRACTED if is_newest else StatusKind.CORRECTED,
        version,
        change.at.date(),
        change.reason,
        None if is_newest else entry.id,
    )


def _parsed(name: str, path: Path, entry: Entry | None) -> Document:
    """The document in ``path``, held against what ``entry`` recorded of it."""
    from corpus.formats import markdown  # noqa: PLC0415 - YAML; questions need no document read

    try:
        path.stem.encode()
        content = _bytes(path)
    except UnicodeEncodeError as error:
        raise DocumentError(f"{path.stem!a}: the file's name is not UTF-8; rename it") from error
    except StorageError as error:
        raise DocumentError(f"{error}{'' if entry is None else _remedy(entry)}") from error
    if entry is not None and sha256(content).hexdigest() != entry.sha256:
        raise DocumentError(
            f"{name}: its file {path.name} was altered since it was recorded on "
            f"{entry.at.date().isoformat()}{_remedy(entry)}"
        )
    return markdown.parse(name, content)


def _remedy(entry: Entry) -> str:
    return (
        f"; put {entry.file} back from a backup, or else 'metquote corpus erase {entry.id}' and "
        "add its text anew"
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StorageError(f"{path.stem}: larger than {MAX_BYTES // 1_000_000} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path.stem}: cannot be read ({error.strerror})") from error
