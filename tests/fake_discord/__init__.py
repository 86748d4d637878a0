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

What people do; what Discord's client would not let them do raises LookupError, ValueError or
PermissionError:

    slash(ann, "corpus add", {"file": Upload("a.txt", b"…"), "to": channel, "who": bob, "r": role})
    autocomplete(ann, "ask", "source", "gua", {"question": "…"})       # then .choices()
    context_menu(ann, "What did the Met say?", message)                 # or a user
    click(message, message.button("Next"), ann)
    select(message, "kind", ["letter"], ann)                            # or users, roles, channels
    modal_submit(opened, {"Why?": "too old"})                           # by label or custom id
    say(ann, channel, "when?", reply_to=message), direct_message(ann, "…"), answer_to(message)
    delete(message)                                                     # a moderator does
    slash(ann, "ask", …, channel=abroad)         # user-installed wherever the bot is not
    slash(ann, "ask", …, install="user")         # and elsewhere if told so

What a test arranges (each is told to the bot as Discord would tell it):

    add_guild("Abroad", locale="fr", with_bot=False), remove_bot(guild), invite_bot(guild)
    add_channel(guild, denied=Permissions.SEND_MESSAGES), add_thread(channel), add_group(ann, bob)
    overwrite(channel, bot_or_user_or_role_or_guild, deny=Permissions.VIEW_CHANNEL)
    delete_channel(channel)                                   # later uses: 404 10003
    mod = add_role(guild, "Moderator", Permissions.MANAGE_GUILD, members=[ann])
    give_role(bob, mod), take_role(ann, mod), change_role(mod, permissions), delete_role(mod)
    add_user("Bob", locale="de", accepts_dms=False), leave(bob, guild), join(bob, guild)
    permit_command("corpus", mod, guild, allowed=True)        # before default permissions

Troubles, on a method and one of `Routes`, or a pattern with *; `times=`, `after=` how many:

    fail("PATCH", Routes.MESSAGE, code=10008)                 # status and words follow the code
    fail("POST", "*", 502)
    limit_rate("POST", Routes.CALLBACK, retry_after=0.01, everywhere=True)
    cut("POST", Routes.MESSAGES)                              # done, but the answer breaks off
    cut("POST", Routes.MESSAGES, acted=False)                 # not even done
    hold("POST", Routes.FOLLOW_UP)                            # .arrived(), .release()
    hold("PATCH", Routes.ORIGINAL, acted=True)                # done, and its answer waits
    forbid_words(guild, "curfew*")                            # AutoMod: 400 200000, edits too
    alter_text("…", "...")                                    # what comes back is not what was sent
    clock.advance(3.5)

The gateway, of all shards or of one; `FakeDiscord(shards=2)` recommends two, and a guild is told
to shard (guild.id >> 22) % shards:

    drop_connection(1), request_reconnect(1), invalidate_session(1, resumable=True)
    forget_session(1)                                         # its RESUME is refused
    wait_ready(shard=1), wait_gone(shard=1), add_guild(shard=(1, 2))

What came of it: `messages`, `message.versions`, `message.file("card.png").content` and
`.description`, `violations`, `pings`, `unguarded`, `requests`, `calls("POST", Routes.MESSAGES)`.
"""

from .clock import Clock
from .constants import CallbackType, Intents, InteractionType, MessageFlags, Permissions
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
    Role,
    Upload,
    User,
    Violation,
)
from .routes import Routes
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
    "Intents",
    "Interaction",
    "InteractionType",
    "Message",
    "MessageFlags",
    "MessageVersion",
    "Permissions",
    "Ping",
    "Request",
    "Role",
    "Routes",
    "Upload",
    "User",
    "Violation",
]
