"""How soon one may ask again: people, channels and servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.discord.limits import Limits, Places
from bot.settings import DiscordSettings
from bot.state import State
from bot.state.settings import ChannelSettings, GuildSettings, Here
from corpus.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

ANN, BOB, CYD = 1, 2, 3
NEWS, TALK, GUILD = 10, 11, 100


class Now:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def here(guild: GuildSettings | None = None, channel: ChannelSettings | None = None) -> Here:
    return Here.of(NEWS, guild or GuildSettings(), channel or ChannelSettings())


def limits(now: Now, person: float = 3.0, channel: float = 0.0, guild: float = 0.0) -> Limits:
    return Limits(
        DiscordSettings(
            cooldown_seconds=person, channel_cooldown_seconds=channel, guild_cooldown_seconds=guild
        ),
        now,
    )


def test_a_person_waits_and_is_told_how_long() -> None:
    now = Now()
    one = limits(now)
    one.take(ANN, NEWS, GUILD, here())
    now.seconds += 0.5
    with pytest.raises(InputError, match=r"^one question at a time, please: ask again in 3 s$"):
        one.take(ANN, TALK, GUILD, here())
    one.take(BOB, NEWS, GUILD, here())
    now.seconds += 2.5
    one.take(ANN, NEWS, GUILD, here())


def test_a_question_that_may_not_be_asked_prolongs_nothing() -> None:
    now = Now()
    one = limits(now)
    one.take(ANN, NEWS, GUILD, here())
    for _ in range(5):
        now.seconds += 0.5
        with pytest.raises(InputError):
            one.take(ANN, NEWS, GUILD, here())
    now.seconds += 0.5
    one.take(ANN, NEWS, GUILD, here())


def test_a_channel_and_a_server_wait_whoever_asks() -> None:
    now = Now()
    one = limits(now, person=0, channel=10, guild=4)
    one.take(ANN, NEWS, GUILD, here())
    with pytest.raises(InputError, match=r"this channel takes one question every 10 s: .* 10 s"):
        one.take(BOB, NEWS, GUILD, here())
    with pytest.raises(InputError, match=r"this server takes one question every 4 s: .* in 4 s"):
        one.take(BOB, TALK, GUILD, here())
    now.seconds += 4
    one.take(BOB, TALK, GUILD, here())
    one.take(CYD, NEWS, None, here())


def test_what_a_server_or_a_channel_chose_goes_before_the_operators() -> None:
    now = Now()
    one = limits(now)
    one.take(ANN, NEWS, GUILD, here(GuildSettings(person_cooldown=0)))
    one.take(ANN, NEWS, GUILD, here(GuildSettings(person_cooldown=0)))
    patient = here(GuildSettings(person_cooldown=0), ChannelSettings(person_cooldown=600))
    one.take(ANN, NEWS, GUILD, patient)
    with pytest.raises(InputError, match="ask again in 10 min"):
        one.take(ANN, NEWS, GUILD, patient)
    one.take(BOB, NEWS, GUILD, here(GuildSettings(guild_cooldown=60)))
    with pytest.raises(InputError, match="this server"):
        one.take(CYD, TALK, GUILD, here(GuildSettings(guild_cooldown=60)))


def test_no_cooldown_keeps_nothing() -> None:
    one = limits(Now(), person=0)
    for person in range(100):
        one.take(person, NEWS, GUILD, here())
    assert len(one) == 0


def test_who_asked_long_ago_is_forgotten() -> None:
    now = Now()
    one = limits(now)
    for person in range(20_000):
        one.take(person, NEWS, GUILD, here())
        now.seconds += 0.1
    assert len(one) <= 2_000


def test_settings_are_read_again_after_a_change_or_some_seconds(tmp_path: Path) -> None:
    now, state = Now(), State(tmp_path / "state.sqlite")
    places = Places(state, now)
    assert not places.here(GUILD, NEWS).private
    state.guilds.change(GUILD, private=True)
    assert not places.here(GUILD, NEWS).private
    places.changed()
    assert places.here(GUILD, NEWS).private
    state.guilds.change(GUILD, private=False)
    now.seconds += 5
    assert places.known(GUILD, NEWS) is None
    assert not places.here(GUILD, NEWS).private
    assert places.here(None, NEWS).answers
    state.close()
