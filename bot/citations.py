"""Words of a document as a citation in one of several styles; pure.

Every style has the words exactly as the document has them, escaped as the style asks, and says
of what is not known that it is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.dates import BRITISH, spoken, spoken_day
from bot.messages.markdown import block_quote, escape
from bot.pages import DATE_UNKNOWN, SCHEMA, label, speaker_line, text_link
from corpus.document import Span, StatusKind
from corpus.errors import InputError
from corpus.quotations.types import QuotationKind
from corpus.sentences import paragraphs
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.document import Document
    from corpus.quotations.types import Quotation, Speaker
    from index.permalink import Cited
    from index.revision import Restated

STYLES = ("plain", "markdown", "bibtex", "inline")
PUBLISHER_UNKNOWN = "publisher unknown"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# What TeX takes for commands or sets as another character. BibTeX counts braces, escaped or not.
_TEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "<": r"{\textless}",
    ">": r"{\textgreater}", "|": r"{\textbar}", '"': r"{\textquotedbl}", "`": r"{\textasciigrave}",
    "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_",
}  # fmt: skip
# Two of these make one sign of another kind.
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=,)(?=,)")


def citation(style: str, document: Document, span: Span, speaker: Speaker | None = None) -> str:
    """The words at ``span`` in one of `STYLES`, with who said them, where and when.

    ``speaker`` is whose words they are, ``None`` if nobody else's than the document's.

    Raises:
        InputError: there is no such style.
        ValueError: the span ends beyond the text.
    """
    if style == "plain":
        return _plain(document, span, speaker)
    if style == "markdown":
        return _markdown(document, span, speaker)
    if style == "bibtex":
        return _bibtex(document, span, speaker)
    if style == "inline":
        return _inline(document, span, speaker)
    raise InputError(f"there is no style {style!r}; the styles are {', '.join(STYLES)}")


def said_by(quotations: Iterable[Quotation], document: Document, span: Span) -> Speaker | None:
    """Whose words those at ``span`` are, if one quotation of ``document`` holds all of them.

    Marks at their ends do not count.
    """
    words = document.text_at(span)
    inner = [at for at, character in enumerate(words, span.start) if character.isalnum()]
    if inner:
        span = Span(inner[0], inner[-1] + 1)
    for quotation in quotations:
        whole = quotation.spans[0].joined(quotation.spans[-1])
        if quotation.kind is not QuotationKind.TERM and whole.contains(span):
            return quotation.speaker
    return None


def speaker_at(document: Document, span: Span) -> Speaker | None:
    """Whose words those at ``span`` are, read from the document itself."""
    from corpus.quotations.extract import extract  # noqa: PLC0415 - only where no index is open

    return said_by(extract(document.text), document, span)


def paragraph(document: Document, span: Span) -> Span:
    """``span`` widened to the whole paragraphs that it touches.

    Raises:
        ValueError: the span ends beyond the text.
    """
    document.text_at(span)
    for one in paragraphs(document.text):
        if one.overlaps(span):
            span = span.joined(one)
    return span


def standing(document: Document, dates: str = BRITISH) -> str | None:
    """What has become of a document that is no longer current, in a sentence; else ``None``.

    ``dates`` is the language of dates.
    """
    status = document.status
    if status.kind is StatusKind.CURRENT:
        return None
    version = f" of {spoken(status.version, dates)}" if status.version else ""
    verb = "corrected" if status.kind is StatusKind.CORRECTED else "retracted"
    when = f" on {spoken_day(status.changed, dates)}" if status.changed else ""
    reason = f" ({status.reason})" if status.reason else ""
    return f"These words are of the version{version}, since {verb}{when}{reason}."


def restatement(now: Restated, dates: str = BRITISH) -> str:
    """What has become of words whose document was corrected, in a sentence.

    If it ends in a colon, the words to show after it are those at ``now.span``.
    """
    status = now.document.status
    if status.kind is StatusKind.RETRACTED:
        day = f" on {spoken_day(status.changed, dates)}" if status.changed else ""
        return f"The version that took its place was retracted{day}."
    if now.is_same:
        return "The sentences that they stand in read the same now."
    if now.span is None:
        return f"Nothing like them stands in the text now; see {now.document.id}."
    return "The words now read:"


def when(document: Document) -> str:
    """The date as a person writes it, or that it is unknown."""
    published = document.metadata.published
    return published.spoken if published else DATE_UNKNOWN


def publisher(document: Document) -> str:
    """The publisher, or that it is unknown."""
    return document.metadata.publisher or PUBLISHER_UNKNOWN


def cited_json(cited: Cited, speaker: Speaker | None) -> dict[str, Any]:
    """Cited words as ``cite --json`` prints them (schema 1); offsets are half-open."""
    document, span, now = cited.document, cited.span, cited.now
    metadata, status, around = document.metadata, document.status, paragraph(document, span)
    return {
        "schema": SCHEMA,
        "permalink": permalink(document, span),
        "document": document.id,
        "start": span.start,
        "end": span.end,
        "text": document.text_at(span),
        "speaker": speaker and speaker.name,
        "role": speaker and speaker.role,
        "organisation": speaker and speaker.organisation,
        "title": metadata.title,
        "published": metadata.published and str(metadata.published),
        "publisher": metadata.publisher,
        "url": metadata.url,
        "sha256": document.sha256,
        "status": status.kind.value,
        "version": status.version and str(status.version),
        "changed": status.changed and status.changed.isoformat(),
        "reason": status.reason,
        "paragraph": document.text_at(around),
        "paragraph_span": [around.start, around.end],
        "now": now
        and {
            "document": now.document.id,
            "status": now.document.status.kind.value,
            "is_same": now.is_same,
            "span": now.span and [now.span.start, now.span.end],
            "text": now.span and now.document.text_at(now.span),
            "permalink": now.span and permalink(now.document, now.span),
        },
    }


def _title(document: Document) -> str:
    """The title in quotation marks, or what stands in for it, said to be that."""
    title = document.metadata.title
    return f"“{title}”" if title else f"untitled, beginning “{label(document)}”"


def _plain(document: Document, span: Span, speaker: Speaker | None) -> str:
    lines = [
        f"“{document.text_at(span)}”",
        *([f"— {speaker_line(speaker)}"] if speaker else []),
        f"{_title(document)}, {publisher(document)}, {when(document)}.",
        *([text_link(document.metadata.url, document, span)] if document.metadata.url else []),
        *([note] if (note := standing(document)) else []),
        permalink(document, span),
    ]
    return "\n".join(lines)


def _inline(document: Document, span: Span, speaker: Speaker | None) -> str:
    who = f" said {speaker_line(speaker)}, in" if speaker else " –"
    note = standing(document)
    return (
        f"“{document.text_at(span)}”{who} {_title(document)} "
        f"({publisher(document)}, {when(document)})." + (f" {note}" if note else "")
    )


def _markdown(document: Document, span: Span, speaker: Speaker | None) -> str:
    metadata = document.metadata
    title = escape(metadata.title or label(document))
    source = f"*{title}* · {escape(publisher(document))} · {escape(when(document))}"
    if metadata.title is None:
        source = f"untitled: {source}"
    lines = [
        block_quote(document.text_at(span)),
        *([f"— **{escape(speaker_line(speaker))}**"] if speaker else []),
        source,
        *(
            [f"[Open at these words](<{text_link(metadata.url, document, span)}>)"]
            if metadata.url
            else []
        ),
        *([escape(note)] if (note := standing(document)) else []),
        f"`{permalink(document, span)}`",
    ]
    return "\n".join(lines)


def _bibtex(document: Document, span: Span, speaker: Speaker | None) -> str:
    metadata, published = document.metadata, document.metadata.published
    notes = [
        f"Words of {speaker_line(speaker)}" if speaker else None,
        None if published else DATE_UNKNOWN,
        None if metadata.title else "untitled",
        None if metadata.publisher else PUBLISHER_UNKNOWN,
        (standing(document) or "").rstrip(".") or None,
        f"sha256 {document.sha256}",
    ]
    fields = {
        "author": metadata.author and f"{{{tex(metadata.author)}}}",
        "title": f"{{{tex(metadata.title or label(document))}}}",
        "publisher": metadata.publisher and f"{{{tex(metadata.publisher)}}}",
        "year": published and f"{published.year:04}",
        "month": published and published.month and _MONTHS[published.month - 1],
        "day": published and published.day and str(published.day),
        "url": metadata.url and metadata.url.translate({ord("{"): "%7B", ord("}"): "%7D"}),
        "quote": tex(document.text_at(span)),
        "note": tex("; ".join(note for note in notes if note)),
    }
    rows = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'}"
        for name, value in fields.items()
        if value
    ]
    return f"@misc{{{permalink(document, span)},\n" + ",\n".join(rows) + "\n}"


def tex(text: str) -> str:
    """``text`` so that BibTeX keeps it and TeX sets it as it is, but for white space."""
    escaped = "".join(_TEX.get(character, character) for character in text)
    return _LIGATURE.sub("{}", escaped)
