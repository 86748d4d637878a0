"""Users, channels and guilds in Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import ChannelType
from .records import Role

if TYPE_CHECKING:
    from .records import Channel, Guild, Json, User
    from .state import State

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


def member_payload(state: State, guild: Guild, user: User) -> Json:
    """What a guild adds to a user."""
    return {
        "roles": [str(role.id) for role in state.roles_of(user, guild)],
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


def role_payload(role: Role, position: int = 1) -> Json:
    """A role; its guild, by which it is known, is not part of it."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def roles_payload(guild: Guild, state: State) -> list[Json]:
    """The roles of a guild; first @everyone, which has the guild's id."""
    everyone = Role(guild.id, "@everyone", guild, state.bot.permissions)
    roles = [everyone, *(role for role in state.roles.values() if role.guild == guild)]
    return [role_payload(role, position) for position, role in enumerate(roles)]


def channel_payload(channel: Channel, state: State) -> Json:
    """A channel, with all that it allows and denies beyond its guild's rules."""
    shared: Json = {
        "id": str(channel.id),
        "type": int(channel.type),
        "flags": 0,
        "last_message_id": None,
    }
    if channel.type is ChannelType.GROUP_DM:
        recipients = [user_payload(user) for user in channel.others]
        owner = str(channel.others[0].id)
        named = {"name": None, "icon": None, "owner_id": owner, "recipients": recipients}
        return shared | named
    if channel.guild is None:
        recipients = [user_payload(channel.recipient)] if channel.recipient else []
        return shared | {"recipients": recipients}
    shared |= {
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "rate_limit_per_user": 0,
    }
    if channel.parent is not None:
        return shared | _thread_payload(channel.guild, channel.parent)
    overwrites = state.overwrites.get(channel.id, {})
    return shared | {
        "position": 0,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "permission_overwrites": [
            {
                "id": str(id_),
                "type": 0 if one.of_role else 1,
                "allow": str(int(one.allow)),
                "deny": str(int(one.deny)),
            }
            for id_, one in overwrites.items()
        ],
    }


def _thread_payload(guild: Guild, parent: Channel) -> Json:
    metadata: Json = {"archived": False, "locked": False, "auto_archive_duration": 1440}
    return {
        "parent_id": str(parent.id),
        "owner_id": str(guild.owner_id),
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "thread_metadata": metadata | {"archive_timestamp": JOINED, "create_timestamp": JOINED},
    }


def guild_payload(guild: Guild, state: State) -> Json:
    """A guild as GUILD_CREATE brings it: with its channels and, of its members, the bot."""
    places = [c for c in state.channels.values() if c.guild == guild]
    channels = [channel_payload(place, state) for place in places if place.parent is None]
    threads = [channel_payload(place, state) for place in places if place.parent is not None]
    lists = ("emojis", "stickers", "features", "presences", "voice_states")
    later = ("stage_instances", "guild_scheduled_events", "soundboard_sounds")
    members = [user for user in state.users.values() if state.is_member(user, guild)]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "icon": None,
        "splash": None,
        "description": None,
        "preferred_locale": guild.locale,
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
        "member_count": len(members),
        "members": [
            {**member_payload(state, guild, state.bot), "user": user_payload(state.bot)},
        ],
        "roles": roles_payload(guild, state),
        "channels": channels,
        "threads": threads,
        **{key: [] for key in (*lists, *later)},
    }
