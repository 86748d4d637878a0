"""What several rooms' tests share: the starter documents, and indexes of them.

Exporting the real encoder takes half a minute, so that it is done once a session, by whichever
worker comes first, and everybody else waits and reads.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from corpus.library import Library
from index.answer import AnswerSettings
from index.build import build
from index.model import DEFAULT_MODEL
from index.opened import OpenSnapshot
from index.snapshot import SnapshotStore
from tests import tiny_model
from tests.postgres import NoPostgres, programs, serving
from tests.small_index import SmallIndex, index_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.document import Document
    from tests.postgres import Server

ROOT = Path(__file__).parent.parent
STARTER = ROOT / "corpus" / "documents"
# The modules that take longest, the longest first: begun last, one would keep one worker alone.
# (The second makes `starter_data`, and the first, beside it, needs none.)
_LONG = """
bot/discord/test_every_command.py bot/discord/test_about.py crash/test_killed.py
corpus/test_bad_files.py
bot/discord/test_hostile_everywhere.py bot/discord/test_life.py bot/discord/test_corpus.py
bot/state/test_processes.py bot/discord/test_trouble.py bot/discord/test_turning.py
""".split()
# Tests start hundreds of processes; without bytecode each would compile the program again. The
# workers of pytest-xdist are started after this, and keep theirs too.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Slow machines are no failures, and the same examples are tried in every run.
settings.register_profile(
    "metquote",
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("metquote")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long modules; leave the others in the order that they have."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(_LONG)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@dataclass
class Recorded:
    """An `index.types.Progress` that keeps what it was told."""

    stages: list[str] = field(default_factory=list)
    totals: list[int | None] = field(default_factory=list)
    steps: int = 0

    def stage(self, name: str, total: int | None = None) -> None:
        self.stages.append(name)
        self.totals.append(total)

    def advance(self, steps: int = 1) -> None:
        self.steps += steps


@dataclass(frozen=True, slots=True)
class TinyData:
    """A data folder with an index by the tiny model, a private copy of a test."""

    data: Path
    documents: Path
    model: Path

    @property
    def store(self) -> SnapshotStore:
        return SnapshotStore(self.data)

    @property
    def snapshot(self) -> Path:
        """The folder of the snapshot in use."""
        return self.store.folder(self.store.current())

    def build(self, reranker: str = "") -> str:
        """Build, and say the id that is in use then."""
        library = Library(self.documents)
        built = build(library, self.store, str(self.model), Recorded(), reranker=reranker)
        return built.manifest.id

    def open(self) -> OpenSnapshot:
        return OpenSnapshot(self.store, self.store.current(), AnswerSettings())


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of the session."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def made_once(folder: Path) -> Iterator[bool]:
    """Whether ``folder`` is still to be made, by the caller, while the other workers wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.parent / f"{folder.name}.done"
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def postgres(shared_folder: Path) -> Iterator[Server]:
    """A PostgreSQL server of this worker's own."""
    try:
        # One worker may have to install it, and the other waits.
        with made_once(shared_folder / "postgres-programs"):
            binaries = programs()
        with serving(binaries) as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def starter_documents() -> dict[str, Document]:
    """The four documents that come with the program, by id."""
    return {document.id: document for document in Library(STARTER).read().documents}


@pytest.fixture(scope="session")
def starter_data(shared_folder: Path) -> Path:
    """A data folder with the real encoder's index of the starter documents. Not to be changed.

    ``models`` in it holds the export, ``embeddings`` the vectors: a test that builds with the
    real encoder copies it (see `copied`) and need not wait.
    """
    data = shared_folder / "starter-data"
    with made_once(data) as to_make:
        if to_make:
            build(Library(STARTER), SnapshotStore(data), DEFAULT_MODEL, Recorded())
    return data


@pytest.fixture(scope="session")
def starter(starter_data: Path) -> Iterator[OpenSnapshot]:
    """The real encoder's index of the starter documents, open."""
    store = SnapshotStore(starter_data)
    opened = OpenSnapshot(store, store.current(), AnswerSettings())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def stub_starter(
    tmp_path_factory: pytest.TempPathFactory, starter_documents: dict[str, Document]
) -> SmallIndex:
    """The stub encoder's index of the starter documents."""
    return index_of(tmp_path_factory.mktemp("stub-starter"), starter_documents.values())


@pytest.fixture(scope="session")
def _tiny_built(tmp_path_factory: pytest.TempPathFactory) -> TinyData:
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copytree(STARTER, folder / "documents")
    source = tiny_model.write_model(folder / "model")
    tiny_model.write_export(source, folder / "data" / "models")
    tiny = TinyData(folder / "data", folder / "documents", source)
    tiny.build()
    return tiny


@pytest.fixture
def tiny(_tiny_built: TinyData, tmp_path: Path) -> TinyData:
    """A copy of a built data folder and of the starter documents, to be changed at will."""
    shutil.copytree(_tiny_built.data, tmp_path / "data")
    shutil.copytree(_tiny_built.documents, tmp_path / "documents")
    return TinyData(tmp_path / "data", tmp_path / "documents", _tiny_built.model)


def copied(data: Path, target: Path) -> Path:
    """A copy of a data folder by hard links: files may be replaced in it, not written into."""
    shutil.copytree(data, target, copy_function=os.link)
    return target
