"""Permalinks: they open the same words for as long as the text is kept, and no others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Metadata, Span, StatusKind
from corpus.errors import InputError, MetquoteError
from index.permalink import Cited, parse, permalink, resolve
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "More than 20 officers were hurt in Brixton. The party was illegal.\n\n"
    "Commander Bas Javid said: “We cannot accept the violence.” He thanked his officers.\n\n"
    "A Section 60 order was put in place."
)
FORM = re.compile(r"mq-[0-9a-f]{16}-\d+-\d+-[0-9a-z]{6}")


@pytest.fixture
def corpus(tmp_path: Path) -> RecordedCorpus:
    return RecordedCorpus(tmp_path)


def document(text: str = TEXT) -> Document:
    return Document.of("a", Metadata("news"), text)


def link(words: str, text: str = TEXT) -> str:
    start = text.index(words)
    return permalink(document(text), Span(start, start + len(words)))


def opened(corpus: RecordedCorpus, text: str) -> Cited:
    return resolve(parse(text), corpus.library)


def words(cited: Cited) -> str:
    return cited.document.text_at(cited.span)


@given(st.text(min_size=1, max_size=80), st.data())
def test_a_permalink_reads_back_and_names_hash_and_offsets(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    one = permalink(document(text), span)
    assert FORM.fullmatch(one)
    assert str(parse(one)) == one
    assert parse(one).span == span
    assert document(text).sha256.startswith(parse(one).text_hash)


def test_it_depends_on_the_words_alone_and_not_on_the_id() -> None:
    other = Document.of("b", Metadata("letter", title="x"), TEXT)
    assert permalink(other, Span(0, 9)) == permalink(document(), Span(0, 9))
    assert (
        permalink(document(), Span(0, 9))
        == "mq-" + other.sha256[:16] + "-0-9-" + (permalink(other, Span(0, 9))[-6:])
    )


def test_words_beyond_the_text_have_none() -> None:
    with pytest.raises(ValueError, match="ends beyond the text"):
        permalink(document(), Span(0, len(TEXT) + 1))


@pytest.mark.parametrize(
    "disguise",
    ["  {}\n", "`{}`", "<{}>", "```\n{}\n```", " `{}` "],
)
def test_what_people_paste_around_it_does_not_count(disguise: str) -> None:
    one = link("illegal")
    assert str(parse(disguise.format(one))) == one
    assert str(parse(disguise.format(one.upper()))) == one


def test_dashes_and_letters_that_look_alike_are_taken_as_meant() -> None:
    one = link("More than 20")
    assert str(parse(one.replace("-", "–"))) == one
    assert str(parse("mq" + one[2:].replace("0", "O").replace("1", "l"))) == one


@pytest.mark.parametrize(
    "text", ["", " ", "mq-", "Brixton", "mq-12", "x" * 5_000, "mq-" + "0" * 16 + "-1-2", "mq-\0"]
)
def test_what_is_none_is_told_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"^that is no permalink; one looks like mq-"):
        parse(text)


def test_the_example_is_well_formed() -> None:
    with pytest.raises(InputError) as told:
        parse("nothing")
    assert FORM.search(str(told.value))


@given(st.data())
def test_one_wrong_character_is_told(data: st.DataObject) -> None:
    one = link("We cannot accept the violence.")
    at = data.draw(st.integers(3, len(one) - 1).filter(lambda place: one[place] != "-"))
    in_check = at >= len(one) - 6
    digits = "0123456789" if one[:at].count("-") in {2, 3} else "0123456789abcdef"
    wrong = data.draw(st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz" if in_check else digits))
    if wrong != one[at]:
        with pytest.raises(InputError, match=r"^that permalink is mistyped; copy it again, whole$"):
            parse(one[:at] + wrong + one[at + 1 :])


@given(st.integers(0, 40))
def test_two_characters_swapped_are_told(at: int) -> None:
    one = link("We cannot accept the violence.")
    at = min(at, len(one) - 2)
    swapped = one[:at] + one[at + 1] + one[at] + one[at + 2 :]
    if swapped != one:
        with pytest.raises(InputError):
            parse(swapped)


def test_words_other_than_those_that_were_cited_are_never_shown(corpus: RecordedCorpus) -> None:
    """Even if the hash's beginning and the offsets fit."""
    corpus.put("a", TEXT)
    right = parse(link("illegal"))
    for wrong in (type(right)(right.text_hash, Span(0, 7), right.check),
                  type(right)(right.text_hash, Span(0, len(TEXT) + 7), right.check)):  # fmt: skip
        with pytest.raises(InputError, match="mistyped"):
            resolve(parse(str(wrong)), corpus.library)


@pytest.mark.parametrize("way", ["put", "add"])
def test_a_current_document_is_opened(corpus: RecordedCorpus, way: str) -> None:
    getattr(corpus, way)("a", TEXT)
    corpus.put("b", "Something else.")
    cited = opened(corpus, link("The party was illegal."))
    assert (cited.document.id, words(cited), cited.now) == ("a", "The party was illegal.", None)
    assert cited.document.status.kind is StatusKind.CURRENT


def test_a_text_of_no_document_is_told(corpus: RecordedCorpus) -> None:
    corpus.put("a", TEXT)
    with pytest.raises(InputError, match="no document of this corpus has that text"):
        opened(corpus, link("else", "Something else."))


