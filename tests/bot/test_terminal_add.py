"""``metquote corpus add``: what comes in, how it is shown, who is asked."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.bot.conftest import PROGRAM, Terminal, environment_of, run
from tests.bot.releases import RELEASE, RELEASE_ID, lines, recorded, release_in, shown

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.library import Library
    from tests.conftest import TinyData


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return release_in(tmp_path)


@pytest.fixture
def library(tiny: TinyData) -> Library:
    return recorded(tiny)


def test_a_file_is_shown_and_becomes_a_document_that_answers(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    ended = tiny_terminal("corpus", "add", str(release), "--yes", "--publisher", "The Met")
    told = lines(ended)
    assert told[:10] == [
        "release.txt",
        "  title      unknown",
        "  date       26 June 2020",
        "  publisher  The Met",
        "  author     unknown",
        "  url        unknown",
        "  kind       other",
        "  passages   5",
        "  quotations 1, of Ann Smith (1)",
        "  | Appeal after a zebra ran through Brixton",
    ]
    assert f"added {RELEASE_ID}" in told
    assert told[-1].startswith("built index ")
    asked = tiny_terminal("ask", "zebra", "--json")
    assert RELEASE_ID in {one["document"] for one in json.loads(asked.out)["excerpts"]}
    (entry,) = [one for one in library.journal.entries() if one.id == RELEASE_ID]
    assert entry.source == "release.txt"
    assert tiny_terminal("corpus", "check").status == 0
    again = tiny_terminal("corpus", "add", str(release), "--yes")
    assert lines(again) == [f"release.txt: the same text is in the corpus already, as {RELEASE_ID}"]


def test_options_win_over_what_a_text_states(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    ended = tiny_terminal(
        "corpus", "add", str(release), "--yes", "--no-index", "--id", "zebra",
        "--title", " A  title ", "--published", "2020-07", "--publisher", "P", "--author", "A",
        "--kind", "news", "--url", "https://example.org/z", "--rights", "None reserved",
        "--by", "bob",
    )  # fmt: skip
    assert ended.status == 0, ended.err
    value = shown(tiny_terminal, "zebra")
    assert {key: value[key] for key in ("title", "published", "publisher", "author", "kind", "url",
                                        "rights")} == {
        "title": "A title", "published": "2020-07", "publisher": "P", "author": "A",
        "kind": "news", "url": "https://example.org/z", "rights": "None reserved",
    }  # fmt: skip
    assert value["versions"][0]["by"] == "bob"
    unknown = tiny_terminal(
        "corpus", "correct", "zebra", str(release), "--yes", "--no-index", "--published", "",
        "--title", "", "--kind", "other",
    )  # fmt: skip
    assert unknown.status == 0, unknown.err
    value = shown(tiny_terminal, "zebra")
    assert (value["published"], value["title"], value["publisher"]) == (None, None, "P")
    assert library.get("zebra@1").metadata.title == "A title"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--published", "26/06/2020"), "--published: '26/06/2020' is not a date"),
        (("--kind", "poem"), "--kind must be one of announcement, news, letter, other"),
        (("--url", "ftp://x"), "--url must begin with http:// or https://"),
        (("--title", "a\udcff"), "--title is not UTF-8"),
        (("--id", "../../x"), "cannot be an id"),
        (("--as", "version"), "--as version and --as copy need --of ID"),
        (("--of", "x"), "--of needs --as version or --as copy"),
        (("--as", "twin", "--of", "x"), "--as must be one of version, copy, separate"),
        (("--as", "copy", "--of", "nothing"), "no document 'nothing'"),
        (("--as", "version", "--of", "nothing"), "no document 'nothing'"),
        (("--as", "version", "--of", "x", "--id", "y"), "leave --id out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_option_is_a_sentence_and_nothing_is_written(
    tiny_terminal: Terminal, library: Library, release: Path, options: tuple[str, ...],
    complaint: str,
) -> None:  # fmt: skip
    before = library.fingerprint()
    ended = tiny_terminal("corpus", "add", str(release), "--yes", *options)
    assert ended.status == 2
    assert complaint in ended.err
    assert ended.err.count("\n") == 1
    assert library.fingerprint() == before


def test_where_nobody_can_be_asked_nothing_is_written(
    tiny: TinyData, tiny_environment: dict[str, str], release: Path, library: Library,
    tmp_path: Path,
) -> None:  # fmt: skip
    before = library.fingerprint()
    environment = environment_of(tiny.data) | tiny_environment
    for arguments in (
        ("add", str(release)), ("correct", "x", str(release)),
        ("erase", "extra-officers-after-brixton-street-party", "--reason", "x"),
    ):  # fmt: skip
        ended = run("corpus", *arguments, environment=environment, cwd=tmp_path, given=b"y\n")
        assert (ended.returncode, ended.stdout) == (2, b"")
        assert b"standard input is no terminal; give --yes" in ended.stderr
    ended = run("corpus", "add", "-", environment=environment, cwd=tmp_path, given=b"A text.\n")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"cannot be asked about; give --yes" in ended.stderr
    assert library.fingerprint() == before
    ended = run(
        "corpus", "add", "-", "--yes", "--no-index", "--id", "piped",
        environment=environment, cwd=tmp_path, given="“A text.”".encode("cp1252"),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert library.get("piped").text == "“A text.”"


class Window:
    """``metquote`` in a window of 80 columns, and who sits before it."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str], cwd: Path) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            (*PROGRAM, *arguments), env=environment | {"TERM": "xterm-256color"}, cwd=cwd,
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""

    def until(self, words: str) -> None:
        """Read until ``words`` are shown."""
        end = time.monotonic() + 90
        while words not in self.shown:
            assert time.monotonic() < end, self.shown
            if not select.select([self._ours], [], [], 1)[0]:
                continue
            try:
                self.shown += os.read(self._ours, 65_536).decode("utf-8", "replace")
            except OSError:
                raise AssertionError(self.shown) from None

    def type(self, words: str) -> None:
        os.write(self._ours, words.encode())

    def ended(self) -> tuple[int, str]:
        try:
            while block := os.read(self._ours, 65_536):
                self.shown += block.decode("utf-8", "replace")
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(self._ours)
        return self.process.wait(timeout=60), self.shown


