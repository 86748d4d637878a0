"""Restores that were killed half way: finished by whoever needs the corpus next."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from corpus.library import Library
from tests.bot.releases import recorded
from tests.conftest import STARTER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import Terminal
    from tests.conftest import TinyData


@pytest.fixture
def library(tiny: TinyData) -> Library:
    return recorded(tiny)


def interrupted(folder: Path) -> None:
    """Leave a restore as a killed process does between the old documents and the new ones."""
    committed = folder.parent / ".restore-committed"
    (committed / "before").mkdir(parents=True)
    shutil.copytree(folder, committed / "documents")
    shutil.copy(folder.parent / "journal.jsonl", committed / "journal.jsonl")
    (committed / "name").write_text("corpus.before-restore-then")
    folder.rename(committed / "before" / "documents")


@pytest.mark.parametrize(
    "arguments", [("corpus", "check"), ("index", "build"), ("ask", "drugs")], ids=" ".join
)
def test_a_restore_that_was_interrupted_is_finished_by_who_needs_the_corpus(
    tiny_terminal: Terminal, library: Library, arguments: tuple[str, ...]
) -> None:
    before = library.fingerprint()
    interrupted(library.folder)
    listed = tiny_terminal("corpus", "list")
    assert (listed.status, listed.out) == (1, "")
    assert "run 'metquote corpus check', which finishes it" in listed.err
    assert tiny_terminal(*arguments).status == 0
    assert library.fingerprint() == before
    assert (library.folder.parent / "corpus.before-restore-then" / "documents").is_dir()


def test_a_restore_interrupted_in_ones_own_copy_is_not_taken_for_no_copy(
    terminal: Terminal, tmp_path: Path
) -> None:
    own = tmp_path / "data" / "corpus" / "documents"
    shutil.copytree(STARTER, own)
    shutil.copy(STARTER.parent / "journal.jsonl", own.parent)
    interrupted(own)
    text = tmp_path / "late.txt"
    text.write_text("A text that came later.", "utf-8")
    terminal.monkeypatch.chdir(tmp_path)
    ended = terminal(
        "corpus", "add", str(text), "--yes", "--no-index",
        METQUOTE_PATHS_DATA=str(tmp_path / "data"),
    )  # fmt: skip
    assert ended.status == 0, ended.err
    assert len(Library(own).read().documents) == 5


def test_what_a_killed_restore_left_does_not_keep_the_first_change_away(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "data" / "corpus" / ".restore-proving-left").mkdir(parents=True)
    text = tmp_path / "late.txt"
    text.write_text("A text that came later.", "utf-8")
    terminal.monkeypatch.chdir(tmp_path)
    ended = terminal(
        "corpus", "add", str(text), "--yes", "--no-index",
        METQUOTE_PATHS_DATA=str(tmp_path / "data"),
    )  # fmt: skip
    assert ended.status == 0, ended.err
    assert len(Library(tmp_path / "data" / "corpus" / "documents").read().documents) == 5
