"""Plain text and Markdown, in whatever encoding they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Metadata, PartialDate
from corpus.draft import Draft
from corpus.errors import DocumentError
from corpus.formats import markdown_file, plain
from corpus.formats.markdown import dump
from corpus.formats.received import Received

WORDS = "The Met’s officers – “all of them” – earn £1,000 and dine in cafés…"


def read(content: bytes, charset: str | None = None) -> Draft:
    return plain.read(Received("a.txt", content, charset=charset))


def markdown(text: str) -> Draft:
    return markdown_file.read(Received("a.md", text.encode()))


@pytest.mark.parametrize(
    ("encoding", "declared", "notes"),
    [
        ("utf-8", None, ()),
        ("utf-8", "utf-8", ()),
        ("utf-8", "iso-8859-1", ()),
        ("utf-8", "nonsense", ()),
        ("utf-8", "rot13", ()),
        ("utf-8", "idna", ()),
        ("utf-8-sig", None, ()),
        ("utf-16", None, ()),
        ("utf-32", None, ()),
        ("utf-16-le", "utf-16le", ()),
        ("cp1252", "windows-1252", ()),
        ("cp1252", "ISO-8859-1", ()),
        ("cp1252", "us-ascii", ()),
        ("cp1252", None, ("does not declare its encoding; it was read as windows-1252",)),
        ("cp1252", "utf-8", ("is not in utf-8 as it says; it was read as windows-1252",)),
    ],
)
def test_the_same_words_are_read_from_every_encoding(
    encoding: str, declared: str | None, notes: tuple[str, ...]
) -> None:
    draft = read(f"{WORDS}\r\n\r\n{WORDS}\r\n".encode(encoding), declared)
    assert draft.text == f"{WORDS}\n\n{WORDS}"
    assert draft.metadata == Metadata(kind="other")
    assert draft.notes == notes


def test_an_encoding_that_nobody_declares_is_found_by_the_words() -> None:
    words = "Полиция Лондона сообщила, что офицеры будут работать всю ночь. " * 20
    draft = read(words.encode("cp1251"))
    assert draft.text == words.strip()
    assert draft.notes == ("does not declare its encoding; it was read as cp1251",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "holds no text"),
        (b" \r\n\t", "holds no text"),
        (b"\xef\xbb\xbf", "holds no text"),
        (b"a\0b", "it holds NUL bytes"),
        ("a\0b".encode("utf-16"), "it holds NUL characters"),
        (b"\xff\xfea", "is cut short or damaged"),
        (b"\x01\x02\x03\x04 abc", "full of control characters"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(DocumentError, match=rf"^a\.txt .*{why}"):
        read(content)


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(DocumentError, match=r"a\.txt is in an encoding that cannot be told"):
        read(bytes(range(0x80, 0x100)) * 3)


def test_a_few_control_characters_are_removed_with_a_note() -> None:
    draft = read(b"Offi\x08cers" + b" came." * 200)
    assert draft.text == "Officers" + " came." * 200
    assert draft.notes == ("held 1 control characters, which were removed",)


@given(st.text())
def test_every_word_stays(text: str) -> None:
    try:
        draft = read(text.encode("utf-8", "surrogatepass"))
    except DocumentError:
        return
    assert draft.text == draft.text.strip()
    assert "\n\n\n" not in draft.text
    if not draft.notes and not text.startswith("\ufeff"):
        assert draft.text.split() == text.split()


def test_a_plain_text_states_what_its_labelled_lines_say() -> None:
    text = (
        "Title: Extra officers\nAuthor: Press Bureau\nPublisher: The Met\nDate: 26/06/2020\n"
        "URL: https://a.example/b\nRights: OGL\n\nOfficers: twenty.\n\nTitle: another"
    )
    draft = read(text.encode())
    assert draft.text == text
    assert draft.metadata == Metadata(
        kind="other",
        title="Extra officers",
        author="Press Bureau",
        publisher="The Met",
        published=PartialDate(2020, 6, 26),
        url="https://a.example/b",
        rights="OGL",
    )


def test_a_plain_text_without_labels_has_no_title() -> None:
    draft = read(
        b"Extra officers\n\nURL: nowhere\n\nFriday 26 June\n\nOfficers came on 1 May 2020."
    )
    assert draft.metadata == Metadata(kind="other")
    assert draft.notes == ("says 'Friday 26 June', without a year; give it with --published",)


def test_a_markdown_file_of_ours_is_taken_as_it_is() -> None:
    metadata = Metadata(kind="news", title="# one: two", published=PartialDate(2020, 6))
    draft = markdown_file.read(Received("a.md", dump(metadata, "# Three\n\nFour."), source="b"))
    assert draft == Draft(metadata, "# Three\n\nFour.", "b")


def test_a_malformed_file_of_ours_is_refused_as_such() -> None:
    with pytest.raises(DocumentError, match=r"a\.md: published must be a date"):
        markdown("---\nkind: news\npublished: soon\n---\nText")


def test_a_foreign_markdown_file_has_the_title_of_its_first_heading() -> None:
    text = "```\n# no\n```\n\n## Nor this\n\n# A *title* #\n\n26 June 2020\n\n**Text** [a](b)"
    draft = markdown(text)
    assert draft.text == text
    assert draft.metadata == Metadata(
        kind="other", title="A *title*", published=PartialDate(2020, 6, 26)
    )
    assert draft.notes == ()


def test_foreign_front_matter_is_used_where_it_is_plain_and_the_rest_is_noted() -> None:
    draft = markdown(
        "---\nlayout: post\ntitle: A title\ndate: 2020-06-26 10:30\nurl: nowhere\ntags: [a, b]\n"
        "author: [x]\na: 1\nb: 2\n---\n\n# Another\n\nText"
    )
    assert draft.text == "# Another\n\nText"
    assert draft.metadata == Metadata(
        kind="other", title="A title", published=PartialDate(2020, 6, 26)
    )
    assert draft.notes == (
        "has front matter of which layout, url, tags, author, a and more was ignored",
    )


def test_front_matter_of_plain_keys_needs_no_note() -> None:
    draft = markdown("---\ntitle: A title\nlicense: OGL\n---\nText")
    assert draft.metadata == Metadata(kind="other", title="A title", rights="OGL")
    assert draft.notes == ()


def test_front_matter_that_cannot_be_read_is_noted() -> None:
    draft = markdown("---\na: [\n---\nText")
    assert draft.text == "Text"
    assert draft.notes == ("has front matter that is not YAML; it was ignored",)
