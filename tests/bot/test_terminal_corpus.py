"""The commands about documents: what is shown, what is put right."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from corpus.library import Library
from tests.bot.conftest import PROGRAM, Terminal, add_document, environment_of
from tests.bot.releases import lines, recorded, release_in, shown
from tests.bot.test_terminal_screen import assert_fits, seen
from tests.conftest import ROOT, STARTER

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from tests.conftest import TinyData


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return release_in(tmp_path)


@pytest.fixture
def library(tiny: TinyData) -> Library:
    return recorded(tiny)


def test_the_packaged_corpus_fits_its_journal(terminal: Terminal) -> None:
    ended = terminal("corpus", "check")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == (
        "4 documents stand, 0 versions withdrawn, 4 lines of the journal; everything fits\n"
    )


def test_a_correction_is_shown_beside_the_old_and_keeps_what_it_does_not_state(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    name = "letter-to-recovery-operators-on-disorder"
    old = library.get(name)
    file = tmp_path / "right.txt"
    file.write_text(old.text.replace("disorder", "trouble"), "utf-8")
    ended = tiny_terminal("corpus", "correct", name, str(file), "--yes", "--reason", "a word")
    told = lines(ended)
    assert any(line.startswith("  text       - ") for line in told)
    assert f"corrected {name}; the version before stays on record as {name}@1" in told
    new = library.get(name)
    assert (new.metadata.title, new.metadata.published) == (
        old.metadata.title, old.metadata.published,
    )  # fmt: skip
    value = shown(tiny_terminal, f"{name}@1")
    assert (value["status"], value["reason"], value["now"]) == ("corrected", "a word", name)
    assert value["text"] == old.text
    assert [one["action"] for one in value["versions"]] == ["added", "corrected"]
    refused = tiny_terminal("corpus", "correct", name, str(file), "--yes")
    assert (refused.status, "nothing differs" in refused.err) == (2, True)


def test_the_corpus_is_listed(
    starter_terminal: Terminal, starter_documents: dict[str, Document]
) -> None:
    rows = [line.split("\t") for line in lines(starter_terminal("corpus", "list"))]
    assert [row[0] for row in rows] == sorted(starter_documents)
    assert [row[1] for row in rows] == [
        str(starter_documents[row[0]].metadata.published or "date unknown") for row in rows
    ]
    values = [json.loads(line) for line in lines(starter_terminal("corpus", "list", "--json"))]
    assert [value["id"] for value in values] == [row[0] for row in rows]
    assert {(value["schema"], value["status"]) for value in values} == {(1, "current")}


def test_a_list_is_of_dates_publishers_and_statuses(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    def listed(*options: str) -> list[str]:
        return [line.split("\t")[0] for line in lines(tiny_terminal("corpus", "list", *options))]

    letter = "letter-to-recovery-operators-on-disorder"
    assert listed("--since", "2020-06", "--until", "2024") == [
        "extra-officers-after-brixton-street-party", letter,
    ]  # fmt: skip
    assert listed("--publisher", "metropolitan") == [letter]
    assert listed("--status", "retracted") == []
    tiny_terminal("corpus", "correct", letter, str(release), "--yes", "--no-index")
    tiny_terminal("corpus", "retract", letter, "--reason", "wrong", "--no-index")
    assert listed("--status", "corrected") == [f"{letter}@1"]
    assert listed("--status", "retracted") == [letter]
    assert len(listed("--status", "all")) == 5
    assert len(listed()) == len(library.read().documents) == 3
    (line,) = lines(tiny_terminal("corpus", "list", "--status", "retracted"))
    assert re.search(r"\tretracted on 20\d\d-\d\d-\d\d: wrong$", line)
    for options in (("--status", "burnt"), ("--since", "2021", "--until", "2020")):
        assert tiny_terminal("corpus", "list", *options).status == 2


def test_a_document_is_shown_whole(
    starter_terminal: Terminal, starter_documents: dict[str, Document]
) -> None:
    for document in starter_documents.values():
        plain = starter_terminal("corpus", "show", document.id)
        assert plain.out.endswith(f"\n\n{document.text}\n")
        assert f"sha256    {document.sha256}\n" in plain.out
        assert "history   2026-11-30T00:00:00+00:00 added by metquote\n" in plain.out
        value = shown(starter_terminal, document.id)
        assert (value["text"], value["sha256"]) == (document.text, document.sha256)
        assert all(
            0 <= start < end <= len(document.text)
            for start, end in (*value["passages"], *(s for q in value["quotations"]
                                                     for s in q["spans"]))
        )  # fmt: skip


def test_check_names_what_does_not_fit(tiny_terminal: Terminal, library: Library) -> None:
    name = "extra-officers-after-brixton-street-party"
    add_document(library.folder, "by-hand", "Put there by hand.")
    ended = tiny_terminal("corpus", "check")
    assert ended.status == 0
    assert "not recorded: by-hand.md" in ended.out
    content = (library.folder / f"{name}.md").read_bytes()
    (library.folder / f"{name}.md").write_bytes(content.replace(b"20 officers", b"30 officers"))
    ended = tiny_terminal("corpus", "check")
    assert ended.status == 2
    assert f"{name}: its file {name}.md was altered since" in ended.err
    (library.folder / f"{name}.md").unlink()
    ended = tiny_terminal("corpus", "check")
    assert (ended.status, f"{name}: cannot be read" in ended.err) == (2, True)
    (library.folder / f"{name}.md").write_bytes(content)
    (library.folder / f"{name}@7.md").write_bytes(content)
    ended = tiny_terminal("corpus", "check")
    assert (ended.status, f"{name}@7" in ended.err) == (2, True)
    (library.folder / f"{name}@7.md").unlink()
    journal = library.journal.path.read_bytes()
    library.journal.path.write_bytes(journal.replace(b'"metquote"', b'"somebody"', 1))
    ended = tiny_terminal("corpus", "check")
    assert (ended.status, "does not follow the line before" in ended.err) == (2, True)
    library.journal.path.write_bytes(journal)
    assert tiny_terminal("corpus", "check").status == 0


def test_check_finishes_what_was_interrupted(tiny_terminal: Terminal, library: Library) -> None:
    name = "extra-officers-after-brixton-street-party"
    (library.folder / f"{name}@2.md").write_text("half a correction")
    (library.folder / f".{name}.md-abcd_123").write_text("half a file")
    ended = tiny_terminal("corpus", "check")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.count("removed; it was being written when the program was stopped") == 2
    assert not (library.folder / f"{name}@2.md").exists()


def test_a_damaged_journal_stops_every_change_with_one_sentence(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    damaged = library.journal.path.read_bytes().replace(b"added", b"addet", 1)
    library.journal.path.write_bytes(damaged)
    for arguments in (("add", str(release), "--yes"), ("retract", "x", "--reason", "y"), ("list",)):
        ended = tiny_terminal("corpus", *arguments)
        assert ended.status == 1
        assert "put the file back from a backup" in ended.err
        assert ended.err.count("\n") == 1
    assert library.journal.path.read_bytes() == damaged


def test_without_a_configured_folder_the_first_change_copies_the_packaged_corpus(
    starter_terminal: Terminal, release: Path, own_data: Path
) -> None:
    starter_terminal.monkeypatch.setenv("METQUOTE_PATHS_DATA", str(own_data))
    starter_terminal.monkeypatch.chdir(own_data)
    before = {path.name: path.read_bytes() for path in STARTER.glob("*.md")}
    starter_terminal("corpus", "list")
    starter_terminal("corpus", "check")
    assert not (own_data / "corpus").exists()
    (own_data / ".corpus-left-by-a-kill").mkdir()
    ended = starter_terminal("corpus", "add", str(release), "--yes", "--no-index")
    assert ended.status == 0, ended.err
    own = Library(own_data / "corpus" / "documents")
    assert len(own.read().documents) == 5
    assert own.read().unrecorded == ()
    assert len(own.journal.entries()) == 5
    assert {path.name: path.read_bytes() for path in STARTER.glob("*.md")} == before
    assert not (STARTER.parent / "journal.lock").exists()
    assert len(lines(starter_terminal("corpus", "list"))) == 5
    assert not [path for path in own_data.iterdir() if path.name.startswith(".corpus-")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--status", "all"),
        ("show", "letter-to-recovery-operators-on-disorder@1"),
        ("show", "letter-to-recovery-operators-on-disorder"),
        ("check",),
    ],
    ids=" ".join,
)
def test_nothing_is_wider_than_the_screen(
    tiny_terminal: Terminal, library: Library, release: Path, arguments: tuple[str, ...]
) -> None:
    letter = "letter-to-recovery-operators-on-disorder"
    tiny_terminal(
        "corpus", "correct", letter, str(release), "--yes", "--no-index", "--reason", "long " * 40
    )
    add_document(library.folder, "by-hand", "Put there by hand.")
    status, screen = seen(tiny_terminal, "corpus", *arguments)
    assert status == 0
    assert_fits(screen)


def test_a_text_that_comes_in_cannot_drive_the_screen(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.md"
    file.write_text(
        '---\nkind: news\ntitle: "[b]\\e[2JZ[/x]"\n---\nThe zebra\x1b]0;title\x07 ran\x1b[2J off. '
        + "It went on and on. " * 30, "utf-8",
    )  # fmt: skip
    status, screen = seen(tiny_terminal, "corpus", "add", str(file), "--yes", "--no-index")
    assert status == 0
    assert_fits(screen)
    file.write_text(file.read_text("utf-8").replace("on and on", "on and off", 3), "utf-8")
    status, screen = seen(tiny_terminal, "corpus", "add", str(file), "--yes", "--no-index")
    assert status == 0
    assert_fits(screen)
    assert "in the corpus" in screen
    assert len(library.journal.entries()) == 6


def test_a_question_loads_nothing_of_what_brings_texts_in(starter_data: Path) -> None:
    script = (
        "import sys; sys.argv = ['metquote', 'ask', 'Who was hurt?']\n"
        "from bot.cli import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "heavy = {'trafilatura', 'aiohttp', 'lxml', 'pypdf', 'docx', 'feedparser', 'protego',"
        " 'yarl', 'sqlalchemy', 'corpus.curator', 'bot.curation.intake', 'tarfile',"
        " 'bot.curation.backup'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        (PROGRAM[0], "-c", script), env=environment_of(starter_data), cwd=ROOT,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.stderr.splitlines()[-1] == "[]"
