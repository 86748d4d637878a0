"""The program as people start it: a process, its pipes, its folders."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.bot.conftest import PROGRAM, add_document, environment_of, run
from tests.conftest import copied

if TYPE_CHECKING:
    from tests.conftest import TinyData

_QUESTION = "How many officers were hurt in Brixton?"
_WITHOUT_DISCORD = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "discord":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
sys.argv[0] = "metquote"
from bot.cli import main
main()
"""


def test_it_works_anywhere_without_a_config(starter_data: Path, tmp_path: Path) -> None:
    """As installed from a wheel: the packaged documents, the platform's data folder."""
    copied(starter_data, tmp_path / "share" / "metquote")
    environment = environment_of(tmp_path, XDG_DATA_HOME=str(tmp_path / "share"))
    del environment["METQUOTE_PATHS_DATA"]
    (tmp_path / "elsewhere").mkdir()
    ended = run("ask", _QUESTION, environment=environment, cwd=tmp_path / "elsewhere")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"extra-officers-after-brixton-street-party" in ended.stdout
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_a_batch_on_standard_input(starter_data: Path, tmp_path: Path) -> None:
    given = b'{"id": 1, "question": "Who was hurt?"}\n\xff\n{"id": 2, "question": "Drugs?"}\n'
    ended = run(
        "ask", "--batch", "-", environment=environment_of(starter_data), cwd=tmp_path, given=given
    )
    values = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [value["id"] for value in values] == [1, None, 2]
    assert values[1]["error"] == "line 2: not UTF-8"
    assert ended.returncode == 0


@pytest.mark.parametrize("redirection", ["| head -1", "| true", ">&-"])
def test_a_reader_that_leaves_is_no_error(
    starter_data: Path, tmp_path: Path, redirection: str
) -> None:
    command = f'"$@" {redirection}; echo "${{PIPESTATUS[0]}}" >&2'
    ended = subprocess.run(
        ("bash", "-c", command, "-", *PROGRAM, "ask", _QUESTION),
        env=environment_of(starter_data),
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.stderr == b"0\n"
    assert ended.stdout.startswith(b"Answered") == (redirection == "| head -1")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_is_told(starter_data: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            (*PROGRAM, "ask", _QUESTION, "--json"),
            env=environment_of(starter_data),
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr == b"metquote: the output cannot be written (No space left on device)\n"


def test_a_window_of_80_columns(starter_data: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = environment_of(starter_data, TERM="xterm-256color")
    del environment["COLUMNS"]
    with subprocess.Popen(
        (*PROGRAM, "ask", _QUESTION), env=environment, cwd=tmp_path,
        stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        content = b""
        try:
            while block := os.read(ours, 65_536):
                content += block
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    shown = content.decode()
    assert "\x1b[1m" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r", "").split("\n")
    assert 50 < max(cell_len(line) for line in lines) <= 80


def test_without_discord_everything_works_but_serve(starter_data: Path, tmp_path: Path) -> None:
    def started(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            (sys.executable, "-c", _WITHOUT_DISCORD, *arguments),
            env=environment_of(starter_data, METQUOTE_DISCORD_TOKEN="a-token"),
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
            check=False,
        )

    asked = started("ask", _QUESTION)
    assert (asked.returncode, asked.stderr) == (0, b"")
    served = started("serve")
    assert served.returncode == 2
    assert served.stderr == (
        b"metquote: discord.py is not installed; run: pip install discord.py\n"
    )


def obey_permissions() -> None:
    """Even as root: without CAP_DAC_OVERRIDE (1) a folder's own bits count."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def test_a_read_only_data_folder_answers_but_builds_nothing(
    tiny: TinyData, tiny_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = environment_of(tiny.data) | tiny_environment

    def started(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            (*PROGRAM, *arguments), env=environment, cwd=tmp_path, capture_output=True,
            timeout=120, check=False, preexec_fn=obey_permissions,
        )  # fmt: skip

    folders = [tiny.data, *(path for path in tiny.data.rglob("*") if path.is_dir())]
    for path in (*folders, tiny.data / "build.lock"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        asked = started("ask", "Who was injured?")
        add_document(tiny.documents, "zebra", "A zebra.")
        changed = started("ask", "zebra")
    finally:
        for path in folders:
            path.chmod(0o755)
    assert (asked.returncode, asked.stderr) == (0, b"")
    assert changed.returncode == 1
    assert b"cannot be written (Permission denied); make room or set paths.data" in changed.stderr
    assert changed.stderr.count(b"\n") == 1


def little_room() -> None:
    """No file may grow beyond 4 KB, as on a disk that is nearly full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))


def test_a_full_data_folder_is_told_and_the_old_index_stays(
    tiny: TinyData, tiny_environment: dict[str, str], tmp_path: Path
) -> None:
    current = tiny.store.current()
    add_document(tiny.documents, "zebra", "A zebra was seen. " * 40)
    ended = subprocess.run(
        (*PROGRAM, "index", "build"), env=environment_of(tiny.data) | tiny_environment,
        cwd=tmp_path, capture_output=True, timeout=120, check=False, preexec_fn=little_room,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stdout
    assert b"Traceback" not in ended.stderr
    assert b"should not" not in ended.stderr, ended.stderr
    (sentence,) = [line for line in ended.stderr.splitlines() if b"set paths.data" in line]
    assert sentence.startswith(b"metquote: ")
    assert tiny.store.current() == current
    assert not [path for path in (tiny.data / "snapshots").iterdir() if path.name[0] == "."]


@pytest.mark.parametrize("arguments", [("ask", "x"), ("index", "build")], ids=" ".join)
def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("in the way")
    environment = environment_of(tmp_path / "file" / "data")
    ended = run(*arguments, environment=environment, cwd=tmp_path)
    assert ended.returncode == 1
    assert b"set paths.data" in ended.stderr
    assert ended.stderr.count(b"\n") == 1
