"""Answers that are kept, turned and shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from bot.state import KeptAnswer, State
from corpus.document import PartialDate
from index.types import Query
from tests.bot.answers import answer, document, excerpt
from tests.bot.state.conftest import DAY, Clock, Place

_SOURCE = document("One was hurt. “Two,” she said.")
_ANSWER = replace(
    answer(
        excerpt(_SOURCE, "One was hurt.", highlighted=("One", "hurt")),
        excerpt(_SOURCE, "“Two,” she said."),
        undated_left_out=2,
    ),
    by_date=True,
    undated=1,
    newest=PartialDate(2020, 6),
    query=Query("Who – “was” hurt? \0 👮 \ud800", date(2020, 6, 1), None),
)
KEPT = KeptAnswer(42, _ANSWER, (_SOURCE.sha256, "0" * 64))
PRIVATE = replace(KEPT, private=True)
ANN, BEN = 7, 2**63 - 1


def test_an_answer_survives_reopening(place: Place) -> None:
    first = place.open()
    answer_id = first.answers.keep(KEPT, days=30)
    first.close()
    assert place.open().answers.kept(answer_id) == KEPT


def test_ids_are_not_to_be_guessed(state: State) -> None:
    ids = {state.answers.keep(KEPT, days=30) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(one) >= 16 for one in ids)
    assert state.answers.kept("nothing-of-this-id") is None


def test_old_answers_are_forgotten_when_new_ones_come(state: State, clock: Clock) -> None:
    old = state.answers.keep(KEPT, days=30)
    clock.now += 29 * DAY
    young = state.answers.keep(KEPT, days=30)
    assert state.answers.kept(old) is not None
    clock.now += 2 * DAY
    state.answers.keep(KEPT, days=30)
    assert state.answers.kept(old) is None
    assert state.answers.kept(young) is not None


def test_threads_may_share_a_state(state: State) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: state.answers.keep(KEPT, days=1), range(64)))
        assert all(pool.map(lambda one: state.answers.kept(one) == KEPT, ids))


def test_a_private_answer_is_shared_once_whoever_asks(state: State, other: State) -> None:
    answer_id = state.answers.keep(PRIVATE, days=30)
    assert state.answers.kept(answer_id) == PRIVATE
    assert state.answers.share(answer_id, ANN)
    assert not other.answers.share(answer_id, BEN)
    assert other.answers.kept(answer_id) == replace(PRIVATE, shared=True, sharer=ANN)


def test_of_many_who_share_at_once_one_does(state: State) -> None:
    answer_id = state.answers.keep(PRIVATE, days=30)
    with ThreadPoolExecutor(8) as pool:
        shared = list(pool.map(lambda who: state.answers.share(answer_id, who), range(1, 33)))
    assert shared.count(True) == 1
    kept = state.answers.kept(answer_id)
    assert kept is not None
    assert kept.sharer == shared.index(True) + 1


def test_a_share_that_could_not_be_posted_may_be_tried_again(state: State) -> None:
    answer_id = state.answers.keep(PRIVATE, days=30)
    assert state.answers.share(answer_id, ANN)
    state.answers.unshare(answer_id, BEN)
    assert not state.answers.share(answer_id, ANN)
    state.answers.unshare(answer_id, ANN)
    assert state.answers.share(answer_id, BEN)


def test_what_is_public_or_gone_cannot_be_shared(state: State) -> None:
    assert not state.answers.share(state.answers.keep(KEPT, days=30), ANN)
    assert not state.answers.share("nothing-of-this-id", ANN)
