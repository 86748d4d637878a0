"""The process that reads: kept, confined, replaced when it dies, and not believed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Metadata, PartialDate
from corpus.draft import MAX_CHARACTERS, Draft
from corpus.errors import DocumentError
from corpus.formats.received import Received
from corpus.formats.worker import answer, described, receive, send
from corpus.incoming import Reader
from tests.corpus.samples import GOVERNMENT_PAGE

METADATA = Metadata(
    kind="announcement",
    title="A title",
    published=PartialDate(2020, 6),
    trimmed=("head: a", "tail: b"),
)


def refusal(reader: Reader, name: str, content: bytes) -> str:
    with pytest.raises(DocumentError) as refused:
        reader.read(name, content)
    return str(refused.value)


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


def test_a_reading_that_is_interrupted_leaves_no_answer_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with Reader() as reader:
        with monkeypatch.context() as patched:
            patched.setattr("corpus.incoming.receive", interrupted)
            with pytest.raises(KeyboardInterrupt):
                reader.read("a", b"One.")
        assert reader.child is None
        assert reader.read("b", b"Two.").text == "Two."


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
