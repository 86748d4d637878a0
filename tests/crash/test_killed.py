"""``metquote`` killed at random instants, again and again: what it acknowledged is there whole."""

from __future__ import annotations

import random
import re
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot import config
from bot.service import Service
from index.types import Outcome, Query
from tests import tiny_model
from tests.bot.test_terminal_sync import serving
from tests.crash.killer import Instants, zygote_in
from tests.crash.ledger import Ledger
from tests.crash.work import Work

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from tests.bot.test_terminal_sync import Publisher
    from tests.crash.killer import Ended, Zygote

KILLS = {"add": 65, "correct": 50, "sync": 40, "build": 45}
_PROVED_EVERY = 20
# What was left running reads on until it notices: it was importing its libraries, at the most.
_FAREWELL_SECONDS = 20.0
_WROTE = re.compile(r"^(added [a-z]|corrected )", re.MULTILINE)
_QUESTION = Query("armed patrols")
# Locks and databases are there for good; everything else below the data folder has its own test.
_KEPT = {
    "build.lock", "corpus", "corpus.lock", "current", "embeddings", "feeds.sqlite",
    "feeds.sqlite.lock", "models", "sketches.sqlite", "snapshots",
}  # fmt: skip


@dataclass(slots=True)
class Campaign:
    """Commands that are killed, and what must hold whenever one was."""

    zygote: Zygote
    service: Service
    work: Work
    chosen: random.Random
    instants: dict[tuple[str, bool], Instants] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        return self.work.ledger

    def kills(self, kind: str) -> list[float]:
        """For each kill of a kind of command, which share of its changes had been begun."""
        return [
            share for (of, _), one in self.instants.items() if of == kind for share in one.kills
        ]

    def left(self) -> list[int]:
        """How many kills of each kind are still to come."""
        return [max(0, number - len(self.kills(kind))) for kind, number in KILLS.items()]

    def turn(self, kind: str) -> None:
        """One command, killed at some instant or not; what it acknowledged is there."""
        if kind == "build" and self.service.is_ready():
            kind = "add"  # or there would be nothing to build
        # Mostly the documents alone, since there is a kind of its own for the index.
        indexes = kind != "build" and self.chosen.random() < 0.2
        key = kind, indexes
        if key not in self.instants:
            self.instants[key] = Instants(random.Random(str(key)))
        at = self.instants[key].next()
        arguments = ("index", "build") if kind == "build" else getattr(self.work, kind)()
        if kind != "build" and not indexes:
            arguments += ("--no-index",)
        ended = self.zygote.run(
            "--config", "own.toml", *arguments, **at, meanwhile=self.answers_meanwhile
        )
        assert ended.status in {0, -signal.SIGKILL} if at else ended.status == 0, ended
        self.instants[key].note(ended, spared=not at)
        self.settled(ended)
        if ended.status == 0 and (kind == "build" or indexes):
            assert self.service.is_ready()
        self.swept(ended)

    def settled(self, ended: Ended) -> None:
        """What stands is what was acknowledged, the index in use is whole, and it answers."""
        names = self.ledger.acknowledge(ended.out)
        self.ledger.settle(self.service.library)
        self.work.acknowledged(names)
        store = self.service.store
        store.check(store.manifest(store.current()), fully=True)
        for document in self.answered(_QUESTION):
            assert document.text == self.ledger.standing[document.id][-1]

    def swept(self, ended: Ended) -> None:
        """Whoever wrote has removed what others left half written."""
        if ended.status != 0:
            return
        if _WROTE.search(ended.out):
            folder = self.service.library.folder
            assert [path.name for path in folder.iterdir() if path.name[0] == "."] == []
        if "built index" in ended.out:
            store = self.service.store
            assert [path.name for path in store.folders() if path.name[0] == "."] == []
            assert list(store.data.glob(".current-*")) == []

    def answers_meanwhile(self) -> None:
        """Ask while a command runs: words of nobody but of documents as they were given."""
        for document in self.answered(_QUESTION):
            given = self.work.given.get(document.id, set())
            assert document.text in given | set(self.ledger.standing.get(document.id, ()))

    def answered(self, query: Query) -> list[Document]:
        """The documents that answer, of one whole snapshot."""
        with self.service.snapshot() as snapshot:
            answer = snapshot.answer(query)
            assert answer.outcome is not Outcome.NOTHING
            documents = [snapshot.document(one.document_id) for one in answer.excerpts]
            for document, excerpt in zip(documents, answer.excerpts, strict=True):
                assert document.text_at(excerpt.span)
            return documents

    def proved(self) -> None:
        """``corpus check`` finds that everything fits, and nothing of the killed is running."""
        ended = self.zygote.run("--config", "own.toml", "corpus", "check")
        assert (ended.status, ended.err) == (0, ""), ended
        assert "everything fits" in ended.out
        self.ledger.settle(self.service.library)
        reading = self.service.library.read()
        assert reading.refused == ()
        current = {document.id: document.text for document in reading.documents}
        assert current == {name: texts[-1] for name, texts in self.ledger.standing.items()}
        assert self.zygote.orphans(_FAREWELL_SECONDS) == []

    def remembered(self) -> list[tuple[object, ...]]:
        """What is noted of pages that were fetched and not taken, for the reader of a failure."""
        with closing(sqlite3.connect(self.service.store.data / "feeds.sqlite")) as memory:
            return [
                row
                for row in memory.execute(
                    "SELECT url, waiting, again, failures, due, outcome, reason"
                    " FROM items LEFT JOIN pages USING (url)"
                )
                if row[0].rpartition("/")[2] in self.work.fetching
            ]

    def finished(self) -> None:
        """All that is still to be done is done, by commands that nobody kills."""
        for arguments in (
            self.work.add(), self.work.correct(), self.work.sync(), ("index", "build"),
        ):  # fmt: skip
            ended = self.zygote.run("--config", "own.toml", *arguments)
            assert ended.status == 0, ended
            self.settled(ended)
        self.proved()
        ended = self.zygote.run("--config", "own.toml", "index", "verify")
        assert (ended.status, ended.err) == (0, ""), ended
        assert self.service.is_ready()
        assert (self.work.adding, self.work.correcting) == ({}, {})
        assert (self.work.fetching, self.ledger.tried) == (set(), {}), self.remembered()


