"""Follows, what is found for them, and their digests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.state.corrections import Change
from bot.state.cursors import Reader
from bot.state.digests import Follow, Mode
from bot.state.outbox import Delivery, Sending, SendingKind
from bot.state.posts import Post
from corpus.document import Span
from corpus.errors import InputError
from corpus.journal import Action

if TYPE_CHECKING:
    from bot.state import State
    from tests.bot.state.conftest import Clock

SPANS = (Span(0, 5), Span(9, 20))
AT_ONCE = Follow(5, 6, "knife crime", Mode.AT_ONCE)
DAILY = replace(AT_ONCE, mode=Mode.DAILY, channel=8)
WEEKLY = replace(AT_ONCE, mode=Mode.WEEKLY, channel=9)


def change(line: int, document: str = "letter", text: str = "a") -> Change:
    return Change(line, document, Action.ADDED, text)


def all_sent(state: State) -> list[Sending]:
    """What is to be sent, in order; all of it sent."""
    found: list[Sending] = []
    while sending := state.outbox.claim(60):
        shown = tuple(one for delivery in sending.deliveries for one in delivery.excerpts)
        channel = sending.message.channel
        message = 10_000 + sending.id
        assert state.outbox.sent(sending, Post(channel, message, sending.message.kind, shown))
        found.append(sending)
    return found


def test_follows_are_kept_listed_and_removed(state: State) -> None:
    mine = state.follows.add(AT_ONCE)
    theirs = state.follows.add(replace(AT_ONCE, guild=50, channel=60, kind="news"))
    assert state.follows.of_guild(5) == (mine,)
    assert state.follows.all() == (mine, theirs)
    assert not state.follows.remove(5, theirs.id)
    assert state.follows.remove(50, theirs.id)
    assert state.follows.all() == (mine,)


def test_a_channel_follows_a_topic_once(state: State) -> None:
    state.follows.add(replace(AT_ONCE, topic="Knife  Crime"))
    with pytest.raises(InputError, match="follows this topic already"):
        state.follows.add(replace(AT_ONCE, mode=Mode.DAILY))
    state.follows.add(replace(AT_ONCE, kind="news"))
    state.follows.add(replace(AT_ONCE, topic="knives"))


def test_topics_of_any_length_and_any_characters_are_kept(state: State) -> None:
    kept = state.follows.add(replace(AT_ONCE, topic="\0\ud800" + "👮" * 6_000))
    assert state.follows.of_guild(5)[0].topic == "\ufffd\ufffd" + "👮" * 6_000
    assert state.follows.remove(5, kept.id)


def test_the_number_of_a_removed_follow_is_not_given_again(state: State) -> None:
    first = state.follows.add(AT_ONCE)
    state.follows.remove(5, first.id)
    assert state.follows.add(AT_ONCE).id != first.id


def test_what_matches_is_sent_once_however_often_it_changes_back(state: State) -> None:
    follow = state.follows.add(AT_ONCE)
    for line, text in enumerate(["a", "b", "a", "b"]):
        assert state.follows.matched(change(line, text=text), {follow.id: SPANS})
    sent = all_sent(state)
    assert [one.deliveries for one in sent] == [
        (Delivery(follow.id, "letter", text, SPANS),) for text in "ab"
    ]
    assert [one.message.channel for one in sent] == [6, 6]
    assert {one.message.kind for one in sent} == {SendingKind.FOLLOW}


def test_what_was_sent_is_a_post(state: State) -> None:
    follow = state.follows.add(AT_ONCE)
    state.follows.matched(change(0), {follow.id: SPANS})
    sent = all_sent(state)[0]
    posted = state.posts.of_message(10_000 + sent.id)
    assert posted is not None
    assert posted.excerpts == sent.deliveries[0].excerpts


def test_a_line_is_matched_once_by_one_process(state: State, other: State) -> None:
    follow = state.follows.add(AT_ONCE)
    assert state.follows.matched(change(0), {follow.id: SPANS})
    assert not other.follows.matched(change(0), {follow.id: SPANS})
    assert not other.follows.matched(change(2), {follow.id: SPANS})
    assert other.cursors.at(Reader.FOLLOWS) == 1
    assert len(all_sent(state)) == 1


def test_what_matches_nothing_or_nobody_anymore_sends_nothing(state: State) -> None:
    kept, gone = state.follows.add(AT_ONCE), state.follows.add(DAILY)
    state.follows.remove(5, gone.id)
    assert state.follows.matched(change(0), {kept.id: (), gone.id: SPANS, 12_345: SPANS})
    assert state.follows.matched(change(1), {})
    assert state.follows.matched(Change(2, "letter", Action.RETRACTED), {kept.id: SPANS})
    assert all_sent(state) == []


def test_what_was_found_for_a_removed_follow_is_not_sent(state: State) -> None:
    follow = state.follows.add(AT_ONCE)
    state.follows.matched(change(0), {follow.id: SPANS})
    state.follows.remove(5, follow.id)
    assert all_sent(state) == []


def test_what_is_taken_back_may_be_found_again(state: State, other: State) -> None:
    follow = state.follows.add(AT_ONCE)
    state.follows.matched(change(0), {follow.id: SPANS})
    sending = state.outbox.claim(60)
    assert sending is not None
    assert not other.outbox.take_back(sending, 1)
    assert state.follows.matched(change(1), {follow.id: SPANS})
    # Somebody found it again, and nothing came of it: so it must not go now.
    assert not state.outbox.take_back(sending, 1)
    assert state.outbox.take_back(sending, 2)
    assert state.outbox.claim(60) is None
    assert state.follows.matched(change(2), {follow.id: SPANS})
    assert len(all_sent(state)) == 1


def test_many_follows_are_matched_in_one_go(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than are handled in one statement."""
    monkeypatch.setattr("bot.state.follows._ROWS_AT_ONCE", 8)
    ids = [state.follows.add(replace(AT_ONCE, channel=n)).id for n in range(20)]
    assert state.follows.matched(change(0), dict.fromkeys(ids, SPANS))
    sent = all_sent(state)
    assert [one.message.follow for one in sent] == ids
    assert len({one.nonce for one in sent}) == 20
    assert all(len(one.nonce) <= 25 for one in sent)


