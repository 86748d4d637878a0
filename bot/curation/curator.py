"""Who writes the corpus, and where: a copy of one's own of what came with the program."""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.curator import Curator
from corpus.errors import StorageError
from corpus.files import FileLock, make_folder, sync_folder, write_whole
from corpus.library import PURPOSE, Library, lock_path

if TYPE_CHECKING:
    from bot.config import Settings

_WORKING = ".corpus-"


def curator(settings: Settings, by: str | None = None) -> Curator:
    """The curator of the configured corpus, which is there to be written to.

    Where no folder is configured the documents that come with the program are copied, with their
    journal, to the data folder first; from then on `Settings.documents` is that copy. ``by`` goes
    into the journal, by default the name of the user who runs the program.

    Raises:
        StorageError: the data folder cannot be written.
    """
    if not settings.paths.documents:
        _copied(settings)
    return Curator(
        Library(settings.documents if settings.paths.documents else settings.own_documents),
        by=by or user(),
        clock=lambda: datetime.now(UTC),
    )


def user() -> str:
    """Who runs the program, as the system calls them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in a container
        return f"user {os.getuid()}"


def _copied(settings: Settings) -> None:
    """The packaged corpus at its own place below the data folder, whole or not at all."""
    own = Library(settings.own_documents)
    if settings.has_own_documents:
        return
    with FileLock(settings.data / "corpus.lock", purpose="the first change of the corpus"):
        try:
            for left in settings.data.glob(f"{_WORKING}*"):  # by a process that was killed
                shutil.rmtree(left)
            working = Path(tempfile.mkdtemp(prefix=_WORKING, dir=settings.data))
            working.chmod(0o755)
            packaged = Library(settings.packaged_documents)
            for path in sorted(packaged.folder.glob("*.md")):
                write_whole(working / path.name, path.read_bytes())
            make_folder(own.folder.parent)
            # A restore may go on there.
            with FileLock(lock_path(own), purpose=PURPOSE):
                if not settings.has_own_documents:
                    if packaged.journal.path.exists():
                        write_whole(own.journal.path, packaged.journal.path.read_bytes())
                    # Without documents a journal is nothing: this is the commit.
                    working.rename(own.folder)
                    sync_folder(own.folder.parent)
            if working.exists():  # a restore was first
                shutil.rmtree(working)
        except OSError as error:
            raise StorageError(
                f"{settings.data} cannot be written ({error.strerror or error}); make room or set "
                "paths.data in config.toml"
            ) from error
