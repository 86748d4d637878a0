"""Writing, editing and deleting messages, whoever does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .components import number_components
from .constants import UPLOAD_BYTES, Intents, MessageFlags, MessageType, Permissions
from .embedded import address, resolved, shown_in
from .errors import ApiError, Refusal
from .limits import FILES
from .mentions import Allowed, Mention, Source, mentions_in, notifying_text
from .message import Message, MessageVersion
from .message_payloads import message_payload
from .payloads import member_payload
from .records import Attachment, Channel, Fault, Json, Ping, Upload, User
from .text import clean, tidy_embed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .gateway import Gateway
    from .interaction import Interaction
    from .state import State

KEPT_FLAGS = (
    MessageFlags.SUPPRESS_EMBEDS | MessageFlags.SUPPRESS_NOTIFICATIONS | MessageFlags.COMPONENTS_V2
)
"""The flags that a sender may set; who sees a message is settled elsewhere."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be written."""

    channel: Channel
    author: User
    body: Json
    uploads: tuple[Upload, ...] = ()
    type: MessageType = MessageType.DEFAULT
    interaction: Interaction | None = None
    private_to: User | None = None
    reference: Message | None = None
    loading: bool = False


class Messages:
    """The one place where messages change."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self._state = state
        self._gateway = gateway

    def create(self, draft: Draft) -> Message:
        """Write a message and tell the channel; raises ApiError where it says nothing."""
        message = Message(
            id=self._state.ids.next(),
            channel=draft.channel,
            author=draft.author,
            type=draft.type,
            versions=[],
            interaction=draft.interaction,
            private_to=draft.private_to,
            reference=draft.reference,
            nonce=draft.body.get("nonce"),
        )
        version = self._version(message, draft.body, draft.uploads, loading=draft.loading)
        message.versions.append(version)
        self._state.messages[message.id] = message
        if message.nonce is not None and draft.author == self._state.bot:
            self._state.by_nonce[str(message.nonce)] = message
        self._settle(message, "MESSAGE_CREATE", draft.body)
        return message

    def edit(self, message: Message, body: Json, uploads: tuple[Upload, ...] = ()) -> None:
        """Write a message anew where `body` says so, and tell the channel."""
        message.versions.append(self._version(message, body, uploads))
        self._settle(message, "MESSAGE_UPDATE", body)

    def delete(self, message: Message) -> None:
        """Take a message away; only the record of it stays."""
        was_public = message.public
        message.deleted = True
        if was_public:
            payload = {"id": str(message.id), "channel_id": str(message.channel.id)}
            self._dispatch("MESSAGE_DELETE", message.channel, payload)
        self._state.changes.notify()

    def _version(
        self, message: Message, body: Json, uploads: Sequence[Upload], *, loading: bool = False
    ) -> MessageVersion:
        if message.private_to is None:
            self._state.moderation.check(message.channel.guild, body)
        body = self._state.moderation.altered(body)
        old = message.now if message.versions else None
        content = clean(body["content"] or "") if "content" in body else _old(old, "content", "")
        embeds = _old(old, "embeds", ())
        if "embeds" in body:
            embeds = tuple(tidy_embed(embed) for embed in body["embeds"] or ())
        components = _old(old, "components", ())
        if "components" in body:
            components = tuple(number_components(body["components"] or []))
        shown = set(shown_in(embeds))
        attachments = self._attachments(message, body, uploads, shown)
        files = {f.filename: (f, self._address(message, f)) for f in attachments}
        embeds = resolved(embeds, files, ("embeds",))
        components = resolved(components, files, ("components",))
        flags = _flags(message, body, old) | (MessageFlags.LOADING if loading else 0)
        if MessageFlags.SUPPRESS_EMBEDS in flags:
            embeds = ()
        if MessageFlags.COMPONENTS_V2 in flags and (content or embeds):
            raise ApiError(Refusal.INVALID_FORM_BODY, _mixed())
        if not (loading or content or embeds or components or attachments):
            raise ApiError(Refusal.EMPTY_MESSAGE, _empty())
        text = notifying_text(content, list(components))
        mentions, guarded = self._mentions(message, text, body)
        return MessageVersion(
            content=content,
            embeds=embeds,
            components=components,
            attachments=attachments,
            flags=flags,
            mentions=mentions,
            guarded=guarded or loading,
            at=self._state.clock.now(),
        )

    def _attachments(
        self, message: Message, body: Json, uploads: Sequence[Upload], shown: set[str]
    ) -> tuple[Attachment, ...]:
        """The files of a new version; what its embeds still show stays."""
        if any(len(upload.content) > UPLOAD_BYTES for upload in uploads):
            fault = Fault((), "TOO_LARGE", f"a file is over {UPLOAD_BYTES} bytes", "file.size")
            raise ApiError(Refusal.TOO_LARGE, fault)
        held = message.now.attachments if message.versions else ()
        if "attachments" in body:
            wanted = {str(item.get("id")) for item in body["attachments"] or ()}
            kept = (f for f in held if str(f.id) in wanted or self._address(message, f) in shown)
            held = tuple(kept)
        new = tuple(
            Attachment(self._state.ids.next(), upload.filename, upload.content, upload.description)
            for upload in uploads
        )
        if len(held) + len(new) > FILES:
            detail = f"Must be {FILES} or fewer in length."
            fault = Fault(("attachments",), "BASE_TYPE_MAX_LENGTH", detail, "files")
            raise ApiError(Refusal.INVALID_FORM_BODY, fault)
        self._state.files.update({file.id: file.content for file in new})
        return (*held, *new)

    def _address(self, message: Message, file: Attachment) -> str:
        return address(self._state.base, message.channel, file)

    def _mentions(
        self, message: Message, text: str, body: Json
    ) -> tuple[tuple[Mention, ...], bool]:
        """The mentions that count, and whether none ever could."""
        if message.versions and not _rewrites(body):
            return message.now.mentions, message.now.guarded
        source: Source = "channel" if message.interaction is None else "interaction"
        allowed = Allowed.read(body.get("allowed_mentions"), source)
        mentions = list(mentions_in(text, allowed))
        if message.reference is not None and allowed.replied_user:
            mentions.append(("reply", str(message.reference.author.id)))
        return tuple(mentions), allowed.nobody

    def _settle(self, message: Message, event: str, body: Json) -> None:
        """Keep what follows from a new version."""
        if message.author == self._state.bot and _rewrites(body):
            version = len(message.versions) - 1
            self._state.pings.extend(
                Ping(message.id, version, kind, target)
                for kind, target in message.now.mentions
                if target != str(self._state.bot.id)
            )
        if message.public:
            payload = message_payload(message, self._state)
            guild = message.channel.guild
            if guild is not None and self._state.is_member(message.author, guild):
                payload["member"] = member_payload(self._state, guild, message.author)
            self._dispatch(event, message.channel, payload)
        self._state.changes.notify()

    def _dispatch(self, event: str, channel: Channel, payload: Json) -> None:
        intent = Intents.DIRECT_MESSAGES if channel.guild is None else Intents.GUILD_MESSAGES
        if channel.guild is not None:
            payload["guild_id"] = str(channel.guild.id)
        # What the bot cannot see, it is not told of.
        if self._state.may(Permissions.VIEW_CHANNEL, channel):
            self._gateway.dispatch(event, payload, intent, guild=channel.guild)


def _old(old: MessageVersion | None, name: str, otherwise: Any) -> Any:
    return getattr(old, name) if old is not None else otherwise


def _rewrites(body: Json) -> bool:
    """Whether a body brings text that can mention: an edit of anything else changes no mention."""
    return "content" in body or "components" in body


def _flags(message: Message, body: Json, old: MessageVersion | None) -> MessageFlags:
    flags = MessageFlags(0)
    if "flags" in body:
        flags = MessageFlags(int(body["flags"] or 0)) & KEPT_FLAGS
    elif old is not None:
        flags = old.flags & KEPT_FLAGS
    if old is not None:
        # There is no way back from the new components.
        flags |= old.flags & MessageFlags.COMPONENTS_V2
    return flags | (MessageFlags.EPHEMERAL if message.private_to is not None else 0)


def _mixed() -> Fault:
    message = "A message of components v2 has neither content nor embeds"
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    return Fault(("flags",), code, message, "v2.legacy")


def _empty() -> Fault:
    return Fault((), "EMPTY", "a message needs text, an embed, a file or a component", "empty")