def test_corrected_words_stay_and_say_what_they_read_now(corpus: RecordedCorpus) -> None:
    corpus.add("a", TEXT, "published: 2020-06-26")
    later = "New heading\n\n" + TEXT.replace("More than 20", "Nearly 30")
    corpus.correct("a", later, reason="a figure was wrong")
    cited = opened(corpus, link("More than 20 officers"))
    assert words(cited) == "More than 20 officers"
    status = cited.document.status
    assert (cited.document.id, status.kind, status.now) == ("a@1", StatusKind.CORRECTED, "a")
    assert (str(status.version), status.reason) == ("2020-06-26", "a figure was wrong")
    assert (status.changed and status.changed.isoformat()) == "2021-05-02"
    assert cited.now is not None
    assert cited.now.span is not None
    assert not cited.now.is_same
    now = cited.now.document.text_at(cited.now.span)
    assert now == "Nearly 30 officers were hurt in Brixton."
    newer = opened(corpus, permalink(cited.now.document, cited.now.span))
    assert (newer.document.id, words(newer), newer.now) == ("a", now, None)


def test_every_version_is_opened_after_several_corrections(corpus: RecordedCorpus) -> None:
    texts = [TEXT.replace("20", str(number)) for number in (20, 21, 22, 23)]
    corpus.add("a", texts[0])
    for text in texts[1:]:
        corpus.correct("a", text)
    for number, text in enumerate(texts, start=1):
        cited = opened(corpus, link("officers were hurt", text))
        assert cited.document.id == ("a" if number == 4 else f"a@{number}")
        assert cited.document.text == text


def test_a_retracted_document_is_opened_with_its_status(corpus: RecordedCorpus) -> None:
    corpus.add("a", TEXT)
    corpus.retract("a", "sent in error")
    cited = opened(corpus, link("illegal"))
    status = cited.document.status
    assert (words(cited), status.kind, status.reason, cited.now) == (
        "illegal", StatusKind.RETRACTED, "sent in error", None
    )  # fmt: skip


def test_an_earlier_version_of_a_retracted_document_says_so_of_the_later(
    corpus: RecordedCorpus,
) -> None:
    corpus.add("a", TEXT)
    corpus.correct("a", TEXT.replace("20", "30"))
    corpus.retract("a")
    cited = opened(corpus, link("20 officers"))
    assert cited.document.status.kind is StatusKind.CORRECTED
    assert cited.now is not None
    assert cited.now.document.status.kind is StatusKind.RETRACTED


def test_an_erased_document_is_told_without_its_words(corpus: RecordedCorpus) -> None:
    corpus.add("a", TEXT)
    corpus.correct("a", TEXT.replace("20", "30"))
    corpus.erase("a", "on request")
    for text in (TEXT, TEXT.replace("20", "30")):
        with pytest.raises(InputError) as told:
            opened(corpus, link("officers were hurt", text))
        assert str(told.value) == (
            "the document with those words, a, was erased on 2021-05-03 (on request); "
            "its text is not kept"
        )


def test_an_erasure_is_told_even_if_something_else_came_under_that_id(
    corpus: RecordedCorpus,
) -> None:
    corpus.add("a", TEXT)
    corpus.erase("a")
    corpus.add("a", "Something else.")
    with pytest.raises(InputError, match="was erased on 2021-05-02"):
        opened(corpus, link("illegal"))
    assert words(opened(corpus, link("else", "Something else."))) == "else"


def test_a_document_that_is_current_comes_before_a_withdrawn_one(corpus: RecordedCorpus) -> None:
    corpus.add("a", TEXT)
    corpus.retract("a")
    corpus.put("z", TEXT)
    assert opened(corpus, link("illegal")).document.id == "z"


def test_the_original_comes_before_its_copy(corpus: RecordedCorpus) -> None:
    corpus.add("a", TEXT, copy_of="b")
    corpus.add("b", TEXT)
    assert opened(corpus, link("illegal")).document.id == "b"


def test_a_correction_of_the_metadata_alone_leaves_the_words_current(
    corpus: RecordedCorpus,
) -> None:
    corpus.add("a", TEXT)
    corpus.correct("a", TEXT, "title: A title")
    cited = opened(corpus, link("illegal"))
    assert (cited.document.id, cited.document.metadata.title, cited.now) == ("a", "A title", None)


def test_an_indexs_hashes_say_which_files_to_read(corpus: RecordedCorpus) -> None:
    corpus.put("a", TEXT)
    corpus.put("gone", TEXT + " And more.")
    hashes = {one.id: one.sha256 for one in corpus.library.read().documents}
    (corpus.documents / "gone.md").unlink()
    (corpus.documents / "broken.md").write_bytes(b"no front matter")
    cited = resolve(parse(link("illegal")), corpus.library, hashes)
    assert (cited.document.id, words(cited)) == ("a", "illegal")
    with pytest.raises(InputError, match="no document of this corpus"):
        resolve(parse(link("more", TEXT + " And more.")), corpus.library, hashes)


def test_an_indexs_hash_is_not_trusted(corpus: RecordedCorpus) -> None:
    corpus.put("a", "Something else.")
    with pytest.raises(InputError, match="no document of this corpus"):
        resolve(parse(link("illegal")), corpus.library, {"a": document().sha256})


def test_an_altered_file_is_told_and_not_shown(corpus: RecordedCorpus) -> None:
    corpus.add("a", TEXT)
    corpus.put("a", TEXT + " Tampered.")
    with pytest.raises(MetquoteError, match="was altered since it was recorded"):
        opened(corpus, link("illegal"))
