"""Registering commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Guild
    from .server import FakeDiscord

ASK: dict[str, Any] = {"name": "ask", "description": "d", "type": 1}


@pytest.fixture(params=["", "/guilds/{guild}"])
def path(server: FakeDiscord, guild: Guild, request: pytest.FixtureRequest) -> str:
    where = request.param.format(guild=guild.id)
    return f"/applications/{server.application_id}{where}/commands"


async def test_overwriting_keeps_ids(server: FakeDiscord, http: Http, path: str) -> None:
    _, (first,) = await http("PUT", path, [ASK])
    _, both = await http("PUT", path, [{**ASK, "description": "e"}, {"name": "Verify", "type": 3}])
    assert both[0]["id"] == first["id"]
    assert [command["description"] for command in both] == ["e", ""]
    assert await http("GET", path) == (200, both)
    assert await http("PUT", path, []) == (200, [])
    assert server.violations == []


async def test_one_at_a_time(server: FakeDiscord, http: Http, path: str) -> None:
    status, created = await http("POST", path, ASK)
    assert status == 201
    status, again = await http("POST", path, {**ASK, "description": "e"})
    assert (status, again["id"], again["description"]) == (200, created["id"], "e")
    one = f"{path}/{created['id']}"
    assert (await http("PATCH", one, {"description": "f"}))[1]["description"] == "f"
    assert (await http("GET", one))[1]["description"] == "f"
    assert (await http("DELETE", one))[0] == 204
    assert (await http("DELETE", one))[1]["code"] == 10063
    assert server.commands == ()
    assert server.violations == []


async def test_global_and_guild_commands_are_apart(
    server: FakeDiscord, http: Http, guild: Guild
) -> None:
    base = f"/applications/{server.application_id}"
    await http("PUT", f"{base}/commands", [ASK])
    assert await http("GET", f"{base}/guilds/{guild.id}/commands") == (200, [])
    assert (await http("GET", f"{base}/guilds/1/commands"))[1]["code"] == 50001
    assert (await http("GET", "/applications/1/commands"))[1]["code"] == 50001