def test_a_digest_holds_all_that_was_found_and_comes_once(
    state: State, other: State, clock: Clock
) -> None:
    clock.now = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()  # a Monday
    daily, weekly = state.follows.add(DAILY), state.follows.add(WEEKLY)
    for line, document in enumerate(["letter", "news"]):
        state.follows.matched(change(line, document), {daily.id: SPANS, weekly.id: SPANS})
    assert state.digests.plan() == 0
    assert all_sent(state) == []
    clock.now = datetime(2026, 3, 3, 9, tzinfo=UTC).timestamp()
    assert (state.digests.plan(), other.digests.plan()) == (1, 0)
    (digest,) = all_sent(other)
    assert digest.message.kind is SendingKind.DIGEST
    assert [one.document_id for one in digest.deliveries] == ["letter", "news"]
    clock.now = datetime(2026, 3, 9, 9, tzinfo=UTC).timestamp()
    assert state.digests.plan() == 1
    (digest,) = all_sent(state)
    assert digest.message.channel == WEEKLY.channel


def test_after_a_pause_there_is_one_digest(state: State, clock: Clock) -> None:
    follow = state.follows.add(DAILY)
    state.follows.matched(change(0), {follow.id: SPANS})
    clock.now += 10 * 86_400
    assert (state.digests.plan(), state.digests.plan()) == (1, 0)
    due = state.follows.of_guild(5)[0].next_digest
    assert due is not None
    assert clock.now < due <= clock.now + 86_400


def test_a_digest_of_nothing_is_not_sent(state: State, clock: Clock) -> None:
    state.follows.add(DAILY)
    clock.now += 2 * 86_400
    assert state.digests.plan() == 0
    assert all_sent(state) == []


def test_digests_come_at_the_servers_own_time(state: State, clock: Clock) -> None:
    clock.now = datetime(2026, 7, 1, 0, tzinfo=UTC).timestamp()
    before = state.follows.add(DAILY)
    assert before.next_digest == datetime(2026, 7, 1, 8, tzinfo=UTC).timestamp()
    state.guilds.change(5, time_zone="Asia/Kolkata", digest_hour=18)
    after = state.follows.of_guild(5)[0]
    assert after.next_digest == datetime(2026, 7, 1, 12, 30, tzinfo=UTC).timestamp()
