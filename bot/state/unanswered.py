"""What was asked and not answered, or not helpfully: questions and counts, and no person."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from bot.exports import spreadsheet_cell
from bot.state.tables import feedback, unanswered
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.state.store import Store

# Questions of direct messages belong to no server.
NO_GUILD = 0
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>|@(?=\w)")
_COLUMNS = ("question", "outcome", "count", "first", "last")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question with how often it came, and the first and the last day that it did (UTC)."""

    question: str
    outcome: Outcome
    count: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Feedback:
    """Why an answer was not helpful, in somebody's words."""

    question: str
    outcome: Outcome
    reason: str
    day: date


class Questions:
    """Questions of each server, by day."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, question: str, outcome: Outcome, guild: int | None) -> None:
        """Count a question that was not answered.

        Raises:
            StorageError: the database cannot be used.
        """
        said = normalised(question)
        if not said:
            return
        with self._store.write() as connection:
            new = self._store.insert(unanswered).values(
                guild=guild or NO_GUILD,
                question_sha256=sha256(said.encode("utf-8", "surrogatepass")).hexdigest(),
                outcome=outcome,
                day=_day(self._store.now(connection)),
                question=said,
                count=1,
            )
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=list(unanswered.primary_key.columns),
                    set_={"count": unanswered.c.count + 1},
                )
            )

    def listed(self, guild: int | None, since: date | None = None) -> tuple[Unanswered, ...]:
        """A server's questions, the most frequent first; those since a day, inclusive.

        Raises:
            StorageError: the database cannot be used.
        """
        total = func.sum(unanswered.c.count).label("total")
        chosen = (
            select(
                func.min(unanswered.c.question).label("question"),
                unanswered.c.outcome,
                total,
                func.min(unanswered.c.day).label("first"),
                func.max(unanswered.c.day).label("last"),
            )
            .where(unanswered.c.guild == (guild or NO_GUILD))
            .group_by(unanswered.c.question_sha256, unanswered.c.outcome)
            .order_by(total.desc(), unanswered.c.question_sha256, unanswered.c.outcome)
        )
        if since is not None:
            chosen = chosen.where(unanswered.c.day >= since)
        with self._store.read() as connection:
            return tuple(
                Unanswered(row.question, Outcome(row.outcome), int(row.total), row.first, row.last)
                for row in connection.execute(chosen)
            )

    def unhelpful(self, question: str, outcome: Outcome, reason: str, guild: int | None) -> None:
        """Keep why an answer was not helpful.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            connection.execute(
                insert(feedback).values(
                    guild=guild or NO_GUILD,
                    question=normalised(question),
                    outcome=outcome,
                    reason=_MENTION.sub("", reason).strip(),
                    day=_day(self._store.now(connection)),
                )
            )

    def reasons(self, guild: int | None) -> tuple[Feedback, ...]:
        """Why a server's answers were not helpful, oldest first.

        Raises:
            StorageError: the database cannot be used.
        """
        chosen = select(feedback).where(feedback.c.guild == (guild or NO_GUILD))
        with self._store.read() as connection:
            return tuple(
                Feedback(row.question, Outcome(row.outcome), row.reason, row.day)
                for row in connection.execute(chosen.order_by(feedback.c.id))
            )


def normalised(question: str) -> str:
    """A question without case, needless blanks, marks at its end, and mentions of anybody."""
    bare = " ".join(_MENTION.sub(" ", question).casefold().split())
    return bare.rstrip(" ?!.…")


def as_csv(questions: Iterable[Unanswered]) -> str:
    """The text of a CSV file; a cell that would be read as a formula has an apostrophe first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in questions:
        question = spreadsheet_cell(one.question)
        writer.writerow((question, one.outcome.value, one.count, one.first, one.last))
    return "\ufeff" + out.getvalue()


def _day(now: float) -> date:
    return datetime.fromtimestamp(now, UTC).date()
