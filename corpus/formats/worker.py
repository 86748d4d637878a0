"""The process in which incoming bytes are read: they are anybody's, and it may die of them.

On standard input come requests, on standard output go answers. Each message is two lengths (of
four bytes, big-endian), a JSON object, and bytes. Nothing else is opened, and nothing can be
written to any file.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import struct
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from corpus.draft import MAX_CHARACTERS
from corpus.errors import DocumentError
from corpus.formats.received import Received, one_sentence
from corpus.formats.sniffing import format_of

if TYPE_CHECKING:
    from corpus.draft import Draft

_LENGTHS = struct.Struct(">II")
# The reader that once needed so much of its memory makes place for a new one.
_WORN_SHARE = 0.5
_STATUS = Path("/proc/self/status")
_MOST_NOTES = 20
_LONGEST_VALUE = 500
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def read(received: Received) -> Draft:
    """Read the bytes with the module of their format, in this process.

    Raises:
        DocumentError: they are no document; says why in one sentence.
    """
    module = import_module(f"corpus.formats.{format_of(received)}")
    draft: Draft = module.read(received)
    if len(draft.text) > MAX_CHARACTERS:
        raise received.too_long()
    return draft


def answer(received: Received) -> tuple[dict[str, Any], bytes]:
    """The answer to a request: what the text states of itself and the text, or a refusal."""
    try:
        draft = read(received)
    except DocumentError as error:
        return {"refused": one_sentence(str(error))}, b""
    except MemoryError:
        refusal = received.refused("needs too much memory to read; split it")
    except RecursionError:
        refusal = received.refused("is nested too deeply to read")
    except Exception as error:  # noqa: BLE001 - damage that a library of its format did not foresee
        refusal = received.refused(f"is damaged and cannot be read ({type(error).__name__})")
    else:
        return described(draft), draft.text.encode("utf-8")
    return {"refused": str(refusal)}, b""


def described(draft: Draft) -> dict[str, Any]:
    """A draft without its text, as JSON has it. Control characters and lengths are held down."""
    metadata: dict[str, Any] = {}
    for key, value in asdict(draft.metadata).items():
        if key in {"published", "retrieved"}:
            when = getattr(draft.metadata, key)
            metadata[key] = str(when) if when else None
        else:
            metadata[key] = _value(value) if isinstance(value, str) else value
    notes = [one_sentence(note) for note in draft.notes[:_MOST_NOTES]]
    return {"metadata": metadata, "source": draft.source, "notes": notes}


def _value(value: str) -> str | None:
    if _CONTROLS.search(value):
        value = " ".join(_CONTROLS.sub(" ", value).split())
    return value if 0 < len(value) <= _LONGEST_VALUE else None


def confine(memory: int) -> None:
    """Take from this process what reading does not need: ``memory`` is in bytes."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))


def allow(seconds: float) -> None:
    """Let the system end this process when it has computed for so much longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def is_worn(memory: int) -> bool:
    """Whether this process has needed so much that the next file had better find another.

    Asked of Linux itself: ``ru_maxrss`` begins with what the parent held.
    """
    for line in _STATUS.read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 > _WORN_SHARE * memory
    return False


def receive(pipe: IO[bytes], most: int = 1 << 32) -> tuple[dict[str, Any], bytes] | None:
    """One message; ``None`` at the end of ``pipe``.

    Raises:
        EOFError: it ends inside a message.
        ValueError: the message is longer than ``most`` bytes, or no JSON.
    """
    lengths = pipe.read(_LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < _LENGTHS.size:
        raise EOFError
    head, body = _LENGTHS.unpack(lengths)
    if head + body > most:
        raise ValueError("the message is too long")
    message, content = pipe.read(head), pipe.read(body)
    if len(message) < head or len(content) < body:
        raise EOFError
    return json.loads(message), content


def send(pipe: IO[bytes], message: dict[str, Any], content: bytes) -> None:
    """Write one message.

    Raises:
        OSError: nobody reads it any more.
    """
    encoded = json.dumps(message).encode("ascii")
    pipe.write(_LENGTHS.pack(len(encoded), len(content)) + encoded)
    pipe.write(content)
    pipe.flush()


def serve(requests: IO[bytes], answers: IO[bytes], *, seconds: float, memory: int) -> None:
    """Answer requests until there are no more."""
    while (request := receive(requests)) is not None:
        allow(seconds)
        said, content = request
        message, text = answer(Received(content=content, **said))
        send(answers, message | {"worn": is_worn(memory)}, text)


def main() -> None:
    """Serve on the standard streams; the arguments are seconds a file and bytes of memory."""
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    confine(memory)
    # Whatever a library prints must not stand between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers, seconds=seconds, memory=memory)


if __name__ == "__main__":
    main()
