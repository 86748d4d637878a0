"""What each kind of message in the outbox says, at the moment that it is posted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.discord.outbox import NotYet, Rendered
from bot.discord.refusals import link
from bot.messages.answers import Page
from bot.messages.corrections import notice
from bot.messages.follows import DIGEST_SIZE, Told, digest_page, follow_page
from bot.messages.posted import PostedExcerpt
from bot.state.cursors import Reader
from bot.state.outbox import Delivery, Message, SendingKind
from bot.state.work import Progress
from corpus.document import Span, StatusKind
from corpus.errors import DocumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.client import MetquoteClient
    from bot.discord.outbox import Renderers
    from bot.discord.work import Work
    from bot.state.digests import Follow
    from bot.state.outbox import Sending

# A notice waits so often for the last of the messages that it tells of.
_PATIENCE = 60
_LEFT = "whoever was to send it died before"
_OUTDATED = "the document was changed before it was posted"


async def _found(client: MetquoteClient, sending: Sending) -> Rendered:
    """What was found for a followed topic, at once or in a digest.

    Raises:
        InputError: the topic is not followed any more.
        StorageError: the documents or the state cannot be read.
    """
    make = _follow if sending.message.kind is SendingKind.FOLLOW else _digest
    return await client.work.in_thread(lambda: make(client.work, sending))


async def _notice(client: MetquoteClient, sending: Sending) -> Page | NotYet:
    """A word to the moderators: of a correction and the messages that it reached, or any other.

    Raises:
        StorageError: the documents or the state cannot be read.
    """
    values = sending.message.values
    if "line" not in values:
        return Page(str(values["text"]), (), 0, 1)
    return await client.work.in_thread(lambda: _of_change(client.work, sending, values["line"]))


async def _left(client: MetquoteClient, sending: Sending) -> Rendered:
    """What a process that died may have sent: it is remembered if so, and not sent again."""
    del client
    values = sending.message.values
    shows = tuple(
        PostedExcerpt(name, text, Span(start, end)) for name, text, start, end in values["shows"]
    )
    return Rendered(Page("", (), 0, 1), None, values["view"], _LEFT, shows=shows)


RENDERERS: Renderers = {
    SendingKind.ANSWER: _left,
    SendingKind.FOLLOW: _found,
    SendingKind.DIGEST: _found,
    SendingKind.NOTICE: _notice,
}


def _follow(work: Work, sending: Sending) -> Rendered:
    follow, deliveries = _followed(work, sending), _deliveries(sending)
    at = work.state.cursors.at(Reader.FOLLOWS)
    told = _told(work, deliveries)
    made = _rendered(follow_page(follow, told[0], _dates(work, follow.guild)), told, deliveries)
    return replace(made, found_at=at)


def _digest(work: Work, sending: Sending) -> Rendered:
    """One message of a digest; the first has the others posted too."""
    follow, deliveries = _followed(work, sending), _deliveries(sending)
    values = sending.message.values
    part, whole = values.get("part", 0), values.get("whole", len(sending.deliveries))
    count = -(-whole // DIGEST_SIZE)
    if not values:
        for number in range(1, count):
            work.state.outbox.put(_part(sending, number))
    told = _told(work, deliveries)
    return _rendered(
        digest_page(follow, told, part, count, whole, _dates(work, follow.guild)), told, deliveries
    )


def _rendered(page: Page, told: Sequence[Told], deliveries: Sequence[Delivery]) -> Rendered:
    shows = tuple(excerpt for one in deliveries for excerpt in one.excerpts)
    outdated = None if any(one.document for one in told) else _OUTDATED
    return Rendered(page, outdated=outdated, shows=shows)


def _part(sending: Sending, number: int) -> Message:
    message = sending.message
    these = sending.deliveries[number * DIGEST_SIZE : (number + 1) * DIGEST_SIZE]
    rows = [
        [one.document_id, one.text_sha256, [[span.start, span.end] for span in one.spans]]
        for one in these
    ]
    return Message(
        f"{message.key}/{number}", message.kind, message.channel, message.guild,
        {"part": number, "whole": len(sending.deliveries), "deliveries": rows},
        follow=message.follow,
    )  # fmt: skip


def _deliveries(sending: Sending) -> Sequence[Delivery]:
    """What a message of its own shows: a digest's first, those that its number is of."""
    values = sending.message.values
    if "deliveries" in values:
        return [
            Delivery(sending.message.follow or 0, name, text, tuple(Span(*one) for one in spans))
            for name, text, spans in values["deliveries"]
        ]
    return sending.deliveries[:DIGEST_SIZE]


def _told(work: Work, deliveries: Sequence[Delivery]) -> list[Told]:
    """What is left of what was found: nothing of a document that has another text by now."""
    told = []
    records = work.library.journal.records()
    for one in deliveries:
        record = records.get(one.document_id)
        try:
            document = work.library.get(one.document_id)
        except (DocumentError, InputError):
            document = None
        if document is not None and (
            document.sha256 != one.text_sha256 or document.status.kind is not StatusKind.CURRENT
        ):
            document = None
        texts = () if record is None else {entry.text_sha256 for entry in record.versions}
        told.append(Told(one.spans, document, is_version=len(texts) > 1))
    return told


def _followed(work: Work, sending: Sending) -> Follow:
    guild, wanted = sending.message.guild or 0, sending.message.follow
    for one in work.state.follows.of_guild(guild):
        if one.id == wanted:
            return one
    raise InputError("the topic is no longer followed")


def _dates(work: Work, guild: int | None) -> str:
    """The language of dates in a server."""
    return BRITISH if guild is None else work.state.guilds.settings(guild).date_language


def _of_change(work: Work, sending: Sending, line: int) -> Page | NotYet:
    guild = sending.message.guild
    found = work.state.corrections.of_change(line, guild)
    if any(state is Progress.TODO for _, state, _ in found) and sending.attempts < _PATIENCE:
        return NotYet("posts are being corrected", work.seconds)
    links = [(link(guild, post.channel, post.message), state, why) for post, state, why in found]
    text = notice(
        work.library.journal.entries()[line],
        [address for address, state, _ in links if state is Progress.DONE],
        [(address, why or "not yet") for address, state, why in links if state != Progress.DONE],
        _dates(work, guild),
    )
    return Page(text, (), 0, 1)
