"""Messages and interactions in Discord's JSON."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from .clock import iso
from .constants import UPLOAD_BYTES, Context
from .embedded import address, shown_in
from .payloads import channel_payload, member_payload, user_payload
from .permissions import in_channel, of_app

if TYPE_CHECKING:
    from .interaction import Interaction
    from .message import Message
    from .records import Attachment, Channel, Json, User
    from .state import State


def attachment_payload(attachment: Attachment, channel: Channel, state: State) -> Json:
    """A file, with the address where it can be fetched."""
    url = address(state.base, channel, attachment)
    kind = mimetypes.guess_type(attachment.filename)[0] or "application/octet-stream"
    payload: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.content),
        "url": url,
        "proxy_url": url,
        "content_type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
    }
    return payload | ({"description": attachment.description} if attachment.description else {})


def message_payload(message: Message, state: State, *, withhold: bool = True) -> Json:
    """A message as the bot gets it.

    Without the privileged intent, what somebody else wrote is withheld, except in direct messages
    and where the bot is mentioned; `withhold` is False where an interaction hands a message over.
    """
    now = message.now
    hidden = withhold and _is_withheld(message, state)
    ids = [int(target) for kind, target in now.mentions if kind in ("user", "reply")]
    mentioned = [state.users[id_] for id_ in dict.fromkeys(ids) if id_ in state.users]
    payload: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": int(message.type),
        "author": user_payload(message.author),
        "content": "" if hidden else now.content,
        "timestamp": iso(message.versions[0].at),
        "edited_timestamp": iso(now.at) if message.edited else None,
        "tts": False,
        "pinned": False,
        "flags": int(now.flags),
        "mention_everyone": any(kind == "everyone" for kind, _ in now.mentions),
        "mentions": [user_payload(user) for user in mentioned],
        "mention_roles": [target for kind, target in now.mentions if kind == "role"],
        "embeds": [] if hidden else list(now.embeds),
        "components": [] if hidden else list(now.components),
        "attachments": [] if hidden else _attachments(message, state),
    }
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    return payload | _origin(message, state, withhold=withhold)


def _attachments(message: Message, state: State) -> list[Json]:
    """The files, without those that an embed shows."""
    files = (attachment_payload(f, message.channel, state) for f in message.now.attachments)
    shown = set(shown_in(message.embeds))
    return [file for file in files if file["url"] not in shown]


def _is_withheld(message: Message, state: State) -> bool:
    if message.author == state.bot or message.channel.guild is None:
        return False
    bot = str(state.bot.id)
    if ("user", bot) in message.now.mentions:
        return False
    # A pinging reply counts as a mention, but not where it replies to an interaction's answer.
    reference = message.reference
    plain = reference is not None and reference.interaction is None
    return not (plain and ("reply", bot) in message.now.mentions)


def _origin(message: Message, state: State, *, withhold: bool) -> Json:
    """What a message says of what it answers."""
    payload: Json = {}
    reference = message.reference
    if reference is not None:
        payload["message_reference"] = {
            "type": 0,
            "message_id": str(reference.id),
            "channel_id": str(reference.channel.id),
        }
        whole = None if reference.deleted else _unnested(reference, state, withhold=withhold)
        payload["referenced_message"] = whole
    if message.interaction is not None:
        payload["webhook_id"] = payload["application_id"] = str(state.application_id)
        payload["interaction_metadata"] = metadata_payload(message.interaction, message)
    return payload


def _unnested(message: Message, state: State, *, withhold: bool) -> Json:
    """A message without what it replies to in turn: Discord nests one level."""
    payload = message_payload(message, state, withhold=withhold)
    payload.pop("referenced_message", None)
    return payload


def metadata_payload(interaction: Interaction, message: Message | None = None) -> Json:
    """What a message says of the interaction that it came by."""
    payload: Json = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "user": user_payload(interaction.user),
        "authorizing_integration_owners": owners_payload(interaction),
    }
    original = interaction.original
    if original is not None and message is not None and original is not message:
        payload["original_response_message_id"] = str(original.id)
    if interaction.opened_by is not None:
        payload["triggering_interaction_metadata"] = metadata_payload(interaction.opened_by)
    elif interaction.message is not None:
        payload["interacted_message_id"] = str(interaction.message.id)
    return payload


def owners_payload(interaction: Interaction) -> Json:
    """By whom the app is installed: "0" a guild, which is 0 in direct messages, "1" the user."""
    if interaction.install == "user":
        return {"1": str(interaction.user.id)}
    guild = interaction.channel.guild
    return {"0": str(guild.id) if guild else "0"}


def context_of(channel: Channel) -> Context:
    """What an interaction calls the place that it comes from."""
    if channel.guild is not None:
        return Context.GUILD
    return Context.PRIVATE_CHANNEL if channel.others else Context.BOT_DM


def acting_member_payload(user: User, channel: Channel, state: State) -> Json:
    """A member as interactions show one: with what they may do in the channel."""
    assert channel.guild is not None
    permissions = str(int(in_channel(state, user, channel)))
    return member_payload(state, channel.guild, user) | {"permissions": permissions}


def interaction_payload(interaction: Interaction, state: State) -> Json:
    """An interaction as INTERACTION_CREATE brings it."""
    channel, user, guild = interaction.channel, interaction.user, interaction.channel.guild
    allowed = str(int(in_channel(state, user, channel)))
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(state.application_id),
        "type": int(interaction.type),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_payload(channel, state) | ({"permissions": allowed} if guild else {}),
        "locale": user.locale,
        "entitlements": [],
        "app_permissions": str(int(of_app(state, user, channel))),
        "authorizing_integration_owners": owners_payload(interaction),
        "context": int(context_of(channel)),
        "attachment_size_limit": UPLOAD_BYTES,
    }
    if guild is None:
        payload["user"] = user_payload(user)
    else:
        payload["guild_id"] = str(guild.id)
        payload["guild_locale"] = guild.locale
        payload["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        member = acting_member_payload(user, channel, state)
        payload["member"] = member | {"user": user_payload(user)}
    if interaction.message is not None:
        payload["message"] = message_payload(interaction.message, state, withhold=False)
    return payload
