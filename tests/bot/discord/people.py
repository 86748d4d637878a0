"""People of a server, and what they do with the bot's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_discord import Permissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Guild, Interaction, Message, User

_MEMBER = (
    Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES | Permissions.USE_APPLICATION_COMMANDS
)
_CHANNEL_MENU = 8


def guild_of(stage: Stage) -> Guild:
    """The server of the stage's channel."""
    assert stage.channel.guild is not None
    return stage.channel.guild


def moderator(stage: Stage, name: str = "Mo") -> User:
    """Somebody new who may manage the server."""
    return stage.server.add_user(name, permissions=_MEMBER | Permissions.MANAGE_GUILD)


def new_channel(stage: Stage, name: str) -> Channel:
    """Another channel of the same server."""
    return stage.server.add_channel(guild_of(stage), name)


async def command(
    stage: Stage,
    by: User,
    name: str,
    options: Mapping[str, Any] | None = None,
    *,
    channel: Channel | None = None,
) -> Message:
    """The answer to a slash command."""
    where = channel or stage.channel
    asked = await stage.server.slash(by, name, options or {}, channel=where)
    return await asked.response()


async def press(stage: Stage, message: Message, label: str, by: User) -> Interaction:
    """A button pressed."""
    return await stage.server.click(message, message.button(label), by)


async def pressed(stage: Stage, message: Message, label: str, by: User) -> Message:
    """The same, and what it brought."""
    return await (await press(stage, message, label, by)).response()


def menu_of(message: Message) -> str:
    """The id of a message's one menu of channels."""
    (found,) = [
        part["custom_id"]
        for row in message.components
        for part in row["components"]
        if part["type"] == _CHANNEL_MENU
    ]
    return str(found)


async def choose(stage: Stage, message: Message, channel: Channel, by: User) -> Message:
    """A channel chosen from the message's menu, and what it brought."""
    return await (await stage.server.select(message, menu_of(message), [channel], by)).response()


def posted_in(stage: Stage, channel: Channel) -> list[Message]:
    """What everybody sees in a channel."""
    return [m for m in stage.server.messages if m.channel == channel and m.public]
