"""Discord's own description of its API, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .server import FakeDiscord
from .validation import PLACE, Description, default_path, load, with_string_ids

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Http
    from .records import Channel


@pytest.fixture
def description(server: FakeDiscord) -> Description:
    if server.description is None:
        pytest.skip(server.validation)
    return server.description


WRONG: dict[str, dict[str, Any]] = {
    "embeds.0.color": {"embeds": [{"title": "t", "color": "red"}]},
    "content": {"content": ["c"]},
    "allowed_mentions.parse.0": {"content": "c", "allowed_mentions": {"parse": ["all"]}},
    "components.0.components.0.style": {
        "content": "c",
        "components": [
            {"type": 1, "components": [{"type": 2, "style": "x", "custom_id": "b", "label": "l"}]}
        ],
    },
}


@pytest.mark.usefixtures("description")
async def test_wrong_bodies_are_refused(server: FakeDiscord, http: Http, channel: Channel) -> None:
    for body in WRONG.values():
        status, answer = await http("POST", f"/channels/{channel.id}/messages", body)
        assert (status, answer["code"]) == (400, 50035)
    assert {violation.limit for violation in server.violations} == {"schema"}
    where = [violation.detail.partition(": ")[0] for violation in server.violations]
    assert where == list(WRONG)


async def test_our_routes_are_discords(server: FakeDiscord, description: Description) -> None:
    for endpoint in server._endpoints:
        assert description.describes(endpoint.method, endpoint.route), endpoint
    assert not description.describes("GET", "/channels/{channel_id}/messages/{a}/{b}/{c}")
    assert not description.describes("PUT", "/gateway")


async def test_without_a_description_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "openapi.json"
    monkeypatch.setenv(PLACE, str(missing))
    assert default_path() == missing
    assert load(missing) is None
    server = FakeDiscord()
    assert server.validation == (f"Request bodies are not validated, for there is no {missing}.")


def test_ids_are_strings_for_the_description() -> None:
    sent = {
        "data": {
            "message_reference": {"message_id": 1, "fail_if_not_exists": False},
            "allowed_mentions": {"users": [2], "parse": []},
            "attachments": [{"id": 0}],
        },
        "recipient_id": 3,
        "flags": 4,
    }
    assert with_string_ids(sent) == {
        "data": {
            "message_reference": {"message_id": "1", "fail_if_not_exists": False},
            "allowed_mentions": {"users": ["2"], "parse": []},
            "attachments": [{"id": "0"}],
        },
        "recipient_id": "3",
        "flags": 4,
    }
