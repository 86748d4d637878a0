"""A corpus whose journal is written line by line, as commands would write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.formats import markdown
from corpus.journal import Action, Entry, Journal
from corpus.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class History:
    """The corpus in ``folder``. Every line is of `WHEN`, or of the day that is given."""

    folder: Path

    @property
    def library(self) -> Library:
        return Library(self.folder)

    @property
    def journal(self) -> Journal:
        return self.library.journal

    def add(self, name: str, text: str, *, front: str = "kind: news", day: int = 1) -> Document:
        return self._store(Action.ADDED, name, f"{name}.md", text, front, day, None)

    def correct(
        self, name: str, text: str, reason: str, *, front: str = "kind: news", day: int = 2
    ) -> Document:
        number = len(self.journal.records()[name].versions) + 1
        file = f"{name}@{number}.md"
        return self._store(Action.CORRECTED, name, file, text, front, day, reason)

    def retract(self, name: str, reason: str, *, day: int = 3) -> None:
        self.journal.append(Entry(_at(day), "test", Action.RETRACTED, name, reason=reason))

    def erase(self, name: str, reason: str, *, day: int = 4) -> None:
        record = self.journal.records()[name]
        self.journal.append(
            Entry(
                _at(day),
                "test",
                Action.ERASED,
                name,
                text_sha256=record.newest.text_sha256,
                reason=reason,
            )
        )
        for version in record.versions:
            (self.folder / (version.file or "")).unlink()

    def _store(
        self,
        action: Action,
        name: str,
        file: str,
        text: str,
        front: str,
        day: int,
        reason: str | None,
    ) -> Document:
        content = f"---\n{front}\n---\n{text}\n".encode()
        document = markdown.parse(name, content)
        (self.folder / file).write_bytes(content)
        self.journal.append(
            Entry(
                _at(day),
                "test",
                action,
                name,
                file,
                sha256(content).hexdigest(),
                document.sha256,
                reason=reason,
            )
        )
        return document


def _at(day: int) -> datetime:
    return WHEN.replace(day=day)
