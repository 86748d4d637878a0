"""Documents, passages and quotations, written once and read back."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import CURRENT, Document, Metadata, PartialDate, Span, Status, StatusKind
from corpus.errors import SnapshotDamaged
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.catalogue import Catalogue
from index.passages import passages
from index.tables import Entry, fill, write
from tests.small_index import document

if TYPE_CHECKING:
    from pathlib import Path

DICK = Speaker("Cressida Dick", "Commissioner", "Metropolitan Police")
TEXT = "One said. Two said.\n\nThree said. “Four.”"


def entry(one: Document, first_row: int, *quotations: Quotation) -> Entry:
    found = passages(one, first_row)
    stems = tuple((f"stem{p.row}", "all") for p in found)
    beside = tuple((f"near{p.row}",) for p in found)
    forms = frozenset({"one", "two", "three", one.id})
    return Entry(one, found, quotations, stems, beside, forms)


def quotation(*spans: tuple[int, int], speaker: Speaker | None = None) -> Quotation:
    return Quotation(tuple(Span(*s) for s in spans), QuotationKind.DIRECT, speaker, confidence=0.5)


FULL = Quotation(
    spans=(Span(0, 4), Span(10, 15)),
    kind=QuotationKind.PARTIAL,
    speaker=DICK,
    speaker_span=Span(21, 26),
    cue_span=Span(27, 31),
    confidence=0.75,
)
ENTRIES = [
    entry(document("a", TEXT, published="2020-06", publisher="Police Écosse"), 0, FULL),
    entry(document("b", TEXT, published="2024-08-09", publisher="The Met"), 4,
          quotation((34, 39), speaker=Speaker("Éva Nagy"))),
    entry(document("c", TEXT), 8, quotation((0, 9)), quotation((10, 19))),
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite"
    write(path, ENTRIES)
    return path


@pytest.fixture(scope="module")
def catalogue(path: Path) -> Catalogue:
    return Catalogue.open(path)


def test_documents_come_back_as_they_were(catalogue: Catalogue) -> None:
    assert catalogue.document_ids() == ("a", "b", "c")
    for one in ENTRIES:
        assert catalogue.document(one.document.id) == one.document


def test_an_unknown_document_is_a_keyerror(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="none"):
        catalogue.document("none")


def test_every_field_of_the_metadata_is_kept(tmp_path: Path) -> None:
    metadata = Metadata(
        kind="letter", title="T", published=PartialDate(2020), publisher="P", author="A",
        url="https://u", rights="R", retrieved=PartialDate(2021, 2, 3), trimmed=("head", "tail"),
    )  # fmt: skip
    one = Document.of("x", metadata, "Text.")
    write(tmp_path / "c.sqlite", [entry(one, 0)])
    assert Catalogue.open(tmp_path / "c.sqlite").document("x") == one


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_is_kept_to_the_character(text: str) -> None:
    store = sqlite3.connect(":memory:")
    fill(store, [entry(document("x", text), 0)])
    assert Catalogue(store).document("x").text == text
    store.close()


def test_candidates_are_passages_with_their_stems_and_date_in_order_of_row(
    catalogue: Catalogue,
) -> None:
    found = catalogue.candidates([5, 0, 9, 99])
    assert [one.passage for one in found] == [
        ENTRIES[0].passages[0],
        ENTRIES[1].passages[1],
        ENTRIES[2].passages[1],
    ]
    assert found[0].stems == {"stem0", "all"}
    assert found[0].around == {"near0"}
    assert [one.published for one in found] == [PartialDate(2020, 6), PartialDate(2024, 8, 9), None]
    assert catalogue.candidates([]) == ()


def test_a_passages_paragraph_is_had_in_order(catalogue: Catalogue) -> None:
    assert catalogue.paragraph(ENTRIES[1].passages[3]) == ENTRIES[1].passages[2:]


def test_the_count_is_of_passages(catalogue: Catalogue) -> None:
    assert len(catalogue) == 12


A, B, C = range(4), range(4, 8), range(8, 12)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({}, [*A, *B, *C]),
        ({"since": date(2020, 6, 1)}, [*A, *B]),
        ({"since": date(2020, 6, 30)}, [*A, *B]),
        ({"since": date(2020, 7, 1)}, [*B]),
        ({"until": date(2020, 6, 1)}, [*A]),
        ({"until": date(2020, 5, 31)}, []),
        ({"since": date(2024, 8, 9), "until": date(2024, 8, 9)}, [*B]),
        ({"since": date(2024, 8, 10)}, []),
        ({"publisher": "met"}, [*B]),
        ({"publisher": "THE MET"}, [*B]),
        ({"publisher": "écosse"}, [*A]),
        ({"publisher": "ÉCOSSE"}, [*A]),
        ({"publisher": "%"}, []),
        ({"speaker": "Dick"}, [0, 1]),
        ({"speaker": "dick"}, [0, 1]),
        ({"speaker": "Ms Dick"}, [0, 1]),
        ({"speaker": "éva"}, [7]),
        ({"speaker": "ÉVA NAGY"}, [7]),
        ({"speaker": "nobody"}, []),
        ({"speaker": "Dick", "publisher": "met"}, []),
        ({"quoted": True}, [0, 1, 7, 8, 9]),
    ],
)  # fmt: skip
def test_filters_leave_rows(
    catalogue: Catalogue, filters: dict[str, date | str | bool], rows: list[int]
) -> None:
    """Days are inclusive; a month may be any of its days; an undated document is never inside."""
    assert catalogue.rows(**filters).tolist() == rows  # type: ignore[arg-type]


def test_undated_documents_are_counted(catalogue: Catalogue) -> None:
    assert catalogue.undated() == 1


def test_quotations_come_back_as_they_were_in_order(catalogue: Catalogue) -> None:
    assert catalogue.quotations("a") == (FULL,)
    assert catalogue.quotations("c") == ENTRIES[2].quotations
    assert catalogue.quotations("none") == ()


@pytest.mark.parametrize(
    ("within", "count"), [(Span(0, 1), 1), (Span(4, 10), 0), (Span(14, 30), 1), (Span(15, 20), 0)]
)
def test_quotations_within_a_span_are_those_with_a_part_in_it(
    catalogue: Catalogue, within: Span, count: int
) -> None:
    """The gap between two parts of a quotation is not said by anybody."""
    assert len(catalogue.quotations("a", within)) == count


def test_words_are_had_by_form_and_by_length(catalogue: Catalogue) -> None:
    assert catalogue.has_word("two")
    assert not catalogue.has_word("four")
    assert not catalogue.has_word("TWO")
    assert catalogue.words_of_length(3, 5) == ["one", "three", "two"]
    assert catalogue.words_of_length(1, 1) == ["a", "b", "c"]


def test_the_newest_quotations_come_first_and_undated_ones_last(catalogue: Catalogue) -> None:
    found = catalogue.newest_quotations(since=None, until=None, speaker=None, limit=3)
    assert [name for name, _ in found] == ["b", "a", "c"]
    only = catalogue.newest_quotations(since=None, until=None, speaker="Dick", limit=9)
    assert only == (("a", FULL),)


def test_a_span_is_widened_to_the_passages_it_touches(catalogue: Catalogue) -> None:
    assert catalogue.around("a", Span(4, 12)) == Span(0, 19)
    assert catalogue.around("a", Span(9, 10)) == Span(9, 10)


def test_a_catalogue_is_read_alone(catalogue: Catalogue) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        catalogue._store.execute("DELETE FROM documents")


def test_many_threads_read_the_same(catalogue: Catalogue) -> None:
    def ask(n: int) -> tuple[object, ...]:
        return (
            catalogue.document("abc"[n % 3]).text,
            catalogue.rows(publisher="met").tolist(),
            n % 3,
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(200)))
    assert set(map(str, answers)) == {str((TEXT, [*B], n)) for n in range(3)}


def test_a_text_that_is_not_the_hashed_one_is_refused(path: Path, tmp_path: Path) -> None:
    """Word for word is the one promise; it is kept even if nobody checked the file."""
    copy = tmp_path / "catalogue.sqlite"
    copy.write_bytes(path.read_bytes().replace(b"Three said.", b"Three lied."))
    with pytest.raises(SnapshotDamaged, match="the text of a is not the one that was hashed; run"):
        Catalogue.open(copy).document("a")


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 999, b"SQLite format 3\0"], ids=str)
def test_what_is_no_catalogue_is_said_to_be_damaged(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "catalogue.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SnapshotDamaged, match="cannot be read"):
        Catalogue.open(path)


def test_damage_met_on_the_way_is_said(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * len(content[8192:])
    copy.write_bytes(content)
    with pytest.raises(SnapshotDamaged, match="run 'metquote index build'"):  # noqa: PT012
        opened = Catalogue.open(copy)
        opened.document("a")
        opened.rows(publisher="met")
        opened.words_of_length(1, 9)


def test_a_catalogue_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="the catalogue cannot be written"):
        write(tmp_path / "none" / "catalogue.sqlite", ENTRIES)
    twice = replace(ENTRIES[0])
    with pytest.raises(OSError, match="the catalogue cannot be written"):
        write(tmp_path / "catalogue.sqlite", [ENTRIES[0], twice])


class TestWithout:
    """Hidden documents are found in nothing, and can be had by id."""

    @pytest.fixture
    def seen(self, catalogue: Catalogue) -> Catalogue:
        return catalogue.without({"a", "unknown"})

    def test_no_search_finds_them(self, seen: Catalogue) -> None:
        assert [one.passage.document_id for one in seen.candidates([0, 3, 4, 8])] == ["b", "c"]
        assert seen.rows().tolist() == list(range(4, 12))
        assert seen.rows(since=date(2020, 1, 1), until=date(2021, 1, 1)).tolist() == []
        found = seen.newest_quotations(since=None, until=None, speaker=None, limit=9)
        assert {document_id for document_id, _ in found} == {"b", "c"}
        assert {person.name for person in seen.people()} == {"Éva Nagy"}

    def test_they_are_counted_and_the_whole_is_not_changed(
        self, seen: Catalogue, catalogue: Catalogue
    ) -> None:
        assert (seen.hidden_passages, catalogue.hidden_passages) == (4, 0)
        assert len(seen) == len(catalogue) == 12
        assert len(catalogue.candidates([0, 3, 4, 8])) == 4
        assert seen.document("a") == catalogue.document("a")

    def test_hidden_undated_documents_are_not_counted_as_left_out(
        self, catalogue: Catalogue
    ) -> None:
        assert (catalogue.undated(), catalogue.without(["c"]).undated()) == (1, 0)

    def test_hashes_are_of_every_document(self, seen: Catalogue) -> None:
        assert seen.hashes() == {one.document.id: one.document.sha256 for one in ENTRIES}


def test_a_status_comes_back_as_it_was(tmp_path: Path) -> None:
    statuses = [
        Status(StatusKind.CORRECTED, PartialDate(2020, 6), date(2021, 2, 3), "why", "x"),
        Status(StatusKind.RETRACTED, None, None, None, None),
        CURRENT,
    ]
    documents = [replace(document(f"x{at}", TEXT), status=one) for at, one in enumerate(statuses)]
    write(tmp_path / "c.sqlite", [entry(one, 4 * at) for at, one in enumerate(documents)])
    opened = Catalogue.open(tmp_path / "c.sqlite")
    assert [opened.document(one.id) for one in documents] == documents
    assert opened.statuses() == {"x0": statuses[0], "x1": statuses[1]}
    opened.close()
