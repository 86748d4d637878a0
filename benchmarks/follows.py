"""How long it takes to match followed topics against one new announcement.

    python benchmarks/follows.py [--follows 10000] [--all]

The corpus is that of the starter documents, the new announcement one of them, the encoder the
real one. Topics are two to four words of the documents' vocabulary and of invented words, no two
alike. What is timed is all that happens between the new index and the outbox: the topics and the
announcement's passages compared, and every message planned in the database. Topics are encoded
once a process, before there is news; how long that takes is a line of its own. ``--all`` follows
one word of the announcement everywhere, so that every follow matches: the worst case.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.config import PathSettings, Settings  # noqa: E402 - the repository is no package
from bot.discord.journal import JournalReader  # noqa: E402
from bot.service import Service  # noqa: E402
from bot.state import State  # noqa: E402
from bot.state.digests import Mode  # noqa: E402
from bot.state.tables import deliveries, follows  # noqa: E402
from corpus.library import Library  # noqa: E402
from index.words import STOPWORDS, words  # noqa: E402
from tests.postgres import NoPostgres, programs, serving  # noqa: E402
from tests.recorded import RecordedCorpus  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEED = 20240809
_NEW = "extra-officers-after-brixton-street-party"
_SYLLABLES = ("ba", "cor", "del", "fen", "gri", "hal", "ist", "jo", "kem", "lor", "mun", "nev")
_INVENTED = 2_000
_AIM_SECONDS = 2.0


class Quiet:
    """Progress that nobody watches."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Nothing."""

    def advance(self, steps: int = 1) -> None:
        """Nothing."""


def main() -> None:
    """Build, match, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--follows", type=int, default=10_000)
    parser.add_argument("--all", action="store_true", help="every topic matches")
    options = parser.parse_args()
    topics = _topics(options.follows, everything=options.all)
    table = Table("database", "follows", "matched", "topics encoded once, s", "matched in, s")
    with tempfile.TemporaryDirectory() as temporary:
        for name, where in _databases(Path(temporary)):
            found, learned, seconds = _measured(Path(temporary) / name, where, topics)
            mark = "" if seconds <= _AIM_SECONDS else f" (aim {_AIM_SECONDS:.0f})"
            table.add_row(
                name, f"{len(topics):,}", f"{found:,}", f"{learned:.1f}", f"{seconds:.2f}{mark}"
            )
    Console().print(table)


def _databases(folder: Path) -> Iterator[tuple[str, Path | str]]:
    yield "SQLite", folder / "state.sqlite"
    try:
        with serving(programs()) as server:
            yield "PostgreSQL", server.url(server.make())
    except NoPostgres as error:
        print(f"PostgreSQL is left out: {error}", file=sys.stderr)


def _measured(folder: Path, where: Path | str, topics: list[str]) -> tuple[int, float, float]:
    """How many matched, and the seconds that encoding the topics and matching them took."""
    with _growing(folder) as (corpus, service), closing(State(where)) as state:
        _follow(state, topics)
        reader = JournalReader(service, state)
        reader.begin()
        begun = time.perf_counter()
        reader.learn()
        learned = time.perf_counter() - begun
        new = {one.id: one for one in Library(_starter()).read().documents}[_NEW]
        corpus.add(new.id, new.text, f"title: {new.metadata.title or 'New'}")
        service.build(Quiet())
        with service.snapshot():
            # Opening the new index is what every question after a build waits for too.
            pass
        begun = time.perf_counter()
        reader.read()
        seconds = time.perf_counter() - begun
        return _planned(state), learned, seconds


def _planned(state: State) -> int:
    with state._store.read() as connection:  # noqa: SLF001 - nothing else counts them
        return int(connection.scalar(select(func.count()).select_from(deliveries)) or 0)


@contextmanager
def _growing(folder: Path) -> Iterator[tuple[RecordedCorpus, Service]]:
    """The starter documents without the new one, and an index of them."""
    corpus = RecordedCorpus(folder / "corpus")
    for one in Library(_starter()).read().documents:
        if one.id != _NEW:
            corpus.add(one.id, one.text, f"title: {one.metadata.title or one.id}")
    paths = PathSettings(str(corpus.documents), str(folder / "data"))
    with closing(Service(Settings(folder, paths))) as service:
        service.build(Quiet())
        yield corpus, service


def _follow(state: State, topics: list[str]) -> None:
    rows = [
        {
            "guild": at % 500, "channel": at, "topic": topic, "topic_sha256": str(at), "kind": "",
            "mode": Mode.AT_ONCE, "created": 0.0,
        }
        for at, topic in enumerate(topics)
    ]  # fmt: skip
    with state._store.write() as connection:  # noqa: SLF001 - one by one takes a minute
        connection.execute(insert(follows).returning(follows.c.id), rows)


def _topics(count: int, *, everything: bool) -> list[str]:
    """So many topics, no two alike; with ``everything`` each holds what the news is about."""
    hand = random.Random(_SEED)  # noqa: S311 - the same topics in every run
    texts = [one.text for one in Library(_starter()).read().documents]
    known = sorted({w.form for text in texts for w in words(text)} - STOPWORDS)
    invented = ["".join(hand.choices(_SYLLABLES, k=3)) for _ in range(_INVENTED)]
    topics: dict[str, None] = {}
    while len(topics) < count:
        chosen = hand.choices(known, k=hand.randint(1, 3)) + hand.choices(invented, k=1)
        topics["Brixton street party " + " ".join(chosen) if everything else " ".join(chosen)] = (
            None
        )
    return list(topics)


def _starter() -> Path:
    return ROOT / "corpus" / "documents"


if __name__ == "__main__":
    main()
