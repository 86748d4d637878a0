"""Citations: the words exact, what is unknown said to be unknown, nothing a command of TeX."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import (
    STYLES,
    citation,
    cited_json,
    paragraph,
    restatement,
    said_by,
    speaker_at,
    standing,
    tex,
)
from bot.messages.markdown import block_quotes, escape
from corpus.document import PartialDate, Span, Status, StatusKind
from corpus.errors import InputError
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.permalink import Cited, permalink
from index.revision import Restated
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE, live_forms, without_quote_marks
from tests.bot.found import BROOK

if TYPE_CHECKING:
    from corpus.document import Document

TEXT = "First.\n\nShe said: “It is 50% & more.” Then she left.\n\nLast."
FULL = document(
    TEXT, published="2020-06-26", title="A {Title}", publisher="The Met", author="A. Writer",
    url=URL,
)  # fmt: skip
BARE = document(TEXT)
WORDS = "It is 50% & more."
SPAN = Span(TEXT.index(WORDS), TEXT.index(WORDS) + len(WORDS))
CORRECTED = Status(
    StatusKind.CORRECTED, PartialDate(2020, 6, 26), date(2021, 5, 3), "a figure was wrong", "a"
)
RETRACTED = Status(StatusKind.RETRACTED, PartialDate(2020), date(2021, 5, 3))
# What TeX makes of what `tex` writes, longest first.
_READ = {
    r"{\textbackslash}": "\\", r"{\textbraceleft}": "{", r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~", r"{\textasciicircum}": "^", r"{\textless}": "<",
    r"{\textgreater}": ">", r"{\textbar}": "|", r"{\textquotedbl}": '"',
    r"{\textasciigrave}": "`", r"\#": "#", r"\$": "$", r"\%": "%", r"\&": "&", r"\_": "_",
    "{}": "",
}  # fmt: skip
_COMMAND = re.compile("|".join(re.escape(name) for name in _READ))


def read_tex(text: str) -> str:
    return _COMMAND.sub(lambda found: _READ[found.group()], text)


def fields(entry: str) -> dict[str, str]:
    """The fields of a BibTeX entry, braces counted as BibTeX counts them."""
    found: dict[str, str] = {}
    body = entry[entry.index(",\n") + 2 : -2]
    at = 0
    while at < len(body):
        name, _, _ = body[at:].partition(" = ")
        start = at + len(name) + 3
        depth, end = 0, start
        while end < len(body) and (depth or body[end] != ","):
            depth += {"{": 1, "}": -1}.get(body[end], 0)
            assert depth >= 0
            end += 1
        found[name.strip()] = body[start:end]
        at = end + 2
    return found


def test_plain() -> None:
    assert citation("plain", FULL, SPAN, BROOK) == (
        "“It is 50% & more.”\n"
        "— Dame Ada Brook, Commissioner, Harbour Police\n"
        "“A {Title}”, The Met, 26 June 2020.\n"
        f"{URL}#:~:text=It%20is%2050%25%20%26%20more.\n"
        f"{permalink(FULL, SPAN)}"
    )


def test_inline_is_as_a_newspaper_has_it() -> None:
    assert citation("inline", FULL, SPAN, BROOK) == (
        "“It is 50% & more.” said Dame Ada Brook, Commissioner, Harbour Police, in “A {Title}” "
        "(The Met, 26 June 2020)."
    )


def test_markdown_is_a_quoted_block_with_its_source() -> None:
    assert citation("markdown", FULL, SPAN, BROOK) == (
        "> It is 50% & more.\n"
        "— **Dame Ada Brook, Commissioner, Harbour Police**\n"
        "*A {Title}* · The Met · 26 June 2020\n"
        f"[Open at these words](<{URL}#:~:text=It%20is%2050%25%20%26%20more.>)\n"
        f"`{permalink(FULL, SPAN)}`"
    )


def test_bibtex_has_a_field_for_all_that_is_known() -> None:
    entry = citation("bibtex", FULL, SPAN, BROOK)
    assert entry.startswith(f"@misc{{{permalink(FULL, SPAN)},\n")
    assert fields(entry) == {
        "author": "{{A. Writer}}",
        "title": r"{{A {\textbraceleft}Title{\textbraceright}}}",
        "publisher": "{{The Met}}",
        "year": "{2020}",
        "month": "jun",
        "day": "{26}",
        "url": f"{{{URL}}}",
        "quote": r"{It is 50\% \& more.}",
        "note": f"{{Words of Dame Ada Brook, Commissioner, Harbour Police; sha256 {FULL.sha256}}}",
    }


@pytest.mark.parametrize("style", ["plain", "markdown", "inline"])
def test_what_is_unknown_is_said_to_be_unknown(style: str) -> None:
    text = citation(style, BARE, SPAN)
    for said in ("publisher unknown", "date unknown", "untitled"):
        assert said in text
    assert WORDS in text
    assert "None" not in text


def test_bibtex_notes_what_is_unknown_and_guesses_no_year() -> None:
    found = fields(citation("bibtex", BARE, SPAN))
    assert found.keys() == {"title", "quote", "note"}
    assert found["note"] == (f"{{date unknown; untitled; publisher unknown; sha256 {BARE.sha256}}}")


@pytest.mark.parametrize(
    ("published", "expected"),
    [("2020", {"year": "{2020}"}), ("2020-06", {"year": "{2020}", "month": "jun"})],
)
def test_a_date_is_as_precise_as_its_source(published: str, expected: dict[str, str]) -> None:
    found = fields(citation("bibtex", document(TEXT, published=published), SPAN))
    assert {key: found[key] for key in found.keys() & {"year", "month", "day"}} == expected


def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(
        InputError, match="no style 'apa'; the styles are plain, markdown, bibtex, inline"
    ):
        citation("apa", FULL, SPAN)


@pytest.mark.parametrize("style", STYLES)
def test_a_span_beyond_the_text_is_refused(style: str) -> None:
    with pytest.raises(ValueError, match="ends beyond the text"):
        citation(style, FULL, Span(0, 10_000))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("status", [CORRECTED, RETRACTED])
def test_every_style_says_what_has_become_of_the_words(style: str, status: Status) -> None:
    text = " ".join(citation(style, replace(FULL, status=status), SPAN, BROOK).split())
    verb = status.kind.value
    assert f"since {verb} on 3 May 2021" in text
    assert ("a figure was wrong" in text) == (status is CORRECTED)


def test_standing_is_a_sentence_and_silent_of_current_documents() -> None:
    assert standing(FULL) is None
    assert standing(replace(FULL, status=CORRECTED)) == (
        "These words are of the version of 26 June 2020, since corrected on 3 May 2021 "
        "(a figure was wrong)."
    )
    assert standing(replace(FULL, status=RETRACTED)) == (
        "These words are of the version of 2020, since retracted on 3 May 2021."
    )


def test_what_the_words_read_now_is_told() -> None:
    assert restatement(Restated(FULL, SPAN)) == "The words now read:"
    assert restatement(Restated(FULL, SPAN, is_same=True)).endswith("read the same now.")
    assert restatement(Restated(FULL, None)).endswith("see a-letter.")
    gone = replace(FULL, status=RETRACTED)
    assert restatement(Restated(gone, SPAN)).endswith("was retracted on 3 May 2021.")


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
_TEXISH = st.text(st.sampled_from("\\{}~^<>|\"`#$%&_-',a \n“"), min_size=1, max_size=40)


@given(_TEXTS | _TEXISH)
def test_every_style_has_exactly_the_words(text: str) -> None:
    source = document(f"x{text}y", title=text.strip() or None, publisher=text.strip() or None)
    span = Span(1, 1 + len(text))
    assert f"“{text}”" in citation("plain", source, span)
    assert f"“{text}”" in citation("inline", source, span)
    assert read_tex(fields(citation("bibtex", source, span))["quote"][1:-1]) == text
    marked = citation("markdown", source, span, Speaker(text))
    assert block_quotes(marked)[0] == text


@given(_TEXTS | _TEXISH)
def test_tex_balances_and_reads_back(text: str) -> None:
    written = tex(text)
    assert read_tex(written) == text
    assert written.count("{") == written.count("}")
    assert not re.search(r"--|''|,,|``", written)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_markdown_is_dead(text: str) -> None:
    source = document(text, title=text, publisher=text)
    span = Span(0, len(text))
    marked = citation("markdown", source, span, Speaker(text))
    block, about = marked.split(f"\n— **{escape(text)}**\n")
    assert block_quotes(block) == (text,)
    assert live_forms(without_quote_marks(block)) == {}
    assert about == (
        f"*{escape(text)}* · {escape(text)} · date unknown\n`{permalink(source, span)}`"
    )


def quotation(*spans: Span, speaker: Speaker | None = BROOK, term: bool = False) -> Quotation:
    return Quotation(spans, QuotationKind.TERM if term else QuotationKind.DIRECT, speaker)


def test_words_are_by_whom_the_whole_of_them_is() -> None:
    whole = [quotation(SPAN)]
    assert said_by(whole, FULL, SPAN) == BROOK
    assert said_by(whole, FULL, Span(SPAN.start + 3, SPAN.start + 5)) == BROOK
    assert said_by(whole, FULL, Span(SPAN.start - 1, SPAN.end + 1)) == BROOK
    assert said_by(whole, FULL, Span(SPAN.start - 5, SPAN.end)) is None
    assert said_by(whole, FULL, Span(0, 5)) is None
    assert said_by([quotation(SPAN, term=True)], FULL, SPAN) is None
    assert said_by([quotation(SPAN, speaker=None)], FULL, SPAN) is None


def test_a_quotation_in_parts_holds_what_stands_between_them() -> None:
    parts = [quotation(Span(SPAN.start, SPAN.start + 2), Span(SPAN.end - 3, SPAN.end))]
    assert said_by(parts, FULL, SPAN) == BROOK


def test_the_speaker_is_read_from_the_document(starter_documents: dict[str, Document]) -> None:
    source = starter_documents["extra-officers-after-brixton-street-party"]
    words = "We cannot accept the levels of violence"
    start = source.text.index(words)
    speaker = speaker_at(source, Span(start, start + len(words)))
    assert speaker is not None
    assert (speaker.name, speaker.role) == ("Bas Javid", "Commander")


def test_the_paragraph_around_words() -> None:
    around = paragraph(FULL, SPAN)
    assert FULL.text_at(around) == "She said: “It is 50% & more.” Then she left."
    assert FULL.text_at(paragraph(FULL, Span(SPAN.start, len(TEXT) - 2))).endswith("\n\nLast.")
    with pytest.raises(ValueError, match="ends beyond the text"):
        paragraph(FULL, Span(0, 10_000))


def test_the_json_has_slices_and_offsets() -> None:
    later = replace(FULL, id="b")
    old = replace(FULL, id="a@1", status=CORRECTED)
    found = cited_json(Cited(old, SPAN, Restated(later, Span(0, 6))), BROOK)
    assert found["schema"] == 1
    assert (found["text"], found["start"], found["end"]) == (WORDS, SPAN.start, SPAN.end)
    assert (found["status"], found["version"], found["changed"], found["reason"]) == (
        "corrected", "2020-06-26", "2021-05-03", "a figure was wrong"
    )  # fmt: skip
    start, end = found["paragraph_span"]
    assert TEXT[start:end] == found["paragraph"]
    assert found["now"] == {
        "document": "b", "status": "current", "is_same": False, "span": [0, 6], "text": "First.",
        "permalink": permalink(later, Span(0, 6)),
    }  # fmt: skip
    assert cited_json(Cited(FULL, SPAN), None)["now"] is None
