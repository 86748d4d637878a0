"""E-mails: subject, sender and date of the headers; the text of the body."""

from __future__ import annotations

import pytest

from corpus.document import Metadata, PartialDate
from corpus.errors import DocumentError
from corpus.formats import eml
from corpus.formats.received import Received
from tests.corpus.samples import NEWSLETTER

HEADERS = "From: press@met.example\nSubject: An appeal\nMIME-Version: 1.0\n"


def read(text: str | bytes) -> tuple[str, Metadata, tuple[str, ...]]:
    content = text.encode() if isinstance(text, str) else text
    draft = eml.read(Received("mail.eml", content))
    assert draft.source == "mail.eml"
    return draft.text, draft.metadata, draft.notes


def test_a_newsletter_is_its_plain_text_and_what_its_headers_state() -> None:
    text, metadata, notes = read(NEWSLETTER)
    assert text == (
        "Officers are appealing for witnesses.\n\n"
        "Detective Sergeant Ann Lee said: “Anyone who was there should call us”."
    )
    assert metadata == Metadata(
        kind="other",
        title="Appeal for witnesses – Lambeth",
        author="Met Police – Press Bureau",
        published=PartialDate(2020, 6, 26),
    )
    assert notes == ("has attachments, which were left out: e-fit.jpg",)


def test_an_e_mail_of_html_alone_is_read_as_a_page() -> None:
    body = "<html><body><p>The officers said “no” to that plan.</p></body></html>"
    text, metadata, notes = read(
        f'{HEADERS}Content-Type: text/html; charset="utf-8"\n'
        f"Content-Transfer-Encoding: 8bit\n\n{body}"
    )
    assert text == "The officers said “no” to that plan."
    assert metadata == Metadata(kind="other", title="An appeal", author="press@met.example")
    assert notes == ()


def test_flowed_lines_are_joined_and_others_are_not() -> None:
    flowed = "One line \nand its end.\n> a reply \n> of two\n-- \nA. Person"
    kind = "Content-Type: text/plain; format=flowed\n\n"
    assert read(HEADERS + kind + flowed)[0] == (
        "One line and its end.\n> a reply\n> of two\n--\nA. Person"
    )
    assert read(f"{HEADERS}\nOne line \nand its end.")[0] == "One line\nand its end."


def test_a_wrong_charset_is_noted() -> None:
    text, _, notes = read(
        HEADERS.encode() + b"Content-Type: text/plain; charset=utf-8\n\nsaid \x93so\x94"
    )
    assert text == "said “so”"
    assert notes == ("is not in utf-8 as it says; it was read as windows-1252",)


@pytest.mark.parametrize(
    "header", ["Date: yesterday", "Date:", "Date: Fri, 31 Jun 2020 10:00:00 +0100", "X: y"]
)
def test_a_date_that_is_none_is_unknown(header: str) -> None:
    try:
        _, metadata, _ = read(f"{header}\n{HEADERS}\nWords.")
    except DocumentError as error:
        assert "is a damaged e-mail" in str(error)  # noqa: PT017 - either will do
    else:
        assert metadata.published is None


def test_missing_headers_are_unknown() -> None:
    assert read("From:\nSubject:  \nTo: a@b.example\n\nWords.")[1] == Metadata(kind="other")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("From: a@b.example\nSubject: x\n\n", "holds no text"),
        (f"{HEADERS}Content-Type: image/png\n\nabc", "is an e-mail without text"),
        (f"{HEADERS}Content-Type: multipart/mixed; boundary=x\n\n", "is an e-mail without text"),
        (f"{HEADERS}Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nAAAA",
         "is not text: it holds NUL bytes"),
    ],
)  # fmt: skip
def test_an_e_mail_without_text_is_refused(content: str, why: str) -> None:
    with pytest.raises(DocumentError, match=f"mail.eml {why}"):
        read(content)
