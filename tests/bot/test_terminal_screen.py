"""What a person sees on a screen of 80 columns."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from bot.terminal.console import BuildProgress, visible
from tests.bot.conftest import Terminal, add_document

if TYPE_CHECKING:
    from corpus.document import Document
    from tests.conftest import TinyData

_QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


class _Screen(io.StringIO):
    """Standard output of a process that runs in a window."""

    def isatty(self) -> bool:
        return True


def seen(terminal: Terminal, *arguments: str) -> tuple[int, str]:
    """The exit status and what a screen of 80 columns shows, with its styles."""
    screen = _Screen()
    with terminal.monkeypatch.context() as patch:
        patch.setattr("sys.stdout", screen)
        ended = terminal(*arguments, COLUMNS="80", TERM="xterm-256color")
    return ended.status, screen.getvalue()


def assert_fits(shown: str) -> None:
    for line in _STYLE.sub("", shown).splitlines():
        assert cell_len(line) <= 80, line
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", line), repr(line)


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "How many officers were hurt in Brixton?"),
        ("ask", "What did the Met say to recovery operators?", "--limit", "10"),
        ("ask", "What is the boiling point of mercury?"),
        ("corpus", "list"),
        ("corpus", "check"),
        ("corpus", "show", "met-intensifies-efforts-to-tackle-violence"),
        ("index", "status"),
        ("index", "verify"),
        ("--help",),
        ("ask", "--help"),
    ],
    ids=" ".join,
)
def test_nothing_is_wider_than_the_screen(
    starter_terminal: Terminal, arguments: tuple[str, ...]
) -> None:
    status, shown = seen(starter_terminal, *arguments)
    assert status == 0
    assert shown.strip()
    assert_fits(shown)


def test_an_answer_is_in_colour_and_its_words_are_whole(
    starter_terminal: Terminal, starter_documents: dict[str, Document]
) -> None:
    question = "Who was injured in Brixton?"
    _, shown = seen(starter_terminal, "ask", question)
    assert "\x1b[1m" in shown
    excerpts = json.loads(starter_terminal("ask", question, "--json").out)["excerpts"]
    plain = " ".join(_STYLE.sub("", shown).split())
    for excerpt in excerpts:
        assert " ".join(excerpt["text"].split()) in plain
        assert starter_documents[excerpt["document"]].text.count(excerpt["text"])


def test_an_evaluation_fits(starter_terminal: Terminal, tmp_path: Path) -> None:
    lines = _QUESTIONS.read_text("utf-8").splitlines()
    unanswerable = [line for line in lines if '"answerable": false' in line]
    odd = json.loads(unanswerable[0]) | {
        "question": "[b]markup[/x] about patrols, at a length that no screen has " * 3,
        "kind": "[/odd]",
    }
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join((*lines[:12], *unanswerable[:12], json.dumps(odd))), "utf-8")
    status, shown = seen(starter_terminal, "eval", str(file))
    assert status == 0
    assert_fits(shown)
    assert "exact" in shown
    assert "[/odd]" in shown


def test_a_document_cannot_drive_the_screen(tiny_terminal: Terminal, tiny: TinyData) -> None:
    words = "The zebra\x1b]0;title\x07 ran\x1b[2J\x9b31m off.\r\n[red]It[/nope] \tran :smile:."
    add_document(
        tiny.documents, "zebra", words, 'kind: news\ntitle: "[b]\\e[2JZ[/x]"\npublisher: "\\e[8mP"'
    )
    for arguments in (("ask", "zebra"), ("corpus", "list"), ("corpus", "show", "zebra")):
        status, shown = seen(tiny_terminal, *arguments)
        assert status == 0
        assert_fits(shown)
        assert "␛[2J" in shown
    assert "[red]It[/nope]" in shown


def test_control_characters_are_pictures() -> None:
    assert visible("a\x1b[1m\x07\x7f\x9b\r\nb\tc\rd") == "a␛[1m␇␡�\nb\tc␍d"
    assert visible("“plain” – £ 👮") == "“plain” – £ 👮"


def test_progress_on_a_screen_fits_and_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    with BuildProgress() as progress:
        progress.stage("exporting the encoder to ONNX (once)")
        progress.stage("encoding passages", 1_000_000)
        progress.advance(999_999)
        progress._bar.refresh()  # type: ignore[union-attr]
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert "encoding passages" in shown
    assert all(cell_len(line) <= 80 for part in shown.split("\r") for line in part.splitlines())


def test_progress_that_is_piped_is_a_line_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    with BuildProgress() as progress:
        progress.stage("reading documents")
        progress.stage("exporting the encoder to ONNX (once)")
        progress.stage("encoding passages", 10)
        progress.advance()
    assert capsys.readouterr().err.splitlines() == [
        "metquote: exporting the encoder to ONNX (once)",
        "metquote: encoding passages",
    ]
