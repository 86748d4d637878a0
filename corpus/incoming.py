"""What comes in, read: bytes of any format to a `Draft`, or one sentence why not.

The bytes are anybody's. They are read in a process of its own that can hold little memory, takes
little time and writes nothing; what it says is JSON and UTF-8, and is checked here.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, get_args

from corpus.document import Kind, Metadata, PartialDate
from corpus.draft import MAX_BYTES, MAX_CHARACTERS, Draft
from corpus.errors import DocumentError
from corpus.formats.received import Received, one_sentence
from corpus.formats.worker import receive, send

if TYPE_CHECKING:
    from types import TracebackType

# A whole file's time and memory; the child's own libraries take 60 MB of it.
SECONDS = 9.0
MEMORY_BYTES = 480_000_000
_FIELDS = ("title", "publisher", "author", "url", "rights")
# UTF-8 takes up to four bytes a character, and what is said of a text is short.
_MOST_ANSWERED = 4 * MAX_CHARACTERS + 1_000_000
# The child reads the end of its input at once, unless it is busy.
_FAREWELL_SECONDS = 0.2


class Reader:
    """Reads what comes in, one file after another, in one child that is replaced when it dies.

    Not to be shared by threads. The child starts with the first file and ends with the context.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> None:
        """``seconds`` is the time a file may take, ``memory`` the bytes the child may hold."""
        self._seconds, self._memory = seconds, memory
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def child(self) -> int | None:
        """The process that reads, if one is running."""
        return self._child.pid if self._child else None

    def read(
        self,
        name: str,
        content: bytes,
        *,
        media_type: str | None = None,
        charset: str | None = None,
        source: str | None = None,
    ) -> Draft:
        """What ``content`` was understood as.

        ``name`` is a file's name or a URL, and names it in errors; ``media_type`` and ``charset``
        are what a server said; ``source`` is kept with the draft, ``name`` if there is none.
        Nothing that the bytes do not state is filled in: ``kind`` is "other" unless they say.

        Raises:
            DocumentError: it is no document, too large, takes too long, or needs too much memory.
        """
        received = Received(name, content, media_type, charset, source)
        if not content:
            raise received.refused("is empty")
        if len(content) > MAX_BYTES:
            raise received.refused(
                f"holds more than {MAX_BYTES // 1_000_000} MB; no announcement is as large"
            )
        try:
            said, text = self._asked(received)
            if "refused" in said:
                raise DocumentError(one_sentence(str(said["refused"])))
            return _draft(said, text, source or name)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._end()
            raise received.refused("was read as something that is no document") from error

    def _asked(self, received: Received) -> tuple[dict[str, Any], bytes]:
        """The child's answer.

        Raises:
            DocumentError: it died of the file, or was killed.
        """
        child = self._started()
        requests, answers = child.stdin, child.stdout
        if requests is None or answers is None:
            raise TypeError("the child has no pipes")
        is_late = threading.Event()
        clock = threading.Timer(self._seconds, _kill, (child, is_late))
        clock.daemon = True
        clock.start()
        request = {
            "name": received.name,
            "media_type": received.media_type,
            "charset": received.charset,
            "source": received.source,
        }
        try:
            send(requests, request, received.content)
            answer = receive(answers, _MOST_ANSWERED)
        except (OSError, EOFError):
            answer = None
        except BaseException:
            self._end()  # Its answer would be taken for that to the next file.
            raise
        finally:
            clock.cancel()
            clock.join()
        if answer is None:
            raise self._death(received, is_late=is_late.is_set())
        if answer[0].get("worn") or is_late.is_set():
            self._end()
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self._end()  # It was killed between two files, for which neither is to blame.
        if self._child is None:
            # It finds this package wherever it lies, and nothing else: no settings, no tokens.
            root = str(Path(__file__).parent.parent)
            self._child = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "corpus.formats.worker", str(self._seconds),
                 str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
                start_new_session=True,
            )  # fmt: skip
        return self._child

    def _death(self, received: Received, *, is_late: bool) -> DocumentError:
        """Bury the child, and say what it died of."""
        status = self._end()
        if is_late or status == -signal.SIGXCPU:
            return received.refused(f"takes longer than {self._seconds:g} s to read; split it")
        return received.refused("is damaged, or needs too much memory to read")

    def _end(self) -> int | None:
        """End the child, and say how it ended: a negative number is the signal."""
        child, self._child = self._child, None
        if child is None:
            return None
        for pipe in (child.stdin, child.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue  # What was still to be written to a child that is gone.
        try:
            return child.wait(_FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()


def _kill(child: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    child.kill()


def _draft(said: dict[str, Any], text: bytes, source: str) -> Draft:
    """The draft that the child describes, held to what a draft is.

    Raises:
        KeyError: it lacks something.
        TypeError: something is of another type.
        ValueError: a value is none that a draft can have.
    """
    found = said["metadata"]
    texts = {key: found[key] for key in _FIELDS}
    notes, trimmed = said["notes"], found["trimmed"]
    strings = (*notes, *trimmed, *(value for value in texts.values() if value is not None))
    if found["kind"] not in get_args(Kind) or not all(isinstance(one, str) for one in strings):
        raise ValueError("the child described no draft")
    published, retrieved = (
        PartialDate.parse(found[key]) if found[key] else None for key in ("published", "retrieved")
    )
    words = text.decode("utf-8")
    if not words or words != words.strip() or "\0" in words or len(words) > MAX_CHARACTERS:
        raise ValueError("the child's text is none")
    metadata = Metadata(
        found["kind"],
        **texts,
        published=published,
        retrieved=retrieved,
        trimmed=tuple(trimmed),
    )
    return Draft(metadata, words, source, tuple(notes))
