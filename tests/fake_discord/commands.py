"""Application commands, global and of a guild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import COMMAND_CREATES_A_DAY, CommandType
from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .records import Call, Fault, Json, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .state import State

GLOBAL = "/applications/{application_id}/commands"
GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ONE = "/{command_id}"


class Commands:
    """What the bot has registered."""

    def __init__(self, state: State) -> None:
        self._state = state

    def endpoints(self) -> Iterator[Endpoint]:
        """What it answers."""
        for route in (GLOBAL, GUILD):
            yield Endpoint("GET", route, self.list_all)
            yield Endpoint("PUT", route, self.overwrite)
            yield Endpoint("POST", route, self.create)
            yield Endpoint("GET", route + ONE, self.get)
            yield Endpoint("PATCH", route + ONE, self.edit)
            yield Endpoint("DELETE", route + ONE, self.delete)

    def list_all(self, call: Call) -> Reply:
        return Reply(body=self._of(self._guild(call)))

    def overwrite(self, call: Call) -> Reply:
        guild = self._guild(call)
        old = self._of(guild)
        new = [self._command(command, guild, old) for command in call.body or ()]
        for command in old:
            del self._state.commands[int(command["id"])]
        self._state.commands.update({int(command["id"]): command for command in new})
        return Reply(body=new)

    def create(self, call: Call) -> Reply:
        guild = self._guild(call)
        old = self._of(guild)
        command = self._command(call.body, guild, old)
        known = int(command["id"]) in self._state.commands
        self._state.commands[int(command["id"])] = command
        return Reply(200 if known else 201, command)

    def get(self, call: Call) -> Reply:
        return Reply(body=self._one(call))

    def edit(self, call: Call) -> Reply:
        old = self._one(call)
        command = self._command({**old, **call.body, "type": old["type"]}, self._guild(call), [])
        command["id"] = old["id"]
        self._state.commands[int(old["id"])] = command
        return Reply(body=command)

    def delete(self, call: Call) -> Reply:
        del self._state.commands[int(self._one(call)["id"])]
        return Reply(204)

    def _guild(self, call: Call) -> int | None:
        """The guild that is asked about; None for global commands."""
        if call.id("application_id") != self._state.application_id:
            raise ApiError(Refusal.MISSING_ACCESS)
        if "guild_id" not in call.parameters:
            return None
        if call.id("guild_id") not in self._state.guilds:
            raise ApiError(Refusal.MISSING_ACCESS)
        return call.id("guild_id")

    def _of(self, guild: int | None) -> list[Json]:
        wanted = None if guild is None else str(guild)
        return [c for c in self._state.commands.values() if c.get("guild_id") == wanted]

    def _one(self, call: Call) -> Json:
        command = self._state.commands.get(call.id("command_id"))
        if command is None or command not in self._of(self._guild(call)):
            raise ApiError(Refusal.UNKNOWN_COMMAND)
        return command

    def _command(self, body: Json, guild: int | None, old: list[Json]) -> Json:
        """A command as Discord gives it back, under its old id where there was one of its name."""
        kind = int(body.get("type") or CommandType.CHAT_INPUT)
        same = (c for c in old if (c["type"], c["name"]) == (kind, body["name"]))
        id_ = next((command["id"] for command in same), None) or self._new_id()
        permissions = body.get("default_member_permissions")
        command: Json = {
            **{key: value for key, value in body.items() if value is not None},
            "id": id_,
            "application_id": str(self._state.application_id),
            "version": str(self._state.ids.next()),
            "type": kind,
            "description": body.get("description") or "",
            "default_member_permissions": None if permissions is None else str(permissions),
            "nsfw": bool(body.get("nsfw")),
        }
        return command | ({} if guild is None else {"guild_id": str(guild)})

    def _new_id(self) -> str:
        if self._state.commands_created >= COMMAND_CREATES_A_DAY:
            message = f"more than {COMMAND_CREATES_A_DAY} commands created in a day"
            fault = Fault((), "COMMAND_CREATES", message, "command.creates")
            raise ApiError(Refusal.DAILY_COMMAND_CREATES, fault)
        self._state.commands_created += 1
        return str(self._state.ids.next())
