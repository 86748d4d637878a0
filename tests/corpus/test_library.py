"""The folder of documents: what is read, what is refused, when it has changed."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from corpus.document import PartialDate, Status, StatusKind
from corpus.errors import DocumentError, InputError, StorageError
from corpus.library import MAX_BYTES, Library
from tests.conftest import STARTER
from tests.corpus.corpora import AT, by_hand, curator_of, draft, library_in

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


def test_a_corrected_document_has_its_newest_text_and_its_versions_stay_to_be_had(
    tmp_path: Path,
) -> None:
    library = library_in(tmp_path / "corpus")
    writer = curator_of(library)
    writer.add(draft("One.", published=PartialDate(2020, 6)), document_id="a")
    writer.correct("a", draft("Two."), "a word")
    writer.correct("a", draft("Three."))
    assert [(one.id, one.text) for one in library.read().documents] == [("a", "Three.")]
    assert [(one.id, one.text) for one in library.read().withdrawn] == [
        ("a@1", "One."), ("a@2", "Two."),
    ]  # fmt: skip
    first, second = library.get("a@1").status, library.get("a@2").status
    assert first == Status(StatusKind.CORRECTED, PartialDate(2020, 6), AT.date(), "a word", "a")
    assert second == Status(StatusKind.CORRECTED, PartialDate(2026, 11, 30), AT.date(), None, "a")
    assert library.get("a@3") == library.get("a")
    for name in ("a@0", "a@4", "a@-1", "a@", "a@x", "a@1@1"):
        if name == "a@":
            assert library.get(name) == library.get("a")
            continue
        with pytest.raises(InputError, match="no document"):
            library.get(name)


def test_a_retracted_document_is_withdrawn_under_its_id(tmp_path: Path) -> None:
    library = library_in(tmp_path / "corpus")
    writer = curator_of(library)
    writer.add(draft("One."), document_id="a")
    writer.correct("a", draft("Two."))
    writer.retract("a", "wrong")
    assert library.read().documents == ()
    assert [(one.id, one.status.kind) for one in library.read().withdrawn] == [
        ("a", StatusKind.RETRACTED), ("a@1", StatusKind.CORRECTED),
    ]  # fmt: skip
    assert library.get("a").status.now is None


def test_an_erased_document_is_nowhere_even_where_its_file_still_lies(tmp_path: Path) -> None:
    library = library_in(tmp_path / "corpus")
    writer = curator_of(library)
    writer.add(draft("One."), document_id="a")
    content = (library.folder / "a.md").read_bytes()
    writer.erase("a", "asked for")
    (library.folder / "a.md").write_bytes(content)
    reading = library.read()
    assert (reading.documents, reading.withdrawn, reading.refused) == ((), (), ())
    with pytest.raises(InputError, match=r"a was erased on 2026-11-30 \(asked for\)"):
        library.get("a")


def test_a_recorded_file_that_was_altered_or_is_gone_is_refused(tmp_path: Path) -> None:
    library = library_in(tmp_path / "corpus")
    writer = curator_of(library)
    writer.add(draft("One."), document_id="a")
    writer.add(draft("Two."), document_id="b")
    by_hand(library, "c", "Three.")
    (library.folder / "c@2.md").write_bytes((library.folder / "c.md").read_bytes())
    (library.folder / "a.md").write_text("---\nkind: news\n---\nOther.")
    (library.folder / "b.md").unlink()
    reading = library.read()
    assert [one.id for one in reading.documents] == ["c"]
    assert reading.unrecorded == ("c",)
    told = [str(error) for error in reading.refused]
    assert "a: its file a.md was altered since it was recorded on 2026-11-30" in told[0]
    assert told[1] == (
        "b: cannot be read (No such file or directory); put b.md back from a backup, or else "
        "'metquote corpus erase b' and add its text anew"
    )
    assert "c@2: a version that was never recorded" in told[2]
    with pytest.raises(DocumentError, match="was altered"):
        library.get("a")


def test_the_fingerprint_changes_with_every_line_of_the_journal(tmp_path: Path) -> None:
    library = library_in(tmp_path / "corpus")
    writer = curator_of(library)
    seen = {library.fingerprint()}
    writer.add(draft("One."), document_id="a")
    seen.add(library.fingerprint())
    writer.retract("a", "wrong")
    seen.add(library.fingerprint())
    assert len(seen) == 3
