"""Children that answer lines of JSON, timed and weighed."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Talk:
    """A child process that is asked line by line; ``log`` takes what it says besides."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], cwd: Path, log: Path
    ) -> None:
        self.began = time.perf_counter()
        self._command, self._log = command[0], log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command, env=environment, cwd=cwd, text=True, encoding="utf-8",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Closes its end of the pipes and waits; one that does not stop by itself is stopped.
        try:
            self._process.communicate(timeout=60)
        finally:
            self._process.kill()
            self._process.__exit__(None, None, None)

    def ask(self, identity: str, question: str) -> dict[str, Any]:
        """The answer to a question.

        Raises:
            RuntimeError: there is none.
        """
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(json.dumps({"id": identity, "question": question}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._command} gave no answer; see {self._log}")
        answer = json.loads(line)
        if answer.get("id") != identity or "excerpts" not in answer:
            raise RuntimeError(f"{self._command} answered {line[:200]!r}")
        return dict(answer)

    def memory(self) -> tuple[float, float]:
        """MiB resident, at most so far and now, of the process and of those that it started."""
        whole = list(_with_children(self._process.pid))
        return _status(whole, "VmHWM"), _status(whole, "VmRSS")


def seconds(command: Sequence[str], environment: Mapping[str, str], cwd: Path, log: Path) -> float:
    """How long a process takes from its start to its end.

    Raises:
        RuntimeError: it failed.
    """
    began = time.perf_counter()
    with log.open("ab") as errors:
        done = subprocess.run(
            command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=errors,
            stderr=errors, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}); see {log}")
    return time.perf_counter() - began


def on_disk(*folders: Path) -> int:
    """Bytes that the files below ``folders`` take; one that has two names counts once."""
    sizes = {}
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                found = (Path(parent) / name).lstat()
                sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(sizes.values())


def _with_children(process: int) -> Iterator[int]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text("ascii").split():
            yield from _with_children(int(child))


def _status(processes: Sequence[int], key: str) -> float:
    """MiB of a key of /proc/PID/status, summed."""
    kibibytes = 0
    for process in processes:
        for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
            if line.startswith(key + ":"):
                kibibytes += int(line.split()[1])
    return kibibytes / 1024
