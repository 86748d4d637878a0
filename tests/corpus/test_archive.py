"""Archives of a corpus, and one corpus put in the place of another."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from corpus import swap
from corpus.archive import pack, unpack
from corpus.check import check
from corpus.curator import Curator
from corpus.errors import InputError
from corpus.library import Library
from tests.conftest import ROOT
from tests.corpus.corpora import AT, by_hand, curator_of, draft, library_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def library(tmp_path: Path) -> Library:
    found = library_in(tmp_path / "corpus")
    writer = curator_of(found)
    writer.add(draft("The first text.", title="One"))
    writer.correct("one", draft("The first text, put right.", title="One"))
    writer.add(draft("The second text.", title="Two"))
    by_hand(found, "by-hand", "Put there by hand.")
    (found.folder / "README.md").write_text("What this is.")
    (found.folder / ".hidden.md").write_text("Hidden.")
    return found


@pytest.fixture
def archive(library: Library, tmp_path: Path) -> Path:
    (tmp_path / "more").write_bytes(b"more")
    path = tmp_path / "archive.tar"
    with path.open("wb") as stream:
        pack(stream, library, {"state.sqlite": tmp_path / "more"}, made=AT)
    return path


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


def members(path: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(path) as archive:
        return [(one, archive.extractfile(one).read()) for one in archive]  # type: ignore[union-attr]


def rewritten(path: Path, found: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    with tarfile.open(path, "w") as archive:
        for member, content in found:
            member.size = len(content) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(content))


def test_an_archive_holds_all_and_proves_it(library: Library, archive: Path, into: Path) -> None:
    proved = unpack(archive, into, ["state.sqlite"])
    assert (proved.made, proved.others) == (AT, ("state.sqlite",))
    assert proved.report == check(library)
    for path in (library.journal.path, *library.folder.glob("[!.]*")):
        assert (into / path.relative_to(library.folder.parent)).read_bytes() == path.read_bytes()
    assert not (into / "documents" / ".hidden.md").exists()
    assert Library(into / "documents").fingerprint() == library.fingerprint()


def test_an_archive_cut_short_anywhere_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes().rstrip(b"\0")
    for number, end in enumerate(range(0, len(whole), 509)):
        archive.write_bytes(whole[:end])
        (tmp_path / str(number)).mkdir()
        with pytest.raises(InputError):
            unpack(archive, tmp_path / str(number), ["state.sqlite"])


def test_a_changed_byte_is_noticed(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for number, at in enumerate(
        (whole.index(b"put right"), whole.index(b'"previous"'), whole.rindex(b'"made"') + 12,
         whole.index(b"more") if whole.count(b"more") == 1 else whole.rindex(b"more"))
    ):  # fmt: skip
        spoiled = bytearray(whole)
        spoiled[at] ^= 1
        archive.write_bytes(spoiled)
        (tmp_path / str(number)).mkdir()
        with pytest.raises(InputError):
            unpack(archive, tmp_path / str(number), ["state.sqlite"])


def _named(name: str) -> Callable[[tarfile.TarInfo], None]:
    def change(member: tarfile.TarInfo) -> None:
        member.name = name

    return change


def _of_type(kind: bytes) -> Callable[[tarfile.TarInfo], None]:
    def change(member: tarfile.TarInfo) -> None:
        member.type, member.linkname = kind, "/etc/passwd"

    return change


@pytest.mark.parametrize(
    "change",
    [
        *map(_named, (
            "../x.md", "documents/../../x.md", "/etc/x.md", "documents/.x.md", "documents/a/b.md",
            "documents/x.txt", "documents/", "documents/x\n.md/../y", "x", "corpus/errors.py",
            f"documents/{'x' * 300}.md",
        )),
        *map(_of_type, (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE,
                        tarfile.CHRTYPE)),
    ],
)  # fmt: skip
def test_a_hostile_member_is_refused_and_nothing_leaves_the_folder(
    archive: Path, into: Path, tmp_path: Path, change: Callable[[tarfile.TarInfo], None]
) -> None:
    found = members(archive)
    (member, content) = next(pair for pair in found if pair[0].name == "documents/two.md")
    change(member)
    rewritten(archive, found)
    before = {path for path in tmp_path.rglob("*") if into not in path.parents}
    with pytest.raises(InputError, match="is in it"):
        unpack(archive, into, ["state.sqlite"])
    assert {path for path in tmp_path.rglob("*") if into not in path.parents} == before
    assert content


def test_a_member_twice_too_large_or_unknown_to_the_manifest_is_refused(
    archive: Path, tmp_path: Path
) -> None:
    found = members(archive)
    document = next(pair for pair in found if pair[0].name == "documents/two.md")
    more = tarfile.TarInfo("documents/three.md")
    large = tarfile.TarInfo("documents/large.md")
    for number, (altered, problem) in enumerate((
        ([document, *found], "is in it twice"),
        ([(more, b"---\nkind: news\n---\nText."), *found], "was altered"),
        ([(large, b"x" * 20_000_001), *found], "which is in no backup of ours"),
        ([pair for pair in found if pair is not document], "was altered"),
        (found[:-1], "was cut short"),
        ([*found[:-1], (found[-1][0], b"[]")], "is no backup of metquote"),
        ([*found[:-1], (found[-1][0], found[-1][1].replace(b'"schema": 1', b'"schema": 2'))],
         "its manifest was altered"),
    )):  # fmt: skip
        rewritten(archive, altered)
        (tmp_path / str(number)).mkdir()
        with pytest.raises(InputError, match=problem):
            unpack(archive, tmp_path / str(number), ["state.sqlite"])


@pytest.mark.parametrize(
    "content", [b"", b"not a tar", b"\x1f\x8b\x08" + b"\0" * 600, b"\0" * 5_000]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, into: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InputError, match="is no backup of metquote"):
        unpack(tmp_path / "file", into, [])


def test_a_corpus_that_does_not_fit_its_journal_is_not_brought_back(
    library: Library, tmp_path: Path, into: Path
) -> None:
    path = library.folder / "two.md"
    path.write_bytes(path.read_bytes().replace(b"second", b"third"))
    with (tmp_path / "archive").open("wb") as stream:
        pack(stream, library, {}, made=AT)
    with pytest.raises(
        InputError, match=r"does not fit its journal \(two: its file two.md was alt"
    ):
        unpack(tmp_path / "archive", into, [])


def staged(library: Library, archive: Path) -> Path:
    folder = library.folder.parent / ".restore-staged"
    folder.mkdir()
    unpack(archive, folder, ["state.sqlite"])
    (folder / "state.sqlite").unlink()
    return folder


def test_a_corpus_takes_the_place_of_another_which_is_kept(library: Library, archive: Path) -> None:
    restored = library.fingerprint()
    curator_of(library).add(draft("A later text.", title="Later"))
    before = library.fingerprint()
    aside = swap.commit(library, staged(library, archive), aside="before")
    assert library.fingerprint() == restored
    assert aside == library.folder.parent / "before"
    assert Library(aside / "documents").fingerprint() == before
    assert sorted(path.name for path in library.folder.parent.iterdir()) == [
        "before", "documents", "journal.jsonl", "journal.lock",
    ]  # fmt: skip
    assert swap.finish(library) == ()


def test_two_restores_in_one_second_keep_both_old_corpora(library: Library, archive: Path) -> None:
    kept = [swap.commit(library, staged(library, archive), aside="before") for _ in range(2)]
    assert [one and one.name for one in kept] == ["before", "before-2"]


def test_where_there_was_no_corpus_nothing_is_kept(
    library: Library, archive: Path, tmp_path: Path
) -> None:
    fresh = Library(tmp_path / "fresh" / "documents")
    fresh.folder.parent.mkdir()
    assert swap.commit(fresh, staged(fresh, archive), aside="before") is None
    assert fresh.fingerprint() == library.fingerprint()


def test_a_restore_killed_at_any_step_is_finished_or_has_not_begun(
    library: Library, archive: Path, tmp_path: Path
) -> None:
    """Killed at its first call of the file system, its second, and so on, until it ends."""
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom corpus import swap\n"
        "from corpus.library import Library\n"
        "left = int(sys.argv[2])\n"
        "def counted(call):\n"
        "    def count(*arguments, **more):\n"
        "        global left\n"
        "        left -= 1\n"
        "        if left < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return call(*arguments, **more)\n"
        "    return count\n"
        "for name in ('rename', 'replace', 'link', 'mkdir', 'fsync', 'unlink', 'rmdir'):\n"
        "    setattr(os, name, counted(getattr(os, name)))\n"
        "library = Library(Path(sys.argv[1]))\n"
        "swap.commit(library, library.folder.parent / '.restore-staged', aside='before')\n"
    )
    new = library.fingerprint()
    steps = 0
    while True:
        target = library_in(tmp_path / f"run-{steps}")
        curator_of(target).add(draft("What was there.", title="Old"))
        old = target.fingerprint()
        staged(target, archive)
        ended = subprocess.run(
            (sys.executable, "-c", script, str(target.folder), str(steps)),
            cwd=ROOT, check=False, timeout=60,
        )  # fmt: skip
        curator_of(target).recover()
        assert check(target).problems == ()
        aside = target.folder.parent / "before"
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL
        if target.fingerprint() == old:
            assert not aside.exists()
        else:
            assert target.fingerprint() == new
            assert Library(aside / "documents").fingerprint() == old
        steps += 1
    assert target.fingerprint() == new
    assert steps > 8


def test_the_manifest_names_every_file(archive: Path) -> None:
    found = members(archive)
    values = json.loads(found[-1][1])
    assert found[-1][0].name == "manifest.json"
    assert set(values["files"]) == {member.name for member, _ in found[:-1]}
    assert all(values["files"][member.name][0] == len(content) for member, content in found[:-1])


def test_whoever_writes_next_finishes_a_restore(library: Library, archive: Path) -> None:
    folder = staged(library, archive)
    (folder / "name").write_text("before")
    os.rename(folder, library.folder.parent / ".restore-committed")  # noqa: PTH104
    writer = Curator(library, by="ann", clock=lambda: AT)
    assert writer.recover() == ("a restore that was interrupted is done",)
    assert (library.folder.parent / "before" / "documents" / "one.md").exists()
