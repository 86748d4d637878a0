"""Follows as they are kept, and their digests: due at a server's own time, planned once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.state.outbox import Message, SendingKind, put
from bot.state.settings import guild_settings_of
from bot.state.tables import deliveries, follows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from bot.state.store import Store


class Mode(StrEnum):
    """When what is found is posted."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Follow:
    """``kind`` is the kind of announcement wanted, ``None`` for all; nobody is named.

    ``id`` is 0 until it is kept; ``created`` and ``next_digest`` are Unix seconds.
    """

    guild: int
    channel: int
    topic: str
    mode: Mode
    kind: str | None = None
    id: int = 0
    created: float = 0.0
    next_digest: float | None = None


class Digests:
    """What waits for its digest."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self) -> int:
        """Put every digest that is due into the outbox, once; how many.

        Where nothing was found there is none. After a pause there is one, not one a day.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            now = self._store.now(connection)
            due = connection.execute(
                select(follows)
                .where(follows.c.next_digest <= now)
                .order_by(follows.c.id)
                .with_for_update(skip_locked=True)
            ).all()
            return sum(self._digest(connection, follow_of(row), now) for row in due)

    def _digest(self, connection: Connection, follow: Follow, now: float) -> int:
        waiting = list(
            connection.scalars(
                select(deliveries.c.id)
                .where(deliveries.c.follow == follow.id, ~deliveries.c.planned)
                .order_by(deliveries.c.id)
            )
        )
        connection.execute(
            update(follows)
            .where(follows.c.id == follow.id)
            .values(next_digest=next_digest(connection, follow.guild, follow.mode, now))
        )
        if waiting:
            key = f"digest/{follow.id}/{waiting[0]}"
            digest = Message(
                key, SendingKind.DIGEST, follow.channel, follow.guild, follow=follow.id
            )
            made = put(connection, self._store, [digest])
            connection.execute(
                update(deliveries)
                .where(deliveries.c.follow == follow.id, deliveries.c.id <= waiting[-1])
                .where(~deliveries.c.planned)
                .values(planned=True, outbox=made[key])
            )
        return min(len(waiting), 1)


def next_digest(connection: Connection, guild: int, mode: Mode, now: float) -> float | None:
    """When the next digest is due in a server, in Unix seconds; ``None`` where there is none."""
    if mode is Mode.AT_ONCE:
        return None
    times = guild_settings_of(connection, guild).digest_times
    return times.next(now, weekly=mode is Mode.WEEKLY)


def reschedule(connection: Connection, guild: int, now: float) -> None:
    """Let a server's digests come at its new times, in a transaction of the caller's."""
    for mode in (Mode.DAILY, Mode.WEEKLY):
        here = (follows.c.guild == guild) & (follows.c.mode == mode) & (follows.c.next_digest > now)
        due = next_digest(connection, guild, mode, now)
        connection.execute(update(follows).where(here).values(next_digest=due))


def follow_of(row: Row[Any]) -> Follow:
    """The follow of a row of ``follows``."""
    return Follow(
        row.guild,
        row.channel,
        row.topic,
        Mode(row.mode),
        row.kind or None,
        row.id,
        row.created,
        row.next_digest,
    )
