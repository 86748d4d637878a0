"""A bot over dated and undated documents, for timelines."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.bot.discord.stage import quoted, staged
from tests.conftest import TinyData
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Message, User

FILE = "timeline.png"
TOPIC = "the carnival patrols"
YEARS = range(2011, 2018)
HOSTILE_TITLE = "[x](https://evil.example) @everyone <@1> $\\frac{"


class Topic:
    """The stage, its corpus, and what people ask there."""

    def __init__(self, stage: Stage, corpus: RecordedCorpus) -> None:
        self.stage, self.corpus = stage, corpus

    async def ask(
        self,
        topic: str,
        by: User | None = None,
        where: Channel | None = None,
        **options: str | bool,
    ) -> tuple[Message, Message]:
        """The picture's message, and the list's."""
        server, channel = self.stage.server, where or self.stage.channel
        before = len(server.messages)
        asked = {"topic": topic, **options}
        asked_by = by or self.stage.person()
        response = await server.slash(asked_by, "timeline", asked, channel=channel)
        picture = await response.response()
        found = await server.wait_for(
            lambda: next(
                (m for m in list(server.messages)[before:] if quoted(m.now) and not m.loading), None
            ),
            "list",
        )
        return picture, found

    async def alone(self, topic: str, by: User | None = None, **options: str | bool) -> Message:
        """The only message that an answer has."""
        asked = {"topic": topic, **options}
        response = await self.stage.server.slash(
            by or self.stage.person(), "timeline", asked, channel=self.stage.channel
        )
        return await response.response()

    async def click(self, message: Message, label: str, by: User) -> Message:
        pressed = await self.stage.server.click(message, message.button(label), by)
        return await pressed.response()


@asynccontextmanager
async def timeline_stage(folder: Path, built: TinyData) -> AsyncIterator[Topic]:
    shutil.copytree(built.data, folder / "data")
    corpus = RecordedCorpus(folder)
    texts = {
        f"patrol-{year}": f"The carnival patrols of {year} began.\n\nMore later." for year in YEARS
    }
    for year, (name, text) in zip(YEARS, texts.items(), strict=True):
        corpus.add(name, text, f"published: {year}-08-0{year % 9 + 1}", "publisher: The Met")
    texts["undated"] = "Nobody dated the carnival patrols here."
    corpus.add("undated", texts["undated"])
    texts["zebras"] = "Zebras grazed quietly beside a river @everyone."
    title = f"title: '{HOSTILE_TITLE}'"
    corpus.add("zebras", texts["zebras"], title, "published: 2020-01", "publisher: The Met")
    texts["mercury"] = "Mercury boils hotly within sealed flasks."
    corpus.add("mercury", texts["mercury"])
    TinyData(folder / "data", corpus.documents, built.model).build()
    settings = {
        "METQUOTE_PATHS_DOCUMENTS": str(corpus.documents),
        "METQUOTE_ENCODER_MODEL": str(built.model),
    }
    async with staged(folder, folder / "data", texts, **settings) as stage:
        await stage.start()
        yield Topic(stage, corpus)
        stage.check()
