"""One new document in a large corpus: how long until it is found, and what a build costs.

    python benchmarks/growing.py [--passages N] [--sample N] [--texts FILE]

A bot answers questions without pause in a process of its own while another adds a document and
builds. The large corpus is made of the starter documents with some of their words replaced, or of
the paragraphs of FILE (one a line); its vectors are random and lie in the cache before, so that
its builds encode nothing. The new document, and the sample that tells the share of encoding, are
encoded by the real encoder.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.config import PathSettings, Settings  # noqa: E402 - the repository is no package
from bot.service import Service  # noqa: E402
from corpus.errors import MetquoteError  # noqa: E402
from corpus.formats import markdown  # noqa: E402
from corpus.journal import Action, Entry  # noqa: E402
from corpus.library import Library  # noqa: E402
from index import model  # noqa: E402
from index.embeddings import EmbeddingCache  # noqa: E402
from index.passages import around, passages  # noqa: E402
from index.types import Query  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from corpus.document import Document

_NEW = "A zebra called Quagga was led out of Brixton Underground station by two officers."
_QUESTION = "Where was the zebra called Quagga led out?"
_OTHERS = ("What did the Met say about armed patrols?", "Who was injured in Brixton?")
_PATIENCE_SECONDS = 300
_PARAGRAPHS = 12


class Timed:
    """Progress that keeps how long each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._since = "", time.perf_counter()

    def stage(self, name: str, total: int | None = None) -> None:  # noqa: ARG002 - the protocol's
        """Another stage begins."""
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
        self._name, self._since = name, now

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""


class StandIn:
    """Random unit vectors in place of a text's own."""

    def __init__(self, dimension: int) -> None:
        self.dimension, self._random = dimension, np.random.default_rng(20240809)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, d), float32, unit rows."""
        found = self._random.standard_normal((len(texts), self.dimension)).astype(np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Shape (d,)."""
        return np.asarray(self.encode([text])[0], dtype=np.float32)

    def knows(self, word: str) -> bool:  # noqa: ARG002 - the protocol's
        """No word."""
        return False


def service_of(folder: Path) -> Service:
    """A service over the corpus in ``folder``."""
    return Service(Settings(ROOT, PathSettings(str(folder / "documents"), str(folder / "data"))))


def texts_of(given: Path | None) -> Iterator[str]:
    """Texts without end for documents that are all different."""
    if given is None:
        from benchmarks.verify import varied  # noqa: PLC0415 - a neighbour

        yield from (document.text for document in varied())
        return
    with given.open(encoding="utf-8") as lines:
        paragraphs = (line.strip() for line in lines if line.strip())
        while some := list(islice(paragraphs, _PARAGRAPHS)):
            yield "\n\n".join(some)


def write_corpus(folder: Path, count: int, given: Path | None) -> list[Document]:
    """Documents of ``count`` passages at least, each with its line in the journal."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    library, found, rows = Library(documents), [], 0
    entries = []
    for number, text in enumerate(texts_of(given)):
        name = f"release-{number:06}"
        content = f"---\nkind: news\ntitle: Release {number}\n---\n{text}\n".encode()
        (documents / f"{name}.md").write_bytes(content)
        document = markdown.parse(name, content)
        entries.append(entry_of(document, content))
        found.append(document)
        rows += len(passages(document))
        if rows >= count:
            break
    library.journal.append(*entries)
    return found


def entry_of(document: Document, content: bytes) -> Entry:
    """The journal's line about a new document."""
    return Entry(
        datetime.now(UTC),
        "benchmark",
        Action.ADDED,
        document.id,
        f"{document.id}.md",
        sha256(content).hexdigest(),
        document.sha256,
    )


def fill_cache(service: Service, documents: Sequence[Document]) -> None:
    """Put a random vector into the cache for everything that a build would encode."""
    folder = model.locate(service.settings.encoder.model)
    model.exported(folder, service.store.data / "models", announce=print)
    cache = EmbeddingCache(service.store.data / "embeddings", model.fingerprint(folder))
    found = [(document, passages(document)) for document in documents]
    texts = [
        document.text_at(span)
        for document, some in found
        for at, passage in enumerate(some)
        for span in (passage.span, around(some, at))
    ]
    cache.encode(StandIn(384), texts, lambda _: None)


def build(folder: Path) -> dict[str, float]:
    """Build in this process: seconds by stage."""
    timed = Timed()
    service_of(folder).build(timed)
    timed.stage("")
    return timed.seconds


