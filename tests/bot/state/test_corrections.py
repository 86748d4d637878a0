"""Changes of documents reach the posts that show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.messages.posted import PostedExcerpt
from bot.state.corrections import Change
from bot.state.cursors import Reader
from bot.state.posts import Post
from bot.state.work import Progress
from corpus.document import Span
from corpus.journal import Action, Entry

if TYPE_CHECKING:
    from bot.state import State
    from tests.bot.state.conftest import Clock

OLD, NEW, NEWEST = "0" * 64, "1" * 64, "2" * 64
LETTER = Change(0, "letter", Action.ADDED, OLD)
CORRECTED = Change(1, "letter", Action.CORRECTED, NEW)
CORRECTED_AGAIN = Change(2, "letter", Action.CORRECTED, NEWEST)


def post(message: int, *shown: tuple[str, str], guild: int | None = 5) -> Post:
    excerpts = tuple(
        PostedExcerpt(document, sha256, Span(3 * n, 3 * n + 2))
        for n, (document, sha256) in enumerate(shown)
    )
    return Post(6, message, "answer", excerpts, guild, view="an-answer", person=7)


FIRST = post(100, ("letter", OLD), ("news", OLD))
OF_ANOTHER = post(101, ("news", OLD))
IN_PRIVATE = post(2**62, ("letter", OLD), guild=None)


@pytest.fixture
def posted(state: State) -> State:
    for one in (FIRST, OF_ANOTHER, IN_PRIVATE):
        state.posts.record(one)
    assert state.corrections.plan(LETTER)
    return state


def all_claimed(state: State) -> list[tuple[int, tuple[int, ...]]]:
    """The messages to look at and the lines that they are for; all of them done."""
    found = []
    while correction := state.corrections.claim(60):
        lines = tuple(change.line for change in correction.changes)
        found.append((correction.post.message, lines))
        state.corrections.done(correction)
    return found


def test_a_post_is_remembered_with_its_excerpts(posted: State) -> None:
    assert posted.posts.of_message(100) == FIRST
    assert posted.posts.of_message(1) is None
    assert posted.posts.of_message(2**62) == IN_PRIVATE


def test_a_post_without_excerpts_is_remembered(state: State) -> None:
    state.posts.record(post(1))
    assert state.posts.of_message(1) == post(1)


def test_a_turned_page_replaces_what_the_post_showed(posted: State) -> None:
    turned = post(100, ("news", OLD))
    posted.posts.record(turned)
    assert posted.posts.of_message(100) == turned
    assert posted.corrections.plan(CORRECTED)
    assert all_claimed(posted) == [(2**62, (1,))]


def test_a_deleted_message_is_forgotten_and_not_corrected(posted: State) -> None:
    assert posted.corrections.plan(CORRECTED)
    assert posted.posts.forget(message=100) == 1
    assert all_claimed(posted) == [(IN_PRIVATE.message, (1,))]


def test_a_deleted_channel_is_forgotten_with_its_posts(posted: State) -> None:
    assert posted.posts.forget(channel=6) == 3
    assert posted.posts.forget(channel=6) == 0


@pytest.mark.parametrize(
    "change",
    [CORRECTED, Change(1, "letter", Action.RETRACTED), Change(1, "letter", Action.ERASED)],
)
def test_a_change_reaches_every_post_that_shows_the_document(posted: State, change: Change) -> None:
    assert posted.corrections.plan(change)
    found = posted.corrections.claim(60)
    assert found is not None
    assert (found.post, found.changes, found.attempts) == (FIRST, (change,), 1)
    posted.corrections.done(found)
    assert all_claimed(posted) == [(IN_PRIVATE.message, (1,))]
    assert all_claimed(posted) == []


def test_each_line_is_handled_once_and_in_order(posted: State, other: State) -> None:
    assert posted.cursors.at(Reader.CORRECTIONS) == 1
    assert not other.corrections.plan(LETTER)
    assert not other.corrections.plan(CORRECTED_AGAIN)
    assert other.corrections.plan(CORRECTED)
    assert not posted.corrections.plan(CORRECTED)
    assert posted.cursors.at(Reader.CORRECTIONS) == 2
    assert posted.cursors.at(Reader.FOLLOWS) == 0


def test_posts_that_show_the_new_text_are_left_alone(posted: State) -> None:
    posted.posts.record(post(102, ("letter", NEW)))
    assert [message for message, _ in all_claimed(posted)] == [102]
    posted.corrections.plan(CORRECTED)
    assert [message for message, _ in all_claimed(posted)] == [100, IN_PRIVATE.message]


def test_a_post_made_of_an_index_that_is_behind_is_corrected(posted: State) -> None:
    """The change was handled before the message with the old words was recorded."""
    posted.corrections.plan(CORRECTED)
    all_claimed(posted)
    posted.posts.record(post(102, ("letter", OLD)))
    posted.posts.record(post(103, ("letter", NEW)))
    assert all_claimed(posted) == [(102, (1,))]


def test_a_post_that_shows_old_words_again_is_corrected_again(posted: State) -> None:
    posted.corrections.plan(CORRECTED)
    all_claimed(posted)
    posted.posts.record(FIRST)
    assert all_claimed(posted) == [(100, (1,))]


def test_old_words_shown_while_the_post_is_being_corrected_are_not_missed(posted: State) -> None:
    posted.corrections.plan(CORRECTED)
    found = posted.corrections.claim(60)
    assert found is not None
    posted.posts.record(FIRST)
    posted.corrections.done(found)
    assert all_claimed(posted) == [(100, (1,)), (IN_PRIVATE.message, (1,))]


def test_changes_that_wait_come_together(posted: State) -> None:
    posted.corrections.plan(CORRECTED)
    posted.corrections.plan(CORRECTED_AGAIN)
    assert all_claimed(posted) == [(100, (1, 2)), (IN_PRIVATE.message, (1, 2))]


def test_one_process_at_a_time_corrects_a_post(posted: State, other: State) -> None:
    posted.corrections.plan(CORRECTED)
    mine, theirs = posted.corrections.claim(60), other.corrections.claim(60)
    assert mine is not None
    assert theirs is not None
    assert (mine.post, theirs.post) == (FIRST, IN_PRIVATE)
    assert posted.corrections.claim(60) is None
    assert not other.corrections.fail(mine, "not theirs to say")


def test_what_a_dead_process_held_is_taken_over(posted: State, other: State, clock: Clock) -> None:
    posted.corrections.plan(CORRECTED)
    lost = posted.corrections.claim(60)
    assert lost is not None
    clock.now += 61
    found = other.corrections.claim(60)
    assert found == replace(lost, attempts=2)
    assert not posted.corrections.postpone(lost, 60, "late")
    other.corrections.done(found)
    assert all_claimed(other) == [(IN_PRIVATE.message, (1,))]


def test_a_postponed_correction_comes_again_later(posted: State, clock: Clock) -> None:
    posted.corrections.plan(CORRECTED)
    found = posted.corrections.claim(60)
    assert found is not None
    assert posted.corrections.postpone(found, 300, "429")
    assert [message for message, _ in all_claimed(posted)] == [IN_PRIVATE.message]
    clock.now += 299
    assert posted.corrections.claim(60) is None
    clock.now += 1
    again = posted.corrections.claim(60)
    assert again == replace(found, attempts=2)


def test_what_was_given_up_is_told_with_the_reason(posted: State) -> None:
    posted.corrections.plan(CORRECTED)
    found = posted.corrections.claim(60)
    assert found is not None
    assert posted.corrections.fail(found, "the message is gone")
    why = (FIRST, Progress.FAILED, "the message is gone")
    assert posted.corrections.of_change(CORRECTED.line, 5) == (why,)
    assert [message for message, _ in all_claimed(posted)] == [IN_PRIVATE.message]


def test_a_line_of_the_journal_is_a_change() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    corrected = Entry(at, "ann", Action.CORRECTED, "letter", text_sha256=NEW)
    assert Change.of(1, corrected) == CORRECTED
    erased = replace(corrected, action=Action.ERASED)
    assert Change.of(1, erased) == Change(1, "letter", Action.ERASED, None)


def test_of_a_text_that_stays_what_it_states_reaches_every_post(posted: State) -> None:
    assert posted.corrections.plan(Change(1, "letter", Action.CORRECTED, OLD))
    assert all_claimed(posted) == []
    assert posted.corrections.plan(Change(2, "letter", Action.CORRECTED, OLD, same_text=True))
    assert all_claimed(posted) == [(100, (2,)), (2**62, (2,))]
    # And those that an index made which did not have it yet, each once.
    posted.posts.record(post(103, ("letter", OLD)))
    assert all_claimed(posted) == []
    (again,) = posted.corrections.restated()
    assert again == Change(2, "letter", Action.CORRECTED, OLD, same_text=True)
    for expected in ([(103, (2,))], []):
        posted.corrections.plan_again(again)
        assert all_claimed(posted) == expected
    assert posted.corrections.restated() == ()


def test_what_is_restated_is_known_to_whoever_comes_next(posted: State, other: State) -> None:
    assert posted.corrections.restated() == ()
    restated = Change(1, "letter", Action.CORRECTED, OLD, same_text=True)
    assert posted.corrections.plan(restated)
    assert other.corrections.restated() == (restated,)
    other.corrections.plan_again(restated)
    assert posted.corrections.restated() == ()
