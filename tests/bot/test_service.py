"""The open index: swapped between questions, never a damaged one, from many threads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import SnapshotDamaged, SnapshotMissing
from index.types import Query
from tests.bot.conftest import add_document
from tests.conftest import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service
    from tests.conftest import TinyData

_QUESTION = Query("Where was the zebra seen?", limit=10)
_QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"


def words(service: Service, query: Query = _QUESTION) -> list[str]:
    with service.snapshot() as snapshot:
        return [
            snapshot.document(excerpt.document_id).text_at(excerpt.span)
            for excerpt in snapshot.answer(query).excerpts
        ]


def add_zebra(tiny: TinyData) -> str:
    add_document(tiny.documents, "zebra", "A zebra was seen in Brixton.")
    return tiny.build()


def damage(tiny: TinyData, snapshot_id: str) -> None:
    """Flip a bit of the catalogue, in a file of its own."""
    path = tiny.store.folder(snapshot_id) / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_a_new_index_is_used_from_the_next_question_on(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    service = service_of()
    assert "A zebra was seen in Brixton." not in words(service)
    add_zebra(tiny)
    assert "A zebra was seen in Brixton." in words(service)


def test_a_reader_keeps_the_index_it_began_with(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    service = service_of()
    with service.snapshot() as before:
        documents = before.catalogue.document_ids()
        add_zebra(tiny)
        with service.snapshot() as after:
            assert after.manifest.id != before.manifest.id
            assert "zebra" in after.catalogue.document_ids()
        assert before.catalogue.document_ids() == documents
        assert before.answer(_QUESTION).excerpts
    assert before not in service._readers, "it is closed once nobody reads it"


def test_readers_are_not_disturbed_by_swaps(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    service = service_of()
    with ThreadPoolExecutor(4) as pool:
        before = [pool.submit(words, service) for _ in range(8)]
        add_zebra(tiny)
        after = [pool.submit(words, service) for _ in range(8)]
        assert all(one.result() for one in before)
        assert all("A zebra was seen in Brixton." in one.result() for one in after)


def test_a_damaged_new_index_is_not_served(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    service = service_of()
    good = words(service)
    damage(tiny, add_zebra(tiny))
    assert words(service) == good
    with pytest.raises(SnapshotDamaged, match=r"catalogue\.sqlite"):
        words(service_of())


@pytest.mark.parametrize(
    "pointer", [b"", b"../elsewhere\n", b"\xff\xfe", b"0123456789abcdef\n", None]
)
def test_an_open_index_outlives_a_spoiled_pointer(
    tiny: TinyData, service_of: Callable[[], Service], pointer: bytes | None
) -> None:
    service = service_of()
    good = words(service)
    if pointer is None:
        (tiny.data / "current").unlink()
    else:
        (tiny.data / "current").write_bytes(pointer)
    assert words(service) == good
    with pytest.raises((SnapshotDamaged, SnapshotMissing)):
        words(service_of())


def test_an_index_that_is_current_is_not_built_again(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    progress = Recorded()
    assert service_of().ensure(progress) is None
    assert progress.stages == []
    assert tiny.store.current()


def spoil_manifest(tiny: TinyData, **values: object) -> None:
    path = tiny.snapshot / "manifest.json"
    changed = json.loads(path.read_text("utf-8")) | values
    path.unlink()
    path.write_text(json.dumps(changed), "utf-8")


@pytest.mark.parametrize(
    "trouble", ["changed", "missing", "flipped", "truncated", "foreign", "gone"]
)
def test_what_cannot_be_used_is_built_again_and_answers(
    tiny: TinyData, service_of: Callable[[], Service], trouble: str
) -> None:
    good = words(service_of())
    if trouble == "changed":
        add_document(tiny.documents, "zebra", "A zebra was seen in Brixton.")
    elif trouble == "missing":
        (tiny.data / "current").unlink()
    elif trouble == "flipped":
        damage(tiny, tiny.store.current())
    elif trouble == "truncated":
        path = tiny.snapshot / "dense.faiss"
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[:-10])
    elif trouble == "foreign":
        spoil_manifest(tiny, schema=999)
    else:
        (tiny.snapshot / "catalogue.sqlite").unlink()
    service = service_of()
    built = service.ensure(Recorded())
    assert built is not None
    assert built.is_new == (trouble != "missing"), "a whole index is put in use again as it is"
    found = words(service)
    assert "A zebra was seen in Brixton." in found if trouble == "changed" else found == good


def test_fifty_at_once_are_answered_as_one_by_one(service_of: Callable[[], Service]) -> None:
    lines = _QUESTIONS.read_text("utf-8").splitlines()[:50]
    queries = [Query(json.loads(line)["question"]) for line in lines]
    service = service_of()
    one_by_one = [service.answer(query) for query in queries]
    with ThreadPoolExecutor(50) as pool:
        at_once = list(pool.map(service.answer, queries))
    assert at_once == one_by_one
    assert sum(len(answer.excerpts) for answer in at_once) > 100


def test_closing_waits_for_readers(service_of: Callable[[], Service]) -> None:
    service = service_of()
    with service.snapshot() as snapshot:
        service.close()
        assert snapshot.answer(_QUESTION).excerpts
    service.close()
    assert words(service), "a closed service opens again when asked"
