"""Routes about the bot itself, other people, and where the gateway is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .payloads import channel_payload, user_payload
from .records import Call, Json, Reply

if TYPE_CHECKING:
    from .state import State


class Account:
    """Who the bot is."""

    def __init__(self, state: State) -> None:
        self._state = state

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What it answers."""
        return (
            Endpoint("GET", "/gateway", self.gateway, needs_token=False),
            Endpoint("GET", "/gateway/bot", self.gateway_bot),
            Endpoint("GET", "/users/@me", self.me),
            Endpoint("GET", "/users/{user_id}", self.user),
            Endpoint("POST", "/users/@me/channels", self.open_dm),
            Endpoint("GET", "/oauth2/applications/@me", self.application),
            Endpoint("GET", "/applications/@me", self.application),
        )

    def gateway(self, _: Call) -> Reply:
        return Reply(body={"url": self._url()})

    def gateway_bot(self, _: Call) -> Reply:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        shards = self._state.shards
        return Reply(body={"url": self._url(), "shards": shards, "session_start_limit": limit})

    def me(self, _: Call) -> Reply:
        own: Json = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
        return Reply(body=user_payload(self._state.bot) | own)

    def user(self, call: Call) -> Reply:
        user = self._state.users.get(call.id("user_id"))
        if user is None:
            raise ApiError(Refusal.UNKNOWN_USER)
        return Reply(body=user_payload(user))

    def open_dm(self, call: Call) -> Reply:
        recipient = str((call.body or {}).get("recipient_id"))
        user = self._state.users.get(int(recipient)) if recipient.isdigit() else None
        if user is None or user == self._state.bot:
            raise ApiError(Refusal.UNKNOWN_USER)
        return Reply(body=channel_payload(self._state.dm_with(user), self._state))

    def application(self, _: Call) -> Reply:
        state = self._state
        return Reply(
            body={
                "id": str(state.application_id),
                "name": state.bot.name,
                "icon": None,
                "description": "",
                "type": None,
                "bot": user_payload(state.bot),
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "flags_new": "0",
                "redirect_uris": [],
                "interactions_endpoint_url": None,
                "role_connections_verification_url": None,
                "owner": user_payload(state.owner),
                "approximate_guild_count": len(state.guilds),
                "approximate_user_install_count": 0,
                "approximate_user_authorization_count": 0,
                "explicit_content_filter": 0,
                "team": None,
                "eligible_oauth2_scopes": [],
            }
        )

    def _url(self) -> str:
        return self._state.base.replace("http", "ws", 1) + "/gateway"