def test_a_person_is_asked_and_answers(
    tiny: TinyData, tiny_environment: dict[str, str], release: Path, library: Library,
    tmp_path: Path,
) -> None:  # fmt: skip
    environment = environment_of(tiny.data) | tiny_environment
    arguments = ("corpus", "add", str(release), "--no-index")
    window = Window((*arguments, str(release)), environment, tmp_path)
    window.until("add it? [y]es / [n]o")
    window.type("perhaps\nn\n")
    window.until("left out")
    window.type("\x04")
    status, text = window.ended()
    assert (status, "stopped" in text) == (130, True)
    assert len(library.journal.entries()) == 4
    window = Window(arguments, environment, tmp_path)
    window.until("add it? [y]es / [n]o")
    window.type("YES\n")
    status, text = window.ended()
    assert (status, f"added {RELEASE_ID}" in text) == (0, True)
    assert library.get(RELEASE_ID).text.startswith("Appeal")
    release.write_text(RELEASE.replace("Brixton", "Lambeth"), "utf-8")
    window = Window(arguments, environment, tmp_path)
    window.until("or [n]o? (suggested: separate)")
    window.type("c\n")
    status, text = window.ended()
    assert (status, f"a copy of {RELEASE_ID}" in " ".join(text.split())) == (0, True)
    assert library.journal.entries()[-1].copy_of == RELEASE_ID
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r", "")
    assert max(cell_len(line) for line in plain.split("\n")) <= 80
    assert re.search(
        r"text +Appeal after a zebra ran through +Appeal after a zebra ran through", plain
    )


