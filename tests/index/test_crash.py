"""A build that dies at any instant leaves the old index in use, and the next one finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from index.types import Query
from tests.conftest import ROOT, TinyData

if TYPE_CHECKING:
    from pathlib import Path

# Where a build is made to die: a function, and whether before or after it did its work.
POINTS = [
    ("index.tables.write", "before"),
    ("index.writer._link", "after"),
    ("index.snapshot.write_manifest", "before"),
    ("index.snapshot._sync_tree", "after"),
    ("pathlib.Path.rename", "after"),
    ("os.replace", "before"),
]
PROGRAM = """
    import importlib, os, sys
    from pathlib import Path
    from corpus.library import Library
    from index.build import build
    from index.snapshot import SnapshotStore

    class Silent:
        stage = advance = lambda *_: None

    data, documents, model, point, when = sys.argv[1:]
    owner, _, name = point.rpartition(".")
    try:
        holder = importlib.import_module(owner)
    except ModuleNotFoundError:
        module, _, cls = owner.rpartition(".")
        holder = getattr(importlib.import_module(module), cls)
    original = getattr(holder, name)

    def dies(*args, **kwargs):
        if when == "after":
            original(*args, **kwargs)
        os._exit(77)

    setattr(holder, name, dies)
    build(Library(Path(documents)), SnapshotStore(Path(data)), model, Silent())
"""
WAITING = """
    import sys, time
    from pathlib import Path
    from corpus.library import Library
    from index import build, writer
    from index.snapshot import SnapshotStore

    class Silent:
        stage = advance = lambda *_: None

    data, documents, model = sys.argv[1:]

    def waits(folder):
        print("inside", flush=True)
        sys.stdin.read()

    writer.described = waits
    build.build(Library(Path(documents)), SnapshotStore(Path(data)), model, Silent())
"""


def program(text: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)]


def changed(tiny: TinyData) -> str:
    """Give a build something to do; the id that is in use before it."""
    (tiny.documents / "more.md").write_text("---\nkind: news\n---\nArmed llamas.", "utf-8")
    return tiny.store.current()


def assert_old_serves_and_new_follows(tiny: TinyData, before: str) -> None:
    assert tiny.store.current() == before
    opened = tiny.open()
    assert "more" not in opened.catalogue.document_ids()
    assert opened.answer(Query("armed patrols")).query.text == "armed patrols"
    opened.close()
    after = tiny.build()
    assert tiny.store.current() == after != before
    opened = tiny.open()
    assert "more" in opened.catalogue.document_ids()
    opened.close()
    left = [path.name for path in (tiny.data / "snapshots").iterdir()]
    assert sorted(left) == sorted([before, after])
    assert list(tiny.data.glob(".current-*")) == []


@pytest.mark.parametrize(("point", "when"), POINTS, ids=[f"{when} {p}" for p, when in POINTS])
def test_a_crash_leaves_the_old_index_in_use(tiny: TinyData, point: str, when: str) -> None:
    before = changed(tiny)
    command = program(PROGRAM, tiny.data, tiny.documents, tiny.model, point, when)
    died = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert died.returncode == 77, died.stderr
    assert_old_serves_and_new_follows(tiny, before)


def test_a_crash_after_the_pointer_moved_leaves_the_new_index_in_use(tiny: TinyData) -> None:
    before = changed(tiny)
    command = program(PROGRAM, tiny.data, tiny.documents, tiny.model, "os.replace", "after")
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 77
    assert tiny.store.current() != before
    opened = tiny.open()
    assert "more" in opened.catalogue.document_ids()
    opened.close()


def test_a_killed_build_frees_its_lock_and_leaves_the_old_index_in_use(tiny: TinyData) -> None:
    before = changed(tiny)
    command = program(WAITING, tiny.data, tiny.documents, tiny.model)
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as building:
        assert building.stdout is not None
        assert building.stdout.readline() == "inside\n"
        os.kill(building.pid, signal.SIGKILL)
        assert building.wait(30) == -signal.SIGKILL
    assert any(p.name[0] == "." for p in (tiny.data / "snapshots").iterdir())
    assert_old_serves_and_new_follows(tiny, before)
