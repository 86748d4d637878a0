"""Messages that say what became of the words in them; pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dates import BRITISH, spoken_day
from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, Embed, Page
from bot.messages.excerpts import fitting, passage_text
from bot.messages.fates import REASON_CHARACTERS, Fate, shown_reason
from bot.messages.markdown import block_quotes, escape, shortened
from corpus.document import Span
from corpus.library import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.messages.posted import PostedExcerpt
    from corpus.journal import Entry

# What no longer stands is not to be read as true at a glance.
_COLOUR = 0xC62828
_PLACE = re.compile(r"(\d+)–(\d+)")
CHANGED = "-# A source of this message changed after it was posted; what became of it stands below."
_CHANGED_ALONE = "A source of this message changed after it was posted; what became of it:"
TAKEN_OUT = "The words that stood here were taken out: their source changed after they were posted."
_TOO_LONG = "They do not fit into this message; look them up at the place named below."


def amended(content: str, embeds: Sequence[Embed], fates: Sequence[Fate]) -> Page:
    """A message as it stands now, with what became of the words that it shows.

    Boxes of which nothing became anything stay. One that is as it should be already stays too,
    so that doing it twice changes nothing.
    """
    boxes = list(embeds)
    mine: dict[int, list[Fate]] = {}
    for one in fates:
        at = _box_of(embeds, one)
        if at is not None:
            mine.setdefault(at, []).append(one)
        elif one.note:
            boxes.append(_box([one]))
        elif boxes:
            # It stands somewhere in the message, and still does.
            boxes[0] = _showing(boxes[0], [one])
    for at, some in mine.items():
        is_said = all(not one.note or _says(boxes[at], one) for one in some)
        if is_said:
            boxes[at] = _showing(boxes[at], some)
        else:
            new = _box(some)
            boxes[at] = replace(new, shows=(*boxes[at].shows, *new.shows))
    return Page(_content(content, fates), fitting(boxes), 0, 1)


def taken_out() -> Page:
    """A message without any words of a source's or of whoever corrected it."""
    return Page(TAKEN_OUT, (), 0, 1)


def notice(
    entry: Entry, done: Sequence[str], failed: Sequence[tuple[str, str]], dates: str = BRITISH
) -> str:
    """What a server's moderators are told of a change: links to messages, and why some failed.

    ``dates`` is the language of dates.
    """
    head = first_line(entry, dates)
    count = len(done)
    lines = [head]
    if count:
        plural = "message of mine now says" if count == 1 else "messages of mine now say"
        lines.append(f"{count} {plural} so:")
        lines += [f"<{link}>" for link in done]
    if failed:
        lines.append("I could not correct these; please see to them:")
        lines += [f"<{link}> ({escape(shortened(why, REASON_CHARACTERS))})" for link, why in failed]
    if not done and not failed:
        lines.append("No message of mine shows its words any more.")
    kept = lines
    while len("\n".join(kept)) > MAX_CONTENT - 40:
        kept = kept[:-1]
    left = len(lines) - len(kept)
    return "\n".join([*kept, *([f"… and {left} lines more"] if left else [])])


def first_line(entry: Entry, dates: str = BRITISH) -> str:
    """The line by which a notice to moderators is known again."""
    why = f" ({shown_reason(entry.reason)})" if entry.reason else ""
    when = spoken_day(entry.at.date(), dates)
    return f"**{escape(entry.id)} was {entry.action} on {when}**{why}."


def places_of(footer: str) -> Iterator[tuple[str, Span]]:
    """The documents and offsets that a box's footer names: ``letter 3–9 12–40 · news 0–7``."""
    for part in footer.split(" · "):
        document_id, *pairs = part.split(" ")
        for pair in pairs:
            found = _PLACE.fullmatch(pair)
            if found is not None and int(found[1]) < int(found[2]):
                yield document_id, Span(int(found[1]), int(found[2]))


def _box_of(boxes: Sequence[Embed], one: Fate) -> int | None:
    """The box that says already what became of an excerpt, or else the one that shows it."""
    wanted, here = one.excerpt.document_id.removesuffix(VERSION), one.excerpt.span
    places = [list(places_of(box.footer)) for box in boxes]
    said = [at for at, box in enumerate(boxes) if one.note and _says(box, one)]
    exact = [at for at, some in enumerate(places) if (wanted, here) in some]
    near = [
        at
        for at, some in enumerate(places)
        if any(name == wanted and span.overlaps(here) for name, span in some)
    ]
    return next(iter([*said, *exact, *near]), None)


def _says(box: Embed, one: Fate) -> bool:
    """Whether a box says what became of an excerpt, to the letter."""
    if one.note not in box.description:
        return False
    if one.document is None or one.span is None:
        return True
    is_there = (one.document.id, one.span) in places_of(box.footer)
    return is_there and passage_text(one.document, one.span, one.dates) in box.description


def _showing(box: Embed, fates: Sequence[Fate]) -> Embed:
    """The same box, with what it shows."""
    shows = [one.shows for one in fates if one.shows is not None]
    return replace(box, shows=tuple(dict.fromkeys((*box.shows, *shows))))


def _box(fates: Sequence[Fate]) -> Embed:
    """One box of what became of all that another showed, in its order."""
    texts: list[str] = []
    shows: list[PostedExcerpt] = []
    for one in _joined(fates):
        texts += [one.note] if one.note and one.note not in texts else []
        if one.document is not None and one.span is not None and one.shows is not None:
            texts.append(passage_text(one.document, one.span, one.dates))
            shows.append(one.shows)
    places = [
        f"{one.document_id.removesuffix(VERSION)} {one.span.start}–{one.span.end}" for one in shows
    ]
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
                joined[at] = replace(other, span=other.span.joined(one.span), is_same=is_same)
                break
        else:
            joined.append(one)
    return joined


def _content(content: str, fates: Sequence[Fate]) -> str:
    if not any(one.note for one in fates):
        return content
    if block_quotes(content):
        # Words may stand here too, and nothing tells whose.
        return _CHANGED_ALONE
    if CHANGED in content:
        return content
    longer = f"{content}\n{CHANGED}" if content else CHANGED
    return longer if len(longer) <= MAX_CONTENT else content
