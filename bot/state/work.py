"""What tables of work have in common: a state, a time when it is due, and a holder for a while."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table


class Progress(StrEnum):
    """How far a piece of work is."""

    TODO = "todo"
    DONE = "done"
    FAILED = "failed"


def is_free(table: Table, now: float) -> ColumnElement[bool]:
    """Whether nobody holds a row, or whoever did has not come back in time."""
    return or_(table.c.held_until.is_(None), table.c.held_until < now)


def is_due(table: Table, now: float) -> ColumnElement[bool]:
    """Whether a row is still to be done, and may be."""
    return (table.c.state == Progress.TODO) & (table.c.due <= now)


def begun(now: float) -> dict[str, Any]:
    """The columns of work that is new and may be done at once."""
    return {"state": Progress.TODO, "due": now, "attempts": 0}


def postponed(now: float, seconds: float, reason: str) -> dict[str, Any]:
    """The columns of work that is to be tried again in ``seconds``."""
    return {"due": now + seconds, "reason": reason}


FREED: dict[str, None] = {"holder": None, "held_until": None}
