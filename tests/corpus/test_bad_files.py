"""A thousand bad files of all formats: each is read or refused, and nothing else changes."""

from __future__ import annotations

import hashlib
import io
import random
import time
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.document import Metadata, PartialDate
from corpus.draft import MAX_CHARACTERS, Draft
from corpus.errors import DocumentError
from corpus.formats.markdown import dump
from corpus.formats.received import shown_name
from corpus.incoming import SECONDS, Reader
from tests.corpus.damages import mutated
from tests.corpus.samples import (
    GOVERNMENT_PAGE,
    NEWS_PAGE,
    NEWSLETTER,
    RELEASE_LINES,
    pdf,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 1829
MUTANTS = 150
MOST_MEMORY_KIB = 512_000
MOST_SECONDS = 10.0
NAMES = (
    "a.md", "a.txt", "a.html", "a.pdf", "a.docx", "a.eml", "a", "../../x", "/etc/passwd",
    "..\\..\\x.pdf", "a\nb.txt", "\x1b[2J.html", "\u202etxt.exe", "\udcff.md", "a" * 5000, "",
    "https://a.example/\u0000b?c=.pdf", "$(touch x).docx", "{0}%s.eml",
)  # fmt: skip
TYPES = (None, "x", "text/html", "application/pdf", "text/plain", "message/rfc822")
CHARSETS = (None, None, None, "utf-8", "utf-16", "cp1252", "rot13", "\udcff", "x" * 999)


@cache
def samples() -> dict[str, bytes]:
    """A valid file of each format and a few of their kinds."""
    metadata = Metadata(kind="news", title="A title", published=PartialDate(2020, 6, 26))
    return {
        "ours.md": dump(metadata, "Officers said “no”.\n\nAnd again."),
        "foreign.md": b"---\nlayout: post\ntags: [a, b]\n---\n# A title\n\nSome *words*.",
        "plain.txt": "Title: A title\nDate: 26/06/2020\n\n“Words” – and more.".encode(),
        "windows.txt": "The Met’s “words” – £5".encode("cp1252"),
        "page.html": GOVERNMENT_PAGE.encode(),
        "news.html": NEWS_PAGE.encode("cp1252"),
        "release.pdf": pdf(RELEASE_LINES, title="A title", author="Somebody"),
        "letter.docx": word(["Dear all,", "26 June 2020", "Words."], title="A", rows=[["a", "b"]]),
        "mail.eml": NEWSLETTER.encode(),
    }


def zipped(**parts: bytes) -> bytes:
    """The letter with some of its parts replaced; ``_`` stands for ``/`` in their names."""
    saved = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(samples()["letter.docx"])) as old,
        zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        changed = {name.replace("__", "/") + ".xml": part for name, part in parts.items()}
        for name in old.namelist():
            new.writestr(name, changed.pop(name, old.read(name)))
        for name, part in changed.items():
            new.writestr(name, part)
    return saved.getvalue()


HEAD = b"<html><body>"
MAIL = b"From: a@b.example\nSubject: x\nDate: Fri, 26 Jun 2020 10:00:00 +0100\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
# Files that are made to need much time or memory.
LARGE: dict[str, Callable[[], bytes]] = {
    "line.txt": lambda: b"a" * 50_000_000,
    "line.html": lambda: HEAD + b"a" * 19_000_000,
    "words.txt": lambda: b"word " * 3_900_000,
    "spaces.txt": lambda: b"a" + b" " * 1_900_000 + b"a",
    "blank lines.md": lambda: b"a" + b"\n \t" * 600_000 + b"a",
    "hashes.md": lambda: b"# " + b"#" * 1_000_000 + b" a",
    "fences.md": lambda: b"```\n" * 400_000,
    "nested.html": lambda: HEAD + b"<div>" * 3_000_000,
    "nested to the limit.html": lambda: HEAD + b"<div>" * 240 + b"<p>words</p>" * 100_000,
    "unclosed.html": lambda: HEAD + b"<b><i><a href=x>" * 100_000 + b"words",
    "tags.html": lambda: HEAD + b"<p>Some words.</p>" * 1_000_000,
    "attributes.html": lambda: HEAD + b"<p " + b"a=b " * 1_000_000 + b">words</p>",
    "rows.html": lambda: HEAD + b"<table>" + b"<tr><td>a<td>b" * 200_000,
    "spaces.html": lambda: HEAD + b"<pre>a" + b" " * 1_000_000 + b"b</pre>",
    "data.html": lambda: HEAD + b'<script type="application/ld+json">' + b"[" * 1_000_000,
    "comments.html": lambda: b"<!--" * 1_000_000 + HEAD,
    "doctypes.html": lambda: b"<!doctype html" + b" " * 1_000_000,
    "nested.docx": lambda: zipped(word__document=b"<a>" * 5_000_000),
    "bomb.docx": lambda: zipped(word__document=b" " * 50_000_000, a=bytes(90_000_000)),
    "million.docx": lambda: zipped(word__document=b"<a/>" * 4_000_000),
    "pages.pdf": lambda: pdf(*[[(700, "x")]] * 2_000),
    "page.pdf": lambda: pdf([(700 - n % 600, "some words") for n in range(20_000)]),
    "objects.pdf": lambda: b"%PDF-1.4\n" + b"1 0 obj\n<< /A " * 200_000,
    "brackets.pdf": lambda: pdf([(700, "x")]).replace(b"/Kids [", b"/Kids " + b"[" * 100_000),
    "parts.eml": lambda: MAIL + MIXED % (0, 0) + b"--b0\n\n" * 100_000,
    "nested.eml": lambda: MAIL + b"".join(MIXED % (n, n) for n in range(3_000)),
    "header.eml": lambda: MAIL + b"To: " + b"<a@b.example>, " * 100_000 + b"\n\nwords",
    "yaml.md": lambda: b"---\nkind: news\ntitle: " + b"[" * 100_000 + b"\n---\nwords",
    "aliases.md": lambda: (
        b"---\na0: &a0 [x]\n"
        + b"\n".join(b"a%d: &a%d [%s]" % (n, n, b"*a%d, " % (n - 1) * 9) for n in range(1, 30))
        + b"\n---\nwords"
    ),
}


