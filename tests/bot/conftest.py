"""The terminal, in this process or in one of its own, and services over a small index."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot import cli, config
from bot.service import Service
from tests.conftest import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.conftest import TinyData

PROGRAM = (sys.executable, "-m", "bot.cli")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs ``metquote`` in this process."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, **environment: str) -> Ended:
        self.capsys.readouterr()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["metquote", *arguments])
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        captured = self.capsys.readouterr()
        assert "Traceback" not in captured.err + captured.out
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, captured.out, captured.err)


def environment_of(data: Path, **more: str) -> dict[str, str]:
    """Variables for a process that writes to ``data``: none of the caller's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("METQUOTE")}
    return kept | {"METQUOTE_PATHS_DATA": str(data), "COLUMNS": "80"} | more


def run(
    *arguments: str, environment: Mapping[str, str], cwd: Path, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run ``metquote`` as a process; its output is what it wrote, byte for byte."""
    ended = subprocess.run(
        (*PROGRAM, *arguments),
        env=dict(environment),
        cwd=cwd,
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in ended.stderr + ended.stdout, ended.stderr.decode()
    return ended


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """``metquote`` in this process, with none of the developer's own settings."""
    for name in [name for name in os.environ if name.startswith("METQUOTE")]:
        monkeypatch.delenv(name)
    return Terminal(capsys, monkeypatch)


@pytest.fixture
def starter_terminal(terminal: Terminal, starter_data: Path) -> Terminal:
    """The same, over the starter documents and their index by the real encoder."""
    terminal.monkeypatch.setenv("METQUOTE_PATHS_DATA", str(starter_data))
    return terminal


@pytest.fixture
def own_data(starter_data: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with the starter documents' index in it."""
    return copied(starter_data, tmp_path / "own-data")


@pytest.fixture
def tiny_environment(tiny: TinyData) -> dict[str, str]:
    """The settings for the tiny index; whatever is asked, something is shown."""
    return {
        "METQUOTE_PATHS_DATA": str(tiny.data),
        "METQUOTE_PATHS_DOCUMENTS": str(tiny.documents),
        "METQUOTE_ENCODER_MODEL": str(tiny.model),
        "METQUOTE_ANSWER_ANSWERED_AT": "0",
        "METQUOTE_ANSWER_RELATED_AT": "0",
    }


@pytest.fixture
def tiny_terminal(terminal: Terminal, tiny_environment: dict[str, str]) -> Terminal:
    """``metquote`` over documents and an index that a test may spoil."""
    for name, value in tiny_environment.items():
        terminal.monkeypatch.setenv(name, value)
    return terminal


@pytest.fixture
def service_of(tiny_environment: dict[str, str]) -> Iterator[Callable[[], Service]]:
    """Services over the tiny index, closed when the test ends."""
    opened: list[Service] = []

    def make() -> Service:
        opened.append(Service(config.load(environment=tiny_environment)))
        return opened[-1]

    yield make
    for service in opened:
        service.close()


def add_document(folder: Path, name: str, text: str, front_matter: str = "kind: news") -> None:
    """Store a document, as a person would."""
    (folder / f"{name}.md").write_text(f"---\n{front_matter}\n---\n{text}\n", "utf-8", newline="")
