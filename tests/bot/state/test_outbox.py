"""Messages that are posted once, whatever process dies when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.state.outbox import Message, SendingKind
from bot.state.posts import Post

if TYPE_CHECKING:
    from bot.state import State
    from tests.bot.state.conftest import Clock

NOTICE = Message("notice/1", SendingKind.NOTICE, 6, 5, {"text": "“a” \0 👮"}, person=7)
POST = Post(6, 100, "notice", (), 5)


def test_a_message_is_claimed_by_one_and_noted_as_sent(state: State, other: State) -> None:
    assert state.outbox.put(NOTICE)
    sending = state.outbox.claim(60)
    assert sending is not None
    assert (sending.message, sending.attempts) == (NOTICE, 1)
    assert other.outbox.claim(60) is None
    assert state.outbox.sent(sending, POST)
    assert not state.outbox.sent(sending, POST)
    assert state.outbox.claim(60) is None
    assert state.posts.of_message(100) == POST


def test_a_key_is_used_once(state: State, other: State) -> None:
    assert state.outbox.put(NOTICE)
    assert not other.outbox.put(replace(NOTICE, channel=60))
    sending = state.outbox.claim(60)
    assert sending is not None
    assert not other.outbox.is_sent(NOTICE.key)
    assert state.outbox.sent(sending, POST)
    assert other.outbox.is_sent(NOTICE.key)
    assert not state.outbox.put(NOTICE)


def test_a_message_can_be_claimed_by_its_key(state: State) -> None:
    state.outbox.put(NOTICE)
    state.outbox.put(replace(NOTICE, key="notice/2"))
    second = state.outbox.claim(60, key="notice/2")
    assert second is not None
    assert second.message.key == "notice/2"
    assert state.outbox.claim(60, key="notice/2") is None
    assert state.outbox.claim(60, key="notice/3") is None


def test_after_a_death_the_next_sends_with_the_same_nonce(
    state: State, other: State, clock: Clock
) -> None:
    state.outbox.put(NOTICE)
    first = state.outbox.claim(60)
    assert first is not None
    clock.now += 61
    second = other.outbox.claim(60)
    assert second == replace(first, attempts=2)
    assert not state.outbox.fail(first, "late")
    assert state.outbox.sent(first, POST)  # it was not dead, only slow
    assert not other.outbox.sent(second, POST)
    clock.now += 61
    assert other.outbox.claim(60) is None


def test_a_postponed_message_comes_again_later(state: State, clock: Clock) -> None:
    state.outbox.put(NOTICE)
    first = state.outbox.claim(60)
    assert first is not None
    assert state.outbox.postpone(first, 300, "429")
    clock.now += 299
    assert state.outbox.claim(60) is None
    clock.now += 1
    assert state.outbox.claim(60) == replace(first, attempts=2)


def test_what_was_given_up_is_told_with_the_reason(state: State) -> None:
    state.outbox.put(NOTICE)
    sending = state.outbox.claim(60)
    assert sending is not None
    assert state.outbox.fail(sending, "the channel is gone")
    assert not state.outbox.is_sent(NOTICE.key)
    assert state.outbox.claim(60) is None
    assert state.outbox.failures(5) == ((NOTICE, "the channel is gone"),)
    assert state.outbox.failures(None) == ()
