"""What a snapshot is made of, written beside its files and sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from corpus.errors import SnapshotDamaged, SnapshotMissing

if TYPE_CHECKING:
    from pathlib import Path

# Raised whenever what is written changes shape or meaning, or what is found in a document does:
# another version is refused, and what one of the same version holds is taken over.
SCHEMA = 4
REBUILD = "run 'metquote index build'"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of. ``files`` maps a relative path to (length, sha256)."""

    id: str
    library: str
    model: str
    documents: int
    passages: int
    files: dict[str, tuple[int, str]]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the snapshot in ``folder``.

    Raises:
        SnapshotMissing: there is no such snapshot.
        SnapshotDamaged: the manifest is damaged or of another version.
    """
    try:
        values = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError as error:
        raise SnapshotMissing(f"the index {folder.name} is gone; {REBUILD}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise SnapshotDamaged(f"the manifest of the index is damaged; {REBUILD}") from error
    return _manifest(values, folder.name)


def _manifest(values: Any, snapshot_id: str) -> Manifest:  # noqa: ANN401 - JSON
    if not isinstance(values, dict) or values.get("schema") != SCHEMA:
        found = values.get("schema") if isinstance(values, dict) else None
        raise SnapshotDamaged(
            f"the index was written by another version (schema {found}, not {SCHEMA}); {REBUILD}"
        )
    try:
        files = {name: (int(size), str(digest)) for name, (size, digest) in values["files"].items()}
        manifest = Manifest(
            values["id"],
            values["library"],
            values["model"],
            int(values["documents"]),
            int(values["passages"]),
            files,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SnapshotDamaged(f"the manifest of the index is damaged; {REBUILD}") from error
    if values.get("sha256") != _seal(values):
        raise SnapshotDamaged(f"the manifest of the index has been altered; {REBUILD}")
    if manifest.id != snapshot_id:
        raise SnapshotDamaged(f"the manifest belongs to another index; {REBUILD}")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` to ``folder``, sealed.

    Raises:
        OSError: it cannot be written.
    """
    values = {
        "schema": SCHEMA,
        "id": manifest.id,
        "library": manifest.library,
        "model": manifest.model,
        "documents": manifest.documents,
        "passages": manifest.passages,
        "files": manifest.files,
    }
    values["sha256"] = _seal(values)
    (folder / "manifest.json").write_text(json.dumps(values, indent=1) + "\n", "utf-8")


def _seal(values: dict[str, Any]) -> str:
    """The hex SHA-256 of a manifest's values, itself left out."""
    sealed = {key: value for key, value in values.items() if key != "sha256"}
    return sha256(json.dumps(sealed, sort_keys=True).encode()).hexdigest()
