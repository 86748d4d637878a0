"""What the commands about the index print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.pages import SCHEMA, json_line
from bot.terminal.console import console, print_plainly
from corpus.errors import SnapshotError
from index.opened import OpenSnapshot
from index.snapshot import is_current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.service import Service
    from corpus.errors import DocumentError
    from index.build import Built


def print_refused(refused: Sequence[DocumentError]) -> None:
    """A line on standard error for each document that was left out."""
    for error in refused:
        print(f"metquote: left out {error}", file=sys.stderr)  # noqa: T201 - the terminal


def print_built(built: Built) -> None:
    """What a build left."""
    manifest = built.manifest
    console().print(
        f"{'built' if built.is_new else 'up to date:'} index {manifest.id} of {manifest.documents} "
        f"documents in {manifest.passages} passages"
    )


def status_of(service: Service) -> dict[str, Any]:
    """Which index is in use, and whether it is of the documents as they are now."""
    values: dict[str, Any] = {"schema": SCHEMA, "data": str(service.store.data)}
    try:
        manifest = service.store.manifest(service.store.current())
        service.store.check(manifest)
        values |= {
            "index": manifest.id, "documents": manifest.documents, "passages": manifest.passages,
            "model": manifest.model, "bytes": sum(size for size, _ in manifest.files.values()),
            "state": "current" if is_current(manifest, service.library) else "out of date",
        }  # fmt: skip
    except SnapshotError as error:
        values |= {"index": None, "state": str(error)}
    return values


def print_status(service: Service, *, as_json: bool) -> None:
    """Which index is in use. A missing or damaged one is an honest answer, not a failure."""
    values = status_of(service)
    if as_json:
        _print_json(values)
        return
    for name, value in values.items():
        if name != "schema" and value is not None:
            shown = f"{value:,}" if isinstance(value, int) else value
            print_plainly(console(), f"{name:<11}{shown}")


def verify(service: Service) -> None:
    """Check the index in use, every byte of it.

    Raises:
        SnapshotError: it is missing or damaged; the message says how.
    """
    manifest = service.store.manifest(service.store.current())
    service.store.check(manifest, fully=True)
    opened = OpenSnapshot(service.store, manifest.id, service.settings.answer)
    try:
        for document_id in opened.catalogue.document_ids():
            opened.document(document_id)
    finally:
        opened.close()
    console().print(
        f"index {manifest.id} is whole: {len(manifest.files)} files, every byte checked"
    )


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json_line(value))
