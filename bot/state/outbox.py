"""Messages to be posted once, whatever process dies when.

A message is put here under a key, together with whatever it follows from; then some process
claims it, sends it with its nonce, and notes what became of it. A process that dies between the
sending and the note leaves a claim that runs out, and the next one sends with the same nonce:
Discord (``enforce_nonce``) answers with the message that is there, for a few minutes. Let claims
run out sooner than that; after a longer time look through the channel's messages since
`Sending.tried`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from bot.messages.posted import PostedExcerpt
from bot.state.cursors import Reader
from bot.state.posts import Post, recorded
from bot.state.tables import cursors, deliveries, outbox
from bot.state.work import FREED, Progress, begun, is_due, is_free, postponed
from corpus.document import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from bot.state.store import Store

_PUT = ("key", "kind", "guild", "channel", "payload", "person", "follow", "nonce", "created")


class SendingKind(StrEnum):
    """What is posted."""

    FOLLOW = "follow"
    DIGEST = "digest"
    NOTICE = "notice"
    """A word to the moderators."""
    SHARE = "share"
    SUMMARY = "summary"
    ANSWER = "answer"
    """An answer to somebody who waits for it: nobody but the process that was asked sends it."""


@dataclass(frozen=True, slots=True)
class Message:
    """What to post where; ``values`` is JSON, ``person`` whoever the message names.

    No two messages have one ``key``, such as ``share/ANSWER``.
    """

    key: str
    kind: SendingKind
    channel: int
    guild: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    person: int | None = None
    follow: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Passages of one document's text that matched a follow; ``spans`` are its offsets."""

    follow: int
    document_id: str
    text_sha256: str
    spans: tuple[Span, ...]

    @property
    def excerpts(self) -> tuple[PostedExcerpt, ...]:
        """What a post of it shows."""
        return tuple(PostedExcerpt(self.document_id, self.text_sha256, one) for one in self.spans)


@dataclass(frozen=True, slots=True)
class Sending:
    """A claimed message, and the deliveries that it is made of, oldest first.

    ``nonce`` is the same at every attempt; ``attempts`` counts this one, and above 1 an earlier
    one may have been sent; ``tried`` is when the first was claimed, in Unix seconds.
    """

    id: int
    message: Message
    nonce: str
    attempts: int
    tried: float
    deliveries: tuple[Delivery, ...] = ()


