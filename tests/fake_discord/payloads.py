"""Users, channels and guilds in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import ChannelType

if TYPE_CHECKING:
    from .records import Channel, Guild, Json, User
    from .state import State

LOCALE = "en-GB"
JOINED = "2020-01-01T00:00:00.000000+00:00"


def user_payload(user: User) -> Json:
    """A user as everybody sees one."""
    payload: Json = {
        "id": str(user.id),
        "username": user.name.lower(),
        "global_name": None if user.bot else user.name,
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return payload | ({"bot": True} if user.bot else {})


def member_payload() -> Json:
    """What a guild adds to a user; the same for everybody, since roles are not modelled."""
    return {
        "roles": [],
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
        "banner": None,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def channel_payload(channel: Channel, bot: User) -> Json:
    """A channel, with the bot's own overwrite where it may do less here than elsewhere."""
    if channel.guild is None:
        recipients = [user_payload(channel.recipient)] if channel.recipient else []
        return {
            "id": str(channel.id),
            "type": int(ChannelType.DM),
            "flags": 0,
            "last_message_id": None,
            "recipients": recipients,
        }
    denied = {"id": str(bot.id), "type": 1, "allow": "0", "deny": str(int(channel.denied))}
    return {
        "id": str(channel.id),
        "type": int(ChannelType.GUILD_TEXT),
        "flags": 0,
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "position": 0,
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [denied] if channel.denied else [],
    }


def guild_payload(guild: Guild, state: State) -> Json:
    """A guild as GUILD_CREATE brings it: with its channels and, of its members, the bot."""
    everyone = {
        "id": str(guild.id),
        "name": "@everyone",
        "permissions": str(int(state.bot.permissions)),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    channels = [c for c in state.channels.values() if c.guild == guild]
    lists = ("emojis", "stickers", "features", "threads", "presences", "voice_states")
    later = ("stage_instances", "guild_scheduled_events", "soundboard_sounds")
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "icon": None,
        "splash": None,
        "description": None,
        "preferred_locale": LOCALE,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(state.users),
        "members": [{**member_payload(), "user": user_payload(state.bot)}],
        "roles": [everyone],
        "channels": [channel_payload(channel, state.bot) for channel in channels],
        **{key: [] for key in (*lists, *later)},
    }
