"""The index brought up to date after the corpus has changed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from bot.service import Service
from bot.terminal.console import BuildProgress, console
from bot.terminal.index_screen import print_built, print_refused
from corpus.errors import SnapshotError
from index.snapshot import is_current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.config import Settings
    from corpus.document import Document


def update_index(settings: Settings) -> None:
    """Build the index of the corpus as it is now.

    Raises:
        MetquoteError: it cannot be built.
    """
    with closing(Service(settings)) as service:
        _build(service)


def is_behind(settings: Settings) -> bool:
    """Whether there is an index, and it is not of the documents as they are now.

    So it is after a command that was killed before it came to the index.

    Raises:
        StorageError: the documents cannot be read.
    """
    with closing(Service(settings)) as service:
        try:
            manifest = service.store.manifest(service.store.current())
        except SnapshotError:
            # Whoever is the first to need one builds it.
            return False
        return not is_current(manifest, service.library)


def forget_texts(
    settings: Settings, erased: Iterable[str], documents: Iterable[Document] = ()
) -> None:
    """Build the index without erased texts, and see that they are in no older one and no cache.

    They go even where the index cannot be built. ``erased`` are the hex SHA-256 of the texts,
    ``documents`` those of them that are at hand.

    Raises:
        MetquoteError: the index cannot be built, or a text cannot be removed.
    """
    with closing(Service(settings)) as service:
        try:
            _build(service)
        finally:
            service.purge(erased, documents)


def _build(service: Service) -> None:
    if not service.library.read().documents:
        console().print("no document is left to answer from; add one with 'metquote corpus add'")
        return
    with BuildProgress() as progress:
        built = service.build(progress)
    print_refused(built.refused)
    print_built(built)
