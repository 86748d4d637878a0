"""What is deleted, for a person and by age."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.state.forgetting import Retention
from bot.state.tables import METADATA
from index.types import Outcome
from tests.bot.state.conftest import DAY
from tests.bot.state.test_answers import KEPT, PRIVATE
from tests.bot.state.test_corrections import FIRST
from tests.bot.state.test_lookups import PREVIEW, QUERY
from tests.bot.state.test_outbox import NOTICE, POST

if TYPE_CHECKING:
    from bot.state import State
    from tests.bot.state.conftest import Clock

ANN, BEN = 987_654_321_012, 876_543_210_123


def everything(state: State) -> list[Any]:
    """Every value of every row of every table."""
    with state._store.read() as connection:
        return [
            value
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        ]


def test_nothing_names_a_person_who_asked_to_be_forgotten(state: State) -> None:
    for who in (ANN, BEN):
        state.answers.keep(replace(KEPT, asker=who), days=30)
        state.lookups.keep(who, QUERY, days=30)
        state.views.keep(replace(PREVIEW, asker=who), days=30)
        state.posts.record(replace(FIRST, person=who, message=who + 1))
        state.outbox.put(replace(NOTICE, person=who, key=str(who + 2)))
        state.questions.count(f"where is <@{who}>", Outcome.NOTHING, 5)
    shared = state.answers.keep(replace(PRIVATE, asker=BEN), days=30)
    state.answers.share(shared, ANN)
    forgotten = state.forget(ANN)
    assert forgotten.deleted == {"answers": 1, "lookups": 1, "views": 1}
    assert forgotten.unnamed == {"outbox": 1, "answers": 1, "posts": 1}
    assert forgotten.posts == (replace(FIRST, person=ANN, message=ANN + 1),)
    assert ANN not in everything(state)
    assert everything(state).count(BEN) == 6
    kept = state.answers.kept(shared)
    assert kept is not None
    assert (kept.shared, kept.sharer) == (True, None)
    assert not state.answers.share(shared, BEN)
    assert state.forget(ANN).posts == ()


def test_what_has_grown_old_is_purged_and_posts_stay(state: State, clock: Clock) -> None:
    answer_id = state.answers.keep(KEPT, days=1_000)
    state.lookups.keep(1, QUERY, days=1_000)
    state.views.keep(PREVIEW, days=1_000)
    state.questions.count("who?", Outcome.NOTHING, 5)
    state.questions.unhelpful("who?", Outcome.ANSWERED, "wrong", 5)
    state.outbox.put(NOTICE)
    state.outbox.put(replace(NOTICE, key="still to be sent"))
    sending = state.outbox.claim(60, key=NOTICE.key)
    assert sending is not None
    state.outbox.sent(sending, POST)
    retention = Retention(kept=30, questions=60, sent=90)
    counts = []
    for days in (29, 2, 30, 30):
        clock.now += days * DAY
        counts.append(state.purge(retention))
    assert counts == [0, 3, 2, 1]
    assert state.answers.kept(answer_id) is None
    assert state.posts.of_message(100) == POST
    assert state.outbox.claim(60) is not None
