"""Who would be notified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .mentions import Allowed, mentions_in, notifying_text

if TYPE_CHECKING:
    from .conftest import Http
    from .mentions import Mention, Source
    from .records import Channel, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord

TEXT = "@everyone @here <@1> <@!1> <@2> <@&3>"
EVERYONE: list[Mention] = [("everyone", "everyone"), ("everyone", "here")]
USERS: list[Mention] = [("user", "1"), ("user", "2")]
ROLES: list[Mention] = [("role", "3")]


@pytest.mark.parametrize(
    ("allowed", "source", "expected"),
    [
        (None, "channel", EVERYONE + USERS + ROLES),
        (None, "interaction", USERS),
        ({}, "channel", []),
        ({"parse": []}, "channel", []),
        ({"parse": ["everyone"]}, "interaction", EVERYONE),
        ({"parse": ["users", "roles"]}, "interaction", USERS + ROLES),
        ({"users": [2], "roles": ["9"]}, "channel", [("user", "2")]),
        ({"parse": [], "roles": ["3"]}, "interaction", ROLES),
    ],
)
def test_allowed_mentions(allowed: Any, source: Source, expected: list[Mention]) -> None:
    assert list(mentions_in(TEXT, Allowed.read(allowed, source))) == expected


def test_text_displays_notify_and_buttons_do_not() -> None:
    components = [{"type": 17, "components": [{"type": 10, "content": "<@1>"}]}]
    assert notifying_text("c", components) == "c\n<@1>"
    assert notifying_text("c", [{"type": 2, "label": "<@1>"}]) == "c"


async def test_pings_of_messages_and_edits_are_listed(
    server: FakeDiscord, http: Http, channel: Channel
) -> None:
    path = f"/channels/{channel.id}/messages"
    quiet = {"content": "@everyone", "allowed_mentions": {"parse": []}}
    _, sent = await http("POST", path, quiet)
    assert server.pings == []
    assert server.unguarded == []
    assert sent["mention_everyone"] is False
    await http("PATCH", f"{path}/{sent['id']}", {"embeds": [{"title": "@everyone"}]})
    assert server.pings == []

    # An edit is parsed anew, without regard to what its message was allowed.
    await http("PATCH", f"{path}/{sent['id']}", {"content": "@everyone"})
    assert server.unguarded == list(server.messages)
    (ping,) = server.pings
    assert (ping.message_id, ping.version, ping.kind) == (int(sent["id"]), 2, "everyone")


async def test_replying_pings_unless_told_not_to(
    server: FakeDiscord, http: Http, channel: Channel, ann: User, bot: SampleBot
) -> None:
    asked = await server.say(ann, channel, "hi", mentions=[server.bot])
    await server.answer_to(asked)
    assert server.pings == []
    body = {"content": "yes", "message_reference": {"message_id": asked.id}}
    await http("POST", f"/channels/{channel.id}/messages", body)
    assert [(ping.kind, ping.target) for ping in server.pings] == [("reply", str(ann.id))]
    assert server.violations == []
    assert bot.errors == []
