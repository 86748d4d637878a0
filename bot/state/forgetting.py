"""What is deleted: what names a person who asks for it, and what has grown old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.state.answers import SECONDS_A_DAY
from bot.state.posts import Post, loaded, without_person
from bot.state.tables import answers, feedback, lookups, outbox, posts, unanswered, views
from bot.state.work import Progress

if TYPE_CHECKING:
    from bot.state.store import Store


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were deleted, and how many lost the person's name, by what they are.

    ``posts`` are the public messages that name the person, to be edited on Discord.
    """

    deleted: dict[str, int]
    unnamed: dict[str, int]
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """After how many days each thing is deleted.

    ``kept`` counts for answers, look-ups and views, ``questions`` for those not answered and
    for feedback, ``sent`` for messages that were posted or given up. Posts stay, since
    corrections must reach them; they name nobody but whoever shared one.
    """

    kept: int = 30
    questions: int = 365
    sent: int = 30


def forget(store: Store, person: int) -> Forgotten:
    """Delete what a person asked and was shown; take their name off what belongs to others.

    That an answer was shared stays.

    Raises:
        StorageError: the database cannot be used.
    """
    with store.write() as connection:
        rows = connection.execute(
            select(posts).where(posts.c.person == person).order_by(posts.c.id)
        ).all()
        naming = tuple(loaded(connection, row) for row in rows)
        deleted = {
            table.name: connection.execute(delete(table).where(table.c.asker == person)).rowcount
            for table in (answers, lookups, views)
        }
        unnamed = {
            "outbox": connection.execute(
                update(outbox).where(outbox.c.person == person).values(person=None)
            ).rowcount,
            "answers": connection.execute(
                update(answers).where(answers.c.sharer == person).values(sharer=None)
            ).rowcount,
            "posts": without_person(connection, person),
        }
    return Forgotten(deleted, unnamed, naming)


def purge(store: Store, retention: Retention) -> int:
    """Delete what has grown old; how many rows.

    Raises:
        StorageError: the database cannot be used.
    """
    with store.write() as connection:
        now = store.now(connection)
        old = [
            table.c.created < now - retention.kept * SECONDS_A_DAY
            for table in (answers, lookups, views)
        ]
        day = datetime.fromtimestamp(now - retention.questions * SECONDS_A_DAY, UTC).date()
        old += [table.c.day < day for table in (unanswered, feedback)]
        ended = outbox.c.state.in_((Progress.DONE, Progress.FAILED))
        old.append(ended & (outbox.c.created < now - retention.sent * SECONDS_A_DAY))
        tables = (answers, lookups, views, unanswered, feedback, outbox)
        return sum(
            connection.execute(delete(table).where(condition)).rowcount
            for table, condition in zip(tables, old, strict=True)
        )
