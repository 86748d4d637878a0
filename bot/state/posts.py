"""Every public message of the bot and the excerpts in it, and what is to be corrected in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text, update

from bot.messages.posted import PostedExcerpt
from bot.state.tables import changes, corrections, post_excerpts, posts
from bot.state.work import begun
from corpus.document import Span
from corpus.journal import Action
from corpus.library import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

    from bot.state.store import Store

# Posts are recorded beside each other, and not while a change is planned for what is recorded.
_ADVISORY_LOCK = 0x6D71_7073


@dataclass(frozen=True, slots=True)
class Post:
    """A public message; ``guild`` is ``None`` in direct messages.

    ``excerpts`` are what it shows as a source's words today: not those that it strikes out.

    ``kind`` is what made it, such as "answer" or "digest"; ``view`` the id of the answer or view
    that it shows a page of; ``person`` whoever it names, such as the one who shared it.
    """

    channel: int
    message: int
    kind: str
    excerpts: tuple[PostedExcerpt, ...]
    guild: int | None = None
    view: str | None = None
    person: int | None = None


class Posts:
    """Posts by their message."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, post: Post) -> None:
        """Remember what a message shows, or shows now: what it showed before is forgotten.

        If a document has changed since the text that the message shows, a correction is planned.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            recorded(connection, self._store, post)

    def of_message(self, message: int) -> Post | None:
        """The post that is this message; ``None`` if it is not remembered.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.read() as connection:
            row = connection.execute(select(posts).where(posts.c.message == message)).first()
            return None if row is None else loaded(connection, row)

    def forget(self, *, message: int | None = None, channel: int | None = None) -> int:
        """Forget a message that was deleted, or all of a deleted channel; how many they were.

        Raises:
            StorageError: the database cannot be used.
        """
        gone = (posts.c.message == message) | (posts.c.channel == channel)
        with self._store.write() as connection:
            return connection.execute(delete(posts).where(gone)).rowcount


def recorded(connection: Connection, store: Store, post: Post) -> None:
    """Do what `Posts.record` does in a transaction of the caller's."""
    lock_posts(connection, store, alone=False)
    now = store.now(connection)
    values: dict[str, Any] = {
        "guild": post.guild, "channel": post.channel, "message": post.message,
        "kind": post.kind, "view": post.view, "person": post.person,
    }  # fmt: skip
    post_id = connection.scalar(
        store.insert(posts)
        .values(**values, created=now)
        .on_conflict_do_update(index_elements=[posts.c.message], set_=values)
        .returning(posts.c.id)
    )
    connection.execute(delete(post_excerpts).where(post_excerpts.c.post == post_id))
    if post.excerpts:
        rows = [
            {
                "post": post_id, "ordinal": ordinal, "document_id": one.document_id,
                "text_sha256": one.text_sha256, "start": one.span.start, "end": one.span.end,
            }
            for ordinal, one in enumerate(post.excerpts)
        ]  # fmt: skip
        connection.execute(insert(post_excerpts), rows)
    plan(connection, store, now, ((post_id, line) for line in _missed(connection, post)))


def lock_posts(connection: Connection, store: Store, *, alone: bool) -> None:
    """Keep planning and recording apart until the transaction ends; SQLite does so anyway."""
    if not store.is_sqlite:
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {function}(:key)"), {"key": _ADVISORY_LOCK})


def plan(
    connection: Connection, store: Store, now: float, pairs: Iterable[tuple[Any, int]]
) -> None:
    """Let posts be looked at again for lines of the journal, even if they were before."""
    rows = [{"post": post, "line": line, **begun(now)} for post, line in pairs]
    if rows:
        connection.execute(
            store.insert(corrections).on_conflict_do_update(
                index_elements=[corrections.c.post, corrections.c.line], set_=begun(now)
            ),
            rows,
        )


def loaded(connection: Connection, row: Row[Any]) -> Post:
    """The post of a row of ``posts``."""
    found = connection.execute(
        select(post_excerpts)
        .where(post_excerpts.c.post == row.id)
        .order_by(post_excerpts.c.ordinal)
    )
    excerpts = tuple(
        PostedExcerpt(one.document_id, one.text_sha256, Span(one.start, one.end)) for one in found
    )
    return Post(row.channel, row.message, row.kind, excerpts, row.guild, row.view, row.person)


def _missed(connection: Connection, post: Post) -> list[int]:
    """The last handled change of each document whose text is not, or no longer, the one shown."""
    shown = {(*one.document_id.partition(VERSION)[:2], one.text_sha256) for one in post.excerpts}
    found = connection.execute(
        select(changes)
        .where(changes.c.document_id.in_({document_id for document_id, _, _ in shown}))
        .order_by(changes.c.line)
    )
    last = {row.document_id: row for row in found}
    outdated = {
        document_id
        for document_id, earlier, text_sha256 in shown
        if document_id in last
        and (
            last[document_id].action == Action.ERASED
            if earlier
            else last[document_id].text_sha256 != text_sha256
        )
    }
    return sorted(last[document_id].line for document_id in outdated)


def without_person(connection: Connection, person: int) -> int:
    """Take a person's name off the posts; how many named them."""
    return connection.execute(
        update(posts).where(posts.c.person == person).values(person=None)
    ).rowcount
