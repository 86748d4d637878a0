"""``metquote serve`` as a process, before a Discord of our own."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.messages.markdown import block_quotes
from tests.bot.conftest import PROGRAM, environment_of
from tests.bot.discord_syntax import live_forms
from tests.bot.forked import forked
from tests.fake_discord import Clock, FakeDiscord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from tests.bot.forked import Process
    from tests.fake_discord import Channel, Message, MessageVersion, User

# How long anything may take on a machine that does much else; only a failing test waits so long.
PATIENCE_S = 90.0
# Where each block stands: "letter 3–9 12–40 · announcement 0–7".
_PLACES = re.compile(r"\S+(?: \d+–\d+)+(?: · \S+(?: \d+–\d+)+)*")
_NO_PLACE = "no source"
# Our own mark between stretches of a source; in a source's words it would be escaped.
_OMISSION = "\n> […]\n"
_BOLD = re.compile(r"(\\.)|\*\*")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted block as a person reads it, and where it says that it stands."""

    text: str
    document: str
    start: int
    end: int


@dataclass
class Stage:
    """The fake Discord, one channel of it, and the process that serves there.

    ``texts`` are the documents' texts by id, read by the test and not by the program.
    """

    server: FakeDiscord
    channel: Channel
    folder: Path
    environment: dict[str, str]
    texts: Mapping[str, str]
    process: Process | None = None
    cold: bool = False
    """Whether Python is started for each process, as people do, or forked, which is quicker."""
    starts: int = 0
    seen: int = 0
    """How many excerpts were found in the documents so far."""

    def person(self, name: str = "Ann") -> User:
        """Somebody new, with no question asked yet."""
        return self.server.add_user(name)

    @property
    def log(self) -> str:
        """Everything that every process of this stage printed."""
        return "".join(
            (self.folder / f"log-{number}").read_text("utf-8") for number in range(self.starts)
        )

    async def launch(self, **changed: str) -> Process:
        """Start the program, and do not wait for it to be ready."""
        path, environment = self.folder / f"log-{self.starts}", self.environment | changed
        if self.cold:
            with path.open("wb") as log:
                self.process = await asyncio.create_subprocess_exec(
                    *PROGRAM, "serve", env=environment, cwd=self.folder, stdout=log, stderr=log
                )
        else:
            self.process = forked("serve", environment=environment, folder=self.folder, log=path)
        self.starts += 1
        return self.process

    async def start(self, **changed: str) -> None:
        """Start the program and wait until it is connected."""
        process = await self.launch(**changed)
        ready = asyncio.create_task(self.server.wait_ready(PATIENCE_S))
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), self.log
        ended.cancel()
        await ready

    def begin_test(self) -> None:
        """What a test that shares this stage begins with; nothing here."""

    async def ended(self) -> int:
        """Wait until the process has ended; its exit status."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell the process to stop; its exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.ended()

    async def ask(self, question: str, *, by: User | None = None, **options: str | bool) -> Message:
        """The answer to ``/ask``."""
        given: dict[str, str | bool] = {"question": question, **options}
        asked = await self.server.slash(
            by or self.person(),
            "ask",
            given,
            channel=self.channel,
        )
        return await asked.response()

    def check(self) -> None:
        """What holds after every scenario, whatever it was."""
        assert self.server.violations == []
        assert self.server.pings == []
        assert self.server.unguarded == []
        assert self.server.token not in self.log
        self.seen = len(self.promised())

    def promised(self) -> list[Quoted]:
        """Every quotation in every version of every message, each found where it claims to be."""
        mine = (m for m in self.server.messages if m.author == self.server.bot)
        found = [one for m in mine for version in m.versions for one in quoted(version)]
        for one in found:
            assert one.text == self.texts[one.document][one.start : one.end], one
        return found


def quoted(version: MessageVersion) -> list[Quoted]:
    """The quotations of one version of a message, each in a block of its own embed."""
    assert block_quotes(version.content) == ()
    found = []
    for embed in version.embeds:
        description = embed["description"].replace(_OMISSION, "\n\n")
        blocks, places = block_quotes(description), places_of(embed)
        assert len(blocks) in (0, len(places)), embed
        assert _live(description) == {}
        found += [Quoted(block, *place) for block, place in zip(blocks, places, strict=False)]
    return found


def places_of(embed: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """The document, start and end of each block of an embed, as its footer names them."""
    footer = embed["footer"]["text"]
    if footer == _NO_PLACE:
        return []
    assert _PLACES.fullmatch(footer), embed
    found = []
    for part in footer.split(" · "):
        document, *pairs = part.split(" ")
        found += [(document, *map(int, pair.split("–"))) for pair in pairs]
    return found


def _live(description: str) -> dict[str, str]:
    """What is alive in the quoted lines, our own bold left out."""
    lines = [line[2:] for line in description.split("\n") if line.startswith("> ")]
    return live_forms(_BOLD.sub(lambda mark: mark.group(1) or "", "\n".join(lines)))


@asynccontextmanager
async def staged(
    folder: Path, data: Path, texts: Mapping[str, str], **settings: str
) -> AsyncIterator[Stage]:
    """A stage; the process is for the caller to start."""
    # The clock stands still, so that a slow machine is never late.
    async with FakeDiscord(clock=Clock.frozen(), patience=PATIENCE_S) as server:
        environment = environment_of(
            data,
            METQUOTE_DISCORD_TOKEN=server.token,
            METQUOTE_DISCORD_API_BASE=server.api_base,
            METQUOTE_DISCORD_GATEWAY=server.gateway_url,
            METQUOTE_DISCORD_COOLDOWN_SECONDS="0",
        )
        channel = server.add_channel(server.add_guild())
        stage = Stage(server, channel, folder, environment | settings, texts)
        try:
            yield stage
        finally:
            if stage.process is not None and stage.process.returncode is None:
                stage.process.kill()
                await stage.process.wait()


def texts_of(documents: Path) -> dict[str, str]:
    """The texts of a folder of documents, as the files hold them: nothing of ours reads them."""
    found = {}
    for path in documents.glob("*.md"):
        content = path.read_bytes().decode("utf-8")
        if content.startswith("---"):
            found[path.stem] = re.split(r"(?m)^---[ \t]*\r?\n", content, maxsplit=2)[2].strip()
    return found
