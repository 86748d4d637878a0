"""The four documents that come with the program: their words are their publishers', not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Document, Metadata, PartialDate
from tests.conftest import ROOT, STARTER

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = ROOT.parent / "shared" / "seeds"
ARMED = "armed-patrols-considered-to-stop-gang-violence"
BRIXTON = "extra-officers-after-brixton-street-party"
LETTER = "letter-to-recovery-operators-on-disorder"
EFFORTS = "met-intensifies-efforts-to-tackle-violence"

# Whoever has to change one of these has edited what somebody else wrote.
TEXTS = {
    ARMED: ("2c56cd4b842095e21d0f871beadeef7c7512fc3730db12d92716d55643a0ba06", 2841),
    BRIXTON: ("d7a970fc05ab7a405925fe26f42c76acd72083b4117cbb6366bf1cd4a965b6f6", 2631),
    LETTER: ("8cdb0e9169ad566f18536210215428c67faa62ebf936f4d8254a745d5fd5a856", 11077),
    EFFORTS: ("156800332060430a96ff2a66b6f4555f7d4df18199dfaa5656693332405afdc2", 3239),
}
SEED_OF = {
    ARMED: "003_b0b98769f71abbbb.txt",
    BRIXTON: "000_2e0c24cb9b26074f.txt",
    LETTER: "002_b0b55b38b19717c6.txt",
    EFFORTS: "001_4a7b1cd9813b5412.txt",
}
METADATA = {
    ARMED: Metadata(
        kind="news",
        title="Met police considers armed patrols to stop gang violence",
        author="Leyi Chen",
        trimmed=("tail: the footer 'Accessibility | Cookies | Terms of use and privacy'",),
    ),
    BRIXTON: Metadata(
        kind="news",
        published=PartialDate(2020, 6, 26),
        trimmed=("head: the date stamp 'date 2020-06-26', glued to the first line",),
    ),
    LETTER: Metadata(
        kind="letter",
        title="Met Comms - latest",
        published=PartialDate(2024, 8, 9),
        publisher="Metropolitan Police Service",
        author="Terry Hunt",
    ),
    EFFORTS: Metadata(
        kind="announcement",
        published=PartialDate(2020, 1, 22),
        trimmed=("head: the date stamp 'date 2020-01-22', glued to the first line",),
    ),
}


def test_there_are_four(starter_documents: dict[str, Document]) -> None:
    assert list(starter_documents) == sorted(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_nobody_has_edited_a_text(name: str, starter_documents: dict[str, Document]) -> None:
    document = starter_documents[name]
    assert (document.sha256, len(document.text)) == TEXTS[name]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_one_slice_of_its_seed(name: str, starter_documents: dict[str, Document]) -> None:
    """Only what the front matter lists may be missing, at the head or the tail."""
    if not SEEDS.is_dir():
        pytest.skip(f"the seeds are not here: {SEEDS}")
    seed = (SEEDS / SEED_OF[name]).read_bytes().decode("utf-8")
    text = starter_documents[name].text
    assert seed.count(text) == 1
    head, tail = (part.strip() for part in seed.split(text))
    left_out = [part for part in (head, tail) if part]
    trimmed = starter_documents[name].metadata.trimmed
    assert len(left_out) == len(trimmed)
    assert all(part in line for part, line in zip(left_out, trimmed, strict=True))


@pytest.mark.parametrize("name", TEXTS)
def test_the_metadata_is_what_the_file_states(
    name: str, starter_documents: dict[str, Document]
) -> None:
    assert starter_documents[name].metadata == METADATA[name]


@pytest.mark.parametrize("name", TEXTS)
def test_titles_authors_and_publishers_stand_in_the_text_word_for_word(
    name: str, starter_documents: dict[str, Document]
) -> None:
    metadata, text = starter_documents[name].metadata, starter_documents[name].text
    named = [metadata.title, metadata.author, metadata.publisher]
    assert [value for value in named if value is not None and value not in text] == []


def test_the_article_without_a_date_stays_without(starter_documents: dict[str, Document]) -> None:
    assert starter_documents[ARMED].metadata.published is None


def test_the_letters_date_is_read_day_first(starter_documents: dict[str, Document]) -> None:
    assert "Date: 09/08/2024" in starter_documents[LETTER].text
    assert str(starter_documents[LETTER].metadata.published) == "2024-08-09"


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (ARMED, {"“": 13, "”": 12, "’": 2, '"': 0}),
        (BRIXTON, {"“": 0, "”": 0, "’": 0, '"': 22}),
        (EFFORTS, {"“": 6, "”": 1, "’": 3, '"': 0}),
    ],
)
def test_quotation_marks_are_as_they_were_written(
    name: str, counts: dict[str, int], starter_documents: dict[str, Document]
) -> None:
    """In one a quotation opens six paragraphs and closes once."""
    text = starter_documents[name].text
    assert {mark: text.count(mark) for mark in counts} == counts


def test_both_counts_of_injured_officers_are_kept(starter_documents: dict[str, Document]) -> None:
    text = starter_documents[BRIXTON].text
    assert "more than 20 officers were injured" in text
    assert "nearly 30 officers were hurt" in text


def files() -> list[Path]:
    return sorted(STARTER.glob("*.md"))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_file_ends_its_lines_the_unix_way_and_has_no_byte_order_mark(path: Path) -> None:
    content = path.read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
