"""An answer as what people and programs read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema
import pytest

from bot.pages import (
    DATE_UNKNOWN,
    answer_json,
    explanation,
    heading,
    json_line,
    label,
    shown,
    speaker_line,
    text_link,
)
from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.types import Outcome
from tests.bot.answers import URL, answer, document, excerpt

if TYPE_CHECKING:
    from corpus.document import Document

_DICK = Speaker("Cressida Dick", "Commissioner", "Metropolitan Police")
_NULLABLE_TEXT = {"type": ["string", "null"]}
_OFFSETS = {"start": {"type": "integer"}, "end": {"type": "integer"}}


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with these properties, all of them, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


# Section 6 of the design, and what was added to it without changing it.
ANSWER_SCHEMA = closed(
    {
        "schema": {"const": 1},
        "id": {},
        "question": {"type": "string"},
        "outcome": {"enum": ["answered", "related", "nothing"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "undated_left_out": {"type": "integer"},
        "by_date": {"type": "boolean"},
        "newest": {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        "excerpts": {
            "type": "array",
            "items": closed(
                {
                    "document": {"type": "string"},
                    **_OFFSETS,
                    "text": {"type": "string"},
                    "score": {"type": "number"},
                    "highlights": {
                        "type": "array",
                        "items": {"type": "array", "minItems": 2, "maxItems": 2},
                    },
                    "title": _NULLABLE_TEXT,
                    "published": {
                        "type": ["string", "null"],
                        "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$",
                    },
                    "publisher": _NULLABLE_TEXT,
                    "url": _NULLABLE_TEXT,
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "also_in": {"type": "array", "items": {"type": "string"}},
                    "quotations": {
                        "type": "array",
                        "items": closed(
                            {
                                **_OFFSETS,
                                "kind": {"enum": ["direct", "partial", "term"]},
                                "speaker": _NULLABLE_TEXT,
                                "role": _NULLABLE_TEXT,
                                "organisation": _NULLABLE_TEXT,
                            }
                        ),
                    },
                }
            ),
        },
    }
)


def quoted(
    source: Document, words: str, speaker: Speaker | None, kind: str = "direct"
) -> Quotation:
    start = source.text.index(words)
    return Quotation((Span(start, start + len(words)),), QuotationKind(kind), speaker)


@pytest.mark.parametrize(
    ("published", "spoken"),
    [
        ("2020-06-26", "26 June 2020"),
        ("2018-11", "November 2018"),
        ("2019", "2019"),
        (None, DATE_UNKNOWN),
    ],
)
def test_a_date_is_as_precise_as_its_source(published: str | None, spoken: str) -> None:
    source = document("It was safe.", published=published)
    assert shown(excerpt(source), source).date == spoken


def test_publisher_and_date_are_one_line() -> None:
    source = document("It was safe.", published="2019", publisher="The Met")
    assert shown(excerpt(source), source).source == "The Met · 2019"
    alone = document("It was safe.")
    assert shown(excerpt(alone), alone).source == DATE_UNKNOWN


def test_a_label_is_the_title_or_the_first_sentence() -> None:
    assert label(document("It was safe.", title="A title")) == "A title"
    assert label(document("It was\nsafe. More.")) == "It was safe."
    long = label(document("word " * 60 + "end."))
    assert long.endswith(" […]")
    assert len(long) <= 120


def test_words_and_highlights_are_those_of_the_slice() -> None:
    source = document("First. Two officers were hurt. Last.")
    one = shown(excerpt(source, "Two officers were hurt.", highlighted=("Two", "hurt")), source)
    assert one.text == "Two officers were hurt."
    assert [one.text[start:end] for start, end in one.highlights] == ["Two", "hurt"]
    assert (one.document_id, one.link) == ("a-letter", None)


def test_who_speaks_is_named_once_and_terms_have_no_speaker() -> None:
    source = document("“It was safe,” she said. “Very,” she said of the so-called “raid”.")
    quotations = (
        quoted(source, "It was safe", _DICK),
        quoted(source, "Very", _DICK),
        quoted(source, "raid", Speaker("Nobody"), "term"),
        quoted(source, "safe", None),
    )
    one = shown(excerpt(source, quotations=quotations), source)
    assert one.speakers == ("Cressida Dick, Commissioner, Metropolitan Police",)


@pytest.mark.parametrize(
    ("speaker", "line"),
    [
        (Speaker("Ann"), "Ann"),
        (Speaker("Ann", "Constable"), "Ann, Constable"),
        (Speaker("Ann", "Met Commissioner", "Met"), "Ann, Met Commissioner"),
        (Speaker("a spokesperson for the Met", None, "the Met"), "a spokesperson for the Met"),
    ],
)
def test_a_speaker_is_said_without_repetition(speaker: Speaker, line: str) -> None:
    assert speaker_line(speaker) == line


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_says_what_it_is(outcome: Outcome) -> None:
    told = answer(outcome=outcome)
    assert heading(told)
    assert explanation(told).endswith(".")


def test_what_a_date_filter_left_out_is_told() -> None:
    assert "left out" not in explanation(answer())
    assert " 1 document has no date and was left out" in explanation(answer(undated_left_out=1))
    assert " 2 documents have no date and were left" in explanation(answer(undated_left_out=2))


def fragment(text: str, url: str = URL) -> str:
    source = document(text, url=url)
    return text_link(url, source, Span(0, len(text)))


def test_a_link_jumps_to_the_words() -> None:
    assert fragment("It was safe.") == f"{URL}#:~:text=It%20was%20safe."


def test_syntax_of_the_fragment_is_encoded() -> None:
    """A dash, comma or ampersand in the words would be read as the directive's own."""
    link = fragment("a-b, c & d – 100% “e” #f")
    encoded = link.partition(":~:text=")[2]
    assert not set(encoded) & set("-,& #")
    assert unquote(encoded) == "a-b, c & d –"


