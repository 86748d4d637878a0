"""What was said when: found and listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import jsonschema
import pytest

from bot.pictures.timeline import KINDS, picture
from bot.timeline import (
    Entry,
    Timeline,
    heading,
    lines,
    timeline,
    timeline_json,
)
from corpus.document import Document, Metadata, PartialDate, Span
from corpus.errors import InputError
from corpus.quotations.types import Speaker
from index.permalink import permalink
from index.types import Query
from tests.small_index import document as small
from tests.small_index import index_of

if TYPE_CHECKING:
    from index.opened import OpenSnapshot

ENTRY = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "document", "start", "end", "text", "published", "kind", "publisher", "title", "url",
        "sha256", "permalink", "speaker", "role", "organisation",
    ],
    "properties": {
        "document": {"type": "string"},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 1},
        "text": {"type": "string", "minLength": 1},
        "kind": {"enum": list(KINDS)},
        "sha256": {"pattern": "^[0-9a-f]{64}$"},
        "permalink": {"pattern": "^mq-"},
    }
    | {
        key: {"type": ["string", "null"]}
        for key in ("published", "publisher", "title", "url", "speaker", "role", "organisation")
    },
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "topic", "undated_left_out", "more", "entries"],
    "properties": {
        "schema": {"const": 1},
        "topic": {"type": "string"},
        "undated_left_out": {"type": "integer"},
        "more": {"type": "integer"},
        "entries": {"type": "array", "items": ENTRY},
    },
}
LOCUSTS = (
    small("may", "Locusts were seen in May.", published="2021-05"),
    small("day", "He saw locusts himself.", published="2021-04-30", publisher="The Herald"),
    small("year", "“Locusts are here,” said Ada Brook.", published="2019"),
    small("undated", "Locusts are no concern of the police."),
    small("tea", "Biscuits were served with tea.", published="2020-01-01"),
    small("titled", "Locusts\n\nMore locusts came.", published="2022-02-02", title="Locusts"),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> OpenSnapshot:
    """What a timeline asks of an open snapshot, over a small index."""
    index = index_of(tmp_path_factory.mktemp("locusts"), LOCUSTS)
    return SimpleNamespace(  # type: ignore[return-value]
        searcher=index.searcher,
        catalogue=index.catalogue,
        encoder=index.encoder,
        document=index.catalogue.document,
    )


def about(snapshot: OpenSnapshot, topic: str = "locusts", **options: object) -> Timeline:
    query = replace(Query(topic, limit=40), **options)  # type: ignore[arg-type]
    return timeline(snapshot, query)


def names(found: Timeline) -> list[str]:
    return [entry.document_id for entry in found.entries]


def test_documents_on_the_topic_are_in_order_of_date_the_undated_last(
    snapshot: OpenSnapshot,
) -> None:
    found = about(snapshot)
    assert names(found) == ["year", "day", "may", "titled", "undated"]
    assert [entry.document_id for entry in found.undated] == ["undated"]
    assert (found.topic, found.undated_left_out, found.more) == ("locusts", 0, 0)
    assert heading(found) == "5 documents, 1 of them undated"


def test_an_entry_is_a_passage_of_its_document_and_who_said_it(snapshot: OpenSnapshot) -> None:
    for entry in about(snapshot).entries:
        document = snapshot.document(entry.document_id)
        assert "ocusts" in document.text_at(entry.span)
        assert document.text_at(entry.span) != document.metadata.title
        assert (entry.published, entry.kind) == (
            document.metadata.published, document.metadata.kind
        )  # fmt: skip


def test_a_date_filter_counts_the_undated_it_leaves_out(snapshot: OpenSnapshot) -> None:
    found = about(snapshot, since=date(2021, 1, 1), until=date(2021, 12, 31))
    assert names(found) == ["day", "may"]
    assert found.undated_left_out == 1
    assert heading(found) == "2 documents; 1 undated left out by the date filter"


def test_a_limit_keeps_the_most_relevant_and_counts_the_others(snapshot: OpenSnapshot) -> None:
    found = about(snapshot, limit=2)
    assert (len(found.entries), found.more) == (2, 3)
    assert "3 less relevant not shown" in heading(found)


def test_a_topic_of_which_nothing_speaks_is_an_empty_timeline(snapshot: OpenSnapshot) -> None:
    found = about(snapshot, "xylophones")
    assert found.entries == ()
    assert heading(found) == "No document"
    with pytest.raises(InputError, match="nothing to draw"):
        picture(found, snapshot.document)


@pytest.mark.parametrize("topic", ["", " ", "x" * 5_000])
def test_a_topic_that_is_none_is_refused(snapshot: OpenSnapshot, topic: str) -> None:
    with pytest.raises(InputError):
        about(snapshot, topic)


def test_the_json_has_slices(snapshot: OpenSnapshot) -> None:
    value = timeline_json(about(snapshot), snapshot.document)
    jsonschema.validate(value, SCHEMA)
    for entry in value["entries"]:
        document = snapshot.document(entry["document"])
        assert document.text[entry["start"] : entry["end"]] == entry["text"]
        assert entry["permalink"] == permalink(document, Span(entry["start"], entry["end"]))


def made(*documents: Document, speaker: Speaker | None = None) -> Timeline:
    """A timeline of the whole of each document, in the order given."""
    entries = (
        Entry(
            one.id, Span(0, len(one.text)), one.metadata.published, one.metadata.kind,
            one.metadata.publisher, speaker,
        )
        for one in documents
    )  # fmt: skip
    return Timeline("the topic", tuple(entries))


def document(
    name: str,
    published: str | None = "2020-06-26",
    *,
    text: str = "Words.",
    title: str | None = "A title",
    publisher: str | None = None,
    kind: str = "news",
) -> Document:
    when = PartialDate.parse(published) if published else None
    metadata = Metadata(kind, title, when, publisher)  # type: ignore[arg-type]
    return Document.of(name, metadata, text)


def test_a_listed_entry_says_when_what_and_who() -> None:
    one = document("a", "2020-06", publisher="The Met")
    (entry,) = made(one, speaker=Speaker("Ada Brook", "Chief")).entries
    assert lines(entry, one) == (
        "June 2020 · news · The Met · A title", "Words.", "— Ada Brook, Chief",
        permalink(one, entry.span),
    )  # fmt: skip
    bare = document("b", None, title=None)
    assert lines(made(bare).entries[0], bare)[0] == (
        "date unknown · news · publisher unknown · Words."
    )
