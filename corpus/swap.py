"""One corpus put in the place of another, all of it or nothing.

The new one is made beside the old, in a hidden folder, and checked there. Renaming that folder is
the commit: from then on whoever writes next finishes what is left of the exchange. The old corpus
is kept beside the new one.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from corpus.files import sync_folder, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.library import Library

DOCUMENTS, JOURNAL = "documents", "journal.jsonl"
_COMMITTED = ".restore-committed"
_BEFORE, _NAME = "before", "name"


def commit(library: Library, new: Path, *, aside: str) -> Path | None:
    """Put the corpus in the folder ``new`` in the place of ``library``.

    ``new`` lies beside the documents, with `DOCUMENTS` and maybe `JOURNAL` in it, all on disk. The
    caller holds the corpus's lock, here and in `finish`.

    Returns:
        The folder in which the old corpus lies, beside the documents too; ``None`` if there was
        none. It is called ``aside``, with a number behind it where something is called so.

    Raises:
        OSError: it cannot be written.
    """
    parent = library.folder.parent
    finish(library)
    aside = _free(parent, aside)
    write_whole(new / _NAME, aside.encode())
    for below in (new / DOCUMENTS, new):
        sync_folder(below)
    new.rename(parent / _COMMITTED)
    sync_folder(parent)
    finish(library)
    return parent / aside if (parent / aside).is_dir() else None


def is_unfinished(documents: Path) -> bool:
    """Whether the corpus of this folder is half exchanged, so that its parts do not fit."""
    return (documents.parent / _COMMITTED).is_dir()


def finish(library: Library) -> tuple[str, ...]:
    """Do what is left of an exchange; a sentence where there was something to do.

    Every step sees from what is there whether it was done, so that it may be killed anywhere.

    Raises:
        OSError: it cannot be written.
    """
    parent = library.folder.parent
    folder = parent / _COMMITTED
    if not is_unfinished(library.folder):
        return ()
    before = folder / _BEFORE
    if (folder / DOCUMENTS).exists():
        _put_aside(library.folder, before / DOCUMENTS)
        (folder / DOCUMENTS).rename(library.folder)
    if (folder / JOURNAL).exists():
        # Documents of the new corpus are held against the new journal alone: this closes it.
        _kept_copy(library.journal.path, before / JOURNAL)
        (folder / JOURNAL).replace(library.journal.path)
    sync_folder(parent)
    if before.is_dir():
        before.rename(parent / (folder / _NAME).read_text("utf-8"))
        sync_folder(parent)
    shutil.rmtree(folder)
    return ("a restore that was interrupted is done",)


def _free(parent: Path, name: str) -> str:
    """``name``, numbered where something in ``parent`` is called so."""
    names = (name, *(f"{name}-{number}" for number in range(2, 1_000)))
    return next(one for one in names if not (parent / one).exists())


def _put_aside(old: Path, new: Path) -> None:
    if old.exists():
        new.parent.mkdir(exist_ok=True)
        old.rename(new)


def _kept_copy(old: Path, new: Path) -> None:
    if old.exists() and not new.exists():
        new.parent.mkdir(exist_ok=True)
        os.link(old, new)
