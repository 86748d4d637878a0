"""A data folder that cannot be written to, or has no room: said, and the old index intact."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from corpus.errors import StorageError
from index.types import Query
from tests import tiny_model
from tests.conftest import ROOT, TinyData

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Root may write everywhere; without this power, only where the mode of a file says so.
WITHOUT_POWER = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
UNPRIVILEGED = """
    import sys
    from pathlib import Path
    from corpus.errors import StorageError
    from corpus.library import Library
    from index.answer import AnswerSettings
    from index.build import build
    from index.opened import OpenSnapshot
    from index.snapshot import SnapshotStore
    from index.types import Query

    class Silent:
        stage = advance = lambda *_: None

    data, documents, model = sys.argv[1:]
    try:
        (Path(data) / "probe").touch()
        sys.exit("the folder can be written to")
    except OSError:
        pass
    store = SnapshotStore(Path(data))
    opened = OpenSnapshot(store, store.current(), AnswerSettings(0.0, 0.0))
    print(opened.answer(Query("armed patrols")).excerpts[0].document_id)
    opened.close()
    try:
        build(Library(Path(documents)), store, model, Silent())
    except StorageError as error:
        print(error)
"""


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing below the folder may be written to."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def unprivileged() -> list[str]:
    """What to put before a command so that modes of files bind it."""
    if os.geteuid() != 0:
        return []
    trial = [*WITHOUT_POWER, "true"]
    if not shutil.which(trial[0]) or subprocess.run(trial, check=False).returncode:
        pytest.skip("root cannot give up its power over files here: no setpriv")
    return WITHOUT_POWER


def test_from_a_read_only_data_folder_questions_are_answered_and_a_build_says_why_not(
    tiny: TinyData,
) -> None:
    (tiny.documents / "more.md").write_text("---\nkind: news\n---\nMore.", "utf-8")
    before = tiny.store.current()
    arguments = map(str, (tiny.data, tiny.documents, tiny.model))
    command = [*unprivileged(), sys.executable, "-c", textwrap.dedent(UNPRIVILEGED), *arguments]
    with read_only(tiny.data):
        found = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    first, message = found.stdout.splitlines()
    assert first.startswith("armed-patrols")
    assert message == (
        f"the data folder {tiny.data} cannot be written (Permission denied); "
        "make room or set paths.data in config.toml to another folder"
    )
    assert tiny.store.current() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with room for the tiny index, once."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1000k", "tmpfs", str(folder)]
    try:
        subprocess.run(mounting, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here ({error})")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(folder: Path, leaving: int) -> None:
    room = os.statvfs(folder)
    content = b"\0" * (room.f_bavail * room.f_frsize - leaving)
    (folder / "ballast").write_bytes(content)


@pytest.mark.parametrize("leaving", [0, 8_192, 65_536, 150_000, 200_000])
def test_a_full_disk_is_said_wherever_it_ends_and_the_old_index_answers_on(
    small_disk: Path, tiny: TinyData, leaving: int
) -> None:
    full = TinyData(small_disk / "data", tiny.documents, tiny.model)
    tiny_model.write_export(tiny.model, full.data / "models")
    before = full.build()
    (tiny.documents / "more.md").write_text("---\nkind: news\n---\nArmed llamas.", "utf-8")
    fill_up(small_disk, leaving)
    with pytest.raises(StorageError, match="make room") as caught:
        full.build()
    assert "\n" not in str(caught.value)
    assert full.store.current() == before
    opened = full.open()
    assert opened.answer(Query("armed patrols")).query.text == "armed patrols"
    opened.close()
    (small_disk / "ballast").unlink()
    assert full.build() != before
    full.open().close()


def test_a_file_that_may_not_grow_further_is_said(
    tiny: TinyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk, where no disk of its own can be had."""
    before = tiny.store.current()
    (tiny.documents / "more.md").write_text("---\nkind: news\n---\nMore.", "utf-8")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("index.writer.LexicalIndex.build", "index.snapshot._sync", "os.replace"):
        with monkeypatch.context() as patched:
            patched.setattr(name, no_room)
            with pytest.raises(
                StorageError, match=r"cannot be written \(No space left on device\)"
            ):
                tiny.build()
        assert tiny.store.current() == before
        assert not any(p.name[0] == "." for p in (tiny.data / "snapshots").iterdir())
