"""``metquote cite`` as it is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from corpus.document import Span
from index.permalink import permalink
from tests.bot.test_terminal_screen import assert_fits, seen
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import Terminal

WORDS = "We cannot accept the violence."
TEXT = f"More than 20 officers were hurt.\n\nCommander Bas Javid said: “{WORDS}” He left."
CITED = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema", "permalink", "document", "start", "end", "text", "speaker", "role",
        "organisation", "title", "published", "publisher", "url", "sha256", "status", "version",
        "changed", "reason", "paragraph", "paragraph_span", "now",
    ],
    "properties": {
        "schema": {"const": 1},
        "permalink": {"pattern": "^mq-"},
        "sha256": {"pattern": "^[0-9a-f]{64}$"},
        "start": {"type": "integer"},
        "end": {"type": "integer"},
        "status": {"enum": ["current", "corrected", "retracted"]},
        "paragraph_span": {"type": "array", "items": {"type": "integer"}},
        "now": {"type": ["object", "null"]},
    }
    | {key: {"type": "string", "minLength": 1} for key in ("document", "text", "paragraph")}
    | {
        key: {"type": ["string", "null"]}
        for key in (
            "speaker", "role", "organisation", "title", "published", "publisher", "url",
            "version", "changed", "reason",
        )
    },
}  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path, terminal: Terminal) -> RecordedCorpus:
    corpus = RecordedCorpus(tmp_path)
    corpus.add("a", TEXT, "published: 2020-06-26", "publisher: The Met")
    terminal.monkeypatch.setenv("METQUOTE_PATHS_DOCUMENTS", str(corpus.documents))
    terminal.monkeypatch.setenv("METQUOTE_PATHS_DATA", str(tmp_path / "data"))
    return corpus


def link(corpus: RecordedCorpus, words: str = WORDS) -> str:
    source = corpus.library.get("a")
    start = source.text.index(words)
    return permalink(source, Span(start, start + len(words)))


def cited(terminal: Terminal, *arguments: str) -> str:
    ended = terminal("cite", *arguments)
    assert (ended.status, ended.err) == (0, "")
    return ended.out


def test_the_words_come_first_then_who_where_and_the_paragraph(
    terminal: Terminal, corpus: RecordedCorpus
) -> None:
    one, source = link(corpus), corpus.library.get("a")
    start = TEXT.index(WORDS)
    assert cited(terminal, f" `{one.upper()}` ").split("\n") == [
        WORDS,
        "— Bas Javid, Commander",
        "More than 20 officers were hurt. · The Met · 26 June 2020",
        f"a {start}–{start + len(WORDS)}",
        f"sha256 {source.sha256}",
        one,
        "",
        f"in: Commander Bas Javid said: “{WORDS}” He left.",
        "",
    ]


def test_it_needs_no_index(terminal: Terminal, corpus: RecordedCorpus, tmp_path: Path) -> None:
    cited(terminal, link(corpus))
    assert not (tmp_path / "data").exists()


def test_nobody_is_named_for_words_of_the_document_itself(
    terminal: Terminal, corpus: RecordedCorpus
) -> None:
    assert "— speaker not named\n" in cited(terminal, link(corpus, "20 officers"))


def test_a_correction_is_told_with_the_words_of_now(
    terminal: Terminal, corpus: RecordedCorpus
) -> None:
    one, unchanged = link(corpus, "20 officers"), link(corpus)
    corpus.correct("a", TEXT.replace("20", "30"), reason="a figure was wrong")
    out = cited(terminal, one)
    assert out.startswith("20 officers\n")
    assert (
        "These words are of the version of 26 June 2020, since corrected on 2 May 2021 "
        "(a figure was wrong).\nThe words now read:\nMore than 30 officers were hurt.\n"
    ) in out
    assert "The sentences that they stand in read the same now.\nsha256" in (
        cited(terminal, unchanged)
    )
    value: dict[str, Any] = json.loads(cited(terminal, one, "--json"))
    jsonschema.validate(value, CITED)
    assert (value["document"], value["status"], value["text"]) == (
        "a@1", "corrected", "20 officers"
    )  # fmt: skip
    assert value["now"]["text"] == "More than 30 officers were hurt."


def test_words_of_a_version_that_was_retracted_later_are_not_shown_as_current(
    terminal: Terminal, corpus: RecordedCorpus
) -> None:
    one = link(corpus, "20 officers")
    corpus.correct("a", TEXT.replace("20", "30"))
    corpus.retract("a")
    out = cited(terminal, one)
    assert "The version that took its place was retracted on 3 May 2021." in out
    assert "30 officers" not in out


def test_json_has_the_slice_and_its_paragraph(terminal: Terminal, corpus: RecordedCorpus) -> None:
    value: dict[str, Any] = json.loads(cited(terminal, link(corpus), "--json"))
    jsonschema.validate(value, CITED)
    assert TEXT[value["start"] : value["end"]] == value["text"] == WORDS
    start, end = value["paragraph_span"]
    assert TEXT[start:end] == value["paragraph"]
    assert (value["speaker"], value["status"], value["now"]) == ("Bas Javid", "current", None)


@pytest.mark.parametrize("style", ["plain", "markdown", "bibtex", "inline"])
def test_a_style_prints_the_citation_alone(
    terminal: Terminal, corpus: RecordedCorpus, style: str
) -> None:
    out = cited(terminal, link(corpus), "--style", style)
    assert WORDS in out
    assert "in: " not in out


def test_a_card_is_written(terminal: Terminal, corpus: RecordedCorpus, tmp_path: Path) -> None:
    cited(terminal, link(corpus), "--card", str(tmp_path / "card.png"))
    assert (tmp_path / "card.png").read_bytes().startswith(b"\x89PNG")
    ended = terminal("cite", link(corpus), "--card", str(tmp_path / "no" / "card.png"))
    assert (ended.status, ended.out) == (2, "")
    assert "card.png cannot be written (No such file or directory)" in ended.err


def test_an_erased_document_is_told(terminal: Terminal, corpus: RecordedCorpus) -> None:
    one = link(corpus)
    corpus.erase("a", "on request")
    ended = terminal("cite", one)
    assert (ended.status, ended.out) == (2, "")
    assert "was erased on 2021-05-02 (on request)" in ended.err


def test_wrong_input_is_one_sentence_and_2(terminal: Terminal, corpus: RecordedCorpus) -> None:
    one = link(corpus)
    wrong = one[:-1] + ("0" if one[-1] != "0" else "1")
    for arguments, complaint in (
        ((wrong,), "that permalink is mistyped"),
        (("a",), "that is no permalink"),
        (("mq-0000000000000000-0-1-000000",), "mistyped"),
        ((one, "--style", "apa"), "the styles are plain, markdown, bibtex, inline"),
        ((one, "--style", "plain", "--json"), "give --style or --json, not both"),
        ((), "Missing argument 'ID'"),
    ):
        ended = terminal("cite", *arguments)
        assert (ended.status, ended.out) == (2, "")
        assert complaint in ended.err
        assert ended.err.count("\n") == 1


def test_a_screen_shows_it_whole(terminal: Terminal, corpus: RecordedCorpus) -> None:
    status, shown = seen(terminal, "cite", link(corpus))
    assert status == 0
    assert_fits(shown)
    assert WORDS in shown


def test_help_shows_an_example(terminal: Terminal) -> None:
    assert "Example: metquote cite mq-" in terminal("cite", "--help").out
