"""What has become of posted words, and the message that says so; pure but for reading documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.excerpt_embeds import fitting, passage_text
from bot.markdown import block_quotes, escape, shortened
from bot.messages import MAX_CONTENT, MAX_DESCRIPTION, Embed, Page
from bot.posted import PostedExcerpt
from corpus.document import PartialDate, Span
from corpus.errors import DocumentError, InputError
from corpus.library import VERSION
from index.revision import restated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from corpus.document import Document
    from corpus.journal import Entry, Record

# What no longer stands is not to be read as true at a glance.
_COLOUR = 0xC62828
_REASON_CHARACTERS = 300
_PLACE = re.compile(r"(\d+)–(\d+)")
CHANGED = "-# A source of this message changed after it was posted; what became of it stands below."
_CHANGED_ALONE = "A source of this message changed after it was posted; what became of it:"
TAKEN_OUT = "The words that stood here were taken out: their source changed after they were posted."
_TOO_LONG = "They do not fit into this message; look them up at the place named below."


class Became(StrEnum):
    """What may have become of words that were posted."""

    CURRENT = "current"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    ERASED = "erased"
    REMOVED = "removed"
    """The file is gone or was altered by hand, and no journal says why."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an excerpt that a message shows.

    ``document`` and ``span`` are where its words, or those in their place, stand now; ``None`` if
    nowhere. ``is_same`` is true if they are the same to the letter.
    """

    excerpt: PostedExcerpt
    became: Became
    changed: date | None = None
    reason: str | None = None
    document: Document | None = None
    span: Span | None = None
    is_same: bool = False

    @property
    def note(self) -> str:
        """What to say before the words, or in their place; empty where nothing became of them."""
        if self.became is Became.CURRENT:
            return ""
        return f"**This source was {self.became}{self._when}{self._what}**"

    @property
    def _when(self) -> str:
        on = "" if self.changed is None else f" on {spoken(self.changed)}"
        why = f" ({shown_reason(self.reason)})" if self.reason else ""
        return on + why

    @property
    def _what(self) -> str:
        if self.became is not Became.CORRECTED:
            return "; its words were taken out."
        if self.span is None:
            return "; these words are no longer in it and were taken out."
        if self.is_same:
            return "; these words stand in it as they did:"
        return "; the words now read:"


def fate(excerpt: PostedExcerpt, record: Record | None, get: Callable[[str], Document]) -> Fate:
    """What became of an excerpt, by the document's ``record``, ``None`` if there is none.

    ``get`` reads a document by its id, as `corpus.library.Library.get` does.

    Raises:
        StorageError: the documents cannot be read.
    """
    if record is None:
        return _unrecorded(excerpt, get)
    if record.erased is not None:
        return _gone(excerpt, Became.ERASED, record.erased)
    if record.withdrawn is not None:
        return _gone(excerpt, Became.RETRACTED, record.withdrawn)
    try:
        return _version(excerpt, record, get)
    except (DocumentError, InputError):
        return Fate(excerpt, Became.REMOVED)


def amended(content: str, embeds: Sequence[Embed], fates: Sequence[Fate]) -> Page:
    """A message as it stands now, with what became of the words that it shows.

    Boxes of which nothing became anything stay. One that is as it should be already stays too,
    so that doing it twice changes nothing.
    """
    boxes = list(embeds)
    for at, box in enumerate(embeds):
        mine = [one for one in fates if _holds(box, one.excerpt)]
        if any(one.note for one in mine):
            boxes[at] = _box(mine)
        elif mine:
            boxes[at] = _showing(box, mine)
    lost = [
        one for one in fates if one.note and not any(_holds(box, one.excerpt) for box in embeds)
    ]
    for one in lost:
        standing = next((at for at, box in enumerate(boxes) if _says(box, one)), None)
        if standing is None:
            boxes.append(_box([one]))
        else:
            boxes[standing] = _showing(boxes[standing], [one])
    return Page(_content(content), fitting(boxes), 0, 1)


def taken_out() -> Page:
    """A message without any words of a source's or of whoever corrected it."""
    return Page(TAKEN_OUT, (), 0, 1)


def notice(entry: Entry, done: Sequence[str], failed: Sequence[tuple[str, str]]) -> str:
    """What a server's moderators are told of a change: links to messages, and why some failed."""
    head = first_line(entry)
    count = len(done)
    lines = [head]
    if count:
        plural = "message of mine now says" if count == 1 else "messages of mine now say"
        lines.append(f"{count} {plural} so:")
        lines += [f"<{link}>" for link in done]
    if failed:
        lines.append("I could not correct these; please see to them:")
        lines += [
            f"<{link}> ({escape(shortened(why, _REASON_CHARACTERS))})" for link, why in failed
        ]
    if not done and not failed:
        lines.append("No message of mine shows its words any more.")
    kept = lines
    while len("\n".join(kept)) > MAX_CONTENT - 40:
        kept = kept[:-1]
    left = len(lines) - len(kept)
    return "\n".join([*kept, *([f"… and {left} lines more"] if left else [])])


