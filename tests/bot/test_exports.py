"""Found quotations as files: every word exact, and no cell a formula."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exports import FORMATS, export, record
from bot.pages import DATE_UNKNOWN
from corpus.document import Document, Metadata, PartialDate, Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.permalink import parse, permalink
from index.quotes import FoundQuote
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE
from tests.bot.found import BROOK, found

COLUMNS = (
    "quote speaker role organisation published title publisher kind context paragraph url document "
    "start end confidence sha256 permalink"
).split()
_FORMULAS = {
    "equals": "=1+1",
    "command": "=cmd|' /C calc'!A0",
    "link": '=HYPERLINK("https://evil.example","x")',
    "plus": "+1",
    "minus": "-2+3",
    "at": "@SUM(1+1)*cmd",
    "tab": "\t=1+1",
    "carriage return": "\r=1+1",
    "line feed": "\n=1+1",
    "full-width equals": "＝1+1",
    "full-width plus": "＋1",
    "full-width minus": "－1",
    "full-width at": "＠SUM(1)",
}
_PLAIN = [
    "a=1",
    "'=1",
    '"=1',
    " =1",
    "1-2",
    "“=1”",
    "—",
    "a\n=1",
    "a,b;c",
    'say "so"',
    "é 🚔",
    "x\r\ny",
]
RECORD = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema", "document", "spans", "text", "kind", "speaker", "role", "organisation",
        "speaker_mention", "cue", "confidence", "context", "context_span", "title", "published",
        "publisher", "url", "sha256", "paragraph", "paragraph_span", "permalink",
    ],
    "properties": {
        "schema": {"const": 1},
        "kind": {"enum": ["direct", "partial", "term"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "spans": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/span"}},
        "context_span": {"$ref": "#/$defs/span"},
        "paragraph_span": {"$ref": "#/$defs/span"},
        "permalink": {"pattern": "^mq-[0-9a-f]{16}-[0-9]+-[0-9]+-[0-9a-z]{6}$"},
        "sha256": {"pattern": "^[0-9a-f]{64}$"},
    }
    | {
        key: {"type": "string", "minLength": 1}
        for key in ("document", "text", "context", "paragraph")
    }
    | {
        key: {"type": ["string", "null"]}
        for key in (
            "speaker", "role", "organisation", "speaker_mention", "cue", "title", "published",
            "publisher", "url",
        )
    },
    "$defs": {
        "span": {
            "type": "array", "minItems": 2, "maxItems": 2,
            "items": {"type": "integer", "minimum": 0},
        },
    },
}  # fmt: skip


def written(kind: str, *pairs: tuple[FoundQuote, Document]) -> str:
    documents = {source.id: source for _, source in pairs}
    return export([one for one, _ in pairs], documents.__getitem__, kind)


def rows(text: str) -> list[dict[str, str]]:
    """What a spreadsheet reads of a file, by column."""
    content = text.encode("utf-8")
    assert content.startswith(b"\xef\xbb\xbf")
    stream = io.StringIO(content.decode("utf-8-sig"), newline="")
    header, *lines = csv.reader(stream, strict=True)
    assert header == COLUMNS
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


def plain(cell: str) -> str:
    """A cell without the guard before a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in set("=+-@\t\r\n＝＋－＠") else cell


SPLIT = document(
    "First. “It began,” she said, “and\nit ended.” Last.",
    name="split",
    published="2024-08",
    title="A title",
    publisher="The Met",
    url=URL,
)
PAIR = found(SPLIT, "It began,", "and\nit ended.", context="“It began,” she said, “and\nit ended.”")


def test_a_csv_has_every_field_of_a_quotation() -> None:
    (row,) = rows(written("csv", (PAIR, SPLIT)))
    assert row == {
        "quote": "It began,\n\nand\nit ended.",
        "speaker": "Dame Ada Brook",
        "role": "Commissioner",
        "organisation": "Harbour Police",
        "published": "2024-08",
        "title": "A title",
        "publisher": "The Met",
        "kind": "direct",
        "context": "“It began,” she said, “and\nit ended.”",
        "paragraph": SPLIT.text,
        "url": URL,
        "document": "split",
        "start": "8",
        "end": str(SPLIT.text.index("it ended.") + len("it ended.")),
        "confidence": "0.5",
        "sha256": SPLIT.sha256,
        "permalink": permalink(SPLIT, Span(8, SPLIT.text.index("it ended.") + len("it ended."))),
    }


def test_what_is_unknown_is_empty_and_an_unknown_date_says_so() -> None:
    source = document("Words.", name="bare")
    (row,) = rows(written("csv", (found(source, speaker=None), source)))
    empty = {name for name, cell in row.items() if cell == ""}
    assert empty == {"speaker", "role", "organisation", "title", "publisher", "url"}
    assert row["published"] == DATE_UNKNOWN


def with_text(text: str, *, url: str = URL) -> tuple[FoundQuote, Document]:
    """A quotation whose every field that a document gives is ``text``."""
    metadata = Metadata("news", title=text, publisher=text, url=url, published=PartialDate(2020))
    source = Document.of(text.strip() or "id", metadata, text)
    source = Document(text, metadata, source.text, source.sha256)
    return found(source, speaker=Speaker(text, text, text)), source


@pytest.mark.parametrize("formula", _FORMULAS.values(), ids=_FORMULAS.keys())
def test_no_cell_is_a_formula(formula: str) -> None:
    (row,) = rows(written("csv", with_text(formula, url=formula)))
    columns = (
        "quote", "speaker", "role", "organisation", "title", "publisher", "context", "paragraph",
        "url", "document",
    )  # fmt: skip
    for column in columns:
        assert row[column] == "'" + formula, column
    assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in row.values())