def configured(folder: Path, publisher: Publisher) -> config.Settings:
    """The settings, with a data folder that has an encoder and nothing else.

    The first change copies the documents that come with the program.
    """
    model = tiny_model.write_model(folder / "model")
    tiny_model.write_export(model, folder / "data" / "models")
    file = folder / "own.toml"
    file.write_text(
        '[paths]\ndata = "data"\n'
        f'[encoder]\nmodel = "{model}"\n'
        "[answer]\nanswered_at = 0\nrelated_at = 0\n"
        "[fetch]\nloopback = true\npause_seconds = 0\n"
        f'[[feeds]]\nurl = "{publisher.at}/feed"\n'
    )
    return config.load(file, environment={})


def left_below(data: Path) -> list[str]:
    """Files that only a command that is running may have."""
    return [
        path.relative_to(data).as_posix()
        for path in data.rglob("*")
        if (path.name[0] == "." or path.name.endswith(("-journal", "-wal", "-shm")))
        and path.parent.name != "lexical"
    ]


@pytest.mark.timeout(500)
def test_killed_at_any_instant_whatever_was_acknowledged_is_whole_and_the_bot_answers(
    tmp_path: Path,
) -> None:
    chosen = random.Random("killed")
    with (
        serving() as publisher,
        zygote_in(tmp_path) as zygote,
        closing(Service(configured(tmp_path, publisher))) as service,
    ):
        assert zygote.run("--config", "own.toml", "index", "build").status == 0
        standing = {one.id: [one.text] for one in service.library.read().documents}
        work = Work(tmp_path, publisher, Ledger(standing), chosen)
        campaign = Campaign(zygote, service, work, chosen)
        while not work.added():
            campaign.turn("add")
        since = 0
        while any(left := campaign.left()):
            campaign.turn(*chosen.choices(list(KILLS), left))
            total = sum(KILLS.values()) - sum(campaign.left())
            if total >= since + _PROVED_EVERY:
                campaign.proved()
                since = total
        campaign.finished()
        for kind in KILLS:
            thirds = {min(int(3 * share), 2) for share in campaign.kills(kind)}
            assert thirds == {0, 1, 2}, kind
        assert campaign.ledger.acknowledged > 50
        newest = work.added()[-1]
        words = campaign.ledger.standing[newest][-1].split("\n\n")[1].split()[10:14]
        assert newest in {one.id for one in campaign.answered(Query(" ".join(words)))}
        assert left_below(service.store.data) == []
        assert {path.name for path in service.store.data.iterdir()} == _KEPT
        assert len(service.store.folders()) <= 3
