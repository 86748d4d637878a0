"""What buttons and menus need to know after a restart: a kind and its values, by a random id."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from bot.state.answers import SECONDS_A_DAY
from bot.state.tables import views
from corpus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Row

    from bot.state.store import Store


@dataclass(frozen=True, slots=True)
class View:
    """``values`` is JSON; what is in it, its ``kind`` says, such as a summary's preview."""

    kind: str
    asker: int
    values: Mapping[str, Any]


class Views:
    """Views by an id that cannot be guessed. An id of another kind is as good as none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, view: View, *, days: int) -> str:
        """Remember a view, and forget those of its kind older than ``days``; its id.

        Raises:
            StorageError: the database cannot be used.
        """
        view_id = secrets.token_urlsafe(12)
        with self._store.write() as connection:
            now = self._store.now(connection)
            oldest = now - days * SECONDS_A_DAY
            old = (views.c.kind == view.kind) & (views.c.created < oldest)
            connection.execute(delete(views).where(old))
            connection.execute(
                insert(views).values(
                    id=view_id,
                    kind=view.kind,
                    asker=view.asker,
                    created=now,
                    payload=json.dumps(dict(view.values)),
                )
            )
        return view_id

    def kept(self, view_id: str, kind: str) -> View | None:
        """The view; ``None`` if it is gone or never was.

        Raises:
            StorageError: the database, or what it holds of this view, cannot be read.
        """
        with self._store.read() as connection:
            wanted = (views.c.id == view_id) & (views.c.kind == kind)
            return self._view(connection.execute(select(views).where(wanted)).first())

    def change(self, view_id: str, values: Mapping[str, Any]) -> bool:
        """Replace the values, as when a preview is edited; false if it is gone.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            changed = connection.execute(
                update(views).where(views.c.id == view_id).values(payload=json.dumps(dict(values)))
            )
            return changed.rowcount == 1

    def take(self, view_id: str, kind: str) -> View | None:
        """The view, for the last time: of two that take it at once, one gets ``None``.

        Raises:
            StorageError: the database, or what it holds of this view, cannot be read.
        """
        with self._store.write() as connection:
            wanted = (views.c.id == view_id) & (views.c.kind == kind)
            return self._view(
                connection.execute(delete(views).where(wanted).returning(views)).first()
            )

    def forget(self, kind: str, is_gone: Callable[[Mapping[str, Any]], bool]) -> int:
        """Delete the views of a kind whose values ``is_gone`` says are to go; how many.

        One that cannot be read goes too: nobody can use it, and what is in it nobody knows.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            rows = connection.execute(select(views).where(views.c.kind == kind)).all()
            old = [row.id for row in rows if _is_gone(row.payload, is_gone)]
            connection.execute(delete(views).where(views.c.id.in_(old)))
        return len(old)

    def _view(self, row: Row[Any] | None) -> View | None:
        if row is None:
            return None
        try:
            values = json.loads(row.payload)
        except ValueError as error:
            raise StorageError(f"a view in {self._store.name} cannot be read ({error})") from error
        return View(row.kind, row.asker, values)


def _is_gone(payload: str, is_gone: Callable[[Mapping[str, Any]], bool]) -> bool:
    try:
        values = json.loads(payload)
    except ValueError:
        return True
    return is_gone(values)
