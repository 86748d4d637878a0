"""What people do."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from .constants import (
    CommandType,
    ComponentType,
    InteractionType,
    MessageType,
    Permissions,
)
from .interaction import Install, Interaction
from .message import Message
from .message_payloads import interaction_payload, message_payload
from .messages import Draft, Messages
from .options import Filling, OptionValue, button_or_select, fill_modal
from .payloads import member_payload, user_payload
from .records import Button, Channel, Guild, Json, User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .gateway import Gateway
    from .state import State

NO_OPTIONS: Mapping[str, OptionValue] = {}


class Actions:
    """The people of this Discord, one coroutine for each thing that they can do."""

    def __init__(self, state: State, gateway: Gateway, messages: Messages) -> None:
        self._state = state
        self._gateway = gateway
        self._messages = messages

    async def slash(
        self,
        user: User,
        command: str,
        options: Mapping[str, OptionValue] = NO_OPTIONS,
        *,
        channel: Channel | None = None,
        guild: Guild | None = None,
        install: Install = "guild",
    ) -> Interaction:
        """`user` sends a slash command; a subcommand is written "corpus list".

        Without `channel` it is the guild's first, and without `guild` the first guild's.
        Raises LookupError for a command that is not there, ValueError for options that Discord's
        client would not send, PermissionError where the command is hidden from the user.
        """
        where = self._where(channel, guild)
        name, *path = command.split()
        registered = self._command(name, CommandType.CHAT_INPUT, where, user)
        filling = Filling(self._state, where)
        data = _command_data(registered, filling.fill(registered, path, options), filling.resolved)
        kind = InteractionType.APPLICATION_COMMAND
        return await self._interact(kind, user, where, data, install=install)

    async def autocomplete(
        self,
        user: User,
        command: str,
        focused: str,
        typed: str,
        options: Mapping[str, OptionValue] = NO_OPTIONS,
        *,
        channel: Channel | None = None,
        guild: Guild | None = None,
    ) -> Interaction:
        """`user` has `typed` something into the option `focused`; await its `choices()`."""
        where = self._where(channel, guild)
        name, *path = command.split()
        registered = self._command(name, CommandType.CHAT_INPUT, where, user)
        filling = Filling(self._state, where, focused=focused)
        filled = filling.fill(registered, path, {**options, focused: typed})
        data = _command_data(registered, filled, filling.resolved)
        return await self._interact(InteractionType.AUTOCOMPLETE, user, where, data)

    async def context_menu(
        self,
        user: User,
        command: str,
        target: Message | User,
        *,
        channel: Channel | None = None,
    ) -> Interaction:
        """`user` picks a command from the menu of a message, or of somebody."""
        if isinstance(target, Message):
            where, kind = target.channel, CommandType.MESSAGE
            self._need_sight(target, user)
            shown = message_payload(target, self._state, withhold=False)
            resolved: Json = {"messages": {str(target.id): shown}}
        else:
            where, kind = self._where(channel, None), CommandType.USER
            resolved = {"users": {str(target.id): user_payload(target)}}
            if where.guild is not None:
                permissions = {"permissions": str(int(target.permissions))}
                resolved["members"] = {str(target.id): member_payload() | permissions}
        registered = self._command(command, kind, where, user)
        data = _command_data(registered, [], resolved) | {"target_id": str(target.id)}
        return await self._interact(InteractionType.APPLICATION_COMMAND, user, where, data)

    async def click(self, message: Message, button: str | Button, user: User) -> Interaction:
        """`user` clicks a button of `message`, given as `message.button("Next")` or custom id.

        Raises LookupError where the message, as it stands now, shows no such button, and
        PermissionError where the user does not see the message.
        """
        custom_id = button.custom_id if isinstance(button, Button) else button
        return await self._use(message, custom_id, user, {})

    async def select(
        self, message: Message, custom_id: str, values: Sequence[str], user: User
    ) -> Interaction:
        """`user` picks from a string select of `message`."""
        return await self._use(message, custom_id, user, {"values": list(values)})

    async def modal_submit(
        self, opened_by: Interaction, values: Mapping[str, str], user: User | None = None
    ) -> Interaction:
        """The form that `opened_by` brought up is sent; `values` by the inputs' custom ids.

        Waits for the form first. Raises ValueError for what the form would not take.
        """
        modal = await opened_by.modal()
        data = {"custom_id": modal["custom_id"], "components": fill_modal(modal, values)}
        return await self._interact(
            InteractionType.MODAL_SUBMIT,
            user or opened_by.user,
            opened_by.channel,
            data,
            message=opened_by.message,
            opened_by=opened_by,
            install=opened_by.install,
        )

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        mentions: Sequence[User] = (),
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """`user` writes a message; who of `mentions` is not in the text is put in front of it.

        What the bot gets of it is empty, unless it is mentioned, or the channel is a direct one,
        or `user` replies to a plain message of the bot's with a `ping`.
        """
        await self._somebody_listens()
        named = [one.mention for one in mentions if one.mention not in text]
        everything = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        return self._messages.create(
            Draft(
                channel=channel,
                author=user,
                body={"content": " ".join((*named, text)), "allowed_mentions": everything},
                type=MessageType.DEFAULT if reply_to is None else MessageType.REPLY,
                reference=reply_to,
            )
        )

    async def direct_message(self, user: User, text: str) -> Message:
        """`user` writes to the bot alone."""
        return await self.say(user, self._state.dm_with(user), text)

    async def answer_to(self, message: Message, within: float | None = None) -> Message:
        """The first message that the bot writes in the channel after `message`."""

        def look() -> Message | None:
            later = (m for m in self._state.messages.values() if m.id > message.id)
            mine = (m for m in later if m.author == self._state.bot and not m.loading)
            return next((m for m in mine if m.channel == message.channel), None)

        return await self._state.changes.wait_for(look, f"answer to {message.content!r}", within)

    async def delete(self, message: Message) -> None:
        """Somebody takes a message away."""
        self._messages.delete(message)

    def _where(self, channel: Channel | None, guild: Guild | None) -> Channel:
        if channel is not None:
            return channel
        for known in self._state.channels.values():
            if known.guild is not None and guild in (None, known.guild):
                return known
        raise LookupError("there is no channel: server.add_channel(server.add_guild())")

    def _command(self, name: str, kind: CommandType, channel: Channel, user: User) -> Json:
        """The command as it is registered, a guild's own before a global one."""
        guild = None if channel.guild is None else str(channel.guild.id)
        named = [c for c in self._state.commands.values() if (c["name"], c["type"]) == (name, kind)]
        local = [c for c in named if guild is not None and c.get("guild_id") == guild]
        found = local or [c for c in named if "guild_id" not in c]
        if not found:
            names = sorted(command["name"] for command in self._state.commands.values())
            raise LookupError(f"{kind.name} command {name!r} is not registered here, only {names}")
        self._need_permission(found[0], channel, user)
        return found[0]

    def _need_permission(self, command: Json, channel: Channel, user: User) -> None:
        if channel.guild is None:
            contexts = command.get("contexts")
            shown = 1 in contexts if contexts is not None else command.get("dm_permission", True)
            if not shown:
                raise PermissionError(f"{command['name']!r} is not for direct messages")
            return
        needed = Permissions(int(command["default_member_permissions"] or 0))
        if needed not in user.permissions and Permissions.ADMINISTRATOR not in user.permissions:
            raise PermissionError(f"{command['name']!r} is hidden from {user.name}")

    def _need_sight(self, message: Message, user: User) -> None:
        if not message.visible_to(user):
            raise PermissionError(f"{user.name} does not see that message")

    async def _use(
        self, message: Message, custom_id: str | None, user: User, picked: Json
    ) -> Interaction:
        self._need_sight(message, user)
        if custom_id is None:
            raise LookupError("a link button is nothing that a bot hears of")
        part = button_or_select(list(message.components), custom_id)
        if (part["type"] == ComponentType.BUTTON) == bool(picked):
            raise LookupError(f"{custom_id!r} is a component of type {part['type']}")
        data = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"], **picked}
        install = message.interaction.install if message.interaction else "guild"
        kind = InteractionType.MESSAGE_COMPONENT
        channel = message.channel
        return await self._interact(kind, user, channel, data, message=message, install=install)

    async def _interact(
        self,
        kind: InteractionType,
        user: User,
        channel: Channel,
        data: Json,
        *,
        message: Message | None = None,
        opened_by: Interaction | None = None,
        install: Install = "guild",
    ) -> Interaction:
        await self._somebody_listens()
        interaction = Interaction(
            id=self._state.ids.next(),
            token=secrets.token_urlsafe(48),
            type=kind,
            user=user,
            channel=channel,
            data=data,
            created=self._state.clock.now(),
            changes=self._state.changes,
            message=message,
            opened_by=opened_by,
            install=install,
        )
        self._state.interactions[interaction.id] = interaction
        payload = interaction_payload(interaction, self._state)
        self._gateway.dispatch("INTERACTION_CREATE", payload)
        return interaction

    async def _somebody_listens(self) -> None:
        """Until there is a session; it may be between two connections, and is told later then."""
        sessions = self._gateway.sessions
        await self._state.changes.wait_for(lambda: bool(sessions), "session of the bot's")


def _command_data(command: Json, options: list[Json], resolved: Json) -> Json:
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    if options:
        data["options"] = options
    return data | ({"resolved": resolved} if resolved else {})