@pytest.mark.parametrize("text", [*_PLAIN, *HOSTILE.values()])
def test_every_other_cell_is_as_it_was(text: str) -> None:
    pair = with_text(text)
    (row,) = rows(written("csv", pair))
    for column in ("quote", "speaker", "title", "publisher", "context"):
        assert row[column] == ("'" + text if text.startswith(("-", "+", "@")) else text)
    values = json.loads(written("json", pair))[0]
    assert (values["text"], values["title"], values["speaker"]) == (text, text, text)


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_found_is_a_file_that_opens(kind: str) -> None:
    text = written(kind)
    if kind == "csv":
        assert rows(text) == []
    elif kind == "json":
        assert json.loads(text) == []
    else:
        assert text == ""


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'xlsx' is none of csv, json, jsonl, md"):
        export([], lambda _: SPLIT, "xlsx")


def test_json_and_its_lines_say_the_same() -> None:
    other = document("“Yes.”", name="other")
    pairs = [(PAIR, SPLIT), (found(other, "Yes.", speaker=None), other)]
    values = json.loads(written("json", *pairs))
    lines = written("jsonl", *pairs)
    assert [json.loads(line) for line in lines.splitlines()] == values
    assert lines.count("\n") == 2
    for value in values:
        jsonschema.validate(value, RECORD)
    assert values[0]["text"] == "It began,\n\nand\nit ended."
    assert values[0]["spans"] == [[s.start, s.end] for s in PAIR.quotation.spans]
    assert values[1]["speaker"] is values[1]["published"] is None


def test_the_mention_and_the_cue_are_slices() -> None:
    quotation = Quotation(
        (Span(8, 17),), QuotationKind.DIRECT, BROOK, Span(19, 22), Span(23, 27), 0.123456
    )
    values = record(FoundQuote("split", quotation, Span(0, 10)), SPLIT)
    assert (values["speaker_mention"], values["cue"]) == ("she", "said")
    assert values["confidence"] == 0.1235
    jsonschema.validate(values, RECORD)


def test_markdown_has_the_exact_words_as_a_quoted_block() -> None:
    other = document("“*Yes* # & <b>.”", name="other")
    text = written("md", (PAIR, SPLIT), (found(other, "*Yes* # & <b>.", speaker=None), other))
    first, second = text.split("\n\n\n") if "\n\n\n" in text else text.split("\n> *Yes*")
    end = SPLIT.text.index("it ended.") + len("it ended.")
    assert first.startswith(
        "> It began,\n>\n> and\n> it ended.\n\n— **Dame Ada Brook, Commissioner"
    )
    assert f"(split 8–{end})" in first
    assert "*A title · The Met · August 2024*" in first
    assert f"<{URL}#:~:text=It%20began%2C>" in first
    assert "> *Yes* # & <b>.\n\n— **speaker not named**" in text
    assert DATE_UNKNOWN in second


def test_markdown_has_the_paragraph_the_hash_and_the_permalink() -> None:
    text = written("md", (PAIR, SPLIT))
    end = SPLIT.text.index("it ended.") + len("it ended.")
    assert f"`{permalink(SPLIT, Span(8, end))}` · sha256 `{SPLIT.sha256}`" in text
    assert text.endswith("\n\nIn:\n\n> First. “It began,” she said, “and\n> it ended.” Last.\n")
    whole = document("All of it.", name="whole")
    assert "In:" not in written("md", (found(whole), whole))


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@st.composite
def quotations(draw: st.DrawFn) -> tuple[FoundQuote, Document]:
    """Spans of any text, in order, and a context around them."""
    source = document(draw(_WORDS), name="any", title=draw(st.none() | _WORDS))
    cuts = st.integers(0, len(source.text))
    at = sorted(draw(st.sets(cuts, min_size=2, max_size=6)))
    spans = [Span(*pair) for pair in zip(at[::2], at[1::2], strict=False)]
    around = Span(draw(st.integers(0, at[0])), draw(st.integers(at[-1], len(source.text))))
    name = draw(st.none() | _WORDS)
    speaker = None if name is None else Speaker(name, draw(st.none() | _WORDS))
    kind = draw(st.sampled_from(QuotationKind))
    return FoundQuote("any", Quotation(tuple(spans), kind, speaker), around), source


@settings(max_examples=60)
@given(quotations())
def test_every_export_has_the_slices(pair: tuple[FoundQuote, Document]) -> None:
    one, source = pair
    text = source.text
    slices = [text[span.start : span.end] for span in one.quotation.spans]
    for kind in ("json", "jsonl"):
        read: Any = json.loads(written(kind, pair))
        value = read[0] if kind == "json" else read
        jsonschema.validate(value, RECORD)
        assert [text[start:end] for start, end in value["spans"]] == slices
        assert value["text"] == "\n\n".join(slices)
        start, end = value["context_span"]
        assert value["context"] == text[start:end]
        start, end = value["paragraph_span"]
        assert value["paragraph"] == text[start:end]
        cited = parse(value["permalink"]).span
        assert source.text_at(cited).startswith(slices[0])
        assert source.text_at(cited).endswith(slices[-1])
        assert start <= cited.start < cited.end <= end
        assert value["title"] == source.metadata.title
    (row,) = rows(written("csv", pair))
    for column, words in (("quote", value["text"]), ("context", value["context"])):
        assert row[column] in (words, "'" + words)
        assert (row[column] != words) == words.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert text[int(row["start"]) : int(row["end"])].startswith(slices[0])
    block = "".join(f"> {line}\n" for line in slices[0].split("\n"))
    assert written("md", pair).startswith(block)
