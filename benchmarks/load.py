"""Many questions a second: what is acknowledged when, what is answered, what is lost.

    python benchmarks/load.py [--seconds 60] [--rate 200] [--data FOLDER] [--profile FILE]

The bot is `metquote serve`, a process of its own, over the starter documents and the real
encoder; this process is Discord and the people, so that both share the machine. Questions are
those of tests/data/questions.jsonl, each asked in several ways (see `_WAYS`), one drawn at random
every 1 / RATE seconds, whatever became of those before; each by somebody else, in one of several
channels. A question is lost if nothing was said to it within a minute after the last.
``--data`` is a data folder with an index, so that none is built; ``--profile`` writes what
py-spy, if it is installed, samples of the bot.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.speed import build_seconds, resident  # noqa: E402 - the repository is no package
from bot.discord.asking import BUSY  # noqa: E402
from index.evaluate import read_questions  # noqa: E402
from tests.fake_discord import FakeDiscord  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.fake_discord import Channel, Interaction, User

_QUESTIONS = ROOT / "tests" / "data" / "questions.jsonl"
_METQUOTE = Path(sys.executable).with_name("metquote")
_SEED = 20240809
_WAYS = ("{}", "Please tell me: {}", "{} Thanks!", "I wonder, {}", "Does anybody know? {}")
_CHANNELS, _PEOPLE = 20, 2_000
_WARM_S, _EVERY_S, _AFTER_S = 2.0, 10.0, 60.0
_AIM_MS = 500


@dataclass
class Measured:
    """What came of a run; ``memory`` in MiB, at its begin, every 10 s and at its end."""

    asked: list[Interaction] = field(default_factory=list)
    questions: set[str] = field(default_factory=set)
    begun: float = 0.0
    ended: float = 0.0
    drained: float = 0.0
    memory: list[float] = field(default_factory=list)
    bot_cpu: float = 0.0
    own_cpu: float = 0.0
    problems: int = 0

    def said(self, *, busy: bool) -> list[Interaction]:
        """Those that got an answer, or were told to ask again."""
        return [
            one
            for one in self.asked
            if one.answered and one.original is not None and (one.original.content == BUSY) is busy
        ]


async def measured(environment: dict[str, str], options: argparse.Namespace) -> Measured:
    """Start the bot, ask, wait for what is still to come."""
    async with FakeDiscord(description=Path("none"), patience=_AFTER_S) as server:
        guild = server.add_guild()
        channels = [server.add_channel(guild, f"channel-{at}") for at in range(_CHANNELS)]
        places = {
            "METQUOTE_DISCORD_TOKEN": server.token,
            "METQUOTE_DISCORD_API_BASE": server.api_base,
            "METQUOTE_DISCORD_GATEWAY": server.gateway_url,
            "METQUOTE_DISCORD_COOLDOWN_SECONDS": "0",
        }
        process = await asyncio.create_subprocess_exec(
            str(_METQUOTE), "serve", cwd=ROOT, env=environment | places
        )
        try:
            await server.wait_ready(120)
            people = [server.add_user(f"Person {at}") for at in range(_PEOPLE)]
            profiler = _profiled(process.pid, options)
            found = await _asked(server, process.pid, channels, people, options)
            if profiler is not None:
                profiler.wait()
        finally:
            process.terminate()
            await process.wait()
        found.problems = len(server.violations) + len(server.pings) + len(server.unguarded)
        return found


async def _asked(
    server: FakeDiscord,
    process: int,
    channels: Sequence[Channel],
    people: Sequence[User],
    options: argparse.Namespace,
) -> Measured:
    hand, found = random.Random(_SEED), Measured()  # noqa: S311 - the same draw in every run
    with _QUESTIONS.open(encoding="utf-8") as lines:
        texts = [one.text for one in read_questions(lines, _QUESTIONS.name)]
    await (await server.slash(people[0], "help", channel=channels[0])).response()
    await asyncio.sleep(_WARM_S)
    found.begun, cpu, own = time.monotonic(), _cpu(process), time.process_time()
    for number in range(int(options.seconds * options.rate)):
        await asyncio.sleep(max(0.0, found.begun + number / options.rate - time.monotonic()))
        text = hand.choice(_WAYS).format(hand.choice(texts))
        found.questions.add(text)
        by, where = people[number % len(people)], channels[number % len(channels)]
        found.asked.append(await server.slash(by, "ask", {"question": text}, channel=where))
        if time.monotonic() >= found.begun + len(found.memory) * _EVERY_S:
            found.memory.append(resident(process))
    found.ended = time.monotonic()
    until = found.ended + _AFTER_S
    while time.monotonic() < until and not all(o.answered for o in found.asked):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    found.drained = time.monotonic()
    found.memory.append(resident(process))
    found.bot_cpu, found.own_cpu = _cpu(process) - cpu, time.process_time() - own
    return found


def _cpu(process: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _profiled(process: int, options: argparse.Namespace) -> subprocess.Popen[bytes] | None:
    if options.profile is None:
        return None
    spy = shutil.which("py-spy") or str(Path(sys.executable).with_name("py-spy"))
    seconds = str(int(options.seconds))
    command = [spy, "record", "-p", str(process), "-d", seconds, "-o", options.profile, "-f", "raw"]
    return subprocess.Popen([*command, "--gil"])


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0.0


def _table(found: Measured, options: argparse.Namespace) -> Table:
    answered, busy = found.said(busy=False), found.said(busy=True)
    waits = [1e3 * o.acknowledged_after for o in found.asked if o.acknowledged_after is not None]
    spent, drained = found.ended - found.begun, found.drained - found.begun
    lost = len(found.asked) - len(answered) - len(busy)
    table = Table("what", "figure", "aim", box=None, padding=(0, 2, 0, 0))
    table.add_row(
        "asked",
        f"{len(found.asked):,} in {spent:.1f} s, {len(found.asked) / spent:.0f} a second",
        f"{options.rate:.0f} a second",
    )
    table.add_row("distinct questions", f"{len(found.questions):,}")
    table.add_row("acknowledged", f"{len(waits):,}")
    table.add_row("acknowledged p50, ms", f"{_quantile(waits, 0.5):.0f}")
    table.add_row("acknowledged p99, ms", f"{_quantile(waits, 0.99):.0f}", f"<= {_AIM_MS}")
    table.add_row("answered", f"{len(answered):,}, {len(answered) / drained:.0f} a second")
    table.add_row("told to ask again", f"{len(busy):,}")
    table.add_row("lost", f"{lost:,}", "0")
    table.add_row("last answer after the last question, s", f"{found.drained - found.ended:.1f}")
    memory = ", ".join(f"{one:.0f}" for one in found.memory)
    table.add_row(f"bot's memory every {_EVERY_S:.0f} s and at the end, MiB", memory, "the same")
    table.add_row("cores used by the bot, by Discord", f"{found.bot_cpu / drained:.2f}, "
                  f"{found.own_cpu / drained:.2f}")  # fmt: skip
    table.add_row("rules of Discord's broken", f"{found.problems}", "0")
    table.add_row("load average of the machine", f"{os.getloadavg()[0]:.1f}")
    return table


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--profile", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        if options.data is None:
            build_seconds(data)
        else:
            shutil.copytree(options.data, data, ignore=shutil.ignore_patterns("state.sqlite*"))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("METQUOTE")}
        documents = str(ROOT / "corpus" / "documents")
        environment |= {
            "METQUOTE_PATHS_DATA": str(data), "METQUOTE_PATHS_DOCUMENTS": documents,
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        found = asyncio.run(measured(environment, options))
    Console(width=110).print(_table(found, options))


if __name__ == "__main__":
    main()
