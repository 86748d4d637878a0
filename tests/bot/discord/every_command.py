"""Every command, button, menu and form of the bot: how to come to it, and who may use it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from bot.state import State
from index.types import Outcome
from tests.bot.discord.people import menu_of
from tests.fake_discord import Routes, Upload

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Interaction, Message, Role, User
    from tests.fake_discord.interaction import Install

QUESTION = "police officers injured in London"
SPOKEN = "Inspector Ada Brook said: “We counted eleven bicycles, and every one has an owner.”"
TOPIC = "police London disorder officers"
DOCUMENT = "choir"
_NUMBERS, _SPARE = itertools.count(), itertools.count()
SPARE_DOCUMENTS = 24
# Words that the tiny model tells apart, so that they stand in several groups.
_ASKED = (
    "met police officers armed patrols brixton street party violence commissioner london said "
    "injured drugs arrested letter carnival disorder crime gang"
).split()


class Who(Enum):
    """Who may use something."""

    MEMBER = "member"
    MODERATOR = "moderator"
    CURATOR = "curator"


class Where(Enum):
    """Where somebody is: in the bot's server, alone with it, or where it is no member."""

    SERVER = "server"
    DIRECT = "direct message"
    ABROAD = "server without the bot"


EVERYWHERE = frozenset(Where)
SERVERS = frozenset({Where.SERVER})
NOT_ABROAD = frozenset({Where.SERVER, Where.DIRECT})


@dataclass(repr=False)
class Scene:
    """Somebody somewhere, and what they do there. ``role`` is what they moderate or curate by."""

    stage: Stage
    person: User
    channel: Channel
    install: Install | None = None
    role: Role | None = None
    link: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    """What a test has others say instead: by "question", "topic", "note", …"""

    def said(self, what: str, usual: str) -> str:
        """A text that somebody types."""
        return self.texts.get(what, usual)

    async def slash(self, name: str, by: User | None = None, **options: Any) -> Interaction:
        """A slash command."""
        return await self.stage.server.slash(
            by or self.person, name, options, channel=self.channel, install=self.install
        )

    async def shown(self, name: str, **options: Any) -> Message:
        """What a slash command brought."""
        return await (await self.slash(name, **options)).response()

    async def press(self, message: Message, label: str) -> Interaction:
        """A button pressed by the person."""
        return await self.stage.server.click(message, message.button(label), self.person)

    async def pressed(self, message: Message, label: str) -> Message:
        """The same, and what it brought."""
        return await (await self.press(message, label)).response()


# What somebody can do once all is ready for it: the message it is done at, if any, and the act.
Act = Callable[["User"], Awaitable["Interaction"]]


@dataclass(frozen=True)
class Ready:
    """What stands before the person, and what is done by them, or by somebody else."""

    act: Act
    message: Message | None = None


Prepare = Callable[[Scene], Awaitable[Ready]]


@dataclass(frozen=True)
class Use:
    """One command, button, menu or form.

    ``name`` is the command's, or what the button's id says; ``public`` says that what comes of it
    is for all to see, ``form`` that a form does; ``follows`` how many messages come after the
    first, ``last`` what it says in the end if it says something else before; ``stranger`` what
    others are told who press it, nothing if they may.
    """

    name: str
    ready: Prepare
    who: Who = Who.MEMBER
    where: frozenset[Where] = EVERYWHERE
    public: bool = False
    form: bool = False
    follows: int = 0
    stranger: str | None = None
    last: str = ""
    press: bool = False

    def __str__(self) -> str:
        return f"{'press ' if self.press else '/'}{self.name}"


def _command(name: str, options: Callable[[Scene], dict[str, Any]] = lambda _: {}) -> Prepare:
    async def ready(scene: Scene) -> Ready:
        given = options(scene)

        async def act(by: User) -> Interaction:
            return await scene.slash(name, by, **given)

        return Ready(act)

    return ready


def _menu(name: str, text: str) -> Prepare:
    async def ready(scene: Scene) -> Ready:
        message = await scene.stage.server.say(
            scene.person, scene.channel, scene.said("message", text)
        )

        async def act(by: User) -> Interaction:
            return await scene.stage.server.context_menu(by, name, message, install=scene.install)

        return Ready(act)

    return ready


def _button(message: Callable[[Scene], Awaitable[Message]], label: str) -> Prepare:
    async def ready(scene: Scene) -> Ready:
        shown = await message(scene)
        button = shown.button(label)

        async def act(by: User) -> Interaction:
            return await scene.stage.server.click(shown, button, by)

        return Ready(act, shown)

    return ready


def _form(opened: Callable[[Scene], Awaitable[Interaction]], **values: str) -> Prepare:
    async def ready(scene: Scene) -> Ready:
        form = await opened(scene)
        await form.modal()

        async def act(by: User) -> Interaction:
            given = {name: scene.said(name, value) for name, value in values.items()}
            return await scene.stage.server.modal_submit(form, given, by)

        return Ready(act, form.message)

    return ready


