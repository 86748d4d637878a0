"""A folder of documents with the journal of what was done to them."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.document import text_sha256
from corpus.journal import Action, Entry
from corpus.library import Library

if TYPE_CHECKING:
    from pathlib import Path


class RecordedCorpus:
    """Documents that are added, corrected, retracted and erased, a day after the other."""

    def __init__(self, folder: Path) -> None:
        self.documents = folder / "documents"
        self.documents.mkdir(parents=True)
        self.library = Library(self.documents)
        self._day = 0

    def put(self, name: str, text: str, *front_matter: str) -> None:
        """Put a document there by hand: the journal does not know of it."""
        (self.documents / f"{name}.md").write_bytes(_content(text, front_matter))

    def add(self, name: str, text: str, *front_matter: str, copy_of: str | None = None) -> None:
        self._version(Action.ADDED, name, f"{name}.md", text, front_matter, None, copy_of)

    def correct(self, name: str, text: str, *front_matter: str, reason: str = "a slip") -> None:
        number = len(self.library.journal.records()[name].versions) + 1
        file = f"{name}@{number}.md"
        self._version(Action.CORRECTED, name, file, text, front_matter, reason)

    def retract(self, name: str, reason: str = "in error") -> None:
        self.library.journal.append(
            Entry(self._now(), "test", Action.RETRACTED, name, reason=reason)
        )

    def erase(self, name: str, reason: str = "on request") -> None:
        record = self.library.journal.records()[name]
        self.library.journal.append(
            Entry(
                self._now(), "test", Action.ERASED, name, sha256=record.newest.sha256,
                text_sha256=record.newest.text_sha256, reason=reason,
            )
        )  # fmt: skip
        for version in record.versions:
            (self.documents / (version.file or "")).unlink()

    def _version(
        self,
        action: Action,
        name: str,
        file: str,
        text: str,
        front_matter: tuple[str, ...],
        reason: str | None,
        copy_of: str | None = None,
    ) -> None:
        content = _content(text, front_matter)
        (self.documents / file).write_bytes(content)
        self.library.journal.append(
            Entry(
                self._now(), "test", action, name, file, sha256(content).hexdigest(),
                text_sha256(text), reason=reason, copy_of=copy_of,
            )
        )  # fmt: skip

    def _now(self) -> datetime:
        self._day += 1
        return datetime(2021, 5, self._day, 12, tzinfo=UTC)


def _content(text: str, front_matter: tuple[str, ...]) -> bytes:
    head = "\n".join(("kind: news", *front_matter))
    return f"---\n{head}\n---\n\n{text}\n".encode()
