"""Near duplicates: found by sketches, compared exactly, taken for what they are."""

from __future__ import annotations

import random
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PartialDate, text_sha256
from corpus.duplicates import SKETCH_SIZE, Suggestion, near, shingles, sketch
from corpus.errors import StorageError
from corpus.sketches import Sketches
from tests.conftest import STARTER
from tests.corpus.corpora import by_hand, curator_of, draft, library_in

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.draft import Draft
    from corpus.library import Library

_NOTICE = """Section 60 in place in {place}

A section 60 order has been authorised for the whole of {place} until 07:00 on {day}.

The order gives officers the power to stop and search people without having grounds to suspect \
that they carry a weapon. It follows a stabbing in {place}, after which two people were taken to \
hospital. Their injuries are not believed to be life threatening.

Anyone with information is asked to call 101 or Crimestoppers, anonymously, on 0800 555 111."""


def words_of(seed: int, count: int) -> list[str]:
    chosen = random.Random(seed)
    return ["".join(chosen.choices("abcdefghij", k=6)) for _ in range(count)]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_in(tmp_path / "corpus")


@pytest.fixture
def sketches(tmp_path: Path) -> Sketches:
    return Sketches(tmp_path / "data" / "sketches.sqlite")


def starter_text() -> str:
    path = STARTER / "met-intensifies-efforts-to-tackle-violence.md"
    return path.read_text("utf-8").split("---\n", 2)[2].strip()


def test_an_updated_page_at_the_same_address_is_a_version(
    library: Library, sketches: Sketches
) -> None:
    text = starter_text()
    curator_of(library).add(draft(text, url="https://www.example.org/a/", title="One"))
    updated = draft(f"{text}\n\nUpdate: two people were charged.", url="http://example.org/a#top")
    (found,) = near(updated, library, sketches)
    assert (found.id, found.suggestion) == ("one", Suggestion.VERSION)
    assert found.similarity > 0.9
    assert found.contained == 1.0


def test_the_same_words_of_another_publisher_are_a_copy(
    library: Library, sketches: Sketches
) -> None:
    text = starter_text()
    curator_of(library).add(
        draft(text, title="One", publisher="Metropolitan Police", published=PartialDate(2020, 1))
    )
    (found,) = near(draft(f"{text}\n\nFirst published by the Met.", publisher="The Paper"), library,
                    sketches)  # fmt: skip
    assert found.suggestion is Suggestion.COPY
    paper = draft(f"{text}\n\nBy our reporter.", url="https://paper.example/x")
    curator_of(library).add(draft("Something else entirely.", title="Two"))
    (found,) = near(paper, library, sketches)
    assert found.suggestion is Suggestion.SEPARATE  # nobody says whose the first is


def test_pages_of_two_hosts_that_name_no_publisher_are_copies(
    library: Library, sketches: Sketches
) -> None:
    curator_of(library).add(draft(starter_text(), url="https://met.example/a", title="One"))
    (found,) = near(
        draft(f"{starter_text()} More.", url="https://paper.example/b"), library, sketches
    )
    assert found.suggestion is Suggestion.COPY


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"publisher": "Met"},
        {"publisher": "Met", "title": "Section 60 in place"},
        {"title": "Section 60 in place", "published": PartialDate(2020, 6, 26)},
        {"publisher": "Met", "url": "https://met.example/{place}"},
        {"title": "Section 60 in place", "published": PartialDate(2020, 6, 26),
         "url": "https://met.example/{place}"},
    ],
)  # fmt: skip
def test_notices_of_one_pattern_stay_apart(
    library: Library, sketches: Sketches, stated: dict[str, Any]
) -> None:
    """Whatever they state of themselves, they must not take each other's place."""

    def notice(place: str, day: str) -> Draft:
        values = {
            key: value.format(place=place) if isinstance(value, str) else value
            for key, value in stated.items()
        }
        return draft(_NOTICE.format(place=place, day=day), **values)

    writer = curator_of(library)
    writer.add(notice("Croydon", "Saturday"))
    for place, day in (("Brixton", "Sunday"), ("Lambeth", "Monday")):
        brought = notice(place, day)
        found = near(brought, library, sketches)
        assert found
        assert found[0].similarity > 0.5
        assert {one.suggestion for one in found} == {Suggestion.SEPARATE}
        writer.add(brought)
    assert len(library.read().documents) == 3


def test_a_text_that_grew_under_its_title_and_date_is_a_version(
    library: Library, sketches: Sketches
) -> None:
    stated: dict[str, Any] = {"title": "One", "published": PartialDate(2020, 6, 26)}
    curator_of(library).add(draft(starter_text(), **stated))
    (found,) = near(draft(f"{starter_text()}\n\nAn update.", **stated), library, sketches)
    assert found.suggestion is Suggestion.VERSION
    later = stated | {"published": PartialDate(2020, 6, 27)}
    (found,) = near(draft(f"{starter_text()}\n\nAn update.", **later), library, sketches)
    assert found.suggestion is Suggestion.SEPARATE


