"""Which format some bytes are in: content before media type before extension."""

from __future__ import annotations

import pytest

from corpus.errors import DocumentError
from corpus.formats.received import Received
from corpus.formats.sniffing import format_of
from tests.corpus.samples import GOVERNMENT_PAGE, NEWSLETTER, pdf, word


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOVERNMENT_PAGE.encode(), "html"),
        (GOVERNMENT_PAGE.encode("utf-16"), "html"),
        (b"\xef\xbb\xbf \n<HTML lang=en>", "html"),
        (b"<?xml version='1.0'?>\n<!-- a --><html>", "html"),
        (b"<html>%PDF-1.4", "html"),
        (pdf([(700, "x")]), "pdf"),
        (b"HTTP junk\n" + pdf([(700, "x")]), "pdf"),
        (word(["x"]), "docx"),
        (NEWSLETTER.encode(), "eml"),
        (b"From me Fri Jun 26 2020\nFrom: a\nTo: b\nSubject: c\n folded\n\nx", "eml"),
        (b"---\ntitle: x\n---\n", "markdown_file"),
        (b"---\r\n# a comment\r\n---\r\n", "markdown_file"),
    ],
)
def test_clear_content_decides_whatever_is_said(content: bytes, expected: str) -> None:
    for name in ("a", "a.txt", "a.md", "a.html", "a.pdf", "a.docx"):
        for media_type in (None, "text/plain", "text/html; charset=utf-8", "application/pdf"):
            assert format_of(Received(name, content, media_type)) == expected


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("a", None, "plain"),
        ("a.md", None, "markdown_file"),
        ("A.MARKDOWN", None, "markdown_file"),
        ("a.htm", None, "html"),
        ("a.eml", None, "eml"),
        ("a.xyz", "application/octet-stream", "plain"),
        ("a.txt", "text/HTML ; charset=x", "html"),
        ("a.txt", "application/xhtml+xml", "html"),
        ("a.txt", "message/rfc822", "eml"),
        ("a.html", "text/plain", "plain"),
        ("a.md", "text/plain", "markdown_file"),
        ("https://a.example/b.html?c=d.md", None, "html"),
    ],
)
def test_words_alone_are_what_they_are_said_to_be(
    name: str, media_type: str | None, expected: str
) -> None:
    for content in (b"Words.", b"<p>Words.", b"---\n\nWords.", b"Subject: x\nDate: y\nTo: z\n\nx"):
        assert format_of(Received(name, content, media_type)) == expected


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"words", "is called a PDF, but is none"),
        ("a.docx", b"words", "is called a Word document, but is none"),
        ("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Office file"),
        ("a", b"PK\x03\x04", "is a damaged ZIP archive or Word document"),
        ("a", b"PK\x05\x06" + bytes(18), "is a ZIP archive, but no Word document"),
        ("a", b"<rss version='2.0'>", "is a feed"),
        ("a", b"<?xml version='1.0'?>\n<!-- b -->\n<feed xmlns='x'>", "is a feed"),
        ("a", b"<urlset>", "is a feed"),
    ],
)
def test_what_nobody_reads_is_refused_with_a_hint(name: str, content: bytes, why: str) -> None:
    with pytest.raises(DocumentError, match=f"^{name} {why}"):
        format_of(Received(name, content))
