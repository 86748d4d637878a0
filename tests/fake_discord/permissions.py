"""Who may do what, by Discord's rules of roles and overwrites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import ALL_PERMISSIONS, OUTSIDER_PERMISSIONS, Permissions

if TYPE_CHECKING:
    from .records import Channel, Guild, Overwrite, User
    from .state import State


def in_guild(state: State, user: User, guild: Guild) -> Permissions:
    """What `user` may do in a guild: their own permissions and those of their roles."""
    allowed = user.permissions
    for role in state.roles_of(user, guild):
        allowed |= role.permissions
    owner = guild.owner_id == user.id
    return ALL_PERMISSIONS if owner or Permissions.ADMINISTRATOR in allowed else allowed


def in_channel(state: State, user: User, channel: Channel) -> Permissions:
    """What `user` may do in a channel; a thread has the overwrites of the channel it is in."""
    if channel.guild is None:
        return user.permissions
    allowed = in_guild(state, user, channel.guild)
    if Permissions.ADMINISTRATOR in allowed:
        return allowed
    overwrites = state.overwrites.get((channel.parent or channel).id, {})
    roles = {role.id for role in state.roles_of(user, channel.guild)}
    of_roles = [overwrites[id_] for id_ in overwrites.keys() & roles]
    # In Discord's order: everybody, then all roles together, then the member.
    for step in ([overwrites.get(channel.guild.id)], of_roles, [overwrites.get(user.id)]):
        allowed = _overwritten(allowed, [one for one in step if one is not None])
    return allowed


def bot_may(state: State, permission: Permissions, channel: Channel) -> bool:
    """Whether the bot may do something in a channel."""
    if channel.guild is None:
        return not channel.others
    if not state.is_member(state.bot, channel.guild):
        return False
    if permission is Permissions.SEND_MESSAGES and channel.parent is not None:
        permission = Permissions.SEND_MESSAGES_IN_THREADS
    return permission in in_channel(state, state.bot, channel)


def of_app(state: State, user: User, channel: Channel) -> Permissions:
    """What an interaction says that the app may do where it comes from."""
    if channel.guild is None or state.is_member(state.bot, channel.guild):
        return OUTSIDER_PERMISSIONS if channel.others else in_channel(state, state.bot, channel)
    return OUTSIDER_PERMISSIONS & in_channel(state, user, channel)


def is_cut_off(state: State, user: User, channel: Channel) -> Permissions:
    """What a channel takes from `user` of what it needs to use commands there; NONE at best."""
    if channel.guild is None:
        return Permissions.NONE
    needed = Permissions.VIEW_CHANNEL | Permissions.USE_APPLICATION_COMMANDS
    held = in_guild(state, user, channel.guild)
    return needed & held & ~in_channel(state, user, channel)


def _overwritten(allowed: Permissions, overwrites: list[Overwrite]) -> Permissions:
    for overwrite in overwrites:
        allowed &= ~overwrite.deny
    for overwrite in overwrites:
        allowed |= overwrite.allow
    return allowed
