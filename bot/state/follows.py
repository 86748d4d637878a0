"""Topics that channels follow, and what was found for them."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.state.cursors import Reader, moved
from bot.state.digests import Follow, Mode, follow_of, next_digest
from bot.state.outbox import Message, SendingKind, put
from bot.state.tables import deliveries, follows
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from bot.state.corrections import Change
    from bot.state.store import Store
    from corpus.document import Span

_ROWS_AT_ONCE = 5_000
_DELIVERED = (
    "follow", "document_id", "text_sha256", "line", "spans", "planned", "outbox",
)  # fmt: skip


class Follows:
    """Follows, by id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, follow: Follow) -> Follow:
        """Keep a follow; it comes back with its id.

        Raises:
            InputError: the channel follows this topic already.
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            now = self._store.now(connection)
            due = next_digest(connection, follow.guild, follow.mode, now)
            kept = connection.scalar(
                self._store.insert(follows)
                .values(
                    guild=follow.guild,
                    channel=follow.channel,
                    topic=follow.topic,
                    topic_sha256=_folded(follow.topic),
                    kind=follow.kind or "",
                    mode=follow.mode,
                    created=now,
                    next_digest=due,
                )
                .on_conflict_do_nothing()
                .returning(follows.c.id)
            )
        if kept is None:
            raise InputError("that channel follows this topic already; see /following")
        return replace(follow, id=kept, created=now, next_digest=due)

    def of_guild(self, guild: int) -> tuple[Follow, ...]:
        """A server's follows, oldest first.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.read() as connection:
            rows = connection.execute(
                select(follows).where(follows.c.guild == guild).order_by(follows.c.id)
            )
            return tuple(follow_of(row) for row in rows)

    def all(self) -> tuple[Follow, ...]:
        """Everybody's follows, oldest first, to be matched with what is new.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.read() as connection:
            return tuple(
                follow_of(row) for row in connection.execute(select(follows).order_by(follows.c.id))
            )

    def remove(self, guild: int, follow_id: int) -> bool:
        """Follow no more, and post no more of what was found; false if the server has none such.

        Raises:
            StorageError: the database cannot be used.
        """
        one = (follows.c.guild == guild) & (follows.c.id == follow_id)
        with self._store.write() as connection:
            return connection.execute(delete(follows).where(one)).rowcount == 1

    def matched(self, change: Change, found: Mapping[int, Sequence[Span]]) -> bool:
        """Handle a line of the journal: ``found`` are the spans for each follow that matches.

        What is to be posted at once is in the outbox then, the rest waits for its digest; a text
        that a follow was told of before is not told again. False, and nothing happens, if this
        line is not the next: another process was quicker.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            if not moved(connection, self._store, Reader.FOLLOWS, change.line, change.line + 1):
                return False
            wanted = [one for one, spans in found.items() if spans and change.text_sha256]
            for start in range(0, len(wanted), _ROWS_AT_ONCE):
                self._deliver(connection, change, wanted[start : start + _ROWS_AT_ONCE], found)
        return True

    def _deliver(
        self,
        connection: Connection,
        change: Change,
        wanted: Sequence[int],
        found: Mapping[int, Sequence[Span]],
    ) -> None:
        # Nobody else delivers meanwhile: the cursor is ours until the transaction ends.
        text = (deliveries.c.document_id == change.document_id) & (
            deliveries.c.text_sha256 == change.text_sha256
        )
        told = set(connection.scalars(select(deliveries.c.follow).where(text)))
        these = self._store.listed([(one,) for one in wanted], follows.c.id)
        there = connection.execute(
            select(follows)
            .where(follows.c.id.in_(these))
            .order_by(follows.c.id)
            .with_for_update(read=True, key_share=True)
        )
        new = [follow_of(row) for row in there if row.id not in told]
        keys = {
            one.id: f"follow/{one.id}/{change.document_id}/{change.text_sha256}"
            for one in new
            if one.mode is Mode.AT_ONCE
        }
        messages = [
            Message(keys[one.id], SendingKind.FOLLOW, one.channel, one.guild, follow=one.id)
            for one in new
            if one.id in keys
        ]
        made = put(connection, self._store, messages)
        columns = [deliveries.c[name] for name in _DELIVERED]
        rows = [
            (
                one.id, change.document_id, change.text_sha256, change.line,
                json.dumps([[span.start, span.end] for span in found[one.id]]),
                one.id in keys, made[keys[one.id]] if one.id in keys else None,
            )
            for one in new
        ]  # fmt: skip
        connection.execute(
            insert(deliveries).from_select(_DELIVERED, self._store.listed(rows, *columns))
        )


def _folded(topic: str) -> str:
    """What two topics have in common that differ in case and blanks alone."""
    return sha256(" ".join(topic.casefold().split()).encode("utf-8", "replace")).hexdigest()
