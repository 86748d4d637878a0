"""``/settings``: what moderators choose for their server and its channels."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import available_timezones

import discord
from discord import app_commands

from bot.discord.buttons import Form
from bot.discord.delivery import guarded
from bot.discord.permissions import moderating, postable
from bot.discord.replies import deferred, sentence, tell
from bot.discord.settings_changes import (
    RESET,
    Interaction,
    channel_of,
    choose,
    described,
    holding,
    told,
)
from bot.messages.settings import publishers
from bot.state.settings import ChannelSettings, GuildSettings
from corpus.errors import InputError

if TYPE_CHECKING:
    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient

_Seconds = app_commands.Range[float, 0, 86_400]
_Own = Literal["yes", "no", "as the server"]
_OWN: dict[str, bool | None] = {"yes": True, "no": False, "as the server": None}
_CHOICES = 25
_NAMES_CHARACTERS = 1_000
_SERVER = "server"
_MOST_CHANNELS = 50
_DAYS = [
    app_commands.Choice(name=name, value=number)
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    )
]


def settings_group(client: MetquoteClient) -> app_commands.Group:
    """The slash commands, bound to ``client``."""
    group = app_commands.Group(
        name="settings",
        description="What holds in this server and its channels; for moderators.",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for add in (_show, _server, _channel, _answers, _sources, _reset):
        add(client, group)
    return group


def _show(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="show", description="What was chosen for the server, or for a channel.")
    @app_commands.describe(channel="What holds in this channel")
    async def show(interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        await told(client, interaction, lambda _: described(client, interaction, channel))


def _server(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="server", description="Choose for the whole server.")
    @app_commands.describe(
        private="Are answers private unless somebody asks otherwise?",
        dates="How dates are written",
        moderator_role="Who may do this, beside members with Manage Server",
        moderators_channel="Where I tell moderators what they need to know",
        time_zone="By which digests come, such as Europe/London",
        digest_hour="When digests come, 0 to 23",
        digest_day="When weekly digests come",
        person_seconds="Between two questions of one person",
        channel_seconds="Between two questions in one channel",
        server_seconds="Between two questions in the server",
    )
    @app_commands.choices(digest_day=_DAYS)
    async def server(
        interaction: Interaction,
        *,
        private: bool | None = None,
        dates: Literal["en-GB", "en-US", "iso"] | None = None,
        moderator_role: discord.Role | None = None,
        moderators_channel: discord.TextChannel | None = None,
        time_zone: app_commands.Range[str, 1, 60] | None = None,
        digest_hour: app_commands.Range[int, 0, 23] | None = None,
        digest_day: int | None = None,
        person_seconds: _Seconds | None = None,
        channel_seconds: _Seconds | None = None,
        server_seconds: _Seconds | None = None,
    ) -> None:
        given = {
            "private": private, "date_language": dates, "time_zone": time_zone,
            "moderator_role": moderator_role and moderator_role.id,
            "moderators_channel": moderators_channel and moderators_channel.id,
            "digest_hour": digest_hour, "digest_weekday": digest_day,
            "person_cooldown": person_seconds, "channel_cooldown": channel_seconds,
            "guild_cooldown": server_seconds,
        }  # fmt: skip
        changed = {name: value for name, value in given.items() if value is not None}

        async def change(_: GuildSettings) -> str:
            if moderators_channel is not None:
                postable(client, interaction, moderators_channel.id)
            return await choose(client, interaction, None, changed)

        await told(client, interaction, change)

    server.autocomplete("time_zone")(_zones)


def _channel(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="channel", description="Choose for one channel.")
    @app_commands.describe(
        channel="Which channel",
        answers="Do I answer there?",
        private="Are answers private there unless somebody asks otherwise?",
        person_seconds="Between two questions of one person",
        channel_seconds="Between two questions in it",
    )
    async def of_channel(
        interaction: Interaction,
        channel: discord.TextChannel,
        answers: _Own | None = None,
        private: _Own | None = None,
        person_seconds: _Seconds | None = None,
        channel_seconds: _Seconds | None = None,
    ) -> None:
        changed: dict[str, Any] = {
            name: _OWN[value]
            for name, value in (("answers", answers), ("private", private))
            if value is not None
        }
        if person_seconds is not None:
            changed["person_cooldown"] = person_seconds
        if channel_seconds is not None:
            changed["channel_cooldown"] = channel_seconds
        await told(client, interaction, lambda _: choose(client, interaction, channel, changed))


def _answers(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="answers", description="In which channels I answer.")
    @app_commands.describe(where="Everywhere, or in chosen channels", channel="The channel")
    async def answers(
        interaction: Interaction,
        where: Literal["in every channel", "in this one too", "no longer in this one"],
        channel: discord.TextChannel | None = None,
    ) -> None:
        async def change(settings: GuildSettings) -> str:
            chosen = settings.answers_in
            if where == "in every channel":
                chosen = ()
            elif channel is None:
                raise InputError("name the channel")
            elif where == "in this one too":
                own = await asyncio.to_thread(
                    client.state.guilds.of_channel, channel.guild.id, channel.id
                )
                if own.answers is False:
                    said = await choose(client, interaction, channel, {"answers": None})
                    if not chosen or channel.id in chosen:
                        return said
                chosen = tuple(dict.fromkeys((*chosen, channel.id)))
            elif channel.id not in chosen or len(chosen) == 1:
                # Without a list I answer everywhere, so that only the channel can say no.
                return await choose(client, interaction, channel, {"answers": False})
            else:
                chosen = tuple(one for one in chosen if one != channel.id)
            if len(chosen) > _MOST_CHANNELS:
                raise InputError(f"choose at most {_MOST_CHANNELS} channels")
            return await choose(client, interaction, None, {"answers_in": chosen})

        await told(client, interaction, change)


def _sources(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="sources", description="Whose documents come first, or not at all.")
    @app_commands.describe(channel="In this channel alone")
    async def sources(interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        try:
            await moderating(client, interaction)
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        here = await holding(client, interaction, channel)
        form = Form("set-sources", _SERVER if channel is None else str(channel.id), title="Sources")
        for name, label, chosen in (
            ("preferred", "Come first: publishers, one a line", here.preferred),
            ("left_out", "Are left out: publishers, one a line", here.left_out),
        ):
            text = "\n".join(chosen)[:_NAMES_CHARACTERS]
            form.ask(
                name, label, most=_NAMES_CHARACTERS, required=False, long=True,
                default=text or None,
            )  # fmt: skip
        await interaction.response.send_modal(form)


async def _sources_typed(press: Press) -> None:
    """The publishers that were typed, for the server or one channel."""
    client, interaction = press.client, press.interaction

    def known() -> tuple[str, ...]:
        with client.service.snapshot() as snapshot:
            return snapshot.catalogue.publishers()

    async def change(_: GuildSettings) -> str:
        names = await client.asking.in_thread(known)
        changed = {
            key: publishers(press.values.get(key, ""), names) for key in ("preferred", "left_out")
        }
        both = set(changed["preferred"]) & set(changed["left_out"])
        if both:
            raise InputError(f"{min(both)} cannot come first and be left out")
        channel = None
        if press.kept != _SERVER:
            channel = channel_of(client, interaction, int(press.kept))
        return await choose(client, interaction, channel, changed)

    if await deferred(interaction, private=True):
        await told(client, interaction, change)


def _reset(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="reset", description="Put back what was chosen.")
    @app_commands.describe(what="What to put back", channel="Of this channel alone")
    @app_commands.choices(what=[app_commands.Choice(name=name, value=name) for name in RESET])
    async def reset(
        interaction: Interaction, what: str, channel: discord.TextChannel | None = None
    ) -> None:
        kinds = (GuildSettings(), ChannelSettings())
        default = kinds[channel is not None]
        names = RESET[what][channel is not None]
        changed = {name: getattr(default, name) for name in names}
        await told(client, interaction, lambda _: choose(client, interaction, channel, changed))


async def _zones(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    del interaction
    wanted = typed.casefold().replace(" ", "_")
    names = [name for name in _time_zones() if wanted in name.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in names[:_CHOICES]]


@lru_cache(maxsize=1)
def _time_zones() -> tuple[str, ...]:
    """Every time zone, Europe's first; the system's files are listed for them."""
    return tuple(sorted(available_timezones(), key=lambda name: (name[:7] != "Europe/", name)))


ACTIONS: Actions = {"set-sources": guarded(_sources_typed)}
