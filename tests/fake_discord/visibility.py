"""What people find of the app where they are: Discord's client shows nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import CommandType, Context, Permissions
from .message_payloads import context_of
from .permissions import in_channel, is_cut_off

if TYPE_CHECKING:
    from .interaction import Install
    from .records import Channel, Json, User
    from .state import State


def need_presence(state: State, user: User, channel: Channel) -> None:
    """Raise LookupError for a channel that is gone, PermissionError where `user` is not in it."""
    if channel.id not in state.channels:
        raise LookupError(f"the channel {channel.name!r} is gone")
    if channel.guild is not None:
        there = state.is_member(user, channel.guild)
    else:
        there = user in (channel.others or (channel.recipient,))
    if not there:
        raise PermissionError(f"{user.name} is not where {channel.name!r} is")
    missing = is_cut_off(state, user, channel)
    if missing:
        raise PermissionError(f"in {channel.name!r}, {user.name} lacks {missing!r}")


def install_in(state: State, channel: Channel, wanted: Install | None) -> Install:
    """Whose app it is in a channel; raises LookupError where a guild's is not to be had."""
    outside = bool(channel.others)
    if channel.guild is not None:
        outside = not state.is_member(state.bot, channel.guild)
    if outside and wanted == "guild":
        raise LookupError("the app is not in this guild: only its user can have installed it")
    return wanted or ("user" if outside else "guild")


def find_command(
    state: State, name: str, kind: CommandType, user: User, channel: Channel, install: Install
) -> Json:
    """The command as it is registered, a guild's own before a global one.

    Raises LookupError for one that is not there, PermissionError where it is hidden from `user`.
    """
    guild = None if channel.guild is None else str(channel.guild.id)
    named = [c for c in state.commands.values() if (c["name"], c["type"]) == (name, kind)]
    local = [c for c in named if guild is not None and c.get("guild_id") == guild]
    found = local or [c for c in named if "guild_id" not in c]
    if not found:
        names = sorted(command["name"] for command in state.commands.values())
        raise LookupError(f"{kind.name} command {name!r} is not registered here, only {names}")
    command = found[0]
    _need_place(command, channel, install)
    if channel.guild is not None:
        _need_permission(state, command, user, channel)
    return command


def _need_place(command: Json, channel: Channel, install: Install) -> None:
    context, contexts = context_of(channel), command.get("contexts")
    if contexts is None:
        shown = context is not Context.BOT_DM or command.get("dm_permission", True)
    else:
        shown = int(context) in contexts
    if not shown:
        where = "direct messages" if context is Context.BOT_DM else context.name
        raise PermissionError(f"{command['name']!r} is not for {where}")
    types = command.get("integration_types")
    if types is not None and (1 if install == "user" else 0) not in types:
        raise PermissionError(f"{command['name']!r} is not for apps installed by a {install}")


def _need_permission(state: State, command: Json, user: User, channel: Channel) -> None:
    """By Discord's order: administrators, overrides for a user and a role, the command itself."""
    assert channel.guild is not None
    held = in_channel(state, user, channel)
    if Permissions.ADMINISTRATOR in held:
        return
    overrides = state.overrides.get((channel.guild.id, command["name"]), {})
    of_roles = [overrides.get(role.id) for role in state.roles_of(user, channel.guild)]
    if user.id in overrides:
        allowed = overrides[user.id]
    elif any(one is not None for one in of_roles):
        allowed = True in of_roles
    elif channel.guild.id in overrides:
        allowed = overrides[channel.guild.id]
    else:
        demanded = command["default_member_permissions"]
        # "0" is for administrators alone.
        allowed = demanded is None or (demanded != "0" and Permissions(int(demanded)) in held)
    if not allowed:
        raise PermissionError(f"{command['name']!r} is hidden from {user.name}")
