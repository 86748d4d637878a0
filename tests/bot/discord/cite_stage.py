"""A bot over documents that are corrected, retracted and erased while it serves."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.state import State
from corpus.document import Span
from index.permalink import permalink
from tests.bot.discord.quote_stage import HOSTILE_WORDS
from tests.bot.discord.stage import PATIENCE_S, Stage, staged
from tests.conftest import TinyData
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.state.posts import Post
    from tests.fake_discord import Interaction, Message, User

GATE = "We counted 20 officers at the gate."
TOO_LONG = "We saw it all and wrote it down. " * 60
DOCUMENTS = {
    "gate": f"Commander Bas Javid said: “{GATE}” He left.\n\nThe gate was shut at noon.",
    "bridge": "Dame Ada Brook, the Commissioner, said: “The bridge was not safe.” She left.",
    "tower": "Inspector Eve Hall said: “The tower is closed to all of us.” She left.",
    "market": "Constable Tom Marsh said: “The market stays open on Sundays.” He left.",
    "hostile": f"Inspector Eve Pratt said: “{HOSTILE_WORDS}”",
    "long": f"Chief Constable Rob Grey said: “{TOO_LONG.strip()}”",
    "drawn": "Sergeant Una Clay said: “The \u4e2d gate was not shut at all.” She left.",
    "canal": "Warden Lou Finch said: “The canal froze over.” He left.",
    "depot": "Warden Max Stone said: “The depot burned down.” He left.",
    "pair": (
        "Mayor Ivy Lane said: “The fair went well.” She left.\n\n"
        "“Nobody was hurt at the fair,” Mayor Ivy Lane said."
    ),
}


@dataclass
class CiteStage:
    """A stage, the corpus that it serves, and what people do there."""

    stage: Stage
    corpus: RecordedCorpus
    texts: dict[str, str] = field(default_factory=dict)

    def link(self, name: str, words: str) -> str:
        """The permalink of words of a document as it is now."""
        source = self.corpus.library.get(name)
        start = source.text.index(words)
        return permalink(source, Span(start, start + len(words)))

    def correct(self, name: str, text: str, reason: str = "a slip") -> None:
        """Correct a document; what it was is known by the version's name."""
        number = len(self.corpus.library.journal.records()[name].versions)
        self.texts[f"{name}@{number}"] = self.texts[name]
        self.corpus.correct(name, text, "published: 2020-06-26", reason=reason)
        self.texts[name] = text

    async def command(self, name: str, by: User | None = None, **options: str | bool) -> Message:
        """The answer to a command."""
        server, channel = self.stage.server, self.stage.channel
        asked = await server.slash(by or self.stage.person(), name, options, channel=channel)
        return await asked.response()

    async def cite(self, link: str, by: User | None = None, **options: str | bool) -> Message:
        """The answer to ``/cite``."""
        return await self.command("cite", by, id=link, **options)

    async def click(self, message: Message, label: str, by: User) -> Message:
        """The answer to a press."""
        return await (await self.press(message, label, by)).response()

    async def press(self, message: Message, label: str, by: User) -> Interaction:
        """A press whose answer is awaited by the caller."""
        return await self.stage.server.click(message, message.button(label), by)


async def post_of(stage: Stage, message: Message) -> Post:
    """What the bot remembers of a public message; it is written after the message is seen."""
    state = State(stage.folder / "data" / "state.sqlite")
    try:
        async with asyncio.timeout(PATIENCE_S):
            # Another process writes it.
            while (post := state.posts.of_message(message.id)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return post
    finally:
        state.close()


@asynccontextmanager
async def cite_stage(folder: Path, built: TinyData) -> AsyncIterator[CiteStage]:
    """A stage over the tiny index of all of them, serving; every one is in the journal."""
    shutil.copytree(built.data, folder / "data")
    corpus = RecordedCorpus(folder)
    for name, text in DOCUMENTS.items():
        corpus.add(name, text, "published: 2020-06-26", f"title: The {name}", "publisher: Met")
    TinyData(folder / "data", corpus.documents, built.model).build()
    settings = {
        "METQUOTE_PATHS_DOCUMENTS": str(corpus.documents),
        "METQUOTE_ENCODER_MODEL": str(built.model),
        "METQUOTE_DISCORD_LOOK_EVERY_SECONDS": "0.1",
    }
    texts = dict(DOCUMENTS)
    async with staged(folder, folder / "data", texts, **settings) as stage:
        await stage.start()
        yield CiteStage(stage, corpus, texts)
        stage.check()
