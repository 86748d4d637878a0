"""Every limit of Discord's that concerns us, violated once."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from .constants import UPLOAD_BYTES
from .records import Violation

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel
    from .server import FakeDiscord


def embed(**parts: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "t", **parts}]}


def rows(*components: dict[str, Any]) -> dict[str, Any]:
    row = {"type": 1, "components": list(components)}
    return {"content": "c", "components": [row]}


def button(custom_id: str | None = "b", **parts: Any) -> dict[str, Any]:
    named = {} if custom_id is None else {"custom_id": custom_id}
    return {"type": 2, "style": 1, "label": "l", **named, **parts}


def select(**parts: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "l", "value": "v"}], **parts}


FIELD = {"name": "n", "value": "v"}
FIELDS = [FIELD] * 25

MESSAGES = {
    "content": {"content": "x" * 2001},
    "empty": {"content": " \n "},
    "embeds": {"embeds": [{"title": "t"}] * 11},
    "embed.title": embed(title="x" * 257),
    "embed.description": embed(description="x" * 4097),
    "embed.fields": embed(fields=[*FIELDS, FIELD]),
    "embed.field.name": embed(fields=[{"name": "x" * 257, "value": "v"}]),
    "embed.field.value": embed(fields=[{"name": "n", "value": "x" * 1025}]),
    "embed.field.value ": embed(fields=[{"name": "n", "value": " "}]),
    "embed.footer": embed(footer={"text": "x" * 2049}),
    "embed.author": embed(author={"name": "x" * 257}),
    "embed.url": embed(url="javascript:alert(1)"),
    "embed.empty": {"embeds": [{"description": "  "}]},
    "embed.total": {"embeds": [{"description": "x" * 3001}] * 2},
    "mentions": {"content": "c", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    "rows": {
        "content": "c",
        "components": [{"type": 1, "components": [button(str(i))]} for i in range(6)],
    },
    "buttons": rows(*(button(str(i)) for i in range(6))),
    "custom_id": rows(button("x" * 101)),
    "custom_id.duplicate": rows(button("b"), button("b")),
    "button.label": rows(button(label="x" * 81)),
    "button.url": rows(button(None, style=5, url="https://x/" + "x" * 503)),
    "select.placeholder": rows(select(placeholder="x" * 151)),
    "select.options": rows(select(options=[{"label": str(i), "value": str(i)} for i in range(26)])),
    "select.label": rows(select(options=[{"label": "x" * 101, "value": "v"}])),
    "v2.legacy": {"content": "c", "flags": 1 << 15, "components": [{"type": 10, "content": "t"}]},
    "v2.text": {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4001}]},
    "v2.components": {"flags": 1 << 15, "components": [{"type": 10, "content": "t"}] * 41},
}

FITTING = [
    {"content": "x" * 2000},
    embed(title="x" * 256, description="x" * 4096),
    embed(fields=FIELDS, footer={"text": "x" * 2048}, author={"name": "x" * 256}),
    {"embeds": [{"description": "x" * 3000}] * 2},
    {
        "content": "c",
        "components": [
            {"type": 1, "components": [button(f"{i}{j}") for i in range(5)]} for j in range(5)
        ],
    },
    rows(button("x" * 100, label="x" * 80), button(None, style=5, url="https://x/" + "x" * 502)),
    rows(select()),
    {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4000}]},
    {"content": "c", "allowed_mentions": {"parse": [], "users": ["1"], "replied_user": False}},
]


@pytest.mark.parametrize("limit", MESSAGES)
async def test_messages_past_a_limit(
    server: FakeDiscord, http: Http, channel: Channel, limit: str
) -> None:
    path = f"/channels/{channel.id}/messages"
    status, body = await http("POST", path, MESSAGES[limit])
    assert status == 400
    assert body["code"] == (50006 if limit == "empty" else 50035)
    assert [violation.limit for violation in server.violations] == [limit.strip()]
    assert server.violations[0].path == path
    assert server.messages == ()


@pytest.mark.parametrize("body", FITTING)
async def test_messages_at_the_limit(
    server: FakeDiscord, http: Http, channel: Channel, body: dict[str, Any]
) -> None:
    status, answer = await http("POST", f"/channels/{channel.id}/messages", body)
    assert (status, server.violations) == (200, [])
    status, _ = await http("PATCH", f"/channels/{channel.id}/messages/{answer['id']}", body)
    assert (status, server.violations) == (200, [])


async def test_the_shape_of_a_refusal(server: FakeDiscord, http: Http, channel: Channel) -> None:
    path = f"/channels/{channel.id}/messages"
    _, body = await http("POST", path, rows(button("a"), button("x" * 101)))
    error = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 100 or fewer in length."}
    inner = {"components": {"1": {"custom_id": {"_errors": [error]}}}}
    assert body == {
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {"components": {"0": inner}},
    }
    where = "components.0.components.1.custom_id"
    detail = f"{where}: Must be 100 or fewer in length."
    assert server.violations == [Violation("custom_id", detail, "POST", path, 400)]


async def test_an_edit_may_not_empty_a_message(
    server: FakeDiscord, http: Http, channel: Channel
) -> None:
    path = f"/channels/{channel.id}/messages"
    _, sent = await http("POST", path, {"content": "c"})
    _, body = await http("PATCH", f"{path}/{sent['id']}", {"content": None})
    assert body["code"] == 50006
    assert server.messages[0].content == "c"


@pytest.mark.parametrize(
    ("files", "limit", "code"),
    [([b"x" * (UPLOAD_BYTES + 1)], "file.size", 40005), ([b"x"] * 11, "files", 50035)],
)
async def test_files_past_a_limit(
    server: FakeDiscord, http: Http, channel: Channel, files: list[bytes], limit: str, code: int
) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", "{}")
    for i, content in enumerate(files):
        form.add_field(f"files[{i}]", io.BytesIO(content), filename=f"{i}.txt")
    path = f"/channels/{channel.id}/messages"
    _, body = await http("POST", path, data=form)
    assert body["code"] == code
    assert [violation.limit for violation in server.violations] == [limit]


def command(**parts: Any) -> dict[str, Any]:
    return {"name": "ask", "description": "d", "type": 1, **parts}


def option(**parts: Any) -> dict[str, Any]:
    return {"type": 3, "name": "o", "description": "d", **parts}


CHOICE = {"name": "n", "value": "v"}
COMMANDS: list[tuple[str, list[dict[str, Any]]]] = [
    ("command.name", [command(name="Ask")]),
    ("command.name", [command(name="x" * 33)]),
    ("command.name", [command(), command()]),
    ("command.description", [command(description="")]),
    ("command.description", [command(options=[option(description="x" * 101)])]),
    ("command.options", [command(options=[option(name=f"o{i}") for i in range(26)])]),
    ("command.options", [command(options=[option(), option(name="p", required=True)])]),
    ("choices", [command(options=[option(choices=[CHOICE] * 26)])]),
    ("choice.name", [command(options=[option(choices=[{"name": "x" * 101, "value": "v"}])])]),
    ("commands", [command(name=f"c{i}") for i in range(101)]),
    ("commands", [{"name": f"c{i}", "type": 3} for i in range(16)]),
    (
        "command.total",
        [
            command(
                options=[
                    option(name=f"o{i}", choices=[{"name": "x" * 90, "value": "y" * 90}] * 25)
                    for i in range(2)
                ]
            )
        ],
    ),
]


@pytest.mark.parametrize(("limit", "body"), COMMANDS)
async def test_commands_past_a_limit(
    server: FakeDiscord, http: Http, limit: str, body: list[dict[str, Any]]
) -> None:
    status, answer = await http("PUT", f"/applications/{server.application_id}/commands", body)
    assert (status, answer["code"]) == (400, 50035)
    assert [violation.limit for violation in server.violations] == [limit]
    assert server.commands == ()


async def test_two_hundred_command_creations_a_day(server: FakeDiscord, http: Http) -> None:
    path = f"/applications/{server.application_id}/commands"
    for names in ("abcdefghij" * 10, "klmnopqrst" * 10):
        body = [command(name=f"{letter}{i}") for i, letter in enumerate(names)]
        assert (await http("PUT", path, body))[0] == 200
        # The same again creates nothing.
        assert (await http("PUT", path, body))[0] == 200
    status, answer = await http("POST", path, command(name="one-more"))
    assert (status, answer["code"]) == (429, 30034)
    assert [violation.limit for violation in server.violations] == ["command.creates"]
