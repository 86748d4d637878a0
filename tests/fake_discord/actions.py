"""What people do."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from .components import button_or_select
from .constants import (
    CommandType,
    ComponentType,
    InteractionType,
    MessageType,
    Permissions,
)
from .forms import FormValue, fill_modal
from .interaction import Install, Interaction
from .message import Message
from .message_payloads import interaction_payload, message_payload
from .messages import Draft
from .options import Filling, OptionValue, command_data
from .parts import Parts
from .permissions import in_channel
from .picks import Pick, picked
from .records import Button, Channel, Guild, Json, User
from .resolved import Resolved
from .visibility import find_command, install_in, need_presence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_OPTIONS: Mapping[str, OptionValue] = {}


class Actions(Parts):
    """The people of this Discord, one coroutine for each thing that they can do."""

    async def slash(
        self,
        user: User,
        command: str,
        options: Mapping[str, OptionValue] = NO_OPTIONS,
        *,
        channel: Channel | None = None,
        guild: Guild | None = None,
        install: Install | None = None,
    ) -> Interaction:
        """`user` sends a slash command; a subcommand is written "corpus list".

        Without `channel` it is the guild's first, and without `guild` the first guild's. The app
        is the guild's, or the user's own with `install="user"` and wherever the bot is not.
        Raises LookupError for a command that is not there, ValueError for options that Discord's
        client would not send, PermissionError where the command is hidden from the user.
        """
        where = self._where(channel, guild)
        return await self._command(user, command, options, where, install=install)

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
        install: Install | None = None,
    ) -> Interaction:
        """`user` has `typed` something into the option `focused`; await its `choices()`."""
        where = self._where(channel, guild)
        filled = {**options, focused: typed}
        return await self._command(user, command, filled, where, install=install, focused=focused)

    async def context_menu(
        self,
        user: User,
        command: str,
        target: Message | User,
        *,
        channel: Channel | None = None,
        install: Install | None = None,
    ) -> Interaction:
        """`user` picks a command from the menu of a message, or of somebody."""
        if isinstance(target, Message):
            where, kind = target.channel, CommandType.MESSAGE
            self._need_sight(target, user)
            shown = message_payload(target, self._state, withhold=False)
            payload: Json = {"messages": {str(target.id): shown}}
        else:
            where, kind = self._where(channel, None), CommandType.USER
            resolved = Resolved(self._state, user, where)
            resolved.add(target)
            payload = resolved.payload
        need_presence(self._state, user, where)
        whose = install_in(self._state, where, install)
        registered = find_command(self._state, command, kind, user, where, whose)
        data = command_data(registered, [], payload) | {"target_id": str(target.id)}
        sort = InteractionType.APPLICATION_COMMAND
        return await self._interact(sort, user, where, data, install=whose)

    async def click(self, message: Message, button: str | Button, user: User) -> Interaction:
        """`user` clicks a button of `message`, given as `message.button("Next")` or custom id.

        Raises LookupError where the message, as it stands now, shows no such button, and
        PermissionError where the user does not see the message.
        """
        custom_id = button.custom_id if isinstance(button, Button) else button
        return await self._use(message, custom_id, user, None)

    async def select(
        self, message: Message, custom_id: str, values: Sequence[Pick], user: User
    ) -> Interaction:
        """`user` picks from a select: values or labels of options, users, roles or channels.

        Raises ValueError for what the select does not offer, or too few or too many.
        """
        return await self._use(message, custom_id, user, values)

    async def modal_submit(
        self, opened_by: Interaction, values: Mapping[str, FormValue], user: User | None = None
    ) -> Interaction:
        """The form that `opened_by` brought up is sent; `values` by custom id or by label.

        Waits for the form first. Raises ValueError for what the form would not take, and
        PermissionError for anybody but the one to whom it was shown.
        """
        modal = await opened_by.modal()
        if user not in (None, opened_by.user):
            raise PermissionError("a form is shown to nobody but the one who opened it")
        resolved = Resolved(self._state, opened_by.user, opened_by.channel)
        filled = fill_modal(modal, values, resolved)
        data: Json = {"custom_id": modal["custom_id"], "components": filled}
        if resolved.payload:
            data["resolved"] = resolved.payload
        sent = opened_by.submission
        if sent is not None and sent.callback is not None:
            raise LookupError("the form was sent and is closed")
        opened_by.submission = await self._interact(
            InteractionType.MODAL_SUBMIT,
            opened_by.user,
            opened_by.channel,
            data,
            message=opened_by.message,
            opened_by=opened_by,
            install=opened_by.install,
        )
        return opened_by.submission

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
        need_presence(self._state, user, channel)
        await self._somebody_listens(channel)
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
            joined = known.guild and self._state.is_member(self._state.bot, known.guild)
            if known.guild is not None and (joined if guild is None else guild == known.guild):
                return known
        raise LookupError("there is no channel: server.add_channel(server.add_guild())")

    async def _command(
        self,
        user: User,
        command: str,
        options: Mapping[str, OptionValue],
        where: Channel,
        *,
        install: Install | None,
        focused: str | None = None,
    ) -> Interaction:
        need_presence(self._state, user, where)
        whose = install_in(self._state, where, install)
        name, *path = command.split()
        kind = CommandType.CHAT_INPUT
        registered = find_command(self._state, name, kind, user, where, whose)
        resolved = Resolved(self._state, user, where)
        filled = Filling(resolved, focused=focused).fill(registered, path, options)
        data = command_data(registered, filled, resolved.payload)
        sort = InteractionType.AUTOCOMPLETE if focused else InteractionType.APPLICATION_COMMAND
        return await self._interact(sort, user, where, data, install=whose)

    def _need_sight(self, message: Message, user: User) -> None:
        if not message.visible_to(user):
            raise PermissionError(f"{user.name} does not see that message")

    async def _use(
        self, message: Message, custom_id: str | None, user: User, values: Sequence[Pick] | None
    ) -> Interaction:
        self._need_sight(message, user)
        channel = message.channel
        need_presence(self._state, user, channel)
        if custom_id is None:
            raise LookupError("a link button is nothing that a bot hears of")
        part = button_or_select(list(message.components), custom_id)
        if (part["type"] == ComponentType.BUTTON) == (values is not None):
            raise LookupError(f"{custom_id!r} is a component of type {part['type']}")
        data = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"]}
        if values is not None:
            resolved = Resolved(self._state, user, channel)
            data["values"] = picked(part, values, resolved)
            if resolved.payload:
                data["resolved"] = resolved.payload
        install = message.interaction.install if message.interaction else "guild"
        kind = InteractionType.MESSAGE_COMPONENT
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
        await self._somebody_listens(channel)
        outsider = install == "user" and channel.guild is not None
        allowed = in_channel(self._state, user, channel)
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
            forced_private=outsider and Permissions.USE_EXTERNAL_APPS not in allowed,
        )
        self._state.interactions[interaction.id] = interaction
        self._state.by_token[interaction.token] = interaction
        payload = interaction_payload(interaction, self._state)
        self._gateway.force("INTERACTION_CREATE", payload, guild=channel.guild)
        return interaction

    async def _somebody_listens(self, channel: Channel) -> None:
        """Until a session serves the place; without a connection now, it is told later."""

        def look() -> bool:
            return bool(self._gateway.serving(channel.guild))

        await self._state.changes.wait_for(look, "session of the bot's")