def snapshot(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def highest_memory(process: int) -> int:
    """KiB that a process held at most."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise ProcessLookupError(process)


class Trial:
    """Reads bad files, holds each to what is promised, and counts."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.read = self.refused = 0

    def of(self, name: str, content: bytes, **said: str | None) -> None:
        began = time.monotonic()
        try:
            draft = self.reader.read(name, content, **said)
        except DocumentError as error:
            self.refused += 1
            message = str(error)
            assert message.isprintable(), (name, message)
            assert 10 < len(message) < 300, (name, message)
        else:
            self.read += 1
            assert isinstance(draft, Draft)
            assert 0 < len(draft.text) <= MAX_CHARACTERS
            assert draft.text == draft.text.strip()
            assert not {"\0", "\r"} & set(draft.text)
            draft.text.encode()
            assert all(note.isprintable() for note in draft.notes)
        assert time.monotonic() - began < MOST_SECONDS, name
        if self.reader.child is not None:
            assert highest_memory(self.reader.child) < MOST_MEMORY_KIB, name


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the process works, with files that bad names could hit."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    for path in (tmp_path / "x", folder / "a.md", folder / "x"):
        path.write_bytes(b"mine")
    monkeypatch.chdir(folder)
    return tmp_path


@pytest.mark.parametrize("sample", sorted(samples()))
def test_a_damaged_file_is_read_or_refused_and_nothing_else_changes(
    sample: str, working_folder: Path
) -> None:
    before = snapshot(working_folder)
    chance = random.Random(f"{SEED} {sample}")
    with Reader() as reader:
        trial = Trial(reader)
        trial.of(sample, samples()[sample])
        assert trial.read == 1
        for _ in range(MUTANTS):
            trial.of(
                chance.choice((sample, chance.choice(NAMES))),
                mutated(samples()[sample], chance),
                media_type=chance.choice(TYPES),
                charset=chance.choice(CHARSETS),
            )
        assert trial.read + trial.refused == MUTANTS + 1
        assert trial.refused > 10
        trial.of(sample, samples()[sample])
    assert snapshot(working_folder) == before


def test_there_are_a_thousand_of_them() -> None:
    assert MUTANTS * len(samples()) >= 1_000


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_file_that_is_made_to_need_much_is_read_or_refused(
    name: str, working_folder: Path
) -> None:
    before = snapshot(working_folder)
    with Reader(seconds=2.0) as reader:
        trial = Trial(reader)
        trial.of(name, LARGE[name]())
        reader._seconds = SECONDS
        trial.of("after.txt", b"Words.")
        assert trial.read >= 1
    assert snapshot(working_folder) == before


@pytest.fixture(scope="module")
def patient() -> Iterator[Reader]:
    with Reader() as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES, ids=shown_name)
def test_any_bytes_under_any_name_are_read_or_refused(
    name: str, patient: Reader, working_folder: Path
) -> None:
    before = snapshot(working_folder)
    chance = random.Random(f"{SEED} {name!a}")
    marks = (b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"---\na: b\n---\n", MAIL)
    trial = Trial(patient)
    for _ in range(10):
        rubbish = chance.randbytes(chance.randrange(3000))
        trial.of(name, chance.choice((b"", *marks)) + rubbish)
        trial.of(name, bytes(byte & 0x7F or 1 for byte in rubbish), charset="utf-8")
    assert trial.read + trial.refused == 20
    assert snapshot(working_folder) == before
