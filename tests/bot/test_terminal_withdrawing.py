"""Documents retracted and erased at the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.curation.drafts import KIND
from bot.state import State
from bot.state.views import View
from corpus.sketches import Sketches
from tests.bot.releases import RELEASE_ID, lines, recorded, release_in

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.library import Library
    from tests.bot.conftest import Terminal
    from tests.conftest import TinyData


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return release_in(tmp_path)


@pytest.fixture
def library(tiny: TinyData) -> Library:
    return recorded(tiny)


def test_a_retracted_document_answers_no_more(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    tiny_terminal("corpus", "add", str(release), "--yes")
    ended = tiny_terminal("corpus", "retract", RELEASE_ID, "--reason", "there was no zebra")
    assert lines(ended)[0] == f"retracted {RELEASE_ID}"
    asked = json.loads(tiny_terminal("ask", "zebra", "--json").out)
    assert RELEASE_ID not in {one["document"] for one in asked["excerpts"]}
    assert "retracted on 20" in tiny_terminal("corpus", "show", RELEASE_ID).out
    again = tiny_terminal("corpus", "add", str(release), "--yes")
    assert (again.status, "there was no zebra" in again.err) == (2, True)
    corrected = tiny_terminal("corpus", "correct", RELEASE_ID, str(release), "--yes")
    assert (corrected.status, corrected.out) == (2, "")
    assert "what is retracted is not corrected" in corrected.err
    assert tiny_terminal("corpus", "add", str(release), "--yes", "--again").status == 0
    assert library.get(f"{RELEASE_ID}-2").text.startswith("Appeal")


def test_an_erased_text_is_nowhere_below_the_data_folder_or_the_corpus(
    tiny_terminal: Terminal, library: Library, release: Path, tiny: TinyData
) -> None:
    words = b"the zebra is safe and well"
    tiny_terminal("corpus", "add", str(release), "--yes")
    tiny_terminal("ask", "zebra")
    previews = State(tiny.data / "state.sqlite")
    for text in (library.get(RELEASE_ID).text, "Another text."):
        previews.views.keep(View(KIND, 1, {"act": "add", "draft": {"text": text}}), days=30)
    previews.close()

    def holders() -> list[Path]:
        folders = (tiny.data, library.folder.parent / "documents")
        return [
            path for folder in folders for path in folder.rglob("*")
            if path.is_file() and words in path.read_bytes()
        ]  # fmt: skip

    assert tiny.data / "state.sqlite" in holders()
    assert len(holders()) >= 3
    ended = tiny_terminal("corpus", "erase", RELEASE_ID, "--reason", "order of a court", "--yes")
    told = lines(ended)
    assert f"erased {RELEASE_ID}" in told
    assert any("Backups, version control" in line for line in told)
    assert holders() == []
    assert b"Another text." in (tiny.data / "state.sqlite").read_bytes()
    assert not any("A bot that is running" in line for line in told)
    assert Sketches(tiny.data / "sketches.sqlite").all()
    assert tiny_terminal("corpus", "check").status == 0
    assert tiny_terminal("index", "verify").status == 0
    shown_now = tiny_terminal("corpus", "show", RELEASE_ID)
    assert (shown_now.status, "(order of a court)" in shown_now.err) == (2, True)
    again = tiny_terminal("corpus", "add", str(release), "--yes")
    assert (again.status, "erased on" in again.err) == (2, True)


def test_previews_in_a_database_elsewhere_are_left_to_the_bot_and_said_to_be(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    tiny_terminal("corpus", "add", str(release), "--yes")
    nobody = "postgresql://nobody@127.0.0.1:9/metquote"
    ended = tiny_terminal(
        "corpus", "erase", RELEASE_ID, "--reason", "so", "--yes", METQUOTE_STATE_URL=nobody
    )
    assert ended.status == 0
    assert "A bot that is running, or is started next, deletes the previews" in ended.out
    assert RELEASE_ID not in {one.id for one in library.read().documents}


def test_a_document_whose_file_was_altered_is_erased_as_its_message_says(
    tiny_terminal: Terminal, library: Library
) -> None:
    file = library.folder / "letter-to-recovery-operators-on-disorder.md"
    file.write_text(file.read_text("utf-8") + "Words that nobody said.", "utf-8")
    checked = tiny_terminal("corpus", "check")
    assert f"put {file.name} back from a backup, or else" in checked.err
    assert f"'metquote corpus erase {file.stem}'" in checked.err
    ended = tiny_terminal("corpus", "erase", file.stem, "--reason", "it was altered", "--yes")
    assert ended.status == 0, ended.err
    assert not file.exists()
    assert tiny_terminal("corpus", "check").status == 0


def test_the_last_document_can_be_erased(tiny_terminal: Terminal, library: Library) -> None:
    for document in library.read().documents:
        ended = tiny_terminal("corpus", "erase", document.id, "--reason", "x", "--yes")
        assert ended.status == 0, ended.err
    assert "no document is left to answer from" in ended.out
    assert tiny_terminal("index", "verify").status == 1


@pytest.mark.parametrize(
    "arguments", [("retract", "x"), ("erase", "x"), ("retract", "x", "--reason", " ")]
)
def test_nothing_is_withdrawn_without_a_reason(
    tiny_terminal: Terminal, library: Library, arguments: tuple[str, ...]
) -> None:
    ended = tiny_terminal("corpus", *arguments)
    assert (ended.status, "reason" in ended.err) == (2, True)
    assert len(library.journal.entries()) == 4
