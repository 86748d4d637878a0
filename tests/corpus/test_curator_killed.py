"""A curator that is killed: what was told to be done is done, and what was not leaves no trace."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from corpus.check import check
from corpus.document import text_sha256
from corpus.leftovers import gone
from tests.conftest import ROOT
from tests.corpus.corpora import curator_of, draft, files, library_in

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.curator import Curator
    from corpus.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_in(tmp_path / "corpus")


@pytest.fixture
def curator(library: Library) -> Curator:
    return curator_of(library)


_KILLED = """
import os, signal, sys
from pathlib import Path
import corpus.files, corpus.journal, corpus.leftovers
from corpus.library import Library
from tests.corpus.corpora import curator_of, draft

def die(*arguments, **more):
    os.kill(os.getpid(), signal.SIGKILL)

corpus.{module}.{name} = die
writer = curator_of(Library(Path(sys.argv[1])))
{act}
"""


def killed(library: Library, module: str, name: str, act: str) -> None:
    """A process that is killed when it comes to call ``module.name``."""
    script = _KILLED.format(module=module, name=name, act=act)
    ended = subprocess.run(
        (sys.executable, "-c", script, str(library.folder)), cwd=ROOT, check=False, timeout=60
    )
    assert ended.returncode == -signal.SIGKILL


def test_killed_before_its_line_an_addition_is_a_file_that_is_recorded_when_it_comes_again(
    curator: Curator, library: Library
) -> None:
    killed(library, "journal", "Journal.append", "writer.add(draft('A text.', title='One'))")
    assert library.read().unrecorded == ("one",)
    assert check(library).problems == ()
    assert curator.add(draft("A text.", title="One")) == "one"
    assert library.read().unrecorded == ()


def test_killed_before_its_line_a_correction_has_not_happened(
    curator: Curator, library: Library
) -> None:
    curator.add(draft("A text.", title="One"))
    killed(library, "journal", "Journal.append", "writer.correct('one', draft('New.'))")
    assert files(library) == ["one.md", "one@2.md"]
    assert library.get("one").text == "A text."
    assert curator.recover() == (
        "one@2.md: removed; it was being written when the program was stopped",
    )
    assert files(library) == ["one.md"]
    assert check(library).problems == ()
    curator.correct("one", draft("Newer."))
    assert library.get("one").text == "Newer."


def test_killed_after_its_line_an_erasure_is_finished_by_whoever_writes_next(
    curator: Curator, library: Library
) -> None:
    curator.add(draft("A text.", title="One"))
    curator.correct("one", draft("New.", title="One"))
    killed(library, "leftovers", "remove_erased", "writer.erase('one', 'asked for')")
    assert files(library) == ["one.md", "one@2.md"]
    assert library.read().documents == ()
    assert len(check(library).problems) == 2
    curator.add(draft("Another.", title="Two"))
    assert files(library) == ["two.md"]
    assert check(library).problems == ()
    assert gone(curator.library.journal.records()) == {text_sha256("A text."), text_sha256("New.")}


def test_killed_while_a_file_is_written_nothing_of_it_stays(
    curator: Curator, library: Library
) -> None:
    killed(library, "files.os", "fsync", "writer.add(draft('A text.', title='One'))")
    (left,) = files(library)
    assert left.startswith(".one.md-")
    assert library.read().documents == ()
    assert curator.recover() == (
        f"{left}: removed; it was being written when the program was stopped",
    )
    assert files(library) == []


def test_killed_at_any_instant_what_was_acknowledged_stands_and_all_fits(library: Library) -> None:
    ended = subprocess.run(
        (sys.executable, "-m", "tests.corpus.killing", str(library.folder), "100"),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 50
