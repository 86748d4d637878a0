"""What comes in: bytes with what was said of them, and the sentence that refuses them."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.draft import MAX_CHARACTERS
from corpus.errors import DocumentError

# As much of a name as a message shows.
_SHOWN = 60
# One sentence, whatever stands in the file.
_LONGEST_SENTENCE = 290


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes as they came.

    ``name`` is a file's name or a URL, ``media_type`` and ``charset`` what a server or an e-mail
    said of them, ``source`` where they came from if that is more than the name.
    """

    name: str
    content: bytes
    media_type: str | None = None
    charset: str | None = None
    source: str | None = None

    def refused(self, why: str) -> DocumentError:
        """The error that says why these bytes are no document, in one short sentence."""
        return DocumentError(one_sentence(f"{shown_name(self.name)} {why}"))

    def too_long(self) -> DocumentError:
        """The error for a text beyond what is kept; it is refused rather than cut."""
        return self.refused(f"holds more than {MAX_CHARACTERS:,} characters; split it")


def shown_name(name: str) -> str:
    """A name that may be hostile, as a message shows it: short, printable ASCII."""
    shown = ascii(name)[1:-1]
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN // 2]}...{shown[-_SHOWN // 3 :]}"


def one_sentence(message: str) -> str:
    """``message`` in one line, cut where it is longer than anybody reads."""
    line = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    return line if len(line) <= _LONGEST_SENTENCE else line[: _LONGEST_SENTENCE - 1] + "…"
