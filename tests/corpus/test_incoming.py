"""Whatever comes in is read in a child, by what it is, or refused in one sentence."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.document import Metadata, PartialDate
from corpus.draft import MAX_BYTES, MAX_CHARACTERS, Draft
from corpus.errors import DocumentError
from corpus.formats.markdown import dump
from corpus.formats.received import Received, one_sentence, shown_name
from corpus.formats.worker import answer, described, receive, send
from corpus.incoming import Reader
from tests.corpus.samples import (
    GOVERNMENT_PAGE,
    GOVERNMENT_TEXT,
    NEWSLETTER,
    RELEASE_LINES,
    pdf,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

METADATA = Metadata(
    kind="announcement",
    title="A title",
    published=PartialDate(2020, 6),
    publisher="The Met",
    author="A\u2009B",
    url="https://a.example",
    rights="OGL",
    retrieved=PartialDate(2024, 1, 2),
    trimmed=("head: a", "tail: b"),
)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as opened:
        yield opened


def refusal(reader: Reader, name: str, content: bytes, **said: str) -> str:
    with pytest.raises(DocumentError) as refused:
        reader.read(name, content, **said)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 300
    return message


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.docx", "a.md", "noname", "a.txt?b=c"])
def test_a_wrong_name_does_no_harm_where_the_content_is_clear(reader: Reader, name: str) -> None:
    page = reader.read(name, b"\xef\xbb\xbf\n" + GOVERNMENT_PAGE.encode(), media_type="text/plain")
    assert page.text == GOVERNMENT_TEXT
    assert reader.read(name, GOVERNMENT_PAGE.encode("utf-16")).text == GOVERNMENT_TEXT
    assert reader.read(name, pdf(RELEASE_LINES)).text.startswith("Metropolitan Police Service\n\n")
    assert reader.read(name, b"junk\n" + pdf([(700, "Words.")])).text == "Words."
    assert reader.read(name, word(["One.", "Two."])).text == "One.\n\nTwo."
    assert reader.read(name, NEWSLETTER.encode()).metadata.title == "Appeal for witnesses – Lambeth"
    assert reader.read(name, dump(METADATA, "Text")) == Draft(METADATA, "Text", name)
    assert reader.read(name, b"---\ntitle: x\n---\nText").metadata.title == "x"


@pytest.mark.parametrize(
    ("name", "media_type", "title"),
    [
        ("a.md", None, "One"),
        ("a.markdown", None, "One"),
        ("a.md", "text/plain; charset=utf-8", "One"),
        ("a", "text/markdown", "One"),
        ("a.txt", None, None),
        ("a", None, None),
        ("a.html", "text/plain", None),
        ("a.xyz", "application/octet-stream", None),
    ],
)
def test_plain_words_are_what_they_are_said_to_be(
    reader: Reader, name: str, media_type: str | None, title: str | None
) -> None:
    draft = reader.read(name, b"# One\n\nTwo.", media_type=media_type)
    assert draft == Draft(Metadata(kind="other", title=title), "# One\n\nTwo.", name)


def test_words_in_tags_are_a_page_where_they_are_said_to_be_one(reader: Reader) -> None:
    assert reader.read("a", b"<p>One.</p>", media_type="text/html").text == "One."
    assert reader.read("a.htm", b"<p>One.</p>").text == "One."
    assert reader.read("a.txt", b"<p>One.</p>").text == "<p>One.</p>"
    assert reader.read("a.eml", b"Subject: x\n\nOne.").metadata.title == "x"


def test_the_charset_that_came_with_it_and_the_source_are_kept(reader: Reader) -> None:
    draft = reader.read("a", "Полиция".encode("koi8-r"), charset="koi8-r", source="https://a/b")
    assert (draft.text, draft.source) == ("Полиция", "https://a/b")


def test_a_headline_with_colons_is_no_e_mail(reader: Reader) -> None:
    text = "Subject: officers\nDate: 26 June 2020\nUpdate: none\n\nText."
    draft = reader.read("a.txt", text.encode())
    assert draft.text == text
    assert draft.metadata == Metadata(kind="other", published=PartialDate(2020, 6, 26))


def archive(name: str) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as opened:
        opened.writestr(name, "words")
    return saved.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"a" * (MAX_BYTES + 1), "holds more than 20 MB"),
        (b"a" * (MAX_CHARACTERS + 1), "holds more than 2,000,000 characters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "is an old Office file; save it as DOCX"),
        (b"{\\rtf1 words}", "is an RTF file"),
        (b"\x1f\x8b\x08", "is compressed"),
        (b"\x89PNG\r\n", "is a picture"),
        (archive("a.txt"), "is a ZIP archive, but no Word document"),
        (b"PK\x03\x04 and no more", "is a damaged ZIP archive or Word document"),
        (archive("word/document.xml"), "is a damaged Word document"),
        (b"<?xml version='1.0'?>\n<rss version='2.0'></rss>", "is a feed"),
        (b"words\0words", "is not text: it holds NUL bytes"),
    ],
)
def test_what_is_no_document_is_refused(reader: Reader, content: bytes, why: str) -> None:
    assert refusal(reader, "it", content).startswith(f"it {why}")


def test_what_only_claims_to_be_a_pdf_or_a_word_document_is_refused(reader: Reader) -> None:
    assert "is called a PDF, but is none" in refusal(reader, "a.pdf", b"words")
    assert "is called a PDF" in refusal(reader, "a", b"words", media_type="application/pdf")
    assert "is called a Word document, but is none" in refusal(reader, "a.docx", b"words")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x", "../../x"),
        ("a\nb\x1b[31m", r"a\nb\x1b[31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\ud800", r"\ud800"),
        ("a" * 99, f"{'a' * 30}...{'a' * 20}"),
    ],
)
def test_a_hostile_name_is_shown_harmlessly(reader: Reader, name: str, shown: str) -> None:
    assert refusal(reader, name, b"\0") == f"{shown} is not text: it holds NUL bytes"
    assert reader.read(name, b"Words.").source == name
    assert shown_name(name) == shown


def test_a_message_is_one_line_and_not_too_long() -> None:
    assert one_sentence("a\nb\x1b c ") == "a b c"
    assert one_sentence("a" * 400) == "a" * 289 + "…"


def test_one_child_reads_many_files_and_ends_with_the_reader() -> None:
    with Reader() as reader:
        before = reader.child
        assert before is None
        reader.read("a", b"One.")
        child = reader.child
        assert child is not None
        refusal(reader, "b", b"\0")
        reader.read("c", b"Two.")
        assert reader.child == child
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_child_that_was_killed_is_replaced() -> None:
    with Reader() as reader:
        reader.read("a", b"One.")
        first = reader.child
        assert first is not None
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert reader.read("b", b"Two.").text == "Two."
        assert reader.child not in {None, first}


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read() -> None:
    with Reader(seconds=0.001) as reader:
        why = refusal(reader, "slow.html", GOVERNMENT_PAGE.encode())
        assert why == "slow.html takes longer than 0.001 s to read; split it"
        assert reader.child is None
        reader._seconds = 9.0
        assert reader.read("b", b"Two.").text == "Two."


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_read() -> None:
    with Reader(memory=150_000_000) as reader:
        why = refusal(reader, "large.html", b"<html>" + b"<p>Some words.</p>" * 1_000_000)
        assert "memory" in why
        assert reader.read("b", b"Two.").text == "Two."


def test_a_child_that_needed_much_memory_makes_place_for_a_new_one() -> None:
    with Reader(memory=90_000_000) as reader:
        assert reader.read("a.html", b"<html><p>One.").text == "One."
        assert reader.child is None


def test_the_child_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METQUOTE_DISCORD_TOKEN", "secret")
    with Reader() as reader:
        reader.read("a", b"One.")
        environment = Path(f"/proc/{reader.child}/environ").read_bytes()
        folder = Path(f"/proc/{reader.child}/cwd").readlink()
        limits = Path(f"/proc/{reader.child}/limits").read_text("ascii")
    assert b"secret" not in environment
    assert folder == Path("/")
    found = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert found["Max address space"] == ["480000000", "480000000"]
    assert found["Max file size"] == ["0", "0"]
    assert found["Max core file size"] == ["0", "0"]


def test_a_confined_process_can_write_no_file(tmp_path: Path) -> None:
    program = (
        "import sys; from corpus.formats.worker import allow, confine; confine(480_000_000); "
        "allow(5); open(sys.argv[1], 'wb', 0).write(b'words')"
    )
    target = tmp_path / "written"
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"File too large" in done.stderr
    assert not target.exists() or target.read_bytes() == b""


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0\0",
        b"\0\0\0\x02\0\0\0\0{",
        b"\0\0\0\x02\0\0\0\0{}",
        b"\0\0\0\x02\0\0\0\0[]",
        b"\0\0\0\x01\0\0\0\0{",
        b"\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
)
def test_a_child_that_says_nonsense_is_not_believed(said: bytes) -> None:
    with Reader() as reader:
        reader._child = subprocess.Popen(
            [sys.executable, "-c", f"import os; os.write(1, {said!r}); os.read(0, 1)"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        why = refusal(reader, "a", b"One.")
        assert why in {
            "a was read as something that is no document",
            "a is damaged, or needs too much memory to read",
        }
        assert reader.child is None
        assert reader.read("a", b"One.").text == "One."


GOOD = described(Draft(METADATA, "Words", "a", ("one", "two")))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, b""),
        ({}, b" padded"),
        ({}, b"a\0b"),
        ({}, b"\xed\xa0\x80"),
        ({}, b"a" * (MAX_CHARACTERS + 1)),
        ({"notes": [1]}, b"Words"),
        ({"notes": None}, b"Words"),
        ({"metadata": {}}, b"Words"),
        ({"metadata": GOOD["metadata"] | {"kind": "x"}}, b"Words"),
        ({"metadata": GOOD["metadata"] | {"title": 1}}, b"Words"),
        ({"metadata": GOOD["metadata"] | {"published": "soon"}}, b"Words"),
    ],
)
def test_a_draft_that_is_none_is_not_believed(change: dict[str, Any], text: bytes) -> None:
    saved = io.BytesIO()
    send(saved, GOOD | change, text)
    program = "import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))"
    if len(text) > 1000:
        program = (
            f"import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]) + b'a' * {len(text)})"
        )
        saved.truncate(len(saved.getvalue()) - len(text))
    with Reader() as reader:
        reader._child = subprocess.Popen(
            [sys.executable, "-c", program, saved.getvalue().hex()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert refusal(reader, "a", b"One.") == "a was read as something that is no document"


def test_messages_are_read_as_they_were_sent() -> None:
    pipe = io.BytesIO()
    send(pipe, {"name": "\ud800é"}, b"\0\xff")
    whole = pipe.getvalue()
    assert receive(io.BytesIO(whole)) == ({"name": "\ud800é"}, b"\0\xff")
    assert receive(io.BytesIO(b"")) is None
    for cut in range(1, len(whole)):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:cut]))
    with pytest.raises(ValueError, match="too long"):
        receive(io.BytesIO(whole), most=5)


def test_an_answer_is_a_draft_or_a_refusal() -> None:
    message, text = answer(Received("a.txt", b"Title: One\n\nTwo."))
    assert text == b"Title: One\n\nTwo."
    assert message["metadata"]["title"] == "One"
    assert answer(Received("a", b"\0")) == ({"refused": "a is not text: it holds NUL bytes"}, b"")
    too_long = answer(Received("a", b"a" * (MAX_CHARACTERS + 1)))
    assert too_long == ({"refused": "a holds more than 2,000,000 characters; split it"}, b"")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (MemoryError(), "needs too much memory"),
        (RecursionError(), "is nested too deeply"),
        (OverflowError(), "is damaged and cannot be read (OverflowError)"),
    ],
)
def test_what_no_reader_foresaw_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    def fail(_: Received) -> str:
        raise error

    monkeypatch.setattr("corpus.formats.worker.format_of", fail)
    assert why in answer(Received("a", b"One."))[0]["refused"]


def test_what_a_document_says_of_itself_is_held_to_one_printable_line() -> None:
    told = described(
        Draft(
            Metadata(kind="other", title="a\nb\x07", author="x" * 501, publisher="\x07"),
            "Words",
            "a",
            ("one\ntwo",) * 30,
        )
    )
    assert told["metadata"]["title"] == "a b"
    assert told["metadata"]["author"] is None
    assert told["metadata"]["publisher"] is None
    assert told["notes"] == ["one two"] * 20
