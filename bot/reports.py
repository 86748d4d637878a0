"""What the commands about documents and the index print."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from bot.pages import DATE_UNKNOWN, SCHEMA, json_line, label
from bot.terminal import console, print_plainly, visible
from corpus.errors import SnapshotError
from index.opened import OpenSnapshot
from index.snapshot import is_current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.service import Service
    from corpus.document import Document
    from corpus.errors import DocumentError
    from corpus.library import Reading
    from index.build import Built


def print_documents(reading: Reading, *, as_json: bool) -> None:
    """Every document in a table, or a line of JSON each."""
    print_refused(reading.refused)
    out = console()
    if as_json:
        for document in reading.documents:
            _print_json(_described(document))
    elif out.is_terminal:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in ("date", "document"):
            table.add_column(heading, overflow="fold")
        for document in reading.documents:
            name = Text.assemble((document.id, "bold"), "\n", visible(_kind(document)))
            table.add_row(_date(document), name)
        out.print(table)
    else:
        for document in reading.documents:
            sys.stdout.write("\t".join((document.id, _date(document), _kind(document))) + "\n")


def print_document(document: Document, *, as_json: bool) -> None:
    """One document: what it states of itself, then its text, unchanged."""
    if as_json:
        _print_json(_described(document) | {"text": document.text})
        return
    out = console()
    metadata = document.metadata
    known = {
        "document": document.id, "title": metadata.title, "date": _date(document),
        "publisher": metadata.publisher, "author": metadata.author, "url": metadata.url,
        "kind": metadata.kind, "rights": metadata.rights,
        "trimmed": "; ".join(metadata.trimmed) or None, "sha256": document.sha256,
    }  # fmt: skip
    for name, value in known.items():
        if value is not None:
            print_plainly(out, f"{name:<10}{value}")
    print_plainly(out, f"\n{document.text}")


def print_check(reading: Reading) -> bool:
    """Name what cannot be used; whether everything can."""
    print_refused(reading.refused)
    count = len(reading.documents)
    console().print(
        f"{count} document{'s' if count != 1 else ''} can be used, {len(reading.refused)} cannot"
    )
    return not reading.refused


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


def print_status(service: Service, *, as_json: bool) -> None:
    """Which index is in use. A missing or damaged one is an honest answer, not a failure."""
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


def _described(document: Document) -> dict[str, Any]:
    metadata = asdict(document.metadata)
    dates = {
        key: metadata[key] and str(getattr(document.metadata, key))
        for key in ("published", "retrieved")
    }
    return {"schema": SCHEMA, "id": document.id, **metadata, **dates, "sha256": document.sha256}


def _date(document: Document) -> str:
    published = document.metadata.published
    return str(published) if published else DATE_UNKNOWN


def _kind(document: Document) -> str:
    metadata = document.metadata
    return " · ".join(part for part in (metadata.kind, metadata.publisher, label(document)) if part)


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json_line(value))
