"""Answers whose pages can be turned, and which may be shared once."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from bot.state.tables import answers
from corpus.document import PartialDate, Span
from corpus.errors import StorageError
from index.types import Answer, Excerpt, Outcome, Query

if TYPE_CHECKING:
    from bot.state.store import Store

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer with who asked and which text each excerpt was cut from (sha256, in order).

    ``private`` is one that only the asker sees; ``shared`` says that it was made public, by
    ``sharer`` unless that person asked to be forgotten.
    """

    asker: int
    answer: Answer
    texts: tuple[str, ...]
    private: bool = False
    shared: bool = False
    sharer: int | None = None


class Answers:
    """Answers by an id that cannot be guessed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, kept: KeptAnswer, *, days: int) -> str:
        """Remember an answer, and forget those older than ``days``; the id to find it by.

        Raises:
            StorageError: the database cannot be used.
        """
        answer_id = secrets.token_urlsafe(12)
        with self._store.write() as connection:
            now = self._store.now(connection)
            oldest = now - days * SECONDS_A_DAY
            connection.execute(delete(answers).where(answers.c.created < oldest))
            connection.execute(
                insert(answers).values(
                    id=answer_id,
                    asker=kept.asker,
                    created=now,
                    answer=json.dumps(_plain(kept)),
                    private=kept.private,
                )
            )
        return answer_id

    def kept(self, answer_id: str) -> KeptAnswer | None:
        """The answer of this id; ``None`` if it is gone or never was.

        Raises:
            StorageError: the database, or what it holds of this answer, cannot be read.
        """
        with self._store.read() as connection:
            row = connection.execute(select(answers).where(answers.c.id == answer_id)).first()
        if row is None:
            return None
        try:
            answer, texts = _read(json.loads(row.answer))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise StorageError(
                f"an answer in {self._store.name} cannot be read ({error})"
            ) from error
        return KeptAnswer(row.asker, answer, texts, row.private, row.shared is not None, row.sharer)

    def share(self, answer_id: str, sharer: int) -> bool:
        """Note that ``sharer`` makes a private answer public.

        False if it is gone, was public from the start, or was shared before.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            noted = connection.execute(
                update(answers)
                .where(answers.c.id == answer_id, answers.c.private, answers.c.shared.is_(None))
                .values(sharer=sharer, shared=self._store.now(connection))
            )
            return noted.rowcount == 1

    def unshare(self, answer_id: str, sharer: int) -> None:
        """Take back a `share` that could not be posted, so that it can be tried again.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._store.write() as connection:
            connection.execute(
                update(answers)
                .where(answers.c.id == answer_id, answers.c.sharer == sharer)
                .values(sharer=None, shared=None)
            )


def _plain(kept: KeptAnswer) -> dict[str, Any]:
    answer, query = kept.answer, kept.answer.query
    return {
        "question": query.text,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "outcome": answer.outcome.value,
        "confidence": answer.confidence,
        "undated_left_out": answer.undated_left_out,
        "by_date": answer.by_date,
        "undated": answer.undated,
        "newest": answer.newest and str(answer.newest),
        "excerpts": [
            [
                e.document_id,
                e.span.start,
                e.span.end,
                e.score,
                [(h.start, h.end) for h in e.highlights],
                text,
                e.also,
            ]
            for e, text in zip(answer.excerpts, kept.texts, strict=True)
        ],
    }


def _read(values: dict[str, Any]) -> tuple[Answer, tuple[str, ...]]:
    since, until = (values[key] and date.fromisoformat(values[key]) for key in ("since", "until"))
    excerpts = tuple(
        # Who is quoted is looked up again in the index when the page is shown.
        Excerpt(
            document,
            Span(start, end),
            score,
            tuple(Span(*pair) for pair in marked),
            (),
            tuple(also[0]) if also else (),
        )
        for document, start, end, score, marked, _, *also in values["excerpts"]
    )
    newest = values.get("newest")
    answer = Answer(
        Query(values["question"], since, until),
        Outcome(values["outcome"]),
        values["confidence"],
        excerpts,
        values["undated_left_out"],
        by_date=values.get("by_date", False),
        undated=values.get("undated", 0),
        newest=newest and PartialDate.parse(newest),
    )
    return answer, tuple(row[5] for row in values["excerpts"])
