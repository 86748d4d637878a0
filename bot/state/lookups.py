"""Look-ups of quotations whose pages can be turned."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.state.answers import SECONDS_A_DAY
from bot.state.tables import lookups
from corpus.errors import StorageError
from index.quotes import QuoteQuery

if TYPE_CHECKING:
    from bot.state.store import Store

_DATES = ("since", "until")


class Lookups:
    """What quotations were asked for, by an id that cannot be guessed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, asker: int, query: QuoteQuery, *, days: int) -> str:
        """Remember a look-up, and forget those older than ``days``; the id to find it by.

        Raises:
            StorageError: the database cannot be used.
        """
        lookup_id = secrets.token_urlsafe(12)
        values = asdict(query)
        for key in _DATES:
            values[key] = values[key] and values[key].isoformat()
        with self._store.write() as connection:
            now = self._store.now(connection)
            oldest = now - days * SECONDS_A_DAY
            connection.execute(delete(lookups).where(lookups.c.created < oldest))
            connection.execute(
                insert(lookups).values(
                    id=lookup_id, asker=asker, created=now, lookup=json.dumps(values)
                )
            )
        return lookup_id

    def kept(self, lookup_id: str) -> tuple[int, QuoteQuery] | None:
        """Who asked, and for which quotations; ``None`` if it is gone or never was.

        Raises:
            StorageError: the database, or what it holds of this look-up, cannot be read.
        """
        with self._store.read() as connection:
            row = connection.execute(select(lookups).where(lookups.c.id == lookup_id)).first()
        if row is None:
            return None
        try:
            values = json.loads(row.lookup)
            for key in _DATES:
                values[key] = values[key] and date.fromisoformat(values[key])
            values["left_out"] = tuple(values.get("left_out", ()))
            return row.asker, QuoteQuery(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"a look-up in {self._store.name} cannot be read ({error})"
            ) from error