def ask(folder: Path) -> None:
    """Ask without pause until the new document is found, then some more; print what was met."""
    service, until = service_of(folder), None
    asked = failed = 0
    slowest, found_at = 0.0, None
    while until is None or time.time() < until:
        for question in (_QUESTION, *_OTHERS):
            began = time.perf_counter()
            asked += 1
            try:
                answer = service.answer(Query(question))
            except MetquoteError as error:
                print(error, file=sys.stderr)
                failed += 1
                continue
            slowest = max(slowest, time.perf_counter() - began) if asked > len(_OTHERS) else 0.0
            if until is None and any(e.document_id == "a-zebra" for e in answer.excerpts):
                found_at, until = time.time(), time.time() + 2
        if asked == 3:  # noqa: PLR2004 - one of each
            print("ready", flush=True)
    met = {"asked": asked, "failed": failed, "slowest": slowest, "found_at": found_at}
    print(json.dumps(met))


def grow(folder: Path) -> dict[str, float]:
    """Add a document beside a running bot: what the bot met, and the stages of the build."""
    script = str(Path(__file__))
    with subprocess.Popen(
        [sys.executable, script, "ask", str(folder)], stdout=subprocess.PIPE, text=True
    ) as bot:
        if bot.stdout is None or bot.stdout.readline() != "ready\n":
            raise RuntimeError("the bot does not answer")
        content = f"---\nkind: news\ntitle: A zebra\n---\n{_NEW}\n".encode()
        (folder / "documents" / "a-zebra.md").write_bytes(content)
        library = Library(folder / "documents")
        began = time.time()
        library.journal.append(entry_of(markdown.parse("a-zebra", content), content))
        builder = subprocess.run(
            [sys.executable, script, "build", str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        built = time.time()
        met = json.loads(bot.communicate(timeout=_PATIENCE_SECONDS)[0])
    stages = json.loads(builder.stdout.splitlines()[-1])
    return {
        "found after, s": met["found_at"] - began,
        "build process, s": built - began,
        **{f"  {name}, s": seconds for name, seconds in stages.items()},
        "questions asked meanwhile": met["asked"],
        "questions failed": met["failed"],
        "slowest question, s": met["slowest"],
    }


def main() -> None:
    """Measure and print the table."""
    if len(sys.argv) > 1 and sys.argv[1] in ("ask", "build"):
        command, folder = sys.argv[1:]
        if command == "ask":
            ask(Path(folder))
        else:
            print(json.dumps(build(Path(folder))))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=1_000, help="passages that are encoded")
    parser.add_argument("--texts", type=Path, help="a file of paragraphs, one a line")
    options = parser.parse_args()
    table = Table("what", "value", box=None, padding=(0, 2, 0, 0))
    with tempfile.TemporaryDirectory() as temporary:
        _share(table, Path(temporary) / "sample", options)
        _large(table, Path(temporary) / "large", options)
    Console(width=100).print(table)


def _share(table: Table, folder: Path, options: argparse.Namespace) -> None:
    """The share of encoding in a build from nothing, by the real encoder."""
    write_corpus(folder, options.sample, options.texts)
    service = service_of(folder)
    found = model.locate(service.settings.encoder.model)
    model.exported(found, service.store.data / "models", announce=print)
    stages = build(folder)
    encoding, whole = stages["encoding passages"], sum(stages.values())
    table.add_row(f"{options.sample:,} passages from nothing, s", f"{whole:.1f}")
    table.add_row("  share of encoding", f"{encoding / whole:.1%}")


def _large(table: Table, folder: Path, options: argparse.Namespace) -> None:
    """What a build costs but for encoding, at two sizes; then one document more."""
    documents = write_corpus(folder, options.passages, options.texts)
    service = service_of(folder)
    shutil.copytree(folder.parent / "sample" / "data" / "models", folder / "data" / "models")
    fill_cache(service, documents)
    aside = folder / "aside"
    aside.mkdir()
    half = documents[len(documents) // 2 :]
    names = [folder / "documents" / f"{document.id}.md" for document in half]
    journal = service.library.journal.path
    shutil.move(journal, aside / journal.name)
    for path in names:
        shutil.move(path, aside / path.name)
    first = sum(build(folder).values())
    few = service.store.manifest(service.store.current()).passages
    shutil.rmtree(folder / "data" / "snapshots")
    (folder / "data" / "current").unlink()
    for path in names:
        shutil.move(aside / path.name, path)
    shutil.move(aside / journal.name, journal)
    stages = build(folder)
    second = sum(stages.values())
    many = service.store.manifest(service.store.current()).passages
    for count, took in ((few, first), (many, second)):
        table.add_row(
            f"{count:,} passages, vectors kept, s", f"{took:.1f} ({1e6 * took / count:.0f} µs each)"
        )
    for name, seconds in stages.items():
        table.add_row(f"  {name}, s", f"{seconds:.2f}")
    table.add_row(f"one document more than {len(documents):,} (random vectors)", "")
    for name, value in grow(folder).items():
        table.add_row(name, f"{value:,.4g}")


if __name__ == "__main__":
    main()
