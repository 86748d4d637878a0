"""Where the settings of servers and channels are kept."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from bot.state.digests import reschedule
from bot.state.settings import (
    ChannelSettings,
    GuildSettings,
    Here,
    channel_settings_of,
    guild_settings_of,
    unknown_kept,
)
from bot.state.tables import (
    channel_settings,
    corrections,
    feedback,
    follows,
    guild_settings,
    outbox,
    posts,
    unanswered,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from bot.state.store import Store


class Guilds:
    """Settings by server and channel."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def settings(self, guild: int) -> GuildSettings:
        """A server's settings; the defaults where it has chosen none.

        Raises:
            StorageError: the database, or what it holds of them, cannot be read.
        """
        with self._store.read() as connection:
            return guild_settings_of(connection, guild)

    def here(self, guild: int, channel: int) -> Here:
        """What holds in a channel.

        Raises:
            StorageError: the database, or what it holds of them, cannot be read.
        """
        with self._store.read() as connection:
            own = channel_settings_of(connection, guild, channel)
            return Here.of(channel, guild_settings_of(connection, guild), own)

    def of_channel(self, guild: int, channel: int) -> ChannelSettings:
        """A channel's own settings.

        Raises:
            StorageError: the database, or what it holds of them, cannot be read.
        """
        with self._store.read() as connection:
            return channel_settings_of(connection, guild, channel)

    def change(self, guild: int, **changed: Any) -> GuildSettings:  # noqa: ANN401 - of GuildSettings
        """Change some of a server's settings, named as the fields of `GuildSettings`.

        Changes of others at the same time are kept. Digests come at the new time from now on.

        Raises:
            InputError: a value makes no sense.
            StorageError: the database cannot be used.
        """
        key = {"guild": guild}
        with self._store.write() as connection:
            before = self._locked(connection, guild_settings, key)
            old = GuildSettings.read(before)
            new = replace(old, **changed)
            _put(connection, guild_settings, key, unknown_kept(before, new.text(), asdict(new)))
            if new.digest_times != old.digest_times:
                reschedule(connection, guild, self._store.now(connection))
            return new

    def change_channel(
        self,
        guild: int,
        channel: int,
        **changed: Any,  # noqa: ANN401 - of ChannelSettings
    ) -> ChannelSettings:
        """Change some of a channel's settings, named as the fields of `ChannelSettings`.

        ``None`` lets the server's hold again.

        Raises:
            InputError: a value makes no sense.
            StorageError: the database cannot be used.
        """
        key = {"guild": guild, "channel": channel}
        with self._store.write() as connection:
            before = self._locked(connection, channel_settings, key)
            new = replace(ChannelSettings.read(before), **changed)
            _put(connection, channel_settings, key, unknown_kept(before, new.text(), asdict(new)))
            return new

    def forget(self, guild: int) -> int:
        """Delete all that is kept of a server that the bot left; how many rows.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            here = select(posts.c.id).where(posts.c.guild == guild)
            count = connection.execute(
                delete(corrections).where(corrections.c.post.in_(here))
            ).rowcount
            for table in (
                outbox, follows, posts, channel_settings, guild_settings, unanswered, feedback,
            ):  # fmt: skip
                count += connection.execute(delete(table).where(table.c.guild == guild)).rowcount
            return count

    def _locked(self, connection: Connection, table: Table, key: dict[str, int]) -> str:
        """What is kept, for this transaction alone to change."""
        new = self._store.insert(table).values(**key, settings="{}")
        connection.execute(new.on_conflict_do_nothing())
        chosen = select(table.c.settings).filter_by(**key).with_for_update()
        return str(connection.execute(chosen).scalar_one())


def _put(connection: Connection, table: Table, key: dict[str, int], settings: str) -> None:
    connection.execute(update(table).filter_by(**key).values(settings=settings))
