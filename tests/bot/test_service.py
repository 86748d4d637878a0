"""The open index: swapped between questions, never a damaged one, from many threads."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import config
from bot.curation.curator import curator
from bot.service import Service
from corpus.document import Metadata, PartialDate, StatusKind
from corpus.draft import Draft
from corpus.errors import (
    InputError,
    JournalDamaged,
    SnapshotDamaged,
    SnapshotMissing,
    StorageError,
)
from index.quotes import QuoteQuery
from index.types import Query
from index.verdict import Finding
from tests.bot.conftest import add_document
from tests.conftest import Recorded
from tests.history import History

if TYPE_CHECKING:
    from collections.abc import Callable

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
    assert service._readers == {service._open: 0}, "it is closed once nobody reads it"


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


def history_of(tiny: TinyData) -> History:
    """A corpus with a recorded document, built, and a line that brought it."""
    history = History(tiny.documents)
    history.add("zebra", ZEBRA, front="kind: news\ntitle: Animals")
    tiny.build()
    return history


ZEBRA = 'A zebra was seen in Brixton. Bas Javid said: "We shall catch the zebra."'
ZEBRA_WORDS = "A zebra was seen in Brixton."


def seen_words(service: Service) -> set[str]:
    """Every word of every excerpt and quotation that can be had."""
    found: set[str] = set()
    with service.snapshot() as snapshot:
        for text in ("Where was the zebra seen?", "zebra", "Bas Javid Brixton", "Animals", "drugs"):
            for since in (None, date(1900, 1, 1)):
                for excerpt in snapshot.answer(Query(text, since=since, limit=10)).excerpts:
                    document = snapshot.document(excerpt.document_id)
                    found.update(document.text_at(excerpt.span).split())
        for query in (QuoteQuery(), QuoteQuery(about="zebra"), QuoteQuery(speaker="Bas Javid")):
            for quote in snapshot.quotes.find(query):
                document = snapshot.document(quote.document_id)
                found.update(document.text_at(quote.context).split())
    return found


def test_a_retraction_takes_effect_without_a_build(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    history, service = history_of(tiny), service_of()
    assert "zebra" in seen_words(service)
    history.retract("zebra", "it was a horse")
    assert "zebra" not in seen_words(service)
    with service.snapshot() as snapshot:
        verdict = snapshot.verifier.verify(ZEBRA_WORDS)
        assert verdict.finding is Finding.VERBATIM
        assert verdict.status is not None
        assert verdict.status.kind is StatusKind.RETRACTED
        assert verdict.status.reason == "it was a horse"
        assert verdict.status.changed == date(2026, 3, 3)
        source = snapshot.document("zebra")
        assert source.status == verdict.status
        assert source.text_at(verdict.places[0].spans[0]) == ZEBRA_WORDS.rstrip(".")


def test_a_correction_takes_effect_without_a_build_and_with_one(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    history, service = history_of(tiny), service_of()
    assert "zebra" in seen_words(service)
    history.correct("zebra", "A horse was seen in Brixton.", "not a zebra")
    assert "zebra" not in seen_words(service)
    for built in (False, True):
        if built:
            tiny.build()
            assert "horse" in seen_words(service)
            assert "zebra" not in seen_words(service)
        with service.snapshot() as snapshot:
            verdict = snapshot.verifier.verify(ZEBRA_WORDS)
            assert verdict.finding is Finding.VERBATIM
            assert verdict.status is not None
            assert verdict.status.kind is StatusKind.CORRECTED
            assert verdict.status.version == PartialDate(2026, 3, 1)
            assert verdict.status.now == "zebra"
            place = verdict.places[0]
            assert place.document_id == "zebra@1"
            assert {change.document_id for change in verdict.changes} <= {"zebra@1", None}
            source = snapshot.document("zebra@1")
            assert (source.id, source.status) == ("zebra@1", verdict.status)
            assert source.text_at(place.spans[0]) == ZEBRA_WORDS.rstrip(".")
            # What was said of it under its old id is not to be cut from the new text.
            known_as = snapshot.document("zebra")
            assert known_as.id == ("zebra" if built else "zebra@1")


def test_an_erasure_takes_effect_without_a_build_and_nothing_is_shown_of_it(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    history = history_of(tiny)
    history.correct("zebra", "A zebu was seen in Brixton.", "not a zebra")
    tiny.build()
    service = service_of()
    assert "zebu" in seen_words(service)
    history.erase("zebra", "order of the court")
    assert not {"zebu", "zebra"} & seen_words(service)
    with service.snapshot() as snapshot:
        for posted in (ZEBRA_WORDS, "A zebu was seen in Brixton."):
            verdict = snapshot.verifier.verify(posted)
            assert verdict.status is None
            shown = {one.document_id for one in (*verdict.places, *verdict.related)}
            assert not {"zebra", "zebra@1"} & shown
        for name in ("zebra", "zebra@1"):
            with pytest.raises(KeyError):
                snapshot.document(name)


def test_who_began_before_a_retraction_ends_as_it_began(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    history, service = history_of(tiny), service_of()
    with service.snapshot() as before:
        history.retract("zebra", "it was a horse")
        with service.snapshot() as after:
            assert not any(e.document_id == "zebra" for e in after.answer(_QUESTION).excerpts)
        found = before.answer(_QUESTION).excerpts
        assert any(e.document_id == "zebra" for e in found)
        assert before.document("zebra").text == ZEBRA


def test_hidden_documents_take_nobodys_place(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    """More passages than are ever looked at are hidden; the one behind them is found."""
    history = History(tiny.documents)
    for number in range(6):
        text = " ".join(f"The zebra zebra number {number} {n} ran." for n in range(20))
        history.add(f"herd-{number}", text)
    history.add("one", "One zebra of another herd was seen far away by a man who told nobody.")
    tiny.build()
    service = service_of()
    for number in range(6):
        history.retract(f"herd-{number}", "made up")
    found = service.answer(Query("zebra", limit=10)).excerpts
    assert "one" in {excerpt.document_id for excerpt in found}
    assert not any(excerpt.document_id.startswith("herd") for excerpt in found)


def test_what_is_at_hand_is_what_the_next_reader_gets_or_nothing(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    history, service = history_of(tiny), service_of()
    for change in (
        lambda: history.retract("zebra", "it was a horse"),
        lambda: history.add("okapi", "An okapi was seen in Brixton."),
        tiny.build,
    ):
        assert service.at_hand() is None
        with service.snapshot() as snapshot:
            assert service.at_hand() is snapshot
        assert service.at_hand() is snapshot
        change()
    assert service.at_hand() is None
    service.close()
    assert service.at_hand() is None


def test_nothing_is_at_hand_while_what_is_to_be_read_cannot_be(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    service = service_of()
    with service.snapshot() as snapshot:
        pass
    pointer = (tiny.data / "current").read_bytes()
    (tiny.data / "current").write_bytes(b"../elsewhere\n")
    assert service.at_hand() is None
    (tiny.data / "current").write_bytes(pointer)
    assert service.at_hand() is snapshot


def test_nobody_waits_for_what_is_at_hand(service_of: Callable[[], Service]) -> None:
    """Not while another opens an index, which takes long."""
    service = service_of()
    with service.snapshot():
        pass
    with service._lock:
        assert service.at_hand() is None


@pytest.mark.parametrize("spoiled", [b"garbage\n", b'{"previous": "0"}\n'])
def test_with_a_damaged_journal_nothing_is_shown_until_it_is_whole_again(
    tiny: TinyData, service_of: Callable[[], Service], spoiled: bytes
) -> None:
    """Nobody could tell what was retracted."""
    history, service = history_of(tiny), service_of()
    good = words(service)
    path = history.journal.path
    whole = path.read_bytes()
    path.write_bytes(spoiled + whole)
    for _ in range(2):
        with pytest.raises(JournalDamaged, match=r"line 1 is no entry|does not follow"):
            words(service)
    path.write_bytes(whole)
    assert words(service) == good


def test_a_journal_that_cannot_be_looked_at_is_said(
    tiny: TinyData, service_of: Callable[[], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_of()
    assert words(service)
    monkeypatch.setattr(service.library.journal, "path", tiny.documents / ("x" * 300))
    with pytest.raises(StorageError, match="cannot be read"):
        words(service)


def test_documents_put_in_by_hand_stay(tiny: TinyData, service_of: Callable[[], Service]) -> None:
    history = history_of(tiny)
    add_document(tiny.documents, "zebu", "A zebu was seen in Brixton.")
    tiny.build()
    service = service_of()
    history.retract("zebra", "it was a horse")
    assert "zebu" in seen_words(service)


SECRET = "Marmaduke Featherstonehaugh lives at 7 Quagga Mews."


def files_with(folder: Path, words: str) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()
    ]


def test_what_was_erased_is_in_no_file_once_it_is_purged(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    """Neither its first version nor its last; and a bot that has it open swaps."""
    history = History(tiny.documents)
    documents = [history.add("secret", f"{SECRET} He waited.")]
    tiny.build()
    documents.append(history.correct("secret", f"{SECRET} He slept.", "he sleeps"))
    tiny.build()
    add_document(tiny.documents, "zebra", ZEBRA)
    tiny.build()
    service = service_of()
    vectors = {kept.sha256 for kept in documents}
    with service.snapshot() as held:
        history.erase("secret", "order of the court")
        assert files_with(tiny.data, "Featherstonehaugh")
        before = kept_vectors(tiny)
        service.build(Recorded())
        service.purge(vectors)
        assert files_with(tiny.data, "Featherstonehaugh") == []
        assert files_with(tiny.data, "featherstonehaugh") == []
        assert held.answer(_QUESTION).excerpts, "what is open reads on"
    assert kept_vectors(tiny) == before - 5, "two passages, alone and together, in two versions"
    assert "zebra" in seen_words(service)
    assert [p.name for p in (tiny.data / "snapshots").iterdir()] == [tiny.store.current()]


def kept_vectors(tiny: TinyData) -> int:
    (path,) = (tiny.data / "embeddings").iterdir()
    with closing(sqlite3.connect(path)) as store:
        return int(store.execute("SELECT count(*) FROM vectors").fetchone()[0])


def test_an_index_that_cannot_be_built_without_the_erased_text_goes(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    for path in tiny.documents.glob("*.md"):
        path.unlink()
    history = History(tiny.documents)
    document = history.add("secret", SECRET)
    tiny.build()
    history.erase("secret", "order of the court")
    service = service_of()
    with pytest.raises(InputError):
        service.build(Recorded())
    service.purge((), [document])
    assert files_with(tiny.data, "Featherstonehaugh") == []
    with pytest.raises(SnapshotMissing):
        words(service)


def test_an_erased_text_that_another_document_has_is_no_reason_to_lose_the_index(
    tiny: TinyData, service_of: Callable[[], Service]
) -> None:
    history = History(tiny.documents)
    document = history.add("zebra", ZEBRA)
    tiny.build()
    history.erase("zebra", "order of the court")
    add_document(tiny.documents, "by-hand", ZEBRA)
    service = service_of()
    service.build(Recorded())
    assert "zebra" in seen_words(service)
    service.purge([document.sha256], [document])
    assert [p.name for p in (tiny.data / "snapshots").iterdir()] == [tiny.store.current()]
    assert "zebra" in seen_words(service_of())


def test_the_documents_are_ones_own_from_the_first_change_on(tmp_path: Path) -> None:
    # A file of its own: the project's names the folder of documents.
    (tmp_path / "config.toml").write_text('[paths]\ndata = "data"\n', "utf-8")
    settings = config.load(tmp_path / "config.toml", {})
    service = Service(settings)
    assert service.library.folder == settings.packaged_documents
    name = curator(settings, "somebody").add(Draft(Metadata("news"), "Words of our own.", "a.md"))
    assert service.library.folder == settings.own_documents
    assert service.library.get(name).text == "Words of our own."
    service.close()
