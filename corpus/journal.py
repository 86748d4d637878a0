"""The record of the corpus: what was added, corrected, retracted and erased, and when.

A file of JSON Lines that only grows. Each line holds the SHA-256 of the one before it, so that no
line can be changed, put in or taken out unseen. A line without its line end was being written
when the program died: nobody was told that it is done, and the next write removes it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from corpus.errors import JournalDamaged, StorageError
from corpus.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FIRST = "0" * 64


class Action(StrEnum):
    """What was done to a document."""

    ADDED = "added"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    ``at`` is in UTC, ``by`` whoever did it, ``file`` the stored file's name in the folder of
    documents. ``sha256`` is of that file's bytes and ``text_sha256`` of its text; a retraction
    has neither, an erasure has those of the newest text that was erased. ``source`` is the URL
    or file name that it came from, ``copy_of`` the document that it is a syndicated copy of.
    """

    at: datetime
    by: str
    action: Action
    id: str
    file: str | None = None
    sha256: str | None = None
    text_sha256: str | None = None
    source: str | None = None
    reason: str | None = None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A document's history: ``versions`` are the entries that brought a text, oldest first.

    ``withdrawn`` is the entry that retracted it, or else ``None``; ``erased`` likewise. The files
    of an erased document are to be gone.
    """

    id: str
    versions: tuple[Entry, ...]
    withdrawn: Entry | None = None
    erased: Entry | None = None

    @property
    def newest(self) -> Entry:
        """The version that is current, or was the last."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class _Proved:
    """Whole lines that were read, what they say, and the hash of the last."""

    lines: bytes
    entries: tuple[Entry, ...]
    last: str


class Journal:
    """The journal at ``path``; a missing file is an empty journal.

    What was proved is remembered: as the file only grows, only what is new is read again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._memory = _Proved(b"", (), _FIRST)

    def entries(self) -> tuple[Entry, ...]:
        """Every line, oldest first, the chain proved.

        Raises:
            JournalDamaged: a line is no entry, or does not follow the one before.
            StorageError: the file cannot be read.
        """
        return self._proved().entries

    def records(self) -> dict[str, Record]:
        """Every document that was ever recorded, by id.

        Raises:
            JournalDamaged: see `entries`; or a line speaks of a document that was never added.
            StorageError: the file cannot be read.
        """
        return folded(self.entries(), self.path)

    def append(self, *entries: Entry) -> None:
        """Write lines and make them last; the caller holds the corpus's lock.

        After a line that was cut short nothing of it stays.

        Raises:
            JournalDamaged: the lines that are there do not hold together.
            StorageError: the file cannot be written.
        """
        proved = self._proved()
        previous, whole = proved.last, len(proved.lines)
        added = []
        for entry in entries:
            added.append(_line(entry, previous))
            previous = sha256(added[-1]).hexdigest()
        try:
            is_new = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                os.ftruncate(descriptor, whole)
                _write_all(descriptor, b"".join(line + b"\n" for line in added), whole)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be written ({error.strerror or error}); make room there"
            ) from error

    def _proved(self) -> _Proved:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        except OSError as error:
            raise StorageError(f"{self.path} cannot be read ({error.strerror})") from error
        lines = content[: content.rfind(b"\n") + 1]
        known = self._memory if lines.startswith(self._memory.lines) else _Proved(b"", (), _FIRST)
        found, previous = list(known.entries), known.last
        for line in lines[len(known.lines) :].split(b"\n")[:-1]:
            found.append(self._entry(len(found) + 1, line, previous))
            previous = sha256(line).hexdigest()
        self._memory = _Proved(lines, tuple(found), previous)
        return self._memory

    def _entry(self, number: int, line: bytes, previous: str) -> Entry:
        try:
            values = json.loads(line)
            if values.pop("previous") != previous:
                raise JournalDamaged(
                    f"{self.path}: line {number} does not follow the line before it, so one of "
                    "them was altered; put the file back from a backup ('metquote restore')"
                )
            values["at"] = datetime.fromisoformat(values["at"])
            values["action"] = Action(values["action"])
            entry = Entry(**values)
            _check(entry)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise JournalDamaged(
                f"{self.path}: line {number} is no entry; put the file back from a backup "
                "('metquote restore')"
            ) from error
        return entry


def _check(entry: Entry) -> None:
    """See that an entry has the types of one, and names no file in another folder.

    Raises:
        TypeError: a value is of another type.
        ValueError: the id or the file's name leads elsewhere.
    """
    texts = (getattr(entry, field.name) for field in fields(entry) if field.name != "at")
    if not all(one is None or isinstance(one, str) for one in texts):
        raise TypeError("every value of an entry is a text")
    for name in (entry.id, "x" if entry.file is None else entry.file):
        if not name or name.startswith(".") or "/" in name or "\0" in name:
            raise ValueError(f"{name!a} is no plain name")


def folded(entries: Iterable[Entry], path: Path) -> dict[str, Record]:
    """The histories that ``entries`` tell, by id; ``path`` names the journal in errors.

    Raises:
        JournalDamaged: a document was added twice, or never and changed all the same.
    """
    records: dict[str, Record] = {}
    for entry in entries:
        known = records.get(entry.id)
        if entry.action is Action.ADDED and (known is None or known.erased):
            records[entry.id] = Record(entry.id, (entry,))
        elif known is None or entry.action is Action.ADDED:
            problem = "twice" if known else f"never, and {entry.action} all the same"
            raise JournalDamaged(f"{path}: {entry.id} was added {problem}")
        elif entry.action is Action.CORRECTED:
            records[entry.id] = replace(known, versions=(*known.versions, entry))
        elif entry.action is Action.RETRACTED:
            records[entry.id] = replace(known, withdrawn=entry)
        else:
            records[entry.id] = replace(known, erased=entry)
    return records


def _line(entry: Entry, previous: str) -> bytes:
    """An entry's line, without its line end; what is unknown is left out."""
    values: dict[str, Any] = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="seconds"), "by": entry.by,
        "action": entry.action.value, "id": entry.id, "file": entry.file, "sha256": entry.sha256,
        "text_sha256": entry.text_sha256, "source": entry.source, "reason": entry.reason,
        "copy_of": entry.copy_of,
    }  # fmt: skip
    known = {key: value for key, value in values.items() if value is not None}
    return json.dumps({**known, "previous": previous}).encode("ascii")


def _write_all(descriptor: int, content: bytes, offset: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, offset)
        content, offset = content[written:], offset + written
