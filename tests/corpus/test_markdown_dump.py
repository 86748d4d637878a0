"""A document is written so that the same one is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Kind, Metadata, PartialDate
from corpus.formats.markdown import dump, parse
from corpus.library import Library
from tests.conftest import STARTER

if TYPE_CHECKING:
    from pathlib import Path

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, min_size=1).map(str.strip).filter(bool)
AWKWARD = st.sampled_from(
    ["---", "a\n---\nb", "null", "~", "- a", "a: b", "#", "'", '"', "%YAML 1.1", "!x", "&a *a",
     "2020-06-26", "12:30", "yes", "1e3", "=", "<<", "{a: b}", "[", "|", ">", "@x", "`x`", "\ufeff",
     "\u2028", "\x85", "a\r\nb", "\x07", "\x7f", "😀", "a" * 500, "tab\there", "? x", "x #y", "x:"]
)  # fmt: skip
VALUES = st.none() | TEXTS | AWKWARD.map(str.strip).filter(bool)
DAYS = st.dates().map(lambda day: PartialDate(day.year, day.month, day.day))
DATES = st.none() | DAYS | DAYS.map(lambda day: PartialDate(day.year, day.month))
PLACES = st.none() | st.from_regex(r"https?://[^\s<>\ud800-\udfff]+", fullmatch=True)
METADATA = st.builds(
    Metadata,
    kind=st.sampled_from(get_args(Kind)),
    title=VALUES,
    published=DATES | DAYS.map(lambda day: PartialDate(day.year)),
    publisher=VALUES,
    author=VALUES,
    url=PLACES,
    rights=VALUES,
    retrieved=DATES,
    trimmed=st.lists(st.text(CHARACTERS) | AWKWARD, max_size=3).map(tuple),
)


@given(METADATA, TEXTS | AWKWARD.map(str.strip).filter(bool))
def test_what_is_written_is_read_back(metadata: Metadata, text: str) -> None:
    document = parse("one", dump(metadata, text))
    assert document.metadata == metadata
    assert document.text == text


def test_a_file_is_written_as_a_person_writes_it() -> None:
    metadata = Metadata(
        kind="announcement",
        title="Appeal: man, 24, wanted",
        published=PartialDate(2020, 6, 26),
        publisher="Metropolitan Police Service",
        url="https://news.met.police.uk/a",
        trimmed=("head: the date stamp",),
    )
    assert dump(metadata, "“Come forward,” he said.\n\nThat is all.").decode() == (
        "---\n"
        "kind: announcement\n"
        "title: 'Appeal: man, 24, wanted'\n"
        "published: 2020-06-26\n"
        "publisher: Metropolitan Police Service\n"
        "url: https://news.met.police.uk/a\n"
        "trimmed:\n"
        "- 'head: the date stamp'\n"
        "---\n"
        "\n"
        "“Come forward,” he said.\n\nThat is all.\n"
    )


def test_the_starter_documents_come_back(tmp_path: Path) -> None:
    documents = Library(STARTER).read().documents
    folder = tmp_path / "documents"
    folder.mkdir()
    for document in documents:
        (folder / f"{document.id}.md").write_bytes(dump(document.metadata, document.text))
    assert Library(folder).read().documents == documents


@pytest.mark.parametrize(
    ("metadata", "text", "why"),
    [
        (Metadata(kind="other"), "", "no text follows"),
        (Metadata(kind="other"), " padded", "not be read back"),
        (Metadata(kind="other"), "half \ud800", "not UTF-8"),
        (Metadata(kind="other", title=" padded "), "text", "not be read back"),
        (Metadata(kind="other", title=""), "text", "title must be text"),
        (Metadata(kind="other", title="half \ud800"), "text", "half a character"),
        (Metadata(kind="other", url="ftp://a"), "text", "url must begin"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(
    metadata: Metadata, text: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        dump(metadata, text)