def _later(message: Callable[[Scene], Awaitable[Message]], *labels: str) -> Any:
    """The message that comes of pressing buttons, one after the other."""

    async def reached(scene: Scene) -> Message:
        shown = await message(scene)
        for label in labels:
            shown = await scene.pressed(shown, label)
        return shown

    return reached


def _opened(message: Callable[[Scene], Awaitable[Message]], label: str) -> Any:
    async def opened(scene: Scene) -> Interaction:
        return await scene.press(await message(scene), label)

    return opened


def _shown(name: str, options: Callable[[Scene], dict[str, Any]] = lambda _: {}) -> Any:
    async def shown(scene: Scene) -> Message:
        return await scene.shown(name, **options(scene))

    return shown


def _question(scene: Scene) -> dict[str, Any]:
    return {"question": scene.said("question", QUESTION)}


def _secret(scene: Scene) -> dict[str, Any]:
    return {**_question(scene), "private": True}


def _about(scene: Scene) -> dict[str, Any]:
    return {"speaker": scene.said("speaker", "Mary")}


def _topic(scene: Scene) -> dict[str, Any]:
    return {"topic": scene.said("topic", TOPIC)}


def _summary(scene: Scene) -> dict[str, Any]:
    return {**_topic(scene), "sentences": 20}


def _patrols(scene: Scene) -> dict[str, Any]:
    return {"topic": scene.said("topic", "the carnival patrols")}


def _cited(scene: Scene) -> dict[str, Any]:
    return {"id": scene.link}


def _verified(scene: Scene) -> dict[str, Any]:
    return {"text": scene.said("text", "“The choir of number 3 sang well.”"), "private": False}


def _upload(scene: Scene) -> dict[str, Any]:
    number = next(_NUMBERS)
    words = (
        f"Inspector Eve Number{number} said: “We found {number} lanterns by the canal.” "
        f"They were {'blue ' * (number % 7)}and {number + 1_000} others were red.\n"
    )
    text = f"---\ntitle: Lanterns {number}\npublished: 2021-03-04\nkind: news\n---\n{words}"
    content = scene.said("file", text).replace("{number}", str(number))
    return {"file": Upload(scene.said("filename", f"lanterns-{number}.md"), content.encode())}


def _corrected(scene: Scene) -> dict[str, Any]:
    return {
        "document": DOCUMENT, "reason": scene.said("reason", "a slip"), **_upload(scene),
    }  # fmt: skip


def _retracted(scene: Scene) -> dict[str, Any]:
    return {"document": DOCUMENT, "reason": scene.said("reason", "in error")}


def _spare(scene: Scene) -> dict[str, Any]:
    """One of the documents that nobody asks for."""
    return {"document": f"spare-{next(_SPARE)}", "reason": scene.said("reason", "in error")}


def _followed(scene: Scene) -> dict[str, Any]:
    return {"topic": scene.said("topic", "lost umbrellas"), "channel": scene.channel}


async def _unfollow(scene: Scene) -> Ready:
    given = _followed(scene)
    await scene.shown("follow", **given)

    async def act(by: User) -> Interaction:
        return await scene.slash("unfollow", by, followed=given["topic"])

    return Ready(act)


async def _timeline(scene: Scene) -> Message:
    """The list, which comes after the picture."""
    asked = await scene.slash("timeline", **_patrols(scene))
    await asked.response()
    return await asked.followup()


async def _chosen(scene: Scene) -> Message:
    """A preview of a summary, with the channel that it is to be posted in."""
    shown = await scene.shown("summary", **_summary(scene))
    menu = menu_of(shown)
    picked = await scene.stage.server.select(shown, menu, [scene.channel], scene.person)
    await picked.response()
    return shown


async def _channel_menu(scene: Scene) -> Ready:
    shown = await scene.shown("summary", **_summary(scene))
    menu = menu_of(shown)

    async def act(by: User) -> Interaction:
        return await scene.stage.server.select(shown, menu, [scene.channel], by)

    return Ready(act, shown)


async def _unanswered(scene: Scene) -> Message:
    """A list of several pages: as if much had been asked in the server."""
    guild = scene.channel.guild
    if guild is None:
        return await scene.shown("unanswered")
    state = State(scene.stage.folder / "data" / "state.sqlite")

    def ask() -> None:
        for word in _ASKED:
            state.questions.count(f"{word}?", Outcome.NOTHING, guild.id)
        state.questions.count(scene.said("question", "where?"), Outcome.NOTHING, guild.id)

    try:
        state.together([ask])
    finally:
        state.close()
    return await scene.shown("unanswered")


async def _unanswered_command(scene: Scene) -> Ready:
    await _unanswered(scene)
    return await _command("unanswered")(scene)


_answer, _private = _shown("ask", _question), _shown("ask", _secret)
_quotes, _cite = _shown("quote", _about), _shown("cite", _cited)
_preview, _draft = _shown("summary", _summary), _shown("corpus add", _upload)
_NOT_YOURS = "Only the person who asked can turn these pages"
_MODERATORS = "That is for the moderators of this server"
_CURATORS = "That is for those whom the operator of this bot lets change its documents"


