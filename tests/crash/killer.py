"""Starts ``metquote`` again and again, and kills it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from tests.conftest import ROOT

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Between one change on the disk and the next: a file is written, a journal synced, SQLite commits.
_LONGEST_DELAY_SECONDS = 0.01
# The one that is let live, so that there is progress and it is known how long a command takes.
_SPARED = 7


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended; ``changes`` counts what it was about to change on the disk."""

    status: int
    seconds: float
    changes: int
    out: str
    err: str


@dataclass(slots=True)
class Zygote:
    """The process of `tests.crash.zygote`."""

    requests: IO[str]
    answers: IO[str]

    def run(
        self,
        *arguments: str,
        after: float | None = None,
        changes: int | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Ended:
        """Run a command; see `tests.crash.zygote.until`. ``meanwhile`` is called while it runs."""
        self._ask({"arguments": arguments, "after": after, "changes": changes})
        meanwhile()
        return Ended(**self._answer())

    def orphans(self, seconds: float) -> list[str]:
        """The command lines of processes that the killed have left, after so many seconds."""
        self._ask({"seconds": seconds})
        return list(self._answer())

    def _ask(self, request: dict[str, Any]) -> None:
        self.requests.write(json.dumps(request) + "\n")
        self.requests.flush()

    def _answer(self) -> Any:
        line = self.answers.readline()
        assert line, "the zygote has died; what it died of stands on standard error"
        return json.loads(line)


@contextmanager
def zygote_in(folder: Path) -> Iterator[Zygote]:
    """A zygote whose commands run in ``folder``, with no settings but their own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("METQUOTE")}
    # Libraries for matrices start their threads when they are imported, unless there is to be one.
    environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.zygote"],
        cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        yield Zygote(process.stdin, process.stdout)
    assert process.returncode == 0


@dataclass(slots=True)
class Instants:
    """When to kill one kind of command: at random over all of its time, and over all it changes.

    A command waits for most of its time, and what is written is written in moments: half of the
    kills are placed by the clock, and half by the number of changes that were begun.
    """

    chosen: random.Random
    times: int = 0
    # Until one was let live.
    seconds: float = 0.5
    changes: int = 20
    kills: list[float] = field(default_factory=list)
    """For each kill, which share of the changes had been begun."""

    def next(self) -> dict[str, Any]:
        """When the next one is to be killed, as `Zygote.run` takes it; nothing if not at all."""
        self.times += 1
        if self.times % _SPARED == 0:
            return {}
        if self.chosen.random() < 0.5:
            return {"after": self.chosen.uniform(0, self.seconds)}
        delay = self.chosen.uniform(0, _LONGEST_DELAY_SECONDS)
        return {"changes": self.chosen.randint(1, self.changes), "after": delay}

    def note(self, ended: Ended, *, spared: bool) -> None:
        """Learn from one that ended."""
        if spared:
            self.seconds, self.changes = ended.seconds, max(ended.changes, 1)
        elif ended.status < 0:
            self.kills.append(min(ended.changes / self.changes, 1.0))
