"""A verdict as what people and programs read; pure.

Words are copied from the documents and from the post, and from nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.dates import BRITISH, spoken, spoken_day
from bot.pages import SCHEMA
from bot.terminal.batch import each_line
from corpus.document import StatusKind
from corpus.errors import InputError
from index.verdict import Attribution, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from corpus.document import Document, Span, Status
    from index.verdict import Change, Place, Verdict

_HEADINGS = {
    Finding.VERBATIM: "Verbatim",
    Finding.ALTERED: "Altered",
    Finding.MISATTRIBUTED: "Misattributed",
    Finding.STITCHED: "Stitched",
    Finding.ABSENT: "Absent",
}
_EXPLANATIONS = {
    Finding.VERBATIM: "The source has these words.",
    Finding.ALTERED: "The closest passage has other words.",
    Finding.MISATTRIBUTED: "The source has these words.",
    Finding.STITCHED: "It joins words that do not stand together in the sources.",
    Finding.ABSENT: "Nothing like it is in the documents.",
}


def heading(verdict: Verdict) -> str:
    """The finding in a word, and what became of the document since."""
    found = _HEADINGS[verdict.finding]
    return found if verdict.status is None else f"{found}, since {verdict.status.kind.value}"


def became(finding: Finding, status: Status, dates: str = BRITISH) -> str:
    """Where the words stood, and what became of that document, in a sentence.

    ``dates`` is the language of dates.
    """
    what = "It" if finding is Finding.VERBATIM else "It is somebody else's, and"
    if status.kind is StatusKind.RETRACTED:
        when = f" on {spoken_day(status.changed, dates)}" if status.changed else ""
        why = f": {status.reason}" if status.reason else ""
        return f"{what} stood in a document that was retracted{when}{why}."
    version = f" of {spoken(status.version, dates)}" if status.version else ""
    why = f" ({status.reason})" if status.reason else ""
    return f"{what} was in the version{version}, since corrected{why}."


def explanation(verdict: Verdict) -> str:
    """What that means for the reader, in sentences."""
    found = [_EXPLANATIONS[verdict.finding]]
    if verdict.finding is Finding.ALTERED and verdict.same_words:
        found = ["The words are the source's; the punctuation is not."]
    if verdict.status is not None:
        found = [became(verdict.finding, verdict.status)]
    if verdict.places and verdict.places[0].omitted:
        found.append("Some are left out, as the post shows.")
    if verdict.count > 1:
        least = "" if verdict.counted_all else "at least "
        found.append(f"They stand in {least}{verdict.count} places.")
    if verdict.differences:
        found.append(f"Only typography differs: {', '.join(verdict.differences)}.")
    if verdict.flags:
        found.append(f"Look at what changes the meaning: {', '.join(verdict.flags)}.")
    if verdict.attribution is Attribution.UNCONFIRMED:
        found.append(f"Whether they are by {verdict.attributed_to} the source does not say.")
    elif verdict.attribution is Attribution.CONTRADICTED:
        found.append(f"The source does not give them to {verdict.attributed_to}.")
    return " ".join(found)


def verdict_json(
    verdict: Verdict, document: Callable[[str], Document], verdict_id: object = None
) -> dict[str, Any]:
    """A verdict as ``verify --json`` and each line of ``verify --batch`` print it (schema 1).

    ``spans`` are of ``document``: where the posted words stand, the closest passage, or the
    stretches that come from it; ``places`` has all of them. ``diff`` says what was done to the
    source: its posted parts make up the posted text, its source parts are slices. ``status`` is
    what became of ``document``, where the words stand in no current one.
    """
    place = verdict.places[0] if verdict.places else None
    source = document(place.document_id) if place else None
    speaker = verdict.speaker
    spans = [
        span
        for one in (verdict.places if verdict.finding is Finding.STITCHED else verdict.places[:1])
        if place and one.document_id == place.document_id
        for span in one.spans
    ]
    return {
        "schema": SCHEMA,
        "id": verdict_id,
        "verdict": verdict.finding.value,
        "document": source and source.id,
        "spans": [_pair(span) for span in spans],
        "omitted": [_pair(span) for span in place.omitted] if place else [],
        "count": verdict.count,
        "counted_all": verdict.counted_all,
        "places": [_place_json(one, document) for one in verdict.places],
        "speaker": speaker and speaker.name,
        "role": speaker and speaker.role,
        "organisation": speaker and speaker.organisation,
        "attributed_to": verdict.attributed_to,
        "attribution": verdict.attribution and verdict.attribution.value,
        "before": source.text_at(verdict.before) if source and verdict.before else None,
        "after": source.text_at(verdict.after) if source and verdict.after else None,
        "checked": _pair(verdict.checked),
        "diff": [_change_json(change, verdict, document) for change in verdict.changes],
        "same_words": verdict.same_words,
        "differences": [kind.value for kind in verdict.differences],
        "flags": [flag.value for flag in verdict.flags],
        "related": [_place_json(one, document) for one in verdict.related],
        "status": verdict.status and _status_json(verdict.status),
        **_about(source),
    }


def verify_lines(
    lines: Iterable[str],
    speaker: str | None,
    verify: Callable[[str, str | None], dict[str, Any]],
    write: Callable[[dict[str, Any]], None],
) -> None:
    """Verify every line ``{"id", "posted", "attributed_to"?}``; ``speaker`` is of those without.

    A bad line gets an error object in its place. ``verify`` gives a verdict's JSON.

    Raises:
        SnapshotError: the index cannot be used: no line could be verified.
    """

    def work(values: dict[str, Any]) -> dict[str, Any]:
        posted = _text(values, "posted")
        if posted is None:
            raise InputError('"posted" must be text')
        return verify(posted, _text(values, "attributed_to") or speaker)

    each_line(lines, work, write)


def posted_text(verdict: Verdict, change: Change) -> str:
    """What of the post a change is about, ``""`` if nothing."""
    return verdict.posted[change.posted.start : change.posted.end] if change.posted else ""


def source_text(change: Change, document: Callable[[str], Document]) -> str:
    """What of its source a change is about, ``""`` if nothing."""
    if change.source is None or change.document_id is None:
        return ""
    return document(change.document_id).text_at(change.source)


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f'"{key}" must be text')
    return value


def _place_json(place: Place, document: Callable[[str], Document]) -> dict[str, Any]:
    source = document(place.document_id)
    return {
        "document": source.id,
        "spans": [_pair(span) for span in place.spans],
        "texts": [source.text_at(span) for span in place.spans],
        "omitted": [_pair(span) for span in place.omitted],
    }


def _change_json(
    change: Change, verdict: Verdict, document: Callable[[str], Document]
) -> list[str]:
    return [change.operation.value, posted_text(verdict, change), source_text(change, document)]


def _status_json(status: Status) -> dict[str, Any]:
    return {
        "kind": status.kind.value,
        "version": status.version and str(status.version),
        "changed": status.changed and status.changed.isoformat(),
        "reason": status.reason,
        "now": status.now,
    }


def _about(document: Document | None) -> dict[str, Any]:
    metadata = document and document.metadata
    return {
        "title": metadata and metadata.title,
        "published": str(metadata.published) if metadata and metadata.published else None,
        "publisher": metadata and metadata.publisher,
        "url": metadata and metadata.url,
        "sha256": document and document.sha256,
    }


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
