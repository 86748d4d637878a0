"""Stored documents, well formed and not."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from corpus.document import Metadata, PartialDate
from corpus.errors import DocumentError
from corpus.formats.markdown import parse

FULL = """---
kind: letter
title: "Date: 09/08/2024"
published: 2024-08
publisher: Metropolitan Police Service
author: Terry Hunt
url: https://www.met.police.uk/a?b=c
rights: Crown copyright
retrieved: 2025-01-02
trimmed:
  - "head: a stamp"
  - "tail: a footer"
---

The text.
"""


def with_keys(*lines: str) -> bytes:
    return "\n".join(["---", "kind: news", *lines, "---", "Text."]).encode()


def refusal(content: bytes) -> str:
    """Why ``content`` is refused: one line that names the document."""
    with pytest.raises(DocumentError) as caught:
        parse("doc", content)
    message = str(caught.value)
    assert message.startswith("doc: ")
    assert len(message.splitlines()) == 1
    assert len(message) < 300
    return message


def test_every_key_is_read() -> None:
    document = parse("doc", FULL.encode())
    assert document.metadata == Metadata(
        kind="letter",
        title="Date: 09/08/2024",
        published=PartialDate(2024, 8),
        publisher="Metropolitan Police Service",
        author="Terry Hunt",
        url="https://www.met.police.uk/a?b=c",
        rights="Crown copyright",
        retrieved=PartialDate(2025, 1, 2),
        trimmed=("head: a stamp", "tail: a footer"),
    )
    assert (document.id, document.text) == ("doc", "The text.")


def test_what_is_not_stated_is_unknown() -> None:
    assert parse("doc", with_keys()).metadata == Metadata(kind="news")


@given(st.text())
@example("a\r\nb\rc\u2028d")
@example("---\nkind: letter\n---")
@example("\ufeffafter a mark, nul \x00, \u202e bidi")
def test_the_text_is_kept_as_it_is_but_for_white_space_around_it(text: str) -> None:
    assume(text.strip())
    text = text.encode("utf-8", "replace").decode()
    content = b"---\nkind: news\n---\n" + text.encode()
    assert parse("doc", content).text == text.strip()


def test_a_rule_in_the_text_is_text() -> None:
    content = b"---\nkind: news\n---\nOne.\n\n---\n\nTwo.\n"
    assert parse("doc", content).text == "One.\n\n---\n\nTwo."


def test_windows_line_ends_and_one_byte_order_mark_are_understood() -> None:
    content = "\ufeff---\r\nkind: news\r\ntitle: A\r\n---\r\nOne.\r\n\r\nTwo.\r\n".encode()
    document = parse("doc", content)
    assert document.metadata.title == "A"
    assert document.text == "One.\r\n\r\nTwo."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no front matter"),
        (b"Just text.", "no front matter"),
        (b"\n---\nkind: news\n---\nText.", "no front matter"),
        (b"---\nkind: news\nText without an end.", "no front matter"),
        (b"---kind: news---Text.", "no front matter"),
        ("\ufeff\ufeff---\nkind: news\n---\nText.".encode(), "no front matter"),
        (b"---\rkind: news\r---\rText.", "no front matter"),
        ("---\nkind: news\n---\nText.".encode("utf-16"), "byte 0 is not UTF-8"),
        (b"---\nkind: news\n---\n\xa3100", "byte 19 is not UTF-8"),
        (b"---\nkind: news\n---\n\xed\xa0\x80", "byte 19 is not UTF-8"),
        (b"---\nkind: news\n---\n", "no text follows the front matter"),
        (b"---\nkind: news\n---\n \n\t\xc2\xa0\n", "no text follows the front matter"),
        (b"---\nkind: news\n---", "no text follows the front matter"),
        (b"---\n---\nText.", "not a list of 'key: value' lines"),
        (b"---\njust words\n---\nText.", "not a list of 'key: value' lines"),
        (b"---\n- kind\n---\nText.", "not a list of 'key: value' lines"),
        (b"---\ntitle: A\n---\nText.", "kind must be one of .*, not nothing"),
        (b"---\nkind: [news]\n---\nText.", "kind must be one of .*, not a list"),
        (b"---\nkind: {a: b}\n---\nText.", "kind must be one of .*, not a mapping"),
        (b"---\nkind: press release\n---\nText.", "kind must be one of .*, not 'press release'"),
        (b"---\nkind: News\n---\nText.", "kind must be one of"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_by_name(content: bytes, reason: str) -> None:
    assert re.search(reason, refusal(content))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Title: A", "unknown key 'Title'; the keys are kind, title"),
        ("date: 2020-01-01", "unknown key 'date'"),
        ("<<: {title: A}", "unknown key '<<'"),
        ("published: 26 June 2020", "published must be a date .*, not '26 June 2020'"),
        ("published: 26/06/2020", "published must be a date"),
        ("published: 2020-02-30", "published must be a date"),
        ("published:", "published must be a date .*, not ''"),
        ("published: [2020]", "published must be a date .*, not a list"),
        ("retrieved: yesterday", "retrieved must be a date"),
        ("url: met.police.uk", "url must begin with http:// or https://, not 'met.police.uk'"),
        ("url: javascript:alert(1)", "url must begin with http"),
        ("url: 'https://met police uk'", "url must begin with http"),
        ("url: https://a/<b>", "url must begin with http"),
        ('url: "https://a\\nb"', "url must begin with http"),
        ("title:", "title must be text"),
        ("title: '  '", "title must be text"),
        ("title: [A]", "title must be text"),
        ("author: {name: A}", "author must be text"),
        ("trimmed: head", "trimmed must be a list"),
        ("trimmed: [[a]]", "trimmed must be a list"),
        ("title: 'A", "the front matter is not YAML"),
        ("title: *gone", "the front matter is not YAML .*undefined alias"),
        ("\ttitle: A", "the front matter is not YAML"),
        ("title: a: b", "the front matter is not YAML .*mapping values"),
        ("title: \x01", "the front matter is not YAML .*special characters"),
        ("? [a, b]\n: c", "the front matter is not YAML .*unhashable"),
        ("published: " + "9" * 100_000, "published must be a date"),
        ("k" * 100_000 + ": A", "unknown key 'kkk|not YAML"),
    ],
)  # fmt: skip
def test_a_bad_line_of_the_front_matter_is_refused_by_name(line: str, reason: str) -> None:
    assert re.search(reason, refusal(with_keys(line)))


def test_yaml_makes_no_objects_dates_or_numbers() -> None:
    document = parse(
        "doc", with_keys("title: 2020-06-26", "author: yes", "rights: !!python/none x")
    )
    metadata = document.metadata
    assert (metadata.title, metadata.author, metadata.rights) == ("2020-06-26", "yes", "x")


def test_a_tag_that_would_run_code_is_text() -> None:
    document = parse("doc", with_keys("title: !!python/object/apply:os.system 'exit 1'"))
    assert document.metadata.title == "exit 1"


@pytest.mark.parametrize("key", ["kind", "title", "published", "url", "trimmed"])
@pytest.mark.timeout(20)
def test_aliases_that_multiply_are_refused_without_being_written_out(key: str) -> None:
    """Nine lists of nine: spelt out, half a gigabyte."""
    lines = ["rights: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    content = "\n".join(["---", f"{key}: &top", *(f"  {line}" for line in lines), "---", "T."])
    refusal(content.encode())
    flat = "\n".join(
        ["---", f"{key}: [&z0 [l, l, l, l, l, l, l, l, l],"]
        + [f" &z{n} [{', '.join([f'*z{n - 1}'] * 9)}]," for n in range(1, 10)]
        + [" *z9]", *([] if key == "kind" else ["kind: news"]), "---", "T."]
    )
    refusal(flat.encode())


def test_a_list_that_holds_itself_is_refused() -> None:
    assert "recursive" in refusal(with_keys("published: &a [*a]"))


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert "nested too deeply" in refusal(with_keys("title: " + opening * 500))


@given(st.binary())
def test_any_bytes_are_a_document_or_refused(content: bytes) -> None:
    """No other exception, whatever the file holds."""
    for whole in (content, b"---\n" + content + b"\n---\nText.", b"---\nkind: news\n" + content):
        with contextlib.suppress(DocumentError):
            assert parse("doc", whole).text