def test_another_subject_is_not_near_and_neither_is_the_same_text(
    library: Library, sketches: Sketches
) -> None:
    curator_of(library).add(draft(starter_text()))
    assert near(draft(" ".join(words_of(1, 300))), library, sketches) == ()
    assert near(draft(starter_text()), library, sketches) == ()


def test_what_is_inside_a_longer_text_is_near(library: Library, sketches: Sketches) -> None:
    long = words_of(2, 4_000)
    curator_of(library).add(draft(" ".join(long), title="Long"))
    (found,) = near(draft(" ".join(long[1_000:2_000])), library, sketches)
    assert (found.id, found.contained) == ("long", 1.0)
    assert 0.2 < found.similarity < 0.3


def test_only_documents_that_stand_are_near(library: Library, sketches: Sketches) -> None:
    writer = curator_of(library)
    text = starter_text()
    one = writer.add(draft(text, title="One"))
    writer.correct(one, draft(" ".join(words_of(3, 200)), title="One"))
    two = writer.add(draft(f"{text} Two.", title="Two"))
    three = writer.add(draft(f"{text} Three.", title="Three"))
    writer.retract(two, "wrong")
    assert [found.id for found in near(draft(f"{text} Four."), library, sketches)] == [three]
    writer.erase(three, "asked for")
    assert near(draft(f"{text} Four."), library, sketches) == ()


def test_documents_stored_by_hand_are_near_too(library: Library, sketches: Sketches) -> None:
    by_hand(library, "zebra", starter_text())
    (library.folder / "malformed.md").write_text("nothing")
    (found,) = near(draft(f"{starter_text()} More."), library, sketches)
    assert found.id == "zebra"


def test_the_nearest_comes_first(library: Library, sketches: Sketches) -> None:
    text = words_of(4, 500)
    writer = curator_of(library)
    for name, kept in (("far", 350), ("near", 480), ("nearer", 495)):
        writer.add(draft(" ".join((*text[:kept], *words_of(kept, 500 - kept))), title=name))
    found = near(draft(" ".join(text)), library, sketches)
    assert [one.id for one in found] == ["nearer", "near", "far"]


def test_sketches_are_made_once_and_forgotten_with_the_text(
    library: Library, sketches: Sketches
) -> None:
    writer = curator_of(library)
    one = writer.add(draft(starter_text(), title="One"))
    near(draft("Another text altogether."), library, sketches)
    assert len(sketches.all()) == 1
    (library.folder / f"{one}.md").rename(library.folder / ".aside")
    near(draft("Another text altogether."), library, sketches)  # nothing is read again
    (library.folder / ".aside").rename(library.folder / f"{one}.md")
    erased = writer.erase(one, "asked for")
    sketches.forget(erased.texts)
    assert not sketches.all()


def test_sketches_that_a_killed_erasure_left_go_with_the_next_comparison(
    library: Library, sketches: Sketches
) -> None:
    writer = curator_of(library)
    writer.add(draft(starter_text()), document_id="one")
    near(draft("Another text altogether."), library, sketches)
    assert sketches.all().keys() == {text_sha256(starter_text())}
    writer.erase("one", "asked for")
    near(draft("Another text altogether."), library, sketches)
    assert not sketches.all()


def test_a_damaged_file_of_sketches_is_begun_again(
    library: Library, sketches: Sketches, tmp_path: Path
) -> None:
    curator_of(library).add(draft(starter_text(), title="One"))
    path = tmp_path / "data" / "sketches.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 1_000)
    assert near(draft(f"{starter_text()} More."), library, sketches)
    with sqlite3.connect(path) as store:
        store.execute("PRAGMA user_version = 999")
    store.close()
    assert near(draft(f"{starter_text()} More."), library, sketches)


def test_where_sketches_cannot_be_kept_it_is_told(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"set paths\.data"):
        near(draft("Any text."), library, Sketches(tmp_path / "file" / "sketches.sqlite"))


@given(st.text(max_size=200))
def test_every_text_has_shingles_and_case_and_marks_do_not_count(text: str) -> None:
    assert shingles(text)
    assert shingles("The Met’s officers, 20 of them.") == shingles("the met's OFFICERS 20 of them")


def test_a_sketch_is_the_smallest_hashes() -> None:
    hashes = shingles(" ".join(words_of(5, 2_000)))
    assert list(sketch(hashes)) == sorted(hashes)[:SKETCH_SIZE]
    assert list(sketch(shingles("few words"))) == sorted(shingles("few words"))


def test_one_draft_is_held_against_thousands(tmp_path: Path) -> None:
    """The work grows with the sketches and not with the texts; time is only printed."""
    sketches = Sketches(tmp_path / "sketches.sqlite")
    for number in range(1_000):
        sketches.put(f"{number:064}", sketch(shingles(" ".join(words_of(number, 60)))))
    sketches.flush()
    began = time.monotonic()
    library = library_in(tmp_path / "corpus")
    assert near(draft(" ".join(words_of(7, 60))), library, sketches) == ()
    print(f"{time.monotonic() - began:.3f} s")  # noqa: T201
