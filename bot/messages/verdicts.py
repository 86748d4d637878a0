"""Verdicts on posted quotations as one Discord message; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dates import BRITISH, spoken
from bot.messages.answers import MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Embed, Page, size
from bot.messages.citations import excerpt
from bot.messages.markdown import block_quote, escape, shortened
from bot.pages import DATE_UNKNOWN, DISCLAIMER, label, speaker_line, text_link
from bot.verdicts import became
from index.verdict import Attribution, Finding, Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.document import Document, Span
from index.verdict import Place, Verdict

_COLOURS = {
    Finding.VERBATIM: 0x2E7D32,
    Finding.ALTERED: 0xF9A825,
    Finding.MISATTRIBUTED: 0xEF6C00,
    Finding.STITCHED: 0xEF6C00,
    Finding.ABSENT: 0x757575,
}
# Words that no longer stand are not to be read as true at a glance.
_NOT_CURRENT = 0xC62828
_MEANINGS = {
    Finding.VERBATIM: "Verbatim: it stands there word for word.",
    Finding.ALTERED: "Altered: the source is close, and says something else.",
    Finding.MISATTRIBUTED: "Misattributed: the words stand there, and are not theirs.",
    Finding.STITCHED: "Stitched: it joins words that do not stand together.",
    Finding.ABSENT: "Absent: nothing like it stands in the corpus.",
}
_FLAGS = {
    Flag.NEGATION: "a negation",
    Flag.NUMBER: "a number",
    Flag.NAME: "a name",
    Flag.MODAL: "what must, may or will be",
    Flag.INSERTION: "words put in, in square brackets",
}
_POSTED_CHARACTERS = 400
_LABEL_CHARACTERS = 200
_REASON_CHARACTERS = 300
_CHANGES = 12
# Sources of one verdict that are shown; a stitched text seldom has more.
_PLACES = 3
_MOST_EMBEDS = 10
_MAX_FOOTER = 2_048
_TOO_LONG = "The source's words do not fit here; look them up at the place named below."


def verdict_page(
    verdicts: Sequence[Verdict], document: Callable[[str], Document], dates: str = BRITISH
) -> Page:
    """All verdicts in one message; those that do not fit are counted, never cut.

    ``dates`` is the language of the sources' dates.
    """
    embeds: list[Embed] = []
    for verdict in verdicts:
        embed = _embed(verdict, document, dates)
        if len(embeds) == _MOST_EMBEDS or size([*embeds, embed]) > MAX_EMBEDS_TOTAL:
            break
        embeds.append(embed)
    left = len(verdicts) - len(embeds)
    lines = [f"**{len(verdicts)} quotation{'s' if len(verdicts) != 1 else ''} checked.**"]
    if left:
        lines.append(f"{left} more did not fit here; check them one by one with /verify.")
    lines.append(f"-# {DISCLAIMER}")
    return Page("\n".join(lines), tuple(embeds), 0, 1)


def shown_places(verdicts: Sequence[Verdict]) -> tuple[tuple[str, Span], ...]:
    """The document and the stretch of each source that a verdict rests on, each once.

    A stretch is from the first word to the last; of a verbatim text's places it is the first.
    """
    found: dict[tuple[str, Span], None] = {}
    for verdict in verdicts:
        most = _PLACES if verdict.finding is Finding.STITCHED else 1
        for place in verdict.places[:most]:
            found.setdefault((place.document_id, place.spans[0].joined(place.spans[-1])))
    return tuple(found)


def _embed(verdict: Verdict, document: Callable[[str], Document], dates: str) -> Embed:
    """What is needed least goes first where all does not fit: further places, then the diff.

    The footer names where every quoted block stands, in their order.
    """
    head = [f"**{_meaning(verdict, dates)}**", f"Posted: {escape(_posted(verdict))}"]
    found = verdict.places or verdict.related
    for places, with_changes in ((_PLACES, True), (1, True), (1, False), (0, False)):
        lines = [*head, *_findings(verdict)]
        if with_changes:
            lines += _changes(verdict, document)
        shown = found[:places]
        if shown and not verdict.places:
            lines.append("Nearest passages, none of them a match:")
        for one in shown:
            lines += _source(one, verdict, document(one.document_id), dates)
        if found and not shown:
            lines.append(_TOO_LONG)
        text, footer = "\n".join(lines), _footer(shown, found)
        fits = len(text) <= MAX_DESCRIPTION and len(footer) <= _MAX_FOOTER
        if fits and len(text) + len(footer) <= MAX_EMBEDS_TOTAL:
            break
    colour = _COLOURS[verdict.finding] if verdict.status is None else _NOT_CURRENT
    shows = tuple(
        excerpt(document(one.document_id), span)
        for one in shown
        for span in (*one.spans, *one.omitted)
    )
    return Embed(text, footer, colour, shows)


def _meaning(verdict: Verdict, dates: str) -> str:
    """What the finding means, and what became of the document if it is no longer current."""
    if verdict.status is None:
        return _MEANINGS[verdict.finding]
    sentence = became(verdict.finding, verdict.status, dates)
    return f"{verdict.finding.capitalize()}. {escape(shortened(sentence, _REASON_CHARACTERS))}"


def _posted(verdict: Verdict) -> str:
    checked = verdict.posted[verdict.checked.start : verdict.checked.end]
    return shortened(checked, _POSTED_CHARACTERS)


def _findings(verdict: Verdict) -> Iterator[str]:
    if verdict.count > 1:
        more = "" if verdict.counted_all else "at least "
        yield f"It stands at {more}{verdict.count} places."
    if verdict.flags:
        yield f"Mind what changed: {', '.join(_FLAGS[flag] for flag in verdict.flags)}."
    if verdict.attributed_to is not None and verdict.attribution is not None:
        name = escape(shortened(verdict.attributed_to, _LABEL_CHARACTERS))
        yield {
            Attribution.CONFIRMED: f"The source gives these words to {name} too.",
            Attribution.UNCONFIRMED: f"The source does not tell whether they are {name}'s.",
            Attribution.CONTRADICTED: f"The source does not give these words to {name}.",
        }[verdict.attribution]
    if verdict.finding is Finding.VERBATIM and verdict.differences:
        yield "Only marks, case or spacing differ from the source."


def _changes(verdict: Verdict, document: Callable[[str], Document]) -> Iterator[str]:
    changes = verdict.differing
    if verdict.finding is Finding.ABSENT or not changes:
        return
    for change in changes[:_CHANGES]:
        posted = change.posted and verdict.posted[change.posted.start : change.posted.end].strip()
        source = (
            document(change.document_id).text_at(change.source).strip()
            if change.source and change.document_id
            else None
        )
        if posted and source:
            yield f"- the source has “{escape(source)}”, the post “{escape(posted)}”"
        elif source:
            yield f"- left out: “{escape(source)}”"
        elif posted:
            yield f"- not in the source: “{escape(posted)}”"
    if len(changes) > _CHANGES:
        yield f"- and {len(changes) - _CHANGES} more differences"


def _source(place: Place, verdict: Verdict, document: Document, dates: str) -> Iterator[str]:
    metadata = document.metadata
    yield _quoted(place.spans, document)
    if place.omitted:
        yield "Left out between them in the source:"
        yield _quoted(place.omitted, document)
    if verdict.speaker is not None and place is verdict.places[0]:
        yield f"— **{escape(shortened(speaker_line(verdict.speaker), _LABEL_CHARACTERS))}**"
    date = spoken(metadata.published, dates) if metadata.published else DATE_UNKNOWN
    about = " · ".join(part for part in (metadata.publisher, date) if part)
    yield f"*{escape(shortened(label(document), _LABEL_CHARACTERS))}* · {escape(about)}"
    if metadata.url is not None:
        yield f"[Open at these words](<{text_link(metadata.url, document, place.spans[0])}>)"


def _quoted(spans: Sequence[Span], document: Document) -> str:
    return "\n> […]\n".join(block_quote(document.text_at(span)) for span in spans)


def _footer(shown: Sequence[Place], found: Sequence[Place]) -> str:
    """Where each quoted block stands; if none is shown, from where to where the first would."""
    if shown:
        return " · ".join(_where(one.document_id, (*one.spans, *one.omitted)) for one in shown)
    for one in found:
        return _where(one.document_id, [one.spans[0].joined(one.spans[-1])])
    return "no source"


def _where(document_id: str, spans: Sequence[Span]) -> str:
    return " ".join((document_id, *(f"{span.start}–{span.end}" for span in spans)))
