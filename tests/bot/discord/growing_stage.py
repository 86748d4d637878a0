"""A bot over a corpus that grows and is corrected while it serves, in one process or two."""

from __future__ import annotations

import asyncio
import shutil
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.state import State
from bot.state.tables import follows, leases, outbox, posts
from tests.bot.conftest import environment_of
from tests.bot.discord.stage import PATIENCE_S, Stage, quoted
from tests.conftest import TinyData
from tests.fake_discord import Clock, FakeDiscord, Permissions
from tests.fake_discord.constants import MEMBER_PERMISSIONS
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.bot.discord.stage import Quoted
    from tests.bot.forked import Process
    from tests.fake_discord import Channel, Message, User

# Words of the tiny model's vocabulary, so that nothing else is near them.
TOPIC = "carnival drugs"
FIRST = "Drugs were seized at the carnival on Sunday. Nobody was hurt at the parade."
OTHER = "The gang met at a party. Violence in London fell."
LOOK_S = "0.1"
# Each for a document of its own; none of the others has it.
WORDS = "quokka wombat dingo koala numbat bilby potoroo bettong quoll wallaby possum bandicoot"


def text_of(word: str) -> str:
    """A document about ``word``, with a quotation."""
    return (
        f"Inspector Ada {word.title()} said: “The {word} cost nine pounds.”\n\n"
        f"Drugs of the {word} kind were seized at the carnival."
    )


class LongCorpus(RecordedCorpus):
    """One to which more is done than a month has days."""

    def _now(self) -> datetime:
        self._day += 1
        return datetime(2021, 5, 1, 12, tzinfo=UTC) + timedelta(self._day)


