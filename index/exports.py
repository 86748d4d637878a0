"""Exported models on disk: each made once, whole or not at all, and told from a damaged one."""

from __future__ import annotations

import json
import shutil
import tempfile
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HASHES = "sha256.json"


def kept(target: Path, names: Sequence[str], make: Callable[[Path], None]) -> Path:
    """The folder ``target`` with the files ``names``, which ``make`` writes if it is not whole.

    Raises:
        StorageError: it cannot be written.
        MetquoteError: what ``make`` raises.
    """
    if _is_whole(target, names):
        return target
    models = target.parent
    try:
        models.mkdir(parents=True, exist_ok=True)
        for left in models.glob(".export-*"):  # by a build that was killed; only one runs
            shutil.rmtree(left, ignore_errors=True)
        working = Path(tempfile.mkdtemp(prefix=".export-", dir=models))
        try:
            make(working)
            seal(working, names)
            shutil.rmtree(target, ignore_errors=True)
            working.rename(target)
        finally:
            shutil.rmtree(working, ignore_errors=True)
    except OSError as error:
        raise StorageError(
            f"a model cannot be written below {models} ({error.strerror or error})"
        ) from error
    return target


def seal(export: Path, names: Sequence[str]) -> None:
    """Keep the hashes of an export's files beside them.

    Snapshots share these files by hard link, so that damage to one is damage to all; without
    the hashes a rebuild would take the damaged file for the model.
    """
    text = json.dumps(_hashes(export, names), indent=1)
    (export / _HASHES).write_text(text + "\n", "utf-8")


def _hashes(export: Path, names: Sequence[str]) -> dict[str, str]:
    hashes = {}
    for name in names:
        with (export / name).open("rb") as stream:
            hashes[name] = file_digest(stream, "sha256").hexdigest()
    return hashes


def _is_whole(export: Path, names: Sequence[str]) -> bool:
    try:
        return bool(json.loads((export / _HASHES).read_text("utf-8")) == _hashes(export, names))
    except (OSError, ValueError, RecursionError):
        return False