def _member(name: str, ready: Prepare, **more: Any) -> Use:
    return Use(name, ready, **more)


def _moderator(name: str, ready: Prepare, **more: Any) -> Use:
    return Use(name, ready, Who.MODERATOR, SERVERS, stranger=_MODERATORS, **more)


def _curator(name: str, ready: Prepare, **more: Any) -> Use:
    return Use(name, ready, Who.CURATOR, NOT_ABROAD, stranger=_CURATORS, **more)


COMMANDS = (
    _member("ask", _command("ask", _question), public=True),
    _member("about", _command("about")),
    _member("help", _command("help")),
    _member("forget-me", _command("forget-me")),
    _member("quote", _command("quote", _about), public=True),
    _member("verify", _command("verify", _verified), public=True),
    _member("cite", _command("cite", _cited), public=True),
    _member("timeline", _command("timeline", _patrols), public=True, follows=1),
    _member("What did the Met say?", _menu("What did the Met say?", QUESTION)),
    _member("Check quotations", _menu("Check quotations", SPOKEN)),
    _moderator("summary", _command("summary", _summary)),
    _moderator("unanswered", _unanswered_command),
    _moderator("follow", _command("follow", _followed)),
    _moderator("following", _command("following")),
    _moderator("unfollow", _unfollow),
    _moderator("settings show", _command("settings show")),
    _moderator("settings server", _command("settings server", lambda _: {"digest_hour": 7})),
    _moderator(
        "settings channel",
        _command("settings channel", lambda s: {"channel": s.channel, "channel_seconds": 0}),
    ),
    _moderator(
        "settings answers",
        _command("settings answers", lambda _: {"where": "in every channel"}),
    ),
    _moderator("settings sources", _command("settings sources"), form=True),
    _moderator("settings reset", _command("settings reset", lambda _: {"what": "dates"})),
    _curator("corpus add", _command("corpus add", _upload)),
    _curator("corpus correct", _command("corpus correct", _corrected)),
    _curator("corpus retract", _command("corpus retract", _retracted)),
    _curator("corpus list", _command("corpus list")),
    _curator("corpus status", _command("corpus status")),
)

PRESSES = tuple(
    Use(**{**vars(use), "press": True})
    for use in (
        _member("page", _button(_answer, "Next"), public=True, stranger=_NOT_YOURS),
        _member("context", _button(_answer, "Context")),
        _member("context-at", _button(_later(_answer, "Context"), "Next")),
        _member("source", _button(_answer, "Source")),
        _member("source-at", _button(_later(_answer, "Source"), "Next")),
        _member("share", _button(_private, "Share"), where=NOT_ABROAD, public=True),
        _member("unhelpful", _button(_answer, "Not helpful"), form=True),
        _member("unhelpful-why", _form(_opened(_answer, "Not helpful"), reason="Too old.")),
        _member(
            "help", _button(_answer, "How does this work?"),
            where=frozenset({Where.SERVER, Where.ABROAD}),
        ),
        _member("quotes", _button(_quotes, "Next"), public=True, stranger="Only the person who"),
        _member("export", _button(_quotes, "Export CSV")),
        _member("quote-links", _button(_quotes, "Permalink")),
        _member("quote-cards", _button(_quotes, "Card")),
        _member("links", _button(_cite, "Citation")),
        _member("links-style", _button(_later(_cite, "Citation"), "Markdown")),
        _member("cite-context", _button(_cite, "Context")),
        _member("cards", _button(_cite, "Card")),
        _member("card", _button(_later(_quotes, "Card"), "1")),
        _member("card-share", _button(_later(_cite, "Card"), "Share"), public=True, follows=1),
        _member("timeline", _button(_timeline, "Next"), public=True, stranger=_NOT_YOURS),
        _moderator("sum-page", _button(_preview, "Next")),
        _moderator("sum-note", _button(_preview, "Add note"), form=True),
        _moderator("sum-noted", _form(_opened(_preview, "Add note"), note="Read this.")),
        _moderator("sum-channel", _channel_menu),
        _moderator("sum-post", _button(_chosen, "Post"), public=True),
        _moderator("sum-drop", _button(_preview, "Discard")),
        _moderator(
            "set-sources",
            _form(lambda scene: scene.slash("settings sources"), preferred="", left_out=""),
        ),
        _moderator("unanswered", _button(_unanswered, "Next")),
        _moderator("unanswered-csv", _button(_unanswered, "Export CSV")),
        _curator("corpus-list", _button(_shown("corpus list"), "Next")),
        _curator("draft-edit", _button(_draft, "Edit"), form=True),
        _curator("draft-edited", _form(_opened(_draft, "Edit"), title="Another title")),
        _curator("draft-drop", _button(_draft, "Discard")),
        _curator(
            "draft-do", _button(_shown("corpus retract", _spare), "Retract"),
            last="The index is up to date.",
        ),
    )
)  # fmt: skip
EVERY = (*COMMANDS, *PRESSES)
ROUTES = (
    ("POST", Routes.CALLBACK),
    ("PATCH", Routes.ORIGINAL),
    ("POST", Routes.FOLLOW_UP),
)
