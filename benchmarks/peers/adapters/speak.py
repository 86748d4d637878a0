"""One peer as a child process: ``build`` its index, or ``ask`` it in JSON Lines.

    speak.py NAME build DOCUMENTS INDEX MODEL [--paragraphs]
    speak.py NAME ask INDEX MODEL

Run with the Python of the peer's own virtual environment. DOCUMENTS has an object ``{"id",
"text"}`` a line. ``ask`` reads and writes the lines of ``metquote ask --batch``: ``{"id",
"question"}`` in, ``{"id", "confidence", "excerpts": [{"document", "text", "score"}]}`` out, where
the confidence is the score of the first excerpt, as the peer gives it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
from pathlib import Path


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines."""
    return [piece for piece in re.split(r"\n\s*\n", text) if piece.strip()]


def main() -> None:
    """Build or ask."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    commands = parser.add_subparsers(dest="command", required=True)
    build, ask = commands.add_parser("build"), commands.add_parser("ask")
    build.add_argument("documents", type=Path)
    build.add_argument("--paragraphs", action="store_true")
    for command in (build, ask):
        command.add_argument("index", type=Path)
        command.add_argument("model", type=Path)
    given = parser.parse_args()
    adapter = importlib.import_module(f"peer_{given.name}")
    if given.command == "build":
        lines = given.documents.read_text("utf-8").splitlines()
        split = paragraphs if given.paragraphs else getattr(adapter, "split", paragraphs)
        pieces = [(d["id"], piece) for d in map(json.loads, lines) for piece in split(d["text"])]
        adapter.build(pieces, given.index, given.model)
        return
    # Libraries that print would break the protocol: their words go to standard error.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    search = adapter.opened(given.index, given.model)
    for line in sys.stdin:
        request = json.loads(line)
        found = [
            {"document": document, "text": text, "score": float(score)}
            for document, text, score in search(request["question"])
        ]
        sure = found[0]["score"] if found else 0.0
        out.write(json.dumps({"id": request["id"], "confidence": sure, "excerpts": found}) + "\n")


if __name__ == "__main__":
    main()
