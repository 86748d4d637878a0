"""What the commands about documents print."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from bot.pages import DATE_UNKNOWN, SCHEMA, json_line, label, speaker_line
from bot.terminal.console import console, print_plainly, visible
from corpus.document import StatusKind
from corpus.quotations.extract import extract
from index.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.check import Report
    from corpus.document import Document, Span
    from corpus.journal import Record
    from corpus.quotations.types import Quotation


def print_documents(documents: Sequence[Document], *, as_json: bool) -> None:
    """Every document in a table, or a line of JSON each."""
    out = console()
    if as_json:
        for document in documents:
            _print_json(_described(document))
    elif out.is_terminal:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in ("date", "document"):
            table.add_column(heading, overflow="fold")
        for document in documents:
            name = Text.assemble((document.id, "bold"), "\n", visible(_kind(document)))
            if changed := standing(document):
                name.append(f"\n{visible(changed)}", "red")
            table.add_row(_date(document), name)
        out.print(table)
    else:
        for document in documents:
            parts = (document.id, _date(document), _kind(document), standing(document))
            sys.stdout.write("\t".join(part for part in parts if part) + "\n")


def print_document(document: Document, record: Record | None, *, as_json: bool) -> None:
    """One document: what it states of itself, its versions, its quotations, and its text.

    Where it is piped the text stands at the end, unchanged.
    """
    quotations = extract(document.text)
    if as_json:
        _print_json(
            _described(document)
            | {
                "versions": [*_versions(record)],
                "passages": [[one.span.start, one.span.end] for one in passages(document)],
                "quotations": [_quotation(one) for one in quotations],
                "text": document.text,
            }
        )
        return
    out = console()
    for name, value in _stated(document):
        if value is not None:
            print_plainly(out, f"{name:<10}{value}")
    for version in _versions(record):
        reason = f": {version['reason']}" if version["reason"] else ""
        print_plainly(
            out, f"{'history':<10}{version['at']} {version['action']} by {version['by']}{reason}"
        )
    for one in quotations:
        who = speaker_line(one.speaker) if one.speaker else "nobody named"
        places = " ".join(f"{span.start}–{span.end}" for span in one.spans)
        print_plainly(out, f"{'quotation':<10}{places} {who}")
    if not out.is_terminal:
        print_plainly(out, f"\n{document.text}")
        return
    out.print()
    spoken = [span for one in quotations for span in one.spans]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for passage in passages(document):
        table.add_row(str(passage.span.start), _coloured(document, passage.span, spoken))
    out.print(table)


def print_check(report: Report) -> None:
    """What was found, and on standard error what does not fit."""
    out = console()
    for problem in report.problems:
        print(f"metquote: {problem}", file=sys.stderr)  # noqa: T201 - the terminal
    for name in report.unrecorded:
        print_plainly(
            out, f"not recorded: {name}.md; 'metquote corpus add' with its path records it"
        )
    print_plainly(
        out,
        f"{_counted(report.current, 'document')} stand, {_counted(report.withdrawn, 'version')} "
        f"withdrawn, {_counted(report.lines, 'line')} of the journal; "
        + (
            f"{_counted(len(report.problems), 'problem')}" if report.problems else "everything fits"
        ),
    )


def standing(document: Document) -> str | None:
    """That a document no longer stands, since when and why; ``None`` of a current one."""
    status = document.status
    if status.kind is StatusKind.CURRENT:
        return None
    reason = f": {status.reason}" if status.reason else ""
    now = f", now {status.now}" if status.now else ""
    return f"{status.kind} on {status.changed}{now}{reason}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _stated(document: Document) -> Iterable[tuple[str, str | None]]:
    metadata = document.metadata
    yield "document", document.id
    yield "title", metadata.title
    yield "date", _date(document)
    yield "publisher", metadata.publisher
    yield "author", metadata.author
    yield "url", metadata.url
    yield "kind", metadata.kind
    yield "rights", metadata.rights
    yield "trimmed", "; ".join(metadata.trimmed) or None
    yield "status", standing(document) or "current"
    yield "passages", str(len(passages(document)))
    yield "sha256", document.sha256


def _versions(record: Record | None) -> Iterable[dict[str, Any]]:
    """The lines of a document's history, oldest first."""
    if record is None:
        return
    for entry in (*record.versions, record.withdrawn, record.erased):
        if entry is not None:
            yield {
                "at": entry.at.isoformat(), "action": entry.action.value, "by": entry.by,
                "reason": entry.reason, "source": entry.source, "copy_of": entry.copy_of,
                "text_sha256": entry.text_sha256,
            }  # fmt: skip


def _quotation(one: Quotation) -> dict[str, Any]:
    return {
        "spans": [[span.start, span.end] for span in one.spans],
        "kind": one.kind.value,
        "speaker": one.speaker and one.speaker.name,
        "role": one.speaker and one.speaker.role,
    }


def _coloured(document: Document, span: Span, spoken: Sequence[Span]) -> Text:
    """The words of a passage, what somebody is quoted with in colour."""
    shown, text, at = Text(), document.text_at(span), 0
    for quoted in spoken:
        start, end = max(quoted.start - span.start, 0), min(quoted.end - span.start, len(text))
        if start < end:
            shown.append(visible(text[at:start])).append(visible(text[start:end]), "cyan")
            at = end
    return shown.append(visible(text[at:]))


def _described(document: Document) -> dict[str, Any]:
    metadata = asdict(document.metadata)
    dates = {
        key: metadata[key] and str(getattr(document.metadata, key))
        for key in ("published", "retrieved")
    }
    status = document.status
    return {
        "schema": SCHEMA, "id": document.id, **metadata, **dates, "sha256": document.sha256,
        "status": status.kind.value, "changed": status.changed and status.changed.isoformat(),
        "reason": status.reason, "now": status.now,
    }  # fmt: skip


def _date(document: Document) -> str:
    published = document.metadata.published
    return str(published) if published else DATE_UNKNOWN


def _kind(document: Document) -> str:
    metadata = document.metadata
    return " · ".join(part for part in (metadata.kind, metadata.publisher, label(document)) if part)


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json_line(value))
