"""A writer that is killed again and again: run by itself, so that forking is safe.

``python -m tests.corpus.killing FOLDER TIMES`` prints how many changes were acknowledged.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.check import check
from corpus.document import StatusKind
from corpus.library import Library
from tests.corpus.corpora import curator_of, draft

if TYPE_CHECKING:
    from corpus.curator import Curator

# A change says two lines: that it is begun, and that it is done.
_MOST_LINES = 5
# What a document was last told to be: its text, or "retracted", or "erased".
Told = dict[str, str]


def change(writer: Curator, told: Told, chosen: random.Random, pipe: int) -> None:
    """One change, announced before it is begun and acknowledged when it is done."""
    standing = [name for name, text in told.items() if text not in ("retracted", "erased")]
    what = chosen.choice(("add", "add", "correct", "retract", "erase")) if standing else "add"
    text = f"Text {chosen.random()} of a document."
    name = f"d{chosen.getrandbits(48):x}" if what == "add" else chosen.choice(standing)
    after = {"retract": "retracted", "erase": "erased"}.get(what, text)
    os.write(pipe, (json.dumps(["begun", name, after]) + "\n").encode())
    if what == "add":
        writer.add(draft(text), document_id=name)
    elif what == "correct":
        writer.correct(name, draft(text), "better words")
    elif what == "retract":
        writer.retract(name, "wrong")
    else:
        writer.erase(name, "asked for")
    told[name] = after
    os.write(pipe, (json.dumps(["done", name, after]) + "\n").encode())


def states(library: Library) -> Told:
    """What has become of each document."""
    reading = library.read()
    retracted = (one for one in reading.withdrawn if one.status.kind is StatusKind.RETRACTED)
    erased = (one for one in library.journal.records().values() if one.erased)
    return (
        {document.id: document.text for document in reading.documents}
        | {document.id: "retracted" for document in retracted}
        | {record.id: "erased" for record in erased}
    )


def main(folder: Path, times: int) -> int:
    """Kill a writer so many times; how many changes were acknowledged."""
    library, told, acknowledged = Library(folder), dict[str, str](), 0
    for number in range(times):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            chosen = random.Random(number)
            writer = curator_of(Library(folder))
            while True:
                change(writer, told, chosen, write)
        os.close(write)
        with os.fdopen(read, encoding="ascii") as stream:
            # However slow the machine is, so much has been done before the instant comes.
            instant = random.Random(-number)
            said = [stream.readline() for _ in range(instant.randrange(_MOST_LINES))]
            time.sleep(instant.uniform(0, 0.01))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            lines = [json.loads(line) for line in (*said, *stream)]
        begun: tuple[str, str] | None = None
        for kind, name, after in lines:
            if kind == "done":
                told[name], acknowledged, begun = after, acknowledged + 1, None
            else:
                begun = (name, after)
        curator_of(library).recover()
        report = check(library)
        assert report.problems == (), report.problems
        if begun is not None and begun[0] in report.unrecorded:
            # Its file was whole and its line was not begun: a document that nobody recorded.
            (folder / f"{begun[0]}.md").unlink()
        found = states(library)
        if begun is not None and found.get(begun[0]) == begun[1]:
            told[begun[0]] = begun[1]
        assert found == told, number
    return acknowledged


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))  # noqa: T201 - read by the test
