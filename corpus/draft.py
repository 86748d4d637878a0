"""What a file or page was understood as, before it becomes a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.document import Metadata

# Beyond any announcement; extraction of quotations takes a second for each million.
MAX_CHARACTERS = 2_000_000
# What is read of a file, a page or standard input.
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    r"""A text with what it states of itself.

    ``text`` has ``\n`` line ends, no NUL and no surrogates, no white space around it, and a blank
    line between paragraphs. ``source`` is the URL or file name it came from. ``notes`` tell a
    person what was seen and not understood, or left out, one sentence each.
    """

    metadata: Metadata
    text: str
    source: str
    notes: tuple[str, ...] = ()
