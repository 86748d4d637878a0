"""A corpus, its journal and what else belongs to it as one archive, every byte of it summed.

A plain tar file: ``journal.jsonl``, ``documents/*.md``, other files, and at its end
``manifest.json`` with the length and the SHA-256 of each. One that was cut short has no manifest.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from typing import IO, TYPE_CHECKING, Any

from corpus.check import check
from corpus.errors import InputError
from corpus.library import MAX_BYTES, Library
from corpus.swap import DOCUMENTS, JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpus.check import Report

_SCHEMA = 1
_MANIFEST = "manifest.json"
_MAX_MANIFEST_BYTES = 500_000_000
_DOCUMENT = re.compile(rf"{DOCUMENTS}/[^./\0][^/\0]{{0,250}}\.md")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Proved:
    """What an archive holds: ``made`` when, ``report`` on its corpus, the names of other files."""

    made: datetime
    report: Report
    others: tuple[str, ...]


def pack(
    stream: IO[bytes], library: Library, others: Mapping[str, Path], *, made: datetime
) -> None:
    """Write the archive of ``library`` and of ``others``, files by their names in it.

    The caller holds the corpus's lock.

    Raises:
        OSError: a file cannot be read, or the archive cannot be written.
    """
    files: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in _members(library, others):
            with path.open("rb") as member:
                digest = file_digest(member, "sha256").hexdigest()
                size = member.tell()
                member.seek(0)
                archive.addfile(_described(name, size, made), member)
            files[name] = (size, digest)
        values: dict[str, Any] = {
            "schema": _SCHEMA,
            "made": made.isoformat(timespec="seconds"),
            "files": files,
        }
        values["sha256"] = _seal(values)
        content = json.dumps(values, indent=1).encode("ascii")
        archive.addfile(_described(_MANIFEST, len(content), made), io.BytesIO(content))


def unpack(path: Path, into: Path, others: Iterable[str]) -> Proved:
    """Take an archive apart into the empty folder ``into``, and prove all of it.

    ``others`` are the names of files that may be in it beside the corpus.

    Raises:
        InputError: it is no archive of ours, was cut short or altered, holds what none of ours
            does, or its corpus does not fit its journal.
        OSError: ``into`` cannot be written.
    """
    allowed = frozenset(others)
    (into / DOCUMENTS).mkdir()
    found: dict[str, tuple[int, str]] = {}
    try:
        with path.open("rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            content = b""
            for member in archive:
                taken = _opened(path, archive, member, allowed)
                if member.name == _MANIFEST:
                    content = taken.read()
                elif member.name in found:
                    raise InputError(
                        f"{path}: {member.name} is in it twice; it is no backup of ours"
                    )
                else:
                    found[member.name] = _written(taken, into / member.name)
    except tarfile.TarError as error:
        raise InputError(f"{path} is no backup of metquote, or was cut short ({error})") from error
    made = _manifest(path, content, found)
    report = check(Library(into / DOCUMENTS))
    if report.problems:
        raise InputError(f"{path}: its corpus does not fit its journal ({report.problems[0]})")
    return Proved(made, report, tuple(sorted(allowed & found.keys())))


def _members(library: Library, others: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    if library.journal.path.exists():
        yield JOURNAL, library.journal.path
    for path in sorted(library.folder.glob("*.md")):
        if not path.name.startswith("."):
            yield f"{DOCUMENTS}/{path.name}", path
    yield from others.items()


def _described(name: str, size: int, made: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(made.timestamp()), 0o644
    return member


def _opened(
    path: Path, archive: tarfile.TarFile, member: tarfile.TarInfo, allowed: frozenset[str]
) -> IO[bytes]:
    """A member's content, if it is one that our archives have."""
    is_document = _DOCUMENT.fullmatch(member.name) is not None
    is_ours = is_document or member.name in allowed or member.name in (JOURNAL, _MANIFEST)
    most = {_MANIFEST: _MAX_MANIFEST_BYTES}.get(member.name, MAX_BYTES if is_document else None)
    content = archive.extractfile(member) if member.isreg() and not member.issparse() else None
    if not is_ours or content is None or (most is not None and member.size > most):
        raise InputError(f"{path}: {member.name[:80]!a} is in it, which is in no backup of ours")
    return content


def _written(content: IO[bytes], target: Path) -> tuple[int, str]:
    digest, size = sha256(), 0
    with target.open("xb") as stream:
        while piece := content.read(_PIECE):
            stream.write(piece)
            digest.update(piece)
            size += len(piece)
        stream.flush()
        os.fsync(stream.fileno())
    return size, digest.hexdigest()


def _manifest(path: Path, content: bytes, found: dict[str, tuple[int, str]]) -> datetime:
    """When the archive was made, if what was found in it is what its manifest says."""
    try:
        values: Any = json.loads(content)
        schema, made = values["schema"], datetime.fromisoformat(values["made"])
        stated = {
            name: (int(size), str(digest)) for name, (size, digest) in values["files"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is no backup of metquote, or was cut short") from error
    if values.get("sha256") != _seal(values):
        raise InputError(f"{path}: its manifest was altered; use another backup")
    if schema != _SCHEMA:
        raise InputError(f"{path} was made by another version of metquote (schema {schema!a})")
    for name in sorted(stated.keys() | found.keys()):
        if stated.get(name) != found.get(name):
            raise InputError(f"{path}: {name[:80]!a} in it was altered; use another backup")
    return made


def _seal(values: Mapping[str, Any]) -> str:
    """The hex SHA-256 of a manifest's values, itself left out."""
    sealed = {key: value for key, value in values.items() if key != "sha256"}
    return sha256(json.dumps(sealed, sort_keys=True).encode("ascii")).hexdigest()