def test_a_near_duplicate_that_is_piped_is_shown_one_below_the_other(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    url = ("--url", "https://example.org/zebra")
    tiny_terminal("corpus", "add", str(release), "--yes", "--no-index", *url)
    release.write_text(f"{RELEASE}\nUpdate: it was found.\n", "utf-8")
    ended = tiny_terminal("corpus", "add", str(release), "--yes", "--no-index", *url)
    told = lines(ended)
    assert any(
        re.fullmatch(rf"  \d\d% the same as {RELEASE_ID}, which stands .*", line) for line in told
    )
    at = told.index("  text       - (nothing)")
    assert told[at + 1] == "             + Update: it was found."
    assert told[-1] == f"added as the newest version of {RELEASE_ID}, after {RELEASE_ID}@1"
    assert library.get(RELEASE_ID).text.endswith("Update: it was found.")


def test_a_notice_of_the_same_pattern_is_not_swallowed(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    for place in ("Brixton", "Lambeth", "Croydon"):
        release.write_text(RELEASE.replace("Brixton", place), "utf-8")
        assert tiny_terminal("corpus", "add", str(release), "--yes", "--no-index").status == 0
    assert len(library.read().documents) == 7


def test_the_user_says_what_a_text_is_to_another(
    tiny_terminal: Terminal, library: Library, release: Path, tmp_path: Path
) -> None:
    tiny_terminal("corpus", "add", str(release), "--yes", "--no-index")
    other = tmp_path / "other.txt"
    other.write_text("Quite other words.", "utf-8")
    ended = tiny_terminal(
        "corpus", "add", str(other), "--yes", "--no-index", "--as", "version", "--of", RELEASE_ID
    )
    assert lines(ended)[-1].startswith(f"added as the newest version of {RELEASE_ID}")
    other.write_text("More of other words.", "utf-8")
    ended = tiny_terminal(
        "corpus", "add", str(other), "--yes", "--no-index", "--as", "copy", "--of", RELEASE_ID
    )
    assert lines(ended)[-1] == f"added more-of-other-words, a copy of {RELEASE_ID}"
    assert library.journal.entries()[-1].copy_of == RELEASE_ID


def test_a_folder_is_read_in_order_and_what_cannot_be_used_is_named(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (folder / "b.txt").write_text("The second text of all.", "utf-8")
    (folder / "a.md").write_text("---\nkind: news\ntitle: A zebra\n---\nThe first.", "utf-8")
    (folder / "below" / "c.txt").write_text("The third, far below.", "utf-8")
    (folder / "empty.txt").touch()
    (folder / ".hidden.txt").write_text("Hidden.", "utf-8")
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "more").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    ended = tiny_terminal("corpus", "add", str(folder), "--yes", "--no-index")
    assert ended.status == 2
    assert "3 added, 1 left out" in ended.out
    assert "empty.txt is empty" in ended.err
    for name in ("link.txt: a link, which is not followed", "more: a link", "pipe: no file"):
        assert name in ended.err
    assert [entry.id for entry in library.journal.entries()[4:]] == [
        "a-zebra", "the-second-text-of-all", "the-third-far-below",
    ]  # fmt: skip
    again = tiny_terminal(
        "corpus", "add", str(folder), str(folder / "b.txt"), "--yes", "--no-index"
    )
    assert "0 added, 1 left out" in again.out


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("/nowhere.txt", "cannot be read (No such file or directory)"),
        ("ftp://example.org/x", "ftp cannot be fetched"),
        ("http://127.0.0.1:8080/", "is not on the public internet"),
        ("http://[::1]/", "is not on the public internet"),
        ("/dev/zero", "is no file"),
        ("x" * 5_000, "cannot be read (File name too long)"),
        ("a\nb", "'a\\nb' cannot be read"),
    ],
    ids=range(7),
)
def test_a_source_that_is_none_is_a_sentence(
    tiny_terminal: Terminal, library: Library, source: str, complaint: str
) -> None:
    ended = tiny_terminal("corpus", "add", source, "--yes")
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1
    assert len(library.journal.entries()) == 4


def test_a_file_too_large_is_refused_unread(
    tiny_terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    with (tmp_path / "large.txt").open("wb") as stream:
        stream.truncate(50_000_000)
    ended = tiny_terminal("corpus", "add", str(tmp_path / "large.txt"), "--yes")
    assert (ended.status, "larger than 20 MB" in ended.err) == (2, True)
    assert len(library.journal.entries()) == 4


def test_what_is_there_already_gets_into_an_index_that_does_not_know_it(
    tiny_terminal: Terminal, library: Library, release: Path
) -> None:
    tiny_terminal("corpus", "add", str(release), "--yes", "--no-index")
    assert library.get(RELEASE_ID).id == RELEASE_ID
    again = lines(tiny_terminal("corpus", "add", str(release), "--yes"))
    assert again[0] == f"release.txt: the same text is in the corpus already, as {RELEASE_ID}"
    assert again[1].startswith("built index ")
    third = lines(tiny_terminal("corpus", "add", str(release), "--yes"))
    assert third == again[:1]
