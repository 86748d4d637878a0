"""What servers and channels choose."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.state.digests import Follow, Mode
from bot.state.outbox import Message, SendingKind
from bot.state.settings import ChannelSettings, GuildSettings
from corpus.errors import InputError
from index.types import Outcome
from tests.bot.state.test_corrections import CORRECTED, FIRST

if TYPE_CHECKING:
    from bot.state import State


def test_a_server_that_chose_nothing_has_the_defaults(state: State) -> None:
    assert state.guilds.settings(5) == GuildSettings()
    here = state.guilds.here(5, 6)
    assert (here.answers, here.private, here.guild) == (True, False, GuildSettings())


def test_what_was_chosen_is_kept_and_the_rest_is_left(state: State, other: State) -> None:
    state.guilds.change(5, left_out=("The Sun",), moderator_role=2**62)
    other.guilds.change(5, private=True, answers_in=(6, 7))
    expected = GuildSettings(
        left_out=("The Sun",), moderator_role=2**62, private=True, answers_in=(6, 7)
    )
    assert state.guilds.settings(5) == expected
    assert state.guilds.settings(50) == GuildSettings()


def test_changes_at_once_are_all_kept(state: State) -> None:
    names = ["person_cooldown", "channel_cooldown", "guild_cooldown", "digest_hour"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: state.guilds.change(5, **{name: 7}), names))
    settings = state.guilds.settings(5)
    assert [getattr(settings, name) for name in names] == [7, 7, 7, 7]


def test_a_channels_own_settings_hold_there_alone(state: State) -> None:
    state.guilds.change(5, private=True, answers_in=(7,), preferred=("Met",), person_cooldown=9)
    own = state.guilds.change_channel(5, 6, answers=True, preferred=(), person_cooldown=0)
    assert own == ChannelSettings(answers=True, preferred=(), person_cooldown=0)
    here, there = state.guilds.here(5, 6), state.guilds.here(5, 8)
    assert (here.answers, here.private, here.preferred, here.person_cooldown) == (True, True, (), 0)
    assert (there.answers, there.preferred, there.person_cooldown) == (False, ("Met",), 9)
    state.guilds.change_channel(5, 6, answers=None)
    assert not state.guilds.here(5, 6).answers


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"time_zone": "Europe/Nowhere"}, "no time zone"),
        ({"time_zone": "../etc/passwd"}, "no time zone"),
        ({"time_zone": ""}, "no time zone"),
        ({"digest_hour": 24}, "from 0 to 23"),
        ({"digest_weekday": -1}, "Monday"),
        ({"date_language": "fr"}, "language of dates"),
        ({"person_cooldown": -1.0}, "cooldown"),
        ({"guild_cooldown": float("nan")}, "cooldown"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    state: State, changed: dict[str, object], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        state.guilds.change(5, private=True, **changed)
    assert state.guilds.settings(5) == GuildSettings()


def test_what_only_a_newer_program_knows_is_kept(state: State) -> None:
    state.guilds.change(5, private=True)
    with state._store.write() as connection:
        newer = json.dumps({"private": True, "colour": "red"})
        connection.execute(text("UPDATE guild_settings SET settings = :new"), {"new": newer})
    assert state.guilds.change(5, private=False) == GuildSettings()
    with state._store.read() as connection:
        kept = connection.scalar(text("SELECT settings FROM guild_settings"))
    assert json.loads(str(kept)) == {"colour": "red"}


def test_a_server_that_the_bot_left_is_forgotten(state: State) -> None:
    state.guilds.change(5, private=True)
    state.guilds.change(50, private=True)
    state.guilds.change_channel(5, 6, private=True)
    follow = state.follows.add(Follow(5, 6, "a", Mode.AT_ONCE))
    state.posts.record(FIRST)
    for line in range(2):
        state.corrections.plan(CORRECTED if line else CORRECTED.__class__(0, "b", CORRECTED.action))
    state.outbox.put(Message("a", SendingKind.NOTICE, 6, 5, follow=follow.id))
    state.questions.count("a", Outcome.NOTHING, 5)
    state.questions.unhelpful("a", Outcome.ANSWERED, "wrong", 5)
    assert state.guilds.forget(5) == 8
    assert state.guilds.forget(5) == 0
    assert state.guilds.settings(5) == GuildSettings()
    assert state.guilds.settings(50) == GuildSettings(private=True)
    assert (state.follows.all(), state.posts.of_message(100)) == ((), None)
