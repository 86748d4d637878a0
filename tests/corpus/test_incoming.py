"""Whatever comes in is read in a child, by what it is, or refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from corpus.document import Metadata, PartialDate
from corpus.draft import MAX_BYTES, MAX_CHARACTERS, Draft
from corpus.errors import DocumentError
from corpus.formats.markdown import dump
from corpus.formats.received import one_sentence, shown_name
from corpus.incoming import Reader
from tests.corpus.samples import (
    GOVERNMENT_PAGE,
    GOVERNMENT_TEXT,
    NEWSLETTER,
    RELEASE_LINES,
    pdf,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

METADATA = Metadata(
    kind="announcement",
    title="A title",
    published=PartialDate(2020, 6),
    publisher="The Met",
    author="A\u2009B",
    url="https://a.example",
    rights="OGL",
    retrieved=PartialDate(2024, 1, 2),
    trimmed=("head: a", "tail: b"),
)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as opened:
        yield opened


def refusal(reader: Reader, name: str, content: bytes, **said: str) -> str:
    with pytest.raises(DocumentError) as refused:
        reader.read(name, content, **said)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 300
    return message


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.docx", "a.md", "noname", "a.txt?b=c"])
def test_a_wrong_name_does_no_harm_where_the_content_is_clear(reader: Reader, name: str) -> None:
    page = reader.read(name, b"\xef\xbb\xbf\n" + GOVERNMENT_PAGE.encode(), media_type="text/plain")
    assert page.text == GOVERNMENT_TEXT
    assert reader.read(name, GOVERNMENT_PAGE.encode("utf-16")).text == GOVERNMENT_TEXT
    assert reader.read(name, pdf(RELEASE_LINES)).text.startswith("Metropolitan Police Service\n\n")
    assert reader.read(name, b"junk\n" + pdf([(700, "Words.")])).text == "Words."
    assert reader.read(name, word(["One.", "Two."])).text == "One.\n\nTwo."
    assert reader.read(name, NEWSLETTER.encode()).metadata.title == "Appeal for witnesses – Lambeth"
    assert reader.read(name, dump(METADATA, "Text")) == Draft(METADATA, "Text", name)
    assert reader.read(name, b"---\ntitle: x\n---\nText").metadata.title == "x"


@pytest.mark.parametrize(
    ("name", "media_type", "title"),
    [
        ("a.md", None, "One"),
        ("a.markdown", None, "One"),
        ("a.md", "text/plain; charset=utf-8", "One"),
        ("a", "text/markdown", "One"),
        ("a.txt", None, None),
        ("a", None, None),
        ("a.html", "text/plain", None),
        ("a.xyz", "application/octet-stream", None),
    ],
)
def test_plain_words_are_what_they_are_said_to_be(
    reader: Reader, name: str, media_type: str | None, title: str | None
) -> None:
    draft = reader.read(name, b"# One\n\nTwo.", media_type=media_type)
    assert draft == Draft(Metadata(kind="other", title=title), "# One\n\nTwo.", name)


def test_words_in_tags_are_a_page_where_they_are_said_to_be_one(reader: Reader) -> None:
    assert reader.read("a", b"<p>One.</p>", media_type="text/html").text == "One."
    assert reader.read("a.htm", b"<p>One.</p>").text == "One."
    assert reader.read("a.txt", b"<p>One.</p>").text == "<p>One.</p>"
    assert reader.read("a.eml", b"Subject: x\n\nOne.").metadata.title == "x"


def test_the_charset_that_came_with_it_and_the_source_are_kept(reader: Reader) -> None:
    draft = reader.read("a", "Полиция".encode("koi8-r"), charset="koi8-r", source="https://a/b")
    assert (draft.text, draft.source) == ("Полиция", "https://a/b")


def test_a_headline_with_colons_is_no_e_mail(reader: Reader) -> None:
    text = "Subject: officers\nDate: 26 June 2020\nUpdate: none\n\nText."
    draft = reader.read("a.txt", text.encode())
    assert draft.text == text
    assert draft.metadata == Metadata(kind="other", published=PartialDate(2020, 6, 26))


def archive(name: str) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as opened:
        opened.writestr(name, "words")
    return saved.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"a" * (MAX_BYTES + 1), "holds more than 20 MB"),
        (b"a" * (MAX_CHARACTERS + 1), "holds more than 2,000,000 characters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "is an old Office file; save it as DOCX"),
        (b"{\\rtf1 words}", "is an RTF file"),
        (b"\x1f\x8b\x08", "is compressed"),
        (b"\x89PNG\r\n", "is a picture"),
        (archive("a.txt"), "is a ZIP archive, but no Word document"),
        (b"PK\x03\x04 and no more", "is a damaged ZIP archive or Word document"),
        (archive("word/document.xml"), "is a damaged Word document"),
        (b"<?xml version='1.0'?>\n<rss version='2.0'></rss>", "is a feed"),
        (b"words\0words", "is not text: it holds NUL bytes"),
    ],
)
def test_what_is_no_document_is_refused(reader: Reader, content: bytes, why: str) -> None:
    assert refusal(reader, "it", content).startswith(f"it {why}")


def test_what_only_claims_to_be_a_pdf_or_a_word_document_is_refused(reader: Reader) -> None:
    assert "is called a PDF, but is none" in refusal(reader, "a.pdf", b"words")
    assert "is called a PDF" in refusal(reader, "a", b"words", media_type="application/pdf")
    assert "is called a Word document, but is none" in refusal(reader, "a.docx", b"words")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x", "../../x"),
        ("a\nb\x1b[31m", r"a\nb\x1b[31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\ud800", r"\ud800"),
        ("a" * 99, f"{'a' * 30}...{'a' * 20}"),
    ],
)
def test_a_hostile_name_is_shown_harmlessly(reader: Reader, name: str, shown: str) -> None:
    assert refusal(reader, name, b"\0") == f"{shown} is not text: it holds NUL bytes"
    assert reader.read(name, b"Words.").source == name
    assert shown_name(name) == shown


def test_a_message_is_one_line_and_not_too_long() -> None:
    assert one_sentence("a\nb\x1b c ") == "a b c"
    assert one_sentence("a" * 400) == "a" * 289 + "…"
