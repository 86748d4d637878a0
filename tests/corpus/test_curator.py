"""What is written to the corpus: what stays, what goes, and what a killed process leaves."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.check import check
from corpus.curator import Curator
from corpus.document import PartialDate, StatusKind, text_sha256
from corpus.errors import AlreadyKnown, DocumentError, InputError, StorageError
from corpus.files import FileLock
from corpus.journal import Action
from corpus.leftovers import gone
from corpus.library import Library, lock_path
from corpus.naming import LONGEST_ID, checked_id, proposed_id
from tests.conftest import ROOT
from tests.corpus.corpora import AT, by_hand, curator_of, draft, files, library_in

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = "Officers were hurt in Brixton.\n\nTwo people were arrested."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_in(tmp_path / "corpus")


@pytest.fixture
def curator(library: Library) -> Curator:
    return curator_of(library)


def test_what_is_added_is_a_document_that_its_line_in_the_journal_proves(
    curator: Curator, library: Library
) -> None:
    brought = draft(
        _TEXT, "https://example.org/a", title="Disorder in Brixton", published=PartialDate(2020, 6)
    )
    name = curator.add(brought)
    document = library.get(name)
    assert (name, document.text, document.metadata) == (
        "disorder-in-brixton", _TEXT, brought.metadata,
    )  # fmt: skip
    (entry,) = library.journal.entries()
    assert (entry.action, entry.by, entry.at) == (Action.ADDED, "ann", AT)
    assert (entry.source, entry.text_sha256) == ("https://example.org/a", text_sha256(_TEXT))
    assert check(library).problems == ()
    assert stat.S_IMODE((library.folder / f"{name}.md").stat().st_mode) == 0o644


def test_the_same_text_again_is_told_by_the_document_that_has_it(
    curator: Curator, library: Library
) -> None:
    name = curator.add(draft(_TEXT, title="One"))
    with pytest.raises(AlreadyKnown, match="in the corpus already, as one") as known:
        curator.add(draft(_TEXT, title="Another"))
    assert (known.value.id, known.value.status) == (name, "current")
    assert len(library.journal.entries()) == 1


def test_a_text_that_fell_is_known_too_and_comes_back_only_when_asked(
    curator: Curator, library: Library
) -> None:
    one = curator.add(draft("The first text.", title="One"))
    curator.correct(one, draft("The second text.", title="One"), "a name was wrong")
    two = curator.add(draft("Another text.", title="Two"))
    curator.retract(two, "withdrawn by the force")
    three = curator.add(draft("A third.", title="Three"))
    curator.erase(three, "order of a court")
    expected = {
        "The first text.": (one, "corrected", "a name was wrong"),
        "Another text.": (two, "retracted", "withdrawn by the force"),
        "A third.": (three, "erased", "order of a court"),
    }
    for text, (name, status, reason) in expected.items():
        with pytest.raises(AlreadyKnown) as known:
            curator.add(draft(text))
        assert (known.value.id, known.value.status) == (name, status)
        assert f"{status} on 2026-11-30 ({reason})" in str(known.value)
        assert "--again" in str(known.value)
    again = curator.add(draft("A third.", title="Three"), again=True)
    assert again == "three-2"
    assert library.get(again).text == "A third."
    with pytest.raises(AlreadyKnown, match="already, as three-2"):
        curator.add(draft("A third."))


def test_a_page_that_was_erased_does_not_come_back_in_other_words(curator: Curator) -> None:
    page = "https://example.org/private"
    name = curator.add(draft("His name was told.", page))
    curator.erase(name, "order of a court")
    with pytest.raises(AlreadyKnown, match="erased"):
        curator.add(draft("His name was told, updated at noon.", page))
    assert curator.add(draft("His name was told, updated at noon.", page), again=True)


def test_ids_are_made_of_titles_or_first_words_and_are_unique(
    curator: Curator, library: Library
) -> None:
    by_hand(library, "met-statement", "Stored by hand.")
    assert curator.add(draft("One.", title="Met’s Statement")) == "mets-statement"
    assert curator.add(draft("Two.", title="Met statement")) == "met-statement-2"
    assert curator.add(draft("Three.", title="Met: statement!")) == "met-statement-3"
    assert curator.add(draft("Café à Londres\nmore words", title=None)) == "cafe-a-londres"
    assert curator.add(draft("Четыре.", title="Заявление")) == "document"
    assert curator.add(draft("Five.", title="README")) == "readme-2"
    assert curator.add(draft("Six.", title="x" * 300)) == "x" * LONGEST_ID
    assert curator.add(draft("Seven.", title="x" * 300)) == "x" * (LONGEST_ID - 2) + "-2"
    assert check(library).problems == ()


@given(st.text(max_size=300), st.text(min_size=1, max_size=300), st.sets(st.text(max_size=60)))
def test_a_proposed_id_is_always_one_that_may_be(title: str, text: str, taken: set[str]) -> None:
    name = proposed_id(title, text, taken)
    assert checked_id(name) == name
    assert name not in taken


@pytest.mark.parametrize(
    "name",
    ["../../x", "a/b", "", ".", "..", ".hidden", "a@2", "A", "a b", "a\n", "é", "-a", "a-",
     "readme", "a" * (LONGEST_ID + 1), "a\0", "C:\\x"],
)  # fmt: skip
def test_a_hostile_id_is_refused_and_nothing_is_written(
    curator: Curator, library: Library, tmp_path: Path, name: str
) -> None:
    with pytest.raises(InputError, match="cannot be an id"):
        curator.add(draft(_TEXT), document_id=name)
    assert [path.name for path in tmp_path.rglob("*")] == ["corpus", "documents"]
    assert library.journal.entries() == ()


def test_an_id_that_is_or_was_is_not_given_again(curator: Curator, library: Library) -> None:
    curator.add(draft("One."), document_id="one")
    by_hand(library, "two", "Two.")
    curator.add(draft("Three."), document_id="three")
    curator.erase("three", "asked for")
    for name in ("one", "two", "three"):
        with pytest.raises(InputError, match=f"the id '{name}' is taken"):
            curator.add(draft("Four."), document_id=name)


def test_a_file_put_there_by_hand_is_recorded_where_it_is(
    curator: Curator, library: Library
) -> None:
    by_hand(library, "zebra", _TEXT, "kind: news\ntitle: 'A zebra'")
    before = (library.folder / "zebra.md").read_bytes()
    assert curator.add(draft(_TEXT, title="A zebra")) == "zebra"
    assert (library.folder / "zebra.md").read_bytes() == before
    assert library.read().unrecorded == ()
    assert files(library) == ["zebra.md"]
    assert check(library).problems == ()


def test_a_file_put_there_by_hand_that_states_something_else_is_named(
    curator: Curator, library: Library
) -> None:
    by_hand(library, "zebra", _TEXT, "kind: news\ntitle: 'A zebra'")
    with pytest.raises(AlreadyKnown, match=r"as zebra\.md, which was put there by hand"):
        curator.add(draft(_TEXT, title="A horse"))
    with pytest.raises(AlreadyKnown):
        curator.add(draft(_TEXT, title="A zebra"), document_id="horse")
    assert library.journal.entries() == ()


def test_a_correction_takes_the_place_of_the_text_and_the_old_one_stays_on_record(
    curator: Curator, library: Library
) -> None:
    name = curator.add(draft("It was on Monday.", published=PartialDate(2020, 6, 26)))
    first = (library.folder / f"{name}.md").read_bytes()
    assert curator.correct(name, draft("It was on Tuesday."), "the day was wrong") == f"{name}@1"
    assert curator.correct(name, draft("It was on Wednesday.")) == f"{name}@2"
    assert library.get(name).text == "It was on Wednesday."
    old = library.get(f"{name}@1")
    assert (old.text, old.status.kind) == ("It was on Monday.", StatusKind.CORRECTED)
    assert (old.status.reason, old.status.now) == ("the day was wrong", name)
    assert old.status.version == PartialDate(2020, 6, 26)
    assert (library.folder / f"{name}.md").read_bytes() == first
    assert files(library) == [f"{name}.md", f"{name}@2.md", f"{name}@3.md"]
    assert check(library).problems == ()


def test_what_a_document_states_can_be_corrected_alone(curator: Curator, library: Library) -> None:
    name = curator.add(draft(_TEXT, published=PartialDate(2020)))
    with pytest.raises(InputError, match="nothing differs"):
        curator.correct(name, draft(_TEXT, published=PartialDate(2020)))
    curator.correct(name, draft(_TEXT, published=PartialDate(2021)))
    assert library.get(name).metadata.published == PartialDate(2021)
    curator.correct(name, draft("Other words."))
    curator.correct(name, draft(_TEXT))
    assert library.get(name).text == _TEXT
    assert curator.known(draft(_TEXT)) is not None
    assert check(library).problems == ()


def test_a_correction_of_what_was_corrected_meanwhile_is_refused(
    curator: Curator, library: Library
) -> None:
    name = curator.add(draft("The first words.", title="Case"))
    seen = curator.correctable(name)
    curator.correct(name, draft("The second words.", title="Case"), seen=seen)
    with pytest.raises(InputError, match="was corrected meanwhile; look at it and try again"):
        curator.correct(name, draft("The third words.", title="Case"), seen=seen)
    assert library.get(name).text == "The second words."


def test_a_correction_by_the_text_of_another_document_is_refused(curator: Curator) -> None:
    one, two = curator.add(draft("One text.")), curator.add(draft("Two texts."))
    with pytest.raises(AlreadyKnown, match=f"already, as {two}"):
        curator.correct(one, draft("Two texts."))


def test_a_retracted_document_is_withdrawn_with_its_reason_and_not_corrected(
    curator: Curator, library: Library
) -> None:
    name = curator.add(draft(_TEXT))
    curator.retract(name, "  the force\nwithdrew it ")
    assert library.read().documents == ()
    (old,) = library.read().withdrawn
    assert (old.status.kind, old.status.reason) == (StatusKind.RETRACTED, "the force withdrew it")
    with pytest.raises(InputError, match="was retracted on 2026-11-30"):
        curator.retract(name, "again")
    with pytest.raises(InputError, match="add the right text as a new document"):
        curator.correct(name, draft("The right text."))


def test_an_erasure_removes_every_version_and_keeps_that_it_was(
    curator: Curator, library: Library
) -> None:
    name = curator.add(draft("The first words.", title="Case"))
    curator.correct(name, draft("The second words.", title="Case"))
    copy = curator.add(draft("Much the same words.", title="Copy"), copy_of=name)
    erased = curator.erase(name, "order of a court")
    assert erased.texts == tuple(
        sorted(map(text_sha256, ("The first words.", "The second words.")))
    )
    assert [one.text for one in erased.documents] == ["The first words.", "The second words."]
    assert erased.copies == (copy,)
    assert files(library) == [f"{copy}.md"]
    assert b"words" not in library.journal.path.read_bytes()
    last = library.journal.entries()[-1]
    assert (last.action, last.text_sha256) == (Action.ERASED, text_sha256("The second words."))
    assert gone(curator.library.journal.records()) == frozenset(erased.texts)
    assert check(library).problems == ()
    for call in (
        lambda: library.get(name),
        lambda: curator.erase(name, "again"),
        lambda: curator.correct(name, draft("New.")),
        lambda: curator.retract(name, "now"),
    ):
        with pytest.raises(InputError, match=r"was erased on 2026-11-30 \(order of a court\)"):
            call()


def test_a_text_that_another_document_holds_is_not_among_the_erased(curator: Curator) -> None:
    name = curator.add(draft("Shared words.", title="One"))
    curator.retract(name, "to be told anew")
    other = curator.add(draft("Shared words.", title="Two"), again=True)
    erased = curator.erase(name, "asked for")
    assert (erased.texts, gone(curator.library.journal.records())) == ((), frozenset())
    assert curator.library.get(other).text == "Shared words."


def test_documents_put_there_by_hand_are_put_right_like_any_other(
    curator: Curator, library: Library
) -> None:
    for name in ("a", "b", "c"):
        by_hand(library, name, f"Text of {name}.")
    curator.correct("a", draft("A better text."))
    curator.retract("b", "wrong")
    curator.erase("c", "asked for")
    assert [entry.action.value for entry in library.journal.entries()] == [
        "added", "corrected", "added", "retracted", "added", "erased",
    ]  # fmt: skip
    assert [one.id for one in library.read().documents] == ["a"]
    assert [one.id for one in library.read().withdrawn] == ["a@1", "b"]
    assert check(library).problems == ()


@pytest.mark.parametrize("reason", ["", " \n"])
def test_without_a_reason_nothing_is_withdrawn(curator: Curator, reason: str) -> None:
    name = curator.add(draft(_TEXT))
    for withdraw in (curator.retract, curator.erase):
        with pytest.raises(InputError, match="give a reason"):
            withdraw(name, reason)
    with pytest.raises(InputError, match="give a reason"):
        curator.correct(name, draft("New."), reason)
    assert len(curator.library.journal.entries()) == 1


def test_one_version_cannot_be_put_right_by_itself(curator: Curator) -> None:
    name = curator.add(draft("One."))
    curator.correct(name, draft("Two."))
    with pytest.raises(InputError, match=f"is one version; name the document, '{name}'"):
        curator.retract(f"{name}@1", "wrong")


def test_an_unknown_id_is_told_with_a_close_one(curator: Curator) -> None:
    curator.add(draft(_TEXT), document_id="brixton")
    for call in (
        lambda: curator.retract("brixtn", "wrong"),
        lambda: curator.add(draft("New."), copy_of="brixtn"),
    ):
        with pytest.raises(InputError, match="no document 'brixtn', perhaps 'brixton'"):
            call()


def test_what_cannot_be_stored_as_it_is_is_refused(curator: Curator, library: Library) -> None:
    for text in ("A text with \ud800.", " around ", ""):
        with pytest.raises(DocumentError, match="a file: cannot be stored as it is"):
            curator.add(draft(text))
    with pytest.raises(InputError, match="larger than 20 MB"):
        curator.add(draft("x" * 20_000_000))
    assert files(library) == []


def names_added(writer: Curator, text: str, names: list[str]) -> None:
    names.append(writer.add(draft(text, title="Same")))


def test_writers_wait_for_one_another(library: Library) -> None:
    """Several threads and processes; all that was told to be done is there, once each."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom corpus.library import Library\n"
        "from tests.corpus.corpora import curator_of, draft\n"
        "writer = curator_of(Library(Path(sys.argv[1])))\n"
        "for n in range(5):\n"
        "    print(writer.add(draft(f'Text {n} of {sys.argv[2]}.', title='Same')))\n"
    )
    processes = [
        subprocess.Popen(
            (sys.executable, "-c", script, str(library.folder), str(number)),
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for number in range(2)
    ]  # fmt: skip
    names: list[str] = []
    writer = curator_of(library)
    threads = [
        threading.Thread(
            target=lambda n=n: names.append(writer.add(draft(f"Thread {n}.", title="Same")))
        )
        for n in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        names += (process.communicate(timeout=60)[0]).split()
    assert len(set(names)) == 15
    assert sorted(names) == sorted(one.id for one in library.read().documents)
    assert check(library).problems == ()


def test_a_holder_that_takes_too_long_is_named(library: Library) -> None:
    writer = Curator(library, by="ann", clock=lambda: AT, patience=0)
    with (
        FileLock(lock_path(library), purpose="a test"),
        pytest.raises(StorageError, match=rf"going on elsewhere \(process {os.getpid()}\)"),
    ):
        writer.add(draft(_TEXT))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "documents").write_text("in the way")
    writer = curator_of(Library(tmp_path / "corpus" / "documents"))
    with pytest.raises(StorageError, match=r"set paths\.documents"):
        writer.add(draft(_TEXT))


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    library = Library(tmp_path / "new" / "documents")
    name = curator_of(library).add(draft(_TEXT))
    assert library.get(name).text == _TEXT


def test_hidden_files_of_others_are_left_alone(curator: Curator, library: Library) -> None:
    for name in (".notes", ".my-notebook", ".a.md.swp"):
        (library.folder / name).write_text("mine")
    assert curator.recover() == ()
    assert files(library) == [".a.md.swp", ".my-notebook", ".notes"]


def test_a_file_of_ones_own_under_an_erased_name_is_named_and_left(
    curator: Curator, library: Library
) -> None:
    curator.add(draft("A text.", title="One"))
    curator.erase("one", "asked for")
    by_hand(library, "one", "Something else.")
    assert curator.recover() == ()
    (problem,) = check(library).problems
    assert "one.md: bears the name of a document that was erased" in problem


def test_times_in_the_journal_are_those_of_the_clock(library: Library) -> None:
    curator_of(library).add(draft("One."))
    curator_of(library, by="bob", at=AT + timedelta(days=1)).add(draft("Two."))
    assert [(entry.by, entry.at) for entry in library.journal.entries()] == [
        ("ann", AT), ("bob", AT + timedelta(days=1)),
    ]  # fmt: skip
