"""What an interaction names, handed over with it: users, roles, channels and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .message_payloads import acting_member_payload, attachment_payload
from .payloads import channel_payload, role_payload, user_payload
from .permissions import in_channel
from .records import Attachment, Channel, Json, Role, Upload, User

if TYPE_CHECKING:
    from .state import State

Named = User | Role | Channel | Upload


class Resolved:
    """The `resolved` part of an interaction's data, as it comes together."""

    def __init__(self, state: State, user: User, channel: Channel) -> None:
        self._state = state
        self._user = user
        self._channel = channel
        self.payload: Json = {}

    def add(self, named: Named) -> str:
        """Hand something over; returns the id by which it is named.

        Raises ValueError for what the person cannot pick: another guild's, or what is gone.
        """
        match named:
            case User():
                self._add_user(named)
            case Role():
                self._need(named.guild == self._channel.guild and named.id in self._state.roles)
                self._hold("roles", named.id, role_payload(named))
            case Channel():
                here = named.guild is not None and named.guild == self._channel.guild
                self._need(here and named.id in self._state.channels)
                allowed = str(int(in_channel(self._state, self._user, named)))
                payload = channel_payload(named, self._state) | {"permissions": allowed}
                self._hold("channels", named.id, payload)
            case Upload():
                return self._add_upload(named)
        return str(named.id)

    def _add_user(self, user: User) -> None:
        self._hold("users", user.id, user_payload(user))
        guild = self._channel.guild
        if guild is not None and self._state.is_member(user, guild):
            member = acting_member_payload(user, self._channel, self._state)
            self._hold("members", user.id, member)

    def _add_upload(self, upload: Upload) -> str:
        id_ = self._state.ids.next()
        file = Attachment(id_, upload.filename, upload.content, upload.description)
        self._state.files[id_] = file.content
        payload = attachment_payload(file, self._channel, self._state)
        self._hold("attachments", id_, payload | {"ephemeral": True})
        return str(id_)

    def _need(self, it_can_be_picked: bool) -> None:
        if not it_can_be_picked:
            raise ValueError("it is not of this guild, or it is gone")

    def _hold(self, kind: str, id_: int, payload: Json) -> None:
        self.payload.setdefault(kind, {})[str(id_)] = payload
