"""All that the bot remembers, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.state.answers import Answers
from bot.state.corrections import Corrections
from bot.state.cursors import Cursors
from bot.state.digests import Digests
from bot.state.facts import Facts
from bot.state.follows import Follows
from bot.state.forgetting import Forgotten, Retention, forget, purge
from bot.state.guilds import Guilds
from bot.state.leases import Leases
from bot.state.lookups import Lookups
from bot.state.migrate import migrate
from bot.state.outbox import Outbox
from bot.state.posts import Posts
from bot.state.store import Store
from bot.state.unanswered import Questions
from bot.state.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


class State:
    """One database. Safe to use from several threads, and by several processes at once."""

    def __init__(self, where: Path | str, *, clock: Callable[[], float] | None = None) -> None:
        """Open or begin the database, and bring its tables up to date.

        ``where`` is a file for SQLite, or a URL such as ``postgresql+psycopg://USER@HOST/NAME``.
        ``clock`` gives Unix seconds; without one it is PostgreSQL's own, or this machine's.

        Raises:
            ConfigError: the URL is none, or names another kind of database.
            StorageError: it cannot be used.
        """
        self._store = store = Store(where, clock)
        try:
            migrate(store)
        except BaseException:
            store.close()
            raise
        self.answers, self.lookups, self.views = Answers(store), Lookups(store), Views(store)
        self.facts, self.guilds, self.questions = Facts(store), Guilds(store), Questions(store)
        self.posts, self.corrections = Posts(store), Corrections(store)
        self.follows, self.digests, self.outbox = Follows(store), Digests(store), Outbox(store)
        self.cursors, self.leases = Cursors(store), Leases(store)

    @property
    def holder(self) -> str:
        """How leases and claims name this one; random."""
        return self._store.holder

    def together(self, works: Iterable[Callable[[], Any]]) -> list[Any]:
        """Do each of ``works``, which call this state, in one transaction; see `Store.together`.

        Raises:
            StorageError: the database cannot be used; nothing of any is written.
        """
        return self._store.together(works)

    def forget(self, person: int) -> Forgotten:
        """Delete all that names a person; see `bot.state.forgetting.forget`.

        Raises:
            StorageError: the database cannot be used.
        """
        return forget(self._store, person)

    def purge(self, retention: Retention) -> int:
        """Delete what has grown old; how many rows.

        Raises:
            StorageError: the database cannot be used.
        """
        return purge(self._store, retention)

    def close(self) -> None:
        """Close every connection."""
        self._store.close()