def first_line(entry: Entry) -> str:
    """The line by which a notice to moderators is known again."""
    why = f" ({shown_reason(entry.reason)})" if entry.reason else ""
    when = spoken(entry.at.date())
    return f"**{escape(entry.id)} was {entry.action} on {when}**{why}."


def places_of(footer: str) -> Iterator[tuple[str, Span]]:
    """The documents and offsets that a box's footer names: ``letter 3–9 12–40 · news 0–7``."""
    for part in footer.split(" · "):
        document_id, *pairs = part.split(" ")
        for pair in pairs:
            found = _PLACE.fullmatch(pair)
            if found is not None and int(found[1]) < int(found[2]):
                yield document_id, Span(int(found[1]), int(found[2]))


def spoken(day: date) -> str:
    """A day as a person in London writes it."""
    return PartialDate(day.year, day.month, day.day).spoken


def shown_reason(reason: str) -> str:
    """A curator's reason, harmless and not too long."""
    return escape(shortened(reason, _REASON_CHARACTERS))


def _version(excerpt: PostedExcerpt, record: Record, get: Callable[[str], Document]) -> Fate:
    hashes = [entry.text_sha256 for entry in record.versions]
    if excerpt.text_sha256 not in hashes:
        # Erased, and another text was recorded under the same id since.
        return Fate(excerpt, Became.REMOVED)
    number = max(at for at, one in enumerate(hashes, 1) if one == excerpt.text_sha256)
    now = get(record.id)
    if number == len(hashes):
        return Fate(excerpt, Became.CURRENT, document=now, span=excerpt.span, is_same=True)
    change = record.versions[number]
    found = restated(get(f"{record.id}{VERSION}{number}"), excerpt.span, now)
    return Fate(
        excerpt, Became.CORRECTED, change.at.date(), change.reason, now, found.span, found.is_same
    )


def _unrecorded(excerpt: PostedExcerpt, get: Callable[[str], Document]) -> Fate:
    try:
        document = get(excerpt.document_id)
    except (DocumentError, InputError):
        return Fate(excerpt, Became.REMOVED)
    if document.sha256 != excerpt.text_sha256:
        return Fate(excerpt, Became.REMOVED)
    return Fate(excerpt, Became.CURRENT, document=document, span=excerpt.span, is_same=True)


def _gone(excerpt: PostedExcerpt, became: Became, entry: Entry) -> Fate:
    return Fate(excerpt, became, entry.at.date(), entry.reason)


def _holds(box: Embed, excerpt: PostedExcerpt) -> bool:
    return any(
        document_id == excerpt.document_id and span.overlaps(excerpt.span)
        for document_id, span in places_of(box.footer)
    )


def _says(box: Embed, one: Fate) -> bool:
    """Whether a box says already what became of an excerpt."""
    if one.note not in box.description:
        return False
    if one.document is None or one.span is None:
        return True
    return (one.document.id, one.span) in places_of(box.footer)


def _showing(box: Embed, fates: Sequence[Fate]) -> Embed:
    """The same box, with what it shows."""
    shows = tuple(
        PostedExcerpt(one.document.id, one.document.sha256, one.span)
        for one in fates
        if one.document is not None and one.span is not None
    )
    return Embed(box.description, box.footer, box.colour, (*box.shows, *shows))


def _box(fates: Sequence[Fate]) -> Embed:
    """One box of what became of all that another showed, in its order."""
    texts: list[str] = []
    shows: list[PostedExcerpt] = []
    for one in _joined(fates):
        texts += [one.note] if one.note and one.note not in texts else []
        if one.document is not None and one.span is not None:
            texts.append(passage_text(one.document, one.span))
            shows.append(PostedExcerpt(one.document.id, one.document.sha256, one.span))
    places = [f"{one.document_id} {one.span.start}–{one.span.end}" for one in shows]
    if not places:
        old = fates[0].excerpt
        places = [f"{old.document_id} {old.span.start}–{old.span.end}"]
    text = "\n".join(texts)
    if len(text) > MAX_DESCRIPTION:
        notes = list(dict.fromkeys(one.note for one in fates if one.note))
        text, shows = "\n".join([*notes, _TOO_LONG])[:MAX_DESCRIPTION], []
    return Embed(text, " · ".join(places), _COLOUR, tuple(shows))


def _joined(fates: Sequence[Fate]) -> list[Fate]:
    """``fates`` with those of one document joined whose words now overlap."""
    joined: list[Fate] = []
    for one in fates:
        for at, other in enumerate(joined):
            same = other.document is not None and other.document == one.document
            if same and one.span and other.span and other.span.overlaps(one.span):
                is_same = one.is_same and other.is_same
                joined[at] = Fate(
                    other.excerpt, other.became, other.changed, other.reason, other.document,
                    other.span.joined(one.span), is_same,
                )  # fmt: skip
                break
        else:
            joined.append(one)
    return joined


def _content(content: str) -> str:
    if block_quotes(content):
        # Words may stand here too, and nothing tells whose.
        return _CHANGED_ALONE
    if CHANGED in content:
        return content
    longer = f"{content}\n{CHANGED}" if content else CHANGED
    return longer if len(longer) <= MAX_CONTENT else content
