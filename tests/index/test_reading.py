"""Texts as lines of words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from corpus.document import Span
from index import reading
from index.reading import SEPARATOR, Readings, WordLine, coded, read
from tests.index.planted import planted_index
from tests.small_index import document, index_of

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document


def words(text: str) -> list[str]:
    one = read(text)
    return [one.word(at) for at in range(len(one))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Met’s “nonsense”", ["the", "met's", "nonsense"]),
        ("38% of 13,193 (5042 fewer)", ["38%", "of", "13,193", "5042", "fewer"]),
        ("£5.50, -5 and 2019-20", ["£5.50", "-5", "and", "2019", "20"]),
        ("cost -£5", ["cost", "-£5"]),
        ("10:30 on 09/08/2024.The end", ["10:30", "on", "09/08/2024", "the", "end"]),
        ("foo_bar and/or well-known", ["foo", "bar", "and", "or", "well", "known"]),
        ("evening...I", ["evening", "i"]),
        ("- — “”", []),
        ("don’t ‘quote’ me’", ["don't", "quote", "me"]),
    ],
)
def test_what_a_word_is(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_spans_and_gaps() -> None:
    text = "(We  remain) – “here”."
    one = read(text)
    assert [text[one.span(at, at + 1).start : one.span(at, at + 1).end] for at in range(3)] == [
        "We", "remain", "here"
    ]  # fmt: skip
    assert one.span(0, 3) == Span(1, 20)
    assert [one.gap(at) for at in range(4)] == ["(", " ", ")-'", "'."]
    assert one.words(0, 2) == "we remain"
    assert [one.at(offset) for offset in (0, 1, 2, 5, 15, 22)] == [0, 0, 1, 1, 2, 3]


def test_no_word_is_a_separator() -> None:
    many = [str(number) for number in range(20_000)]
    codes = coded(many)
    assert len(codes) == len(many)
    assert SEPARATOR not in codes
    assert len(set(codes)) > 19_500
    codes.encode("utf-8")  # no surrogates


def test_documents_are_read_once_while_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = planted_index(tmp_path, [document(f"d{at}", f"word{at} " * 20) for at in range(4)])
    readings = Readings(index.catalogue)
    first = readings.get("d0")
    assert readings.get("d0") is first
    monkeypatch.setattr(reading, "_KEPT_CHARACTERS", 300)
    readings.get("d1")
    readings.get("d2")
    readings.get("d3")
    assert readings.get("d0") is not first
    with pytest.raises(KeyError):
        readings.get("none")


def test_two_threads_may_read_the_same(tmp_path: Path) -> None:
    index = planted_index(tmp_path, [document("d", "some words " * 2_000)])
    readings = Readings(index.catalogue)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(readings.get, ["d"] * 16))
    assert {one.codes for one in found} == {found[0].codes}
    assert readings.get("d") is readings.get("d")


def test_a_line_of_all_words(tmp_path: Path) -> None:
    index = planted_index(
        tmp_path, [document("a", "one two one two"), document("b", "—"), document("c", "two one")]
    )
    line = WordLine(index.catalogue)
    assert list(line.find(coded(["two"]))) == [("a", 1), ("a", 3), ("c", 0)]
    assert list(line.find(coded(["one", "two"]))) == [("a", 0), ("a", 2)]
    # What ends one document and begins the next stands nowhere.
    assert list(line.find(coded(["two", "two"]))) == []


def test_a_line_takes_over_what_has_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [document("a", "One said."), document("b", "Two said."), document("d", "Four.")]
    new = [document("a", "One said."), document("b", "Two wrote."), document("c", "Three."), old[2]]
    lines = []
    for name, documents in (("old", old), ("new", new)):
        (tmp_path / name).mkdir()
        lines.append(Readings(index_of(tmp_path / name, documents).catalogue))
    before, fresh = lines
    assert [*before.line.find(read("said").codes)] == [("a", 1), ("b", 1)]
    later = Readings(fresh._catalogue, before=before)
    looked_at: list[str] = []
    original = fresh._catalogue.document

    def watched(document_id: str) -> Document:
        looked_at.append(document_id)
        return original(document_id)

    monkeypatch.setattr(fresh._catalogue, "document", watched)
    assert later.line._line
    assert looked_at == ["b", "c"]
    assert later.line._line == fresh.line._line
    assert [*later.line.find(read("Four").codes)] == [("d", 0)]
