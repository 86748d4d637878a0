"""Processes that run ``metquote`` and are killed: forked from one that has all of it imported.

``python -m tests.crash.zygote`` reads a line of JSON for each command and answers with one. It
starts no thread, so that its children may start theirs.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_MODULES = """bot.curation.backup bot.curation.bringing bot.cli bot.terminal.corpus_screen
bot.curation.curator bot.curation.fetching bot.curation.indexing bot.curation.intake
bot.terminal.index_screen bot.service bot.curation.syncing bot.terminal.console corpus.check
corpus.formats.markdown feedparser index.build index.opened protego rich.progress rich.table
tokenizers
""".split()
_SET_CHILD_SUBREAPER = 36
_DONE = frozenset(
    """
    os.link os.mkdir os.remove os.rename os.rmdir os.truncate shutil.rmtree sqlite3.connect
    subprocess.Popen tempfile.mkdtemp tempfile.mkstemp
    """.split()
)


def is_change(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether Python is about to change something on the disk, or to start a process."""
    if event == "open":
        return bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
    return event in _DONE


def command(arguments: list[str], out: int, err: int, steps: int) -> None:
    """Be ``metquote``; for each change that is about to be made a byte goes to ``steps``."""
    from bot import cli  # noqa: PLC0415 - the child's

    def hear(event: str, given: tuple[Any, ...]) -> None:
        if is_change(event, given):
            os.write(steps, b".")

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdin, sys.argv = open(0), ["metquote", *arguments]  # noqa: SIM115 - a descriptor
    # What is acknowledged is told at once, and not with the next few thousand characters.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.addaudithook(hear)
    cli.program()


def until(child: int, steps: int, after: float | None, changes: int | None) -> int:
    """Wait until the child ends, or for its death; how many changes it was about to make.

    It is killed ``after`` so many seconds, counted from its change of number ``changes`` where
    there is one, else from now.
    """
    watched, made = os.pidfd_open(child), 0
    death = None if after is None or changes is not None else time.monotonic() + after
    try:
        while True:
            left = None if death is None else max(0.0, death - time.monotonic())
            ready = select.select([watched, steps], [], [], left)[0]
            if steps in ready:
                made += len(os.read(steps, 4096))
            if watched in ready:
                return made
            if changes is not None and after is not None and made >= changes:
                death, changes = time.monotonic() + after, None
            if death is not None and time.monotonic() >= death:
                os.kill(child, signal.SIGKILL)
                death = None
    finally:
        os.close(watched)


def run(arguments: list[str], after: float | None, changes: int | None) -> dict[str, Any]:
    """One command, killed if it is to be; how it ended and what it had told until then."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        steps, told = os.pipe()
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                command(arguments, out.fileno(), err.fileno(), told)
            finally:
                os._exit(70)
        os.close(told)
        made = until(child, steps, after, changes)
        ended = os.waitpid(child, 0)[1]
        while left := len(os.read(steps, 4096)):
            made += left
        os.close(steps)
        return {
            "status": os.waitstatus_to_exitcode(ended),
            "seconds": time.monotonic() - begun,
            "changes": made,
            "out": os.pread(out.fileno(), 1 << 20, 0).decode(),
            "err": os.pread(err.fileno(), 1 << 20, 0).decode(),
        }


def orphans(seconds: float) -> list[str]:
    """What the killed have left running, and still runs after so many seconds."""
    until_then = time.monotonic() + seconds
    while time.monotonic() < until_then:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return []
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return [Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ") for one in children]


def main() -> None:
    """Serve until there are no more commands."""
    for name in _MODULES:
        importlib.import_module(name)
    # Orphans become children of this process, which can tell whether there are any.
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    requests = os.fdopen(os.dup(0), encoding="ascii")
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        sys.exit(f"{threads} threads are running, and a child would have one of them alone")
    # Else each child would copy the memory of every object there is when it first counts them.
    gc.freeze()
    for line in requests:
        asked = json.loads(line)
        answer = orphans(**asked) if "seconds" in asked else run(**asked)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
