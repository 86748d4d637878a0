"""``metquote backup`` and ``restore``: corpus, journal and the bot's state as one archive."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import erasures, leftovers, swap
from corpus.archive import Proved, pack, unpack
from corpus.check import check
from corpus.errors import InputError, JournalDamaged, StorageError
from corpus.files import FileLock, sync_folder
from corpus.library import PURPOSE, Library, lock_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.config import Settings

STATE = "state.sqlite"
ASIDE = "corpus.before-restore-"
STAGING = ".restore-proving-"
_PATIENCE_SECONDS = 60.0
# What the feeds have brought; `bot.curation.syncing` keeps it.
MEMORY = "feeds.sqlite"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore left.

    The old corpus and state lie ``aside``. ``erased`` are the ids that were erased from the new
    corpus, since they were erased from the old one; if the old journal was ``unreadable``, nobody
    can tell which those are.
    """

    aside: tuple[Path, ...]
    erased: tuple[str, ...]
    unreadable: str | None = None


def back_up(settings: Settings, file: Path) -> Proved:
    """Write an archive to ``file``, which is not there yet; it is read again and proved.

    Raises:
        InputError: there is such a file, or the corpus does not fit its journal.
        StorageError: something cannot be read or written.
    """
    if file.exists():
        raise InputError(f"{file} is there already; give another name")
    library = Library(settings.documents)
    made = datetime.now(UTC)
    with (
        _told(file.parent),
        tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as name,
    ):
        working = Path(name)
        others = _state_copied(settings, working / STATE)
        with (working / "archive").open("xb") as stream:
            with _reading(settings, library):
                _whole(library)
                pack(stream, library, others, made=made)
            stream.flush()
            os.fsync(stream.fileno())
        (working / "proved").mkdir()
        proved = unpack(working / "archive", working / "proved", [STATE])
        _check_state(working / "proved" / STATE)
        os.link(working / "archive", file)
        sync_folder(file.parent)
    return proved


@contextmanager
def proved(settings: Settings, file: Path) -> Iterator[tuple[Proved, Path]]:
    """An archive taken apart in a folder beside the corpus, all of it proved; then the folder goes.

    Raises:
        InputError: it cannot be read, or is no whole archive of ours.
        StorageError: the folder cannot be written.
    """
    if not file.is_file():
        raise InputError(f"{file} is no file; give one that 'metquote backup' wrote")
    parent = _library(settings).folder.parent
    with _told(parent):
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{STAGING}*"):  # by a process that was killed
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=parent))
        try:
            folder.chmod(0o755)
            found = unpack(file, folder, [STATE])
            _check_state(folder / STATE)
            yield found, folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def restore(
    settings: Settings, folder: Path, *, by: str, clock: Callable[[], datetime]
) -> Restored:
    """Put what lies `proved` in ``folder`` in the place of the corpus and the state there are.

    What was erased since the archive was made is erased from it first. The old corpus is kept
    beside the new one, and the old state beside the new state.

    Raises:
        StorageError: something cannot be written; then the corpus is as it was. The state is
            exchanged first: the old one lies beside it.
    """
    library = _library(settings)
    stamp = f"{clock():%Y-%m-%d-%H%M%S}"
    with (
        FileLock(lock_path(library), purpose=PURPOSE, patience=_PATIENCE_SECONDS),
        _told(library.folder.parent),
    ):
        swap.finish(library)
        erased, unreadable = _erased_again(library, folder, by=by, clock=clock)
        # It would pass over what the restored corpus does not have.
        for path in settings.data.glob(f"{MEMORY}*"):
            path.unlink()
        # First, as somebody else may have it open: then nothing is changed.
        state = folder / STATE
        kept = None
        if state.exists():
            kept = _replaced_state(settings.data / STATE, state, stamp)
            state.unlink()
        before = swap.commit(library, folder, aside=f"{ASIDE}{stamp}")
    aside = tuple(path for path in (before, kept) if path is not None)
    return Restored(aside, erased, unreadable)


def keeps_state(settings: Settings) -> bool:
    """Whether the bot's state is a file of ours, and not in a database of somebody else's."""
    return not settings.state.url


def _library(settings: Settings) -> Library:
    """The corpus that a restore replaces; never the one that comes with the program."""
    configured = settings.documents if settings.paths.documents else settings.own_documents
    return Library(configured)


@contextmanager
def _reading(settings: Settings, library: Library) -> Iterator[None]:
    """Nobody writes to ``library`` meanwhile; nobody ever does to the one that is packaged."""
    if library.folder == settings.packaged_documents:
        yield
        return
    with FileLock(lock_path(library), purpose=PURPOSE, patience=_PATIENCE_SECONDS):
        swap.finish(library)
        leftovers.swept(library)
        yield


def _whole(library: Library) -> None:
    """See that there is nothing wrong with what is to be packed, before that takes its time."""
    problems = check(library).problems
    if problems:
        raise InputError(
            f"the corpus is not as its journal says, and is not backed up so: {problems[0]} "
            "('metquote corpus check' names all)"
        )


def _erased_again(
    old: Library, folder: Path, *, by: str, clock: Callable[[], datetime]
) -> tuple[tuple[str, ...], str | None]:
    """Erase from the corpus in ``folder`` what was erased from ``old``.

    Returns:
        The ids; and why the old journal cannot be read, if it cannot.
    """
    try:
        old.journal.records()
    except JournalDamaged as error:
        # A reason to restore, and no reason not to.
        return (), str(error)
    new = Library(folder / swap.DOCUMENTS)
    erased = erasures.repeat(old, new, by=by, clock=clock)
    lock_path(new).unlink(missing_ok=True)
    return erased, None


def _state_copied(settings: Settings, target: Path) -> dict[str, Path]:
    """The bot's state as it is at this moment, in one file, if there is any of ours."""
    source = settings.data / STATE
    if not keeps_state(settings) or not source.is_file():
        return {}
    _copy_database(source, target)
    return {STATE: target}


def _replaced_state(live: Path, new: Path, stamp: str) -> Path | None:
    """Put the state ``new`` in the place of ``live``, whoever has it open; where the old lies."""
    live.parent.mkdir(parents=True, exist_ok=True)
    kept = None
    if live.is_file():
        kept = live.parent / f"state.before-restore-{stamp}.sqlite"
        _copy_database(live, kept)
    _copy_database(new, live)
    return kept


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own copy, consistent while others write, and one transaction for who reads."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=_PATIENCE_SECONDS)) as old,
            closing(sqlite3.connect(target, timeout=_PATIENCE_SECONDS)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise StorageError(
            f"{source} cannot be copied to {target} ({error}); stop the bot and try again"
        ) from error


def _check_state(path: Path) -> None:
    """See that a state is a whole database, if there is one."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as store:
            (found,) = store.execute("PRAGMA integrity_check").fetchone()
            # One file again, without a log beside it.
            store.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise InputError(f"the bot's state in the archive cannot be read ({error})") from error
    if found != "ok":
        raise InputError(f"the bot's state in the archive is damaged ({found})")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Errors of the system as sentences."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else str(folder)
        raise StorageError(
            f"{where} cannot be read or written ({error.strerror or error}); make room there, or "
            "name another place"
        ) from error
