"""What the user named to be read: files, folders, standard input, addresses."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.draft import MAX_BYTES
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

STANDARD_INPUT = "-"
_WEB = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: the file at ``path``, or the page at ``url``, or standard input."""

    name: str
    path: Path | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The sources that the user named, in order, and why other files were passed over."""

    sources: tuple[Source, ...]
    passed_over: tuple[str, ...] = ()


def named(names: Iterable[str]) -> Named:
    """What ``names`` stand for; a folder for its files, and those of the folders below it.

    In a folder, links and whatever is no file are passed over and named, hidden files and
    folders are passed over. Nothing is read yet.

    Raises:
        InputError: a file or folder is not there, or an address is not of the web.
    """
    sources: list[Source] = []
    passed_over: list[str] = []
    for name in names:
        other = _OTHER_SCHEME.match(name)
        if name == STANDARD_INPUT:
            sources.append(Source("standard input"))
        elif _WEB.match(name):
            sources.append(Source(name, url=name))
        elif other:
            raise InputError(f"{name}: {other[1]} cannot be fetched; give an address of http(s)")
        elif os.path.isdir(name):  # noqa: PTH112 - Path raises where a name is too long
            found, left = _below(Path(name))
            if not found:
                raise InputError(f"{name}: there is no file in this folder to read")
            sources += (Source(shown(path), path=path) for path in found)
            passed_over += left
        else:
            sources.append(Source(shown(Path(name)), path=Path(name)))
    return Named(tuple(sources), tuple(passed_over))


def content_of(path: Path) -> bytes:
    """The bytes of a file; no more is read than may be brought in.

    Raises:
        InputError: it is not there, no file, empty, or too large.
    """
    try:
        # A pipe that nobody writes to would keep whoever opens it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise InputError(f"{shown(path)} cannot be read ({reason})") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError(f"{shown(path)} is no file; give '-' to read from a pipe")
    with os.fdopen(descriptor, "rb") as stream:
        return read_bounded(stream, shown(path))


def read_bounded(stream: BinaryIO, name: str) -> bytes:
    """All of ``stream``, called ``name`` in errors.

    Raises:
        InputError: it cannot be read, is empty, or is too large.
    """
    try:
        content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror})") from error
    if not content:
        raise InputError(f"{name} is empty")
    if len(content) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB; split it")
    return content


def shown(path: Path) -> str:
    """A file's name for people, whatever bytes it is made of."""
    name = str(path)
    return name if name.isprintable() else ascii(name)


def _below(folder: Path) -> tuple[list[Path], list[str]]:
    """The files below ``folder`` in order of path, and why others are passed over."""
    found: list[Path] = []
    left: list[str] = []

    def unreadable(error: OSError) -> None:
        left.append(f"{shown(Path(error.filename))}: cannot be read ({error.strerror})")

    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders.sort()
        for name in [*folders]:
            if name.startswith("."):
                folders.remove(name)
            elif (path := Path(place, name)).is_symlink():
                left.append(f"{shown(path)}: a link, which is not followed")
        for name in sorted(files):
            path = Path(place, name)
            if name.startswith("."):
                continue
            if path.is_symlink():
                left.append(f"{shown(path)}: a link, which is not followed")
            elif path.is_file():
                found.append(path)
            else:
                left.append(f"{shown(path)}: no file")
    return found, left
