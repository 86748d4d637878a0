"""PDFs: wrapped lines joined, and nothing else changed."""

from __future__ import annotations

import zlib

import pytest

from corpus.document import Metadata, PartialDate
from corpus.errors import DocumentError
from corpus.formats import pdf
from corpus.formats.received import Received
from tests.corpus.samples import RELEASE_LINES, locked_pdf
from tests.corpus.samples import pdf as made

RELEASE_TEXT = """Metropolitan Police Service

Friday 26 June 2020

Extra police officers are being deployed across London tonight as further illegal raves, music \
events and block parties take place, the Metropolitan Police has said.

Commander Bas Javid said: “We remain in a public health crisis and these unlicensed events are \
illegal. Our deployments are large, and the deployments will go on in police-led operations.”

Press Bureau
020 7230 2171"""


def text_of(*lines: str, spacing: int = 14) -> str:
    places = [(760 - spacing * number, line) for number, line in enumerate(lines)]
    return pdf.read(Received("a.pdf", made(places))).text


def test_a_release_is_its_paragraphs_and_what_it_states() -> None:
    content = made(RELEASE_LINES, title="Extra officers", author="Press Bureau")
    draft = pdf.read(Received("release.pdf", content))
    assert draft.text == RELEASE_TEXT
    assert draft.metadata == Metadata(
        kind="other",
        title="Extra officers",
        author="Press Bureau",
        published=PartialDate(2020, 6, 26),
    )
    assert draft.source == "release.pdf"
    assert draft.notes == ("breaks words at line ends: police-led kept the hyphen",)


@pytest.mark.parametrize(
    "title", ["Microsoft Word - Release FINAL v2", "release_v3.docx", "Untitled", None]
)
def test_the_name_of_a_file_is_no_title_and_its_making_no_date(title: str | None) -> None:
    metadata = pdf.read(Received("a.pdf", made([(700, "Some words.")], title=title))).metadata
    assert metadata == Metadata(kind="other")


def test_lines_are_joined_only_where_the_layout_wrapped_them() -> None:
    wide = "The officers will go on with their work in the whole of London until"
    assert text_of(wide, "Sunday.", "By order", "A. Person") == (
        f"{wide} Sunday.\n\nBy order\nA. Person"
    )


def test_a_soft_hyphen_at_a_line_end_is_none_of_the_word() -> None:
    wide = "The officers will go on with their work in the whole of London, inter\xad"
    assert text_of(wide, "nationally.") == f"{wide[:-1]}nationally."


def test_a_dash_at_a_line_end_stays() -> None:
    wide = "The officers will go on with their work in the whole of London -"
    assert text_of(wide, "and beyond.") == f"{wide} and beyond."


def test_a_page_number_is_no_text_but_a_number_is() -> None:
    first = [(760, "42"), (700, "Some words."), (40, "- 1 -")]
    second = [(760, "2"), (700, "Other words.")]
    third = [(700, "3")]
    assert pdf.read(Received("a.pdf", made(first, second, third))).text == (
        "42\n\nSome words.\n\nOther words.\n\n3"
    )


def test_a_scan_is_refused_with_a_hint() -> None:
    with pytest.raises(DocumentError) as refused:
        pdf.read(Received("scan.pdf", made([])))
    assert str(refused.value) == (
        "scan.pdf has no text, only pictures: run it through OCR first, for example ocrmypdf"
    )


def test_a_password_is_asked_for_by_nobody() -> None:
    with pytest.raises(DocumentError, match=r"secret\.pdf is encrypted; save a copy"):
        pdf.read(Received("secret.pdf", locked_pdf("password")))


def test_what_anybody_can_open_is_read() -> None:
    assert pdf.read(Received("open.pdf", locked_pdf(""))).text == RELEASE_TEXT


def test_an_encryption_that_is_not_known_is_refused() -> None:
    saved = locked_pdf("").replace(b"/V 2", b"/V 5").replace(b"/R 3", b"/R 6")
    with pytest.raises(DocumentError, match=r"open\.pdf is (encrypted|a damaged PDF)"):
        pdf.read(Received("open.pdf", saved))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"%PDF-1.4 garbage\n%%EOF", b"\0" * 99])
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(
        DocumentError, match=r"bad\.pdf is a damaged PDF; save or download it again"
    ):
        pdf.read(Received("bad.pdf", content))


def test_a_page_that_unpacks_to_too_much_is_refused() -> None:
    packed = zlib.compress(bytes(80_000_000))
    page = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    whole = made([(700, "Some words.")])
    start, end = whole.index(b"4 0 obj\n") + 8, whole.index(b"\nendobj\n5 0 obj")
    with pytest.raises(DocumentError, match=r"bomb\.pdf unpacks to far more than a document holds"):
        pdf.read(Received("bomb.pdf", whole[:start] + page + whole[end:]))


def test_a_text_beyond_what_is_kept_is_refused_rather_than_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corpus.formats.pdf.MAX_CHARACTERS", 100)
    with pytest.raises(DocumentError, match="holds more than 2,000,000 characters; split it"):
        pdf.read(Received("long.pdf", made(*[[(700, "x" * 60)]] * 2)))


def test_a_book_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"book\.pdf has more than 1,000 pages; split it"):
        pdf.read(Received("book.pdf", made(*[[(700, "x")]] * 1_001)))