def test_long_words_are_found_by_their_ends() -> None:
    link = fragment("one two three four five six seven eight nine ten eleven\nand twelve")
    start, end = link.partition(":~:text=")[2].split(",")
    assert (unquote(start), unquote(end)) == ("one two three four five", "and twelve")


def test_a_link_with_a_fragment_of_its_own_keeps_it() -> None:
    assert fragment("Yes.", f"{URL}#part") == f"{URL}#part:~:text=Yes."


def test_json_is_that_of_the_design() -> None:
    source = document("“It was safe,” she said.", published="2018-11", title="T", url=URL)
    untold = document("Nobody knows.", name="another")
    quotations = (quoted(source, "It was safe", _DICK), quoted(source, "safe", None, "partial"))
    told = answer(excerpt(source, highlighted=("safe",), quotations=quotations), excerpt(untold))
    documents = {"a-letter": source, "another": untold}
    value = answer_json(told, documents.__getitem__, 7)

    jsonschema.validate(value, ANSWER_SCHEMA)
    assert value["id"] == 7
    first, second = value["excerpts"]
    assert first["text"] == source.text[first["start"] : first["end"]]
    assert [source.text[s:e] for s, e in first["highlights"]] == ["safe"]
    assert (first["published"], first["url"]) == ("2018-11", URL)
    said, partly = first["quotations"]
    assert source.text[said["start"] : said["end"]] == "It was safe"
    assert (said["speaker"], said["role"]) == ("Cressida Dick", "Commissioner")
    assert (partly["kind"], partly["speaker"]) == ("partial", None)
    assert (second["published"], second["title"], second["quotations"]) == (None, None, [])


def test_only_the_spans_inside_an_excerpt_are_told() -> None:
    source = document("“One.”\n“Two.”")
    both = Quotation((Span(1, 5), Span(8, 12)), QuotationKind.DIRECT, _DICK)
    told = answer(excerpt(source, "“Two.”", quotations=(both,)))
    (found,) = answer_json(told, lambda _: source)["excerpts"][0]["quotations"]
    assert source.text[found["start"] : found["end"]] == "Two."


@pytest.mark.parametrize("text", ["“plain” – £", "a\x1b\x00\u2028b", "broken \ud800 half"])
def test_a_line_of_json_is_one_line_of_utf8(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line.encode()) == {"text": text}
    assert line.count("\n") == 1
    assert line.endswith("\n")


def test_other_documents_with_the_same_words_are_named_and_counted() -> None:
    source = document("Words.", publisher="The Met", published="2019")
    one, many = (replace(excerpt(source), also=also) for also in (("b",), tuple("bcdef")))
    assert shown(one, source).source == "The Met · 2019 · also in: b"
    assert shown(many, source).source == "The Met · 2019 · also in: b, c, d and 2 more"
    found = answer_json(answer(many), lambda _: source)
    assert found["excerpts"][0]["also_in"] == list("bcdef")
