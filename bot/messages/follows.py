"""What is found for a followed topic as Discord messages; pure.

What a message says of itself depends on the topic alone, and where its words stand on what was
found alone: so a message that was sent by a process that died before it could note so is known
again, whatever became of the documents since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.answers import MAX_CONTENT, Page
from bot.messages.excerpts import fitting, passage_embed
from bot.messages.markdown import escape, shortened
from bot.pages import DISCLAIMER
from bot.state.digests import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages.answers import Embed
    from bot.state.digests import Follow
    from corpus.document import Document, Span

_COLOUR = 0x00695C
_TOPIC_CHARACTERS = 300
# Announcements in one message of a digest, each with its nearest passage.
DIGEST_SIZE = 4
_CORRECTED = "**Corrected:** this announcement was published before in other words."
_NAMES = {Mode.AT_ONCE: "New", Mode.DAILY: "Daily digest", Mode.WEEKLY: "Weekly digest"}


@dataclass(frozen=True, slots=True)
class Told:
    """Passages of a document that matched, the nearest first; ``is_version`` if it is a later one.

    ``document`` is ``None`` if it no longer has the text that matched.
    """

    spans: tuple[Span, ...]
    document: Document | None
    is_version: bool = False


def follow_page(follow: Follow, told: Told, dates: str = BRITISH) -> Page:
    """What matched in one announcement: its passages in the order of the text.

    ``dates`` is the language of dates, here and below.
    """
    return Page(_content(follow, ""), fitting(_embeds(told, sorted(told.spans), dates)), 0, 1)


def digest_page(
    follow: Follow,
    told: Sequence[Told],
    number: int,
    count: int,
    whole: int,
    dates: str = BRITISH,
) -> Page:
    """Message ``number`` (from 0) of ``count`` of a digest of ``whole`` announcements."""
    page = f" · message {number + 1} of {count}" if count > 1 else ""
    about = f" · {whole} announcement{'' if whole == 1 else 's'}{page}"
    embeds = [embed for one in told for embed in _embeds(one, one.spans[:1], dates)]
    return Page(_content(follow, about), fitting(embeds), number, count)


def following(follows: Sequence[Follow]) -> tuple[str, ...]:
    """A server's follows as texts of Discord messages, at least one."""
    if not follows:
        return ("Nothing is followed in this server. Begin with /follow.",)
    texts = [f"**Followed in this server: {len(follows)}**"]
    for line in map(_line, follows):
        if len(texts[-1]) + 1 + len(line) <= MAX_CONTENT:
            texts[-1] += "\n" + line
        else:
            texts.append(line)
    return tuple(texts)


def began(follow: Follow) -> str:
    """What a moderator is told of a new follow."""
    when = {
        Mode.AT_ONCE: "as soon as they are in the index",
        Mode.DAILY: "in a digest every day",
        Mode.WEEKLY: "in a digest every week",
    }[follow.mode]
    first = "" if follow.next_digest is None else f", next <t:{int(follow.next_digest)}:f>"
    return (
        f"New and corrected announcements on **{_topic(follow)}** will be posted in "
        f"<#{follow.channel}>, {when}{first}. /unfollow ends it."
    )


def _content(follow: Follow, about: str) -> str:
    return "\n".join(
        (
            f"**{_NAMES[follow.mode]}: {_topic(follow)}**{about}",
            "-# This channel follows the topic; moderators end that with /unfollow.",
            f"-# {DISCLAIMER}",
        )
    )


def _topic(follow: Follow) -> str:
    return escape(shortened(follow.topic, _TOPIC_CHARACTERS))


def _line(follow: Follow) -> str:
    kind = "" if follow.kind is None else f" · {follow.kind}"
    first = "" if follow.next_digest is None else f" · next <t:{int(follow.next_digest)}:f>"
    return f"- **{_topic(follow)}** in <#{follow.channel}>{kind} · {follow.mode}{first}"


def _embeds(told: Told, spans: Sequence[Span], dates: str) -> list[Embed]:
    if told.document is None:
        return []
    notes = [_CORRECTED if told.is_version else ""] + [""] * len(spans)
    return [
        passage_embed(told.document, span, _COLOUR, note, dates)
        for span, note in zip(spans, notes, strict=False)
    ]