class Outbox:
    """Messages to be posted. A claim ends with `sent`, `postpone` or `fail`, or runs out."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, message: Message) -> bool:
        """Have a message posted; false if one of that key is, was, or could not be.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            return len(put(connection, self._store, [message])) == 1

    def is_sent(self, key: str) -> bool:
        """Whether the message of a key stands on Discord.

        Raises:
            StorageError: the database cannot be used.
        """
        done = (outbox.c.key == key) & (outbox.c.state == Progress.DONE)
        with self._store.read() as connection:
            return connection.scalar(select(outbox.c.id).where(done)) is not None

    def claim(self, seconds: float, key: str | None = None) -> Sending | None:
        """Hold a message that is due (the one of ``key``), for ``seconds``; ``None`` if none is.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            now = self._store.now(connection)
            wanted = select(outbox).where(is_due(outbox, now), is_free(outbox, now))
            if key is not None:
                wanted = wanted.where(outbox.c.key == key)
            row = connection.execute(
                wanted.order_by(outbox.c.due, outbox.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            return None if row is None else self._held(connection, row.id, now, seconds)

    def begin(self, message: Message, seconds: float) -> Sending:
        """Put a message that the caller sends at once, and hold it for ``seconds``.

        Raises:
            StorageError: the database cannot be used.
            KeyError: there is, or was, one of that key.
        """
        with self._store.write() as connection:
            new = put(connection, self._store, [message])
            return self._held(connection, new[message.key], self._store.now(connection), seconds)

    def sent(self, sending: Sending, post: Post) -> bool:
        """Note that it stands on Discord, and remember the post; false if that was noted before.

        Whoever sent it may note it, even after the claim ran out: it is so.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            noted = connection.execute(
                update(outbox)
                .where(outbox.c.id == sending.id, outbox.c.state != Progress.DONE)
                .values(
                    state=Progress.DONE,
                    reason=None,
                    sent=self._store.now(connection),
                    message=post.message,
                    **FREED,
                )
            )
            recorded(connection, self._store, post)
            return noted.rowcount == 1

    def postpone(self, sending: Sending, seconds: float, reason: str) -> bool:
        """It was not sent: try again in ``seconds``; false if another holds it by now.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            later = postponed(self._store.now(connection), seconds, reason)
            return self._noted(connection, sending, later)

    def fail(self, sending: Sending, reason: str) -> bool:
        """It cannot be sent: give up, and say why; false if another holds it by now.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            given_up = {"state": Progress.FAILED, "reason": reason}
            return self._noted(connection, sending, given_up)

    def take_back(self, sending: Sending, line: int) -> bool:
        """It is not to be sent, as if it had never been found: the same may be found again.

        False, and nothing happens, if another holds it by now, or if follows were matched with
        line ``line`` of the journal or a later one since its documents were looked at.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            here = select(cursors.c.line).where(cursors.c.name == Reader.FOLLOWS)
            if connection.scalar(here.with_for_update()) != line:
                return False
            mine = (outbox.c.id == sending.id) & (outbox.c.holder == self._store.holder)
            held = connection.scalar(select(outbox.c.id).where(mine).with_for_update())
            if held is None:
                return False
            connection.execute(delete(deliveries).where(deliveries.c.outbox == held))
            connection.execute(delete(outbox).where(outbox.c.id == held))
            return True

    def failures(self, guild: int | None) -> tuple[tuple[Message, str], ...]:
        """What was given up in a server, and why, oldest first.

        Raises:
            StorageError: the database cannot be used.
        """
        failed = (outbox.c.state == Progress.FAILED) & outbox.c.guild.is_not_distinct_from(guild)
        with self._store.read() as connection:
            rows = connection.execute(select(outbox).where(failed).order_by(outbox.c.id)).all()
            return tuple((_message(row), row.reason or "") for row in rows)

    def _held(self, connection: Connection, row: int, now: float, seconds: float) -> Sending:
        held = connection.execute(
            update(outbox)
            .where(outbox.c.id == row)
            .values(
                holder=self._store.holder,
                held_until=now + seconds,
                attempts=outbox.c.attempts + 1,
                tried=func.coalesce(outbox.c.tried, now),
            )
            .returning(outbox)
        ).one()
        return _sending(held, _deliveries(connection, held.id))

    def _noted(self, connection: Connection, sending: Sending, values: dict[str, Any]) -> bool:
        mine = (outbox.c.id == sending.id) & (outbox.c.holder == self._store.holder)
        return (
            connection.execute(update(outbox).where(mine).values(**FREED, **values)).rowcount == 1
        )


def put(connection: Connection, store: Store, messages: Sequence[Message]) -> dict[str, int]:
    """Do what `Outbox.put` does in a transaction of the caller's: the ids of new ones, by key."""
    if not messages:
        return {}
    now = store.now(connection)
    columns = [outbox.c[name] for name in (*_PUT, *begun(now))]
    rows = [
        (
            one.key, one.kind, one.guild, one.channel, json.dumps(dict(one.values)), one.person,
            one.follow, secrets.token_hex(12), now, *begun(now).values(),
        )
        for one in messages
    ]  # fmt: skip
    new = (
        store.insert(outbox)
        .from_select([column.name for column in columns], store.listed(rows, *columns))
        .on_conflict_do_nothing(index_elements=[outbox.c.key])
    )
    found = connection.execute(new.returning(outbox.c.key, outbox.c.id))
    return {row.key: row.id for row in found}


def _deliveries(connection: Connection, sending: int) -> tuple[Delivery, ...]:
    rows = connection.execute(
        select(deliveries).where(deliveries.c.outbox == sending).order_by(deliveries.c.id)
    )
    return tuple(
        Delivery(
            row.follow,
            row.document_id,
            row.text_sha256,
            tuple(Span(*pair) for pair in json.loads(row.spans)),
        )
        for row in rows
    )


def _sending(row: Row[Any], made_of: tuple[Delivery, ...]) -> Sending:
    return Sending(row.id, _message(row), row.nonce, row.attempts, row.tried, made_of)


def _message(row: Row[Any]) -> Message:
    return Message(
        row.key,
        SendingKind(row.kind),
        row.channel,
        row.guild,
        json.loads(row.payload),
        row.person,
        row.follow,
    )
