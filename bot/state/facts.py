"""Small facts by name, such as which command tree Discord was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.state.tables import facts

if TYPE_CHECKING:
    from bot.state.store import Store


class Facts:
    """Texts by name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> str | None:
        """A small fact, or ``None``.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.read() as connection:
            return connection.scalar(select(facts.c.value).where(facts.c.name == name))

    def put(self, name: str, value: str) -> None:
        """Remember a small fact; one of that name is replaced.

        Raises:
            StorageError: the database cannot be used.
        """
        new = self._store.insert(facts).values(name=name, value=value)
        with self._store.write() as connection:
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=[facts.c.name], set_={"value": new.excluded.value}
                )
            )

    def forget(self, name: str) -> None:
        """Forget a small fact, if there is one of that name.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            connection.execute(delete(facts).where(facts.c.name == name))
