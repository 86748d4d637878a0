"""Leases: what one process does for all, until it is done or has not been heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from bot.state.tables import leases

if TYPE_CHECKING:
    from bot.state.store import Store


class Leases:
    """Each name has one holder at a time: a `Store`, by its random ``holder``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, name: str, seconds: float) -> bool:
        """Hold ``name`` for ``seconds`` from now; false if another does. One's own is prolonged.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            now = self._store.now(connection)
            new = self._store.insert(leases).values(
                name=name, holder=self._store.holder, held_until=now + seconds
            )
            taken = new.on_conflict_do_update(
                index_elements=[leases.c.name],
                set_={"holder": new.excluded.holder, "held_until": new.excluded.held_until},
                where=(leases.c.held_until < now) | (leases.c.holder == self._store.holder),
            )
            return connection.scalar(taken.returning(leases.c.name)) is not None

    def renew(self, name: str, seconds: float) -> bool:
        """Go on holding ``name``, for ``seconds`` from now; false if it ran out or was taken.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            now = self._store.now(connection)
            mine = (leases.c.name == name) & (leases.c.holder == self._store.holder)
            renewed = connection.execute(
                update(leases)
                .where(mine, leases.c.held_until >= now)
                .values(held_until=now + seconds)
            )
            return renewed.rowcount == 1

    def release(self, name: str) -> None:
        """Let others have ``name``; nothing happens where another holds it.

        Raises:
            StorageError: the database cannot be used.
        """
        mine = (leases.c.name == name) & (leases.c.holder == self._store.holder)
        with self._store.write() as connection:
            connection.execute(delete(leases).where(mine))