@dataclass
class GrowingStage(Stage):
    """A stage whose documents change: ``corpus`` writes them, `build` brings them in."""

    corpus: RecordedCorpus = None  # type: ignore[assignment]
    tiny: TinyData = None  # type: ignore[assignment]
    where: Path | str = ""
    moderators: Channel = None  # type: ignore[assignment]
    moderator: User = None  # type: ignore[assignment]
    versions: dict[str, set[str]] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    async def launch(self, **changed: str) -> Process:
        process = await super().launch(**changed)
        self.processes.append(process)
        return process

    def add(self, name: str, text: str, *front_matter: str, **more: Any) -> None:
        """A new document, in the index."""
        self._know(name, text)
        self.corpus.add(name, text, *front_matter, **more)
        self.tiny.build()

    def correct(self, name: str, text: str, *front_matter: str, **more: Any) -> None:
        """Another text of a document, in the index."""
        self._know(name, text)
        self.corpus.correct(name, text, *front_matter, **more)
        self.tiny.build()

    def _know(self, name: str, text: str) -> None:
        self.versions.setdefault(name, set()).add(text)

    def begin_test(self) -> None:
        """Channels of the test's own, nothing that is followed, and the time that it is."""
        clock = self.server.clock
        clock.advance(max(0.0, time.time() - clock.now()))
        guild = self.channel.guild
        assert guild is not None
        self.channel = self.server.add_channel(guild)
        self.moderators = self.server.add_channel(guild, "mods")
        self.server.forbid_words(guild)
        state = self.open_state()
        for one in state.follows.all():
            state.follows.remove(one.guild, one.id)
        state.guilds.change(guild.id, moderators_channel=self.moderators.id)
        state.close()

    def open_state(self) -> State:
        """The bot's own state, for the test to look into and to close."""
        return State(self.where)

    def let_digests_be_due(self) -> None:
        """As if the server's hour had come."""
        state = self.open_state()
        with state._store.write() as connection:
            connection.execute(
                follows.update().where(follows.c.next_digest.is_not(None)).values(next_digest=1.0)
            )
        state.close()

    def forget_claims(self) -> None:
        """As if the minute had passed after which another process takes over."""
        state = self.open_state()
        with state._store.write() as connection:
            for table in (outbox, posts):
                connection.execute(table.update().values(held_until=1.0))
            connection.execute(leases.update().values(held_until=1.0))
        state.close()

    async def follow(self, topic: str = TOPIC, **options: Any) -> Message:
        """What the moderator is told of ``/follow``."""
        given = {"topic": topic, "channel": self.channel, **options}
        asked = await self.server.slash(self.moderator, "follow", given, channel=self.channel)
        return await asked.response()

    def posted(self, channel: Channel | None = None) -> list[Message]:
        """What the bot posted in a channel and nobody deleted, answers to commands left out."""
        where = self.channel if channel is None else channel
        return [
            one
            for one in self.server.messages
            if one.channel == where and one.public and one.interaction is None
            and one.author == self.server.bot
        ]  # fmt: skip

    async def until(self, look: Callable[[], Any], what: str) -> Any:
        """Wait until ``look`` gives something."""
        try:
            return await self.server.wait_for(look, what, PATIENCE_S)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.log}") from error

    async def kept(self, look: Callable[[State], Any], what: str) -> Any:
        """Wait until ``look`` finds something in what the process keeps."""
        state = self.open_state()
        try:
            for _ in range(int(PATIENCE_S * 20)):
                if found := await asyncio.to_thread(look, state):
                    return found
                await asyncio.sleep(0.05)
            raise TimeoutError(f"no {what}\n{self.log}")
        finally:
            state.close()

    async def logged(self, words: str) -> None:
        """Wait until a process has printed ``words``."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.log:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)

    async def settled(self) -> None:
        """Wait until nothing is left to be done."""
        state = self.open_state()
        lines = len(self.corpus.library.journal.entries())

        def is_idle() -> bool:
            with state._store.read() as connection:
                # What a line brings is there once it was read, and not the other way round.
                at = connection.scalar(text("SELECT min(line) FROM cursors"))
                todo = connection.scalar(
                    text(
                        "SELECT (SELECT count(*) FROM outbox WHERE state = 'todo')"
                        " + (SELECT count(*) FROM corrections WHERE state = 'todo')"
                    )
                )
            return bool(todo == 0 and at == lines)

        try:
            for _ in range(int(PATIENCE_S * 20)):
                if await asyncio.to_thread(is_idle):
                    return
                await asyncio.sleep(0.05)
            raise TimeoutError(self.log)
        finally:
            state.close()

    def promised(self) -> list[Quoted]:
        """Every quotation, each found where it claims to be in a version of its document."""
        mine = (m for m in self.server.messages if m.author == self.server.bot)
        found = [one for m in mine for version in m.versions for one in quoted(version)]
        for one in found:
            # A version is called by its document's name and a number.
            versions = self.versions[one.document.partition("@")[0]]
            assert any(one.text == text[one.start : one.end] for text in versions), one
        return found


@asynccontextmanager
async def growing(
    folder: Path,
    tiny: TinyData,
    *,
    where: str = "",
    shards: int = 1,
    clock: Clock | None = None,
    **settings: str,
) -> AsyncIterator[GrowingStage]:
    """A stage with a followed corpus of two documents; the process is for the caller to start."""
    corpus = LongCorpus(folder / "corpus")
    shutil.copytree(tiny.data, folder / "data")
    own = TinyData(folder / "data", corpus.documents, tiny.model)
    clock = clock or Clock.frozen()
    async with FakeDiscord(clock=clock, patience=PATIENCE_S, shards=shards) as server:
        environment = environment_of(
            own.data,
            METQUOTE_PATHS_DOCUMENTS=str(corpus.documents),
            METQUOTE_ENCODER_MODEL=str(tiny.model),
            METQUOTE_ANSWER_ANSWERED_AT="0",
            METQUOTE_ANSWER_RELATED_AT="0",
            METQUOTE_DISCORD_TOKEN=server.token,
            METQUOTE_DISCORD_API_BASE=server.api_base,
            METQUOTE_DISCORD_GATEWAY=server.gateway_url,
            METQUOTE_DISCORD_COOLDOWN_SECONDS="0",
            METQUOTE_DISCORD_LOOK_EVERY_SECONDS=LOOK_S,
            METQUOTE_STATE_URL=where,
        )
        guild = server.add_guild(shard=(0, shards))
        channel = server.add_channel(guild)
        stage = GrowingStage(
            server, channel, folder, environment | settings, {}, corpus=corpus, tiny=own,
            where=where or own.data / "state.sqlite", moderators=server.add_channel(guild, "mods"),
            moderator=server.add_user(
                "Mo", permissions=MEMBER_PERMISSIONS | Permissions.MANAGE_GUILD
            ),
        )  # fmt: skip
        stage.add("first", FIRST, "title: The first", "published: 2021-05-01")
        stage.add("other", OTHER, "title: The other")
        state = stage.open_state()
        state.guilds.change(guild.id, moderators_channel=stage.moderators.id)
        state.close()
        try:
            yield stage
        finally:
            for process in stage.processes:
                if process.returncode is None:
                    process.send_signal(signal.SIGKILL)
                    await process.wait()
