"""Changes of documents reach the posts that show them: each once, by one process at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select, update

from bot.state.cursors import Reader, moved
from bot.state.posts import Post, loaded, lock_posts, plan
from bot.state.tables import changes, corrections, post_excerpts, posts
from bot.state.work import FREED, Progress, is_due, is_free, postponed
from corpus.journal import Action
from corpus.library import VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from bot.state.store import Store
    from corpus.journal import Entry


@dataclass(frozen=True, slots=True)
class Change:
    """Line ``line`` (from 0) of the corpus's journal, as far as posts are concerned.

    ``text_sha256`` is of the text that the document has after it; ``None`` if it has none.
    ``same_text`` tells that the document had that text before it too, until that is seen to.
    """

    line: int
    document_id: str
    action: Action
    text_sha256: str | None = None
    same_text: bool = False

    @classmethod
    def of(cls, line: int, entry: Entry, *, same_text: bool = False) -> Change:
        """The change that ``entry``, line ``line`` of the journal, tells of."""
        # An erasure's hash is that of the text that is no more.
        text = None if entry.action is Action.ERASED else entry.text_sha256
        return cls(line, entry.id, entry.action, text, same_text)


@dataclass(frozen=True, slots=True)
class Correction:
    """A post to look at again, held by whoever claimed it, and why: oldest change first.

    ``attempts`` counts this one. A post may turn out to show the current words after all.
    """

    id: int
    post: Post
    changes: tuple[Change, ...]
    attempts: int


class Corrections:
    """What is to be corrected. A claim ends with `done`, `postpone` or `fail`, or runs out."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self, change: Change) -> bool:
        """Handle a line of the journal: posts that show another text of the document are due.

        So are all of them if what the document states of itself was corrected, its text the same;
        and it is then one of `restated` until `plan_again`.

        False, and nothing happens, if this line is not the next: another process was quicker.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            lock_posts(connection, self._store, alone=True)
            if not moved(connection, self._store, Reader.CORRECTIONS, change.line, change.line + 1):
                return False
            connection.execute(
                self._store.insert(changes)
                .values(
                    line=change.line,
                    document_id=change.document_id,
                    action=change.action,
                    text_sha256=change.text_sha256,
                    restated=change.same_text,
                )
                .on_conflict_do_nothing()
            )
            if change.action is not Action.ADDED:
                now, found = self._store.now(connection), _showing(connection, change)
                plan(connection, self._store, now, ((post, change.line) for post in found))
        return True

    def restated(self) -> tuple[Change, ...]:
        """Changes of what is stated alone that are still to be planned again, oldest first.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.read() as connection:
            rows = connection.execute(
                select(changes).where(changes.c.restated).order_by(changes.c.line)
            )
            return tuple(_change(row) for row in rows)

    def plan_again(self, change: Change) -> None:
        """Let posts be due that were recorded since the change of what is stated was planned.

        They were made of an index that did not have it yet, and their text does not tell so:
        call it once the index has it, of each of `restated`.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            lock_posts(connection, self._store, alone=True)
            now, known = self._store.now(connection), corrections.c.line == change.line
            planned = set(connection.scalars(select(corrections.c.post).where(known)))
            found = [one for one in _showing(connection, change) if one not in planned]
            plan(connection, self._store, now, ((post, change.line) for post in found))
            connection.execute(
                update(changes).where(changes.c.line == change.line).values(restated=False)
            )

    def claim(self, seconds: float) -> Correction | None:
        """Hold a post that is due, for ``seconds``; ``None`` if there is none that is free.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            now = self._store.now(connection)
            due = select(corrections.c.post).where(is_due(corrections, now))
            row = connection.execute(
                select(posts)
                .where(is_free(posts, now), posts.c.id.in_(due))
                .order_by(posts.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            return None if row is None else self._held(connection, row, now, seconds)

    def done(self, correction: Correction) -> None:
        """Note that the post says now what it should, for all the changes that were claimed.

        Raises:
            StorageError: the database cannot be used.
        """
        self._note(correction, {"state": Progress.DONE, "reason": None}, only_mine=False)

    def postpone(self, correction: Correction, seconds: float, reason: str) -> bool:
        """Try again in ``seconds``; false if another holds it by now.

        Raises:
            StorageError: the database cannot be used.
        """
        return self._note(correction, None, seconds=seconds, reason=reason)

    def fail(self, correction: Correction, reason: str) -> bool:
        """Give up, and say why; false if another holds it by now.

        Raises:
            StorageError: the database cannot be used.
        """
        return self._note(correction, {"state": Progress.FAILED, "reason": reason})

    def of_change(self, line: int, guild: int | None) -> tuple[tuple[Post, Progress, str], ...]:
        """How far the posts of a server are for line ``line`` of the journal, oldest first.

        With each goes why it was postponed last or given up, empty if it was not.

        Raises:
            StorageError: the database cannot be used.
        """
        chosen = (
            select(posts, corrections.c.state, corrections.c.reason)
            .join(corrections, corrections.c.post == posts.c.id)
            .where(corrections.c.line == line, posts.c.guild.is_not_distinct_from(guild))
            .order_by(posts.c.id)
        )
        with self._store.read() as connection:
            rows = connection.execute(chosen).all()
            return tuple(
                (loaded(connection, row), Progress(row.state), row.reason or "") for row in rows
            )

    def _held(
        self, connection: Connection, row: Row[Any], now: float, seconds: float
    ) -> Correction | None:
        mine = (corrections.c.post == row.id) & is_due(corrections, now)
        connection.execute(
            update(corrections).where(mine).values(attempts=corrections.c.attempts + 1)
        )
        found = connection.execute(
            select(changes, corrections.c.attempts)
            .join(corrections, corrections.c.line == changes.c.line)
            .where(mine)
            .order_by(changes.c.line)
        ).all()
        if not found:
            # Whoever held it did it between our looking and our locking.
            return None
        connection.execute(
            update(posts)
            .where(posts.c.id == row.id)
            .values(holder=self._store.holder, held_until=now + seconds)
        )
        why = tuple(_change(one) for one in found)
        return Correction(row.id, loaded(connection, row), why, max(one.attempts for one in found))

    def _note(
        self,
        correction: Correction,
        values: dict[str, Any] | None,
        *,
        only_mine: bool = True,
        seconds: float = 0.0,
        reason: str = "",
    ) -> bool:
        with self._store.write() as connection:
            mine = (posts.c.id == correction.id) & (posts.c.holder == self._store.holder)
            freed = connection.execute(update(posts).where(mine).values(**FREED)).rowcount == 1
            if only_mine and not freed:
                return False
            lines = [change.line for change in correction.changes]
            # What was planned anew meanwhile, since the message changed, is still to be done.
            claimed = corrections.c.line.in_(lines) & (corrections.c.attempts > 0)
            noted = values or postponed(self._store.now(connection), seconds, reason)
            connection.execute(
                update(corrections)
                .where(corrections.c.post == correction.id, claimed)
                .values(**noted)
            )
            return True


def _showing(connection: Connection, change: Change) -> list[int]:
    """The posts that show the document in another text than it has after the change."""
    old = or_(
        change.text_sha256 is None or change.same_text,  # type: ignore[arg-type]  # SQLAlchemy takes a plain truth
        post_excerpts.c.text_sha256 != change.text_sha256,
    )
    shown = post_excerpts.c.document_id
    affected = and_(shown == change.document_id, old)
    if change.action is Action.ERASED:
        earlier = shown.startswith(f"{change.document_id}{VERSION}", autoescape=True)
        affected = or_(affected, earlier)
    return list(connection.scalars(select(post_excerpts.c.post).distinct().where(affected)))


def _change(row: Row[Any]) -> Change:
    action = Action(row.action)
    return Change(row.line, row.document_id, action, row.text_sha256, row.restated)
