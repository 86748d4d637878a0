"""How far each part of the bot has read the corpus's journal, over all processes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.state.tables import cursors

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.state.store import Store


class Reader(StrEnum):
    """Who reads the journal."""

    CORRECTIONS = "corrections"
    FOLLOWS = "follows"


class Cursors:
    """The number of lines handled; line ``n`` (from 0) is the next where ``n`` are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def at(self, reader: Reader) -> int:
        """The next line of ``reader``, from 0.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.read() as connection:
            found = connection.scalar(select(cursors.c.line).where(cursors.c.name == reader))
            return found or 0

    def begin(self, reader: Reader, line: int) -> bool:
        """Let a ``reader`` that never read begin at ``line``; false if it has begun before.

        Raises:
            StorageError: the database cannot be used.
        """
        new = self._store.insert(cursors).values(name=reader, line=line)
        with self._store.write() as connection:
            return connection.execute(new.on_conflict_do_nothing()).rowcount == 1


def moved(connection: Connection, store: Store, reader: Reader, line: int, to: int) -> bool:
    """Whether the cursor stood at ``line``; it stands at ``to`` then, once this is committed."""
    connection.execute(store.insert(cursors).values(name=reader, line=0).on_conflict_do_nothing())
    here = (cursors.c.name == reader) & (cursors.c.line == line)
    return connection.execute(update(cursors).where(here).values(line=to)).rowcount == 1
