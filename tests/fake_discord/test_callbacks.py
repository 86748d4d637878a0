"""Acknowledgements and follow-ups that go wrong, made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .constants import CallbackType

if TYPE_CHECKING:
    from .conftest import Http
    from .interaction import Interaction
    from .records import User
    from .sample_bot import SampleBot
    from .server import FakeDiscord

NO_TOKEN: dict[str, str] = {}


@pytest.fixture
async def interaction(server: FakeDiscord, bot: SampleBot, ann: User) -> Interaction:
    """A slash command that the bot has forgotten how to answer."""
    bot.tree.clear_commands(guild=None)
    return await server.slash(ann, "ask", {"question": "Why?"})


def callback(interaction: Interaction) -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def webhook(server: FakeDiscord, interaction: Interaction, rest: str = "") -> str:
    return f"/webhooks/{server.application_id}/{interaction.token}{rest}"


CALLBACKS: list[tuple[str, dict[str, Any]]] = [
    ("callback.type", {"type": 7, "data": {"content": "c"}}),
    ("callback.type", {"type": 8, "data": {"choices": []}}),
    ("content", {"type": 4, "data": {"content": "x" * 2001}}),
    ("empty", {"type": 4, "data": {"content": ""}}),
    ("choices", {"type": 8, "data": {"choices": [{"name": "n", "value": "v"}] * 26}}),
    ("choice.name", {"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "v"}]}}),
    ("choice.value", {"type": 8, "data": {"choices": [{"name": "n", "value": "x" * 101}]}}),
]


@pytest.mark.parametrize(("limit", "body"), CALLBACKS)
async def test_callbacks_past_a_limit(
    server: FakeDiscord, http: Http, interaction: Interaction, limit: str, body: dict[str, Any]
) -> None:
    status, _ = await http("POST", callback(interaction), body, headers=NO_TOKEN)
    assert status == 400
    assert [violation.limit for violation in server.violations] == [limit]
    # It can still be acknowledged as it should.
    good = {"type": 4, "data": {"content": "c"}}
    assert await http("POST", callback(interaction), good, headers=NO_TOKEN) == (204, None)
    assert (await interaction.response()).content == "c"


def modal(**parts: Any) -> dict[str, Any]:
    field = {"type": 4, "custom_id": "f", "style": 1, "label": "l"} | parts.pop("field", {})
    row = {"type": 1, "components": [field]}
    return {"type": 9, "data": {"custom_id": "m", "title": "t", "components": [row], **parts}}


@pytest.mark.parametrize(
    ("limit", "body"),
    [
        ("modal.title", modal(title="x" * 46)),
        ("modal.label", modal(field={"label": "x" * 46})),
        ("modal.placeholder", modal(field={"placeholder": "x" * 101})),
        ("modal.value", modal(field={"value": "x" * 4001})),
        ("custom_id", modal(custom_id="x" * 101)),
        ("modal.components", modal(components=modal()["data"]["components"] * 6)),
    ],
)
async def test_modals_past_a_limit(
    server: FakeDiscord, http: Http, interaction: Interaction, limit: str, body: dict[str, Any]
) -> None:
    assert (await http("POST", callback(interaction), body))[0] == 400
    assert [violation.limit for violation in server.violations] == [limit]
    assert interaction.modal_data is None


async def test_what_a_deferral_loses(
    server: FakeDiscord, http: Http, interaction: Interaction
) -> None:
    body = {"type": 5, "data": {"content": "lost", "flags": 64 | 4}}
    assert (await http("POST", callback(interaction), body))[0] == 204
    assert [violation.limit for violation in server.violations] == ["defer", "defer"]
    assert interaction.original is not None
    assert interaction.original.loading
    assert interaction.original.ephemeral
    assert interaction.original.content == ""


async def test_a_deferral_can_be_filled_by_an_edit(
    server: FakeDiscord, http: Http, interaction: Interaction
) -> None:
    path = callback(interaction) + "?with_response=true"
    _, answer = await http("POST", path, {"type": 5, "data": {"flags": 64}})
    assert answer["interaction"]["response_message_loading"] is True
    assert answer["interaction"]["response_message_ephemeral"] is True
    original = webhook(server, interaction, "/messages/@original")
    _, message = await http("PATCH", original, {"content": "at last"})
    assert message["content"] == "at last"
    assert message["flags"] == 64
    assert (await http("GET", original))[1] == message
    assert (await http("GET", webhook(server, interaction, f"/messages/{message['id']}")))[0] == 200
    assert await interaction.acknowledged() is CallbackType.DEFERRED_CHANNEL_MESSAGE
    assert server.violations == []


async def test_a_follow_up_can_be_edited_and_deleted(
    server: FakeDiscord, http: Http, interaction: Interaction
) -> None:
    await http("POST", callback(interaction), {"type": 4, "data": {"content": "one"}})
    _, second = await http("POST", webhook(server, interaction), {"content": "two"})
    path = webhook(server, interaction, f"/messages/{second['id']}")
    assert (await http("PATCH", path, {"content": "three"}))[1]["content"] == "three"
    assert await http("DELETE", path) == (204, None)
    status, body = await http("GET", path)
    assert (status, body["code"]) == (404, 10008)
    assert server.violations == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/interactions/1/{token}/callback", 404, 10062),
        ("POST", "/interactions/{id}/wrong/callback", 401, 50027),
        ("POST", "/webhooks/{app}/{token}", 404, 10015),
        ("GET", "/webhooks/{app}/{token}/messages/@original", 404, 10015),
        ("POST", "/webhooks/1/{token}", 404, 10015),
        ("POST", "/webhooks/{app}/wrong", 401, 50027),
        ("POST", "/webhooks/{app}/nonsense/here", 404, 0),
    ],
)
async def test_what_is_not_known(
    server: FakeDiscord,
    http: Http,
    interaction: Interaction,
    method: str,
    path: str,
    status: int,
    code: int,
) -> None:
    names = {"app": server.application_id, "token": interaction.token, "id": interaction.id}
    body = {"type": 4, "data": {"content": "c"}} if "interactions" in path else {"content": "c"}
    sent = body if method == "POST" else None
    answered, answer = await http(method, path.format(**names), sent)
    assert (answered, answer["code"]) == (status, code)


async def test_a_modal_leaves_no_original(
    server: FakeDiscord, http: Http, interaction: Interaction
) -> None:
    await http("POST", callback(interaction), modal())
    status, body = await http("GET", webhook(server, interaction, "/messages/@original"))
    assert (status, body["code"]) == (404, 10015)
    assert server.violations == []
