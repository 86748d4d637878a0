"""A Discord for tests: enough of gateway v10 and HTTP API v10 for the real discord.py.

async with FakeDiscord(clock=Clock.frozen()) as server:
    channel = server.add_channel(server.add_guild())
    ann = server.add_user("Ann")
    # start the bot: Route.BASE = server.api_base, DEFAULT_GATEWAY = URL(server.gateway_url)
    await server.wait_ready()
    asked = await server.slash(ann, "ask", {"question": "Was it safe?"}, channel=channel)
    answer = await asked.response()
    await (await server.click(answer, answer.button("Next"), ann)).response()
    assert server.violations == []
    assert server.pings == []
"""

from .clock import Clock
from .constants import CallbackType, InteractionType, MessageFlags, Permissions
from .interaction import Interaction
from .message import Message, MessageVersion
from .records import (
    Attachment,
    Button,
    Channel,
    Choice,
    Guild,
    Ping,
    Request,
    Upload,
    User,
    Violation,
)
from .server import FakeDiscord

__all__ = [
    "Attachment",
    "Button",
    "CallbackType",
    "Channel",
    "Choice",
    "Clock",
    "FakeDiscord",
    "Guild",
    "Interaction",
    "InteractionType",
    "Message",
    "MessageFlags",
    "MessageVersion",
    "Permissions",
    "Ping",
    "Request",
    "Upload",
    "User",
    "Violation",
]
