"""Guilds, channels, roles and people: what there is, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .constants import MEMBER_PERMISSIONS, Intents, Permissions
from .parts import Parts
from .payloads import channel_payload, member_payload, role_payload, user_payload
from .records import LOCALE, Channel, Guild, Overwrite, Role, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .records import Json


class Places(Parts):
    """Everything that a test arranges or takes away; the bot is told as Discord would tell it."""

    def add_guild(
        self,
        name: str = "Newsroom",
        *,
        locale: str = LOCALE,
        with_bot: bool = True,
        shard: tuple[int, int] = (0, 1),
    ) -> Guild:
        """A guild that everybody is in, and the bot too, unless the app is its users' own.

        `shard` is the number of the shard that is told of it, and of how many shards.
        """
        id_ = self._state.ids.next_of(*shard)
        guild = Guild(id_, name, self._state.owner.id, locale)
        self._state.guilds[guild.id] = guild
        if not with_bot:
            self._state.absent.add((guild.id, self._state.bot.id))
        self._gateway.announce(guild)
        return guild

    def remove_bot(self, guild: Guild) -> None:
        """Somebody throws the bot out of a guild."""
        self._state.absent.add((guild.id, self._state.bot.id))
        self._gateway.force("GUILD_DELETE", {"id": str(guild.id)}, Intents.GUILDS, guild=guild)

    def invite_bot(self, guild: Guild) -> None:
        """Somebody lets the bot into a guild, for the first time or again."""
        self._state.absent.discard((guild.id, self._state.bot.id))
        self._gateway.announce(guild)

    def add_channel(
        self, guild: Guild, name: str = "general", *, denied: Permissions = Permissions.NONE
    ) -> Channel:
        """A text channel; `denied` is what the bot may not do there."""
        channel = Channel(self._state.ids.next(), name, guild, denied=denied)
        self._state.channels[channel.id] = channel
        if denied:
            bot = Overwrite(of_role=False, deny=denied)
            self._state.overwrites[channel.id] = {self._state.bot.id: bot}
        self._gateway.announce(channel)
        return channel

    def add_thread(self, channel: Channel, name: str = "thread") -> Channel:
        """A public thread of a channel."""
        thread = Channel(self._state.ids.next(), name, channel.guild, parent=channel)
        self._state.channels[thread.id] = thread
        self._gateway.announce(thread)
        return thread

    def add_group(self, *users: User) -> Channel:
        """A private channel of people's own, where only an app that is a user's own is found."""
        group = Channel(self._state.ids.next(), "group", others=users)
        self._state.channels[group.id] = group
        return group

    def delete_channel(self, channel: Channel) -> None:
        """Somebody deletes a channel with its threads and messages."""
        threads = [c for c in self._state.channels.values() if c.parent == channel]
        for thread in threads:
            self.delete_channel(thread)
        payload = channel_payload(channel, self._state)
        del self._state.channels[channel.id]
        for message in self._state.messages.values():
            message.deleted |= message.channel == channel
        name = "CHANNEL_DELETE" if channel.parent is None else "THREAD_DELETE"
        self._gateway.dispatch(name, payload, Intents.GUILDS, guild=channel.guild)

    def overwrite(
        self,
        channel: Channel,
        target: User | Role | Guild,
        *,
        allow: Permissions = Permissions.NONE,
        deny: Permissions = Permissions.NONE,
    ) -> None:
        """Set what a channel allows and denies to a member, a role or everybody, the guild.

        It replaces what was set for them there before; a channel's `denied` is set for the bot.
        """
        one = Overwrite(not isinstance(target, User), allow, deny)
        self._state.overwrites.setdefault(channel.id, {})[target.id] = one
        payload = channel_payload(channel, self._state)
        self._gateway.dispatch("CHANNEL_UPDATE", payload, Intents.GUILDS, guild=channel.guild)

    def add_role(
        self,
        guild: Guild,
        name: str,
        permissions: Permissions = Permissions.NONE,
        *,
        members: Sequence[User] = (),
    ) -> Role:
        """A role, which `members` have from the start."""
        role = Role(self._state.ids.next(), name, guild, permissions)
        self._state.roles[role.id] = role
        self._tell_role("GUILD_ROLE_CREATE", role)
        for user in members:
            self.give_role(user, role)
        return role

    def change_role(self, role: Role, permissions: Permissions) -> Role:
        """Give a role other permissions; returns the role as it is now."""
        changed = replace(role, permissions=permissions)
        self._state.roles[role.id] = changed
        self._tell_role("GUILD_ROLE_UPDATE", changed)
        return changed

    def delete_role(self, role: Role) -> None:
        """Take a role away from everybody and from the guild, and out of every channel."""
        del self._state.roles[role.id]
        for key, held in self._state.held_roles.items():
            self._state.held_roles[key] = tuple(id_ for id_ in held if id_ != role.id)
        for overwrites in self._state.overwrites.values():
            overwrites.pop(role.id, None)
        payload = {"guild_id": str(role.guild.id), "role_id": str(role.id)}
        self._gateway.dispatch("GUILD_ROLE_DELETE", payload, Intents.GUILDS, guild=role.guild)

    def give_role(self, user: User, role: Role) -> None:
        """Make `role` one of the roles of a member; raises LookupError where it is gone."""
        if role.id not in self._state.roles or not self._state.is_member(user, role.guild):
            raise LookupError(f"{role.name!r} is gone, or {user.name} is")
        held = self._state.held_roles.get((role.guild.id, user.id), ())
        self._state.held_roles[role.guild.id, user.id] = tuple(dict.fromkeys((*held, role.id)))
        self._tell_member(user, role.guild)

    def take_role(self, user: User, role: Role) -> None:
        """Take a role from a member; raises ValueError where they do not have it."""
        held = list(self._state.held_roles.get((role.guild.id, user.id), ()))
        held.remove(role.id)
        self._state.held_roles[role.guild.id, user.id] = tuple(held)
        self._tell_member(user, role.guild)

    def add_user(
        self,
        name: str,
        *,
        permissions: Permissions = MEMBER_PERMISSIONS,
        bot: bool = False,
        accepts_dms: bool = True,
        locale: str = LOCALE,
    ) -> User:
        """Somebody, a member of every guild, with `permissions` in all of them."""
        user = User(self._state.ids.next(), name, bot, permissions, accepts_dms, locale)
        self._state.users[user.id] = user
        return user

    def leave(self, user: User, guild: Guild) -> None:
        """Somebody leaves a guild; only a bot with the members intent is told."""
        self._state.absent.add((guild.id, user.id))
        self._state.held_roles.pop((guild.id, user.id), None)
        payload = {"guild_id": str(guild.id), "user": user_payload(user)}
        self._gateway.dispatch("GUILD_MEMBER_REMOVE", payload, Intents.GUILD_MEMBERS, guild=guild)

    def join(self, user: User, guild: Guild) -> None:
        """Somebody comes back to a guild, without the roles of before."""
        self._state.absent.discard((guild.id, user.id))
        payload = member_payload(self._state, guild, user)
        payload |= {"guild_id": str(guild.id), "user": user_payload(user)}
        self._gateway.dispatch("GUILD_MEMBER_ADD", payload, Intents.GUILD_MEMBERS, guild=guild)

    def permit_command(
        self, command: str, target: User | Role | Guild, guild: Guild, *, allowed: bool = True
    ) -> None:
        """Set, as a guild's integration settings do, who may use a command there.

        It goes before the command's own default permissions; a guild as `target` is everybody.
        Raises LookupError for a command that is not registered.
        """
        if all(one["name"] != command for one in self._state.commands.values()):
            raise LookupError(f"{command!r} is not registered")
        self._state.overrides.setdefault((guild.id, command), {})[target.id] = allowed

    def _tell_role(self, event: str, role: Role) -> None:
        payload = {"guild_id": str(role.guild.id), "role": role_payload(role)}
        self._gateway.dispatch(event, payload, Intents.GUILDS, guild=role.guild)

    def _tell_member(self, user: User, guild: Guild) -> None:
        payload: Json = member_payload(self._state, guild, user)
        payload |= {"guild_id": str(guild.id), "user": user_payload(user)}
        # Of itself a bot is told without the privileged intent.
        intent = Intents.GUILDS if user == self._state.bot else Intents.GUILD_MEMBERS
        self._gateway.dispatch("GUILD_MEMBER_UPDATE", payload, intent, guild=guild)
