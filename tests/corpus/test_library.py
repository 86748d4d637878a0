"""The folder of documents: what is read, what is refused, when it has changed."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from corpus.errors import DocumentError, InputError, StorageError
from corpus.library import MAX_BYTES, Library
from tests.conftest import STARTER

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "---\nkind: news\n---\n{}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b", "a"):
        (tmp_path / f"{name}.md").write_text(GOOD.format(f"Text of {name}."), "utf-8")
    return tmp_path


def test_documents_come_in_order_of_id_which_is_the_files_stem(folder: Path) -> None:
    reading = Library(folder).read()
    assert [(one.id, one.text) for one in reading.documents] == [
        ("a", "Text of a."),
        ("b", "Text of b."),
    ]
    assert reading.refused == ()


@pytest.mark.parametrize("name", ["README.md", ".hidden.md", "notes.txt", "notes.md.bak", "md"])
def test_other_files_are_no_documents(folder: Path, name: str) -> None:
    before = Library(folder).fingerprint()
    (folder / name).write_text("anything", "utf-8")
    assert [one.id for one in Library(folder).read().documents] == ["a", "b"]
    assert Library(folder).fingerprint() == before


def test_a_malformed_document_is_refused_by_name_and_the_others_load(folder: Path) -> None:
    (folder / "ab.md").write_bytes(b"no front matter")
    (folder / "c.md").write_bytes(b"\xff")
    (folder / "d.md").mkdir()
    reading = Library(folder).read()
    assert [one.id for one in reading.documents] == ["a", "b"]
    assert [str(error).split(":")[0] for error in reading.refused] == ["ab", "c", "d"]
    assert "d: cannot be read (Is a directory)" in str(reading.refused[2])


def test_a_file_too_large_is_refused_and_not_read(folder: Path) -> None:
    with (folder / "big.md").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    reading = Library(folder).read()
    assert len(reading.documents) == 2
    assert str(reading.refused[0]) == "big: larger than 20 MB; split it"


def test_a_link_to_nowhere_is_refused_by_name(folder: Path) -> None:
    (folder / "gone.md").symlink_to(folder / "nowhere")
    assert "gone: cannot be read (No such file" in str(Library(folder).read().refused[0])


def test_a_name_that_is_not_utf8_is_refused_in_a_printable_sentence(folder: Path) -> None:
    path = os.fsencode(folder) + b"/caf\xe9.md"
    with open(path, "wb") as stream:  # noqa: PTH123 - a name that no Path prints
        stream.write(GOOD.format("Text.").encode())
    reading = Library(folder).read()
    assert str(reading.refused[0]) == "'caf\\udce9': the file's name is not UTF-8; rename it"
    assert len(reading.documents) == 2
    assert Library(folder).fingerprint()


def test_one_document_is_had_by_its_id(folder: Path) -> None:
    assert Library(folder).get("b").text == "Text of b."


def test_an_unknown_id_is_the_users_error_and_a_close_one_is_named(folder: Path) -> None:
    (folder / "brixton-party.md").write_text(GOOD.format("Text."), "utf-8")
    with pytest.raises(InputError, match="no document 'brixton-prty', perhaps 'brixton-party'"):
        Library(folder).get("brixton-prty")
    with pytest.raises(InputError, match="no document 'zzz'; 'metquote corpus list' shows"):
        Library(folder).get("zzz")


@pytest.mark.parametrize("name", ["../a", "a.md", "", "/etc/passwd", "README"])
def test_an_id_is_no_path(folder: Path, name: str) -> None:
    (folder / "README.md").write_text(GOOD.format("Text."), "utf-8")
    with pytest.raises(InputError):
        Library(folder / "..").get(name)
    with pytest.raises(InputError):
        Library(folder).get(name)


def test_a_malformed_document_cannot_be_had(folder: Path) -> None:
    (folder / "c.md").write_bytes(b"")
    with pytest.raises(DocumentError, match="c: no front matter"):
        Library(folder).get("c")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    library = Library(tmp_path / "none")
    for call in (library.read, library.fingerprint, lambda: library.get("a")):
        with pytest.raises(StorageError, match=r"cannot be read .*set paths.documents") as caught:
            call()
        assert "\n" not in str(caught.value)


def test_the_fingerprint_stays_while_the_bytes_do(folder: Path) -> None:
    before = Library(folder).fingerprint()
    os.utime(folder / "a.md", (1, 1))
    (folder / "b.md").chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert Library(folder).fingerprint() == before


def test_the_fingerprint_changes_with_any_byte_name_or_file(folder: Path) -> None:
    seen = {Library(folder).fingerprint()}
    (folder / "a.md").write_text(GOOD.format("Text of A."), "utf-8")
    seen.add(Library(folder).fingerprint())
    (folder / "a.md").rename(folder / "c.md")
    seen.add(Library(folder).fingerprint())
    (folder / "d.md").write_text("malformed", "utf-8")
    seen.add(Library(folder).fingerprint())
    (folder / "e.md").mkdir()
    seen.add(Library(folder).fingerprint())
    (folder / "b.md").unlink()
    seen.add(Library(folder).fingerprint())
    assert len(seen) == 6


def test_bytes_that_move_from_one_file_to_the_next_change_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"xy")
    (tmp_path / "b.md").write_bytes(b"z")
    before = Library(tmp_path).fingerprint()
    (tmp_path / "a.md").write_bytes(b"x")
    (tmp_path / "b.md").write_bytes(b"yz")
    assert Library(tmp_path).fingerprint() != before


def test_the_starter_corpus_reads_without_a_refusal() -> None:
    assert Library(STARTER).read().refused == ()
