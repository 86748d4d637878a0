"""``metquote`` as a process that is forked from one which has all of it imported.

To start Python and to import the program takes most of what a start takes, and many tests start
it. What is forked is killed, ends and prints as any other process does.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import cache
from multiprocessing import forkserver, get_context
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.context import ForkServerContext, ForkServerProcess
    from pathlib import Path

# ONNX Runtime is none of them: it starts a thread, and what is forked would be without it.
_IMPORTED = """bot.cli bot.discord.client bot.pictures.card bot.pictures.timeline bot.service
index.build index.encoder index.opened tests.bot.forked tests.bot.state.worker tokenizers""".split()


@cache
def forking() -> ForkServerContext:
    """Starts processes that have the program imported and nothing else of this one."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        # Else libraries for matrices start their threads as soon as they are imported.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            patch.setenv(name, "1")
        forkserver.ensure_running()
    return context


class Forked:
    """One that runs; to be used as an `asyncio.subprocess.Process` is."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        assert process.pid is not None
        self.pid = process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status, or the signal below zero; nothing while it runs."""
        return self._process.exitcode

    async def wait(self) -> int:
        """Wait until it has ended; how."""
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        # A loop takes each descriptor once, and several may wait.
        sentinel = os.dup(self._process.sentinel)
        loop.add_reader(sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(sentinel)
            os.close(sentinel)
        self._process.join()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


# However it was started.
Process = asyncio.subprocess.Process | Forked


def forked(*arguments: str, environment: Mapping[str, str], folder: Path, log: Path) -> Forked:
    """Run ``metquote`` with ``arguments`` in ``folder``; what it prints goes to ``log``."""
    process = forking().Process(
        target=_be, args=(arguments, dict(environment), folder, log), daemon=True
    )
    process.start()
    return Forked(process)


def _be(arguments: tuple[str, ...], environment: dict[str, str], folder: Path, log: Path) -> None:
    """Be ``metquote``."""
    from bot import cli  # noqa: PLC0415 - the child's

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(written, 1)
    os.dup2(written, 2)
    sys.argv = ["metquote", *arguments]
    cli.program()
