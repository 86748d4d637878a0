"""A bot over the starter documents and some that were invented for quotations."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bot.conftest import add_document
from tests.bot.discord.stage import staged, texts_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData

SURNAMES = """Abbott Barnes Clarke Dawson Ellis Foster Graham Harris Irving Jenkins Knight Lawson
Morris Norton Osborne Parker Quinn Roberts Sutton Turner Underwood Vaughan Watson Yardley Adams
Bishop Cooper Dixon Evans Fisher""".split()
HOSTILE_WORDS = "Ask @everyone and <@1> about [this](https://evil.example/a) before :noon: today."
_SENTENCE = "We saw it all and wrote it down. "
DOCUMENTS = {
    "burglary": (
        "published: 2018-11\ntitle: Burglary",
        "Commissioner Ada Brook said: “Burglary fell by 12% this year, and it must not rise.”",
    ),
    "harbour": (
        "published: 2024-09-01\ntitle: The harbour\nurl: https://harbour.example/news",
        """Dame Ada Brook, chair of the Harbour Inquiry, said: “The harbour was not safe at night.”

The tide came in. “They were few,” she added, “and the nights were long.”""",
    ),
    "hostile": ("published: 2025-01-01", f"Inspector Eve Hall said: “{HOSTILE_WORDS}”"),
    "choir": (
        "published: 2017",
        "\n\n".join(
            f"Constable Mary {name} said: “The choir of number {at} sang well.”"
            for at, name in enumerate(SURNAMES)
        ),
    ),
    "long": (
        "published: 2016-05-04",
        "Chief Constable Rob Grey said: “"
        + "\n\n“".join(f"Part {at}. {_SENTENCE * 25}".rstrip() for at in range(12))
        + "”",
    ),
}  # fmt: skip


@asynccontextmanager
async def quote_stage(folder: Path, built: TinyData) -> AsyncIterator[Stage]:
    """A stage over the tiny index of all of them, serving."""
    shutil.copytree(built.data, folder / "data")
    shutil.copytree(built.documents, folder / "documents")
    tiny = replace(built, data=folder / "data", documents=folder / "documents")
    for name, (front, text) in DOCUMENTS.items():
        add_document(tiny.documents, name, text, f"kind: news\n{front}")
    tiny.build()
    settings = {
        "METQUOTE_PATHS_DOCUMENTS": str(tiny.documents),
        "METQUOTE_ENCODER_MODEL": str(tiny.model),
    }
    async with staged(folder, tiny.data, texts_of(tiny.documents), **settings) as stage:
        await stage.start()
        yield stage
        stage.check()
