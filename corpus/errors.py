"""Every exception metquote raises on purpose.

    MetquoteError                 anything below; its message is for a person
    ├── InputError                what the user typed is wrong                (exit 2)
    │   └── AlreadyKnown          the same text is in the corpus, or was
    ├── ConfigError               config.toml or METQUOTE_* is wrong          (exit 2)
    ├── DocumentError             one document cannot be read, by name        (exit 2)
    ├── ModelError                a model of ours is missing or altered       (exit 1)
    │   └── ModelUnusable         what a setting names is no model for it     (exit 2)
    ├── SnapshotError             the index on disk cannot be used            (exit 1)
    │   ├── SnapshotMissing       there is none yet
    │   └── SnapshotDamaged       a file is missing, cut short or altered
    ├── FetchError                a page or feed cannot be had                (exit 1)
    └── StorageError              a folder of ours cannot be written or read  (exit 1)
        └── JournalDamaged        the record of the corpus was altered

Each message says what is wrong and what to do about it, in one sentence or two. Errors of
libraries are translated where they are caught; none of them reaches a caller.
"""

from __future__ import annotations


class MetquoteError(Exception):
    """Root of the tree; ``exit_status`` is what the terminal returns for it."""

    exit_status = 1


class InputError(MetquoteError):
    """What the user typed cannot be used as it stands."""

    exit_status = 2


class AlreadyKnown(InputError):
    """The same text is in the corpus, or was.

    ``id`` is the document that has it, ``status`` what became of it there: ``current``,
    ``unrecorded``, ``corrected``, ``retracted`` or ``erased``.
    """

    def __init__(self, message: str, *, id: str, status: str) -> None:  # noqa: A002 - the field's name
        super().__init__(message)
        self.id, self.status = id, status


class ConfigError(MetquoteError):
    """A setting is unknown, of the wrong kind, or out of range."""

    exit_status = 2


class DocumentError(MetquoteError):
    """One document of the corpus cannot be read; the message names it."""

    exit_status = 2


class ModelError(MetquoteError):
    """A model is missing, altered, or its export does not say what it says itself."""


class ModelUnusable(ModelError):
    """What a setting names is nowhere to be found, or no model of the kind that is asked."""

    exit_status = 2


class SnapshotError(MetquoteError):
    """The index on disk cannot be used."""


class SnapshotMissing(SnapshotError):
    """No index has been built yet."""


class SnapshotDamaged(SnapshotError):
    """A file of the index is missing, cut short, altered, or of another version."""


class FetchError(MetquoteError):
    """A page or a feed cannot be had; trying later may help.

    ``status`` is what its server answered, where it did. ``retry_after`` is how many seconds it
    asked to be left alone.
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class StorageError(MetquoteError):
    """A folder of ours cannot be written or read."""


class JournalDamaged(StorageError):
    """The journal of the corpus does not hold together."""
