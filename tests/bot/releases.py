"""A release that comes in, and a corpus of a test's own with its journal."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from corpus.library import Library
from tests.conftest import STARTER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.conftest import Ended, Terminal
    from tests.conftest import TinyData

RELEASE = """Appeal after a zebra ran through Brixton

Friday 26 June 2020

Officers are appealing for witnesses after a zebra ran through Brixton on Thursday night.

Chief Inspector Ann Smith said: "Nobody was hurt, and the zebra is safe and well."

Anyone who saw it, or who has film of it, is asked to call 101 with the number of the case.
"""
RELEASE_ID = "appeal-after-a-zebra-ran-through-brixton"


def release_in(folder: Path) -> Path:
    """The release as a file."""
    path = folder / "release.txt"
    path.write_text(RELEASE, "utf-8")
    return path


def recorded(tiny: TinyData) -> Library:
    """Documents with the journal that comes with them."""
    shutil.copy(STARTER.parent / "journal.jsonl", tiny.documents.parent / "journal.jsonl")
    return Library(tiny.documents)


def lines(ended: Ended) -> list[str]:
    assert ended.status == 0, ended.err
    return ended.out.splitlines()


def shown(terminal: Terminal, name: str) -> dict[str, Any]:
    ended = terminal("corpus", "show", name, "--json")
    assert ended.status == 0, ended.err
    value: dict[str, Any] = json.loads(ended.out)
    return value
