"""The folder of documents."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, InputError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.document import Document

# Describes the folder to people; it is no document.
_README = "README.md"
# Far beyond any announcement: whoever stored more stored the wrong file.
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds: the documents, by id, and why each other file was refused."""

    documents: tuple[Document, ...]
    refused: tuple[DocumentError, ...]


class Library:
    """The documents of one folder: every ``*.md`` but its README; the id is the file's stem."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> Reading:
        """Read all documents, in order of id; a malformed one does not stop the others.

        Raises:
            StorageError: the folder is missing or cannot be listed.
        """
        documents: list[Document] = []
        refused: list[DocumentError] = []
        for path in self._paths():
            try:
                documents.append(self._read_one(path))
            except DocumentError as error:
                refused.append(error)
        return Reading(tuple(documents), tuple(refused))

    def get(self, document_id: str) -> Document:
        """Read one document.

        Raises:
            InputError: there is none of this id; close ids are named.
            DocumentError: it is malformed.
            StorageError: the folder cannot be listed.
        """
        paths = {path.stem: path for path in self._paths()}
        if document_id not in paths:
            near = get_close_matches(document_id, paths, n=1)
            hint = f", perhaps {near[0]!r} was meant" if near else ""
            raise InputError(
                f"no document {document_id!r}{hint}; 'metquote corpus list' shows the ids there are"
            )
        return self._read_one(paths[document_id])

    def fingerprint(self) -> str:
        """A hex SHA-256 over every file's name and bytes: it changes when any document does.

        A file that cannot be read counts by its name and the reason.

        Raises:
            StorageError: the folder cannot be listed.
        """
        digest = sha256()
        for path in self._paths():
            try:
                content = _bytes(path)
            except StorageError as error:
                content = str(error).encode("utf-8", "surrogateescape")
            digest.update(os.fsencode(path.name) + b"\0" + sha256(content).digest())
        return digest.hexdigest()

    def _paths(self) -> Iterator[Path]:
        try:
            names = sorted(
                entry.name
                for entry in self.folder.iterdir()
                if entry.suffix == ".md"
                and entry.name != _README
                and not entry.name.startswith(".")
            )
        except OSError as error:
            raise StorageError(
                f"the documents folder {self.folder} cannot be read ({error.strerror}); "
                "set paths.documents in config.toml"
            ) from error
        return (self.folder / name for name in names)

    def _read_one(self, path: Path) -> Document:
        from corpus.formats import markdown  # noqa: PLC0415 - YAML; questions need no document read

        try:
            path.stem.encode()
            return markdown.parse(path.stem, _bytes(path))
        except UnicodeEncodeError as error:
            raise DocumentError(
                f"{path.stem!a}: the file's name is not UTF-8; rename it"
            ) from error
        except StorageError as error:
            raise DocumentError(str(error)) from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StorageError(f"{path.stem}: larger than {MAX_BYTES // 1_000_000} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path.stem}: cannot be read ({error.strerror})") from error
