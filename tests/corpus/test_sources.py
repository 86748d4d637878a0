"""What the user names to be read."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from corpus.draft import MAX_BYTES
from corpus.errors import InputError
from corpus.sources import Source, content_of, named, read_bounded


def test_files_addresses_and_standard_input_keep_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    found = named(["-", "HTTPS://example.org/x", str(tmp_path / "a.txt")])
    assert found.sources == (
        Source("standard input"),
        Source("HTTPS://example.org/x", url="HTTPS://example.org/x"),
        Source(str(tmp_path / "a.txt"), path=tmp_path / "a.txt"),
    )
    assert found.passed_over == ()


def test_a_folder_is_its_files_and_those_below_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/z.txt", "sub/.hidden", ".git/config", "another/y"):
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "folder" / "loop").symlink_to(tmp_path / "folder")
    (tmp_path / "folder" / "sub" / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "folder" / "pipe")
    found = named([str(tmp_path / "folder")])
    names = [str(one.path and one.path.relative_to(tmp_path / "folder")) for one in found.sources]
    assert names == ["a.txt", "b.txt", "another/y", "sub/z.txt"]
    assert [reason.rpartition("/")[2] for reason in found.passed_over] == [
        "loop: a link, which is not followed", "pipe: no file",
        "passwd: a link, which is not followed",
    ]  # fmt: skip


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="there is no file in this folder"):
        named([str(tmp_path / "empty")])
    for name in ("ftp://example.org/a", "file:///etc/passwd", "javascript://x"):
        with pytest.raises(InputError, match="cannot be fetched"):
            named([name])


@pytest.mark.parametrize("name", ["nowhere", "a\0b", "x" * 5_000, "\udcff"])
def test_a_file_that_cannot_be_read_is_told_in_a_printable_sentence(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(") as told:
        content_of(tmp_path / name)
    assert str(told.value).isprintable()


def test_only_files_are_read_and_no_more_than_may_come_in(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(50_000_000)
    for path, problem in (
        (tmp_path / "pipe", "is no file; give '-'"), (tmp_path, "is no file"),
        (tmp_path / "empty", "is empty"), (tmp_path / "large", "larger than 20 MB"),
        (Path("/dev/zero"), "is no file"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=problem):
            content_of(path)
    (tmp_path / "file").write_bytes(b"bytes")
    assert content_of(tmp_path / "file") == b"bytes"


def test_a_stream_is_read_to_its_bound() -> None:
    endless = io.BytesIO(b"x" * (MAX_BYTES + 5_000))
    with pytest.raises(InputError, match="standard input is larger"):
        read_bounded(endless, "standard input")
    assert endless.tell() == MAX_BYTES + 1
    assert len(read_bounded(io.BytesIO(b"x" * MAX_BYTES), "x")) == MAX_BYTES


def test_a_stream_that_breaks_is_told() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error", size)

    with pytest.raises(InputError, match=r"cannot be read \(Input/output error\)"):
        read_bounded(Broken(), "x")
