"""Speed and memory of the program against plain sentence-transformers + FAISS, in one run.

    python benchmarks/speed.py [--rounds N]

Prints: a cold question as a process, ours and theirs in turn; warm answers in one process; the
resident memory of the serving bot, before and after questions; what a build takes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.config import PathSettings, Settings
from bot.service import Service
from index.evaluate import read_questions
from index.types import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
QUESTION = "What did the Met say about armed patrols?"
_QUESTIONS = ROOT / "tests" / "data" / "questions.jsonl"
_METQUOTE = Path(sys.executable).with_name("metquote")


class _Silent:
    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    """How long a process takes from its start to its end."""
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
    return time.perf_counter() - began


def cold(folder: Path, environment: dict[str, str], rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of a cold question, ours and theirs, in turn so that both meet the same machine."""
    plain = [sys.executable, str(ROOT / "benchmarks" / "plain.py")]
    subprocess.run([*plain, "build", str(folder)], check=True, cwd=ROOT, env=environment)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(seconds([str(_METQUOTE), "ask", QUESTION], environment))
        theirs.append(seconds([*plain, "ask", str(folder), QUESTION], environment))
    return ours, theirs


def warm(service: Service, rounds: int) -> list[float]:
    """Seconds of each answer to every question of the test set, in one process."""
    with _QUESTIONS.open(encoding="utf-8") as lines:
        questions = read_questions(lines, _QUESTIONS.name)
    service.answer(Query(QUESTION))
    found = []
    for _ in range(rounds):
        for question in questions:
            began = time.perf_counter()
            service.answer(Query(question.text))
            found.append(time.perf_counter() - began)
    return found


async def serving(environment: dict[str, str]) -> tuple[float, float]:
    """MiB resident of `metquote serve`: when connected, and after every question was asked."""
    sys.path.insert(0, str(ROOT))
    from tests.fake_discord import FakeDiscord  # noqa: PLC0415 - found only now

    with _QUESTIONS.open(encoding="utf-8") as lines:
        questions = read_questions(lines, _QUESTIONS.name)
    async with FakeDiscord() as server:
        channel, ann = server.add_channel(server.add_guild()), server.add_user("Ann")
        places = {
            "METQUOTE_DISCORD_TOKEN": server.token,
            "METQUOTE_DISCORD_API_BASE": server.api_base,
            "METQUOTE_DISCORD_GATEWAY": server.gateway_url,
            "METQUOTE_DISCORD_COOLDOWN_SECONDS": "0",
        }
        process = await asyncio.create_subprocess_exec(
            str(_METQUOTE), "serve", cwd=ROOT, env=environment | places
        )
        await server.wait_ready(120)
        before = resident(process.pid)
        for question in questions:
            asked = await server.slash(ann, "ask", {"question": question.text}, channel=channel)
            await asked.response(60)
        after = resident(process.pid)
        process.terminate()
        await process.wait()
    return before, after


def resident(process: int) -> float:
    """MiB of memory that a process holds (VmRSS)."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(process)


def build_seconds(data: Path) -> tuple[float, float, float]:
    """Seconds to build: with the export of the encoder, without it, and with vectors kept."""
    found = []
    for gone in ((), ("embeddings", "snapshots", "current"), ("snapshots", "current")):
        for name in gone:
            subprocess.run(["rm", "-rf", str(data / name)], check=True)  # noqa: S607
        service = Service(_settings(data))
        began = time.perf_counter()
        service.build(_Silent())
        found.append(time.perf_counter() - began)
    return found[0], found[1], found[2]


def _settings(data: Path) -> Settings:
    return Settings(ROOT, PathSettings("corpus/documents", str(data)))


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    table = Table("what", "metquote", "plain", "ratio", box=None, padding=(0, 2, 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        environment = os.environ | {"METQUOTE_PATHS_DATA": str(data), "PYTHONPATH": str(ROOT)}
        first, again, kept = build_seconds(data)
        ours, theirs = cold(Path(folder), environment, rounds)
        one, other = statistics.median(ours), statistics.median(theirs)
        table.add_row(
            "cold question, median s", f"{one:.2f}", f"{other:.2f}", f"{other / one:.1f}x"
        )
        answers = warm(Service(_settings(data)), rounds)
        for share in (0.5, 0.99):
            table.add_row(
                f"warm answer p{share * 100:.0f}, ms", f"{_quantile(answers, share) * 1e3:.1f}"
            )
        before, after = asyncio.run(serving(environment))
        table.add_row("serving process, MiB", f"{before:.0f}")
        table.add_row("serving process after all questions, MiB", f"{after:.0f}")
        table.add_row("first build with export, s", f"{first:.1f}")
        table.add_row("build without export, s", f"{again:.1f}")
        table.add_row("build with vectors kept, s", f"{kept:.1f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
