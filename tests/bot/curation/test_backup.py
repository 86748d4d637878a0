"""Backup and restore: corpus, journal and state, whole on the way out and in."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from corpus.document import text_sha256
from corpus.library import Library
from tests.bot.conftest import Terminal, add_document, environment_of, run
from tests.conftest import STARTER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import TinyData

_LETTER = "letter-to-recovery-operators-on-disorder"
_PARTY = "extra-officers-after-brixton-street-party"


@pytest.fixture
def library(tiny: TinyData) -> Library:
    shutil.copy(STARTER.parent / "journal.jsonl", tiny.documents.parent / "journal.jsonl")
    return Library(tiny.documents)


@pytest.fixture
def state(tiny: TinyData) -> Path:
    """What the bot remembers, as it is while it runs: some of it in SQLite's log."""
    path = tiny.data / "state.sqlite"
    remember(path, "before")
    return path


def remember(path: Path, value: str) -> None:
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("CREATE TABLE IF NOT EXISTS kept (value TEXT)")
        store.execute("INSERT INTO kept VALUES (?)", (value,))


def remembered(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as store:
        return [value for (value,) in store.execute("SELECT value FROM kept")]


def backed_up(terminal: Terminal, file: Path) -> str:
    ended = terminal("backup", str(file))
    assert (ended.status, ended.err) == (0, "")
    return ended.out


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(
    tiny_terminal: Terminal, library: Library, state: Path, tiny: TinyData, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar"
    with closing(sqlite3.connect(state)) as bot:  # as the running bot has it
        bot.execute("INSERT INTO kept VALUES ('not committed')")
        out = backed_up(tiny_terminal, file)
    assert out == (
        f"{file} is whole: 4 documents, 0 withdrawn, 4 lines of the journal, the bot's state\n"
    )
    before = library.fingerprint()
    tiny_terminal("corpus", "retract", _LETTER, "--reason", "wrong", "--no-index")
    add_document(library.folder, "later", "A later text.")
    remember(state, "after")
    (tiny.data / "feeds.sqlite").write_text("what the feeds have brought")
    after = library.fingerprint()
    ended = tiny_terminal("restore", str(file), "--yes")
    assert ended.status == 0, ended.err
    assert library.fingerprint() == before
    assert remembered(state) == ["before"]
    assert not (tiny.data / "feeds.sqlite").exists()
    kept = re.findall(r"what was there before is kept as (.+)", ended.out)
    assert (
        Library(tiny.documents.parent / kept[0].rpartition("/")[2] / "documents").fingerprint()
        == after
    )
    assert remembered(tiny.data / kept[1].rpartition("/")[2]) == ["before", "after"]
    assert tiny_terminal("corpus", "check").status == 0
    assert "state      current" in tiny_terminal("index", "status").out
    assert not [path for path in tiny.documents.parent.iterdir() if path.name.startswith(".rest")]


def test_what_was_erased_since_stays_erased(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    add_document(library.folder, "by-hand", "A text put there by hand.")
    backed_up(tiny_terminal, tmp_path / "backup.tar")
    text = library.get(_PARTY).text
    for name in (_PARTY, "by-hand"):
        tiny_terminal("corpus", "erase", name, "--reason", "order of a court", "--yes")
    ended = tiny_terminal("restore", str(tmp_path / "backup.tar"), "--yes", "--no-index")
    assert ended.status == 0, ended.err
    assert f"erased again, as it was erased since: {_PARTY}" in ended.out
    assert sorted(one.id for one in library.read().documents) == [
        "armed-patrols-considered-to-stop-gang-violence", _LETTER,
        "met-intensifies-efforts-to-tackle-violence",
    ]  # fmt: skip
    assert not (library.folder / f"{_PARTY}.md").exists()
    assert text_sha256(text) in library.journal.path.read_text()
    assert tiny_terminal("corpus", "check").status == 0


@pytest.mark.usefixtures("library")
def test_what_came_and_was_erased_since_does_not_come_again(
    tiny_terminal: Terminal, tmp_path: Path
) -> None:
    backed_up(tiny_terminal, tmp_path / "backup.tar")
    text = tmp_path / "late.txt"
    text.write_text("A text that came later.", "utf-8")
    added = ("corpus", "add", str(text), "--yes", "--no-index")
    assert tiny_terminal(*added, "--id", "late").status == 0
    assert tiny_terminal("corpus", "erase", "late", "--reason", "a court", "--yes").status == 0
    assert tiny_terminal("restore", str(tmp_path / "backup.tar"), "--yes", "--no-index").status == 0
    ended = tiny_terminal(*added)
    assert ended.status == 2
    assert "was late, erased on " in ended.err
    assert "(a court)" in ended.err
    checked = tiny_terminal("corpus", "check")
    assert (checked.status, checked.err) == (0, "")


def test_an_empty_place_is_restored_to(
    tiny_terminal: Terminal, library: Library, state: Path, tmp_path: Path
) -> None:
    backed_up(tiny_terminal, tmp_path / "backup.tar")
    before = library.fingerprint()
    fresh = tmp_path / "fresh"
    ended = tiny_terminal(
        "restore", str(tmp_path / "backup.tar"), "--yes", "--no-index",
        METQUOTE_PATHS_DOCUMENTS=str(fresh / "corpus" / "documents"),
        METQUOTE_PATHS_DATA=str(fresh / "data"),
    )  # fmt: skip
    assert ended.status == 0, ended.err
    assert Library(fresh / "corpus" / "documents").fingerprint() == before
    assert remembered(fresh / "data" / "state.sqlite") == remembered(state)
    assert "kept as" not in ended.out


def test_the_packaged_corpus_is_backed_up_and_never_replaced(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.monkeypatch.setenv("METQUOTE_PATHS_DATA", str(tmp_path / "data"))
    terminal.monkeypatch.chdir(tmp_path)
    out = backed_up(terminal, tmp_path / "backup.tar")
    assert "4 lines of the journal, no state of the bot" in out
    assert not (STARTER.parent / "journal.lock").exists()
    before = Library(STARTER).fingerprint()
    ended = terminal("restore", str(tmp_path / "backup.tar"), "--yes", "--no-index")
    assert ended.status == 0, ended.err
    own = Library(tmp_path / "data" / "corpus" / "documents")
    assert own.fingerprint() == before == Library(STARTER).fingerprint()


@pytest.mark.parametrize("spoil", ["cut", "flip", "other"])
def test_before_all_is_proved_nothing_is_changed(
    tiny_terminal: Terminal, library: Library, state: Path, tmp_path: Path, spoil: str
) -> None:
    file = tmp_path / "backup.tar"
    backed_up(tiny_terminal, file)
    content = bytearray(file.read_bytes())
    if spoil == "cut":
        content = content[: len(content) // 2]
    elif spoil == "flip":
        content[content.index(b"officers")] ^= 1
    else:
        content = bytearray(b"something else")
    file.write_bytes(content)
    (library.folder / "README.md").write_text("as it is now")
    before, files = library.fingerprint(), sorted(library.folder.parent.iterdir())
    ended = tiny_terminal("restore", str(file), "--yes")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert library.fingerprint() == before
    assert sorted(library.folder.parent.iterdir()) == files
    assert remembered(state) == ["before"]


def test_a_state_that_is_damaged_is_not_brought_back(
    tiny_terminal: Terminal, library: Library, state: Path, tmp_path: Path
) -> None:
    state.unlink()
    for left in state.parent.glob("state.sqlite-*"):
        left.unlink()
    state.write_bytes(b"no database" * 500)
    ended = tiny_terminal("backup", str(tmp_path / "backup.tar"))
    assert ended.status == 1
    assert "state.sqlite cannot be copied" in ended.err
    assert not (tmp_path / "backup.tar").exists()
    assert library.read().documents


def test_a_backup_overwrites_nothing_and_leaves_nothing_when_it_fails(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "backup.tar"
    file.write_text("mine")
    ended = tiny_terminal("backup", str(file))
    assert (ended.status, "is there already" in ended.err) == (2, True)
    assert file.read_text() == "mine"
    ended = tiny_terminal("backup", str(tmp_path / "none" / "backup.tar"))
    assert (ended.status, "cannot be read or written" in ended.err) == (1, True)
    path = library.folder / f"{_LETTER}.md"
    path.write_bytes(path.read_bytes() + b"altered")
    ended = tiny_terminal("backup", str(tmp_path / "out" / "another.tar"))
    assert (ended.status, "the corpus is not as its journal says" in ended.err) == (2, True)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["backup.tar"]


def test_a_state_elsewhere_is_said_not_to_be_in_it(
    tiny_terminal: Terminal, library: Library, state: Path, tmp_path: Path
) -> None:
    tiny_terminal.monkeypatch.setenv("METQUOTE_STATE_URL", "postgresql+psycopg://a@localhost/b")
    out = backed_up(tiny_terminal, tmp_path / "backup.tar")
    assert "no state of the bot" in out
    assert "is in the database of state.url, and not in the archive" in out
    assert state.exists()
    assert library.read().documents


def test_a_restore_is_asked_about(
    tiny_terminal: Terminal, tiny: TinyData, tiny_environment: dict[str, str], library: Library,
    tmp_path: Path,
) -> None:  # fmt: skip
    backed_up(tiny_terminal, tmp_path / "backup.tar")
    before = library.fingerprint()
    ended = run(
        "restore", str(tmp_path / "backup.tar"),
        environment=environment_of(tiny.data) | tiny_environment, cwd=tmp_path, given=b"y\n",
    )  # fmt: skip
    assert (ended.returncode, b"give --yes" in ended.stderr) == (2, True)
    for name in ("nowhere.tar", "."):
        refused = tiny_terminal("restore", str(tmp_path / name), "--yes")
        assert (refused.status, "is no file" in refused.err) == (2, True)
    assert library.fingerprint() == before


def test_a_damaged_journal_is_put_back_by_a_restore(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    backed_up(tiny_terminal, tmp_path / "backup.tar")
    whole = library.journal.path.read_bytes()
    library.journal.path.write_bytes(whole.replace(b"metquote", b"somebody", 1))
    assert tiny_terminal("corpus", "check").status == 2
    ended = tiny_terminal("restore", str(tmp_path / "backup.tar"), "--yes", "--no-index")
    assert ended.status == 0, ended.err
    assert library.journal.path.read_bytes() == whole
    assert "nobody can tell what was erased since" in ended.out
