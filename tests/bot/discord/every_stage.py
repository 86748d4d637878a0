"""A bot with a corpus for every command, and somebody in each place who may use it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.document import Span
from index.permalink import permalink
from tests.bot.discord.every_command import SPARE_DOCUMENTS, Ready, Scene, Use, Where, Who
from tests.bot.discord.growing_stage import LongCorpus
from tests.bot.discord.people import guild_of
from tests.bot.discord.quote_stage import SURNAMES
from tests.bot.discord.stage import Stage, staged, texts_of
from tests.conftest import STARTER, TinyData
from tests.fake_discord import Permissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from tests.fake_discord import Interaction, Message, Role, User

_CITED = "“The choir of number 0 sang well.”"
_YEARS = range(2009, 2019)
DOCUMENTS = {
    "choir": "\n\n".join(
        f"Constable Mary {name} said: “The choir of number {at} sang well.”"
        for at, name in enumerate(SURNAMES)
    ),
    **{
        f"patrol-{year}": f"The carnival patrols of {year} began.\n\nMore later." for year in _YEARS
    },
    **{f"spare-{at}": f"Umbrella {at} was lost at a bus stop." for at in range(SPARE_DOCUMENTS)},
}

# How many messages an interaction made that are private, how many that are not, and how many
# others the bot posted in the channel.
Shape = tuple[int, int, int]
# What is to come of it, as it is when all is over: the last of it may be late.
Expected = Callable[[], Shape]


# asyncio shows its tasks' arguments to itself, and this one holds all that ever happened.
@dataclass(repr=False)
class Theatre:
    """The stage, and what everybody needs there."""

    stage: Stage
    curators: Role
    curator: User
    link: str
    kept: list[tuple[str, Scene, Interaction, Expected, int]] = field(default_factory=list)
    """What was done, what is to come of it, and how many private notices may come beside.

    It is looked at again when all is over.
    """

    def scene(self, use: Use, where: Where = Where.SERVER, name: str = "Ann") -> Scene:
        """Somebody of this name who may use it, in a place of their own."""
        server, stage = self.stage.server, self.stage
        if where is Where.DIRECT:
            person = self.curator if use.who is Who.CURATOR else stage.person()
            return Scene(stage, person, server._state.dm_with(person), link=self.link)
        if where is Where.ABROAD:
            abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
            return Scene(stage, stage.person(), abroad, "user", link=self.link)
        person = server.add_user(name)
        guild, role = guild_of(stage), None
        if use.who is Who.CURATOR:
            role = self.curators
            server.give_role(person, role)
        else:
            guild = server.add_guild()
        if use.who is Who.MODERATOR:
            role = server.add_role(guild, "Mods", Permissions.MANAGE_GUILD, members=[person])
        return Scene(stage, person, server.add_channel(guild), role=role, link=self.link)


async def acted(use: Use, scene: Scene, ready: Ready) -> Interaction:
    """It is done by the person, and all that comes of it is there."""
    sent = await ready.act(scene.person)
    await ended(use, sent)
    return sent


async def ended(use: Use, sent: Interaction) -> None:
    """Wait for all that is to come of it."""
    if use.form:
        await sent.modal()
        return
    shown = await sent.response()
    if use.last:
        await sent.changes.wait_for(lambda: use.last in shown.content, use.last)
    for number in range(use.follows):
        await sent.followup(number)


def posted(scene: Scene) -> list[Message]:
    """What the bot wrote in the channel for all to see."""
    server = scene.stage.server
    return [
        one
        for one in server.messages
        if one.channel == scene.channel and one.public and one.author == server.bot
    ]


def shape(scene: Scene, sent: Interaction) -> Shape:
    """What came of it, to be compared."""
    there = [one for one in sent.messages if not one.deleted]
    private = sum(one.ephemeral for one in there)
    others = [one for one in posted(scene) if one.interaction is None]
    return private, len(there) - private, len(others)


@asynccontextmanager
async def theatre(
    folder: Path, built: TinyData, documents: Mapping[str, str] = DOCUMENTS
) -> AsyncIterator[Theatre]:
    """The bot over the starter documents and ``documents``, serving."""
    shutil.copytree(built.data, folder / "data")
    corpus = LongCorpus(folder / "corpus")
    for path in STARTER.glob("*.md"):
        shutil.copy(path, corpus.documents)
    for name, text in documents.items():
        year = name.partition("-")[2] if name.startswith("patrol") else "2020"
        corpus.add(name, text, f"published: {year}-06-26", f"title: The {name}", "publisher: Met")
    TinyData(folder / "data", corpus.documents, built.model).build()
    source = corpus.library.get("choir")
    start = source.text.index(_CITED[1:-1])
    link = permalink(source, Span(start, start + len(_CITED) - 2))
    settings = {
        "METQUOTE_PATHS_DOCUMENTS": str(corpus.documents),
        "METQUOTE_ENCODER_MODEL": str(built.model),
        "METQUOTE_ANSWER_ANSWERED_AT": "0",
        "METQUOTE_ANSWER_RELATED_AT": "0",
        "METQUOTE_DISCORD_LOOK_EVERY_SECONDS": "0.2",
    }
    async with staged(folder, folder / "data", texts_of(corpus.documents), **settings) as stage:
        role = stage.server.add_role(guild_of(stage), "Curators", Permissions.MANAGE_GUILD)
        curator = stage.server.add_user("Curator")
        stage.environment["METQUOTE_DISCORD_CORPUS_USERS"] = str(curator.id)
        stage.environment["METQUOTE_DISCORD_CORPUS_ROLES"] = str(role.id)
        await stage.start()
        yield Theatre(stage, role, curator, link)
        stage.check()
