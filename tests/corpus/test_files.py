"""Files that are whole or not there, and the lock of who writes them."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from corpus.errors import StorageError
from corpus.files import FileLock, make_folder, write_whole
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"one", b"", b"\x00" * 100_000):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [*tmp_path.iterdir()] == [path]


def test_each_folder_that_is_made_is_made_to_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr("corpus.files.sync_folder", lambda path: synced.append(path.name))
    make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()
    assert synced == [tmp_path.name, "a", "b"]
    make_folder(tmp_path / "a" / "b" / "c")
    assert len(synced) == 3


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="file"):
        write_whole(tmp_path / "file", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with pytest.raises(OSError, match="none"):
        write_whole(tmp_path / "none" / "file", b"content")


def test_a_kill_at_any_call_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """By the name of the call: each is replaced by one that kills."""
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom corpus import files\n"
        "def die(*arguments): os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(files.os, sys.argv[2], die)\n"
        "files.write_whole(Path(sys.argv[1]), b'new')\n"
    )
    path = tmp_path / "file"
    for call in ("fchmod", "fsync", "replace"):
        path.write_bytes(b"old")
        ended = subprocess.run(
            (sys.executable, "-c", script, str(path), call), cwd=ROOT, check=False, timeout=60
        )
        assert ended.returncode == -signal.SIGKILL
        assert path.read_bytes() == b"old"
    assert all(one.name[0] == "." for one in tmp_path.iterdir() if one != path)


def test_a_lock_has_one_holder_whom_the_others_wait_for(tmp_path: Path) -> None:
    path, order = tmp_path / "below" / "lock", []
    entered = threading.Event()

    def second() -> None:
        entered.set()
        with FileLock(path, purpose="the second"):
            order.append("second")

    with FileLock(path, purpose="the first"):
        assert path.read_text() == str(os.getpid())
        waiting = threading.Thread(target=second)
        waiting.start()
        entered.wait()
        with pytest.raises(StorageError, match="a third is going on elsewhere"):
            FileLock(path, purpose="a third", patience=0.1).__enter__()
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom corpus.files import FileLock\n"
        "with FileLock(Path(sys.argv[1]), purpose='x'): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run((sys.executable, "-c", script, str(path)), cwd=ROOT, check=False, timeout=60)
    with FileLock(path, purpose="a test", patience=0):
        assert path.read_text() == str(os.getpid())


def test_a_lock_is_taken_through_no_link_and_where_nothing_can_be_written_it_is_told(
    tmp_path: Path,
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "link", tmp_path / "file" / "lock"):
        with pytest.raises(StorageError, match=r"cannot be written .* and a test writes there"):
            FileLock(path, purpose="a test").__enter__()
    assert not (tmp_path / "target").exists()
